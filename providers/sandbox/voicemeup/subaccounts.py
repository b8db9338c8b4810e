"""Subaccounts: listing, saving, what belongs to them, and their billing address."""

from . import checks, metadata
from .checks import P
from .desk import Answer, Refusal
from .geo import CANADA, COUNTRIES, STATES, USA
from .wire import E, row

OPTIONS = (
    "subaccount_override_enabled",
    "enable_billing_module",
    "enable_billing_notification",
    "disable_411_access",
    "disable_public_service_access",
)
# the list parameter: where the account keeps the things
LISTS = {
    "associated_peers": "peers",
    "associated_dids": "dids",
    "associated_extensions": "extensions",
    "associated_fax_profiles": "fax_profiles",
    "associated_sms_profiles": "sms_profiles",
    "associated_mailboxes": "mailboxes",
}
GET = (
    P("client_subaccount_id", checks.integer(1)),
    P("client_brand_id", checks.integer(1)),
    P("status", checks.enum("enabled", "disabled", "deleted"), many=True),
    P("get_associations", checks.flag),
)
yes_no = checks.enum("yes", "no")


def updating(values, params):
    return values.get("mode") != "create"


UPDATE = (
    P("mode", checks.enum("update", "create")),
    P("client_subaccount_id", checks.integer(1), need=updating),
    P("client_brand_id", checks.integer(1)),
    P("custom_id", checks.text(64)),
    P("friendly_name", checks.alphanumeric(2, 32), required=True),
    P("call_limit", checks.integer(0, 999)),
    P("allow_international_call", yes_no),
    P("international_call_limit", checks.integer(0, 999)),
    P("require_international_nip", yes_no),
    P("international_nip", checks.digits(low=6, high=8), many=True),
    P("multi_tenancy_mode", checks.enum("disabled", "global", "self", "shared"), required=True),
    P(
        "multi_tenancy_subaccount_id",
        checks.integer(1),
        need=lambda values, params: values.get("multi_tenancy_mode") == "shared",
    ),
    P("organization", checks.text(120)),
    P("organization_type", checks.enum("personal", "business")),
    P(
        "client_profile",
        checks.enum("undefined", "residential_client", "commercial_client", "callcenter_client", "internal"),
    ),
    P("voice_language", checks.enum("en", "fr")),
    P("notification_language", checks.enum("en", "fr")),
    P("callerid_name", checks.alphanumeric(3, 15)),
    P("callerid_number", checks.nanp),
    P("client_moh_profile_id", checks.integer(0)),
    P("default_provisioned_endpoint_id", checks.integer(0)),
    P("options", checks.enum(*OPTIONS), many=True),
    P("status", checks.enum("enabled", "disabled", "deleted"), required=True),
    P("comments", checks.text(4000)),
)
DEFAULTS = {
    "client_brand_id": "1",
    "custom_id": "",
    "call_limit": "",
    "allow_international_call": "no",
    "international_call_limit": "1",
    "require_international_nip": "no",
    "international_nip": [],
    "multi_tenancy_subaccount_id": "",
    "organization": "",
    "organization_type": "",
    "client_profile": "undefined",
    "voice_language": "",
    "notification_language": "",
    "callerid_name": "",
    "callerid_number": "",
    "client_moh_profile_id": "",
    "default_provisioned_endpoint_id": "",
    "options": [],
    "comments": "",
    "metadata": "",
}
SHOWN = (
    "client_subaccount_id client_brand_id custom_id friendly_name call_limit allow_international_call "
    "international_call_limit require_international_nip international_nip multi_tenancy_mode "
    "multi_tenancy_subaccount_id organization organization_type client_profile voice_language "
    "notification_language callerid_name callerid_number client_moh_profile_id "
    "default_provisioned_endpoint_id options status comments"
).split()
ASSOCIATE = (
    P("client_subaccount_id", checks.integer(1), required=True),
    *(P(name, checks.integer(1), many=True) for name in LISTS),
)
ADDRESS = (
    P("mode", checks.enum("update", "create")),
    P("client_subaccount_id", checks.integer(1), required=True),
    P("client_address_id", checks.integer(1), need=updating),
    P("type", checks.enum("billing")),
    P("box_number", checks.text(20)),
    P("civic_number", checks.integer(1, 999999), required=True),
    P("street", checks.alphanumeric(1, 120), required=True),
    P("unit_number", checks.integer(0), required=True),
    P("city", checks.alphanumeric(1, 80), required=True),
    P("country_id", checks.integer(1), required=True),
    P("state_id", checks.integer(1), need=lambda values, params: values.get("country_id") in (CANADA, USA)),
    P(
        "state_other",
        checks.alphanumeric(1, 80),
        need=lambda values, params: values.get("country_id") not in (None, "", CANADA, USA),
    ),
    P("postal_code", checks.matching(r"[A-Za-z0-9 -]{3,10}"), required=True),
    P("precision", checks.text(64)),
)


