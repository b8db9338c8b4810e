"""Reports that Voximplant makes in its own time (CSV), and the audit log of who asked what of the account."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voximplant import structures, values
from providers.clients.voximplant.envelope import done
from providers.clients.voximplant.timeline import Asked, Timeline
from providers.clients.voximplant.wire import Kind

_REPORT = Kind("history report", "HistoryReport", id="history_report_id", name="file_name")
_SETTLE = "GetHistoryReports lists it; a second report does no harm"


class Reports(Timeline):
    @speaks("GetCallHistoryAsync", Repeat.SAFE, settle=_SETTLE)
    def order_calls_report(self, since: datetime, until: datetime, with_header: bool = True, **filters) -> str:
        """Have a CSV of call sessions made. Returns the report's id; the callback `call_history_report`, or
        `history_reports`, tells when it is there. Filters under Voximplant's names. (voximplant.yaml: GetCallHistoryAsync)
        """
        return self._order("GetCallHistoryAsync", since, until, with_header, filters)

    @speaks("GetBriefCallHistory", Repeat.SAFE, settle=_SETTLE)
    def order_brief_calls_report(self, since: datetime, until: datetime, with_header: bool = True, **filters) -> str:
        """The same with fewer columns. (voximplant.yaml: GetBriefCallHistory)"""
        return self._order("GetBriefCallHistory", since, until, with_header, filters)

    @speaks("GetTransactionHistoryAsync", Repeat.SAFE, settle=_SETTLE)
    def order_ledger_report(self, since: datetime, until: datetime, with_header: bool = True, **filters) -> str:
        """Have a CSV of bookings made. (voximplant.yaml: GetTransactionHistoryAsync)"""
        return self._order("GetTransactionHistoryAsync", since, until, with_header, filters)

    @speaks("GetAuditLogAsync", Repeat.SAFE, settle=_SETTLE)
    def order_audit_report(self, since: datetime, until: datetime, with_header: bool = True, **filters) -> str:
        """Have a CSV of the audit log made. (voximplant.yaml: GetAuditLogAsync)"""
        return self._order("GetAuditLogAsync", since, until, with_header, filters)

    @speaks("GetHistoryReports")
    def history_reports(
        self,
        report_id: str | None = None,
        types: Iterable[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        completed: bool | None = None,
    ) -> Iterator[ResourceRecord]:
        """Reports that were ordered: calls, calls_brief, transactions, audit, call_list, transactions_on_hold.

        (voximplant.yaml: GetHistoryReports, pages)
        """
        fields = {
            "history_report_id": report_id,
            "history_type": list(types) or None,
            "created_from": since,
            "created_to": until,
            "is_completed": completed,
        }
        yield from self.resources("GetHistoryReports", _REPORT, fields)

    @speaks("DownloadHistoryReport")
    def report_file(self, report_id: str) -> bytes:
        """The file of a report, CSV, perhaps packed with gzip. Raises `Rejected` 356 while it is being made, 357 when it
        could not be, and `NotFound`. (voximplant.yaml: DownloadHistoryReport)
        """
        return self.download("DownloadHistoryReport", {"history_report_id": report_id})

    @speaks("GetAuditLog")
    def audit_log(self, since: datetime, until: datetime | None = None, **filters) -> Iterator[ResourceRecord]:
        """Who asked what of the account, oldest part first; `fields` has the moment, the address, the command and its
        arguments. Filters under Voximplant's names. (voximplant.yaml: GetAuditLog, pages)
        """
        fields = {"desc_order": False, "with_total_count": True}
        asked = Asked(name="GetAuditLog", fields=fields | filters)
        for rows, zone in self.history(asked, since, until or datetime.now(UTC)):
            yield from self.listing(rows, lambda row, zone=zone: self._audited(row, zone))

    def _audited(self, row: dict, zone) -> ResourceRecord:
        raw = self.raw(row)
        return ResourceRecord(
            kind="audit entry",
            external_id=values.identity(row, "audit_log_id"),
            name=values.text(row, "cmd_name"),
            fields=structures.read("AuditLogInfo", raw, zone),
            raw=raw,
        )

    def _order(self, name: str, since: datetime, until: datetime, with_header: bool, filters: dict) -> str:
        zone = self.spoken_zone or self.zone
        fields = {
            "from_date": values.stamp(since, zone),
            "to_date": values.stamp(until, zone),
            "with_header": with_header,
            "output": "csv",
            **filters,
        }
        return self.call(name, fields, then=lambda tree: values.identity(done(tree), "history_report_id"))
