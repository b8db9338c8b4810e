"""Texts: two-way ones from rented numbers, and one-way ones under a sender's name (A2P). No pictures.

The log keeps the words of a text only when it was told to: ours are sent so, since after a lost answer only the words
tell whether a text went out. Voximplant stores incoming words when the account's profile says `store_inbound_texts`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from providers.clients import phones
from providers.clients.capability import Capability
from providers.clients.errors import NotFound, Rejected, Unreadable
from providers.clients.records import Attachment, Direction, MessageRecord, SentMessage, Transmission
from providers.clients.speaking import Repeat, speaks
from providers.clients.voximplant import values
from providers.clients.voximplant.envelope import done
from providers.clients.voximplant.refusals import TABLE
from providers.clients.voximplant.timeline import Asked, Timeline
from providers.clients.voximplant.wire import refused_here

LONGEST_BODY = 765  # characters
LONGEST_A2P_BODY = 1600
MOST_RECIPIENTS = 100
NAMED = "a2p-"  # before the ids of one-way texts, which may be counted by themselves
DIRECTIONS = {"IN": Direction.INBOUND, "OUT": Direction.OUTBOUND}
# SmsHistory.status_id; success says that Voximplant handed it on, not that a telephone showed it
STATES = {
    "1": Transmission.SENT,
    "2": Transmission.FAILED,
    "3": Transmission.PENDING,
}
# A2PSmsHistory.delivery_status, by its name or its number
DELIVERIES = {
    "QUEUED": Transmission.PENDING,
    "DISPATCHED": Transmission.SENT,
    "ABORTED": Transmission.FAILED,
    "REJECTED": Transmission.FAILED,
    "DELIVERED": Transmission.DELIVERED,
    "FAILED": Transmission.FAILED,
    "EXPIRED": Transmission.FAILED,
    "UNKNOWN": Transmission.SENT,  # handed on, and nothing more will be known
}
DELIVERIES |= {str(place): state for place, state in enumerate(list(DELIVERIES.values()), start=1)}
_A2P_OFF = "509"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A recipient that a one-way text was not taken for."""

    number: str
    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What became of a one-way text: an id for each recipient, and those it was refused for."""

    sent: dict[str, SentMessage]
    failed: tuple[Failed, ...]


class Messages(Timeline):
    def messages(
        self,
        since: date,
        until: date | None = None,
        direction: Direction | str | None = None,
        source: str | None = None,
        destination: str | None = None,
    ) -> Iterator[MessageRecord]:
        """Both logs from day `since` to day `until` (today) inclusive, days of the account's zone, oldest part first:
        two-way texts, then one-way ones where the account has such. Bad rows go to `unread`.
        """
        first, last = self.days(since, until or self.today())
        yield from self.two_way_messages(first, last, direction, source, destination)
        if direction in (None, Direction.OUTBOUND) and self.a2p_enabled():
            yield from self.one_way_messages(first, last, source, destination)

    @speaks("GetSmsHistory")
    def two_way_messages(
        self,
        since: datetime,
        until: datetime,
        direction: Direction | str | None = None,
        source: str | None = None,
        destination: str | None = None,
    ) -> Iterator[MessageRecord]:
        """The log of texts from and to rented numbers. (voximplant.yaml: GetSmsHistory, pages of 1000, stamps in UTC)"""
        words = {ours: theirs for theirs, ours in DIRECTIONS.items()}
        fields = {
            "direction": words[Direction(direction)] if direction else None,
            "source_number": _side(source),
            "destination_number": _side(destination),
        }
        asked = Asked(name="GetSmsHistory", fields=fields, zoned=False, ordered=False)
        for rows, _ in self.history(asked, since, until):
            yield from _oldest_first(self.listing(rows, self._message))

    @speaks("A2PGetSmsHistory")
    def one_way_messages(
        self, since: datetime, until: datetime, source: str | None = None, destination: str | None = None
    ) -> Iterator[MessageRecord]:
        """The log of texts under a sender's name, with how far each was brought.

        (voximplant.yaml: A2PGetSmsHistory, pages of 1000, stamps in UTC)
        """
        fields = {"source_number": _side(source), "destination_number": _side(destination)}
        asked = Asked(name="A2PGetSmsHistory", fields=fields, zoned=False, ordered=False)
        for rows, _ in self.history(asked, since, until):
            yield from _oldest_first(self.listing(rows, self._one_way))

    def message(self, external_id: str) -> MessageRecord:
        """One text by its id. Raises `NotFound`. (voximplant.yaml: GetSmsHistory, A2PGetSmsHistory)"""
        named = external_id.startswith(NAMED)
        call, read = ("A2PGetSmsHistory", self._one_way) if named else ("GetSmsHistory", self._message)
        fields = {"message_id": external_id.removeprefix(NAMED), "count": 25}
        for row in self._by_id(call, fields):
            record = read(self.row(row))
            if record.external_id == external_id:
                return record
        raise NotFound("no such message", call=call, code="not-found")

    def send_message(
        self, source: str, destination: str, body: str, attachment: Attachment | None = None
    ) -> SentMessage:
        """Send one text from a rented number, or under a sender's name when `source` is no number; both E.164 else.

        Raises `Rejected` (also before sending, for what Voximplant is known to refuse) and `Unclear` when it may have
        been sent: only the log can tell then.
        """
        if attachment is not None:
            self.require(Capability.SEND_MMS)
        if source.startswith("+"):
            return self.send_sms(source, destination, body)
        batch = self.send_one_way(source, [destination], body)
        if destination in batch.sent:
            return batch.sent[destination]
        raise _refused(batch)

    @speaks("SendSmsMessage", Repeat.NEVER, settle="GetSmsHistory by our words, which are stored with each text")
    def send_sms(self, source: str, destination: str, body: str, store: bool = True) -> SentMessage:
        """One two-way text of at most 765 characters; costs by its parts. (voximplant.yaml: SendSmsMessage)"""
        _check_body(body, LONGEST_BODY)
        fields = {
            "source": self.digits(source, "source"),
            "destination": self.digits(destination, "destination"),
            "sms_body": body,
            "store_body": store,
        }
        return self.call("SendSmsMessage", fields, then=lambda tree: self._sent(done(tree), "", tree))

    @speaks("A2PSendSms", Repeat.NEVER, settle="A2PGetSmsHistory by our words, which are stored with each text")
    def send_one_way(self, sender: str, destinations: Iterable[str], body: str, store: bool = True) -> Batch:
        """One text under an approved sender's name, for at most 100 people and of at most 1600 characters.

        Some recipients may be refused while others are sent to. Raises `Rejected` when none could be.
        (voximplant.yaml: A2PSendSms)
        """
        numbers = list(dict.fromkeys(destinations))
        if not 0 < len(numbers) <= MOST_RECIPIENTS:
            raise refused_here("too-many" if numbers else "value-required", "destination")
        _check_body(body, LONGEST_A2P_BODY)
        fields = {
            "src_number": sender.removeprefix("+"),
            "dst_numbers": [self.digits(number, "destination") for number in numbers],
            "text": body,
            "store_body": store,
        }
        return self.call("A2PSendSms", fields, then=self._batch)

    def a2p_enabled(self) -> bool:
        """Whether the account may send under a sender's name."""
        row = self.call("GetAccountInfo", then=values.one)
        return bool(values.flag(row, "a2p_sms_enabled"))

    def _by_id(self, call: str, fields: dict[str, object]) -> list:
        try:
            return self.call(call, fields, then=values.rows)
        except Rejected as problem:
            if problem.code != _A2P_OFF:
                raise
        return []

    def _message(self, row: dict) -> MessageRecord:
        direction = values.chosen({"direction": values.text(row, "direction").upper()}, "direction", DIRECTIONS)
        transmission = values.chosen(row, "status_id", STATES)
        if direction is Direction.INBOUND and transmission is Transmission.SENT:
            transmission = Transmission.DELIVERED
        external_id = values.identity(row, "message_id")
        return self._record(row, external_id, direction, transmission, "processed_date")

    def _one_way(self, row: dict) -> MessageRecord:
        word = values.text(row, "delivery_status").upper() or "QUEUED"
        transmission = values.chosen({"delivery_status": word}, "delivery_status", DELIVERIES)
        external_id = NAMED + values.identity(row, "message_id")
        return self._record(row, external_id, Direction.OUTBOUND, transmission, "processing_date")

    def _record(
        self, row: dict, external_id: str, direction: Direction, transmission: Transmission, stamp: str
    ) -> MessageRecord:
        cost = values.beside(lambda: values.money(row, "cost"))
        return MessageRecord(
            external_id=external_id,
            direction=direction,
            source=values.party(row, "source_number"),
            destination=values.party(row, "destination_number"),
            body=values.text(row, "text"),
            transmission=transmission,
            sent_at=values.at(row, stamp),
            log_id=values.text(row, "message_id"),
            price=abs(cost) if cost is not None else None,
            failure=self.redactor.text(values.text(row, "error_message"), 1000),
            raw=self.raw(row),
        )

    def _sent(self, row: dict, prefix: str, raw: dict) -> SentMessage:
        return SentMessage(external_id=prefix + values.identity(row, "message_id"), raw=self.raw(raw))

    def _batch(self, tree: dict) -> Batch:
        sent = {
            values.number(row, "destination_number"): self._sent(row, NAMED, row)
            for row in values.inner(tree, "result")
        }
        failed = tuple(
            Failed(
                number=values.party(row, "destination_number"),
                code=values.text(row, "error_code"),
                words=self.redactor.text(values.text(row, "error_description"), 1000),
            )
            for row in values.inner(tree, "failed")
        )
        if not sent and not failed:
            raise Unreadable("the answer names no recipient", code="no-id")
        return Batch(sent=sent, failed=failed)


def _refused(batch: Batch) -> Rejected:
    """The error for a single recipient that was refused; the answer was a success without anybody in it."""
    if not batch.failed:
        return Unreadable("the answer names another recipient", code="no-id")
    first = batch.failed[0]
    cause = TABLE[int(first.code)][1] if first.code.isdigit() and int(first.code) in TABLE else None
    return Rejected("Voximplant refused the recipient", code=first.code, words=(first.words,), cause=cause)


def _oldest_first(records: Iterable[MessageRecord]) -> list[MessageRecord]:
    return sorted(records, key=lambda record: (record.sent_at, record.log_id.zfill(20)))


def _check_body(body: str, longest: int) -> None:
    if not body:
        raise refused_here("message-required", "body")
    if len(body) > longest:
        raise refused_here("message-too-long", "body")


def _side(number: str | None) -> str | None:
    """A filter takes digits; a sender's name goes as it is."""
    if not number:
        return None
    try:
        return phones.from_wire(number, international=True)[1:]
    except phones.PhoneError:
        return number
