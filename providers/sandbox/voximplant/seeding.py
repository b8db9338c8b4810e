"""Builds the Voximplant world of a seed: the plumber's lines for customers in the States, and couriers of San Francisco."""

import random
import re
import unicodedata

from ..demo import people, shops
from . import making, places, roles, seed_history, seed_papers, wire
from .charging import renewals

DAY = 86400
COURIERS = shops.Shop(
    ("Fogline Couriers", "Bay Bridge Couriers", "Presidio Couriers"), "moving", "San Francisco", ("628", "929"), 0.03
)
PLANS = {  # how much of everything an account has
    "lachance": {
        "shop": shops.PLUMBER,
        "language": "fr",
        "location": "America/Toronto",
        "lines": ("628", "628", "929", "929", "786"),
        "texts": 420,
        "contacts": 26,
        "calls": 260,
        "apps": (("accueil", ("jour", "nuit")), ("urgences", ("garde",))),
        "child": ("laval", "Lachance Laval"),
    },
    "fogline": {
        "shop": COURIERS,
        "language": "en",
        "location": "America/Los_Angeles",
        "lines": ("628", "628", "628", "929", "929"),
        "texts": 360,
        "contacts": 22,
        "calls": 340,
        "apps": (("dispatch", ("inbound", "overflow")), ("tracking", ("status",))),
        "child": ("east", "Fogline East"),
    },
}
BOUGHT_DAYS = (190, 165, 140, 96, 60)


def build(seed, now):
    return Builder(seed, now).build()


class Builder:
    """Carries what the parts of the seeding share."""

    def __init__(self, seed, now):
        self.seed, self.now = seed, now
        self.dice, self.pool = random.Random(f"voximplant/{seed}"), places.Pool(f"voximplant/{seed}")
        self.state = {"ids": dict(making.FIRST), "accounts": {}, "stock": [], "per_hour": 0, "day": wire.day(now)}

    def new_id(self, kind):
        return making.new_id(self.state, kind)

    def ago(self, days):
        return int(self.now - days * DAY)

    def build(self):
        for key, plan in PLANS.items():
            account = self.account(key, plan)
            self.numbers(account, plan["lines"])
            self.applications(account, plan["apps"])
            self.keys(account)
            seed_papers.fill(self, account, plan["shop"])
            seed_history.fill(self, account, plan)
            seed_papers.invoices(self, account)
            self.child(account, *plan["child"])
        self.stock()
        return self.state

    def account(self, key, plan):
        shop, dice = plan["shop"], self.dice
        name, language = shop.name(self.seed), plan["language"]
        domain = f"{key}.example" if self.seed == 1 else f"{key}-{self.seed}.example"
        owner = making.account(
            self.state, key, short_name(name), name, f"voix@{domain}", f"Pa55-{dice.getrandbits(40):x}", self.ago(210)
        )
        owner["profile"].update(
            account_first_name=people.first(dice, language),
            account_last_name=people.last(dice, language),
            language_code=language,
            location=plan["location"],
            min_balance_to_notify="10",
            billing_address_name=name,
            billing_address_country_code="CA" if language == "fr" else "US",
            account_notifications=True,
            callback_salt=f"{dice.getrandbits(64):x}",
            a2p_sms_enabled=True,
            support_robokassa=key == "fogline",
        )
        owner["senders"] = [key.upper()]
        owner["bodies"] = {"store_outbound_sms": True, "store_inbound_sms": True}
        owner["autopay"] = "50"
        return owner

    def numbers(self, account, codes):
        """Renewed on the same day of each month as they were bought."""
        for days, code in zip(BOUGHT_DAYS, codes, strict=True):
            bought = self.ago(days) + self.dice.randrange(0, 8 * 3600)
            renewal = renewals(bought, self.now)[-1].isoformat()
            more = {"sms_enabled": code != "786"}
            making.phone(self.state, account, self.pool.take(code), places.BY_CODE[code], bought, renewal, **more)

    def applications(self, account, plan):
        created = self.ago(188)
        for short, rules in plan:
            app = making.application(self.state, account, short, created)
            made = [making.rule(self.state, account, app, name, created) for name in rules]
            for row in account["numbers"][len(account["applications"]) - 1 :: 2]:
                row.update(application_id=app["application_id"], rule_id=made[0]["rule_id"])
        first = account["applications"][0]
        language = account["profile"]["language_code"]
        for number in range(1, 4):
            shown = f"{people.first(self.dice, language)} {people.last(self.dice, language)}"
            making.user(self.state, account, first, f"agent{number}", shown, created)
        account["numbers"][-1].update(application_id=None, rule_id=None)

    def keys(self, account):
        making.key(self.state, account, "portal", [roles.number_of("Owner")])
        making.key(self.state, account, "comptabilité", [roles.number_of("Accountant")], "read by the bookkeeper")
        row = {"subuser_id": self.new_id("subuser"), "subuser_name": "billing-bot", "description": "invoices"}
        secret = {"password": f"Bot-{self.dice.getrandbits(32):x}", "role_ids": [roles.number_of("Payer")]}
        account["subusers"].append({**row, **secret})

    def child(self, parent, suffix, organization):
        name = f"{parent['account_name'].split('-')[0][:12]}-{suffix}"
        email = parent["account_email"].replace("voix@", f"{suffix}@")
        key, password = f"{parent['key']}-{suffix}", f"Pa55-{self.dice.getrandbits(40):x}"
        child = making.account(self.state, key, name, organization, email, password, self.ago(90), parent["account_id"])
        child["profile"].update(
            location=parent["profile"]["location"], language_code=parent["profile"]["language_code"]
        )
        child["balance"] = "12.5"
        number, amount = self.new_id("transaction"), "12.5"
        child["transactions"].append(
            {
                "transaction_id": number,
                "at": self.ago(89),
                "amount": amount,
                "kind": "money_acceptance_from_parent",
                "description": "Opening",
            }
        )
        bought = self.ago(33)
        renewal = renewals(bought, self.now)[-1].isoformat()
        making.phone(self.state, child, self.pool.take("929"), places.BY_CODE["929"], bought, renewal, sms_enabled=True)

    def stock(self):
        for code, region in places.BY_CODE.items():
            for number in self.pool.rest(code, 40):
                row = {"phone_id": self.new_id("phone"), "phone_number": number, "region": region.number}
                self.state["stock"].append(row)


def unaccented(text):
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def short_name(organization):
    """An account's name: 5 to 20 small letters and hyphens."""
    words = re.findall(r"[a-z]+", unaccented(organization.lower()))
    return "-".join(words[:2])[:20]


def plain_account(state, number, now):
    """One of a crowd: a number, some money, the same RSA pair as the others."""
    key = f"crowd-{state['ids']['account'] + 1}"
    owner = making.account(state, key, key, f"Customer {number + 1}", f"{key}@crowd.example", "Pa55-word-of-many", now)
    making.key(state, owner, "portal", [roles.number_of("Owner")], pair="crowd")
    owner["balance"] = "40"
    row = next((one for one in state["stock"] if not places.BY_NUMBER[one["region"]].addressed), None)
    if row is not None and number < 40:
        state["stock"].remove(row)
        region = places.BY_NUMBER[row["region"]]
        renewal = renewals(now, now)[-1].isoformat()
        making.phone(state, owner, row["phone_number"], region, now, renewal, sms_enabled=True)
    return owner
