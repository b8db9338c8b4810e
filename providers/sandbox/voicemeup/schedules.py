"""Office hours: days and shifts, with exceptions by month and day; and the voice menus that use them."""

import json
import re

from . import checks, structures
from .checks import P
from .desk import Refusal
from .things import Kind, judged, listing, save, saving, updating
from .wire import E, fields

TIME_ZONES = {1: "America/Toronto", 2: "America/Halifax", 3: "America/Winnipeg", 4: "America/Edmonton"}
TIME_ZONES |= {5: "America/Vancouver", 6: "America/St_Johns", 7: "America/Regina", 8: "Europe/Paris"}
SCHEDULE_DEFAULTS = {
    "client_subaccount_id": "0",
    "friendly_name": "",
    "comments": "",
    "time_zone_id": "",
    "range_date": "daily",
    "shift_start_date": "",
    "business_hours": "",
    "status": "enabled",
}
CLOCK = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d"
GET_SCHEDULES = (P("client_schedule_id", checks.integer(1)), P("client_subaccount_id", checks.integer(0)))


def business_hours(value):
    """Exceptions only: {"month4": {"day22": [{"start": ..., "end": ..., "type": "exception"}]}}."""
    found = checks.structure(value)
    if not isinstance(found, dict) or not all(good_month(month, days) for month, days in found.items()):
        raise checks.Bad
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False)


def good_month(month, days):
    return (
        bool(re.fullmatch(r"month([1-9]|1[0-2])", month))
        and isinstance(days, dict)
        and all(map(good_day, days.items()))
    )


def good_day(item):
    day, spans = item
    return (
        bool(re.fullmatch(r"day([1-9]|[12]\d|3[01])", day)) and isinstance(spans, list) and all(map(good_span, spans))
    )


def good_span(span):
    if not isinstance(span, dict) or span.get("type") != "exception":
        return False
    ends = (str(span.get("start", "")), str(span.get("end", "")))
    return all(re.fullmatch(CLOCK, end, re.ASCII) for end in ends) and ends[0] < ends[1]


UPDATE_SCHEDULE = (
    P("mode", checks.enum("update", "create")),
    P("client_schedule_id", checks.integer(1), need=updating),
    P("client_subaccount_id", checks.integer(0)),
    P("friendly_name", checks.alphanumeric(2, 60), required=True),
    P("comments", checks.text()),
    P("time_zone_id", checks.enum(*(str(number) for number in TIME_ZONES))),
    P("range_date", checks.enum("daily", "weekly", "custom")),
    P("shift_start_date", checks.date),
    P("business_hours", business_hours),
    P("status", checks.enum("enabled", "disabled")),
)
SHIFT = (P("status", checks.enum("on", "off"), required=True), P("days", checks.integer(1, 366), required=True))


def update_schedule(desk):
    rows, codes = structures.checked(structures.entries(desk.params, "shift") or [], SHIFT)
    if codes:
        raise Refusal(*codes)
    wanted, old = judged(SCHEDULES, desk)
    zones = {name: str(number) for number, name in TIME_ZONES.items()}
    wanted["time_zone_id"] = wanted["time_zone_id"] or zones.get(desk.account["time_zone"], "1")
    wanted["shift_start_date"] = wanted["shift_start_date"] or desk.today().isoformat()
    return save(SCHEDULES, desk, {**wanted, "shift": [structures.stored(values) for values in rows]}, old)


def parts(desk, schedule):
    return [E("shift", fields(shift)) for shift in schedule.get("shift", ())]


SCHEDULES = Kind(
    store="schedules",
    thing="schedule",
    id_field="client_schedule_id",
    wrapper="schedules",
    defaults=SCHEDULE_DEFAULTS,
    parts=parts,
)
get_schedules = listing(SCHEDULES)

IVR_DEFAULTS = {
    "client_subaccount_id": "0",
    "friendly_name": "",
    "default_language": "",
    "pre_ivr_extension": "0",
    "pre_ivr_delay": "10",
    "client_office_hour_id": "0",
    "client_moh_profile_id": "0",
    "options": [],
    "status": "enabled",
    "comments": "",
}
GET_IVR = (P("client_ivr_profile_id", checks.integer(1)), P("client_subaccount_id", checks.integer(0)))
UPDATE_IVR = (
    P("mode", checks.enum("update", "create")),
    P("client_ivr_profile_id", checks.integer(1), need=updating),
    P("client_subaccount_id", checks.integer(0)),
    P("friendly_name", checks.alphanumeric(2, 60), required=True),
    P("default_language", checks.enum("en", "fr")),
    P("pre_ivr_extension", checks.integer(0)),
    P("pre_ivr_delay", checks.enum("2", "5", "10", "15", "20", "25", "30")),
    P("client_office_hour_id", checks.integer(0)),
    P("client_moh_profile_id", checks.integer(0)),
    P("options", checks.enum("enable_directory", "disable_moh"), many=True),
    P("status", checks.enum("enabled", "disabled"), required=True),
    P("comments", checks.text()),
)
IVRS = Kind(
    store="ivr_profiles",
    thing="ivr_profile",
    id_field="client_ivr_profile_id",
    wrapper="ivr_profiles",
    defaults=IVR_DEFAULTS,
    metadata=True,
)
get_ivr_profiles, update_ivr_profile = listing(IVRS), saving(IVRS)