def things(account, kind):
    """The account's things of a kind that still exist, each with its id and its subaccount."""
    if kind != "dids":
        return account[kind]
    return [did for did in account["dids"].values() if did["status"] != "deleted"]


def id_of(kind, thing):
    return thing["client_did_id"] if kind == "dids" else thing["id"]


def associated(account, kind, number):
    return [id_of(kind, t) for t in things(account, kind) if str(t["client_subaccount_id"]) == str(number)]


def shown(desk, sub):
    values = {name: sub.get(name, "") for name in SHOWN}
    if desk.values.get("get_associations") == "1":
        for name, kind in LISTS.items():
            values[name] = associated(desk.account, kind, sub["client_subaccount_id"])
    values["address"] = E("address", [E(k, v) for k, v in sub["address"].items()] if sub["address"] else "")
    values["metadata"] = metadata.element(sub["metadata"])
    return row("subaccount_details", "client_subaccount_id", values)


def get_subaccounts(desk):
    values = desk.values
    states = values.get("status") or ["enabled", "disabled"]
    rows = [
        shown(desk, sub)
        for sub in desk.account["subaccounts"].values()
        if sub["status"] in states
        and values.get("client_subaccount_id") in (None, "", sub["client_subaccount_id"])
        and str(values.get("client_brand_id") or sub["client_brand_id"]) == str(sub["client_brand_id"])
    ]
    return [E("subaccounts", rows)]


def existing(desk):
    sub = desk.account["subaccounts"].get(str(desk.values["client_subaccount_id"]))
    if sub is None or sub["status"] == "deleted":
        raise Refusal("client_subaccount_id_invalid")
    return sub


def update_subaccount(desk):
    creating = desk.values.get("mode") == "create"
    sub = {"client_subaccount_id": None, "address": {}} if creating else existing(desk)
    shared = desk.values.get("multi_tenancy_subaccount_id")
    if shared and str(shared) not in desk.account["subaccounts"]:
        raise Refusal("multi_tenancy_subaccount_id_invalid")
    meta = metadata.from_params(desk.params)
    sent = {k: v for k, v in desk.values.items() if k not in ("mode", "client_subaccount_id") and v != ""}
    fresh = {k: list(v) if isinstance(v, list) else v for k, v in DEFAULTS.items()}
    sub.update({**fresh, **{k: v if isinstance(v, list) else str(v) for k, v in sent.items()}, "metadata": meta or ""})
    if creating:
        sub["client_subaccount_id"] = desk.new_id("subaccount")
        desk.account["subaccounts"][str(sub["client_subaccount_id"])] = sub
    desk.effect(
        "subaccount_created" if creating else "subaccount_updated",
        **{name: sub[name] for name in ("client_subaccount_id", "friendly_name", "organization", "status")},
    )
    return Answer(E("client_subaccount_id", sub["client_subaccount_id"]), messages=["subaccount_updated"])


def update_associations(desk):
    number, account = str(existing(desk)["client_subaccount_id"]), desk.account
    sent = {name: desk.values[name] or [] for name in LISTS if name in desk.values}
    wrong = [
        f"{name}_invalid"
        for name, ids in sent.items()
        if not set(ids) <= {id_of(LISTS[name], t) for t in things(account, LISTS[name])}
    ]
    if wrong:
        raise Refusal(*wrong)
    for name, ids in sent.items():
        for thing in things(account, LISTS[name]):
            if id_of(LISTS[name], thing) in ids:
                thing["client_subaccount_id"] = number
            elif str(thing["client_subaccount_id"]) == number:
                thing["client_subaccount_id"] = "0"
    desk.effect("subaccount_associations", client_subaccount_id=int(number), **sent)
    return Answer(E("client_subaccount_id", number), messages=["subaccount_associations_updated"])


def update_address(desk):
    sub, values = existing(desk), desk.values
    country, state = values["country_id"], values.get("state_id")
    if country not in COUNTRIES:
        raise Refusal("country_id_invalid")
    if country in (CANADA, USA) and (state not in STATES or STATES[state][2] != country):
        raise Refusal("state_id_invalid")
    creating = values.get("mode") == "create"
    if not creating and str(values["client_address_id"]) != str(sub["address"].get("client_address_id", "")):
        raise Refusal("client_address_id_invalid")
    number = desk.new_id("address") if creating else values["client_address_id"]
    names = [p.name for p in ADDRESS if p.name not in ("mode", "client_subaccount_id", "client_address_id", "type")]
    sub["address"] = {
        "client_address_id": str(number),
        "type": "billing",
        **{n: str(values.get(n) or "") for n in names},
    }
    desk.effect("subaccount_address", client_subaccount_id=sub["client_subaccount_id"], address=sub["address"])
    return Answer(E("client_address_id", number), messages=["subaccount_address_updated"])
