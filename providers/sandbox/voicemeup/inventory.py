"""Numbers for sale: looking, taking one, ordering others, and asking about any number."""

import re

from ..demo.places import AREAS, place_of
from . import checks
from .checks import P
from .desk import Answer, Refusal
from .dids import folded, new_row
from .geo import state_fields
from .wire import E, row

PATTERNS = (
    "all_numbers",
    "no_patterns",
    "rare_number",
    "pattern_double_digits",
    "pattern_double_digits_pair",
    "pattern_double_digits_trio",
    "pattern_tripple_digits",
    "pattern_quadruple_digits",
)
CAPACITIES = ("0", "1-2", "2-5", "5-10", "10-15", "15-25", "25-50", "50+")
LOOKUP_PRICE = "0.02"
GET_NEW = (
    P("type", checks.enum("local", "tollfree", "inum", "international")),
    P("npa", checks.digits(3)),
    P("nxx", checks.digits(3)),
    P("ratecenter_id", checks.digits(6)),
    P("district", checks.text(120)),
    P("state_id", checks.integer(1)),
    P("included_patterns", checks.enum(*PATTERNS), many=True),
    P("order", checks.enum("default", "random")),
    P("t38_support", checks.flag),
    P("sms_support", checks.flag),
)
ACTIVATE = (P("phone_number", checks.phone), P("did_id", checks.integer(1)), P("skip_notification", checks.boolean))
LOOKUP = (P("phone_number", checks.phone, required=True),)
ORDER = (
    P("prefix", checks.digits(low=1, high=12)),
    P("ratecenter_id", checks.digits(6)),
    P("type", checks.enum("local", "international")),
    P("quantity", checks.integer(1, 999), required=True),
    P("prefix_preference", checks.enum("in_ratecenter", "prefix_only")),
    P("sequential", checks.enum("random", "sequential")),
    P("t38_support", checks.flag),
    P("sms_support", checks.flag),
    P("mms_support", checks.flag),
    P("capacity", checks.enum(*CAPACITIES)),
    P("comments", checks.text()),
)


def pattern_of(number):
    """What is catchy about the last four digits."""
    line = number[-4:]
    pairs = len(re.findall(r"(.)\1", line))
    if re.search(r"(.)\1\1\1", line):
        return "pattern_quadruple_digits"
    if re.search(r"(.)\1\1", line):
        return "pattern_tripple_digits"
    if pairs == 2:
        return "pattern_double_digits_pair"
    return "pattern_double_digits" if pairs else "no_patterns"


def place_fields(npa):
    """The geography of an area code, as a number's row has it."""
    area = place_of(npa)
    if area is None:
        return {
            "ratecenter_id": "",
            "ratecenter": "",
            "district": "",
            "state_id": "",
            "state": "",
            "country_id": 38,
            "country": "Canada",
        }
    state = state_fields(area.state)
    return {"ratecenter_id": area.ratecenter_id, "ratecenter": area.city.upper(), "district": area.city, **state}


def shown(desk, number):
    values = {
        name: number[name]
        for name in (
            "did_id",
            "phone_number",
            "type",
            "npa",
            "nxx",
            "ratecenter_id",
            "ratecenter",
            "district",
            "state_id",
            "state",
            "country_id",
            "country",
            "t38_support",
            "sms_support",
        )
    }
    values["setup_fee"] = f"{desk.amount(number['setup_fee']):.2f}"
    values["monthly_fee"] = f"{desk.amount(number['monthly_fee']):.2f}"
    values["pattern"] = number["pattern"]
    return row("did_details", "did_id", values)


def in_stock(number, wanted):
    patterns = set(wanted.get("included_patterns") or ()) - {"all_numbers"}
    if patterns and number["pattern"] not in patterns:
        return False
    if wanted.get("district") and folded(wanted["district"]) not in folded(number["district"]):
        return False
    if (wanted.get("npa") or wanted.get("nxx")) and number["type"] != "local":
        return False
    plain = ("type", "npa", "nxx", "ratecenter_id", "state_id", "t38_support", "sms_support")
    return all(str(number[n]) == str(wanted[n]) for n in plain if wanted.get(n) not in (None, ""))


