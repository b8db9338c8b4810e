"""What happens to a text: parts, its way into the network, and the ones that arrive."""

import math

from ..network import Text, e164
from . import callbacks, ledger, prices
from .desk import Desk, exact
from .refusals import Refusal

FAILING = "0199"  # destinations with this ending never get their texts
RESEND_S = 10
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("^{}\\[~]|€")


def fragments(text):
    """160 or 70 signs, and a little fewer in each part of several."""
    if all(c in GSM or c in TWICE for c in text):
        size, alone, part = sum(2 if c in TWICE else 1 for c in text), 160, 153
    else:
        size, alone, part = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if size <= alone else math.ceil(size / part)


def row(desk, direction, source, destination, text, cost, paid, at=None):
    return {
        "message_id": desk.new_id("message"),
        "direction": direction,
        "source": source,
        "destination": destination,
        "text": text,
        "fragments": fragments(text),
        "cost": str(cost),
        "transaction_id": paid,
        "at": desk.now if at is None else at,
    }


def no_resend(desk, *what):
    """The guard against automatic repeats; only with quirks, or it would hide a client that sends twice."""
    if not desk.upstream.quirks:
        return
    recent = desk.account["used"].get("sent")
    if recent and recent[0] == list(what) and desk.now - recent[1] < RESEND_S:
        raise Refusal(484)
    desk.account["used"]["sent"] = [list(what), desk.now]


def step(desk, kind, sms, setting):
    data = {"account_id": desk.account["account_id"], "kind": kind, "message_id": sms["message_id"]}
    desk.sandbox.schedule(desk.now + float(desk.sandbox.settings[setting]), desk.upstream.slug, "sms_step", data)


def happen_step(upstream, data, due):
    """A text leaves for the network, or fails."""
    account = upstream.account(data["account_id"])
    sms = next((one for one in reversed(account[data["kind"]]) if one["message_id"] == data["message_id"]), None)
    if sms is None:
        return
    destination = e164(sms["destination"])
    bad = sms["destination"].endswith(FAILING) or upstream.sandbox.network.refuses(destination)
    finish(sms, data["kind"], bad)
    upstream.sandbox.world.touch()
    if not bad:
        source = e164(sms["source"]) if sms["source"].isdigit() else sms["source"]
        text = Text(source, destination, sms["text"], automatic=sms.get("automatic", False), origin=upstream.slug)
        upstream.sandbox.network.send(text, due)


def finish(sms, kind, bad):
    if kind == "a2p":
        sms["delivery"] = "FAILED" if bad else "DELIVERED"
    sms["status_id"] = "2" if bad else "1"
    if bad:
        sms["error"] = "The message could not be delivered"


def arrive(upstream, text, due):
    """A text for a number of ours. Without SMS it is lost, and without money too."""
    account, number = upstream.by_number[text.destination.lstrip("+")]
    if not number["sms_enabled"] or number["deactivated"]:
        return None
    desk = Desk(upstream, account)
    source = text.source.lstrip("+")
    cost = prices.local(account, prices.SMS_IN) * fragments(text.message)
    paid = None
    if upstream.sandbox.settings["charge"]:
        what = f"SMS from {source}"
        paid = ledger.book(upstream, account, "resource_charge", -exact(cost), what, due, resource_type="SMSINPUT")
    sms = {
        **row(desk, "IN", source, number["phone_number"], text.message, cost, paid, due),
        "status_id": "1",
        "kept": account["bodies"]["store_inbound_sms"],
    }
    account["sms"].append(sms)
    desk.effect(
        "sms_received",
        message_id=sms["message_id"],
        source=source,
        destination=number["phone_number"],
        message=text.message,
    )
    payload = callbacks.sms(upstream, source, number["phone_number"], text.message, due)
    callbacks.send(upstream, account, "sms_inbound", payload, due, number["sms_url"] or None)
    return sms
