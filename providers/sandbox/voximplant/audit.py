"""What was asked of an account, as the account may see it."""

import json

from . import history, wire
from .spec import reads

FILTERS = (
    "from_date:time to_date:time audit_log_id:ints filtered_admin_user_id:ints filtered_ip:words filtered_cmd:words "
    "advanced_filters desc_order:bool with_header:bool count:int offset:int"
)
KEPT = 500
PAGE = 100


def note(desk, result):
    """Commands are noted, reading is not."""
    rows = desk.account["audit"]
    rows.append(
        {
            "audit_log_id": desk.new_id("audit"),
            "at": desk.now,
            "ip": desk.call.request.client.rpartition(":")[0],
            "cmd_name": desk.call.name,
            "cmd_args": json.dumps(wire.masked(given(desk)), ensure_ascii=False)[:2000],
            "cmd_result": str(result),
        }
    )
    del rows[:-KEPT]


def given(desk):
    params = wire.params_of(desk.call.request)
    return {name: params[name] for name in params if name in desk.values}


def chosen(desk):
    rows = history.within(desk, desk.account["audit"])
    return desk.matching(rows, "audit_log_id", filtered_ip="ip", filtered_cmd="cmd_name")


def view(desk, row):
    """AuditLogInfo."""
    names = ("audit_log_id", "ip", "cmd_name", "cmd_args", "cmd_result")
    shown = {name: row[name] for name in names}
    return {**shown, "account_id": desk.account["account_id"], "requested": wire.moment(row["at"], desk.zone)}


def get_audit_log(desk):
    return history.counted(desk, desk.page([view(desk, row) for row in chosen(desk)], PAGE))


def as_table(desk):
    rows = [view(desk, row) for row in history.paged(desk, chosen(desk))]
    return rows, ("audit_log_id", "requested", "ip", "cmd_name", "cmd_args", "cmd_result")


CALLS = {
    "GetAuditLog": reads(f"{FILTERS} is_async:bool output decimal_separator with_total_count:bool", get_audit_log),
}
