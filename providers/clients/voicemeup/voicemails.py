"""Voicemail messages."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from providers.clients.errors import NotFound
from providers.clients.records import RecordingRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup import mapping, values
from providers.clients.voicemeup.calls import party
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.recordings import Recordings

_MEANING = Meaning(
    {"date_from": "since", "date_to": "until", "call_voicemail_id": "external_id", "voicemail_hash": "external_id"},
    identity=("call_voicemail_id", "voicemail_hash"),
)


class Voicemails(Recordings):
    @speaks("get_voicemails")
    def voicemails(self, since: datetime, until: datetime | None = None) -> Iterator[RecordingRecord]:
        """Messages left between two aware moments; `seconds`, the caller as `source`, `mailbox` by its id.

        Whether one was heard is not documented: `heard` is None, `state` their word. Bad rows go to `unread`.
        (voicemeup.yaml: get_voicemails, page by page)
        """
        until = until or datetime.now(UTC)
        for record in self._voicemails(self.days(since, until)):
            if since <= record.at <= until:
                yield record

    @speaks("get_voicemails")
    def voicemail(self, external_id: str) -> RecordingRecord:
        """One message, by its id or its hash. Raises `NotFound`. (voicemeup.yaml: get_voicemails)"""
        key = "call_voicemail_id" if external_id.isdigit() else "voicemail_hash"
        for record in self._voicemails({key: external_id}):
            if external_id in (record.external_id, values.text(record.raw, key)):
                return record
        raise NotFound("no such voicemail", call="get_voicemails", code="not-found")

    @speaks("delete_voicemails", Repeat.SAFE, settle="get_voicemails: what is gone is not listed")
    def delete_voicemails(self, external_ids: Iterable[str], comments: str = "") -> None:
        """Delete messages by id, for good. Bucket of its own. Raises `NotFound`. (voicemeup.yaml: delete_voicemails)"""
        self.delete_rows("delete_voicemails", "call_voicemail_id", external_ids, comments)

    @speaks("delete_voicemails", Repeat.SAFE, settle="get_voicemails of the days before")
    def delete_voicemails_before(self, day: date, comments: str = "") -> None:
        """Delete every message from before that day. (voicemeup.yaml: delete_voicemails by date)"""
        self.call("delete_voicemails", {"date": day, "comments": comments or None}, meaning=_MEANING)

    def _voicemails(self, fields: dict) -> Iterator[RecordingRecord]:
        before: set[str] = set()
        for rows in self.pages("get_voicemails", fields, "voicemail_details", "call_voicemail_id", _MEANING):
            records = list(self.listing(rows, self._voicemail))
            yield from (record for record in records if record.external_id not in before)
            before = {record.external_id for record in records}

    def _voicemail(self, row: dict) -> RecordingRecord:
        return RecordingRecord(
            external_id=values.required(row, "call_voicemail_id", "voicemail_hash"),
            kind="voicemail",
            at=mapping.when(row, self.zone),
            source=party(row, "callerid_number") or party(row, "source"),
            destination=party(row, "destination"),
            seconds=values.whole(row, "duration"),
            url=mapping.file_url(row),
            mailbox=mapping.object_id(row, "client_mailbox_id"),
            state=values.text(row, "status"),
            raw=self.raw(row),
        )
