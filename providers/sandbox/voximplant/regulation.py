"""Addresses that regulated regions want, and what is asked where; and the number that a trial account may call."""

from . import checks, places
from . import values as reading
from .refusals import Refusal
from .spec import reads, writes

CODE = "1357"  # what the verification call says
CALLS_A_DAY = 5
CODE_TRIES = 3
WHERE = "country_code! phone_category_name! phone_region_code"


def country(desk):
    if desk.get("country_code") not in places.COUNTRIES:
        raise reading.invalid("country_code")


def get_countries(desk):
    if "country_code" in desk.values:
        country(desk)
    codes = [code for code in places.COUNTRIES if desk.get("country_code", code) == code]
    rows = [{"country_code": code, "country_name": places.COUNTRIES[code][0]} for code in codes]
    return {"result": rows, "count": len(rows)}


def get_regions(desk):
    country(desk)
    rows = [
        {
            "phone_region_id": row.number,
            "phone_region_name": row.name,
            "phone_region_code": row.code,
            "is_need_regulation_address": row.addressed,
            "regulation_address_type": "LOCAL" if row.addressed else "WORLDWIDE",
        }
        for row in places.REGIONS
        if (row.country, row.category) == (desk.get("country_code"), desk.get("phone_category_name"))
        and desk.get("city_name", "").lower() in row.name.lower()
    ]
    return counted(desk, rows)


def counted(desk, rows):
    answer = desk.page(rows)
    return {"result": answer["result"], "count": answer["count"]}


def get_zip_codes(desk):
    country(desk)
    rows = [
        {"city": row.name, "zip_code": code}
        for row in places.REGIONS
        for code in row.zip_codes
        if row.country == desk.get("country_code") and desk.get("phone_region_code", row.code) == row.code
    ]
    return counted(desk, rows)


def addresses(desk):
    rows = desk.matching(desk.account["addresses"], "regulation_address_id", "country_code", "phone_category_name")
    code = desk.get("phone_region_code")
    return [row for row in rows if code is None or places.BY_NUMBER[row["region"]].code == code]


def view(row):
    """RegulationAddress."""
    return {name: value for name, value in row.items() if name != "region"}


def get_regulations_address(desk):
    rows = addresses(desk)
    for name, status in (("verified", "VERIFIED"), ("in_progress", "IN_PROGRESS")):
        if desk.get(name) is not None:
            rows = [row for row in rows if (row["status"] == status) == desk.get(name)]
    return {"result": [view(row) for row in rows], "count": len(rows)}


def get_available_regulations(desk):
    country(desk)
    rows = addresses(desk)
    good = [view(row) for row in rows if row["status"] == "VERIFIED"]
    waiting = sum(row["status"] == "IN_PROGRESS" for row in rows)
    return {"result": bool(good), "available_address": good, "count_in_progress": waiting}


def link_regulation_address(desk):
    address = desk.one(desk.account["addresses"], "regulation_address_id")
    number = desk.one(desk.account["numbers"], "phone_id" if "phone_id" in desk.values else "phone_number")
    if address["region"] != number["region"]:
        raise Refusal(424)
    if address["status"] != "VERIFIED":
        raise Refusal(366)
    number["regulation_address_id"] = address["regulation_address_id"]
    desk.effect(
        "address_linked", phone_number=number["phone_number"], regulation_address_id=desk.get("regulation_address_id")
    )
    return {"result": True}


# -- the personal number of a trial account


def add_outbound_test_phone_number(desk):
    digits = checks.digits(desk.get("phone_number"))
    if desk.account["test_number"]:
        raise Refusal(547)
    if digits in desk.upstream.by_number:
        raise Refusal(584)
    desk.account["test_number"] = {"phone_number": digits, "verified": False, "called": [], "wrong": 0}
    desk.effect("test_number_added", phone_number=digits)
    return {"result": 1}


def test_number(desk):
    if not desk.account["test_number"]:
        raise Refusal(548)
    return desk.account["test_number"]


def verify_outbound_test_phone_number(desk):
    """The call that says the code: a virtual one, the code is always the same."""
    row = test_number(desk)
    if row["verified"]:
        raise Refusal(549)
    row["called"] = [at for at in row["called"] if at > desk.now - 86400]
    if len(row["called"]) >= CALLS_A_DAY:
        raise Refusal(554)
    row["called"].append(desk.now)
    row["wrong"] = 0
    desk.effect("test_number_called", phone_number=row["phone_number"])
    return {"daily_attempts_left": CALLS_A_DAY - len(row["called"])}


def activate_outbound_test_phone_number(desk):
    row = test_number(desk)
    if not row["called"]:
        raise Refusal(551)
    if row["wrong"] >= CODE_TRIES:
        raise Refusal(550)
    if not desk.get("verification_code").isdigit():
        raise reading.invalid("verification_code")
    if desk.get("verification_code") != CODE:
        row["wrong"] += 1
        raise Refusal(552)
    row["verified"] = True
    desk.effect("test_number_verified", phone_number=row["phone_number"])
    return {"result": 1}


def del_outbound_test_phone_number(desk):
    row = test_number(desk)
    desk.account["test_number"] = None
    desk.effect("test_number_deleted", phone_number=row["phone_number"])
    return {"result": 1}


def get_outbound_test_phone_numbers(desk):
    row = desk.account["test_number"]
    if not row:
        return {"result": []}
    country = next((c for c, (_, prefix, _) in places.COUNTRIES.items() if row["phone_number"].startswith(prefix)), "")
    shown = {"phone_number": row["phone_number"], "is_verified": row["verified"], "country_code": country}
    return {"result": [shown]}


CALLS = {
    "LinkregulationAddress": writes("regulation_address_id:int! phone_id:int|phone_number!", link_regulation_address),
    "GetZIPCodes": reads("country_code! phone_region_code count:int offset:int", get_zip_codes),
    "GetRegulationsAddress": reads(
        "country_code phone_category_name phone_region_code regulation_address_id:int verified:bool in_progress:bool",
        get_regulations_address,
    ),
    "GetAvailableRegulations": reads(WHERE, get_available_regulations),
    "GetCountries": reads("country_code", get_countries),
    "GetRegions": reads("country_code! phone_category_name! city_name count:int offset:int", get_regions),
    "AddOutboundTestPhoneNumber": writes("phone_number!", add_outbound_test_phone_number),
    "VerifyOutboundTestPhoneNumber": writes("", verify_outbound_test_phone_number),
    "ActivateOutboundTestPhoneNumber": writes("verification_code!", activate_outbound_test_phone_number),
    "DelOutboundTestPhoneNumber": writes("", del_outbound_test_phone_number),
    "GetOutboundTestPhoneNumbers": reads("", get_outbound_test_phone_numbers),
}
