"""Port requests: listing, drafting, submitting."""

import datetime

from . import checks, metadata, port_life
from .checks import P
from .desk import Answer, Refusal
from .dids import folded
from .geo import CANADA, COUNTRIES, STATES, USA
from .wire import E, row

EDITABLE = ("not_ready", "modified_by_staff", "rejected_by_staff", "rejected_by_provider")
SHOWN = (
    "port_request_id pon status requested_firm_date tentative_date firm_date rejection_reason "
    "current_owner date_created client_subaccount_id friendly_name phone_number_type phone_numbers "
    "phone_numbers_to_keep phone_numbers_to_cancel features capacity organization organization_type "
    "current_provider current_reseller current_reseller_account box_number civic_number street "
    "unit_number city country_id state_id state_other postal_code client_instructions "
    "is_notify_creation notification_client_user_id extra_recipients comments"
).split()
CAPACITIES = ("1-2", "2-5", "5-10", "10-15", "15-25", "25-50", "50+")
SOONEST, LATEST = 3, 15  # business days


def port_id(value):
    return checks.matching(r"\d{1,12}|PON\d{8}")(value)


def submitting(values, params):
    return values.get("send_to_staff") == "1"


def in_north_america(values, params):
    return submitting(values, params) and values.get("country_id") in (CANADA, USA)


def elsewhere(values, params):
    return submitting(values, params) and values.get("country_id") not in (None, "", CANADA, USA)


GET_PORTS = (
    P("port_request_id", port_id),
    P("client_subaccount_id", checks.integer(0)),
    P("current_owner", checks.text(120)),
    P("phone_number", checks.phone),
    P("status", checks.enum(*port_life.ALL_STATES), many=True),
    P("date_from", checks.date),
    P("date_to", checks.date),
)
name_2_60 = checks.alphanumeric(2, 60)
UPDATE_PORT = (
    P("mode", checks.enum("update", "create")),
    P("port_request_id", port_id, need=lambda values, params: values.get("mode") != "create"),
    P("client_subaccount_id", checks.integer(0)),
    P("friendly_name", name_2_60),
    P("phone_number_type", checks.enum("local", "tollfree"), need=submitting),
    P("phone_numbers", checks.nanp, need=submitting, many=True),
    P("phone_numbers_to_keep", checks.nanp, many=True),
    P("phone_numbers_to_cancel", checks.nanp, many=True),
    P("features", checks.enum("sms", "mms", "t38"), many=True),
    P("capacity", checks.enum(*CAPACITIES), need=submitting),
    P("requested_firm_date", checks.date),
    P("organization", name_2_60, need=submitting),
    P("organization_type", checks.enum("personal", "business"), need=submitting),
    P("current_provider", name_2_60, need=submitting),
    P("current_reseller", name_2_60),
    P("current_reseller_account", name_2_60),
    P("box_number", checks.text(20)),
    P("civic_number", checks.integer(1, 999999), need=submitting),
    P("street", checks.alphanumeric(1, 120), need=submitting),
    P("unit_number", checks.integer(0)),
    P("city", checks.alphanumeric(1, 80), need=submitting),
    P("country_id", checks.integer(1), need=submitting),
    P("state_id", checks.integer(1), need=in_north_america),
    P("state_other", checks.alphanumeric(1, 80), need=elsewhere),
    P("postal_code", checks.matching(r"[A-Za-z0-9 -]{3,10}"), need=submitting),
    P("client_instructions", checks.text(2000)),
    P("is_notify_creation", checks.flag),
    P("notification_client_user_id", checks.integer(1), need=submitting),
    P("extra_recipients", checks.email, many=True),
    P("send_to_staff", checks.flag),
    P("comments", checks.text(4000)),
)
LISTS = {"phone_numbers", "phone_numbers_to_keep", "phone_numbers_to_cancel", "features", "extra_recipients"}
FIELDS = [p.name for p in UPDATE_PORT if p.name not in ("mode", "port_request_id", "send_to_staff")]
FILES = ("loa", "bill", "other")


def blank():
    """A draft in which nothing was filled in."""
    values = {name: [] if name in LISTS else "" for name in FIELDS}
    return {**values, "client_subaccount_id": "0", "is_notify_creation": "0", "metadata": ""}


