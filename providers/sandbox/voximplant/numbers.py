"""Numbers that an account rents: listing, routing, settings, giving back."""

import fnmatch

from . import applications, checks, ledger, making, places, prices, reports, wire
from . import values as reading
from .accounts import with_children
from .charging import PHONES, next_month, phones
from .desk import exact
from .papers import STATES
from .refusals import Refusal
from .spec import reads, writes

ACTIVATION_S = 3
STATUSES = (
    "ACTIVE,ACTIVATING,DEACTIVATED,PROVISIONING,AWAITING_BUSINESS_PHONE_NUMBER_CONFIGURATION,"
    "LEGAL_OWNERSHIP_LIMIT_REACHED,GOSUSLUGI_DECLINED,SELF_BAN_ENABLED"
)
ORDERS = (
    "phone_number,phone_price,phone_country_code,deactivated,purchase_date,phone_next_renewal,verification_status,"
    "unverified_hold_until,verification_name"
)
LIST = (
    f"phone_id:ints phone_number:words activation_status:words={STATUSES} application_id:int|application_name "
    "is_bound_to_application:bool phone_template country_code:words phone_category_name canceled:bool deactivated:bool "
    "auto_charge:bool from_phone_next_renewal:date to_phone_next_renewal:date from_phone_purchase_date:time "
    "to_phone_purchase_date:time child_account_id:ints children_phones_only:bool verification_name "
    f"verification_status:words={STATES} from_unverified_hold_until:date to_unverified_hold_until:date can_be_used:bool "
    f"order_by={ORDERS} sandbox=all,true,false count:int offset:int phone_region_name:words rule_id:ints|rule_name:words "
    "is_bound_to_rule:bool"
)
MEMBER = {"purchase_date": "phone_purchase_date"}
ATTACH = (
    "country_code phone_category_name phone_region_id:int phone_count:int|phone_number:words! country_state "
    "regulation_address_id:int"
)
BIND = f"{PHONES} application_id:int|application_name! rule_id:int|rule_name bind:bool"
MOST_AT_ONCE = 100


def view(account, row):
    """AttachedPhoneInfo."""
    region = places.BY_NUMBER[row["region"]]
    app = next((a for a in account["applications"] if a["application_id"] == row["application_id"]), None)
    rule = next((r for r in account["rules"] if r["rule_id"] == row["rule_id"]), None)
    return wire.known(
        {
            **{name: row[name] for name in ("phone_id", "phone_number", "activation_status", "subscription_id")},
            **{name: row[name] for name in ("deactivated", "canceled", "auto_charge")},
            "phone_price": prices.local(account, row["price"]),
            "phone_country_code": region.country,
            "phone_next_renewal": row["next_renewal"],
            "phone_purchase_date": wire.moment(row["bought"]),
            "application_id": app and app["application_id"],
            "application_name": app and app["application_name"],
            "extended_application_name": app and app["application_name"],
            "rule_id": rule and rule["rule_id"],
            "rule_name": rule and rule["rule_name"],
            "category_name": region.category,
            "can_be_used": True,
            "is_sms_supported": True,
            "is_sms_enabled": row["sms_enabled"],
            "incoming_sms_callback_url": row["sms_url"] or None,
            "emergency_calls_to_be_enabled": False,
            "emergency_calls_enabled": False,
            "phone_region_name": region.name,
            "modified": wire.moment(row["modified"]),
        }
    )


def get_phone_numbers(desk):
    low, high = desk.get("from_phone_next_renewal"), desk.get("to_phone_next_renewal")
    if low and high and low > high:
        raise Refusal(258)
    rows = []
    for account in with_children(desk, "children_phones_only"):
        rows += [view(account, row) for row in bought_between(desk, account["numbers"])]
    rows = [row for row in rows if listed(desk, row)]
    rows = [row for row in rows if low is None or row["phone_next_renewal"] >= low.isoformat()]
    rows = [row for row in rows if high is None or row["phone_next_renewal"] <= high.isoformat()]
    order = desk.get("order_by", "phone_number")
    member = MEMBER.get(order, order)
    return desk.page(sorted(rows, key=lambda row: str(row.get(member, ""))))


