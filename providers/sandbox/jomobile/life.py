"""What becomes of a message: its states by the clock, and the reports that are posted until they are acknowledged."""

import hashlib
import uuid
from urllib.parse import urlencode

from ..network import Text
from .desk import Desk, stamp

FAILING, UNREACHABLE = "0199", "0198"  # endings of numbers outside
ACCEPTED, ENROUTE, DELIVERED = "ACCEPTD", "ENROUTE", "DELIVRD"
UNDELIVERABLE, EXPIRED, REJECTED = "UNDELIV", "EXPIRED", "REJECTD"
TEXTS = ("sms", "wappush", "flashsms")
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€")
AT_ONCE = 100  # reports in one post
RETRY_S, TRIES = 300, 288  # a day long


def parts_of(text):
    if all(c in GSM or c in GSM_TWICE for c in text):
        length, single, joined = sum(2 if c in GSM_TWICE else 1 for c in text), 160, 153
    else:
        length, single, joined = len(text.encode("utf-16-be", "surrogatepass")) // 2, 70, 67
    return 1 if length <= single else -(-length // joined)


def rows_of(account, plan, number, at):
    """A row for each part. A part has an id of its own, and one that it shares with the others of its message."""
    return [
        {
            "message": number,
            "uuid": str(uuid.UUID(bytes=digest(account["key"], number, part), version=4)),
            "phone": plan["phone"],
            "originator": plan["originator"],
            "type": plan["type"],
            "text": plan["text"],
            "part_no": part,
            "num_parts": plan["parts"],
            "state": ACCEPTED,
            "at": at,
            "state_at": at,
            "groups": list(plan["groups"]),
            "url": plan["url"] or "",
        }
        for part in range(1, plan["parts"] + 1)
    ]


def digest(key, number, part):
    return hashlib.md5(f"{key}/{number}/{part}".encode()).digest()


def take(desk, plan):
    """Accept a message; its rows are in the log from now on."""
    number = desk.upstream.new_id("message")
    rows = rows_of(desk.account, plan, number, desk.now)
    desk.account["log"] += rows
    desk.upstream.messages[number] = rows
    desk.effect(
        "sms_sent" if plan["type"] in TEXTS else "number_looked_up",
        id_states=[row["uuid"] for row in rows],
        message_id=number,
        phone=plan["phone"],
        originator=plan["originator"],
        message=plan["text"],
        type=plan["type"],
        begin=plan["begin"],
    )
    begin = plan["begin"] + float(desk.sandbox.settings["sms_processing_s"])
    desk.schedule(begin, "state", message=number, state=ENROUTE, lifetime=plan["lifetime"])
    return rows


def happen_state(upstream, data, due):
    """ACCEPTD, ENROUTE, then the last state, in which the text is let go."""
    rows = upstream.messages.get(data["message"])
    if not rows:
        return
    desk = Desk(upstream, upstream.state["accounts"][data["key"]])
    if data["state"] == ENROUTE and rows[0]["phone"] in desk.account["black_list"]:
        data = {**data, "state": REJECTED}
    for row in rows:
        row.update(state=data["state"], state_at=due)
    desk.sandbox.world.touch()
    if data["state"] == ENROUTE:
        state, after = ending(desk, rows[0]["phone"], data["lifetime"])
        desk.sandbox.schedule(due + after, upstream.slug, "state", {**data, "state": state})
        return
    if data["state"] == DELIVERED and rows[0]["type"] in TEXTS:
        desk.sandbox.network.send(in_network(rows[0]), due)
    upstream.state["reports"] += [[data["key"], data["message"], row["part_no"]] for row in rows if row["url"]]


def ending(desk, phone, lifetime):
    """(the state in the end, the seconds until then)."""
    settings = desk.sandbox.settings
    soon = max(0.0, float(settings["sms_completed_s"]) - float(settings["sms_processing_s"]))
    network = desk.sandbox.network
    if phone.endswith(FAILING) or network.refuses(f"+{phone}"):
        return UNDELIVERABLE, soon
    if phone.endswith(UNREACHABLE) and network.owner(f"+{phone}") is None:
        return EXPIRED, max(soon, lifetime)
    return DELIVERED, soon


def in_network(row):
    sender = row["originator"]
    source = f"+{sender}" if sender.isdigit() and len(sender) > 6 else sender
    return Text(source, f"+{row['phone']}", row["text"], origin="jomobile")


# -- reports


def id_of(upstream, row):
    """Tenants of the platform differ: one id a part, or (a quirk) one number for the whole message."""
    return row["message"] if upstream.quirks else row["uuid"]


def shown(upstream, row):
    """A part of a message, in a report as in the search."""
    return {
        "id_state": id_of(upstream, row),
        "originator": row["originator"],
        "phone": row["phone"],
        "type_sms": row["type"],
        "text_sms": row["text"],
        "num_parts": row["num_parts"],
        "part_no": row["part_no"],
        "state": row["state"],
        "time": stamp(row["state_at"]),
    }


def post_reports(upstream, now):
    """What has ended since the last look goes out in one list for each receiver."""
    waiting, upstream.state["reports"] = upstream.state["reports"], []
    by_receiver = {}
    for key, number, part in waiting:
        row = next((one for one in upstream.messages.get(number, ()) if one["part_no"] == part), None)
        if row is not None:
            by_receiver.setdefault((key, row["url"]), []).append(shown(upstream, row))
    due = now + float(upstream.sandbox.settings["webhook_delay_s"])
    for (key, url), reports in by_receiver.items():
        legacy = upstream.state["accounts"][key]["dlr_style"] == "get"
        for job in legacy_jobs(url, reports) if legacy else list_jobs(url, reports):
            upstream.sandbox.schedule(due, upstream.slug, "_webhook", {"slug": upstream.slug, "event": "dlr", **job})


def list_jobs(url, reports):
    for start in range(0, len(reports), AT_ONCE):
        rows = reports[start : start + AT_ONCE]
        yield {"url": url, "payload": rows, "acknowledge_by": "id_state", "tries": TRIES, "pause": RETRY_S}


def legacy_jobs(url, reports):
    """The older kind: a GET for each part, whose answer is the id."""
    for row in reports:
        fields = {name: row[name] for name in ("id_state", "state", "time")}
        target = f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}"
        job = {"url": target, "payload": row, "method": "GET", "raw": "", "acknowledged_as": str(row["id_state"])}
        yield {**job, "tries": TRIES, "pause": RETRY_S}