def shown(desk, port):
    values = {name: port.get(name, "") for name in SHOWN}
    values["current_owner"] = port["organization"]
    values["date_created"] = desk.stamp(port["created_at"])
    values["metadata"] = metadata.element(port["metadata"])
    return row("port_request_details", "port_request_id", values)


def fits(desk, port):
    values = desk.values
    wanted = values.get("port_request_id")
    if wanted and wanted not in (str(port["port_request_id"]), port["pon"]):
        return False
    subaccount = values.get("client_subaccount_id")
    if subaccount not in (None, "") and str(subaccount) != str(port["client_subaccount_id"]):
        return False
    if values.get("current_owner") and folded(values["current_owner"]) not in folded(port["organization"]):
        return False
    if values.get("phone_number") and values["phone_number"] not in port["phone_numbers"]:
        return False
    if values.get("status") and port["status"] not in values["status"]:
        return False
    low, high, firm = values.get("date_from"), values.get("date_to"), port["firm_date"]
    if low or high:
        return bool(firm) and (low or "") <= firm <= (high or "9999")
    return True


def get_port_requests(desk):
    ports = sorted(desk.account["ports"].values(), key=lambda port: -port["port_request_id"])
    return [E("port_requests", [shown(desk, port) for port in ports if fits(desk, port)])]


def problems(desk):
    values, found = desk.values, []
    subaccount = values.get("client_subaccount_id")
    if subaccount and str(subaccount) not in desk.account["subaccounts"]:
        found.append("client_subaccount_id_invalid")
    date = values.get("requested_firm_date")
    if date:
        day = datetime.date.fromisoformat(date)
        soonest = port_life.business_day(desk.today(), SOONEST)
        latest = port_life.business_day(desk.today(), LATEST)
        if not soonest <= day <= latest or day.weekday() > 4:
            found.append("requested_firm_date_invalid")
    country, state = values.get("country_id"), values.get("state_id")
    if country and country not in COUNTRIES:
        found.append("country_id_invalid")
    elif state and (state not in STATES or (country and STATES[state][2] != country)):
        found.append("state_id_invalid")
    user = values.get("notification_client_user_id")
    if user and str(user) != desk.account["client_user_id"]:
        found.append("notification_client_user_id_invalid")
    for name in FILES:
        uploads = desk.files.get(name, [])
        if len(uploads) > 1 or any(not upload.data for upload in uploads):
            found.append(f"{name}_invalid")
    return found


def existing(desk):
    wanted = desk.values["port_request_id"]
    for port in desk.account["ports"].values():
        if wanted in (str(port["port_request_id"]), port["pon"]):
            return port
    raise Refusal("port_request_id_invalid")


def created(desk):
    number = desk.new_id("port_request")
    port = {
        **blank(),
        "port_request_id": number,
        "pon": f"PON{number:08d}",
        "status": "not_ready",
        "tentative_date": "",
        "firm_date": "",
        "rejection_reason": "",
        "created_at": desk.now,
        "files": {},
        "history": [],
    }
    desk.account["ports"][str(number)] = port
    return port


def update_port_request(desk):
    creating = desk.values.get("mode") == "create"
    port = None if creating else existing(desk)
    if port and port["status"] not in EDITABLE:
        raise Refusal("status_invalid")
    bad = problems(desk)
    if bad:
        raise Refusal(*bad)
    meta = metadata.from_params(desk.params)
    port = port or created(desk)
    sent = {name: value for name, value in desk.values.items() if name in FIELDS and value != ""}
    port.update({**blank(), **{k: v if isinstance(v, list) else str(v) for k, v in sent.items()}})
    port["metadata"] = meta or ""
    for name in FILES:
        for upload in desk.files.get(name, []):
            port["files"][name] = {"filename": upload.filename, "mime_type": upload.mime_type, "size": len(upload.data)}
    submitted = desk.values.get("send_to_staff") == "1"
    if submitted:
        port_life.submit(desk, port)
    facts = {
        name: port[name] for name in ("port_request_id", "pon", "status", "phone_numbers", "organization", "metadata")
    }
    desk.effect("port_filed" if submitted else "port_saved", **facts, files=port["files"])
    return Answer(
        E("port_request_id", port["port_request_id"]),
        E("pon", port["pon"]),
        E("status", port["status"]),
        messages=["port_request_sent" if submitted else "port_request_saved"],
    )
