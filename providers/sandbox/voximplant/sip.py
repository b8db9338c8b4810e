"""Registrations at other SIP servers."""

import re

from . import applications, callbacks, ledger, prices, wire
from . import values as reading
from .applications import rule_of
from .charging import next_month
from .refusals import Refusal
from .spec import reads, writes

REGISTERING_S = 2
BINDING = "application_id:int|application_name rule_id:int|rule_name user_id:int|user_name"
FIELDS = "auth_user outbound_proxy password"
LIST = (
    "sip_registration_id:int sip_username deactivated:bool successful:bool is_persistent:bool "
    "application_id:ints|application_name:words is_bound_to_application:bool rule_id:ints|rule_name:words "
    "user_id:ints|user_name:words proxy:words in_progress:bool status_code count:int offset:int"
)
HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?")
WRONG = "invalid"  # a proxy with this in its name answers nothing


def check(desk):
    if desk.get("sip_username") is not None and not re.fullmatch(r"[^\s@]{1,255}", desk.get("sip_username")):
        raise Refusal(273, "username")
    for name in ("proxy", "outbound_proxy"):
        if desk.get(name) and not HOST.fullmatch(desk.get(name)):
            raise Refusal(274, "proxy")


def binding(desk):
    """What calls of a registration go to, as far as it was said."""
    app = applications.app_of(desk, needed=False)
    rule, user = rule_of(desk, app), user_of(desk)
    found = (("application_id", app), ("rule_id", rule), ("user_id", user))
    return {name: row[name] for name, row in found if row}


def user_of(desk):
    number, name = desk.get("user_id"), desk.get("user_name")
    if number is None and name is None:
        return None
    for user in desk.account["users"]:
        if user["user_id"] == number or user["user_name"] == name:
            return user
    raise reading.invalid("user_id")


def create_sip_registration(desk):
    check(desk)
    if len(desk.account["sips"]) >= desk.account["profile"]["max_sip_registrations"]:
        raise Refusal(272)
    more, price = binding(desk), prices.local(desk.account, prices.SIP_REGISTRATION)
    number, what = desk.new_id("sip"), f"SIP registration {desk.get('sip_username')}"
    subscription = desk.new_id("subscription")
    ledger.charge(desk, "sip_registration_charge", price, what, subscription_id=subscription)
    row = {
        **blank(number, desk.now),
        **desk.given("sip_username", "proxy", "auth_user", "outbound_proxy", "password", "is_persistent"),
        **more,
        "subscription_id": subscription,
    }
    desk.account["sips"].append(row)
    begin(desk, row)
    desk.effect("sip_registration_created", sip_registration_id=number)
    return {"result": 1, "sip_registration_id": number, "account_info": ledger.short(desk.account)}


def blank(number, now):
    today = reading.date(wire.day(now))
    return {
        "sip_registration_id": number,
        "auth_user": "",
        "outbound_proxy": "",
        "password": "",
        "is_persistent": True,
        "deactivated": False,
        "status_code": None,
        "error": "",
        "updated": int(now),
        "bought": int(now),
        "price": prices.SIP_REGISTRATION,
        "next_renewal": next_month(today).isoformat(),
        "application_id": None,
        "rule_id": None,
        "user_id": None,
    }


def begin(desk, row):
    """The first answer of the other server comes in a moment."""
    row["status_code"] = None
    data = {"account_id": desk.account["account_id"], "sip_registration_id": row["sip_registration_id"]}
    desk.sandbox.schedule(desk.now + REGISTERING_S, desk.upstream.slug, "sip_answer", data)


def happen_answer(upstream, data, due):
    account = upstream.account(data["account_id"])
    row = next((r for r in account["sips"] if r["sip_registration_id"] == data["sip_registration_id"]), None)
    if row is None:
        return
    was, good = row.get("good"), WRONG not in row["proxy"]
    row.update(
        status_code=200 if good else 503, error="" if good else "Service Unavailable", updated=int(due), good=good
    )
    upstream.sandbox.world.touch()
    told = {"sip_registration_id": row["sip_registration_id"]}
    if not good:
        told |= {"status_code": "503", "error_message": row["error"]}
        callbacks.send(upstream, account, "sip_registration_fail", {"sip_registrations": [told]}, due)
    elif was is False:
        callbacks.send(upstream, account, "sip_registration_recovered", {"sip_registrations": [told]}, due)


