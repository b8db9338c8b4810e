"""Faxes, in and out."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from uuid import uuid4

from providers.clients.errors import NotFound
from providers.clients.records import Attachment, RecordingRecord, SentMessage
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicemeup import mapping, values
from providers.clients.voicemeup.calls import party
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.parameters import always, email, missing, moment, one_of, phone, text, whole, written
from providers.clients.voicemeup.recordings import Recordings
from providers.clients.voicemeup.wire import not_sent, refused_here

# Their words for how far a fax is. (voicemeup.yaml: get_faxes.transmission_status)
STATES = {word: word for word in "pending processing completed failed cancelled paused".split()}
FAX = (
    phone("destination_number", foreign=True, needed=always),
    whole("client_fax_profile_id", needed=always),
    text("unique_id", 1, 64, needed=always),
    text("name_from", 1, 60),
    email("email_from"),
    one_of("page_format", "letter legal a4"),
    one_of("resolution", "standard fine super_fine ultra_fine"),
    whole("retry_limit", 1, 9),
    moment("datetime_scheduled"),
)
_SEND = Meaning(
    {param.name: param.name for param in FAX}
    | {"destination_number": "destination", "client_fax_profile_id": "profile_id", "attachments": "documents"}
)
_MEANING = Meaning(
    {"date_from": "since", "date_to": "until", "call_fax_id": "external_id", "call_hash": "external_id"},
    identity=("call_fax_id", "call_hash"),
)


class Faxes(Recordings):
    @speaks("get_faxes")
    def faxes(self, since: datetime, until: datetime | None = None) -> Iterator[RecordingRecord]:
        """Faxes of both directions between two aware moments; `state` is one of STATES. Bad rows go to `unread`.

        (voicemeup.yaml: get_faxes, unpaged)
        """
        until = until or datetime.now(UTC)
        for record in self._faxes(self.days(since, until)):
            if since <= record.at <= until:
                yield record

    @speaks("get_faxes")
    def fax(self, external_id: str) -> RecordingRecord:
        """One fax, by its id or the hash of its call. Raises `NotFound`. (voicemeup.yaml: get_faxes)"""
        key = "call_fax_id" if external_id.isdigit() else "call_hash"
        for record in self._faxes({key: external_id}):
            if external_id in (record.external_id, values.text(record.raw, key)):
                return record
        raise NotFound("no such fax", call="get_faxes", code="not-found")

    @speaks("queue_fax", Repeat.NEVER, settle="get_faxes of the day; the same unique_id is refused a second time")
    def send_fax(
        self,
        profile_id: str,
        destination: str,
        documents: Iterable[Attachment],
        settings: dict[str, object] | None = None,
    ) -> SentMessage:
        """Queue a fax to `destination` (E.164) with the settings of a fax profile. `settings`: unique_id (our own mark,
        made up when left out), name_from, email_from, page_format, resolution, retry_limit, datetime_scheduled (aware).

        The id is the one that VoiceMeUp tells, else our mark. Bucket of its own. (voicemeup.yaml: queue_fax, a POST)
        """
        files = _files(list(documents))
        mark = str((settings or {}).get("unique_id") or uuid4())
        given = (settings or {}) | {
            "unique_id": mark,
            "destination_number": destination,
            "client_fax_profile_id": profile_id,
        }
        if isinstance(given.get("datetime_scheduled"), datetime):
            given["datetime_scheduled"] = self.stamp(given["datetime_scheduled"])
        fields, problems = written(FAX, given)
        problems += missing(FAX, fields)
        if problems:
            raise not_sent(problems)
        fields = {name: value for name, value in fields.items() if value != ""}
        return self.call("queue_fax", fields, files=files, meaning=_SEND, then=lambda tree: self._queued(tree, mark))

    @speaks("delete_faxes", Repeat.SAFE, settle="get_faxes: what is gone says deleted or is not listed")
    def delete_faxes(self, external_ids: Iterable[str], comments: str = "") -> None:
        """Delete faxes by id, for good. Bucket of its own. Raises `NotFound`. (voicemeup.yaml: delete_faxes)"""
        self.delete_rows("delete_faxes", "call_fax_id", external_ids, comments)

    @speaks("delete_faxes", Repeat.SAFE, settle="get_faxes of that day")
    def delete_faxes_of(self, day: date, comments: str = "") -> None:
        """Delete every fax of that one day; not, as with recordings, of the days before. (voicemeup.yaml: delete_faxes)"""
        self.call("delete_faxes", {"date": day, "comments": comments or None}, meaning=_MEANING)

    def _faxes(self, fields: dict) -> Iterator[RecordingRecord]:
        tree = self.call("get_faxes", fields, meaning=_MEANING)
        yield from self.listing(values.rows(tree, "fax_details", "call_fax_id"), self._fax)

    def _fax(self, row: dict) -> RecordingRecord:
        return RecordingRecord(
            external_id=values.required(row, "call_fax_id", "call_hash"),
            kind="fax",
            at=mapping.when(row, self.zone),
            source=party(row, "source_number") or party(row, "source"),
            destination=party(row, "destination_number") or party(row, "destination"),
            pages=values.whole(row, "pages"),
            url=mapping.file_url(row),
            direction=values.chosen(row, "direction", mapping.DIRECTIONS),
            state=values.chosen(row, "transmission_status", STATES),
            raw=self.raw(row),
        )

    def _queued(self, tree, mark: str) -> SentMessage:
        told = [notice.words for notice in self.notices.items if notice.code.startswith("queued_fax")]
        found = next(filter(None, told), "") or values.find(tree, "call_fax_id") or values.find(tree, "call_hash")
        return SentMessage(external_id=found or mark, raw=self.raw(tree))


def _files(documents: list[Attachment]) -> list[tuple[str, Attachment]]:
    """PHP sees several files of one name only with brackets."""
    if not documents:
        raise refused_here("needed", "documents")
    if len(documents) == 1:
        return [("attachments", documents[0])]
    return [(f"attachments[{place}]", document) for place, document in enumerate(documents)]
