"""Emergency addresses: checking, saving, listing, deleting, and the peers bound to them."""

from . import checks
from .checks import P
from .desk import Answer, Refusal
from .e911_match import judge, state_of
from .geo import COUNTRIES, COUNTRY_BY_CODE, STATE_BY_CODE, STATES
from .wire import E, row

ADDRESS_TYPES = (
    "apartment",
    "basement",
    "building",
    "department",
    "floor",
    "front",
    "hanger",
    "key",
    "lobby",
    "lot",
    "lower",
    "office",
    "penthouse",
    "pier",
    "rear",
    "room",
    "side",
    "slip",
    "space",
    "stop",
    "suite",
    "trailer",
    "unit",
    "upper",
)
MONTHLY_FEE = "1.50"


def without(other):
    return lambda values, params: not values.get(other)


ADDRESS = (
    P("civic_number", checks.integer(1, 999999), required=True),
    P("street", checks.text(120), required=True),
    P("city", checks.text(80), required=True),
    P("state_code", checks.lower_code, need=without("state_id")),
    P("state_id", checks.integer(1)),
    P("country_code", checks.lower_code, need=without("country_id")),
    P("country_id", checks.integer(1)),
    P("postal_code", checks.text(12), required=True),
)
UNIT = (P("address_type", checks.enum(*ADDRESS_TYPES)), P("address_type_number", checks.text(20)))
IDENTIFIERS = (
    P("client_did_id", checks.integer(1)),
    P("phone_number", checks.nanp),
    P("client_endpoint_id", checks.integer(1)),
)
GET_E911 = (
    *IDENTIFIERS,
    P("client_subaccount_id", checks.integer(0)),
    P("result_limit", checks.integer(1, 1000)),
    P("result_offset", checks.integer(0)),
)
CHECK_E911 = (P("phone_number", checks.nanp), *ADDRESS, *UNIT)
UPDATE_E911 = (
    P("phone_number", checks.nanp, required=True),
    P("first_name", checks.text(32)),
    P("last_name", checks.text(32)),
    P(
        "full_name",
        checks.matching(r".{2,32}"),
        need=lambda values, params: not (values.get("first_name") and values.get("last_name")),
    ),
    *ADDRESS,
    P("e911_language", checks.enum("en", "fr")),
    *UNIT,
    P("rate_provider_id", checks.integer(1)),
)
ASSOCIATE = (*IDENTIFIERS, P("client_peer_id", checks.integer(1), required=True))
DISASSOCIATE = (P("client_peer_id", checks.integer(1), required=True),)
DELETE_E911 = IDENTIFIERS
SHOWN = (
    "client_endpoint_id client_did_id phone_number client_peer_ids is_default status provision_status "
    "full_name civic_number street city state_code state_id country_code country_id postal_code "
    "e911_language address_type address_type_number rate_provider_id"
).split()


def shown(entry):
    return row("e911_details", "client_endpoint_id", {name: entry.get(name, "") for name in SHOWN})


def owned_did(desk, name, wanted):
    for did in desk.account["dids"].values():
        if did["status"] != "deleted" and did[name] == wanted:
            return did
    raise Refusal(f"{name}_not_found")


def the_entries(desk):
    """Entries that the identifiers mean; the endpoint id wins. None when there is no identifier."""
    values, entries = desk.values, list(desk.account["e911"].values())
    if values.get("client_endpoint_id"):
        found = [e for e in entries if e["client_endpoint_id"] == values["client_endpoint_id"]]
        if not found:
            raise Refusal("client_endpoint_id_not_found")
        return found
    for name in ("client_did_id", "phone_number"):
        if values.get(name):
            did = owned_did(desk, name, values[name])
            found = [e for e in entries if e["phone_number"] == did["phone_number"]]
            if not found:
                raise Refusal("no_e911_endpoint_found")
            return found
    return None


def get_e911(desk):
    found = the_entries(desk)
    found = list(desk.account["e911"].values()) if found is None else found
    subaccount = desk.values.get("client_subaccount_id")
    if subaccount not in (None, ""):
        ours = {
            d["phone_number"] for d in desk.account["dids"].values() if d["client_subaccount_id"] == str(subaccount)
        }
        found = [e for e in found if e["phone_number"] in ours]
    offset = desk.values.get("result_offset") or 0
    found = found[offset : offset + (desk.values.get("result_limit") or 1000)]
    return [E("e911_endpoints", [shown(entry) for entry in found])]