def update_sip_registration(desk):
    row = desk.one(desk.account["sips"], "sip_registration_id")
    check(desk)
    more = binding(desk)
    if "user_id" in more and row["is_persistent"]:
        raise Refusal(394)
    row.update(desk.given("sip_username", "proxy", "auth_user", "outbound_proxy", "password"), **more)
    begin(desk, row)
    desk.effect("sip_registration_changed", sip_registration_id=row["sip_registration_id"])
    return {"result": 1}


def bind_sip_registration(desk):
    """Without a registration all of the account's are meant."""
    rows = desk.account["sips"]
    if "sip_registration_id" in desk.values:
        rows = [desk.one(rows, "sip_registration_id")]
    more = binding(desk)
    for row in rows:
        bound = more if desk.get("bind", True) else dict.fromkeys(more or ("application_id", "rule_id", "user_id"))
        row.update(bound)
        desk.effect("sip_registration_bound", sip_registration_id=row["sip_registration_id"], **bound)
    return {"result": 1}


def delete_sip_registration(desk):
    row = desk.one(desk.account["sips"], "sip_registration_id")
    desk.account["sips"].remove(row)
    desk.effect("sip_registration_deleted", sip_registration_id=row["sip_registration_id"])
    return {"result": 1}


def get_sip_registrations(desk):
    rows = [view(desk.account, row) for row in desk.account["sips"]]
    names = ("sip_registration_id", "sip_username", "deactivated", "successful", "is_persistent", "application_id")
    rows = desk.matching(rows, *names, "application_name", "rule_id", "rule_name", "user_id", "user_name", "proxy")
    bound = desk.get("is_bound_to_application")
    rows = [row for row in rows if bound is None or ("application_id" in row) == bound]
    rows = [
        row for row in rows if desk.get("in_progress") is None or ("status_code" not in row) == desk.get("in_progress")
    ]
    answer = desk.page([row for row in rows if has_code(desk, row.get("status_code"))])
    return {"result": answer["result"], "count": answer["count"]}


def has_code(desk, code):
    """`a;b`, ranges `a:b`, or both."""
    if not desk.get("status_code"):
        return True
    for part in desk.get("status_code").split(";"):
        ends = part.split(":")
        if not all(end.isdigit() for end in ends):
            raise Refusal(496, "status_code")
        if code is not None and int(ends[0]) <= code <= int(ends[-1]):
            return True
    return False


def named(rows, member, number, name):
    row = next((row for row in rows if row[member] == number), None)
    return {member: number, name: row[name]} if row else {}


def view(account, row):
    """SIPRegistration; the price is a text here, and the last change in seconds."""
    names = ("sip_registration_id", "sip_username", "proxy", "auth_user", "outbound_proxy", "deactivated")
    return wire.known(
        {
            **{name: row[name] for name in (*names, "is_persistent", "status_code")},
            "successful": row["status_code"] == 200,
            "error_message": row["error"],
            "last_updated": row["updated"],
            "next_subscription_renewal": row["next_renewal"],
            "purchase_date": wire.moment(row["bought"]),
            "subscription_price": str(prices.local(account, row["price"]).normalize()),
            **named(account["applications"], "application_id", row["application_id"], "application_name"),
            **named(account["rules"], "rule_id", row["rule_id"], "rule_name"),
            **named(account["users"], "user_id", row["user_id"], "user_name"),
        }
    )


CALLS = {
    "CreateSipRegistration": writes(
        f"sip_username! proxy! {FIELDS} is_persistent:bool {BINDING}", create_sip_registration
    ),
    "UpdateSipRegistration": writes(
        f"sip_registration_id:int! sip_username proxy {FIELDS} {BINDING}", update_sip_registration
    ),
    "BindSipRegistration": writes(f"sip_registration_id:int {BINDING} bind:bool", bind_sip_registration),
    "DeleteSipRegistration": writes("sip_registration_id:int!", delete_sip_registration),
    "GetSipRegistrations": reads(LIST, get_sip_registrations),
}
