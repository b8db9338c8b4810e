"""Builds the Jo Mobile world of a seed: the plumber's reminders under its name, and a ferry company with its guests."""

import base64
import datetime
import hashlib
import random

from ..demo import people, shops
from . import seed_log
from .desk import UNIT

FERRY = shops.Shop(
    ("Traversier Nordet", "Bateau-mouche Boréal", "Croisières du Large"), "outdoor", "Québec", ("468", "437"), 0.6
)
SENDERS = {"lachance": ["LACHANCE", "PLOMBIER", "4375550100"], "traversier": ["NORDET", "BILLETS"]}
GROUPS = {
    "lachance": (("Clients", 24), ("Entretien annuel", 12), ("Gestionnaires", 6)),
    "traversier": (("Passagers", 30), ("Abonnés", 10)),
}
REPLACEMENTS = [
    {"field": "number", "from": "00", "to": ""},
    {"field": "senderID", "from": "LACHANCE INC", "to": "LACHANCE"},
    {"field": "text", "from": "½", "to": "1/2"},
]


class Pool:
    """Fictional numbers of people: two Canadian area codes of nobody here, and Sweden's range for films."""

    AREAS = ("1468", "1437", "46")

    def __init__(self, dice):
        lines = dice.sample(range(100, 198), 98)
        films = dice.sample(range(605, 700), 95)
        self._left = {
            "1468": [f"14685550{line}" for line in lines],
            "1437": [f"14375550{line}" for line in lines if line != 100],
            "46": [f"46701740{line}" for line in films],
        }

    def take(self, area):
        return self._left[next(one for one in (area, *self.AREAS) if self._left[one])].pop()


def build(seed, now):
    return Builder(seed, now, random.Random(f"jomobile/{seed}")).build()


class Builder:
    """Carries what the parts of the seeding share."""

    def __init__(self, seed, now, dice):
        self.seed, self.now, self.dice, self.pool = seed, now, dice, Pool(dice)
        self.today = datetime.datetime.fromtimestamp(now, datetime.UTC).date()
        self.state = {
            "ids": {},
            "accounts": {},
            "codes": {},
            "reports": [],
            "limits": {"code_life_s": 600, "token_life_s": 86_400, "log_days": 7},
        }
        for kind, start in (("message", 700_000_000), ("group", 40), ("sending", 88_000), ("parent", 12)):
            self.state["ids"][kind] = start + dice.randrange(1, 1000)

    def new_id(self, kind):
        self.state["ids"][kind] += 1
        return self.state["ids"][kind]

    def build(self):
        self.account("lachance", shops.PLUMBER, balance="86.40", texts=420)
        self.account("traversier", FERRY, balance="211.75", texts=260)
        return self.state

    def account(self, key, shop, balance, texts):
        dice = self.dice
        domain = f"{key}.example" if self.seed == 1 else f"{key}-{self.seed}.example"
        values = {
            "login": key if self.seed == 1 else f"{key}{self.seed}",
            "password": "".join(dice.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(14)),
            "name": f"{people.first(dice, 'fr')} {people.last(dice, 'fr')}",
            "phone": self.pool.take("1437"),
            "email": f"bureau@{domain}",
            "company_name": shop.name(self.seed),
        }
        account = opened(key, values, self.new_id("parent"))
        account.update(
            balance=round(float(balance) * UNIT),
            confirmed=1,
            can_send=True,
            originators=list(SENDERS[key]),
            permanent_token=token(f"{self.seed}/{key}"),
            replacements=[dict(rule) for rule in REPLACEMENTS],
        )
        self.state["accounts"][key] = account
        for name, count in GROUPS[key]:
            self.group(account, name, count, shop)
        account["black_list"] = [self.pool.take("1468") for _ in range(3)]
        seed_log.fill(self, account, shop, texts)

    def group(self, account, name, count, shop):
        number = self.new_id("group")
        contacts = [self.contact(shop) for _ in range(count)]
        account["groups"][str(number)] = {
            "id_group": number,
            "name_group": name,
            "time_birth": None,
            "originator_birth": None,
            "text_birth": None,
            "on_birth": False,
            "numbers": {row["number"]: row for row in contacts},
            "greeted": "",
        }

    def contact(self, shop):
        dice = self.dice
        language = "fr" if dice.random() < shop.french else "en"
        born = datetime.date(dice.randrange(1950, 2004), dice.randrange(1, 13), dice.randrange(1, 29))
        return {
            "number": self.pool.take(dice.choice(("1468", "1468", "1437", "46"))),
            "name": people.first(dice, language),
            "surname": people.last(dice, language),
            "patronymic": None,
            **{f"note_{number}": None for number in range(1, 11)},
            "note_1": language,
            "date_birth": born.isoformat() if dice.random() < 0.6 else None,
            "male": dice.choice(("m", "f", None)),
        }


def token(what):
    return base64.urlsafe_b64encode(hashlib.sha256(f"jomobile/permanent/{what}".encode()).digest()).decode()[:30]


def opened(key, values, parent):
    """An account as it is registered: no money, no senders, not confirmed."""
    return {
        "key": key,
        "login": values["login"],
        "password": values["password"],
        "name": values["name"],
        "phone": values["phone"],
        "email": values["email"],
        "organization": values["company_name"] or "",
        "currency": "EUR",
        "balance": 0,
        "balance_limit": 0,
        "block": False,
        "confirmed": 0,
        "can_send": False,
        "id_subparent": parent,
        "originators": [],
        "permanent_token": "",
        "session": None,
        "dlr_url": "",
        "dlr_style": "post",
        "groups": {},
        "black_list": [],
        "replacements": [],
        "log": [],
    }


def plain_account(state, seed):
    """One more customer for a crowd: money and a sender, nothing else."""
    serial = len(state["accounts"])
    dice = random.Random(f"jomobile/crowd/{serial}")
    values = {"login": f"crowd{serial}", "password": f"{dice.getrandbits(56):014x}", "name": f"Client {serial}"}
    values |= {"phone": "14685550199", "email": f"crowd{serial}@crowd.example", "company_name": f"Client {serial}"}
    account = opened(f"crowd{serial}", values, 12)
    account.update(balance=dice.randrange(1, 200) * UNIT, confirmed=1, can_send=True, originators=[f"CROWD{serial}"])
    account["permanent_token"] = token(f"{seed}/crowd{serial}")
    state["accounts"][account["key"]] = account
    return account
