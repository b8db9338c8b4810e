"""Texts: two-way ones of rented numbers, one-way ones of sender names, and their logs."""

import re

from . import checks, ledger, prices, sms_life, wire
from .desk import exact
from .refusals import Refusal
from .spec import reads, writes

SENDERS = ("Owner", "Admin", "Developer", "CallsSMS")
READERS = ("Owner", "Admin", "Developer", "Supervisor", "Accountant", "CallsSMS")
LOG = "message_id:ints source_number destination_number"
PERIOD = "count:int offset:int from_date:time to_date:time output=json,csv,xls"
PAGE = 1000
DAYS = 366
MOST_AT_ONCE = 100
DELIVERY = ("QUEUED", "DISPATCHED", "ABORTED", "REJECTED", "DELIVERED", "FAILED", "EXPIRED", "UNKNOWN")
TABLES = {"csv": ",", "xls": "\t"}


def number_of(desk, digits, code):
    row = next((row for row in desk.account["numbers"] if row["phone_number"] == digits), None)
    if row is None:
        raise Refusal(code, "source" if code == 422 else "phone_number")
    return row


def send_sms_message(desk):
    row = number_of(desk, desk.get("source").lstrip("+"), 422)
    destination = checks.digits(desk.get("destination").lstrip("+"), 423, "destination")
    if not row["sms_enabled"] or row["deactivated"]:
        raise Refusal(386)
    sms_life.no_resend(desk, row["phone_number"], destination, desk.get("sms_body"))
    parts = sms_life.fragments(desk.get("sms_body"))
    cost = prices.local(desk.account, prices.SMS_OUT) * parts
    paid = ledger.charge(desk, "resource_charge", cost, f"SMS to {destination}", resource_type="SMSOUT")
    keep = desk.get("store_body", False) or desk.account["bodies"]["store_outbound_sms"]
    sms = {
        **sms_life.row(desk, "OUT", row["phone_number"], destination, desk.get("sms_body"), cost, paid),
        "status_id": "3",
        "kept": keep,
    }
    desk.account["sms"].append(sms)
    desk.effect(
        "sms_sent", message_id=sms["message_id"], source=sms["source"], destination=destination, message=sms["text"]
    )
    sms_life.step(desk, "sms", sms, "sms_completed_s")
    return {"result": 1, "message_id": sms["message_id"], "fragments_count": parts}


