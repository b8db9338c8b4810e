"""Texts: the log of each number, sending, and those who asked to be left alone."""

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from providers.clients.capability import Capability
from providers.clients.errors import Cause, Rejected, Unclear, Unreadable
from providers.clients.jafone import values
from providers.clients.jafone.numbers import Numbers
from providers.clients.jafone.refusals import refused_here
from providers.clients.records import (
    Attachment,
    Direction,
    MessageRecord,
    OptOutRecord,
    SentMessage,
    Transmission,
)
from providers.clients.speaking import Repeat, speaks

LIMIT = 100  # rows; without one the upstream has a limit of its own, which it does not tell
LONGEST_QUERY = 5000  # bytes of a text once it is written into an address; servers refuse addresses beyond about 8000
ANY_LIST = 0
_SECOND = timedelta(seconds=1)
_STAMP = "%Y%m%dT%H%M%S"
_STAMP_OUT = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", re.ASCII)
_DIRECTIONS = {"0": Direction.OUTBOUND, "1": Direction.INBOUND}
_WIRE_DIRECTIONS = {ours: theirs for theirs, ours in _DIRECTIONS.items()}
_LISTS = "a number is on a list or not: set twice is as set once, and no call tells the lists"


@dataclass(frozen=True, slots=True)
class _Window:
    """What one request asks the log of one number for; both moments inclusive, in the account's zone."""

    did: str
    since: datetime
    until: datetime
    direction: Direction | None = None

    def parts(self) -> list["_Window"]:
        """Smaller ones that together ask for the same; none when it cannot be made smaller."""
        if self.since < self.until:
            middle = (self.since + (self.until - self.since) / 2).replace(microsecond=0)
            return [replace(self, until=middle), replace(self, since=middle + _SECOND)]
        if self.direction is None:
            return [replace(self, direction=direction) for direction in _WIRE_DIRECTIONS]
        return []