def get_new_dids(desk):
    stock = desk.upstream.state["inventory"].values()
    found = [number for number in stock if in_stock(number, desk.values)]
    district = folded(desk.values.get("district") or "")
    found.sort(key=lambda number: (folded(number["district"]) != district, number["phone_number"]))
    if desk.values.get("order") == "random":
        found.sort(key=lambda number: (number["did_id"] * 7919 + int(desk.now)) % 10007)
    return [E("dids", [shown(desk, number) for number in found])]


def activate_new_did(desk):
    number, did_id = desk.values.get("phone_number"), desk.values.get("did_id")
    if not number and not did_id:
        raise Refusal("required_parameter_not_found")
    stock = desk.upstream.state["inventory"]
    found = next(
        (n for n in stock.values() if (n["did_id"] == did_id if did_id else n["phone_number"] == number)), None
    )
    if found is None:
        raise Refusal("did_id_invalid" if did_id else "phone_number_invalid")
    del stock[str(found["did_id"])]
    did = add_number(
        desk,
        found["phone_number"],
        type=found["type"],
        t38_support=found["t38_support"],
        sms_support=found["sms_support"],
        mms_support=found["sms_support"],
    )
    desk.charge(found["setup_fee"], f"Setup fee {did['phone_number']}")
    desk.charge(found["monthly_fee"], f"Monthly fee {did['phone_number']}")
    desk.effect(
        "did_bought",
        client_did_id=did["client_did_id"],
        phone_number=did["phone_number"],
        setup_fee=found["setup_fee"],
        monthly_fee=found["monthly_fee"],
    )
    return Answer(
        E("client_did_id", did["client_did_id"]), E("phone_number", did["phone_number"]), messages=["did_activated"]
    )


def add_number(desk, number, **changes):
    did = new_row(number, place_fields(number[:3]), desk.now, voice_language=desk.account["language"], **changes)
    did["client_did_id"] = desk.new_id("client_did")
    desk.account["dids"][str(did["client_did_id"])] = did
    desk.upstream.index()
    desk.sandbox.world.touch()
    return did


def order_new_dids(desk):
    values = desk.values
    prefix, ratecenter = values.get("prefix"), values.get("ratecenter_id")
    kind = values.get("type") or "local"
    if not prefix and not ratecenter:
        raise Refusal("prefix_required")
    if prefix and kind == "local" and len(prefix) != 6:
        raise Refusal("prefix_invalid")
    if values.get("prefix_preference") == "prefix_only" and (not prefix or kind == "international"):
        raise Refusal("prefix_preference_invalid")
    if prefix and kind == "local" and place_of(prefix[:3]) is None:
        raise Refusal("prefix_not_found")
    if ratecenter and not any(area.ratecenter_id == int(ratecenter) for area in AREAS.values()):
        raise Refusal("ratecenter_id_not_found")
    desk.effect("dids_ordered", **{name: value for name, value in values.items() if value != ""})
    return Answer(messages=["dids_ordered"])


def lookup_did(desk):
    number = desk.values["phone_number"]
    desk.charge(LOOKUP_PRICE)
    desk.effect("lookup_billed", phone_number=number, price=LOOKUP_PRICE)
    area = place_of(number[:3])
    if len(number) != 10 or area is None:
        raise Refusal("phone_number_invalid")
    ours = number in desk.upstream.by_number
    mobile = int(number[-1]) % 2 == 0 and not ours
    values = {
        "phone_number": number,
        "npa": number[:3],
        "nxx": number[3:6],
        **place_fields(number[:3]),
        "carrier": "VoiceMeUp" if ours else area.carriers[int(number[-2:]) % len(area.carriers)],
        "type": "voip" if ours else "mobile" if mobile else "landline",
        "portability": "yes",
    }
    return [E("did", [row("did_details", "phone_number", values)])]
