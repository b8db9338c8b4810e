"""What calls and bridges do as time goes by. Nobody can ask the upstream about it: it shows in effects and money."""

import zlib

from .desk import CALL, CALL_PRICES, TTS_PRICE, Desk

RING_S = 2
TALK_S = 6  # from the first phone's answer to the second's
OPENS_AT = 9  # o'clock: a bridge has a date but no hour
NO_ANSWER, BUSY = "0199", "0197"  # endings of numbers


def outcome_of(number):
    return {NO_ANSWER: "no_answer", BUSY: "busy"}.get(number[-4:], "answered")


def happen_callback(upstream, data, due):
    """The caller's phone rings, then the receiver's, then they talk for some minutes."""
    desk = Desk(upstream, upstream.state["accounts"][data["key"]])
    if data["step"] == "end":
        end_call(desk, data)
        return
    number = data[data["step"]]
    outcome = outcome_of(number)
    desk.effect("call_rang", call=data["call"], leg=data["step"], number=number, outcome=outcome)
    if outcome != "answered":
        desk.effect("callback_failed", call=data["call"], leg=data["step"])
    elif data["step"] == "caller":
        desk.sandbox.schedule(due + TALK_S, upstream.slug, "callback", {**data, "step": "receiver"})
    else:
        minutes = 1 + zlib.crc32(number.encode()) % 7
        ended = {**data, "step": "end", "minutes": minutes}
        desk.sandbox.schedule(due + minutes * 60, upstream.slug, "callback", ended)


def end_call(desk, data):
    price = data["minutes"] * CALL_PRICES[desk.account["routing"]]
    what = f"Appel: {data['caller']} vers {data['receiver']} ({data['minutes']} min)"
    desk.charge(price, CALL, what)
    desk.effect("callback_ended", call=data["call"], minutes=data["minutes"])


def happen_tts(upstream, data, due):
    """One attempt; another one after the minutes asked for, while tries of its kind are left."""
    desk = Desk(upstream, upstream.state["accounts"][data["key"]])
    outcome = outcome_of(data["number"])
    desk.effect("tts_call", call=data["call"], number=data["number"], attempt=data["attempt"], outcome=outcome)
    if outcome == "answered":
        desk.charge(TTS_PRICE, CALL, f"Message vocal: {data['number']}")
        return
    left, minutes = data["plan"][outcome]
    if left < 1:
        desk.effect("tts_call_given_up", call=data["call"], number=data["number"])
        return
    plan = {**data["plan"], outcome: [left - 1, minutes]}
    again = {**data, "plan": plan, "attempt": data["attempt"] + 1}
    desk.sandbox.schedule(due + minutes * 60, upstream.slug, "tts", again)


def happen_conference(upstream, data, due):
    desk = Desk(upstream, upstream.state["accounts"][data["key"]])
    found = next((one for one in desk.account["conferences"] if one["number"] == data["number"]), None)
    if found is None:
        return
    desk.effect(f"conference_{data['step']}", number=found["number"], web=found["web"])
    if data["step"] == "open":
        desk.sandbox.schedule(due + found["minutes"] * 60, upstream.slug, "conference", {**data, "step": "end"})
