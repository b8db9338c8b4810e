"""What callers said to the mailboxes: listing, deleting, and new messages."""

import uuid

from .. import lag
from ..demo import sounds
from . import cdr, checks, selecting
from .checks import P
from .desk import Refusal
from .things import shelf, unknown
from .wire import E, row

GET_VOICEMAILS = (
    P("call_voicemail_id", checks.integer(1)),
    P("client_subaccount_id", checks.integer(0)),
    P("voicemail_hash", checks.long_hash),
    P("result_limit", checks.integer(1, 1000)),
    P("result_offset", checks.integer(0)),
    P("date_from", checks.date),
    P("date_to", checks.date),
)
DELETE_VOICEMAILS = (
    P("call_voicemail_id", checks.integer(1), many=True),
    P("voicemail_hash", checks.long_hash, many=True),
    P("date", checks.date),
    P("comments", checks.text()),
)


def new(number, voicemail_hash, mailbox, call, seconds):
    return {
        "id": number,
        "voicemail_hash": voicemail_hash,
        "client_mailbox_id": str(mailbox["id"]),
        "client_subaccount_id": str(mailbox["client_subaccount_id"]),
        "call": call.id,
        "at": call.at + call.seconds,
        "duration": seconds,
        "size": sounds.size(seconds),
        "callerid_name": call.name,
        "callerid_number": call.there,
        "file": f"{voicemail_hash.replace('-', '')}.{seconds}.vm.wav",
        "status": "enabled",
    }


def leave(desk, mailbox, call, seconds):
    """A caller speaks after the tone."""
    message = new(desk.new_id("voicemail"), str(uuid.uuid4()), mailbox, call, seconds)
    shelf(desk.account, "voicemails").append(message)
    desk.effect("voicemail_left", call_voicemail_id=message["id"], client_mailbox_id=mailbox["id"])
    return message


def shown(desk, message):
    stamp = desk.stamp(message["at"])
    values = {
        "call_voicemail_id": message["id"],
        "voicemail_hash": message["voicemail_hash"],
        "call_hash": cdr.hash_of(desk.account["client_account_id"], message["call"]),
        "client_mailbox_id": message["client_mailbox_id"],
        "client_subaccount_id": message["client_subaccount_id"],
        "date": stamp[:10],
        "time": stamp[11:],
        "duration": message["duration"],
        "callerid_name": message["callerid_name"],
        "callerid_number": message["callerid_number"],
        "size": message["size"],
        "url": desk.upstream.file_url(message["file"]),
        "status": message["status"],
    }
    return row("voicemail_details", "call_voicemail_id", values)


def living(desk):
    return [one for one in shelf(desk.account, "voicemails") if one["status"] == "enabled"]


def get_voicemails(desk):
    values = desk.values
    found = [one for one in living(desk) if not lag.hidden(desk.call, one["at"], desk.now, one["id"])]
    for name, field in (("call_voicemail_id", "id"), ("voicemail_hash", "voicemail_hash")):
        if values.get(name):
            found = [one for one in found if str(one[field]) == str(values[name]).lower()]
            if not found:
                raise Refusal(f"{name}_invalid")
    sub = values.get("client_subaccount_id")
    if unknown(desk, {"client_subaccount_id": sub}):
        raise Refusal("client_subaccount_id_invalid")
    low = desk.midnight(values["date_from"]) if values.get("date_from") else 0
    high = desk.midnight(values["date_to"], 1) if values.get("date_to") else float("inf")
    found = [one for one in found if low <= one["at"] < high and sub in (None, "", int(one["client_subaccount_id"]))]
    found.sort(key=lambda one: (-one["at"], -one["id"]))
    offset = values.get("result_offset") or 0
    page = found[offset : offset + (values.get("result_limit") or 25)]
    return [E("voicemails", [shown(desk, one) for one in page])]


def delete_voicemails(desk):
    keys = {"call_voicemail_id": lambda one: one["id"], "voicemail_hash": lambda one: one["voicemail_hash"]}
    doomed = selecting.chosen(desk, living(desk), keys, before=True)
    for one in doomed:
        one["status"] = "deleted"
    return selecting.deleted(desk, "voicemails", "call_voicemail_id", doomed)
