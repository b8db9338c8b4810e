"""Texts and pictures: sending, the records of what came and went, and where incoming ones are passed on to."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property

from providers.clients.capability import Capability
from providers.clients.errors import Cause, NotFound
from providers.clients.records import (
    Attachment,
    Direction,
    MessageRecord,
    ResourceRecord,
    SentMessage,
    Transmission,
)
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicetel import values
from providers.clients.voicetel.numbers import Numbers
from providers.clients.voicetel.partial import Outcome
from providers.clients.voicetel.refusals import refused_here

LONGEST_BODY = 1600  # UTF-16 units: ten parts. Upstream states none (its first version took 160)
LONGEST_URL = 2000
DIRECTIONS = {"in": Direction.INBOUND, "out": Direction.OUTBOUND}
_IN_THE_LOG = "{} of the sending number: same recipient and text"
_AGAIN = "no call tells it back; set twice it is as set once"


class Messages(Numbers):
    def messages(
        self,
        since: date,
        until: date | None = None,
        direction: Direction | str | None = None,
        source: str | None = None,
        destination: str | None = None,
    ) -> Iterator[MessageRecord]:
        """What came and went from day `since` to day `until` (today) inclusive, days of the connection's zone, one number
        after the other, each oldest first. Bad rows go to `unread`.

        Records are kept by number: without a side that is ours, all numbers that can text now are asked, two calls each.
        (voicetel.yaml: mdr-sms and mdr-mms, unpaged)
        """
        first = datetime.combine(since, time.min, self.zone)
        last = datetime.combine(max(since, until or self.today()) + timedelta(days=1), time.min, self.zone)
        wanted = Direction(direction) if direction else None
        for own in self._asked_for(wanted, source, destination):
            for record in self._records(own, first, last):
                sides = source in (None, record.source) and destination in (None, record.destination)
                if sides and wanted in (None, record.direction):
                    yield record

    @speaks("mdr-sms")
    def sms_records(self, number: str, since: datetime, until: datetime | None = None) -> list[MessageRecord]:
        """The texts of one number (E.164) between two moments, none found is none. (voicetel.yaml: mdr-sms)"""
        return self._mdr("mdr-sms", number, since, until)

    @speaks("mdr-mms")
    def mms_records(self, number: str, since: datetime, until: datetime | None = None) -> list[MessageRecord]:
        """The same for messages with pictures; the pictures are not told. (voicetel.yaml: mdr-mms)"""
        return self._mdr("mdr-mms", number, since, until)

    @speaks("dlr")
    def delivery_receipts(self, number: str, since: datetime, until: datetime | None = None) -> list[ResourceRecord]:
        """Receipts of what one number (E.164) sent: sourceNumber and destinationNumber as E.164, `at` in ISO 8601.

        They name neither the message nor its state, so nothing is concluded from them. (voicetel.yaml: dlr)
        """
        try:
            tree = self.ask("dlr", _range(number, since, until))
        except NotFound:
            return []
        return list(self.listing(values.rows(tree, "dlr"), self._receipt))

    def send_message(
        self, source: str, destination: str, body: str, attachment: Attachment | None = None
    ) -> SentMessage:
        """Send one text from a number of the account; both numbers E.164 and North American.

        A file cannot be handed over: pictures are sent by their address, see `send_mms`. (voicetel.yaml: sms)
        """
        if attachment is not None:
            self.require(Capability.SEND_MMS)
        return self.send_sms(source, destination, body)

    @speaks("sms", Repeat.NEVER, settle=_IN_THE_LOG.format("mdr-sms"))
    def send_sms(self, source: str, destination: str, body: str) -> SentMessage:
        """Send a text. Raises `Rejected` (402 funds, 405 the sender cannot text, 406 the recipient opted out) and
        `Unclear` when it may have gone out. (voicetel.yaml: sms)
        """
        return self.ask("sms", _text(source, destination, body), write=True, then=self._sent)

    @speaks("mms", Repeat.NEVER, settle=_IN_THE_LOG.format("mdr-mms"))
    def send_mms(self, source: str, destination: str, body: str, media_url: str = "", subject: str = "") -> SentMessage:
        """Send a text with a picture that anybody can fetch at `media_url` (https). (voicetel.yaml: mms)"""
        fields = _text(source, destination, body)
        if media_url:
            fields["mmsURL"] = _address(media_url)
        if subject:
            fields["mmsSubject"] = values.plain(subject, "subject", 100)
        return self.ask("mms", fields, write=True, then=self._sent)

    # --- what a number may do

    @speaks("enable", Repeat.SAFE, settle="status: Enabled")
    def enable_messaging(self, external_ids: Iterable[str], campaign_id: str = "") -> Outcome:
        """Let numbers text, under a registered campaign or not. (voicetel.yaml: enable)"""
        campaign = {"campaignID": values.plain(campaign_id, "campaign_id", 64)} if campaign_id else {}
        return self._switch("enable", [row | campaign for row in _texts(external_ids)])

    @speaks("disable", Repeat.SAFE, settle="status: Not Enabled")
    def disable_messaging(self, external_ids: Iterable[str]) -> Outcome:
        """Let numbers text no more. What was done is listed as numbers_enabled all the same. (voicetel.yaml: disable)"""
        return self._switch("disable", _texts(external_ids))

    @speaks("routein", Repeat.SAFE, settle=_AGAIN)
    def route_messages_in(self, routes: dict[str, str]) -> Outcome:
        """Where the incoming texts of numbers go, route by external id. (voicetel.yaml: routein)"""
        return self._switch("routein", _routed(routes), "numbers")

    @speaks("routeout", Repeat.SAFE, settle=_AGAIN)
    def route_messages_out(self, routes: dict[str, str]) -> Outcome:
        """By which carrier the texts of numbers leave, route by external id. (voicetel.yaml: routeout)"""
        return self._switch("routeout", _routed(routes), "numbers")

    def _switch(self, call: str, rows: list[dict], payload: str = "numbers_enabled") -> Outcome:
        if not rows:
            raise refused_here("missing", "numbers", Cause.MISSING)
        return self.batch(call, {"numbers": rows}, "number", payload)

    def _asked_for(self, direction: Direction | None, source: str | None, destination: str | None) -> list[str]:
        sides = [side for side in (source, destination) if side]
        named = {Direction.OUTBOUND: source, Direction.INBOUND: destination}.get(direction)
        if named:
            return [named]
        own = self._own
        return [number for number in own if number in sides] or [number for number, texts in own.items() if texts]

    @cached_property
    def _own(self) -> dict[str, bool]:
        """Our numbers, and whether they text. Asked once: reading the past asks for the log many times in one go."""
        return {record.number: record.settings.get("sms", False) for record in self.numbers()}

    def _records(self, own: str, since: datetime, until: datetime) -> list[MessageRecord]:
        """Both kinds, each row once, in order."""
        found: dict[str, MessageRecord] = {}
        for read in (self.sms_records, self.mms_records):
            for record in self._of_one(read, own, since, until):
                found.setdefault(record.external_id, record)
        return sorted(found.values(), key=lambda record: (record.sent_at, record.external_id))

    def _of_one(self, read, own: str, since: datetime, until: datetime) -> list[MessageRecord]:
        """The day after the last is the first moment that no longer counts."""
        return [record for record in read(own, since, until) if since <= record.sent_at < until]

    def _mdr(self, call: str, number: str, since: datetime, until: datetime | None) -> list[MessageRecord]:
        try:
            tree = self.ask(call, _range(number, since, until))
        except NotFound:
            return []
        return list(self.listing(values.rows(tree, "mdr"), lambda row: self._message(row, number)))

    def _message(self, row: dict, own: str) -> MessageRecord:
        """The far end is `number`, whatever the direction. Nothing is told of what became of an outgoing text."""
        told = values.inner(row)
        word = values.text(told, "direction").lower()
        if word not in DIRECTIONS:
            raise values.unreadable("direction", "one that we know")
        incoming = DIRECTIONS[word] is Direction.INBOUND
        far, body = values.party(told, "number"), told.get("message")
        if not isinstance(body, str):
            raise values.unreadable("message", "a text")
        return MessageRecord(
            external_id=values.required(row, "id"),
            direction=DIRECTIONS[word],
            source=far if incoming else own,
            destination=own if incoming else far,
            body=body,
            transmission=Transmission.DELIVERED if incoming else Transmission.SENT,
            sent_at=values.stamp_of(row),
            price=values.amount(told, "rate") if values.text(told, "rate") else None,
            raw=self.raw(row),
        )

    def _receipt(self, row: dict) -> ResourceRecord:
        told = values.inner(row)
        fields = {
            "sourceNumber": values.party(told, "sourceNumber"),
            "destinationNumber": values.party(told, "destinationNumber"),
            "at": values.stamp_of(row).isoformat(),
        }
        return ResourceRecord(
            kind="delivery_receipt", external_id=values.required(row, "id"), fields=fields, raw=self.raw(row)
        )

    def _sent(self, tree: dict) -> SentMessage:
        row = values.one(values.one(tree, "message"), "transaction")
        return SentMessage(external_id=values.required(row, "transactionGUID"), raw=self.raw(row))


def _range(number: str, since: datetime, until: datetime | None) -> dict:
    """Upstream's `start` is the newer end and its `end` the older one."""
    body = {"number": values.integer(number), "end": int(since.timestamp())}
    return body | ({"start": int(until.timestamp())} if until else {})


def _text(source: str, destination: str, body: str) -> dict:
    return {
        "source": values.integer(source, "source"),
        "destination": values.integer(destination, "destination"),
        "messageText": values.plain(body, "body", LONGEST_BODY),
    }


def _address(url: str) -> str:
    if not url.startswith("https://"):
        raise refused_here("not-https", "media_url")
    return values.plain(url, "media_url", LONGEST_URL)


def _texts(external_ids: Iterable[str]) -> list[dict]:
    """Here numbers are texts."""
    return [{"number": str(values.digits(external_id))} for external_id in external_ids]


def _routed(routes: dict[str, str]) -> list[dict]:
    rows = []
    for own, route in routes.items():
        rows.append({"number": str(values.digits(own)), "route": values.plain(route, "route", 500)})
    return rows
