"""Listings in the 411 directory: one for a number, activated after a while."""

from . import checks, e911_match, places_of
from .checks import P
from .desk import Answer, Refusal
from .things import shelf
from .wire import E, row

ACTIVATED_AFTER_S = 60
STATES = ("pending", "activated", "rejected", "removed")
ADDRESS_TYPES = (
    "apartment basement building department floor front hanger key lobby lot lower office penthouse pier rear room "
    "side slip space stop suite trailer unit upper"
).split()
FIELDS = (
    "type sort_word sub_word civic_number street city state_code state_id country_code country_id postal_code "
    "address_type address_type_number"
).split()
GET_WHITEPAGES = (
    P("provision_status", checks.enum(*STATES), many=True),
    P("status", checks.enum("enabled", "deleted"), many=True),
)
WORD = r"[^\W_]([^\W_]|[ '-]){1,%d}"


def without(name):
    return lambda values, params: not values.get(name)


UPDATE_WHITEPAGES = (
    P("phone_number", checks.digits(10), required=True),
    P("type", checks.enum("business", "residential", "government"), required=True),
    # the manual's own codes for these two are those of first and last name
    P(
        "sort_word",
        checks.matching(WORD % 29),
        required=True,
        invalid="first_name_invalid",
        missing="first_name_required",
    ),
    P(
        "sub_word",
        checks.matching(WORD % 105),
        required=True,
        invalid="last_name_invalid",
        missing="last_name_required",
    ),
    P("civic_number", checks.integer(1, 999999), required=True),
    P("street", checks.alphanumeric(1, 120), required=True),
    P("city", checks.alphanumeric(1, 80), required=True),
    P("state_code", checks.lower_code, need=without("state_id")),
    P("state_id", checks.integer(1)),
    P("country_code", checks.lower_code, need=without("country_id")),
    P("country_id", checks.integer(1)),
    P("postal_code", checks.matching(r"[A-Za-z0-9 -]{5,10}"), required=True),
    P("address_type", checks.enum(*ADDRESS_TYPES)),
    P("address_type_number", checks.text(16)),
)
DELETE_WHITEPAGES = (
    P("client_did_id", checks.integer(1)),
    P("phone_number", checks.digits(10)),
    P("client_411_listing_id", checks.integer(1)),
)


def shown(listing):
    names = ("client_411_listing_id", "client_did_id", "provision_status", "status", "phone_number", *FIELDS)
    values = {name: listing["id"] if name == "client_411_listing_id" else listing.get(name, "") for name in names}
    return row("whitepage_details", "client_411_listing_id", values)


def get_whitepages(desk):
    provisioned = desk.values.get("provision_status") or STATES
    states = desk.values.get("status") or ("enabled",)
    found = [one for one in shelf(desk.account, "whitepages") if one["status"] in states]
    return [E("whitepages", [shown(one) for one in found if one["provision_status"] in provisioned])]


def the_number(desk, number):
    for did in desk.account["dids"].values():
        if did["status"] != "deleted" and did["phone_number"] == number:
            return did
    raise Refusal("phone_number_invalid")


def where(desk):
    """The address with state and country in both forms, or the codes of what does not fit."""
    values, place, codes = desk.values, *places_of.resolve(desk.values)
    if codes:
        raise Refusal(*codes)
    street = e911_match.exact(values["street"], values["city"], place["state_code"])
    if street is None:
        raise Refusal(
            "street_invalid" if e911_match.city_known(values["city"], place["state_code"]) else "city_invalid"
        )
    if not e911_match.postal_fits(values["postal_code"], place["state_code"], place["country_code"]):
        raise Refusal("postal_code_invalid")
    return place


def update_whitepages(desk):
    did = the_number(desk, desk.values["phone_number"])
    place = where(desk)
    listings = shelf(desk.account, "whitepages")
    old = next(
        (one for one in listings if one["phone_number"] == did["phone_number"] and one["status"] == "enabled"), None
    )
    listing = old or {"id": desk.new_id("whitepage"), "status": "enabled"}
    sent = {name: str(desk.values.get(name) or "") for name in FIELDS}
    listing.update(sent, **place, phone_number=did["phone_number"], client_did_id=did["client_did_id"])
    listing.update(provision_status="pending", plan=listing.get("plan", 0) + 1)
    if old is None:
        listings.append(listing)
    data = {"key": desk.account["key"], "listing": listing["id"], "plan": listing["plan"]}
    desk.sandbox.schedule(desk.now + ACTIVATED_AFTER_S, desk.upstream.slug, "whitepage_step", data)
    desk.effect("whitepage_updated", client_411_listing_id=listing["id"], phone_number=did["phone_number"], **sent)
    return Answer(E("client_411_listing_id", listing["id"]), messages=["whitepage_updated"])


def happen_step(upstream, data, due):
    """The directory takes it on; words with REJECT in them it refuses."""
    listings = shelf(upstream.state["accounts"][data["key"]], "whitepages")
    listing = next((one for one in listings if one["id"] == data["listing"]), None)
    if listing and listing["plan"] == data["plan"] and listing["provision_status"] == "pending":
        words = f"{listing['sort_word']} {listing['sub_word']}".upper()
        listing["provision_status"] = "rejected" if "REJECT" in words else "activated"
        upstream.sandbox.world.touch()


def delete_whitepages(desk):
    """The listing's own id wins over the others."""
    names = {"client_411_listing_id": "id", "client_did_id": "client_did_id", "phone_number": "phone_number"}
    given = next(((n, desk.values[n]) for n in names if desk.values.get(n)), None)
    if given is None:
        raise Refusal("required_parameter_not_found")
    living = [one for one in shelf(desk.account, "whitepages") if one["status"] == "enabled"]
    listing = next((one for one in living if str(one[names[given[0]]]) == str(given[1])), None)
    if listing is None:
        raise Refusal(f"{given[0]}_invalid")
    listing.update(status="deleted", provision_status="removed")
    desk.effect("whitepage_deleted", client_411_listing_id=listing["id"], phone_number=listing["phone_number"])
    return Answer(E("client_411_listing_id", listing["id"]), messages=["whitepage_deleted"])
