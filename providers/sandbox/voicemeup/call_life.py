"""A call from its beginning to its end: events by the clock, notices to those who asked, and its row in the log.

All that happens in a call is planned when it begins. Each event carries what it needs, so calls survive a restart.
"""

import decimal

from . import callbacks, cdr, phones, recordings, voicemails
from .cdr import Cdr
from .desk import Desk
from .things import find

NOBODY = "0199"  # numbers with this ending ring and ring
RING_S = 1  # from the beginning of a call to its ringing


def leg(desk, direction, here, there, name, **more):
    """A call that has not begun. `targets` are those to be told; `record` and `mailbox` say what is kept of it."""
    found = {
        "id": desk.new_id("call"),
        "direction": direction,
        "here": here,
        "there": there,
        "did": 0,
        "peer": 0,
        "sub": 0,
        "name": name,
        "more": {},
        "targets": [],
        "record": False,
        "mailbox": 0,
    }
    return {**found, **more}


def call_of(planned):
    return Cdr(
        planned["id"],
        int(planned["at"]),
        planned["direction"],
        planned["here"],
        planned["there"],
        planned["did"],
        planned["peer"],
        int(planned["sub"]),
        int(planned["seconds"]),
        cdr.DISPOSITIONS.index(planned["disposition"]),
        planned["name"],
        planned["more"] or None,
    )


def pace(planned):
    """(seconds until it is answered, seconds of talk), the same for a call at every look."""
    return 2 + planned["id"] % 4, 20 + planned["id"] * 7 % 90


def answers(number):
    return not number.endswith(NOBODY)


def plan(desk, planned, start, answered=None, end=None, disposition="answered"):
    """Put the events of a call into the world: it begins, rings, is perhaps answered, and ends."""
    planned.update(at=start, seconds=int(end - answered) if answered else 0, disposition=disposition)
    events = [("on_create", start), ("on_ring", min(start + RING_S, end))]
    if answered:
        events.append(("on_answer", answered))
    for trigger, due in [*events, ("on_hangup", end)]:
        data = {"key": desk.account["key"], "trigger": trigger, "leg": dict(planned)}
        desk.sandbox.schedule(due, desk.upstream.slug, "call_event", data)
    return end


def facts(desk, planned, trigger):
    """What a notice says about a call."""
    call = call_of(planned)
    source, destination = cdr.ends(call)
    over = trigger in ("on_hangup", "on_record")
    return {
        "call_hash": cdr.hash_of(desk.account["client_account_id"], call.id),
        "direction": "outbound" if call.direction == cdr.OUTBOUND else "inbound",
        "source": source,
        "destination": destination,
        "callerid_name": call.name,
        "callerid_number": source,
        "client_did_id": call.did or "",
        "client_peer_id": call.peer or "",
        "client_subaccount_id": call.sub,
        "disposition": planned["disposition"] if over else "",
        "duration": call.seconds if over else 0,
        "meta_data": planned["more"].get("meta_data", ""),
    }


def happen(upstream, data, due):
    desk, planned, trigger = Desk(upstream, upstream.state["accounts"][data["key"]]), data["leg"], data["trigger"]
    callbacks.announce(desk, planned["targets"], trigger, facts(desk, planned, trigger), due)
    if trigger == "on_hangup":
        finish(desk, planned, due)


def finish(desk, planned, moment):
    """The call is over: into the log and onto the bill, with its recording and message."""
    call = call_of(planned)
    cdr.log_of(desk.account).append(list(call))
    amount = cdr.billing(call)[2]
    if decimal.Decimal(amount):
        desk.charge(amount)
    called = facts(desk, planned, "on_hangup")
    desk.effect(
        "call_ended",
        **{n: called[n] for n in ("call_hash", "direction", "source", "destination", "disposition", "duration")},
    )
    recording = recordings.record(desk, call) if planned["record"] else None
    if recording:
        told = {**facts(desk, planned, "on_record"), "recording_hash": recording["recording_hash"]}
        callbacks.announce(desk, planned["targets"], "on_record", told, moment)
    mailbox = find(desk.account, "mailboxes", planned["mailbox"]) if planned["mailbox"] else None
    if mailbox:
        voicemails.leave(desk, mailbox, call, planned.get("message_s") or 8 + call.id % 40)


def incoming(upstream, number, source, name, start, answered, end, message_s=0):
    """The other side of a call to a number of this world; nothing when it is nobody's here."""
    if number not in upstream.by_number:
        return None
    account, did = upstream.by_number[number]
    desk, target = Desk(upstream, account), callbacks.of_did(did)
    speaks = not answered or message_s
    mailbox = did["client_mailbox_id"] if speaks and "enable_voicemail" in did["options"] else 0
    planned = leg(
        desk,
        cdr.INBOUND,
        number,
        source,
        name,
        did=did["client_did_id"],
        peer=(did["client_peer_ids"] or [0])[0],
        sub=did["client_subaccount_id"] or 0,
        targets=[target] if target else [],
        record="enable_recording" in did["options"],
        mailbox=mailbox,
        message_s=message_s,
    )
    plan(desk, planned, start, answered, end, "answered" if answered else "no_answer")
    return planned


def from_outside(upstream, body):
    """Somebody rings one of our numbers: `from`, `to`, `seconds` of talk (0 when nobody answers), `name`."""
    number = "".join(c for c in str(body["to"]) if c.isdigit())[-10:]
    source = "".join(c for c in str(body["from"]) if c.isdigit())
    source = source[1:] if len(source) == 11 and source[0] == "1" else source
    now, seconds = upstream.sandbox.clock.now(), int(body.get("seconds", 30))
    answered = now + 4 if seconds else None
    end = answered + seconds if seconds else now + 20
    planned = incoming(upstream, number, source, str(body.get("name", ""))[:15], now, answered, end)
    if planned is None:
        raise KeyError(f"{body['to']} is nobody's number here")
    account = upstream.by_number[number][0]
    return {"account": account["key"], "call_hash": cdr.hash_of(account["client_account_id"], planned["id"])}


def to_outside(upstream, body):
    """One of our numbers has rung somebody, also 911: `from`, `to`, `seconds` of talk. The call is over and in the log."""
    number = "".join(c for c in str(body["from"]) if c.isdigit())[-10:]
    if number not in upstream.by_number:
        raise KeyError(f"{body['from']} is nobody's number here")
    account, did = upstream.by_number[number]
    desk, seconds = Desk(upstream, account), int(body.get("seconds", 30))
    more = {"did": did["client_did_id"], "sub": did["client_subaccount_id"] or 0}
    planned = leg(desk, cdr.OUTBOUND, number, phones.bare(body["to"]), "", **more)
    planned.update(at=desk.now, seconds=seconds, disposition="answered" if seconds else "no_answer")
    finish(desk, planned, desk.now)
    upstream.sandbox.world.touch()
    return {"account": account["key"], "call_hash": cdr.hash_of(account["client_account_id"], planned["id"])}
