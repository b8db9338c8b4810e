"""Reports that are ordered, made after a moment, and fetched as files."""

import gzip
import json

from . import audit, callbacks, history, transactions, wire
from . import values as reading
from .desk import Desk
from .refusals import Refusal
from .spec import Spec, reads, writes

MAKING_S = 5
KEPT_S = 30 * 86400
TYPES = "all,calls,calls_brief,transactions,audit,call_list,transactions_on_hold"
HISTORIES = {
    "calls": (f"{history.FILTERS} {history.MORE}", history.as_table, "call_history_report"),
    "calls_brief": (history.FILTERS, history.as_table, "call_history_report"),
    "transactions": (transactions.FILTERS, transactions.as_table, "transaction_history_report"),
    "audit": (audit.FILTERS, audit.as_table, None),
}
LIST = (
    f"history_report_id:int history_type:words={TYPES} created_from:time created_to:time is_completed:bool "
    "desc_order:bool count:int offset:int application_id:ints application_name:words"
)
PHONES = (
    "report_id:int report_type:words=phone_numbers,phone_numbers_awaiting_configuration created_from:time "
    "created_to:time is_completed:bool desc_order:bool count:int offset:int"
)


def order(kind):
    """The function behind a method that orders a report of that kind."""

    def function(desk):
        table, _, _ = HISTORIES[kind]
        names = {param.name for group in Spec(table, None).groups for param in group.params}
        given = wire.params_of(desk.call.request)
        row = add(desk, "reports", "history_report_id", {name: given[name] for name in given if name in names})
        row["history_type"] = kind
        data = {"account_id": desk.account["account_id"], "history_report_id": row["history_report_id"]}
        desk.sandbox.schedule(desk.now + MAKING_S, desk.upstream.slug, "report_made", data)
        desk.effect("report_ordered", history_report_id=row["history_report_id"], report=kind)
        return {"result": 1, "history_report_id": row["history_report_id"]}

    return function


def or_order(kind, function):
    """Histories order a report instead when that is asked for."""

    def either(desk):
        if not desk.get("is_async"):
            return function(desk)
        if desk.get("output") != "csv":
            raise Refusal(105)
        return order(kind)(desk)

    return either


def add(desk, where, member, filters):
    number = desk.new_id("report" if where == "reports" else "phone_report")
    row = {member: number, "at": desk.now, "made_at": desk.now + MAKING_S, "filters": filters, "downloads": 0}
    desk.account[where].append(row)
    return row


def order_phones(desk):
    row = add(desk, "phone_reports", "report_id", {})
    desk.effect("report_ordered", report_id=row["report_id"], report="phone_numbers")


def happen_made(upstream, data, due):
    """The lines are picked again when they are fetched; now their size is known, and the customer's server told."""
    account = upstream.account(data["account_id"])
    row = next(one for one in account["reports"] if one["history_report_id"] == data["history_report_id"])
    row["size"] = len(content(Desk(upstream, account), row))
    kind = HISTORIES[row["history_type"]][2]
    if kind:
        payload = {
            "history_report_id": row["history_report_id"],
            "success": True,
            "order_date": wire.moment(row["at"]),
        }
        callbacks.send(upstream, account, kind, payload, due)


# -- listing and fetching


def listed(desk, rows, member, kind):
    rows = desk.between(rows, "at", "created_from", "created_to")
    rows = [row for row in rows if row["made_at"] <= desk.now or not desk.get("is_completed")]
    rows = sorted(rows, key=lambda row: row["at"], reverse=bool(desk.get("desc_order")))
    return desk.page([view(desk, row, member, kind) for row in rows])


def view(desk, row, member, kind):
    """HistoryReport and CommonReport."""
    made = row["made_at"] <= desk.now
    name = row.get("history_type", "phone_numbers")
    shown = {member: row[member], kind: name, "created": wire.moment(row["at"])}
    if not made:
        return shown
    return {
        **shown,
        "format": "csv",
        "completed": wire.moment(row["made_at"]),
        "file_name": f"{name}_{row[member]}.csv",
        "file_size": row.get("size", 0),
        "download_size": row.get("size", 0),
        "download_count": row["downloads"],
        "store_until": wire.day(row["made_at"] + KEPT_S),
        "filters": json.dumps(row["filters"]),
        "calculated_data": json.dumps({"timezone": str(desk.zone)}),
        **({"last_downloaded": wire.moment(row["fetched"])} if row.get("fetched") else {}),
    }


def get_history_reports(desk):
    kinds = desk.get("history_type", ["all"])
    rows = [row for row in desk.account["reports"] if "all" in kinds or row["history_type"] in kinds]
    return listed(desk, desk.matching(rows, "history_report_id"), "history_report_id", "history_type")


def get_phone_number_reports(desk):
    kinds = desk.get("report_type", ["phone_numbers"])
    rows = desk.account["phone_reports"] if "phone_numbers" in kinds else []
    return listed(desk, desk.matching(rows, "report_id"), "report_id", "type")


def download_history_report(desk):
    row = desk.one(desk.account["reports"], "history_report_id")
    if row["made_at"] > desk.now:
        raise Refusal(356)
    data = content(desk, row)
    row.update(size=len(data), downloads=row["downloads"] + 1, fetched=desk.now)
    desk.sandbox.world.touch()
    return wire.file(gzip.compress(data) if desk.upstream.quirks else data)


def content(desk, row):
    """The lines that the filters of the order select, made when they are fetched."""
    table, lines, _ = HISTORIES[row["history_type"]]
    values = reading.read(Spec(table, None), row["filters"])
    rows, names = lines(Desk(desk.upstream, desk.account, values=values, caller=desk.caller))
    return wire.table(rows, names, header=values.get("with_header", False))


CALLS = {
    "GetCallHistoryAsync": writes(f"{history.FILTERS} {history.MORE} output=csv", order("calls")),
    "GetBriefCallHistory": writes(f"{history.FILTERS} output=csv!", order("calls_brief")),
    "GetTransactionHistoryAsync": writes(f"{transactions.FILTERS} output=csv", order("transactions")),
    "GetAuditLogAsync": writes(f"{audit.FILTERS} output=csv", order("audit")),
    "GetHistoryReports": reads(LIST, get_history_reports),
    "GetPhoneNumberReports": reads(PHONES, get_phone_number_reports),
    "DownloadHistoryReport": reads("history_report_id:int!", download_history_report),
}
