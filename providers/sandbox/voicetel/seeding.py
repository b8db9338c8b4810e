"""Builds the VoiceTel world of a seed: the plumber's American branch, and a marina on a lake."""

import hashlib
import random

from ..demo import shops
from . import access, seed_calls, seed_texts
from .people import blank, generated, number_row
from .places import AREAS, STREETS, place_of
from .porting import NO_DATE

DAY = 86400
MARINA = shops.Shop(
    ("Saranac Lake Marina", "Tupper Lake Boatworks", "Schroon River Outfitters"),
    "outdoor",
    "Burlington",
    tuple(AREAS),
    0.02,
)
FOR_SALE = 24  # numbers in each area code


def build(seed, now):
    return Builder(seed, now).state


class Builder:
    """Carries what the parts of the seeding share; no number is given out twice."""

    def __init__(self, seed, now):
        self.seed, self.now = seed, now
        self.dice = random.Random(f"voicetel/{seed}")
        self.left = {npa: self.shuffled(npa) for npa in AREAS}
        self.state = {
            "ids": {},
            "accounts": {},
            "inventory": {},
            "spare": [],
            "addresses": {},
            "limits": access.default_limits(),
            "called_until": int(now) // 3600,
        }
        self.lachance()
        self.marina()
        self.market()

    def shuffled(self, npa):
        lines = [f"{npa}5550{line}" for line in range(100, 199)]
        self.dice.shuffle(lines)
        return lines

    def take(self, npa):
        npa = npa if self.left[npa] else max(self.left, key=lambda other: len(self.left[other]))
        return self.left[npa].pop()

    def account(self, key, shop, username_area, **more):
        digest = hashlib.md5(f"voicetel/{self.seed}/{key}".encode()).hexdigest()
        domain = f"{key}.example" if self.seed == 1 else f"{key}-{self.seed}.example"
        username = self.take(username_area)
        account = blank(key, username, shop.name(self.seed), f"voip@{domain}", self.now - 640 * DAY,
                        generated(digest, 10), hashlib.md5(digest.encode()).hexdigest())  # fmt: skip
        account.update(more)
        account["registration"] = {"uri": f"sip:{username}@198.51.100.{len(digest)}:5060", "agent": "ExamplePBX 4.1"}
        self.state["accounts"][key] = account
        return account

    def numbers(self, account, plan):
        """`plan`: area code, route, the name that shows, whether it texts."""
        for npa, route, name, texts in plan:
            number = self.take(npa)
            since = self.now - self.dice.randrange(60, 600) * DAY
            row = number_row(number, place_of(number), since, route, lidb=name, cnam=self.dice.random() < 0.5)
            row["messaging"], row["pin"] = texts, str(self.dice.randrange(1000, 9999))
            account["numbers"][number] = row

    def lachance(self):
        account = self.account("lachance", shops.PLUMBER, "518", admin=True, cash="63.415500", calls_a_day=16)
        self.gateway(account, "198.51.100.30:5060")
        gateway = self.gateway(account, "pbx.lachance.example:5080")
        account["acl"] = ["198.51.100.0/24", "203.0.113.17/32"]
        account["brands"] = {"BLACH01": {"name": "Lachance", "description": "Plumbing repairs"}}
        account["campaigns"] = {
            "CLACH01": {"brand": "BLACH01", "description": "Appointment reminders", "at": int(self.now - 200 * DAY)}
        }
        plan = [("518", 1, "LACHANCE PLUMB", True), ("518", 1, "LACHANCE PLUMB", True), ("518", gateway, "", True),
                ("518", gateway, "LACHANCE NIGHT", False), ("603", 1, "LACHANCE NH", True),
                ("603", 1, "", False), ("413", 4, "", False)]  # fmt: skip
        self.numbers(account, plan)
        own = list(account["numbers"].values())
        for row in own[:3]:
            row["campaign"] = "CLACH01"
        own[3]["forward"] = self.take("603")
        self.addresses(account, ("PLATTSBURGH", "CHAMPLAIN", "MANCHESTER"))
        self.ports(account)
        contacts = seed_texts.fill(self, account, shops.PLUMBER, texts=520, contacts=40, french=0.3)
        seed_calls.history(self, account, contacts, days=75)

    def marina(self):
        account = self.account("saranac", MARINA, "518", cash="148.902000", calls_a_day=7, notify_threshold=25)
        self.numbers(account, [("518", 1, "SARANAC MARINA", True), ("518", 1, "SARANAC MARINA", False),
                               ("315", 1, "", True), ("207", 2, "", False)])  # fmt: skip
        account["lrn"] = False
        self.addresses(account, ("SARANAC LAKE",))
        contacts = seed_texts.fill(self, account, MARINA, texts=130, contacts=12, french=0.02)
        seed_calls.history(self, account, contacts, days=75)

    def gateway(self, account, host):
        route = self.state["ids"]["route"] = self.state["ids"].get("route", 1000) + 1
        account["gateways"][str(route)] = host
        return route

    def addresses(self, account, cities):
        """An emergency address for the first numbers, on streets of these towns, in their own state where it can be."""
        streets = [street for street in STREETS if street.city in cities]
        for number, row in list(account["numbers"].items())[: len(cities) + 1]:
            street = self.dice.choice([one for one in streets if one.state == row["state"]] or streets)
            civic = self.dice.randrange(2, street.highest)
            address = {"city": street.city, "address2": "", "zip": street.zip, "state": street.state,
                       "address1": f"{civic} {street.street}"}  # fmt: skip
            self.state["ids"]["address"] = self.state["ids"].get("address", 700_000) + 1
            self.state["addresses"][str(self.state["ids"]["address"])] = address
            name = account["name"].upper().replace("É", "E")[:32]
            account["e911"][number] = {**address, "addressid": self.state["ids"]["address"], "callername": name}

    def ports(self, account):
        """One in each state; the finished one's number is the first of the account."""
        mine = next(iter(account["numbers"]))
        for days, status, number in ((190, "Complete", mine), (6, "Pending", self.take("603")),
                                     (3, "Validating", self.take("518")), (1, "submitted", self.take("207"))):  # fmt: skip
            digest = hashlib.md5(f"{self.seed}/port/{number}".encode()).hexdigest()
            account["ports"].append(
                {
                    "id": digest + "c0ffee00",
                    "pid": digest[:5],
                    "number": number,
                    "at": int(self.now - days * DAY),
                    "status": status,
                    "message": "OK",
                    "foc": NO_DATE if status in ("Validating", "submitted") else self.day(10 - days),
                    "due_date": self.day(12 - days, "%Y-%m-%d"),
                    "name": account["name"],
                    "calling_name": "",
                    "pin": "",
                    "done": status == "Complete",
                    "plan": 1,
                }
            )

    def day(self, days, form="%Y%m%d"):
        return seed_texts.local(self.now + days * DAY).strftime(form)

    def market(self):
        """What is for sale, and the rest for crowds."""
        for lines in self.left.values():
            for number in [lines.pop() for _ in range(min(FOR_SALE, len(lines)))]:
                self.state["inventory"][number] = place_of(number)
        self.state["left"] = [number for lines in self.left.values() for number in lines]
