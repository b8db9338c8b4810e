"""Call records as the account sees them."""

import datetime
import decimal
import hashlib
from urllib.parse import quote
from zoneinfo import ZoneInfo

from .info import NAMES

ZONE = ZoneInfo("America/New_York")
MICRO = decimal.Decimal("0.000001")
SIX = 6


def call(dice, account, ours, other, at):
    """A row of the log; about half of the calls come in. Billed by six seconds."""
    incoming = dice.random() < 0.55
    seconds = 0 if dice.random() < 0.08 else -(-int(dice.expovariate(1 / 130) + 4) // SIX) * SIX
    amount = (decimal.Decimal(account["rate"]) * seconds / 60).quantize(MICRO)
    name = dice.choice(NAMES) if incoming else account["name"].upper()[:15]
    return {
        "id": hashlib.md5(f"{account['key']}/{at}/{dice.random()}".encode()).hexdigest(),
        "at": at,
        "cid": other if incoming else ours,
        "dst": ours if incoming else other,
        "ip": f"198.51.100.{dice.randrange(2, 250)}",
        "dur": str(seconds),
        "nr": account["rate"],
        "ba": str(amount),
        "cn": quote(name),
    }


def hour_share(moment):
    """The part of a day's calls that belongs to the hour of that moment."""
    local = datetime.datetime.fromtimestamp(moment, ZONE)
    share = 0.09 if 8 <= local.hour < 18 else 0.02 if 6 <= local.hour < 22 else 0.001
    return share if local.weekday() < 5 else share / 4


def history(builder, account, contacts, days):
    """Calls of the last days, spread like a working day, oldest first."""
    dice, now, rows = builder.dice, int(builder.now), []
    numbers = list(account["numbers"])
    for hour in range(now // 3600 - days * 24, now // 3600):
        for _ in range(int(account["calls_a_day"] * hour_share(hour * 3600) + dice.random())):
            rows.append(
                call(dice, account, dice.choice(numbers), dice.choice(contacts), hour * 3600 + dice.randrange(3600))
            )
    account["cdr"] = sorted((row for row in rows if row["at"] < now), key=lambda row: row["at"])
