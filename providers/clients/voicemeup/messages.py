"""SMS and MMS: the log, sending, deleting."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from providers.clients import phones
from providers.clients.errors import NotFound, Unclear, Unreadable
from providers.clients.records import Attachment, Direction, MessageRecord, SentMessage
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup import mapping, values
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.wire import PAGE, Wire, refused_here

LONGEST_BODY = 1000  # UTF-16 units
_LOG = Meaning(
    {
        "date_from": "since",
        "date_to": "until",
        "source_number": "source",
        "destination_number": "destination",
        "sms_log_id": "external_id",
        "sms_hash": "external_id",
    },
    identity=("sms_hash", "sms_log_id"),
)
_SEND = Meaning(
    {
        "source_number": "source",
        "client_did_id": "source",
        "permission_refused": "source",
        "destination_number": "destination",
        "message": "body",
        "duplicate_entry": "body",
        "attachments": "attachment",
        "attachment": "attachment",
    }
)


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of the log that one request asks for. The log has no pages: a full answer is narrowed until it is not."""

    since: date
    until: date
    direction: str | None = None
    transmission: str | None = None
    status: str | None = None

    def parts(self) -> list["_Window"]:
        if self.since < self.until:
            middle = self.since + (self.until - self.since) // 2
            return [replace(self, until=middle), replace(self, since=middle + timedelta(days=1))]
        for axis, known in (
            ("direction", mapping.DIRECTIONS),
            ("transmission", mapping.TRANSMISSIONS),
            ("status", mapping.DELETED),
        ):
            if getattr(self, axis) is None:
                return [replace(self, **{axis: word}) for word in known]
        return []


class Messages(Wire):
    @speaks("get_sms")
    def messages(
        self,
        since: date,
        until: date | None = None,
        direction: Direction | str | None = None,
        source: str | None = None,
        destination: str | None = None,
        limit: int = PAGE,
    ) -> Iterator[MessageRecord]:
        """The log from day `since` to day `until` (today) inclusive, days of the account's zone, oldest part first.

        An answer is cut at `limit` rows without a sign, so a full one is asked again by day, direction and status. When
        even that is full, what came is yielded and then `Unclear` ("truncated") is raised. Bad rows go to `unread`.
        (voicemeup.yaml: get_sms)
        """
        sides = {"source_number": _side(source), "destination_number": _side(destination), "result_limit": limit}
        first = _Window(since, max(since, until or self.today()), direction and str(direction))
        cut, day = False, None
        seen: set[str] = set()  # of one day: only parts of the same day can tell a message twice
        for window, rows, complete in self._log(first, sides, limit):
            cut |= not complete
            if window.since != day:
                day, seen = window.since, set()
            for record in self._records(rows):
                if record.external_id not in seen:
                    seen.add(record.external_id)
                    yield record
        if cut:
            raise Unclear("the message log is longer than it can be read: truncated", call="get_sms", code="truncated")

    @speaks("get_sms")
    def message(self, external_id: str) -> MessageRecord:
        """One message by its hash, or by its log number. Raises `NotFound`. (voicemeup.yaml: get_sms)"""
        key = "sms_log_id" if external_id.isdigit() else "sms_hash"
        # The limit is sent because it falls to 1 with a hash; whether later messages follow it is not documented.
        rows = self._fetch({key: external_id, "status": ",".join(mapping.DELETED), "result_limit": 25})
        for row in rows:
            if isinstance(row, dict) and values.text(row, key) == external_id:
                return self._message(row)
        raise NotFound("no such message", call="get_sms", code="not-found")

    @speaks("queue_sms", Repeat.NEVER, settle="get_sms of the day by source, destination and text")
    def send_message(
        self, source: str, destination: str, body: str, attachment: Attachment | None = None
    ) -> SentMessage:
        """Queue an SMS, or an MMS with one attachment; both numbers E.164 and North American. Bucket queue_sms.

        Raises `Rejected` (also before sending, for what VoiceMeUp is known to refuse; `duplicate_entry` for the same
        text again) and `Unclear` when it may have been sent: only the log can tell then. (voicemeup.yaml: queue_sms)
        """
        if not body and attachment is None:
            raise refused_here("message-required", "body")
        if len(body.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_BODY:
            raise refused_here("message-too-long", "body")
        fields = {
            "source_number": self.ten_digits(source, "source"),
            "destination_number": self.ten_digits(destination, "destination"),
            "message": body or None,
        }
        files = [("attachments", attachment)] if attachment else []
        return self.call("queue_sms", fields, files=files, meaning=_SEND, then=self._sent)

    @speaks("delete_sms", Repeat.SAFE, settle="get_sms: its status says deleted")
    def delete_message(self, log_id: str) -> None:
        """Delete one message from the log. Raises `NotFound`. (voicemeup.yaml: delete_sms)"""
        self.call("delete_sms", {"sms_log_id": log_id}, meaning=_LOG)

    def _log(self, window: _Window, sides: dict, limit: int) -> Iterator[tuple[_Window, list, bool]]:
        rows = self._fetch(
            {
                "date_from": window.since,
                "date_to": window.until,
                "direction": window.direction,
                "transmission_status": window.transmission,
                # Said in full: whether the log shows deleted messages by itself is not documented.
                "status": window.status or ",".join(mapping.DELETED),
                **sides,
            }
        )
        parts = window.parts() if len(rows) >= limit else []
        if parts:
            rows = []  # they come again with the parts
        for part in parts:
            yield from self._log(part, sides, limit)
        if not parts:
            yield window, rows, len(rows) < limit

    def _fetch(self, fields: dict) -> list:
        return values.rows(self.call("get_sms", fields, meaning=_LOG), "sms_details", "sms_log_id")

    def _records(self, rows: list) -> list[MessageRecord]:
        records = self.listing(rows, self._message)
        return sorted(records, key=lambda record: (record.sent_at, record.log_id.zfill(20)))

    def _message(self, row: dict) -> MessageRecord:
        return mapping.message(row, self.zone, self.raw(row))

    def _sent(self, tree) -> SentMessage:
        named = [notice.words for notice in self.notices.items if notice.code == "queued_sms_hash"]
        external_id = (named[0] if named else "") or values.find(tree, "sms_hash")
        if not external_id:
            raise Unreadable("a success that names no message", code="no-id")
        return SentMessage(external_id=external_id, raw=self.raw(tree))


def _side(number: str | None) -> str | None:
    """A filter takes digits; a short code or a sender's name goes as it is."""
    try:
        return phones.to_digits(number) if number else None
    except phones.PhoneError:
        return number
