"""Calls: two phones joined, spoken messages, conference bridges, and the numbers that may be called back."""

import re

from . import calling, checks
from .checks import P
from .desk import CALL_PRICES, LOOKUP, LOOKUP_PRICE, TTS_PRICE, Refusal
from .plan import facts

LOOK_UP = (P("number", checks.ten_digits, required=True),)
CALLBACK = (P("caller", checks.nanp, required=True), P("receiver", checks.nanp, required=True))
CALLBACK_NUMBER = (P("id", checks.integer(1, 3), required=True), P("number", checks.nanp, required=True))
CONFERENCE = (
    P("date", checks.day, required=True),
    P("duration", checks.integer(1, 1440), required=True),
    P("isWebCollabEnabled", checks.yes_no, default=False),
)
RETRIES, MINUTES = checks.integer(0, 10), checks.integer(1, 1440)
TTS = (
    P("msgId", checks.integer(1, 999_999), required=True),
    P("number", checks.nanp, required=True),
    P("lang", checks.language, default="en"),
    P("cbRetries", RETRIES, default=0),
    P("cbInterval", MINUTES, default=15, aliases=("cdInterval",)),
    P("cbBusyRetries", RETRIES, default=0),
    P("cbBusyInterval", MINUTES, default=15),
)


def get_phone_number_info(desk):
    desk.need(LOOKUP_PRICE)
    number = desk.values["number"]
    desk.charge(LOOKUP_PRICE, LOOKUP, f"Recherche LRN: {number}")
    desk.effect("number_looked_up", number=number)
    return {"PhoneNumberInfo": [facts(number, desk.upstream.by_number)]}


# -- two phones joined


def get_callback_numbers(desk):
    rows = [{"Id": one, "PhoneNumber": number} for one, number in sorted(desk.account["callback_numbers"].items())]
    return {"CallbackNumbers": rows}


def set_callback_number(desk):
    desk.account["callback_numbers"][str(desk.values["id"])] = desk.values["number"]
    desk.effect("callback_number_set", id=desk.values["id"], number=desk.values["number"])
    return get_callback_numbers(desk)


def create_callback(desk):
    caller, receiver = desk.values["caller"], desk.values["receiver"]
    if caller not in desk.account["callback_numbers"].values():
        raise Refusal("Invalid parameter: caller")
    desk.need(CALL_PRICES[desk.account["routing"]])
    number = desk.upstream.new_id("call")
    desk.effect("callback_started", call=number, caller=caller, receiver=receiver)
    desk.schedule(desk.now + calling.RING_S, "callback", call=number, caller=caller, receiver=receiver, step="caller")
    return {}


# -- conference bridges


def shown(conference):
    return {
        "ConferenceNumber": conference["number"],
        "PublicPin": conference["public_pin"],
        "AdminPin": conference["admin_pin"],
        "Date": conference["date"],
        "Duration": f"{conference['minutes']} minutes",
        "WebCollaborationEnabled": "yes" if conference["web"] else "no",
    }


def get_conferences_info(desk):
    today = desk.today().isoformat()
    rows = [one for one in desk.account["conferences"] if one["date"] >= today]
    return {"ConferencesInfo": [shown(one) for one in sorted(rows, key=lambda one: one["date"])]}


def schedule_conference(desk):
    """Answers with the new one only."""
    day = desk.values["date"]
    if day < desk.today():
        raise Refusal("Invalid parameter: date")
    number = desk.upstream.new_id("conference")
    pins = desk.upstream.pins(number)
    conference = {
        "number": pins[0],
        "public_pin": pins[1],
        "admin_pin": pins[2],
        "date": day.isoformat(),
        "minutes": desk.values["duration"],
        "web": desk.values["isWebCollabEnabled"],
    }
    desk.account["conferences"].append(conference)
    desk.effect("conference_scheduled", **conference)
    opens = max(desk.at(day, calling.OPENS_AT), desk.now)
    desk.schedule(opens, "conference", number=conference["number"], step="open")
    return {"ConferencesInfo": [shown(conference)]}


# -- spoken messages


def create_tts_call(desk):
    values = desk.values
    message = desk.account["messages"].get(f"{values['msgId']:06d}")
    if message is None:
        raise Refusal("Invalid parameter: msgId")
    desk.need(TTS_PRICE)
    prepared = filled(message[values["lang"]], desk.params)
    number = desk.upstream.new_id("call")
    plan = {"no_answer": [values["cbRetries"], values["cbInterval"]]}
    plan["busy"] = [values["cbBusyRetries"], values["cbBusyInterval"]]
    desk.effect("tts_call_started", call=number, number=values["number"], message=prepared, lang=values["lang"])
    desk.schedule(
        desk.now + calling.RING_S, "tts", call=number, number=values["number"], message=prepared, plan=plan, attempt=1
    )
    call = {
        "PreparedMessage": prepared,
        "PhoneNumber": "1" + values["number"],
        "CallbackRetries": str(values["cbRetries"]),
        "RetriesInterval": str(values["cbInterval"]),
        "CallbackRetriesWhenBusy": str(values["cbBusyRetries"]),
        "RetriesWhenBusyInterval": str(values["cbBusyInterval"]),
    }
    return {"TtsCall": [call]}


def filled(text, params):
    """A mark such as #FN whose value is not given stays as it stands."""
    return re.sub(r"#([A-Za-z][A-Za-z0-9_]*)", lambda mark: params.get(mark[1], mark[0]), text)
