"""Emergency addresses: validated against the street table, then bound to a number.

With the table of `places.py`, for example:

- good: "100 MAIN ST", CHAMPLAIN, NY, 12919; "100 Main Street" is stored as the former
- not found with alternates: the first with ZIP 12901, or in PLATTSBURGH, or as "100 MAINE ST"
- not found without: "1 NOWHERE LN"; a number beyond the end of the street
"""

import difflib
import re

from . import checks
from .desk import MONTHLY, Refusal, not_yours
from .places import STREETS
from .spec import Spec

CLOSE = 0.8
MOST_ALTERNATES = 4
WORDS = {
    "STREET": "ST",
    "AVENUE": "AVE",
    "ROAD": "RD",
    "BOULEVARD": "BLVD",
    "LANE": "LN",
    "DRIVE": "DR",
    "EAST": "E",
    "WEST": "W",
    "SUITE": "STE",
    "APARTMENT": "APT",
    "FLOOR": "FL",
}


def normal(text):
    """Upper case, no punctuation, the short forms of the post office."""
    words = re.sub(r"[^A-Z0-9# -]", " ", text.upper()).split()
    return " ".join(WORDS.get(word, word) for word in words)


def judged(values):
    """The address as it is stored, or `Refusal` with what is known nearby."""
    found = re.fullmatch(r"(\d{1,6}) (.+)", normal(values["address1"]))
    if not found:
        raise Refusal(409, "Address not found", alternates=[])
    civic, street = int(found[1]), found[2]
    place = (normal(values["city"]), normal(values["state"]), values["zip"][:5])
    for one in STREETS:
        if (one.street, one.city, one.state, one.zip) == (street, *place):
            if not 1 <= civic <= one.highest:
                raise Refusal(409, "House number not found", alternates=[])
            return stored(one, civic, values)
    raise Refusal(409, "Address not found", alternates=[stored(one, civic, values) for one in near(street, *place)])


def near(street, city, state, zip_code):
    ranked = sorted(
        ((likeness(one, street, city, state, zip_code), i) for i, one in enumerate(STREETS)),
        key=lambda pair: (-pair[0], pair[1]),
    )
    return [STREETS[i] for score, i in ranked[:MOST_ALTERNATES] if score > 0]


def likeness(one, street, city, state, zip_code):
    same = difflib.SequenceMatcher(None, one.street, street).ratio()
    if same < CLOSE or one.state != state:
        return 0
    return same + 0.5 * (one.city == city) + 0.3 * (one.zip == zip_code)


def stored(street, civic, values):
    return {
        "city": street.city,
        "address2": normal(values.get("address2", "")),
        "zip": street.zip,
        "state": street.state,
        "address1": f"{civic} {street.street}",
    }


def keep(desk, address):
    """Each good address gets an id; the same one keeps its own."""
    known = desk.state["addresses"]
    for number, row in known.items():
        if row == address:
            return int(number)
    number = desk.new_id("address")
    known[str(number)] = address
    return number


def validate(desk):
    address = judged(desk.values)
    return {"entry_valid": {**address, "addressid": keep(desk, address)}}


def numbered(desk):
    own = desk.own(desk.values["dn"])
    if own is None:
        raise not_yours()
    return own


def provision(desk):
    numbered(desk)
    address = desk.state["addresses"].get(str(desk.values["addressid"]))
    if address is None:
        raise Refusal(409, "Invalid addressid")
    return bind(desk, address, desk.values["addressid"])


def validate_and_provision(desk):
    numbered(desk)
    address = judged(desk.values)
    return bind(desk, address, keep(desk, address))


def bind(desk, address, address_id):
    number = desk.values["dn"]
    if number not in desk.account["e911"]:
        desk.charge(MONTHLY["e911"], f"911 monthly fee {number}")
    kept = dict(address)
    if desk.call.fault("read_back_differs") is not None:
        civic, street = kept["address1"].split(" ", 1)
        kept["address1"] = f"{int(civic) + 2} {street}"  # the neighbour's door: what an operator's slip looks like
    desk.account["e911"][number] = {**kept, "addressid": address_id, "callername": desk.values["callername"]}
    desk.effect("e911_provisioned", number=number, **desk.account["e911"][number])
    shown = {**address, "addressid": address_id, "callername": desk.values["callername"]}
    return {"entry_added": {**shown, "dn": "1" + number}}


def entry(number, row):
    return {**row, "dn": "1" + number}


def query_all(desk):
    if not desk.account["e911"]:
        raise Refusal(404, "Not Found")
    return {"entry_all": [entry(number, row) for number, row in desk.account["e911"].items()]}


def known(desk):
    numbered(desk)
    row = desk.account["e911"].get(desk.values["dn"])
    if row is None:
        raise Refusal(409, "Record not found")
    return row


def query(desk):
    return {"entry_query": entry(desk.values["dn"], known(desk))}


def remove(desk):
    row = known(desk)
    del desk.account["e911"][desk.values["dn"]]
    desk.effect("e911_removed", number=desk.values["dn"])
    return {"entry_removed": entry(desk.values["dn"], row)}


ADDRESS = {
    "address1!": checks.text(80),
    "address2": checks.text(40),
    "city!": checks.text(40),
    "state!": checks.text(2, 2),
    "zip!": checks.matching(r"\d{5}(-\d{4})?"),
}
DN = {"dn!": checks.digits}
NAMED = {**DN, "callername!": checks.text(32)}
CALLS = (
    Spec("e911ProvisionAddress", "/v2.1/e911/provisionAddress/", provision, {**NAMED, "addressid!": checks.whole}),
    Spec("e911QueryAll", "/v2.1/e911/queryAll/", query_all, read=True),
    Spec("e911QueryRecord", "/v2.1/e911/queryRecord/", query, DN, read=True),
    Spec("e911RemoveRecord", "/v2.1/e911/removeRecord/", remove, DN),
    Spec("e911ValidateAddress", "/v2.1/e911/validateAddress/", validate, ADDRESS, read=True),
    Spec(
        "e911ValidateAndProvision",
        "/v2.1/e911/validateAndProvision/",
        validate_and_provision,
        {**NAMED, **ADDRESS},
    ),
)
