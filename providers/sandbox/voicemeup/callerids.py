"""Smart caller ID: which number and name a call shows, by where it goes."""

from . import checks, structures
from .checks import P
from .desk import Refusal
from .things import Kind, judged, listing, save, unknown, updating
from .wire import E, fields

PRIVACY = checks.enum("enable", "keep", "disable")
DEFAULTS = {
    "client_subaccount_id": "0",
    "friendly_name": "",
    "callerid_name": "",
    "client_did_ids": [],
    "default_client_did_id": "",
    "callerid_number": "",
    "privacy": "keep",
    "status": "enabled",
    "comments": "",
}
METHODS = (
    "local_to_destination",
    "radius_from_destination",
    "source_number_match",
    "destination_number_match",
    "region",
    "source_regexp",
    "destination_regexp",
)
GET_CALLERIDS = (P("client_callerid_profile_id", checks.integer(1)), P("client_subaccount_id", checks.integer(0)))
UPDATE_CALLERID = (
    P("mode", checks.enum("update", "create")),
    P("client_callerid_profile_id", checks.integer(1), need=updating),
    P("client_subaccount_id", checks.integer(0)),
    P("friendly_name", checks.alphanumeric(2, 32), required=True),
    P("callerid_name", checks.alphanumeric(2, 15)),
    P("client_did_ids", checks.integer(1), many=True, invalid="client_did_id_invalid"),
    P("default_client_did_id", checks.integer(0)),
    P("callerid_number", checks.nanp),
    P("privacy", PRIVACY),
    P("status", checks.enum("enabled", "disabled"), required=True),
    P("comments", checks.text()),
    P("purge_conditions", checks.flag),
)
CONDITION = (
    P("client_callerid_profile_data_id", checks.integer(1)),
    P("callerid_name", checks.alphanumeric(2, 15)),
    P("client_did_id", checks.integer(1)),
    P("callerid_number", checks.phone),
    P("privacy", PRIVACY),
    P("country_id", checks.integer(1)),
    P("state_id", checks.integer(1)),
    P("ratecenter_id", checks.integer(1)),
    P("radius_distance", checks.integer(10, 1000)),
    P("source_number", checks.digits(low=1, high=10)),
    P("source_regexp", checks.expression),
    P("destination_number", checks.digits(low=1, high=10)),
    P("destination_regexp", checks.expression),
    P("match_methods", checks.enum(*METHODS), many=True),
    P("order_index", checks.integer(0, 9999)),
    P("comments", checks.text()),
)
DATA_ID = "client_callerid_profile_data_id"


def conditions_sent(desk):
    given = structures.entries(desk.params, "conditions_data") or []
    rows, codes = structures.checked(given, CONDITION)
    for values in rows:
        codes += unknown(desk, values)
    if codes:
        raise Refusal(*dict.fromkeys(codes))
    return rows


def merged(desk, sent, old):
    """Those with an id replace the stored one; unlisted ones go when conditions are to be purged."""
    stored = {one[DATA_ID]: one for one in (old or {}).get("conditions_data", ())}
    found = {} if desk.values.get("purge_conditions") == "1" else dict(stored)
    for index, values in enumerate(sent):
        number = str(values.get(DATA_ID) or "")
        if number and number not in stored:
            raise Refusal(f"{DATA_ID}_invalid")
        number = number or str(desk.new_id("condition"))
        kept = {"privacy": "keep", "order_index": str(index), **structures.stored(values), DATA_ID: number}
        found[number] = kept
    return sorted(found.values(), key=lambda one: int(one["order_index"]))


def update_callerid_profile(desk):
    sent = conditions_sent(desk)
    wanted, old = judged(PROFILES, desk)
    return save(PROFILES, desk, {**wanted, "conditions_data": merged(desk, sent, old)}, old)


def parts(desk, profile):
    return [E("conditions_data", fields(condition)) for condition in profile.get("conditions_data", ())]


PROFILES = Kind(
    store="callerid_profiles",
    thing="callerid_profile",
    id_field="client_callerid_profile_id",
    wrapper="callerid_profiles",
    defaults=DEFAULTS,
    parts=parts,
)
get_callerid_profiles = listing(PROFILES)
