"""The records of texts: what was sent and received, and what was delivered."""

from ..lag import hidden
from . import checks
from .account import window
from .desk import Refusal, not_yours
from .spec import Spec


def mdr(desk, kind):
    older, newer = window(desk)
    number = desk.values["number"]
    if desk.own(number) is None:
        raise not_yours()
    rows = [
        shown(row)
        for row in reversed(desk.account["mdr"])
        if row["number"] == number
        and row["kind"] == kind
        and older <= row["at"] <= newer
        and not hidden(desk.call, row["at"], desk.now, int(row["id"][:8], 16))
    ]
    if not rows:
        raise Refusal(404, "Not Found")
    return {"mdr": rows}


def shown(row):
    """The first member of the key is the destination, which is our own number for a text that came in."""
    out = row["direction"] == "out"
    value = {"direction": row["direction"], "message": row["message"], "number": far(row["other"]), "rate": row["rate"]}
    return {"id": row["id"], "key": [row["other"] if out else row["number"], row["at"]], "value": value}


def far(other):
    """The far end is an integer, unless it is no number at all (a short name)."""
    return int(other) if other.isdigit() else other


def mdr_sms(desk):
    return mdr(desk, "sms")


def mdr_mms(desk):
    return mdr(desk, "mms")


def dlr(desk):
    older, newer = window(desk)
    number = desk.values["number"]
    if desk.own(number) is None:
        raise not_yours()
    rows = [row for row in reversed(desk.account["dlr"]) if row["number"] == number and older <= row["at"] <= newer]
    return {"dlr": [report(desk, row) for row in rows]}


def report(desk, row):
    value = {"sourceNumber": row["number"], "destinationNumber": row["other"]}
    return {"id": row["id"], "key": [desk.account["username"], "1" + row["number"], row["at"]], "value": value}


TABLE = {"number!": checks.number, "start": checks.whole, "end": checks.whole}
CALLS = (
    Spec("dlr", "/v2.1/messaging/dlr/", dlr, TABLE, read=True),
    Spec("mdr-mms", "/v2.1/messaging/mdr-mms/", mdr_mms, TABLE, read=True),
    Spec("mdr-sms", "/v2.1/messaging/mdr-sms/", mdr_sms, TABLE, read=True),
)
