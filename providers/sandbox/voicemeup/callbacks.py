"""What is posted while a call goes on: to whom, and with what in it."""

import json

from ..posting import post
from .desk import Refusal

TRIGGERS = ("on_create", "on_ring", "on_answer", "on_hangup", "on_test", "on_record")
FIELDS = (
    "call_hash direction source destination callerid_name callerid_number client_did_id client_peer_id "
    "client_subaccount_id disposition duration recording_hash meta_data"
).split()


def try_out(desk, url, ids):
    """The test hit; whoever does not answer it with 200 is refused."""
    body = {"trigger": "on_test", **ids, "datetime": desk.stamp(desk.now)}
    allowed = desk.sandbox.webhooks.allowed(url)
    status, error = post(url, json.dumps(body).encode()) if allowed else (None, "target refused: not on this machine")
    desk.sandbox.journal.delivered(
        desk.now,
        slug=desk.upstream.slug,
        kind="on_test",
        url=url,
        payload=body,
        attempt=1,
        status=status,
        error=error,
        fault=None,
    )
    if status != 200:
        raise Refusal("notify_callback_url_invalid")


def target(thing, enabled):
    """(address, triggers) of a number, peer or broadcast, or None when it wants no calls."""
    if not enabled or not thing.get("notify_callback_url"):
        return None
    return [thing["notify_callback_url"], list(thing.get("notify_callback_triggers") or ())]


def of_did(did):
    return target(did, "enable_notify_callback" in did["options"])


def of_peer(peer):
    return target(peer, peer.get("enable_notify_callback") == "1")


def announce(desk, targets, trigger, facts, moment):
    """Post one event to all that asked for it; `facts` may hold any of FIELDS."""
    body = {"trigger": trigger, **{name: str(facts.get(name, "")) for name in FIELDS}, "datetime": desk.stamp(moment)}
    for url, triggers in targets:
        if trigger in triggers:
            job = {"slug": desk.upstream.slug, "event": trigger, "url": url, "payload": body, "tries": 1}
            due = moment + float(desk.sandbox.settings["webhook_delay_s"])
            desk.sandbox.schedule(due, desk.upstream.slug, "_webhook", job)
