"""What a method's function works with: the account, the values, the clock, and what it may leave behind."""

import decimal
import zoneinfo

from . import values as reading
from . import wire
from .refusals import Refusal

PAGE = 20


class Desk:
    """Also made without a call, for what happens by itself."""

    def __init__(self, upstream, account, call=None, values=None, caller=None):
        self.upstream, self.account, self.call, self.caller = upstream, account, call, caller
        self.values = values or {}
        self.sandbox = upstream.sandbox

    @property
    def now(self):
        return self.sandbox.clock.now()

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.account["profile"]["location"])

    def get(self, name, default=None):
        return self.values.get(name, default)

    def given(self, *names):
        """The values that were sent, of these names."""
        return {name: self.values[name] for name in names if name in self.values}

    def new_id(self, kind):
        return self.upstream.new_id(kind)

    def effect(self, kind, **data):
        entry = self.call.entry if self.call else None
        self.sandbox.journal.effect(self.now, self.upstream.slug, kind, self.account["key"], data, entry)
        self.sandbox.world.touch()

    def fault(self, name):
        return self.call.fault(name) if self.call else None

    # -- picking rows

    def page(self, rows, default=PAGE, most=None, farthest=None):
        """The rows asked for with count and offset, and what every listing says of them."""
        count, offset = self.get("count", default), self.get("offset", 0)
        for name, value, limit in (("count", count, most), ("offset", offset, farthest)):
            if value is not None and (value < 0 or (limit is not None and value > limit)):
                raise Refusal(496, name)
        shown = rows[offset:] if count is None else rows[offset : offset + count]
        return {"result": shown, "total_count": len(rows), "count": len(shown)}

    def alone(self, rows):
        """With quirks a lone row is no list: two methods are described as answering one object."""
        return rows[0] if self.upstream.quirks and len(rows) == 1 else rows

    def matching(self, rows, *names, **renamed):
        """Rows whose member equals the value sent; `renamed` maps a parameter to the member of another name."""
        wanted = {name: (name, self.values[name]) for name in names if name in self.values}
        wanted |= {member: (name, self.values[name]) for name, member in renamed.items() if name in self.values}
        return [row for row in rows if all(fits(row.get(member), value) for member, (_, value) in wanted.items())]

    def one(self, rows, member, name=None):
        """The only row with the value of that parameter; refused by the parameter's code when there is none."""
        name = name or member
        found = next((row for row in rows if row[member] == self.values.get(name)), None)
        if found is None:
            raise reading.invalid(name)
        return found

    def between(self, rows, member, first, last, zone=wire.UTC):
        """Rows whose moment lies between two moments that may have been sent."""
        low, high = self.get(first), self.get(last)
        if low is not None and high is not None and low > high:
            raise Refusal(123)
        start = wire.epoch(low, zone) if low is not None else float("-inf")
        end = wire.epoch(high, zone) if high is not None else float("inf")
        return [row for row in rows if start <= row[member] <= end]


def fits(held, wanted):
    """A list of wanted values is any of them, and `all` anything."""
    if wanted == reading.ALL:
        return True
    return held in wanted if isinstance(wanted, list) else held == wanted


def exact(text):
    return decimal.Decimal(str(text))
