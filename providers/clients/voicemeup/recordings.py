"""Recorded calls."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from providers.clients.errors import NotFound
from providers.clients.records import RecordingRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup import mapping, values
from providers.clients.voicemeup.calls import Calls, party
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.wire import refused_here

STATES = {"": "", "unverified": "unverified", "verified": "verified", "deleted": "deleted"}
MOST_DELETED = 200  # ids in one request; the manual states no limit
_MEANING = Meaning(
    {"date_from": "since", "date_to": "until", "call_recording_id": "external_id", "recording_hash": "external_id"},
    identity=("call_recording_id", "recording_hash", "call_hash"),
)


class Recordings(Calls):
    @speaks("get_recordings")
    def recordings(self, since: datetime, until: datetime | None = None) -> Iterator[RecordingRecord]:
        """Recordings made between two aware moments, deleted ones too (`state`). Of two seconds or less there are none.

        Bad rows go to `unread`. (voicemeup.yaml: get_recordings, page by page)
        """
        until = until or datetime.now(UTC)
        for record in self._recordings(self.days(since, until)):
            if since <= record.at <= until:
                yield record

    @speaks("get_recordings")
    def call_recordings(self, call_hash: str) -> Iterator[RecordingRecord]:
        """The recordings of one call. Raises `NotFound`. (voicemeup.yaml: get_recordings)"""
        yield from self._recordings({"call_hash": call_hash})

    @speaks("get_recordings")
    def recording(self, external_id: str) -> RecordingRecord:
        """One recording, by its id or its hash with dashes. Raises `NotFound`. (voicemeup.yaml: get_recordings)"""
        key = "call_recording_id" if external_id.isdigit() else "recording_hash"
        for record in self._recordings({key: external_id}):
            if external_id in (record.external_id, values.text(record.raw, key)):
                return record
        raise NotFound("no such recording", call="get_recordings", code="not-found")

    @speaks("delete_recordings", Repeat.SAFE, settle="get_recordings: its state says deleted")
    def delete_recordings(self, external_ids: Iterable[str], comments: str = "") -> None:
        """Delete recordings by id, for good. Bucket of its own. Raises `NotFound`. (voicemeup.yaml: delete_recordings)"""
        self.delete_rows("delete_recordings", "call_recording_id", external_ids, comments)

    @speaks("delete_recordings", Repeat.SAFE, settle="get_recordings: its state says deleted")
    def delete_call_recordings(self, call_hashes: Iterable[str], comments: str = "") -> None:
        """Delete the recordings of these calls. (voicemeup.yaml: delete_recordings by call_hash)"""
        self.delete_rows("delete_recordings", "call_hash", call_hashes, comments)

    @speaks("delete_recordings", Repeat.SAFE, settle="get_recordings of the days before")
    def delete_recordings_before(self, day: date, comments: str = "") -> None:
        """Delete every recording from before that day. (voicemeup.yaml: delete_recordings by date)"""
        self.call("delete_recordings", {"date": day, "comments": comments or None}, meaning=_MEANING)

    def delete_rows(self, request_type: str, key: str, wanted: Iterable[str], comments: str) -> None:
        """One request for each two hundred. Without any id nothing is sent: VoiceMeUp would look for another selector."""
        found = list(dict.fromkeys(wanted))
        if not found or not all(found) or any("," in item for item in found):
            raise refused_here("needed", key)
        meaning = Meaning({key: key}, identity=(key,))
        for start in range(0, len(found), MOST_DELETED):
            fields = {key: found[start : start + MOST_DELETED], "comments": comments or None}
            self.call(request_type, fields, meaning=meaning)

    def _recordings(self, fields: dict) -> Iterator[RecordingRecord]:
        before: set[str] = set()
        for rows in self.pages("get_recordings", fields, "recording_details", "call_recording_id", _MEANING):
            records = list(self.listing(rows, self._recording))
            yield from (record for record in records if record.external_id not in before)
            before = {record.external_id for record in records}

    def _recording(self, row: dict) -> RecordingRecord:
        return RecordingRecord(
            external_id=values.required(row, "call_recording_id", "recording_hash"),
            kind="recording",
            at=mapping.when(row, self.zone),
            source=party(row, "source"),
            destination=party(row, "destination"),
            seconds=values.whole(row, "duration"),
            url=mapping.file_url(row),
            direction=values.chosen(row, "direction", mapping.DIRECTIONS, blank=mapping.DIRECTIONS["inbound"]),
            state=values.chosen(row, "status", STATES, blank=""),
            raw=self.raw(row),
        )
