"""Recorded calls: listing and deleting."""

import uuid

from .. import lag
from ..demo import sounds
from . import calls, cdr, checks, selecting
from .checks import P
from .desk import Refusal
from .things import shelf
from .wire import E, row

SHORTEST = 3  # seconds; what is shorter is thrown away at once
VERIFIED_AFTER_S = 120
GET_RECORDINGS = (
    P("call_recording_id", checks.integer(1)),
    P("recording_hash", checks.long_hash),
    P("call_hash", checks.call_hash),
    P("date_from", checks.date),
    P("date_to", checks.date),
    P("latest_hours", checks.integer(1)),
    P("status", checks.enum("unverified", "verified", "deleted"), many=True),
    P("result_limit", checks.integer(1, 1000)),
    P("result_offset", checks.integer(0)),
)
DELETE_RECORDINGS = (
    P("call_recording_id", checks.integer(1), many=True),
    P("call_hash", checks.call_hash, many=True),
    P("date", checks.date),
    P("comments", checks.text()),
)


def new(number, recording_hash, call, **more):
    """A recording as it is kept; its file is made from its name."""
    file = f"{recording_hash.replace('-', '')}.{call.seconds}.rec.wav"
    return {
        "id": number,
        "recording_hash": recording_hash,
        "call": call.id,
        "at": call.at,
        "duration": call.seconds,
        "size": sounds.size(call.seconds),
        "file": file,
        "status": "verified",
        "client_subaccount_id": str(call.sub),
        **more,
    }


def record(desk, call):
    """Keep the recording of a call that is over; None when there is next to nothing on it."""
    if call.seconds < SHORTEST:
        return None
    recording = new(desk.new_id("recording"), str(uuid.uuid4()), call, status="unverified")
    shelf(desk.account, "recordings").append(recording)
    desk.effect("call_recorded", call_recording_id=recording["id"], call_hash=hash_of(desk, recording))
    return recording


def hash_of(desk, recording):
    return cdr.hash_of(desk.account["client_account_id"], recording["call"])


def status_of(desk, recording):
    """A new recording is unverified for a while."""
    over = recording["at"] + recording["duration"]
    fresh = recording["status"] == "unverified" and desk.now < over + VERIFIED_AFTER_S
    return "unverified" if fresh else "deleted" if recording["status"] == "deleted" else "verified"


def shown(desk, recording):
    stamp = desk.stamp(recording["at"])
    values = {
        "call_recording_id": recording["id"],
        "recording_hash": recording["recording_hash"],
        "call_hash": hash_of(desk, recording),
        "client_subaccount_id": recording["client_subaccount_id"],
        "date": stamp[:10],
        "time": stamp[11:],
        "duration": recording["duration"],
        "size": recording["size"],
        "url": desk.upstream.file_url(recording["file"]) if recording["status"] != "deleted" else "",
        "status": status_of(desk, recording),
        "comments": recording.get("comments", ""),
    }
    return row("recording_details", "call_recording_id", values)


def matcher(desk):
    """The names of a recording must be known; then everything that was sent must fit."""
    values, rows = desk.values, shelf(desk.account, "recordings")
    keys = {
        "call_recording_id": lambda one: str(one["id"]),
        "recording_hash": lambda one: one["recording_hash"],
        "call_hash": lambda one: hash_of(desk, one),
    }
    given = {name: str(values[name]).lower() for name in keys if values.get(name) not in (None, "")}
    for name, wanted in given.items():
        if name == "call_hash" and cdr.by_hash(desk.account, wanted) is not None:
            continue  # a call without a recording
        if not any(keys[name](one) == wanted for one in rows):
            raise Refusal(f"{name}_invalid")
    states = values.get("status") or ("unverified", "verified")
    low, high = days(desk)

    def fits(one):
        if lag.hidden(desk.call, one["at"] + one["duration"], desk.now, one["id"]):
            return False
        if status_of(desk, one) not in states or not low <= one["at"] < high:
            return False
        return all(keys[name](one) == wanted for name, wanted in given.items())

    return fits


def days(desk):
    """From a day on, up to a day, or the latest hours."""
    if desk.values.get("date_to") and not desk.values.get("date_from"):
        raise Refusal("date_from_invalid")
    low = desk.values.get("date_from")
    if low and not desk.values.get("date_to"):
        return desk.midnight(low), float("inf")
    return calls.span(desk) or (0, float("inf"))


def get_recordings(desk):
    fits = matcher(desk)
    limit = desk.values.get("result_limit") or (1 if desk.values.get("call_hash") else 25)
    offset = desk.values.get("result_offset") or 0
    found = sorted(filter(fits, shelf(desk.account, "recordings")), key=lambda one: (-one["at"], -one["id"]))
    return [E("recordings", [shown(desk, one) for one in found[offset : offset + limit]])]


def delete_recordings(desk):
    """By id, by call, or all of the days before a date; what is gone is gone."""
    keys = {"call_recording_id": lambda one: one["id"], "call_hash": lambda one: hash_of(desk, one)}
    living = [one for one in shelf(desk.account, "recordings") if one["status"] != "deleted"]
    doomed = selecting.chosen(desk, living, keys, before=True)
    for one in doomed:
        one.update(status="deleted", comments=desk.values.get("comments") or "")
    return selecting.deleted(desk, "recordings", "call_recording_id", doomed)
