"""Builds the VoiceMeUp world of a seed: a plumber, a reseller with nine customers, two small accounts."""

import random

from ..demo import people, shops
from ..demo.places import Numbers
from . import (
    access,
    seed_billing,
    seed_calls,
    seed_dids,
    seed_e911,
    seed_messages,
    seed_objects,
    seed_offices,
    seed_paper,
    seed_ports,
)

LEDGER_DAYS = 122
DAY = 86400


def build(seed, now):
    dice = random.Random(f"voicemeup/{seed}")
    world = Builder(seed, now, dice)
    world.accounts()
    return world.state


class Builder:
    """Carries what the parts of the seeding share."""

    def __init__(self, seed, now, dice):
        self.seed, self.now, self.dice = seed, now, dice
        self.numbers = Numbers(dice)
        self.state = {
            "ids": {},
            "accounts": {},
            "inventory": {},
            "incidents": incidents(now),
            "limits": {**access.DEFAULT_LIMITS, "per_hour": dict(access.DEFAULT_LIMITS["per_hour"])},
        }
        for kind in (
            "client_did",
            "sms",
            "port_request",
            "endpoint",
            "subaccount",
            "address",
            "transaction",
            "invoice",
            "did",
            "peer",
            "mailbox",
            "extension",
            "profile",
        ):
            self.state["ids"][kind] = dice.randrange(10_000, 60_000)

    def new_id(self, kind):
        self.state["ids"][kind] += 1
        return self.state["ids"][kind]

    def accounts(self):
        plumber = self.account("lachance", shops.PLUMBER, "fr", balance="18.42", daily="6.10", payment="150.00")
        seed_dids.plumber(self, plumber)
        reseller = self.account("boreal", shops.RESELLER, "fr", balance="1284.77", daily="58.00", payment="2000.00")
        seed_dids.reseller(self, reseller)
        velo = self.account("velo", shops.SMALL[0], "fr", balance="62.10", daily="1.40", payment="75.00")
        seed_dids.small(self, velo, shops.SMALL[0], 4)
        inn = self.account("harbour", shops.SMALL[1], "en", balance="-37.15", daily="1.90", payment="100.00")
        inn["credit_limit"] = "200.00"
        seed_dids.small(self, inn, shops.SMALL[1], 5)
        seed_messages.fill(self)
        for account in self.state["accounts"].values():
            seed_billing.fill(self, account)
        seed_ports.fill(self)
        seed_e911.fill(self)
        seed_dids.inventory(self)
        seed_objects.fill(self)
        seed_offices.fill(self)
        seed_calls.fill(self)
        seed_paper.fill(self)

    def account(self, key, shop, language, balance, daily, payment):
        dice = self.dice
        organization = shop.name(self.seed)
        first, last = people.first(dice, language), people.last(dice, language)
        domain = f"{key}.example" if self.seed == 1 else f"{key}-{self.seed}.example"
        account = {
            "key": key,
            "shop": shop.trade,
            "organization": organization,
            "client_account_id": str(dice.randrange(80_010_000, 80_990_000)),
            "client_user_id": str(dice.randrange(101_000, 999_000)),
            "username": f"api@{domain}",
            "auth_token": f"{dice.getrandbits(128):032x}",
            "first_name": first,
            "last_name": last,
            "email": f"bureau@{domain}" if language == "fr" else f"office@{domain}",
            "language": language,
            "currency": "CAD",
            "status": "enabled",
            "time_zone": "America/Halifax" if shop.city == "Halifax" else "America/Toronto",
            "balance": balance,
            "credit_limit": "0.00",
            "daily_calls": daily,
            "payment": payment,
            "usage": "0",
            "address": seed_e911.address(dice, shop.city),
            "preferences": {},
            "dids": {},
            "sms": [],
            "ports": {},
            "e911": {},
            "subaccounts": {},
            "transactions": [],
            "peers": [],
            "mailboxes": [],
            "extensions": [],
            "fax_profiles": [],
            "sms_profiles": [],
            "limits": {"buckets": {}, "banned_until": None},
        }
        account["preferences"] = {
            "language": language,
            "time_zone_id": account["time_zone"],
            "currency": "CAD",
            "callerid_name": organization[:15],
            "callerid_number": "",
            "voice_language": language,
            "notification_email": account["email"],
        }
        self.state["accounts"][key] = account
        return account

    def things(self, account, kind, id_kind, names, subaccount="0"):
        """Peers, mailboxes and the like: only their ids matter here."""
        for name in names:
            account[kind].append({"id": self.new_id(id_kind), "name": name, "client_subaccount_id": subaccount})


def incidents(now):
    table = (
        (
            2,
            None,
            "minor",
            "Delayed text messages to one carrier",
            "Textos en retard chez un fournisseur",
            "Some texts arrive late. The carrier is working on it.",
            "Certains textos arrivent en retard. Le fournisseur y travaille.",
        ),
        (
            9 * 24,
            9 * 24 - 3,
            "major",
            "Inbound calls failing in Toronto",
            "Appels entrants en échec à Toronto",
            "Calls to some 416 numbers failed. Routes were changed.",
            "Les appels vers certains 416 échouaient. Routage modifié.",
        ),
        (
            21 * 24,
            21 * 24 - 1,
            "maintenance",
            "Planned maintenance of the portal",
            "Entretien planifié du portail",
            "Databases were moved.",
            "Les bases de données ont été déplacées.",
        ),
        (
            47 * 24,
            47 * 24 - 6,
            "minor",
            "Fax delivery slow",
            "Télécopies lentes",
            "Faxes took up to 20 minutes.",
            "Les télécopies prenaient jusqu'à 20 minutes.",
        ),
        (
            80 * 24,
            80 * 24 - 2,
            "major",
            "Registration errors",
            "Erreurs d'enregistrement",
            "Phones lost their registration.",
            "Des postes perdaient leur enregistrement.",
        ),
        (
            101 * 24,
            101 * 24 - 4,
            "minor",
            "Slow reports",
            "Rapports lents",
            "Call reports were slow.",
            "Les rapports d'appels étaient lents.",
        ),
    )
    return [
        {
            "id": 900 + len(table) - i,
            "severity": severity,
            "start": now - start * 3600,
            "end": now - end * 3600 if end is not None else None,
            "title": [en, fr],
            "description": [long_en, long_fr],
        }
        for i, (start, end, severity, en, fr, long_en, long_fr) in enumerate(table)
    ]
