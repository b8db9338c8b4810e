"""Texts: sending, the log of a number, do-not-contact lists and who asked to be left alone."""

import datetime
import re

from .. import lag
from ..network import Text
from . import checks
from .checks import P
from .desk import SMS_PRICE, TEXT, Refusal

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€")
LONGEST = 10  # segments
LISTS = [str(number) for number in range(1, 10)]
FAILING = "0199"  # destinations with this ending never get their texts
STOP = re.compile(r"\W*(stop|arr[eê]t)\W*", re.IGNORECASE)
DEFAULT_LIMIT = 100
ECHO = "2635550198"  # whoever it is that the document's sample answers with

SEND = (
    P("journalId", checks.text(64), required=True),
    P("dnclId", checks.integer(0, 9), required=True),
    P("didNumber", checks.nanp, required=True),
    P("receiver", checks.nanp, required=True),
    P("message", checks.any_text, required=True),
    P("dnclOverride", checks.yes_no, default=False),
)
LOG = (
    P("didNumber", checks.nanp, required=True),
    P("from", checks.moment),
    P("to", checks.moment),
    P("limit", checks.integer(1, 999_999_999), default=DEFAULT_LIMIT),
    P("direction", checks.integer(0, 1)),
)
DO_NOT_CONTACT = (
    P("dnclId", checks.integer(0, 9), required=True),
    P("number", checks.nanp, required=True),
    P("optIn", checks.yes_no, default=False),
)


def segments(text):
    """How many texts a message is billed as."""
    if all(c in GSM or c in GSM_TWICE for c in text):
        length, single, joined = sum(2 if c in GSM_TWICE else 1 for c in text), 160, 153
    else:
        length, single, joined = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= single else -(-length // joined)


def own_number(desk):
    number = desk.values["didNumber"]
    if number not in desk.account["dids"]:
        raise Refusal("Invalid parameter: didNumber")
    return number


def listed(account, list_id, number):
    """List 0 is any list."""
    lists = LISTS if list_id == 0 else [str(list_id)]
    return any(number in account["dnc"][one] for one in lists)


def send_sms(desk):
    values, here = desk.values, own_number(desk)
    parts = segments(values["message"])
    if parts > LONGEST:
        raise Refusal("Invalid parameter: message")
    if not values["dnclOverride"] and listed(desk.account, values["dnclId"], values["receiver"]):
        raise Refusal("Number is on the do not contact list")
    desk.need(SMS_PRICE * parts)
    row = new_row(desk, here, "0", "1" + values["receiver"], values["message"], desk.now, journal=values["journalId"])
    desk.charge(SMS_PRICE * parts, TEXT, f"Texto: {here} vers {values['receiver']}")
    desk.effect(
        "sms_sent",
        id=row["id"],
        journal_id=values["journalId"],
        source=here,
        destination=values["receiver"],
        message=values["message"],
        segments=parts,
    )
    if not values["receiver"].endswith(FAILING) and not desk.sandbox.network.refuses(f"+1{values['receiver']}"):
        text = Text(f"+1{here}", f"+1{values['receiver']}", values["message"], origin=desk.upstream.slug)
        desk.sandbox.network.send(text, desk.now + float(desk.sandbox.settings["sms_completed_s"]))
    return {"SMS": {"Id": str(row["id"])}}


def new_row(desk, did, direction, number, message, at, **more):
    row = {
        "id": desk.upstream.new_id("sms"),
        "at": at,
        "did": did,
        "number": number,
        "message": message,
        "direction": direction,
        **more,
    }
    desk.account["sms"].append(row)
    desk.sandbox.world.touch()
    return row


def get_sms(desk):
    """The newest of those that fit, the newest last."""
    here, values = own_number(desk), desk.values
    low = desk.epoch(values["from"]) if values["from"] else 0
    high = desk.epoch(values["to"]) + 1 if values["to"] else float("inf")
    direction = None if values["direction"] is None else str(values["direction"])
    rows = [
        row
        for row in desk.account["sms"]
        if row["did"] == here
        and low <= row["at"] < high
        and direction in (None, row["direction"])
        and not lag.hidden(desk.call, row["at"], desk.now, row["id"])
    ]
    return {"SMSes": [shown(desk, row) for row in sorted(rows, key=lambda row: row["at"])[-values["limit"] :]]}


def shown(desk, row):
    return {
        "Id": str(row["id"]),
        "Date": desk.stamp(row["at"]),
        "Number": row["number"],
        "Message": row["message"],
        "Direction": row["direction"],
    }


def set_do_not_contact(desk):
    values, account = desk.values, desk.account
    for one in LISTS if values["dnclId"] == 0 else [str(values["dnclId"])]:
        put(account["dnc"][one], values["number"], not values["optIn"])
    desk.effect("do_not_contact_set", list=values["dnclId"], number=values["number"], opt_in=values["optIn"])
    shown_number = ECHO if desk.upstream.quirks else "1" + values["number"]
    return {"DoNotContact": {"PhoneNumber": shown_number, "OptIn": "yes" if values["optIn"] else "no"}}


def put(numbers, number, wanted):
    """Have a number in a list, or not."""
    if wanted and number not in numbers:
        numbers.append(number)
    elif not wanted and number in numbers:
        numbers.remove(number)


def get_stops(desk):
    """Newest first, as in the document's sample; both days belong to the range."""
    low, high = desk.values["from"], desk.values["to"]
    start = desk.at(low) if low else 0
    end = desk.at(high + datetime.timedelta(days=1)) if high else float("inf")
    rows = [row for row in desk.account["stops"] if start <= row["at"] < end]
    rows.sort(key=lambda row: row["at"], reverse=True)
    return {"Stops": [{"Received": desk.stamp(row["at"]), "PhoneNumber": row["number"]} for row in rows]}


def receive(desk, did, source, message, moment):
    """A text has come; STOP and ARRET put its sender on every do-not-contact list."""
    row = new_row(desk, did, "1", source, message, moment)
    desk.effect("sms_received", id=row["id"], source=source, destination=did, message=message)
    if STOP.fullmatch(message):
        desk.account["stops"].append({"at": moment, "number": source})
        for one in LISTS:
            put(desk.account["dnc"][one], source[-10:], True)
        desk.effect("stop_received", number=source)
    return row
