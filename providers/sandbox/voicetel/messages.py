"""The life of texts: the log, those that arrive, STOP and START, and where the news of them is posted."""

import re

STOP = {"stop", "unsubscribe", "cancel", "end", "quit", "stopall", "arret", "arrêt"}
START = {"start", "unstop", "yes"}
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def reaches(route):
    """Whether a route is an address that texts can be posted or mailed to."""
    return route.lower().startswith(("http://", "https://")) or bool(MAIL.fullmatch(route))


def log(desk, kind, number, other, direction, message, rate, transaction, at=None):
    row = {
        "id": desk.digest("mdr"),
        "kind": kind,
        "number": number,
        "other": other,
        "direction": direction,
        "message": message,
        "at": int(desk.now if at is None else at),
        "rate": rate,
        "guid": transaction,
    }
    desk.account["mdr"].append(row)
    desk.sandbox.world.touch()
    return row


def delivered(desk, data, due):
    """The delivery report of a text that has left; the document gives it no state."""
    desk.account["dlr"].append(
        {"id": desk.digest("dlr"), "number": data["number"], "other": data["other"], "at": int(due)}
    )
    desk.sandbox.world.touch()


def arrive(desk, own, text, due):
    """A text has come for a number of this account."""
    other = ten_digits(text.source)
    if not desk.account["messaging"] or not own["messaging"]:
        desk.effect("sms_lost", source=text.source, destination=text.destination, reason="messaging is not enabled")
        return None
    kind = "mms" if text.media else "sms"
    row = log(desk, kind, own["number"], other, "in", text.message, "0.0000", desk.digest("inbound"), due)
    row["media"] = text.media
    consent(desk, own["number"], other, text.message)
    desk.effect(f"{kind}_received", id=row["guid"], source=text.source, destination=text.destination,
                message=text.message, media=text.media)  # fmt: skip
    announce(desk, own, row, due)
    return row


def consent(desk, number, other, message):
    word, pair = message.strip().strip(".!").casefold(), [number, other]
    if word in STOP and pair not in desk.account["opted_out"]:
        desk.account["opted_out"].append(pair)
        desk.effect("opted_out", number=number, destination=other)
    elif word in START and pair in desk.account["opted_out"]:
        desk.account["opted_out"].remove(pair)
        desk.effect("opted_in", number=number, destination=other)


def payload(desk, row):
    """The body of the webhook, which is published nowhere."""
    body = {
        "from": row["other"],
        "to": row["number"],
        "message": row["message"],
        "timestamp": row["at"],
        "id": row["guid"],
    }
    return {**body, "media": [desk.upstream.file_url(row["media"])]} if row.get("media") else body


def announce(desk, own, row, due):
    route = own["route_in"]
    if MAIL.fullmatch(route):
        desk.effect("sms_mailed", to=route, id=row["guid"])
    elif route.startswith("http"):
        job = {"event": "inbound_sms", "url": route, "payload": payload(desk, row), "tries": 3}
        job["slug"] = desk.upstream.slug
        desk.sandbox.schedule(due + float(desk.sandbox.settings["webhook_delay_s"]), job["slug"], "_webhook", job)


def ten_digits(number):
    digits = "".join(c for c in str(number) if c.isdigit())
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits or str(number)
