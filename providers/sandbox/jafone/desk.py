"""What an action has at hand: account, checked values, clock, money, and ways to leave a trace."""

import datetime
import decimal
import functools
from zoneinfo import ZoneInfo

UNIT = 100_000  # the ledger counts in parts of a dollar
PAYMENT, CALL, TEXT, LOOKUP, MONTHLY = "1", "2", "3", "4", "6"
SMS_PRICE, LOOKUP_PRICE, TTS_PRICE, DID_FEE = 1_000, 500, 2_500, 149_500
CALL_PRICES = {"0": 1_000, "1": 1_500}  # a minute, by routing type


class Refusal(Exception):
    """The upstream's no, in its own words."""


def dollars(units):
    """Two decimals, as balances are printed."""
    exact = decimal.Decimal(units) / UNIT
    return str(exact.quantize(decimal.Decimal("0.01"), decimal.ROUND_HALF_UP))


@functools.lru_cache(maxsize=50_000)
def stamp(moment, zone):
    return datetime.datetime.fromtimestamp(moment, zone).strftime("%Y-%m-%d %H:%M:%S")


class Desk:
    def __init__(self, upstream, account, call=None, values=None, params=None):
        self.upstream, self.sandbox, self.account, self.call = upstream, upstream.sandbox, account, call
        self.values, self.params = values or {}, params or {}
        self.now = upstream.sandbox.clock.now()
        self.zone = ZoneInfo(account["time_zone"])

    # -- time

    def today(self):
        return datetime.datetime.fromtimestamp(self.now, self.zone).date()

    def stamp(self, moment):
        return stamp(int(moment), self.zone)

    def epoch(self, naive):
        """The moment of a local date and time."""
        return naive.replace(tzinfo=self.zone).timestamp()

    def at(self, day, hour=0):
        return self.epoch(datetime.datetime.combine(day, datetime.time(hour)))

    # -- money

    def need(self, units):
        if self.sandbox.settings["charge"] and self.account["balance"] < units:
            raise Refusal("Insufficient balance")

    def charge(self, units, kind, what, moment=None):
        if self.sandbox.settings["charge"]:
            self.book(-units, kind, what, moment)

    def book(self, units, kind, what, moment=None, payment_id=None):
        """A line of the ledger, and the letter about a low balance when it has just become one."""
        account = self.account
        account["balance"] += units
        account["transactions"].append(transaction(account, units, kind, what, moment or self.now, payment_id))
        low = account["alert"]["enabled"] and account["balance"] < account["alert"]["units"]
        if low and not account["alert"]["told"]:
            self.effect("low_balance_alert", balance=dollars(account["balance"]), to=account["emails"][:1])
        account["alert"]["told"] = low
        self.sandbox.world.touch()

    # -- traces

    def effect(self, kind, **data):
        entry = self.call.entry if self.call else None
        self.sandbox.world.touch()
        return self.sandbox.journal.effect(self.now, self.upstream.slug, kind, self.account["key"], data, entry)

    def schedule(self, due, kind, **data):
        self.sandbox.schedule(due, self.upstream.slug, kind, {"key": self.account["key"], **data})


def transaction(account, units, kind, what, moment, payment_id=None):
    return {
        "at": moment,
        "description": what,
        "value": units,
        "subaccount": account["user_id"],
        "type": kind,
        "payment_id": payment_id,
    }
