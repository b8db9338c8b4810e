"""Placing calls: between two ends, or into somebody's voice mailbox."""

import re

from . import call_life, callbacks, cdr, checks, phones, structures
from .checks import P
from .desk import Answer, Refusal
from .peers import TOLLFREE
from .things import find, shelf, unknown
from .wire import E

END_TYPES = checks.enum("number", "peer", "uri")
WAIT = checks.integer(5, 60)


def named(side):
    """The table of one end; its codes are those of the older flat parameters."""
    return (
        P("type", END_TYPES, required=True, invalid=f"{side}_type_invalid", missing=f"{side}_type_required"),
        P("value", checks.text(255), required=True, invalid=f"{side}_invalid", missing=f"{side}_required"),
        P("callerid_name", checks.alphanumeric(3, 15)),
        P("callerid_number", checks.phone),
        P("language", checks.enum("en", "fr")),
        P("send_dtmf", checks.dtmf),
        P("announce_media_id", checks.integer(0)),
        P("confirm_required", checks.flag),
        P("confirm_media_id", checks.integer(0)),
        P("retries", checks.integer(0, 9), invalid="max_retries_invalid"),
        P("accept_key", checks.integer(0, 9)),
        P("reject_key", checks.integer(0, 9)),
    )


DISPATCH = (
    P("client_subaccount_id", checks.integer(0)),
    P("callerid_name", checks.alphanumeric(3, 15)),
    P("callerid_number", checks.phone),
    P("enable_recording", checks.flag),
    P("wait_time", WAIT),
    P("max_retries", checks.integer(0, 9)),
    P("retry_delay", checks.integer(0, 3600)),
    P("meta_data", checks.text()),
)


def ends_of(desk, side):
    """The ends of one side that were sent, in either form, and the codes of what is wrong with them."""
    given = structures.entries(desk.params, f"{side}s")
    if given is None:
        flat = {"type": desk.params.get(f"{side}_type", ""), "value": desk.params.get(side, "")}
        given = [flat] if any(flat.values()) else []
    if not given:
        return [], [f"{side}_required"]
    rows, codes = structures.checked(given, named(side))
    for values in rows:
        codes += unknown(desk, values)
        if values.get("type") and values.get("value") and endpoint(desk, values) is None:
            codes.append(f"{side}_invalid")
    return rows, codes


def endpoint(desk, end):
    """What the value names: ten digits or more, a peer of any account, or an address; None when nothing."""
    if end["type"] == "number":
        found = re.fullmatch(r"\+?([0-9]{10,15})", end["value"], re.ASCII)
        return {"there": phones.bare(found[1])} if found else None
    if end["type"] == "uri":
        return {"there": end["value"]} if re.fullmatch(r"(sips?:)?[^\s@]+@[^\s@]+", end["value"]) else None
    for account in desk.upstream.state["accounts"].values():
        for peer in shelf(account, "peers"):
            if peer.get("username", "").lower() == end["value"].lower():
                return {"there": peer["username"], "peer": peer, "own": account is desk.account}
    return None


def caller(desk):
    """(name, number) that the call shows: as sent or the account's."""
    preferences = desk.account["preferences"]
    name = desk.values.get("callerid_name") or preferences["callerid_name"]
    number = desk.values.get("callerid_number") or preferences["callerid_number"]
    if not name:
        raise Refusal("global_callerid_name_undefined")
    if not number:
        raise Refusal("callerid_number_required")
    return name, number


def outgoing(desk, end, name, number, **more):
    """The leg to one end."""
    found = endpoint(desk, end)
    peer, targets = found.get("peer"), []
    if peer:
        targets = [callbacks.of_peer(peer)] if callbacks.of_peer(peer) else []
    extra = {} if end["type"] == "number" else {"internal": 1}
    if desk.values.get("meta_data"):
        extra["meta_data"] = desk.values["meta_data"]
    return call_life.leg(
        desk,
        cdr.OUTBOUND,
        end.get("callerid_number") or number,
        found["there"],
        end.get("callerid_name") or name,
        peer=peer["id"] if peer and found["own"] else 0,
        sub=desk.values.get("client_subaccount_id") or 0,
        more=extra,
        targets=targets,
        up=peer is None or peer.get("registered") == "1",
        **more,
    )


def first_to_answer(desk, ends, start, name, number, wait):
    """Ring one end after the other; those that do not answer have their row too. Returns (leg or None, when)."""
    for end in ends:
        planned = outgoing(desk, end, name, number)
        if planned["up"] and call_life.answers(planned["there"]):
            return planned, start, start + call_life.pace(planned)[0]
        stop = start + (wait if planned["up"] else 1)
        call_life.plan(desk, planned, start, end=stop, disposition="no_answer" if planned["up"] else "failed")
        if planned["up"]:
            call_life.incoming(desk.upstream, planned["there"], planned["here"], planned["name"], start, None, stop)
        start = stop
    return None, start, None


