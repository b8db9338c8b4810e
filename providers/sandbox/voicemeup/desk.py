"""What a request function has at hand: account, checked values, clock, and ways to leave a trace."""

import datetime
import decimal
import functools
from zoneinfo import ZoneInfo

CURRENCIES = {"CAD": "1", "USD": "0.7300", "EUR": "0.6300"}
CENT = decimal.Decimal("0.01")


class Refusal(Exception):
    """The upstream's no: one or more codes, perhaps with something beside them."""

    def __init__(self, *codes, body=()):
        super().__init__(", ".join(codes))
        self.codes, self.body = codes, list(body)


class Answer:
    """The upstream's yes: messages by code (with their text when it is not a plain sentence) and the body."""

    def __init__(self, *body, messages=()):
        self.body = list(body)
        self.messages = [m if isinstance(m, tuple) else (m, None) for m in messages]


def money(amount):
    """The manual's way: what is not followed by CR is owed."""
    amount = decimal.Decimal(amount).quantize(CENT, decimal.ROUND_HALF_UP)
    return f"{abs(amount):,.2f}" + (" CR" if amount > 0 else "")


@functools.lru_cache(maxsize=50_000)
def stamp(moment, zone):
    """A listing stamps thousands of rows, and the same ones again at the next poll."""
    return datetime.datetime.fromtimestamp(moment, zone).strftime("%Y-%m-%d %H:%M:%S")


class Desk:
    def __init__(self, upstream, account, call=None, values=None, language="en", currency="CAD"):
        self.upstream, self.sandbox, self.account, self.call = upstream, upstream.sandbox, account, call
        self.values = values or {}
        self.params = call.request.params if call else {}
        self.files = call.request.files if call else {}
        self.language, self.currency = language, currency
        self.now = upstream.sandbox.clock.now()
        self.zone = ZoneInfo(account["time_zone"])

    # -- time

    def local(self, moment):
        return datetime.datetime.fromtimestamp(moment, self.zone)

    def today(self):
        return self.local(self.now).date()

    def stamp(self, moment):
        return stamp(int(moment), self.zone) if moment else "0000-00-00 00:00:00"

    def midnight(self, date, days_later=0):
        day = datetime.date.fromisoformat(date) + datetime.timedelta(days=days_later)
        return datetime.datetime.combine(day, datetime.time(), self.zone).timestamp()

    # -- money

    def amount(self, value):
        """A plain amount in the currency asked for."""
        return decimal.Decimal(value) * decimal.Decimal(CURRENCIES[self.currency])

    def money(self, value):
        return money(self.amount(value))

    def charge(self, amount, what=None):
        """Usage is billed at the end of the day; what has a name stands in the ledger at once."""
        if not self.sandbox.settings["charge"]:
            return
        amount = decimal.Decimal(amount)
        self.account["balance"] = str(decimal.Decimal(self.account["balance"]) - amount)
        if what:
            self.upstream.book(self.account, "invoice", what, -amount, self.now, settled=True)
        else:
            self.account["usage"] = str(decimal.Decimal(self.account["usage"]) + amount)

    # -- traces

    def effect(self, kind, **data):
        entry = self.call.entry if self.call else None
        self.sandbox.world.touch()
        return self.sandbox.journal.effect(self.now, self.upstream.slug, kind, self.account["key"], data, entry)

    def new_id(self, kind):
        return self.upstream.new_id(kind)
