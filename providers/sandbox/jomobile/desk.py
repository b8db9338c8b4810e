"""What a call has at hand: account, checked values, clock, money, and ways to leave a trace."""

import datetime

from .refusals import NO_MONEY, Refusal

UNIT = 10_000  # balances are kept in parts of the account's currency


def stamp(moment):
    return datetime.datetime.fromtimestamp(int(moment), datetime.UTC).strftime("%Y-%m-%d %H:%M:%S")


def amount(units):
    """A JSON number."""
    return round(units / UNIT, 4)


class Desk:
    def __init__(self, upstream, account=None, call=None, values=None, items=()):
        self.upstream, self.sandbox, self.account, self.call = upstream, upstream.sandbox, account, call
        self.values, self.items = values or {}, list(items)
        self.now = upstream.sandbox.clock.now()

    def utc(self):
        return datetime.datetime.fromtimestamp(self.now, datetime.UTC)

    def epoch(self, day, hour):
        """The moment of a day and an hour, today and now for what is left out."""
        if day is None and hour is None:
            return self.now
        now = self.utc()
        return datetime.datetime.combine(day or now.date(), hour or now.time(), datetime.UTC).timestamp()

    def pay(self, units):
        """Take the money, or refuse when the balance and its limit do not reach."""
        if not self.sandbox.settings["charge"]:
            return
        if units > self.account["balance"] + self.account["balance_limit"]:
            raise Refusal(*NO_MONEY)
        self.account["balance"] -= units

    def effect(self, kind, **data):
        entry = self.call.entry if self.call else None
        self.sandbox.world.touch()
        key = self.account["key"] if self.account else None
        return self.sandbox.journal.effect(self.now, self.upstream.slug, kind, key, data, entry)

    def schedule(self, due, kind, **data):
        self.sandbox.schedule(due, self.upstream.slug, kind, {"key": self.account["key"], **data})