def bought_between(desk, rows):
    try:
        return desk.between(rows, "bought", "from_phone_purchase_date", "to_phone_purchase_date")
    except Refusal:
        raise Refusal(283) from None


def listed(desk, row):
    """Whether a shown row passes every filter that was sent."""
    equal = (
        "phone_id",
        "phone_number",
        "activation_status",
        "application_id",
        "canceled",
        "deactivated",
        "auto_charge",
    )
    same = all(len(desk.matching([row], name)) for name in (*equal, "rule_id", "rule_name", "can_be_used"))
    return (
        same
        and row.get("application_name", "").startswith(desk.get("application_name", ""))
        and row["phone_number"].startswith(desk.get("phone_template", ""))
        and row["phone_country_code"] in desk.get("country_code", [row["phone_country_code"]])
        and row["category_name"] == desk.get("phone_category_name", row["category_name"])
        and row["phone_region_name"] in desk.get("phone_region_name", [row["phone_region_name"]])
        and ("application_id" in row) == desk.get("is_bound_to_application", "application_id" in row)
        and ("rule_id" in row) == desk.get("is_bound_to_rule", "rule_id" in row)
        and desk.get("sandbox") != "true"
        and not desk.get("verification_name")
    )


def is_account_phone_number(desk):
    return {"result": any(row["phone_number"] == desk.get("phone_number") for row in desk.account["numbers"])}


def get_account_phone_number_countries(desk):
    apps = desk.get("application_id", reading.ALL)
    rows = [r for r in desk.account["numbers"] if apps == reading.ALL or r["application_id"] in apps]
    return {"result": sorted({places.BY_NUMBER[row["region"]].country for row in rows})}


# -- renting


def attach_phone_number(desk):
    rows = picked(desk)
    address = address_for(desk, places.BY_NUMBER[rows[0]["region"]])
    cost = sum((prices.local(desk.account, places.BY_NUMBER[row["region"]].price) for row in rows), exact(0))
    if desk.sandbox.settings["charge"] and not ledger.affordable(desk.account, cost):
        raise Refusal(127)
    made = [rent(desk, row, address) for row in rows]
    desk.upstream.index()
    return {
        "result": 1,
        "phone_numbers": [{name: row[name] for name in ("phone_id", "phone_number")} for row in made],
    }


def picked(desk):
    """Rows of the stock: the numbers named, or as many of a region as were asked for."""
    stock = desk.upstream.state["stock"]
    if "phone_number" in desk.values:
        return named(desk, stock)
    region, count = region_asked(desk), desk.get("phone_count")
    if not 1 <= count <= MOST_AT_ONCE:
        raise reading.invalid("phone_count")
    rows = [row for row in stock if row["region"] == region.number]
    if not rows:
        raise Refusal(331)
    if len(rows) < count:
        raise Refusal(332, len(rows))
    return rows[:count]


def named(desk, stock):
    held = {row["phone_number"]: row for row in stock}
    for number in desk.get("phone_number") or [""]:
        checks.digits(number)
        if any(row["phone_number"] == number for row in desk.account["numbers"]):
            raise Refusal(335)
        if number in desk.upstream.by_number:
            raise Refusal(182)
        if number not in held:
            raise Refusal(121)
    return [held[number] for number in desk.get("phone_number")]


def region_asked(desk):
    """Of country, category and region; the codes say which of them is wrong."""
    country, category = desk.get("country_code"), desk.get("phone_category_name")
    if country not in places.COUNTRIES:
        raise reading.invalid("country_code")
    if category not in places.CATEGORIES[country]:
        raise reading.invalid("phone_category_name")
    region = places.BY_NUMBER.get(desk.get("phone_region_id"))
    if region is None or (region.country, region.category) != (country, category):
        raise reading.invalid("phone_region_id")
    if desk.get("country_state") not in (None, region.state):
        raise reading.invalid("country_state")
    return region


