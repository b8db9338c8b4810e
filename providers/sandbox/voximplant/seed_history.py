"""Seeds half a year: texts and calls as they happened, and the ledger that follows from them."""

import datetime
import decimal
from zoneinfo import ZoneInfo

from ..demo import people, talk
from . import places, prices, sms_life
from .charging import renewals
from .desk import exact

DAYS = 150
LOW = exact("10")
REMINDERS = 24


def fill(builder, account, plan):
    """Everything is collected first and then booked in its order, so that ids and balances grow with time."""
    book = [contact(builder, account, plan) for _ in range(plan["contacts"])]
    events = [(row["at"], "text", row) for one in book for row in thread(builder, account, one, plan)]
    events += [(row["at"], "call", row) for row in calls(builder, account, book, plan["calls"])]
    events += [(row["at"], "reminder", row) for row in reminders(builder, account, book, plan["language"])]
    events += rents(builder, account)
    books = Books(builder, account)
    for at, kind, row in sorted(events, key=lambda event: event[0]):
        getattr(books, kind)(at, row)
    account["balance"] = str(books.balance)
    account["blacklist"] = [
        {"pstn_blacklist_id": builder.new_id("blacklist"), "pstn_blacklist_phone": builder.pool.take("929")}
        for _ in range(2)
    ]


