"""What things cost: rates of currencies, prices of use, of subscriptions and of plans; in dollars, shown in the account's."""

import dataclasses
import fnmatch

from . import ledger, places, wire
from . import values as reading
from .desk import exact
from .refusals import Refusal
from .spec import reads

SMS_OUT, SMS_IN, A2P = "0.0079", "0.0045", "0.0120"
CALL_OUT, CALL_IN, SESSION, RECORD = "0.0140", "0.0050", "0.0010", "0.0020"  # a minute
SIP_REGISTRATION = "1.0"


@dataclasses.dataclass(frozen=True)
class Price:
    """`per` units of use cost `price`; `allowed` are prefixes of numbers."""

    resource: str
    group: int
    name: str
    price: str
    per: int = 60
    allowed: tuple = ("",)
    forbidden: tuple = ()


PRICES = (
    Price("PSTNOUT", 7711, "United States", CALL_OUT, allowed=("1",)),
    Price("PSTNOUT", 7712, "Germany Mobile", "0.0231", allowed=("4915", "4917"), forbidden=("4918",)),
    Price("PSTN_IN_US", 7720, "United States inbound", CALL_IN, allowed=("1",)),
    Price("PSTN_IN_GEOGRAPHIC", 7721, "Geographic inbound", CALL_IN),
    Price("SMSOUT", 7730, "SMS United States", SMS_OUT, per=1, allowed=("1",)),
    Price("SMSOUT_INTERNATIONAL", 7731, "SMS abroad", "0.0420", per=1),
    Price("SMSINPUT", 7732, "Inbound SMS", SMS_IN, per=1),
    Price("A2P_SMS_E212", 7733, "A2P SMS", A2P, per=1),
    Price("CALLSESSION", 7740, "Call session", SESSION),
    Price("AUDIORECORD", 7741, "Call recording", RECORD),
    Price("SIPOUT", 7742, "SIP calls out", "0.0040"),
    Price("VOIPIN", 7743, "VoIP in", "0.0040"),
    Price("TRANSCRIPTION", 7744, "Transcription", "0.0200"),
)


@dataclasses.dataclass(frozen=True)
class Template:
    number: int
    name: str
    kind: str
    price: str


TEMPLATES = (
    Template(1894, "Phone US", "PHONE_NUM", places.PRICE),
    Template(1895, "Phone US with address", "PHONE_NUM", places.ADDRESSED_PRICE),
    Template(1901, "SIP registration", "SIP_REGISTRATION", SIP_REGISTRATION),
)


@dataclasses.dataclass(frozen=True)
class Plan:
    number: int
    kind: str
    name: str
    fee: str
    package: str
    size: int
    overrun_price: str


PLANS = (
    Plan(2101, "IM", "IM basic", "0", "Messages", 1000, "5"),
    Plan(2102, "IM", "IM plus", "20", "Messages", 10000, "4"),
    Plan(2103, "IM", "IM large", "90", "Messages", 60000, "3"),
    Plan(2201, "MAU", "MAU start", "0", "Users", 1000, "3"),
    Plan(2202, "MAU", "MAU business", "150", "Users", 20000, "2"),
)
PLAN = {plan.number: plan for plan in PLANS}
RATE = "currency:words! date:date"
RESOURCE = "resource_type:words price_group_id:ints price_group_name resource_param:words"
SUBSCRIPTION = (
    "subscription_template_id:ints subscription_template_type=PHONE_NUM,SIP_REGISTRATION "
    "subscription_template_name count:int offset:int"
)


def local(account, dollars):
    """A dollar price in the account's currency."""
    return (exact(dollars) * exact(ledger.RATES[account["currency"]])).quantize(exact("0.0001"))


def get_currency_rate(desk):
    asked = desk.get("date")
    if asked is not None and asked.isoformat() > wire.day(desk.now):
        raise Refusal(233)
    if any(code not in ledger.RATES for code in desk.get("currency")):
        raise Refusal(210, "currency")
    return {"result": {code: exact(ledger.RATES[code]) for code in desk.get("currency")}}


def get_resource_price(desk):
    chosen = [price for price in PRICES if wanted(desk, price)]
    known = {price.resource for price in PRICES}
    if "resource_type" in desk.values and not set(desk.get("resource_type")) <= known:
        raise Refusal(429, "resource_type")
    if "price_group_name" in desk.values and not chosen:
        raise Refusal(430, "price_group_name")
    kinds = dict.fromkeys(price.resource for price in chosen)
    return {"result": [resource(desk, kind, [p for p in chosen if p.resource == kind]) for kind in kinds]}


def wanted(desk, price):
    groups, name = desk.get("price_group_id", reading.ALL), desk.get("price_group_name", reading.ALL)
    return (
        price.resource in desk.get("resource_type", [price.resource])
        and (groups == reading.ALL or price.group in groups)
        and (name == reading.ALL or fnmatch.fnmatch(price.name.lower(), f"*{name.lower()}*"))
        and all(allowed(price, one) for one in desk.get("resource_param", []))
    )


def allowed(price, param):
    return param.startswith(price.allowed) and not (price.forbidden and param.startswith(price.forbidden))


def resource(desk, kind, prices):
    requested = desk.get("resource_param")
    if requested and not all(one.isdigit() for one in requested):
        raise Refusal(315)
    groups = [
        {
            "price_group_name": price.name,
            "price_group_id": price.group,
            "price": local(desk.account, price.price),
            "num_resources_per_price": price.per,
            "quantum": 1,
            "params": wire.known(
                {
                    "allowed": list(price.allowed),
                    "forbidden": list(price.forbidden) or None,
                    "requested": requested,
                }
            ),
        }
        for price in prices
    ]
    return {"resource_type": kind, "price_groups": groups}


def get_subscription_price(desk):
    asked = desk.get("subscription_template_id", reading.ALL)
    if asked != reading.ALL and not set(asked) <= {one.number for one in TEMPLATES}:
        raise reading.invalid("subscription_template_id")
    kind, name = desk.get("subscription_template_type"), desk.get("subscription_template_name")
    rows = [t for t in TEMPLATES if (asked == reading.ALL or t.number in asked) and kind in (None, t.kind)]
    if name and name not in [one.name for one in TEMPLATES]:
        raise reading.invalid("subscription_template_name")
    rows = [template(desk, t) for t in rows if name in (None, "", t.name)]
    return {"result": desk.page(rows, None)["result"]}


def template(desk, one):
    price = local(desk.account, one.price)
    return {
        "subscription_template_id": one.number,
        "currency": desk.account["currency"],
        "installation_price": 0,
        "installation_price_in_currency": 0,
        "price": exact(one.price),
        "price_in_currency": price,
        "period": places.PERIOD,
        "subscription_template_type": one.kind,
        "subscription_template_name": one.name,
        "required_verification": "",
        "verification_status": "NOT_REQUIRED",
        "installation_tax_reserve": 0,
        "tax_reserve": 0,
    }


CALLS = {
    "GetCurrencyRate": reads(RATE, get_currency_rate),
    "GetResourcePrice": reads(RESOURCE, get_resource_price),
    "GetSubscriptionPrice": reads(SUBSCRIPTION, get_subscription_price),
}
