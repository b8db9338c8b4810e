"""Calls: sessions with their calls, recordings and other use."""

import datetime
import json

from . import wire
from .accounts import with_children
from .desk import exact
from .making import full_name
from .refusals import Refusal
from .spec import reads, writes
from .values import ALL

MOST, FARTHEST, DAYS = 1000, 10000, 366
MONTH = datetime.timedelta(days=31)
FILTERS = (
    "from_date:time to_date:time call_session_history_id:ints application_id:int|application_name rule_name "
    "remote_number:words local_number:words call_session_history_custom_data desc_order:bool with_header:bool"
)
MORE = (
    "min_duration:int max_duration:int user_id:ints remote_number_list with_calls:bool with_records:bool "
    "with_other_resources:bool child_account_id:ints children_calls_only:bool count:int offset:int"
)
COLUMNS = ("call_session_history_id", "start_date", "duration", "application_name", "rule_name", "finish_reason")


def period(desk):
    """(start, end) in the account's zone; the last month where nothing was said."""
    low, high = desk.get("from_date"), desk.get("to_date")
    now = datetime.datetime.fromtimestamp(desk.now, desk.zone).replace(tzinfo=None)
    high = high or now
    low = low or high - MONTH
    if low > high:
        raise Refusal(123)
    if (high - low).days > DAYS:
        raise Refusal(569, DAYS)
    return wire.epoch(low, desk.zone), wire.epoch(high, desk.zone)


def within(desk, rows, member="at"):
    """Rows of the period, in the order asked for."""
    start, end = period(desk)
    rows = [row for row in rows if start <= row[member] <= end]
    return sorted(rows, key=lambda row: row[member], reverse=bool(desk.get("desc_order")))


def sessions(desk):
    rows = []
    for account in with_children(desk, "children_calls_only"):
        rows += [{**row, "account_id": account["account_id"]} for row in account["sessions"]]
    asked = desk.get("call_session_history_id")
    if isinstance(asked, list) and len(asked) > MOST:
        raise Refusal(150, "call_session_history_id")
    return [row for row in within(desk, rows) if wanted(desk, row)]


def wanted(desk, row):
    least, most = desk.get("min_duration", 0), desk.get("max_duration", float("inf"))
    app = desk.get("application_name")
    return (
        len(desk.matching([row], "application_id", "user_id", "rule_name", call_session_history_id="session_id"))
        and least <= row["duration"] <= most
        and (app is None or row["application_name"] == full_name(desk.account, app))
        and row["custom_data"] == desk.get("call_session_history_custom_data", row["custom_data"])
        and has_number(row, "remote", remote_numbers(desk))
        and has_number(row, "local", desk.get("local_number"))
    )


def remote_numbers(desk):
    """The list as JSON in a text wins over the plain one."""
    try:
        listed = json.loads(desk.get("remote_number_list") or "[]")
    except ValueError:
        raise Refusal(496, "remote_number_list") from None
    return [str(one) for one in listed] or desk.get("remote_number")


def has_number(row, side, numbers):
    return numbers is None or any(call[side] in numbers for call in row["calls"])


def get_call_history(desk):
    answer = desk.page([view(desk, row) for row in sessions(desk)], most=MOST, farthest=FARTHEST)
    return counted(desk, answer)


def counted(desk, answer):
    """What histories say beside their rows; leaving the total out is the fast form."""
    if desk.get("with_total_count") is False:
        answer.pop("total_count")
    return {**answer, "timezone": str(desk.zone)}


def view(desk, row):
    """CallSessionInfo."""
    shown = {
        "audio_quality": "Standard",
        **{name: row[name] for name in ("rule_name", "application_name", "application_id", "account_id", "user_id")},
        "call_session_history_id": row["session_id"],
        "start_date": wire.moment(row["at"], desk.zone),
        "duration": row["duration"],
        "initiator_address": row["address"],
        "media_server_address": "203.0.113.8",
        "log_file_url": f"https://logs.example/{row['session_id']}.log",
        "finish_reason": row["finish"],
        "custom_data": row["custom_data"],
    }
    if desk.get("with_calls"):
        shown["calls"] = [call(desk, one) for one in row["calls"]]
    if desk.get("with_records"):
        shown["records"] = [record(desk, one) for one in row["records"]]
    if desk.get("with_other_resources"):
        shown["other_resource_usage"] = [resource(desk, one) for one in row["resources"]]
    return wire.known(shown)


def call(desk, one):
    """CallInfo."""
    return {
        "call_id": one["call_id"],
        "start_time": wire.moment(one["at"], desk.zone),
        "duration": one["duration"],
        "local_number": one["local"],
        "remote_number": one["remote"],
        "remote_number_type": one["type"],
        "incoming": one["incoming"],
        "successful": one["successful"],
        "transaction_id": one["transaction_id"],
        "record_url": one["record_url"],
        "media_server_address": "203.0.113.8",
        "cost": exact(one["cost"]),
        "end_reason": "200 OK" if one["successful"] else "486 Busy Here",
        "diversion_number": "",
        "custom_data": "",
    }


def record(desk, one):
    """Record."""
    return {
        "record_id": one["record_id"],
        "record_name": f"record {one['record_id']}",
        "cost": exact(one["cost"]),
        "start_time": wire.moment(one["at"], desk.zone),
        "duration": one["duration"],
        "record_url": one["url"],
        "transaction_id": one["transaction_id"],
        "file_size": one["duration"] * 4000,
        "transcription_url": "",
        "transcription_status": "Not required",
    }


def resource(desk, one):
    """ResourceUsage."""
    return {
        "resource_usage_id": one["resource_id"],
        "resource_type": one["type"],
        "cost": exact(one["cost"]),
        "description": one["type"].lower(),
        "used_at": wire.moment(one["at"], desk.zone),
        "transaction_id": one["transaction_id"],
        "resource_quantity": one["quantity"],
        "unit": "sec",
    }


def delete_record(desk):
    url, number = desk.get("record_url"), desk.get("record_id")
    if url is None and number is None:
        raise Refusal(485, "record_url', 'record_id")
    for row in desk.account["sessions"]:
        found = next((one for one in row["records"] if one["record_id"] == number or one["url"] == url), None)
        if found:
            row["records"].remove(found)
            for one in row["calls"]:
                one["record_url"] = "" if one["record_url"] == found["url"] else one["record_url"]
            desk.effect("record_deleted", record_id=found["record_id"])
            return {"result": 1}
    raise Refusal(341)


def as_table(desk):
    """The sessions as the lines of a report."""
    names = (*COLUMNS, "calls")
    rows = sessions(desk)
    shown = [{**view(desk, row), "calls": len(row["calls"])} for row in paged(desk, rows)]
    return shown, names


def paged(desk, rows):
    offset, count = desk.get("offset", 0), desk.get("count")
    return rows[offset:] if count is None or count == ALL else rows[offset : offset + count]


CALLS = {
    "GetCallHistory": reads(f"{FILTERS} {MORE} is_async:bool output with_total_count:bool", get_call_history),
    "DeleteRecord": writes("record_url record_id:int", delete_record),
}