class Messages(Numbers):
    @speaks("getSMS")
    def messages(
        self,
        since: date,
        until: date | None = None,
        direction: Direction | str | None = None,
        source: str | None = None,
        destination: str | None = None,
        limit: int = LIMIT,
    ) -> Iterator[MessageRecord]:
        """The log from day `since` to day `until` (today) inclusive, in the account's zone, one number after the other,
        each oldest first.

        An answer is cut at `limit` rows without a sign, so a full one is asked again in smaller stretches. When even one
        second is full, or the stretch is not heeded, what came is yielded and `Unclear` ("truncated") ends the listing.
        Bad rows go to `unread`. (jafone.yaml: getSMS, one number at a time)
        """
        first = datetime.combine(since, time.min)
        last = datetime.combine(max(since, until or self.today()), time.max).replace(microsecond=0)
        wanted = Direction(direction) if direction else None
        dids = self._asked_for(wanted, source, destination)
        cut = False
        for did in dids:
            seen: set[str] = set()
            try:
                for rows, complete in self._log(_Window(did, first, last, wanted), limit):
                    cut |= not complete
                    for record in self._records(did, rows):
                        if record.external_id not in seen and _between(record, source, destination):
                            seen.add(record.external_id)
                            yield record
            except Rejected as refusal:
                self._skip(did, dids, refusal)
        if cut:
            raise Unclear("the message log is longer than it can be read: truncated", call="getSMS", code="truncated")

    @speaks("sendSMS", Repeat.NEVER, settle="getSMS direction=0 of the sending number: same recipient and text")
    def send_message(
        self,
        source: str,
        destination: str,
        body: str,
        attachment: Attachment | None = None,
        *,
        journal: str = "",
        list_id: int = ANY_LIST,
        override_opt_out: bool = False,
    ) -> SentMessage:
        """Send one text from a number of the account; both numbers E.164 and North American; no pictures.

        `journal` is our reference, which nothing repeats or checks; `list_id` the do-not-contact list that is heeded
        (0: any). Raises `Rejected`, also before sending, and `Unclear` when it may have gone out.
        (jafone.yaml: sendSMS)
        """
        if attachment is not None:
            self.require(Capability.SEND_MMS)
        fields = {
            "journalId": journal or str(secrets.randbelow(10**15)),
            "dnclId": values.within(list_id, 0, 9, "list_id"),
            "didNumber": values.ten(source, "source"),
            "receiver": values.eleven(destination, "destination"),
            "message": _body(body),
            "dnclOverride": values.yes_no(override_opt_out),
        }
        return self.ask("sendSMS", fields, write=True, then=self._sent)

    # --- those who asked to be left alone

    @speaks("getStops")
    def opt_outs(self, since: date | None = None, until: date | None = None) -> Iterator[OptOutRecord]:
        """Who texted STOP or ARRET, days inclusive, all of them without a range. What is told beside the range is kept:
        an opt-out is never dropped. Bad rows go to `unread`. (jafone.yaml: getStops, unpaged)
        """
        fields = {"from": values.compact(since)} if since else {}
        fields |= {"to": values.compact(until)} if until else {}
        yield from self.listing(values.rows(self.ask("getStops", fields), "Stops"), self._stop)

    @speaks("setDoNotContact", Repeat.SAFE, settle=_LISTS)
    def add_opt_out(self, number: str) -> None:
        """Put a number on all do-not-contact lists. Safe to repeat. (jafone.yaml: setDoNotContact)"""
        self.set_do_not_contact(number, blocked=True)

    @speaks("setDoNotContact", Repeat.SAFE, settle=_LISTS)
    def remove_opt_out(self, number: str) -> None:
        """Take a number off all do-not-contact lists. (jafone.yaml: setDoNotContact)"""
        self.set_do_not_contact(number, blocked=False)

    @speaks("setDoNotContact", Repeat.SAFE, settle=_LISTS)
    def set_do_not_contact(self, number: str, *, blocked: bool, list_id: int = 0) -> None:
        """Put a number (E.164, North American) on list 1 to 9, or take it off; 0 is all of them.

        What the answer repeats is not looked at: the document's own sample repeats another number.
        (jafone.yaml: setDoNotContact)
        """
        fields = {
            "dnclId": values.within(list_id, 0, 9, "list_id"),
            "number": values.eleven(number, "number"),
            "optIn": values.yes_no(not blocked),
        }
        self.ask("setDoNotContact", fields, write=True)

    def _asked_for(self, direction: Direction | None, source: str | None, destination: str | None) -> list[str]:
        """Whose logs to read: those of the sides that are ours, of all our numbers when no side is told to be."""
        sides = [side for side in (source, destination) if side]
        if not sides:
            return self.own_numbers()
        named = {Direction.OUTBOUND: source, Direction.INBOUND: destination}.get(direction)
        if named:
            return [named]
        own = self.own_numbers()
        return [number for number in own if number in sides] or own

    def _skip(self, did: str, dids: list[str], refusal: Rejected) -> None:
        """A number that left the account may be among ours for weeks: its refusal does not cost the others their logs."""
        if len(dids) == 1 or {problem.field for problem in refusal.problems} != {"source"}:
            raise refusal
        self.unread.append((f"{refusal.code}: no log for a number", {"didNumber": did}))

    def _log(self, window: _Window, limit: int) -> Iterator[tuple[list, bool]]:
        rows = self._fetch(window, limit)
        parts = window.parts() if len(rows) >= limit and self._heeded(window, rows) else []
        for part in parts:
            yield from self._log(part, limit)
        if not parts:
            yield rows, len(rows) < limit

    def _fetch(self, window: _Window, limit: int) -> list:
        fields = {
            "didNumber": values.ten(window.did, "source"),
            "from": window.since.strftime(_STAMP),
            "to": window.until.strftime(_STAMP),
            "limit": str(limit),
        }
        if window.direction:
            fields["direction"] = _WIRE_DIRECTIONS[window.direction]
        return values.rows(self.ask("getSMS", fields), "SMSes")

    def _heeded(self, window: _Window, rows: list) -> bool:
        """Whether the answer keeps to what was asked; if not, asking for less would bring the same for ever."""
        since, until = (moment.strftime("%Y-%m-%d %H:%M:%S") for moment in (window.since, window.until))
        stamps = [str(row.get("Date")) for row in rows if isinstance(row, dict)]
        return all(since <= stamp <= until for stamp in stamps if _STAMP_OUT.match(stamp))

    def _records(self, did: str, rows: Iterable) -> list[MessageRecord]:
        records = self.listing(rows, lambda row: self._message(did, row))
        return sorted(records, key=lambda record: (record.sent_at, record.log_id.zfill(20)))

    def _message(self, did: str, row: dict) -> MessageRecord:
        """The far end is `Number`, whatever the direction. Nothing is told of what became of an outgoing text."""
        word = values.text(row, "Direction")
        if word not in _DIRECTIONS:
            raise values.unreadable("Direction", "one that we know")
        direction = _DIRECTIONS[word]
        incoming = direction is Direction.INBOUND
        far, external_id = values.party(row, "Number"), values.required(row, "Id")
        return MessageRecord(
            external_id=external_id,
            log_id=external_id,
            direction=direction,
            source=far if incoming else did,
            destination=did if incoming else far,
            body=_told(row),
            transmission=Transmission.DELIVERED if incoming else Transmission.SENT,
            sent_at=values.moment(row, "Date", self.zone),
            raw=self.raw(row),
        )

    def _stop(self, row: dict) -> OptOutRecord:
        return OptOutRecord(
            number=values.number(row, "PhoneNumber"),
            at=values.moment(row, "Received", self.zone),
            raw=self.raw(row),
        )

    def _sent(self, tree: dict) -> SentMessage:
        row = values.one(tree, "SMS")
        if not values.text(row, "Id"):
            raise Unreadable("a success that names no message", code="no-id")
        return SentMessage(external_id=values.text(row, "Id"), raw=self.raw(row))


def _body(body: str) -> str:
    if not body.strip():
        raise refused_here("message-required", "body", Cause.MISSING)
    return values.plain(body, "body", LONGEST_QUERY)


def _told(row: dict) -> str:
    """The text as it is, blanks around it included."""
    if not isinstance(row.get("Message"), str):
        raise values.unreadable("Message", "a text")
    return row["Message"]


def _between(record: MessageRecord, source: str | None, destination: str | None) -> bool:
    return source in (None, record.source) and destination in (None, record.destination)
