"""What happens to a text after it was taken: states, delivery to another number here, answers, webhooks."""

import bisect
import dataclasses
import hashlib
import random
import uuid

from ..demo import pictures
from ..network import Text
from . import phones
from .desk import Desk

PRICE = "0.0075"
MMS_PRICE = "0.0200"
FAILING = "0199"  # destinations with this ending never get their texts


def new_row(desk, did, direction, other, text, at=None, **more):
    """Append a row to the account's log."""
    here, at = did["phone_number"], desk.now if at is None else at
    number = desk.new_id("sms")
    sms = {
        "sms_log_id": number,
        "sms_hash": str(uuid.UUID(bytes=hashlib.md5(f"{desk.account['key']}/{number}".encode()).digest(), version=4)),
        "at": at,
        "transmitted_at": None,
        "direction": direction,
        "source": here if direction == "outbound" else other,
        "destination": other if direction == "outbound" else here,
        "client_did_id": did["client_did_id"],
        "client_subaccount_id": did["client_subaccount_id"],
        "message": text,
        "status": "enabled",
        "state": "pending",
        **more,
    }
    bisect.insort(desk.account["sms"], sms, key=lambda row: row["at"])  # in order even when a clock was wrong
    desk.sandbox.world.touch()
    return sms


def send(desk, did, destination, text, attachment=None, retry_limit=0, automatic=False):
    price = MMS_PRICE if attachment else PRICE
    sms = new_row(desk, did, "outbound", destination, text, billed_amount=price)
    if retry_limit:
        sms["retry_limit"] = retry_limit
    if automatic:
        sms["automatic"] = True
    if attachment:
        sms.update(keep(desk, sms, attachment))
    desk.charge(price)
    step(desk, sms, "processing", desk.now + float(desk.sandbox.settings["sms_processing_s"]))
    return sms


def keep(desk, sms, attachment):
    kind, value, upload = attachment
    if kind == "url":
        return {"attachment": value, "attachment_size": "", "attachment_mime_type": ""}
    name = f"{sms['sms_hash'].replace('-', '')}.mms{value}"
    desk.sandbox.keep_media(name, upload.data)
    return {"attachment": name, "attachment_size": len(upload.data), "attachment_mime_type": upload.mime_type}


def step(desk, sms, state, due):
    data = {"key": desk.account["key"], "sms_log_id": sms["sms_log_id"], "state": state}
    desk.sandbox.schedule(due, desk.upstream.slug, "sms_step", data)


def find(account, number):
    return next((sms for sms in reversed(account["sms"]) if sms["sms_log_id"] == number), None)


def happen_step(upstream, data, due):
    """pending -> processing -> completed, or failed after the tries that were asked for."""
    account = upstream.state["accounts"][data["key"]]
    desk, sms = Desk(upstream, account), find(account, data["sms_log_id"])
    if sms is None or sms["state"] in ("completed", "failed", "cancelled"):
        return
    settings = desk.sandbox.settings
    sms["state"] = data["state"]
    if data["state"] == "processing":
        ends_badly = sms["destination"].endswith(FAILING)
        wait = float(settings["sms_completed_s"]) - float(settings["sms_processing_s"])
        step(desk, sms, "failed" if ends_badly else "completed", due + max(0.0, wait))
    elif data["state"] == "failed" and sms.get("retry_count", 0) < sms.get("retry_limit", 0):
        sms["retry_count"] = sms.get("retry_count", 0) + 1
        sms["state"] = "pending"
        step(desk, sms, "processing", due + float(settings["sms_processing_s"]))
    elif data["state"] == "completed":
        sms["transmitted_at"] = due
        let_go(desk, sms, due)


def let_go(desk, sms, due):
    """Hand the text to the network, unless the number it is for takes none."""
    destination = phones.e164(sms["destination"])
    if desk.sandbox.network.refuses(destination):
        sms["state"], sms["transmitted_at"] = "failed", None
        return
    text = Text(
        phones.e164(sms["source"]),
        destination,
        sms["message"],
        media=sms.get("attachment") or "",
        mime_type=sms.get("attachment_mime_type") or "",
        automatic=sms.get("automatic", False),
        origin=desk.upstream.slug,
    )
    desk.sandbox.network.send(text, due)