def address_of(values):
    """The address with both forms of state and country, or a refusal."""
    country = values.get("country_id") or COUNTRY_BY_CODE.get((values.get("country_code") or "").upper())
    if country not in COUNTRIES:
        raise Refusal("country_not_found")
    state_code = state_of(values)
    if state_code is None or STATES[STATE_BY_CODE[state_code]][2] != country:
        raise Refusal("state_not_found")
    return {
        "civic_number": values["civic_number"],
        "street": values["street"],
        "city": values["city"],
        "state_code": state_code,
        "state_id": STATE_BY_CODE[state_code],
        "country_code": COUNTRIES[country][1],
        "country_id": country,
        "postal_code": values["postal_code"].upper(),
        "address_type": values.get("address_type") or "",
        "address_type_number": values.get("address_type_number") or "",
    }


def good_address(desk):
    address = address_of(desk.values)
    codes, alternates = judge(address)
    if alternates:
        shown_ones = [alternate(address, street) for street in alternates]
        raise Refusal("alternate_address_provided", *codes, body=[E("alternate_addresses", shown_ones)])
    if codes:
        raise Refusal(*codes)
    return address


def alternate(address, street):
    names = (
        "civic_number",
        "street",
        "city",
        "state_code",
        "country_code",
        "postal_code",
        "address_type",
        "address_type_number",
    )
    values = {**address, "street": street.street, "city": street.city}
    return E("alternate_address", [E(name, values[name]) for name in names])


def check_e911(desk):
    if desk.values.get("phone_number"):
        owned_did(desk, "phone_number", desk.values["phone_number"])
    good_address(desk)
    return Answer(messages=["e911_valid"])


def update_e911(desk):
    values, account = desk.values, desk.account
    did = owned_did(desk, "phone_number", values["phone_number"])
    if did["type"] == "tollfree":
        raise Refusal("phone_number_invalid")
    address = good_address(desk)
    if desk.call.fault("read_back_differs") is not None:
        address["civic_number"] += 2  # the neighbour's door: what an operator's slip looks like
    entry = next((e for e in account["e911"].values() if e["phone_number"] == did["phone_number"]), None)
    if entry is None:
        entry = {
            "client_endpoint_id": desk.new_id("endpoint"),
            "client_peer_ids": [],
            "is_default": "0" if account["e911"] else "1",
            "created_at": desk.now,
        }
        account["e911"][str(entry["client_endpoint_id"])] = entry
        desk.charge(MONTHLY_FEE, f"911 monthly fee {did['phone_number']}")
    name = values.get("full_name") or f"{values['first_name']} {values['last_name']}"
    language = values.get("e911_language") or desk.params.get("language") or account["language"]
    entry.update(
        address,
        client_did_id=did["client_did_id"],
        phone_number=did["phone_number"],
        full_name=name,
        status="enabled",
        provision_status="provisioned",
        e911_language=language if address["country_code"] == "CA" else "",
        rate_provider_id=values.get("rate_provider_id") or "1",
    )
    desk.effect("e911_saved", **{n: entry[n] for n in SHOWN})
    return Answer(E("client_endpoint_id", entry["client_endpoint_id"]), messages=["e911_updated"])


def one_entry(desk):
    found = the_entries(desk)
    if found is None:
        raise Refusal("required_parameter_not_found")
    return found[0]


def known_peer(desk):
    peer = desk.values["client_peer_id"]
    if peer not in [one["id"] for one in desk.account["peers"]]:
        raise Refusal("client_peer_id_not_found")
    return peer


def associate_e911(desk):
    entry, peer = one_entry(desk), known_peer(desk)
    for other in desk.account["e911"].values():  # a peer calls from one place only
        other["client_peer_ids"] = [one for one in other["client_peer_ids"] if one != peer]
    entry["client_peer_ids"].append(peer)
    desk.effect("e911_associated", client_endpoint_id=entry["client_endpoint_id"], client_peer_id=peer)
    return Answer(E("client_endpoint_id", entry["client_endpoint_id"]), messages=["e911_associated"])


def disassociate_e911(desk):
    peer = known_peer(desk)
    entry = next((e for e in desk.account["e911"].values() if peer in e["client_peer_ids"]), None)
    if entry is None:
        raise Refusal("no_e911_endpoint_found")
    entry["client_peer_ids"].remove(peer)
    desk.effect("e911_disassociated", client_endpoint_id=entry["client_endpoint_id"], client_peer_id=peer)
    return Answer(E("client_peer_id", peer), messages=["e911_disassociated"])


def delete_e911(desk):
    entry, entries = one_entry(desk), desk.account["e911"]
    if entry["is_default"] == "1" and len(entries) > 1:
        raise Refusal("entry_is_default_endpoint")
    del entries[str(entry["client_endpoint_id"])]
    desk.effect("e911_deleted", client_endpoint_id=entry["client_endpoint_id"], phone_number=entry["phone_number"])
    messages = ["e911_deleted"] if entries else ["e911_deleted", "last_endpoint_was_deleted"]
    return Answer(E("client_endpoint_id", entry["client_endpoint_id"]), messages=messages)