def a2p_send_sms(desk):
    sender, numbers = desk.get("src_number"), desk.get("dst_numbers")
    if sender not in desk.account.get("senders", ()):
        raise Refusal(507, "src_number")
    if not desk.account["profile"]["a2p_sms_enabled"]:
        raise Refusal(509, sender)
    if not 1 <= len(numbers) <= MOST_AT_ONCE:
        raise Refusal(496, "dst_numbers")
    if not desk.get("text").strip():
        raise Refusal(508, "text")
    parts, good = sms_life.fragments(desk.get("text")), [n for n in numbers if re.fullmatch(r"\d{10,15}", n)]
    if desk.fault("partial_success") is not None:
        good = good[: len(good) // 2]
    cost = prices.local(desk.account, prices.A2P) * parts
    if desk.sandbox.settings["charge"] and not ledger.affordable(desk.account, cost * len(good)):
        raise Refusal(127)
    made = [one_way(desk, sender, number, cost) for number in good]
    failed = [
        {"destination_number": n, "error_description": "No route for this number", "error_code": 506}
        for n in numbers
        if n not in good
    ]
    return {"result": made, "failed": failed, "fragments_count": parts}


def one_way(desk, sender, number, cost):
    paid = ledger.charge(desk, "resource_charge", cost, f"A2P SMS to {number}", resource_type="A2P_SMS_E212")
    sms = {
        **sms_life.row(desk, "OUT", sender, number, desk.get("text"), cost, paid),
        "status_id": "1",
        "delivery": "QUEUED",
        "kept": desk.get("store_body", False) or desk.account["bodies"]["store_outbound_sms"],
    }
    desk.account["a2p"].append(sms)
    desk.effect("sms_sent", message_id=sms["message_id"], source=sender, destination=number, message=sms["text"])
    sms_life.step(desk, "a2p", sms, "sms_completed_s")
    return {"message_id": sms["message_id"], "destination_number": number}


def control_sms(desk):
    row = number_of(desk, desk.get("phone_number"), 121)
    row["sms_enabled"] = desk.get("command") == "enable"
    row["modified"] = int(desk.now)
    desk.effect("sms_switched", phone_number=row["phone_number"], enabled=row["sms_enabled"])
    return {"result": 1}


# -- logs


def logged(desk, rows):
    """The rows asked for, newest last; faults may hide the young ones."""
    low, high = desk.get("from_date"), desk.get("to_date")
    if low and high and (high - low).days > DAYS:
        raise Refusal(569, DAYS)
    rows = desk.between(rows, "at", "from_date", "to_date")
    rows = desk.matching(rows, "message_id", source_number="source", destination_number="destination")
    rows = [row for row in rows if not hidden(desk, row)]
    return sorted(rows, key=lambda row: row["at"], reverse=True)


def hidden(desk, row):
    """Rows that the log does not show yet, by a fault rule."""
    lag = desk.fault("log_lag")
    if lag is None:
        lag = desk.fault("hide_log")
    if lag is None or desk.now - row["at"] >= float(lag.get("seconds", 30)):
        return False
    return row["message_id"] * 37 % 100 < float(lag.get("share", 1)) * 100


def get_sms_history(desk):
    direction = desk.get("direction", "").upper()
    if direction not in ("", "IN", "OUT"):
        raise Refusal(470, "direction")
    rows = [row for row in logged(desk, desk.account["sms"]) if direction in ("", row["direction"])]
    return shown(desk, rows, two_way)


def a2p_get_sms_history(desk):
    wanted = desk.get("delivery_status")
    if wanted is not None and not 1 <= wanted <= len(DELIVERY):
        raise Refusal(496, "delivery_status")
    rows = logged(desk, desk.account["a2p"])
    return shown(desk, [row for row in rows if wanted in (None, DELIVERY.index(row["delivery"]) + 1)], a2p)


def shown(desk, rows, view):
    answer = desk.page([view(desk, row) for row in rows], PAGE, most=PAGE)
    output = desk.get("output", "json")
    if output != "json":
        names = list(dict.fromkeys(name for row in answer["result"] for name in row))
        return wire.file(wire.table(answer["result"], names, delimiter=TABLES[output]))
    return {"result": answer["result"], "total_count": answer["total_count"]}


def common(desk, row, moment):
    return {
        "message_id": row["message_id"],
        "source_number": row["source"],
        "destination_number": row["destination"],
        "fragments": row["fragments"],
        "cost": exact(row["cost"]),
        "status_id": row["status_id"],
        "error_message": row.get("error"),
        moment: stamp(desk, row["at"]),
        "transaction_id": row["transaction_id"],
        "text": row["text"] if row["kept"] else None,
    }


def stamp(desk, at):
    """A moment; only a day for who reads with the newest library, which can read nothing else here."""
    moment = wire.moment(at)
    return moment[:10] if desk.upstream.quirks or desk.account["sms_dates"] == "date" else moment


def two_way(desk, row):
    """SmsHistory."""
    shown = {**common(desk, row, "processed_date"), "sms_id": row["message_id"], "direction": row["direction"]}
    return wire.known(shown)


def a2p(desk, row):
    """A2PSmsHistory."""
    return wire.known({**common(desk, row, "processing_date"), "delivery_status": row["delivery"]})


CALLS = {
    "SendSmsMessage": writes("source! destination! sms_body! store_body:bool", send_sms_message, *SENDERS),
    "A2PSendSms": writes("src_number! dst_numbers:words! text! store_body:bool", a2p_send_sms, "CallsSMS"),
    "ControlSms": writes(
        "phone_number! command=enable,disable!", control_sms, "Owner", "Admin", "Developer", "Accountant"
    ),
    "GetSmsHistory": reads(f"{LOG} direction {PERIOD}", get_sms_history, *READERS),
    "A2PGetSmsHistory": reads(f"{LOG} {PERIOD} delivery_status:int", a2p_get_sms_history),
}