class Books:
    """Books one event after the other, and lets the customer pay in between."""

    def __init__(self, builder, account):
        self.builder, self.account, self.balance = builder, account, decimal.Decimal(0)

    def book(self, at, kind, amount, description, **extra):
        if self.balance < LOW and not kind.startswith("card"):
            self.book(at - 30, "card_payment", exact(50), "Card payment")
        self.balance += exact(amount)
        number = self.builder.new_id("transaction")
        row = {"transaction_id": number, "at": int(at), "amount": str(amount), "kind": kind}
        self.account["transactions"].append({**row, "description": description, **extra})
        return number

    def text(self, at, row):
        price, kind = (prices.SMS_OUT, "SMSOUT") if row["direction"] == "OUT" else (prices.SMS_IN, "SMSINPUT")
        parts = sms_life.fragments(row["text"])
        cost = exact(price) * parts
        what = f"SMS to {row['destination']}" if row["direction"] == "OUT" else f"SMS from {row['source']}"
        paid = self.book(at, "resource_charge", -cost, what, resource_type=kind)
        sent = {"fragments": parts, "cost": str(cost), "transaction_id": paid, "kept": True}
        self.account["sms"].append({"message_id": self.builder.new_id("message"), **row, **sent})

    def reminder(self, at, row):
        parts = sms_life.fragments(row["text"])
        cost = exact(prices.A2P) * parts
        what = f"A2P SMS to {row['destination']}"
        paid = self.book(at, "resource_charge", -cost, what, resource_type="A2P_SMS_E212")
        sent = {"fragments": parts, "cost": str(cost), "transaction_id": paid, "kept": True}
        self.account["a2p"].append({"message_id": self.builder.new_id("message"), **row, **sent})

    def call(self, at, row):
        """A session with its call, the time of the session, and a recording of some."""
        minutes = -(-row["talk"] // 60)
        incoming = row["incoming"]
        kind, price = ("PSTN_IN_US", prices.CALL_IN) if incoming else ("PSTNOUT", prices.CALL_OUT)
        what = f"PSTN call {'from' if incoming else 'to'} {row['remote']}"
        cost = exact(price) * minutes
        extra = {"application_id": row["app"]["application_id"], "application_name": row["app"]["application_name"]}
        paid = self.book(at + row["talk"], "resource_charge", -cost, what, resource_type=kind, **extra)
        session = exact(prices.SESSION) * max(1, minutes)
        used = self.book(at + row["talk"], "resource_charge", -session, "Call session", resource_type="CALLSESSION")
        self.account["sessions"].append(self.session(at, row, (cost, paid), (session, used)))

    def session(self, at, row, call, use):
        number = self.builder.new_id("session")
        record = self.record(at, row, number) if row["recorded"] else None
        return {
            "session_id": number,
            "at": int(at),
            "duration": row["talk"] + 2,
            "application_id": row["app"]["application_id"],
            "application_name": row["app"]["application_name"],
            "rule_name": row["rule"],
            "user_id": row["user"],
            "address": "198.51.100.24",
            "finish": "Normal termination",
            "custom_data": "",
            "calls": [
                {
                    "call_id": self.builder.new_id("call"),
                    "at": int(at) + 1,
                    "duration": row["talk"],
                    "local": row["local"],
                    "remote": row["remote"],
                    "type": "pstn",
                    "incoming": row["incoming"],
                    "successful": row["talk"] > 0,
                    "cost": str(call[0]),
                    "transaction_id": call[1],
                    "record_url": record["url"] if record else "",
                }
            ],
            "records": [record] if record else [],
            "resources": [
                {
                    "resource_id": self.builder.new_id("resource"),
                    "at": int(at),
                    "type": "CALLSESSION",
                    "cost": str(use[0]),
                    "transaction_id": use[1],
                    "quantity": row["talk"] + 2,
                }
            ],
        }

    def record(self, at, row, session):
        cost = exact(prices.RECORD) * -(-row["talk"] // 60)
        paid = self.book(at + row["talk"], "resource_charge", -cost, "Call recording", resource_type="AUDIORECORD")
        number = self.builder.new_id("record")
        return {
            "record_id": number,
            "at": int(at) + 2,
            "duration": row["talk"],
            "cost": str(cost),
            "transaction_id": paid,
            "url": f"https://records.example/{session}/{number}.mp3",
        }

    def rent(self, at, row):
        what = f"Phone {row['phone_number']}"
        price = exact(places.BY_NUMBER[row["region"]].price)
        self.book(at, "phone_number_charge", -price, what, subscription_id=row["subscription_id"])

    def sip(self, at, row):
        what = f"SIP registration {row['sip_username']}"
        self.book(at, "sip_registration_charge", -exact(row["price"]), what, subscription_id=row["subscription_id"])


def rents(builder, account):
    found = []
    for rows, kind in ((account["numbers"], "rent"), (account["sips"], "sip")):
        for row in rows:
            days = renewals(row["bought"], builder.now)[:-1]
            moments = [datetime.datetime.combine(day, datetime.time(0, 1), datetime.UTC).timestamp() for day in days]
            found += [(at, kind, row) for at in (row["bought"], *moments)]
    return found


# -- people


def contact(builder, account, plan):
    dice, shop = builder.dice, plan["shop"]
    lines = [row for row in account["numbers"] if row["sms_enabled"]]
    language = "fr" if dice.random() < shop.french else "en"
    return {
        "number": builder.pool.take(dice.choice(tuple(places.BY_CODE))),
        "line": dice.choice(lines[:3] if dice.random() < 0.8 else lines),
        "language": language,
        "first": people.first(dice, language),
        "shop": shop,
        "zone": ZoneInfo(plan["location"]),
    }


def moments(builder, zone, count, earliest):
    """Moments in shop hours, spread over the months, more of them lately."""
    dice = builder.dice
    today = datetime.datetime.fromtimestamp(builder.now, zone).date()
    for _ in range(count):
        day = today - datetime.timedelta(days=int(DAYS * dice.random() ** 1.2))
        if day.weekday() > 4 and dice.random() < 0.75:
            day -= datetime.timedelta(days=2)
        midnight = datetime.datetime.combine(day, datetime.time(), zone).timestamp()
        at = midnight + dice.triangular(7.5, 19.5, 10.5) * 3600
        at = at if at < builder.now - 7200 else builder.now - dice.randrange(7200, 20 * 3600)
        yield max(at, earliest + dice.randrange(3600, 30 * 86400))


def thread(builder, account, one, plan):
    """About so many texts with one contact: whole conversations, one after the other."""
    dice, line = builder.dice, one["line"]
    deck = talk.deck(dice, one["language"], one["shop"].trade)
    wanted, scripts = plan["texts"] / plan["contacts"] * dice.uniform(0.5, 1.5), []
    while deck and sum(map(len, scripts)) < wanted:
        scripts.append(deck.pop())
    rows, free = [], 0
    starts = sorted(moments(builder, one["zone"], len(scripts), line["bought"]))
    for start, script in zip(starts, scripts, strict=True):
        moment = max(start, free)
        for direction, _, text in talk.conversation(dice, script, one["language"], one["first"], one["shop"].city):
            if moment > builder.now - 60:
                break
            rows.append(row(one, direction == "inbound", text, int(moment)))
            moment += dice.choice((dice.randrange(25, 200), dice.randrange(60, 900), dice.randrange(300, 2400)))
        free = moment + 1800
    return rows


def row(one, inbound, text, at):
    ends = (one["number"], one["line"]["phone_number"])
    source, destination = ends if inbound else ends[::-1]
    direction = "IN" if inbound else "OUT"
    return {
        "direction": direction,
        "source": source,
        "destination": destination,
        "text": text,
        "status_id": "1",
        "at": at,
    }


WORDS = {
    "fr": "Rappel : notre équipe passe chez vous demain. Répondez au bureau pour changer.",
    "en": "Reminder: your delivery is planned for tomorrow. Call the office to change it.",
}


def reminders(builder, account, book, language):
    for at in moments(builder, book[0]["zone"], REMINDERS, builder.now - DAYS * 86400):
        one, good = builder.dice.choice(book), builder.dice.random() < 0.95
        yield {
            "direction": "OUT",
            "source": account["senders"][0],
            "destination": one["number"],
            "text": WORDS[language],
            "status_id": "1" if good else "2",
            "delivery": "DELIVERED" if good else "FAILED",
            "at": int(min(at, builder.now - 3600)),
        }


def calls(builder, account, book, count):
    dice = builder.dice
    bound = [one for one in account["numbers"] if one["application_id"]]
    for at in moments(builder, book[0]["zone"], count, bound[0]["bought"]):
        line = dice.choice([one for one in bound if one["bought"] < at] or bound[:1])
        app = next(app for app in account["applications"] if app["application_id"] == line["application_id"])
        rule = next(rule for rule in account["rules"] if rule["rule_id"] == line["rule_id"])
        length = 0 if dice.random() < 0.12 else int(min(1800, dice.lognormvariate(4.4, 0.9)))
        yield {
            "at": int(min(at, builder.now - 3600)),
            "talk": length,
            "incoming": dice.random() < 0.7,
            "local": line["phone_number"],
            "remote": dice.choice(book)["number"],
            "app": app,
            "rule": rule["rule_name"],
            "user": dice.choice(account["users"])["user_id"],
            "recorded": length > 20 and dice.random() < 0.35,
        }
