"""Builds the JaFone world of a seed: the plumber's lines out of town, and an animal clinic in Québec."""

import datetime
import random
from zoneinfo import ZoneInfo

from ..demo import people, shops
from . import seed_ledger, seed_texts
from .desk import UNIT
from .texts import LISTS

ZONE = "America/Toronto"
CLINIC = shops.Shop(
    ("Clinique vétérinaire Sainte-Foy", "Clinique animale du Cap", "Hôpital vétérinaire Limoilou"),
    "vet",
    "Québec",
    ("367", "354"),
    0.9,
)
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
LINES = {
    "lachance": (("263", "Rive-Nord"), ("263", "Rappels"), ("354", "Granby"), ("354", "Urgences"), ("367", "Québec")),
    "clinique": (("367", "Réception"), ("367", "Rendez-vous"), ("354", "Succursale")),
}
# what a spoken message says, by its number; # marks are filled in by the caller
MESSAGES = {
    "lachance": {
        "410027": {
            "fr": "Bonjour #FN, votre rendez-vous avec le plombier est confirmé pour #DAY. Merci, au revoir.",
            "en": "Hello #FN, your appointment with the plumber is confirmed for #DAY. Thank you, goodbye.",
        },
        "410031": {
            "fr": "Bonjour #FN, le solde de votre compte est de #BL dollars. Merci, au revoir.",
            "en": "Hello #FN, the balance of your account is #BL dollars. Thank you, goodbye.",
        },
    },
    "clinique": {
        "520114": {
            "fr": "Bonjour #FN, #PET doit recevoir son vaccin cette semaine. Merci, au revoir.",
            "en": "Hello #FN, #PET is due for a vaccine this week. Thank you, goodbye.",
        },
    },
}


class Pool:
    """Fictional numbers of the area codes that belong to this upstream, none twice."""

    AREAS = ("263", "354", "367")

    def __init__(self, dice):
        lines = [line for line in range(100, 199) if line not in (197, 198)]
        self._left = {area: dice.sample(lines, len(lines)) for area in self.AREAS}

    def take(self, area):
        area = next(one for one in (area, *self.AREAS) if self._left[one])
        return f"{area}5550{self._left[area].pop()}"


def build(seed, now):
    dice = random.Random(f"jafone/{seed}")
    return Builder(seed, now, dice).build()


class Builder:
    """Carries what the parts of the seeding share."""

    def __init__(self, seed, now, dice):
        self.seed, self.now, self.dice, self.zone = seed, now, dice, ZoneInfo(ZONE)
        self.pool = Pool(dice)
        self.today = datetime.datetime.fromtimestamp(now, self.zone).date()
        self.state = {"ids": {}, "accounts": {}, "limits": {"per_second": 0}}
        for kind in ("sms", "call", "conference", "payment"):
            self.state["ids"][kind] = dice.randrange(200_000, 900_000)

    def new_id(self, kind):
        self.state["ids"][kind] += 1
        return self.state["ids"][kind]

    def build(self):
        self.account("lachance", shops.PLUMBER, texts=620, contacts=38, refill=50)
        self.account("clinique", CLINIC, texts=210, contacts=16, refill=30)
        return self.state

    def account(self, key, shop, texts, contacts, refill):
        dice = self.dice
        account = blank(dice, key, shop.name(self.seed))
        domain = f"{key}.example" if self.seed == 1 else f"{key}-{self.seed}.example"
        account.update(
            shop=shop.trade,
            first_name=people.first(dice, "fr"),
            last_name=people.last(dice, "fr"),
            emails=[f"bureau@{domain}", f"messages@{domain}"],
            refill=refill * UNIT,
            messages=MESSAGES[key],
            billed_until=self.today.isoformat(),
        )
        for area, label in LINES[key]:
            number = self.pool.take(area)
            account["dids"][number] = {"number": number, "label": label, "since": self.since()}
        self.state["accounts"][key] = account
        seed_texts.fill(self, account, shop, texts, contacts)
        self.settings(account)
        seed_ledger.fill(self, account)
        return account

    def since(self):
        return (self.today - datetime.timedelta(days=self.dice.randrange(150, 900))).isoformat()

    def settings(self, account):
        """Phones to call back, where calls go, bridges ahead."""
        dice, numbers = self.dice, list(account["dids"])
        account["callback_numbers"] = {str(i): self.pool.take(numbers[0][:3]) for i in (1, 2)}
        account["callback_numbers"]["3"] = numbers[-1]
        account["forwarding"] = {"enabled": dice.random() < 0.5, "number": account["callback_numbers"]["1"]}
        account["alert"] = {"enabled": True, "units": 10 * UNIT, "told": False}
        for days, minutes in ((3, 60), (17, 120)):
            pins = [f"{dice.randrange(10_000, 999_999):06d}" for _ in range(3)]
            account["conferences"].append(
                {
                    "number": pins[0],
                    "public_pin": pins[1],
                    "admin_pin": pins[2],
                    "date": (self.today + datetime.timedelta(days=days)).isoformat(),
                    "minutes": minutes,
                    "web": minutes > 60,
                }
            )


def blank(dice, key, organization):
    """An account as it is opened: nothing in it yet."""
    return {
        "key": key,
        "organization": organization,
        "user_id": str(dice.randrange(100_000, 999_999)),
        "api_key": "".join(dice.choice(LETTERS) for _ in range(12)),
        "first_name": "",
        "last_name": "",
        "status": "enabled",
        "time_zone": ZONE,
        "routing": "1",
        "balance": 0,
        "refill": 0,
        "emails": [],
        "dids": {},
        "sms": [],
        "dnc": {one: [] for one in LISTS},
        "stops": [],
        "callback_numbers": {},
        "forwarding": {"enabled": False, "number": ""},
        "alert": {"enabled": False, "units": 0, "told": False},
        "conferences": [],
        "contacts": [],
        "messages": {},
        "transactions": [],
        "billed_until": "",
        "recent": [],
    }


def plain_account(state, number):
    """One more customer for a crowd: money but no numbers, so that it weighs little."""
    serial = len(state["accounts"])
    dice = random.Random(f"jafone/crowd/{serial}")
    account = blank(dice, f"crowd{serial}", f"Client {serial}")
    taken = {one["user_id"] for one in state["accounts"].values()}
    while account["user_id"] in taken:
        account["user_id"] = str(dice.randrange(100_000, 999_999))
    account.update(first_name="Client", last_name=str(serial), balance=dice.randrange(1, 200) * UNIT)
    account["billed_until"] = next(iter(state["accounts"].values()))["billed_until"]
    state["accounts"][account["key"]] = account
    return account
