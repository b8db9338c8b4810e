"""A call in the log: kept as a short list, for there are thousands, and read as a `Cdr`."""

import collections
import functools
import hashlib

from ..demo.places import TOLLFREE, place_of
from . import phones, rates
from .geo import COUNTRIES, STATES, state_fields

INBOUND, OUTBOUND = 0, 1
# `here` is our own number or extension, `there` the other party's; `more` holds what few calls have.
Cdr = collections.namedtuple("Cdr", "id at direction here there did peer sub seconds disposition name more")
DISPOSITIONS = ("answered", "busy", "failed", "no_answer", "cancelled", "denied", "invalid", "unknown")
ROUTES = (
    "undefined",
    "internal",
    "emergency_call",
    "directory_assistance",
    "international_termination",
    "international_origination",
    "local_termination",
    "local_origination",
    "tollfree_origination",
    "tollfree_termination",
)
SIP = {"answered": 200, "busy": 486, "failed": 503, "no_answer": 480, "cancelled": 487, "denied": 403}
CAUSES = {"answered": 16, "busy": 17, "failed": 38, "no_answer": 19, "cancelled": 487, "denied": 21, "invalid": 28}


@functools.lru_cache(maxsize=100_000)
def hash_of(account_id, call_id):
    """32 characters that tell nothing; the same for a call at any time."""
    return hashlib.md5(f"call/{account_id}/{call_id}".encode()).hexdigest()


def log_of(account):
    return account.setdefault("calls", [])


def by_hash(account, wanted):
    """Where in the log the call of a hash stands, looking from its newest end; None when nowhere."""
    number, wanted = account["client_account_id"], wanted.lower()
    log = log_of(account)
    return next((i for i in range(len(log) - 1, -1, -1) if hash_of(number, log[i][0]) == wanted), None)


def by_id(account, call_id):
    return next((Cdr(*row) for row in reversed(log_of(account)) if row[0] == call_id), None)


def disposition(call):
    return DISPOSITIONS[call.disposition]


def route(call):
    """The routing type, from who called whom."""
    if call.more and call.more.get("internal"):
        return "internal"
    if call.direction == INBOUND:
        if call.here[:3] in TOLLFREE:
            return "tollfree_origination"
        return "international_origination" if len(call.there) > 10 else "local_origination"
    if call.there in ("911", "411"):
        return "emergency_call" if call.there == "911" else "directory_assistance"
    if call.there[:3] in TOLLFREE and len(call.there) == 10:
        return "tollfree_termination"
    return "local_termination" if len(call.there) == 10 else "international_termination"


FLAT = {
    "internal": "0.0000",
    "emergency_call": rates.EMERGENCY,
    "local_origination": rates.LOCAL_IN,
    "international_origination": rates.LOCAL_IN,
    "tollfree_origination": rates.TOLLFREE_IN,
    "tollfree_termination": rates.TOLLFREE_RATE,
}


def billing(call):
    """(rate, billed seconds, amount), CAD as text with four decimals."""
    kind = route(call)
    if kind == "directory_assistance":
        return rates.DIRECTORY, call.seconds, rates.DIRECTORY if call.seconds else "0.0000"
    rate, step = (FLAT[kind], 6) if kind in FLAT else rates.rate_to(call.there)[:2]
    return rate, *rates.price(rate, step, call.seconds)


def place(call):
    """Where the other party is."""
    area = place_of(call.there[:3]) if len(call.there) == 10 else None
    if area:
        return {**state_fields(area.state), "district": area.city}
    country, state = rates.rate_to(call.there)[2:] if len(call.there) >= 10 else (38, "")
    return {
        "state_id": state,
        "state": STATES[state][0] if state else "",
        "country_id": country or "",
        "country": COUNTRIES[country][0] if country in COUNTRIES else "",
        "district": "",
    }


def ends(call):
    """(source, destination) as the log writes them: the destination with its leading 1."""
    if call.direction == INBOUND:
        return call.there, phones.shown(call.here)
    return call.here, phones.shown(call.there)