def arrive(upstream, text, due):
    """A text from the network, for one of our numbers."""
    account, did = upstream.by_number[phones.bare(text.destination)]
    desk, source = Desk(upstream, account), phones.bare(text.source)
    receive(desk, did, source, text.message, text.media or None, due, text.automatic, text.mime_type)


def happen_answer(upstream, data, due):
    """Kept for states saved by a sandbox that made the answers from outside here."""
    sms = find(upstream.state["accounts"][data["key"]], data["sms_log_id"])
    if sms:
        text = Text(phones.e164(sms["source"]), phones.e164(sms["destination"]), sms["message"])
        upstream.sandbox.network.happen("answer", dataclasses.asdict(text), due)


def receive(desk, did, source, text, media, moment, automatic=False, mime_type=""):
    """An inbound text, or an inbound picture as its two rows. Returns the rows."""
    if media:
        wrapper = f"{random.getrandbits(128):032x}.mms.html"
        size = len(pictures.make(wrapper))
        parts = [(text, wrapper, size, "text/html"), ("", *described(desk, media, mime_type))]
    else:
        parts = [(text, None, None, None)]
    rows = []
    for i, (body, name, size, mime) in enumerate(parts):
        sms = new_row(desk, did, "inbound", source, body, at=moment + i, state="completed", transmitted_at=moment - 2)
        if name:
            sms.update(attachment=name, attachment_size=size, attachment_mime_type=mime)
        desk.effect(
            "sms_received",
            sms_log_id=sms["sms_log_id"],
            source=source,
            destination=did["phone_number"],
            message=body,
            attachment=name or "",
        )
        announce(desk, did, sms, moment + i)
        rows.append(sms)
    if not automatic and "enable_sms_autoreply" in did["options"] and did["sms_autoreply_message"]:
        send(desk, did, source, did["sms_autoreply_message"], automatic=True)
    return rows


def described(desk, media, mime_type=""):
    if media is True or media == "true":
        media = f"{random.getrandbits(128):032x}.mms.png"
    if "://" in media:
        return media, "", mime_type or "image/jpeg"
    data = desk.sandbox.read_media(media) or pictures.make(media) or b""
    return media, len(data), mime_type or ("image/png" if media.endswith(".png") else "image/jpeg")


def payload(desk, sms):
    """The body of the webhook: every value a text."""
    moment, sent = desk.stamp(sms["at"]), desk.stamp(sms["transmitted_at"])
    body = {
        "sms_log_id": str(sms["sms_log_id"]),
        "sms_hash": sms["sms_hash"],
        "datetime": moment,
        "date": sent[:10],
        "time": sent[11:],
        "direction": "inbound",
        "source_number": phones.shown(sms["source"]),
        "destination_number": phones.shown(sms["destination"]),
        "client_did_id": str(sms["client_did_id"]),
        "message": sms["message"],
    }
    if sms.get("attachment"):
        body.update(
            attachment=desk.upstream.file_url(sms["attachment"]),
            attachment_size=str(sms["attachment_size"]),
            attachment_mime_type=sms["attachment_mime_type"],
        )
    return {**body, "status": "enabled", "transmission_status": "completed", "datetime_transmission": sent}


def announce(desk, did, sms, moment, copies=1):
    if "enable_sms_callback" not in did["options"] or not did["sms_callback_url"]:
        return
    again = "enable_sms_callback_retry" in did["options"] or desk.sandbox.settings["webhook_retry_always"]
    job = {
        "slug": desk.upstream.slug,
        "event": "inbound_sms",
        "url": did["sms_callback_url"],
        "payload": payload(desk, sms),
        "tries": 3 if again else 1,
    }
    for _ in range(copies):
        desk.sandbox.schedule(
            moment + float(desk.sandbox.settings["webhook_delay_s"]), desk.upstream.slug, "_webhook", job
        )


def from_outside(upstream, body):
    """The control door: somebody texts one of our numbers."""
    account, did = upstream.owner(body["to"])
    desk = Desk(upstream, account)
    source = phones.bare(body["from"])
    media = body.get("media_url") or body.get("media")
    rows = receive(desk, did, source, body.get("message", ""), media, desk.now, automatic=bool(body.get("automatic")))
    return {"account": account["key"], "sms": [payload(desk, sms) for sms in rows]}
