"""Calls and recordings: Voximplant's history of call sessions, each with its calls, records and other usage."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from providers.clients.records import CallRecord, Direction, RecordingRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voximplant import values
from providers.clients.voximplant.envelope import Meaning
from providers.clients.voximplant.timeline import Asked, Timeline

PAGE = 200  # sessions; each may have many calls


class CallsLog(Timeline):
    def calls(self, since: datetime, until: datetime | None = None) -> Iterator[CallRecord]:
        """The calls of the sessions that began between two moments (now), oldest part first, one record for each leg.

        A session's bad call goes to `unread` and leaves the others.
        """
        currency = self.currency()
        for session, zone in self.sessions(since, until):
            yield from self.listing(
                values.inner(session, "calls"),
                lambda row, session=session, zone=zone: self._call(row, session, zone, currency),
            )

    def recordings(self, since: datetime, until: datetime | None = None) -> Iterator[RecordingRecord]:
        """What was recorded in the sessions that began between two moments (now). Addresses are Voximplant's."""
        for session, zone in self.sessions(since, until):
            yield from self.listing(
                values.inner(session, "records"),
                lambda row, session=session, zone=zone: self._recording(row, session, zone),
            )

    @speaks("GetCallHistory")
    def sessions(self, since: datetime, until: datetime | None = None, **filters) -> Iterator[tuple[dict, ZoneInfo]]:
        """The sessions as they are, with the zone of their stamps. Filters under Voximplant's names.

        (voximplant.yaml: GetCallHistory, pages)
        """
        wanted = {"with_calls": True, "with_records": True, "desc_order": False, "with_total_count": True}
        asked = Asked(name="GetCallHistory", fields=wanted | filters, page=PAGE)
        for rows, zone in self.history(asked, since, until or datetime.now(UTC)):
            for session in self.listing(rows, self._session):
                yield session, zone

    @speaks("DeleteRecord", Repeat.SAFE, settle="GetCallHistory no longer shows the record")
    def delete_recording(self, external_id: str = "", url: str = "") -> None:
        """Delete a recording by its id or address. Raises `NotFound`. (voximplant.yaml: DeleteRecord)"""
        fields = {"record_id": external_id or None, "record_url": None if external_id else url}
        self.command("DeleteRecord", fields, meaning=Meaning(absent=frozenset((261, 341))))

    def _session(self, row: dict) -> dict:
        values.identity(row, "call_session_history_id")
        values.inner(row, "calls")
        values.inner(row, "records")
        return row

    def _call(self, row: dict, session: dict, zone: ZoneInfo, currency: str) -> CallRecord:
        incoming = bool(values.flag(row, "incoming"))
        ours, theirs = values.party(row, "local_number"), values.party(row, "remote_number")
        cost = values.beside(lambda: values.money(row, "cost"))
        return CallRecord(
            external_id=values.identity(row, "call_id"),
            direction=Direction.INBOUND if incoming else Direction.OUTBOUND,
            source=theirs if incoming else ours,
            destination=ours if incoming else theirs,
            started_at=values.at(row, "start_time", zone),
            seconds=values.whole(row, "duration") or 0,
            answered=values.flag(row, "successful", None),
            outcome=values.text(row, "end_reason") or values.text(session, "finish_reason"),
            cost=abs(cost) if cost is not None else None,
            currency=currency,
            recording_id=_recording_of(row, session),
            subaccount_id=self._account_of(session),
            raw=self.raw(row | {"call_session_history_id": session.get("call_session_history_id")}),
        )

    def _recording(self, row: dict, session: dict, zone: ZoneInfo) -> RecordingRecord:
        call = next((call for call in values.inner(session, "calls") if _same_file(call, row)), None)
        call = call or next(iter(values.inner(session, "calls")), {})
        incoming = bool(values.flag(call, "incoming"))
        ours, theirs = values.party(call, "local_number"), values.party(call, "remote_number")
        return RecordingRecord(
            external_id=values.identity(row, "record_id"),
            kind="recording",
            at=values.at(row, "start_time", zone),
            source=theirs if incoming else ours,
            destination=ours if incoming else theirs,
            seconds=values.whole(row, "duration"),
            url=values.text(row, "record_url"),
            direction=Direction.INBOUND if incoming else Direction.OUTBOUND,
            state=values.text(row, "transcription_status"),
            raw=self.raw(row),
        )

    def _account_of(self, session: dict) -> str:
        account = values.text(session, "account_id")
        return "" if account == str(self.credentials.get("account_id", "")) else account


def _same_file(call: dict, record: dict) -> bool:
    url = values.text(record, "record_url")
    return bool(url) and values.text(call, "record_url") == url


def _recording_of(call: dict, session: dict) -> str:
    for record in values.inner(session, "records"):
        if _same_file(call, record):
            return values.text(record, "record_id")
    return ""
