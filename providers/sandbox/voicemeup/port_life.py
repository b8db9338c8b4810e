"""How a submitted port request moves: by script over virtual time, or by hand through the control door."""

import datetime
import zlib

from . import inventory
from .desk import Desk

SCRIPT = ("sent_to_staff", "approved_by_staff", "sent_to_provider", "tentative_confirm", "firm_confirm", "completed")
REASONS = {
    "NAME": "Account name mismatch: the name on file with the current provider is different.",
    "BTN": "BTN wrong: the billing telephone number does not belong to this account.",
    "ADDRESS": "Service address mismatch: civic number or street differs from the current provider's record.",
    "ACCOUNT": "Account number wrong: no such account at the current provider.",
    "PIN": "PIN missing or wrong for this account.",
    "LOA": "LOA not acceptable: the signature is missing.",
    "NUMBER": "Number not on account: at least one telephone number is not active with the current provider.",
}
ALL_STATES = (
    "not_ready",
    "sent_to_staff",
    "approved_by_staff",
    "rejected_by_staff",
    "rejected_by_client",
    "expired",
    "sent_to_provider",
    "cancelled_by_client",
    "tentative_confirm",
    "firm_confirm",
    "rejected_by_provider",
    "completed",
    "modified_by_staff",
)


def business_day(day, steps):
    """The day that lies so many business days ahead; holidays are not regarded."""
    while steps:
        day += datetime.timedelta(days=1)
        steps -= day.weekday() < 5
    return day


def enter(desk, port, state, moment):
    port["status"] = state
    port["history"].append({"status": state, "at": moment})
    desk.sandbox.world.touch()


def plan(desk, port, moment):
    """The next step of the script is due one pace from here; a newer plan makes older ones void."""
    port["plan"] = port.get("plan", 0) + 1
    data = {"key": desk.account["key"], "port_request_id": port["port_request_id"], "plan": port["plan"]}
    desk.sandbox.schedule(moment + float(desk.sandbox.settings["port_step_s"]), desk.upstream.slug, "port_step", data)


def submit(desk, port):
    port["rejection_reason"] = port["tentative_date"] = port["firm_date"] = ""
    enter(desk, port, "sent_to_staff", desk.now)
    plan(desk, port, desk.now)


def reason_for(port):
    """An organization named "... REJECT BTN" gets that reason; a bare REJECT gets one of its own."""
    words = port["organization"].upper()
    for word, reason in REASONS.items():
        if f"REJECT {word}" in words:
            return reason
    return list(REASONS.values())[zlib.crc32(port["pon"].encode()) % len(REASONS)]


def happen_step(upstream, data, due):
    account = upstream.state["accounts"][data["key"]]
    port = account["ports"].get(str(data["port_request_id"]))
    if port is None or port.get("plan") != data["plan"] or port["status"] not in SCRIPT[:-1]:
        return
    desk = Desk(upstream, account)
    state = SCRIPT[SCRIPT.index(port["status"]) + 1]
    if state == "tentative_confirm" and "REJECT" in port["organization"].upper():
        state = "rejected_by_provider"
    arrive(desk, port, state, due)
    if state in SCRIPT[:-1]:
        plan(desk, port, due)


def arrive(desk, port, state, moment, **given):
    """Enter a state with what belongs to it; what is given wins over what the script would say."""
    day = desk.local(moment).date()
    if state == "tentative_confirm":
        port["tentative_date"] = port["requested_firm_date"] or business_day(day, 5).isoformat()
    elif state == "firm_confirm":
        wanted = port["tentative_date"] or port["requested_firm_date"]
        port["firm_date"] = wanted or business_day(day, 5).isoformat()
    elif state in ("rejected_by_provider", "rejected_by_staff"):
        port["rejection_reason"] = reason_for(port)
    port.update({name: value for name, value in given.items() if value is not None})
    enter(desk, port, state, moment)
    facts = {name: port[name] for name in ("port_request_id", "pon", "status", "tentative_date", "firm_date")}
    desk.effect("port_moved", **facts, rejection_reason=port["rejection_reason"])
    if state == "completed":
        complete(desk, port)


def complete(desk, port):
    """The numbers are ours now."""
    for number in port["phone_numbers"]:
        if number in desk.upstream.by_number:
            continue
        did = inventory.add_number(
            desk,
            number,
            type=port["phone_number_type"] or "local",
            client_subaccount_id=str(port["client_subaccount_id"] or "0"),
            sms_support="1" if "sms" in port["features"] else "0",
            mms_support="1" if "mms" in port["features"] else "0",
        )
        desk.effect("did_ported", client_did_id=did["client_did_id"], phone_number=number, pon=port["pon"])


def move_by_hand(upstream, body):
    """The control door: put one request into any state. It stays there unless told "script": true."""
    wanted = str(body.get("port_request_id") or body.get("pon") or "")
    for account in upstream.state["accounts"].values():
        for port in account["ports"].values():
            if wanted in (str(port["port_request_id"]), port["pon"]):
                return moved(Desk(upstream, account), port, body)
    raise KeyError(f"no port request {wanted}")


def moved(desk, port, body):
    state = body["status"]
    if state not in ALL_STATES:
        raise ValueError(f"unknown status {state!r}; known: {', '.join(ALL_STATES)}")
    given = {name: body.get(name) for name in ("tentative_date", "firm_date", "rejection_reason", "comments")}
    arrive(desk, port, state, desk.now, **given)
    port["plan"] = port.get("plan", 0) + 1
    if state in SCRIPT[:-1] and body.get("script"):
        plan(desk, port, desk.now)
    return {"account": desk.account["key"], **port}
