"""The calls that come and go by themselves while the clock runs: like those of the last weeks."""

import random

from . import call_life, callbacks, cdr, recordings, voicemails
from .cdr import Cdr
from .desk import Desk
from .things import find

STEP_S = 900
CATCH_UP_S = 40 * 86400  # a world that slept longer has a gap
LATELY = 400  # calls to take after
BUSY_HOURS = range(8, 18)


def go_on(upstream, now):
    if not upstream.sandbox.settings.get("call_traffic", True):
        return
    for account in upstream.state["accounts"].values():
        until = max(account.setdefault("traffic_until", now), now - CATCH_UP_S)
        while until + STEP_S <= now:
            until += STEP_S
            happenings(upstream, account, until)
        account["traffic_until"] = until


def happenings(upstream, account, moment):
    """The calls of a quarter of an hour: always the same ones for an account and a time."""
    log = cdr.log_of(account)
    if not log:
        return
    desk, dice = Desk(upstream, account), random.Random(f"{account['client_account_id']}/{int(moment) // STEP_S}")
    here = desk.local(moment)
    share = 0.0 if here.hour < 7 or here.hour > 20 else 1.0 if here.hour in BUSY_HOURS and here.weekday() < 5 else 0.2
    expected = share * lately_in_a_step(log)
    count = int(expected) + (dice.random() < expected % 1)
    for at in sorted(int(moment - dice.random() * STEP_S) for _ in range(count)):
        again(desk, Cdr(*dice.choice(log[-LATELY:])), at, dice)
    if count:
        upstream.sandbox.world.touch()


def lately_in_a_step(log):
    """Calls in a busy quarter of an hour, as the log's last part has them."""
    recent = log[-LATELY:]
    days = max(1.0, (recent[-1][1] - recent[0][1]) / 86400)
    return len(recent) / days / 40


def again(desk, like, at, dice):
    """A call like another one, over and done with."""
    did = desk.account["dids"].get(str(like.did), {})
    if not did or did["status"] != "enabled" or (like.more or {}).get("fax"):
        return
    seconds = 6 + int(dice.expovariate(1 / 140)) if like.disposition == 0 else 0
    call = like._replace(id=desk.new_id("call"), at=at, seconds=min(3600, seconds), more=None)
    cdr.log_of(desk.account).append(list(call))
    inbound = call.direction == cdr.INBOUND
    if inbound:
        tell(desk, did, call)
    if call.seconds and "enable_recording" in did["options"]:
        recordings.record(desk, call)
    if inbound and not call.seconds and "enable_voicemail" in did["options"]:
        mailbox = find(desk.account, "mailboxes", did["client_mailbox_id"])
        if mailbox and dice.random() < 0.6:
            voicemails.leave(desk, mailbox, call, dice.randrange(4, 75))


def tell(desk, did, call):
    """The notices that the number asked for."""
    target = callbacks.of_did(did)
    if target is None:
        return
    planned = {**call._asdict(), "disposition": cdr.disposition(call), "more": {}}
    events = [("on_create", call.at), ("on_ring", call.at + call_life.RING_S)]
    events += [("on_answer", call.at + 4)] if call.seconds else []
    for trigger, moment in [*events, ("on_hangup", call.at + 4 + call.seconds)]:
        callbacks.announce(desk, [target], trigger, call_life.facts(desk, planned, trigger), moment)
