"""Seeds four months of ledger: fees, calls, texts and payments, whose sum is today's balance."""

import datetime

from .clockwork import FEE_TEXT, FEES_AT, PAYMENT_TEXT, REFILL_AT, REFILL_BELOW
from .desk import CALL, CALL_PRICES, DID_FEE, MONTHLY, PAYMENT, SMS_PRICE, TEXT, transaction
from .texts import segments

DAYS = 122


def fill(builder, account):
    charges = sorted([*text_charges(account), *day_charges(builder, account)], key=lambda one: one[0])
    first = builder.today - datetime.timedelta(days=DAYS + 1)
    pay(builder, account, moment_of(builder, first, REFILL_AT))
    day = None
    for at, value, kind, what in charges:
        today = datetime.datetime.fromtimestamp(at, builder.zone).date()
        if today != day and account["balance"] < REFILL_BELOW:
            pay(builder, account, moment_of(builder, today, datetime.time(0, 5)))
        day = today
        account["balance"] += value
        account["transactions"].append(transaction(account, value, kind, what, at))


def moment_of(builder, day, time):
    return datetime.datetime.combine(day, time, builder.zone).timestamp()


def pay(builder, account, at):
    value, number = account["refill"], str(builder.new_id("payment"))
    account["balance"] += value
    account["transactions"].append(transaction(account, value, PAYMENT, PAYMENT_TEXT, at, number))


def text_charges(account):
    for row in account["sms"]:
        if row["direction"] == "0":
            what = f"Texto: {row['did']} vers {row['number'][1:]}"
            yield row["at"], -SMS_PRICE * segments(row["message"]), TEXT, what


def day_charges(builder, account):
    """Fees on the first of a month, a few calls on every working day."""
    numbers = list(account["dids"])
    callers = [one["number"] for one in account["contacts"]]
    for back in range(DAYS, 0, -1):
        day = builder.today - datetime.timedelta(days=back)
        if day.day == 1:
            at = moment_of(builder, day, FEES_AT)
            yield from ((at, -DID_FEE, MONTHLY, FEE_TEXT.format(number)) for number in numbers)
        for _ in range(builder.dice.randrange(0, 4) if day.weekday() < 5 else 0):
            minutes = builder.dice.randrange(1, 14)
            at = moment_of(builder, day, datetime.time(builder.dice.randrange(8, 18), builder.dice.randrange(60)))
            number, other = builder.dice.choice(numbers), builder.dice.choice(callers)
            yield at, -minutes * CALL_PRICES["1"], CALL, f"Appel: {number} vers {other} ({minutes} min)"