def dispatch_call(desk):
    sources, codes = ends_of(desk, "source")
    destinations, more = ends_of(desk, "destination")
    codes += more + unknown(desk, {"client_subaccount_id": desk.values.get("client_subaccount_id")})
    if codes:
        raise Refusal(*dict.fromkeys(codes))
    name, number = caller(desk)
    wait, record = desk.values.get("wait_time") or 15, desk.values.get("enable_recording") == "1"
    first = desk.upstream.state["ids"].get("call", 1000) + 1  # the id of the first leg
    source, began, up = first_to_answer(desk, sources, desk.now, name, number, wait)
    if source:
        connect(desk, source, began, up, destinations, (name, number, wait, record))
    call_hash = cdr.hash_of(desk.account["client_account_id"], first)
    shown = [[end["type"], end["value"]] for end in (*sources, *destinations)]
    desk.effect("call_dispatched", call_hash=call_hash, ends=shown, callerid_number=number)
    notices = ["callerid_rejection_notice"] if number[:3] in TOLLFREE else []
    return Answer(E("call_hash", call_hash), messages=["call_dispatched", *notices])


def connect(desk, source, began, up, destinations, how):
    """The source is on the line; ring the other side, and end both together."""
    name, number, wait, record = how
    other, rang, answered = first_to_answer(desk, destinations, up, name, number, wait)
    end = answered + call_life.pace(other)[1] if other else rang + 1
    source["record"] = record and other is not None
    call_life.plan(desk, source, began, up, end)
    call_life.incoming(desk.upstream, source["there"], source["here"], source["name"], began, up, end)
    if other:
        call_life.plan(desk, other, rang, answered, end)
        call_life.incoming(desk.upstream, other["there"], other["here"], other["name"], rang, answered, end)


# -- into a mailbox

NOT_SHOWN = ("1", "800", "888", "877", "866", "855")


def shown_number(value):
    number = checks.digits(low=10, high=15)(value)
    if number.startswith(NOT_SHOWN):
        raise checks.Bad
    return number


def without_url(values, params):
    return not params.get("media_url")


BROADCAST = (
    P("destination_number", checks.phone, required=True),
    P("callerid_name", checks.alphanumeric(3, 15)),
    P("callerid_number", shown_number),
    P("privacy", checks.flag),
    P("enable_recording", checks.flag),
    P("wait_time", WAIT),
    P("client_media_file_id", checks.integer(1), need=without_url),
    P("media_url", checks.url),
    P("voicemail_detect", checks.flag),
    P("fork_call", checks.flag),
    P("pre_dtmf", checks.long_dtmf),
    P("post_dtmf", checks.long_dtmf),
    P("dtmf_duration", checks.integer(100, 1500)),
    P(
        "notify_callback_triggers",
        checks.enum(*(one for one in callbacks.TRIGGERS if one != "on_test")),
        need=lambda values, params: bool(params.get("notify_callback_url")),
        many=True,
    ),
    P("notify_callback_url", checks.url, need=lambda values, params: bool(values.get("notify_callback_triggers"))),
    P("meta_data", checks.text()),
)


def voicemail_broadcast(desk):
    """Two calls at once make the callee's mailbox answer one of them; the other is dropped."""
    values, media = desk.values, find(desk.account, "media_files", desk.values.get("client_media_file_id") or 0)
    if values.get("client_media_file_id") and media is None:
        raise Refusal("client_media_file_id_invalid")
    name, number = caller(desk)
    if number.startswith(NOT_SHOWN):
        raise Refusal("callerid_number_invalid")
    there, length = values["destination_number"], int(media["duration"]) if media else 20
    main = broadcast_leg(desk, name, number, there, record=values.get("enable_recording") == "1")
    start, wait = desk.now, values.get("wait_time") or 15
    if call_life.answers(there):
        answered = start + call_life.pace(main)[0]
        call_life.plan(desk, main, start, answered, answered + length)
        call_life.incoming(desk.upstream, there, number, name, start, answered, answered + length, message_s=length)
    else:
        answered = None
        call_life.plan(desk, main, start, end=start + wait, disposition="no_answer")
    if values.get("fork_call") != "0":
        second = broadcast_leg(desk, name, number, there)
        call_life.plan(desk, second, start + 1, end=answered or start + wait, disposition="cancelled")
    call_hash = cdr.hash_of(desk.account["client_account_id"], main["id"])
    desk.effect("voicemail_broadcast", call_hash=call_hash, destination=there)
    return Answer(E("call_hash", call_hash), messages=["voicemail_broadcast_queued"])


def broadcast_leg(desk, name, number, there, **more):
    values = desk.values
    extra = {"meta_data": values["meta_data"]} if values.get("meta_data") else {}
    target = (
        [values["notify_callback_url"], values["notify_callback_triggers"]]
        if values.get("notify_callback_url")
        else None
    )
    return call_life.leg(
        desk, cdr.OUTBOUND, number, there, name, more=extra, targets=[target] if target else [], **more
    )
