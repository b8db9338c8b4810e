"""Texts: which numbers may, where incoming ones go, and sending."""

import uuid

from ..network import Text
from . import checks, messages
from .desk import Refusal, not_yours
from .spec import Spec

SMS_RATE, MMS_RATE = "0.0035", "0.0150"
LONGEST_SMS, LONGEST_MMS = 160, 1600
REFUSED = "0199"  # the carrier takes nothing for destinations with this ending


def campaigns(desk):
    asked = [row["campaignID"] for row in desk.values.get("campaignIDs", [])]
    known = {name: c for name, c in desk.account["campaigns"].items() if not asked or name in asked}
    numbers = {name: [] for name in known}
    for one in desk.account["numbers"].values():
        if one["campaign"] in numbers:
            numbers[one["campaign"]].append("1" + one["number"])
    ready = {
        name: "CAMPAIGN_DCA_COMPLETE" if desk.now - c["at"] > 3600 else "CAMPAIGN_ADD" for name, c in known.items()
    }
    return {"message": "Campaign results", "campaign_numbers": numbers, "campaign_event_status": ready}


def switch(desk, on):
    """Successes are called enabled also when they were disabled, as the document has it."""
    done, failed = {}, {}
    for row in desk.values["numbers"]:
        own, long = desk.own(row["number"]), "1" + row["number"]
        campaign = row.get("campaignID", "")
        if own is None or desk.unlucky(desk.values["numbers"], row):
            failed[long] = "Number not on account"
        elif campaign and campaign not in desk.account["campaigns"]:
            failed[long] = "Unknown campaign"
        else:
            own["messaging"] = on
            own["campaign"] = campaign or own["campaign"]
            desk.effect("messaging_switched", number=row["number"], on=on)
            done[long] = [int(long)]
    if failed:
        raise Refusal(409, "Number results", numbers_enabled=done, numbers_failed=failed)
    return {"message": "Number results", "numbers_enabled": done}


def enable(desk):
    return switch(desk, True)


def disable(desk):
    return switch(desk, False)


def status(desk):
    rows, failed = [], []
    for row in desk.values["numbers"]:
        own = desk.own(row["number"])
        if own is None:
            failed.append({"number": row["number"], "message": "Number not on account"})
        else:
            rows.append({"number": row["number"], "status": "Enabled" if own["messaging"] else "Not Enabled"})
    if failed:
        raise Refusal(409, "Number status", numbers=rows, numbers_fail=failed)
    return {"message": "Number status", "numbers": rows}


def route_in(desk):
    """A gateway's route, or (the document does not say how else) an address to post or mail to."""
    return routed(desk, "route_in", lambda value: messages.reaches(value) or value in map(str, desk.routes()))


def route_out(desk):
    return routed(desk, "route_out", lambda value: value in map(str, desk.routes()))


def routed(desk, name, good):
    done, failed = [], []
    for row in desk.values["numbers"]:
        own, value = desk.own(row["number"]), row["route"]
        shown = {"number": row["number"], "route": int(value) if value.isdigit() else value}
        if own is None or not good(value) or desk.unlucky(desk.values["numbers"], row):
            failed.append({**shown, "message": "Failed" if own is None else "Invalid Route"})
            continue
        own[name] = value
        desk.effect(f"message_{name}", **row)
        done.append(shown)
    if failed:
        raise Refusal(409, "Route result", numbers_success=done, numbers_failed=failed)
    return {"message": "Route results", "numbers": done}


def sms(desk):
    if len(desk.values["messageText"]) > LONGEST_SMS:
        raise Refusal(400, "Field: messageText", requirement=f"At most {LONGEST_SMS} characters")
    return send(desk, "sms", SMS_RATE)


def mms(desk):
    url = desk.values.get("mmsURL", "")
    if url and not url.lower().startswith(("http://", "https://")):
        raise unsent(desk, "Invalid media")
    return send(desk, "mms", MMS_RATE, url)


def unsent(desk, reason):
    """The refusal of an MMS carries a structure where others carry a sentence."""
    result = {"transactionGUID": guid(desk), "resultResponses": []}
    return Refusal(400, {"reason": reason, "detail": "The message was not sent", "result": result})


def send(desk, kind, rate, media=""):
    values, number = desk.values, desk.values["source"]
    own = desk.own(number)
    if own is None:
        raise not_yours()
    if not desk.account["messaging"] or not own["messaging"]:
        raise Refusal(405, "Messaging is not enabled")
    if [number, values["destination"]] in desk.account["opted_out"]:
        raise Refusal(406, "Destination has opted out")
    if not desk.covers(rate):
        raise Refusal(402, "Insufficient balance")
    if values["destination"].endswith(REFUSED):
        raise Refusal(422, "Message gateway refused the message") if kind == "sms" else unsent(desk, "Refused")
    transaction = guid(desk)
    row = messages.log(desk, kind, number, values["destination"], "out", values["messageText"], rate, transaction)
    desk.charge(rate, f"{kind} {transaction}")
    desk.effect(f"{kind}_sent", id=transaction, source=number, destination=values["destination"],
                message=values["messageText"], media=media)  # fmt: skip
    leave(desk, row, media)
    return {"message": {"transaction": {"transactionGUID": transaction, "destination": "1" + values["destination"]}}}


def leave(desk, row, media, automatic=False):
    """The text goes to the network; the report follows when it has arrived. A number that takes none sends no report."""
    if desk.dry or desk.sandbox.network.refuses(f"+1{row['other']}"):
        return
    due = desk.now + float(desk.sandbox.settings["sms_completed_s"])
    text = Text(
        f"+1{row['number']}",
        f"+1{row['other']}",
        row["message"],
        media,
        "image/jpeg" if media else "",
        automatic=automatic,
        origin=desk.upstream.slug,
    )
    desk.sandbox.network.send(text, due)
    desk.schedule(due, "delivered", key=desk.account["key"], number=row["number"], other=row["other"])


def guid(desk):
    return str(uuid.UUID(hex=desk.digest("transaction"), version=4))


NUMBERS = {"numbers!": [{"number!": checks.digits}]}
SEND = {"source!": checks.number, "destination!": checks.number}
ROUTE = {"numbers!": [{"number!": checks.digits, "route!": checks.text(500)}]}
CALLS = (
    Spec(
        "campaigns",
        "/v2.1/messaging/campaigns/",
        campaigns,
        {"campaignIDs": [{"campaignID!": checks.text(40)}]},
        read=True,
    ),
    Spec("disable", "/v2.1/messaging/disable/", disable, NUMBERS),
    Spec(
        "enable",
        "/v2.1/messaging/enable/",
        enable,
        {"numbers!": [{"number!": checks.digits, "campaignID": checks.text(40)}]},
    ),
    Spec(
        "mms",
        "/v2.1/messaging/mms/",
        mms,
        {
            **SEND,
            "messageText!": checks.text(LONGEST_MMS),
            "mmsURL": checks.text(2000),
            "mmsSubject": checks.text(100),
        },
    ),
    Spec("routein", "/v2.1/messaging/routein/", route_in, ROUTE),
    Spec("routeout", "/v2.1/messaging/routeout/", route_out, ROUTE),
    Spec("sms", "/v2.1/messaging/sms/", sms, {**SEND, "messageText!": checks.text(LONGEST_MMS)}),
    Spec("status", "/v2.1/messaging/status/", status, NUMBERS, read=True),
)
