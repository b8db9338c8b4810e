"""What happens to a text after it was taken: states, delivery to another number here, answers, webhooks."""

import hashlib
import random
import uuid

from ..demo import answers, pictures
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
    desk.account["sms"].append(sms)
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
        arrive(desk, sms, due)


def arrive(desk, sms, due):
    """At a number of this world the text comes in; anybody else answers a moment later."""
    owner = desk.upstream.by_number.get(sms["destination"])
    if owner:
        account, did = owner
        if did["sms_support"] != "1" or "enable_sms" not in did["options"]:
            sms["state"], sms["transmitted_at"] = "failed", None
            return
        receive(
            Desk(desk.upstream, account),
            did,
            sms["source"],
            sms["message"],
            sms.get("attachment"),
            due,
            automatic=sms.get("automatic", False),
        )
    elif desk.sandbox.settings["auto_answer"] and not sms.get("automatic"):
        data = {"key": desk.account["key"], "sms_log_id": sms["sms_log_id"]}
        pause = float(desk.sandbox.settings["auto_answer_delay_s"])
        desk.sandbox.schedule(due + pause, desk.upstream.slug, "sms_answer", data)


def happen_answer(upstream, data, due):
    account = upstream.state["accounts"][data["key"]]
    sms = find(account, data["sms_log_id"])
    owner = upstream.by_number.get(sms["source"]) if sms else None
    if owner:
        text = answers.to(sms["message"], bool(sms.get("attachment")))
        receive(Desk(upstream, owner[0]), owner[1], sms["destination"], text, None, due, automatic=True)


def receive(desk, did, source, text, media, moment, automatic=False):
    """An inbound text, or an inbound picture as its two rows. Returns the rows."""
    if media:
        wrapper = f"{random.getrandbits(128):032x}.mms.html"
        size = len(pictures.make(wrapper))
        parts = [(text, wrapper, size, "text/html"), ("", *described(desk, media))]
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


def described(desk, media):
    if media is True or media == "true":
        media = f"{random.getrandbits(128):032x}.mms.png"
    if "://" in media:
        return media, "", "image/jpeg"
    data = desk.sandbox.read_media(media) or pictures.make(media) or b""
    return media, len(data), "image/png" if media.endswith(".png") else "image/jpeg"


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
        "source_number": "1" + sms["source"],
        "destination_number": "1" + sms["destination"],
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
    source = "".join(c for c in str(body["from"]) if c.isdigit())[-10:]
    media = body.get("media_url") or body.get("media")
    rows = receive(desk, did, source, body.get("message", ""), media, desk.now, automatic=bool(body.get("automatic")))
    return {"account": account["key"], "sms": [payload(desk, sms) for sms in rows]}
