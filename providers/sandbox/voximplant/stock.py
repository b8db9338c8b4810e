"""Numbers in stock: countries, categories, states, regions with their prices, and the numbers themselves."""

from . import places, prices
from . import values as reading
from .numbers import matches, region_asked
from .refusals import Refusal
from .spec import reads

BUYERS = ("Owner", "Admin", "Accountant")
WHERE = "country_code! phone_category_name! phone_region_id:int! country_state"
REGIONS = (
    "country_code! phone_category_name! country_state omit_empty:bool phone_region_id:int phone_region_name "
    "phone_region_code locale=EN,RU"
)
CATEGORY_WORDS = {"GEOGRAPHIC": "Geographic", "TOLLFREE": "Toll-free"}


def get_phone_number_categories(desk):
    asked = desk.get("country_code", list(places.COUNTRIES))
    if not set(asked) <= set(places.COUNTRIES):
        raise reading.invalid("country_code")
    if desk.get("sandbox") == "true":
        return {"result": []}
    return {"result": [country(code) for code in asked]}


def country(code):
    name, prefix, _ = places.COUNTRIES[code]
    categories = [
        {
            "phone_category_name": category,
            "country_has_states": code == "US" and category == "GEOGRAPHIC",
            "localized_country_name": name,
            "localized_phone_category_name": CATEGORY_WORDS[category],
            "localized_phone_region_name": "",
        }
        for category in places.CATEGORIES[code]
    ]
    return {
        "country_code": code,
        "localized_country_name": name,
        "phone_prefix": prefix,
        "can_list_phone_numbers": code == "US",
        "phone_categories": categories,
        "emergency_calls_to_be_enabled": False,
    }


def check_category(desk):
    code, category = desk.get("country_code"), desk.get("phone_category_name")
    if code not in places.COUNTRIES:
        raise reading.invalid("country_code")
    if category not in places.CATEGORIES[code]:
        raise reading.invalid("phone_category_name")
    if desk.get("country_state") not in (None, "", *places.STATES):
        raise reading.invalid("country_state")


def get_phone_number_country_states(desk):
    check_category(desk)
    wanted = desk.get("country_state")
    states = places.STATES if desk.get("country_code") == "US" else {}
    rows = [{"country_state": code, "country_state_name": name} for code, name in states.items()]
    return {"result": [row for row in rows if wanted in (None, "", row["country_state"])]}


def get_phone_number_regions(desk):
    check_category(desk)
    rows = [row for row in places.REGIONS if chosen(desk, row)]
    shown = [region(desk, row) for row in rows]
    return {"result": [row for row in shown if row["phone_count"] or not desk.get("omit_empty")]}


def chosen(desk, row):
    return (
        row.country == desk.get("country_code")
        and row.category == desk.get("phone_category_name")
        and desk.get("country_state") in (None, "", row.state)
        and desk.get("phone_region_id", row.number) == row.number
        and desk.get("phone_region_name", row.name) == row.name
        and desk.get("phone_region_code", row.code) == row.code
    )


def region(desk, row):
    """PhoneNumberCountryRegionInfo."""
    price, currency = prices.local(desk.account, row.price), desk.account["currency"]
    money = {
        "local_price": price,
        "local_installation_price": 0,
        "local_currency": currency,
        "account_price": price,
        "account_installation_price": 0,
        "account_currency": currency,
    }
    return {
        "phone_region_id": row.number,
        "phone_region_name": row.name,
        "phone_region_code": row.code,
        "phone_count": len(stocked(desk, row)),
        "phone_period": places.PERIOD,
        "is_need_regulation_address": row.addressed,
        "regulation_address_type": "LOCAL" if row.addressed else "WORLDWIDE",
        "is_sms_supported": row.category == "GEOGRAPHIC",
        "multiple_numbers_price": [{"count": 1, "installation_tax_reserve": 0, "tax_reserve": 0, **money}],
        "localized_country_name": places.COUNTRIES[row.country][0],
        "localized_phone_category_name": CATEGORY_WORDS[row.category],
        "localized_phone_region_name": row.name,
        "phone_installation_tax_reserve": 0,
        "phone_tax_reserve": 0,
        **money,
    }


def stocked(desk, row):
    return [one for one in desk.upstream.state["stock"] if one["region"] == row.number]


def get_actual_phone_number_region(desk):
    return {"result": region(desk, region_asked(desk))}


def get_new_phone_numbers(desk):
    row = region_asked(desk)
    if row.category != "GEOGRAPHIC":
        raise Refusal(529)
    mask = desk.get("phone_number_mask") or "*"
    rows = [one for one in stocked(desk, row) if matches(mask, one["phone_number"])]
    return desk.page([new(desk, row, one) for one in rows])


def new(desk, row, one):
    """NewPhoneInfo."""
    return {
        "phone_id": one["phone_id"],
        "phone_number": one["phone_number"],
        "phone_price": prices.local(desk.account, row.price),
        "phone_installation_price": 0,
        "phone_country_code": row.country,
        "phone_period": places.PERIOD,
        "phone_category_name": row.category,
        "phone_region_name": row.name,
        "phone_installation_tax_reserve": 0,
        "phone_tax_reserve": 0,
    }


CALLS = {
    "GetNewPhoneNumbers": reads(
        "country_code phone_category_name phone_region_id:int country_state count:int offset:int phone_number_mask",
        get_new_phone_numbers,
        *BUYERS,
    ),
    "GetPhoneNumberCategories": reads(
        "country_code:words sandbox=all,true,false locale=EN,RU", get_phone_number_categories
    ),
    "GetPhoneNumberCountryStates": reads(
        "country_code! phone_category_name! country_state", get_phone_number_country_states
    ),
    "GetPhoneNumberRegions": reads(REGIONS, get_phone_number_regions, *BUYERS, "Payer"),
    "GetActualPhoneNumberRegion": reads(f"{WHERE} locale=EN,RU", get_actual_phone_number_region),
}
