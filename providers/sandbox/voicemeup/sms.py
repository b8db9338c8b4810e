"""The text message log, sending and deleting."""

import re

from . import checks, phones, sms_life
from .checks import P
from .desk import Answer, Refusal
from .wire import E, row

STATES = ("pending", "processing", "completed", "failed", "cancelled", "paused")
MAX_TEXT = 1000
GET_SMS = (
    P("sms_log_id", checks.integer(1)),
    P("client_subaccount_id", checks.integer(0)),
    P("sms_hash", checks.matching(r"[0-9a-fA-F-]{32,36}")),
    P("direction", checks.enum("inbound", "outbound")),
    P("status", checks.enum("enabled", "deleted", "purged"), many=True),
    P("transmission_status", checks.enum(*STATES), many=True),
    P("source_number", checks.phone),
    P("destination_number", checks.phone),
    P("date_from", checks.date),
    P("date_to", checks.date),
    P("result_limit", checks.integer(1, 1000)),
)


QUEUE_SMS = (
    P("client_did_id", checks.integer(1)),
    P("source_number", checks.nanp),
    P("destination_number", checks.nanp, required=True),
    P("message", checks.text(MAX_TEXT)),
    P("retry_limit", checks.integer(0, 5)),
)
DELETE_SMS = (P("sms_log_id", checks.integer(1), required=True),)


def shown(desk, sms):
    """A row of the log; numbers as the webhook has them, 11 digits."""
    transmitted = sms["transmitted_at"]
    moment = desk.stamp(transmitted or sms["at"])
    values = {
        "sms_log_id": sms["sms_log_id"],
        "sms_hash": sms["sms_hash"],
        "datetime": desk.stamp(sms["at"]),
        "date": moment[:10],
        "time": moment[11:],
        "direction": sms["direction"],
        "source_number": phones.shown(sms["source"]),
        "destination_number": phones.shown(sms["destination"]),
        "client_did_id": sms["client_did_id"],
        "client_subaccount_id": sms["client_subaccount_id"],
        "message": sms["message"],
        "attachment": desk.upstream.file_url(sms["attachment"]) if sms.get("attachment") else "",
        "attachment_size": sms.get("attachment_size", ""),
        "attachment_mime_type": sms.get("attachment_mime_type", ""),
        "status": sms["status"],
        "transmission_status": sms["state"],
        "datetime_transmission": desk.stamp(transmitted),
        "retry_count": sms.get("retry_count", 0),
        "retry_limit": sms.get("retry_limit", 0),
        "billed_amount": sms.get("billed_amount", "0.0000"),
    }
    return row("sms_details", "sms_log_id", values)


def hidden(desk, sms):
    """Rows that the log does not show yet, by a fault rule."""
    lag = desk.call.fault("log_lag")
    if lag is None:
        lag = desk.call.fault("hide_log")
    if lag is None or desk.now - sms["at"] >= float(lag.get("seconds", 30)):
        return False
    return sms["sms_log_id"] * 37 % 100 < float(lag.get("share", 1)) * 100


def span(desk):
    """The moments between which the days asked for lie, both days included."""
    low, high = desk.values.get("date_from"), desk.values.get("date_to")
    return desk.midnight(low) if low else 0, desk.midnight(high, 1) if high else float("inf")


def matcher(desk):
    values = desk.values
    plain = {
        "sms_log_id": "sms_log_id",
        "sms_hash": "sms_hash",
        "direction": "direction",
        "source_number": "source",
        "destination_number": "destination",
        "client_subaccount_id": "client_subaccount_id",
    }
    given = {field: values.get(name) for name, field in plain.items()}
    wanted = [(field, str(value)) for field, value in given.items() if value not in (None, "")]
    states, status = values.get("transmission_status"), values.get("status") or ["enabled"]
    low, high = span(desk)

    def fits(sms):
        if sms["status"] not in status or (states and sms["state"] not in states):
            return False
        if any(str(sms[field]) != value for field, value in wanted):
            return False
        return low <= sms["at"] < high

    return fits


def get_sms(desk):
    limit = desk.values.get("result_limit") or (1 if desk.values.get("sms_hash") else 25)
    fits, rows = matcher(desk), []
    low, _ = span(desk)
    for sms in reversed(desk.account["sms"]):
        if sms["at"] < low:
            break  # the log is in order of time
        if fits(sms) and not hidden(desk, sms):
            rows.append(shown(desk, sms))
            if len(rows) == limit:
                break
    return [E("sms", rows)]


def sender(desk):
    """The number to send from: ours, enabled, and able to."""
    did_id, number = desk.values.get("client_did_id"), desk.values.get("source_number")
    if not did_id and not number:
        raise Refusal("required_parameter_not_found")
    dids = [d for d in desk.account["dids"].values() if d["status"] != "deleted"]
    found = next((d for d in dids if (d["client_did_id"] == did_id if did_id else d["phone_number"] == number)), None)
    if found is None:
        raise Refusal("client_did_id_invalid" if did_id else "permission_refused")
    return found


def attachment_of(desk):
    """(stored name or URL, size, type) of the one file, or None."""
    uploads = desk.files.get("attachments") or desk.files.get("attachment") or []
    if len(uploads) > 1:
        raise Refusal("attachments_invalid")
    if uploads:
        upload = uploads[0]
        if not upload.data:
            raise Refusal("attachments_invalid")
        ending = re.sub(r"[^a-z0-9.]", "", "." + upload.filename.lower().rpartition(".")[2])[:6]
        return ("upload", ending, upload)
    url = desk.params.get("attachment") or ""
    return ("url", url, None) if url else None


def queue_sms(desk):
    did = sender(desk)
    text, attachment = desk.values.get("message") or "", attachment_of(desk)
    if not text and not attachment:
        raise Refusal("message_required")
    able = did["sms_support"] == "1" and "enable_sms" in did["options"] and did["status"] == "enabled"
    if not able or (attachment and did["mms_support"] != "1"):
        raise Refusal("permission_refused")
    destination = desk.values["destination_number"]
    if is_duplicate(desk, did["phone_number"], destination, text, attachment):
        raise Refusal("duplicate_entry")
    sms = sms_life.send(
        desk, did, destination, text, attachment=attachment, retry_limit=desk.values.get("retry_limit") or 0
    )
    desk.effect(
        "sms_sent",
        sms_log_id=sms["sms_log_id"],
        sms_hash=sms["sms_hash"],
        source=sms["source"],
        destination=destination,
        message=text,
        attachment=sms.get("attachment", ""),
    )
    return Answer(E("sms_log_id", sms["sms_log_id"]), messages=[("queued_sms_hash", sms["sms_hash"])])


def is_duplicate(desk, source, destination, text, attachment):
    window = float(desk.sandbox.settings["duplicate_window_s"])
    for sms in reversed(desk.account["sms"]):
        if sms["at"] < desk.now - window:
            return False
        if (
            sms["direction"] == "outbound"
            and (sms["source"], sms["destination"]) == (source, destination)
            and sms["message"] == text
            and bool(sms.get("attachment")) == bool(attachment)
            and not sms.get("automatic")
        ):
            return True
    return False


def delete_sms(desk):
    wanted = desk.values["sms_log_id"]
    for sms in reversed(desk.account["sms"]):
        if sms["sms_log_id"] == wanted and sms["status"] == "enabled":
            sms["status"] = "deleted"
            desk.effect("sms_deleted", sms_log_id=wanted)
            return Answer(E("sms_log_id", wanted), messages=["sms_deleted"])
    raise Refusal("sms_log_id_invalid")
