"""What happens at VoiceTel as time goes by: calls are made and paid, and on the first of a month the numbers are."""

import datetime
import decimal
import random

from .account import monthly
from .desk import MICRO, Desk
from .seed_calls import call, hour_share

HOUR = 3600
MOST_HOURS = 72  # a world that slept longer does not catch up on more than this
REFILL_BELOW, REFILL = decimal.Decimal("5"), decimal.Decimal("100")


def hours_pass(upstream, now):
    state = upstream.state
    hour = max(state["called_until"], int(now) // HOUR - MOST_HOURS)
    while hour < int(now) // HOUR:
        for account in state["accounts"].values():
            if account["calls_a_day"] and account["enabled"]:
                live(upstream, account, hour)
        hour += 1
        state["called_until"] = hour
        upstream.sandbox.world.touch()


def live(upstream, account, hour):
    """One hour of an account: some calls, the monthly bill, and a payment when the money is nearly gone."""
    dice = random.Random(f"{account['key']}/{hour}")
    numbers = list(account["numbers"]) or [account["username"]]
    wanted = account["calls_a_day"] * hour_share(hour * HOUR)
    for _ in range(int(wanted + dice.random())):
        other = f"{dice.choice(('603', '207'))}5550{dice.randrange(100, 199)}"
        made = call(dice, account, dice.choice(numbers), other, hour * HOUR + dice.randrange(HOUR))
        account["cdr"].append(made)
        pay(account, made["ba"])
    account["cdr"].sort(key=lambda row: row["at"])
    moment = datetime.datetime.fromtimestamp(hour * HOUR, datetime.UTC)
    if (moment.day, moment.hour) == (1, 0):
        pay(account, sum(monthly(account).values()))
    if decimal.Decimal(account["cash"]) < REFILL_BELOW:
        pay(account, -REFILL)
        Desk(upstream, account).effect("payment", amount=str(REFILL))


def pay(account, amount):
    account["cash"] = str((decimal.Decimal(account["cash"]) - decimal.Decimal(amount)).quantize(MICRO))