def address_for(desk, region):
    """The id of a verified address where the region wants one."""
    number = desk.get("regulation_address_id")
    if not region.addressed:
        if number is not None:
            raise Refusal(531)
        return None
    if number is None:
        raise Refusal(485, "regulation_address_id")
    address = next((row for row in desk.account["addresses"] if row["regulation_address_id"] == number), None)
    if address is None or address["region"] != region.number:
        raise Refusal(424)
    if address["status"] != "VERIFIED":
        raise Refusal(366)
    return number


def rent(desk, stocked, address):
    region, state = places.BY_NUMBER[stocked["region"]], desk.upstream.state
    today = reading.date(wire.day(desk.now))
    extra = {"activation_status": "ACTIVATING", "regulation_address_id": address}
    row = making.phone(
        state, desk.account, stocked["phone_number"], region, desk.now, next_month(today).isoformat(), **extra
    )
    row["phone_id"] = stocked["phone_id"]
    state["stock"] = [one for one in state["stock"] if one is not stocked]
    price = prices.local(desk.account, region.price)
    what = f"Phone {row['phone_number']}"
    ledger.charge(desk, "phone_number_charge", price, what, subscription_id=row["subscription_id"])
    desk.effect("number_rented", phone_number=row["phone_number"], amount=str(price))
    data = {"account_id": desk.account["account_id"], "phone_id": row["phone_id"]}
    desk.sandbox.schedule(desk.now + ACTIVATION_S, desk.upstream.slug, "activated", data)
    return row


# -- changing


def bind_phone_number_to_application(desk):
    rows, app = phones(desk), applications.app_of(desk)
    rule = applications.rule_of(desk, app)
    for row in rows:
        bound = desk.get("bind", True)
        row["application_id"] = app["application_id"] if bound else None
        row["rule_id"] = rule["rule_id"] if bound and rule else None
        row["modified"] = int(desk.now)
        desk.effect("number_bound", phone_number=row["phone_number"], application_id=row["application_id"])
    return {"result": 1}


def deactivate_phone_number(desk):
    """The rent ends with what is paid; until then the number stays listed as cancelled."""
    for row in phones(desk):
        row.update(canceled=True, auto_charge=False, modified=int(desk.now))
        desk.effect("number_cancelled", phone_number=row["phone_number"])
    return {"result": 1}


def set_phone_number_info(desk):
    checks.url(desk.get("incoming_sms_callback_url", ""))
    for row in phones(desk):
        row["sms_url"] = desk.get("incoming_sms_callback_url", row["sms_url"])
        row["modified"] = int(desk.now)
        desk.effect("number_changed", phone_number=row["phone_number"])
    return {"result": 1}


def matches(mask, number):
    return fnmatch.fnmatchcase(number, mask.replace("[", ""))


def get_phone_numbers_async(desk):
    reports.order_phones(desk)
    return {"result": 1}


CALLS = {
    "AttachPhoneNumber": writes(ATTACH, attach_phone_number, "Owner", "Admin", "Accountant"),
    "BindPhoneNumberToApplication": writes(BIND, bind_phone_number_to_application),
    "DeactivatePhoneNumber": writes(PHONES, deactivate_phone_number),
    "SetPhoneNumberInfo": writes(f"{PHONES} incoming_sms_callback_url", set_phone_number_info),
    "GetPhoneNumbers": reads(LIST, get_phone_numbers),
    "IsAccountPhoneNumber": reads("phone_number!", is_account_phone_number),
    "GetPhoneNumbersAsync": writes("with_header:bool", get_phone_numbers_async),
    "GetAccountPhoneNumberCountries": reads("application_id:ints", get_account_phone_number_countries),
}
