"""Seeds four months of ledger, reckoned backwards from today's balance so that the last line fits it."""

import datetime
import decimal
from zoneinfo import ZoneInfo

DAYS = 122
DID_FEE, TOLLFREE_FEE, E911_FEE = decimal.Decimal("1.25"), decimal.Decimal("2.50"), decimal.Decimal("1.50")
CENT = decimal.Decimal("0.01")


def fill(builder, account):
    zone = ZoneInfo(account["time_zone"])
    today = datetime.datetime.fromtimestamp(builder.now, zone).date()
    account["billed_until"] = today.isoformat()
    balance, lines = decimal.Decimal(account["balance"]), []
    payment = decimal.Decimal(account["payment"])
    for back in range(1, DAYS + 1):
        day = today - datetime.timedelta(days=back)
        for hour, kind, what, amount in reversed(day_lines(builder, account, day, back)):
            balance = entry(lines, day, zone, hour, kind, what, amount, balance)
        if balance > payment + decimal.Decimal("12"):
            balance = entry(lines, day, zone, 8, "payment", "Payment by credit card", payment, balance)
    for line in reversed(lines):
        number = f"INV-{builder.new_id('invoice')}" if line["type"] == "invoice" else ""
        account["transactions"].append(
            {"transaction_id": builder.new_id("transaction"), **line, "invoice_number": number}
        )


def entry(lines, day, zone, hour, kind, what, amount, balance):
    """Write a line with the balance after it; returns the balance before it."""
    moment = datetime.datetime.combine(day, datetime.time(hour, 59 if hour == 23 else 5), zone).timestamp()
    lines.append({"type": kind, "at": moment, "description": what, "amount": str(amount), "balance": str(balance)})
    return balance - amount


def day_lines(builder, account, day, back):
    """(hour, type, text, amount) of a day, in order of time."""
    found, dids = [], account["dids"].values()
    if day.day == 1:
        tollfree = sum(d["type"] == "tollfree" for d in dids)
        local = len(dids) - tollfree
        found.append((1, "invoice", f"Monthly fees, {local} local numbers, {day:%Y-%m}", -local * DID_FEE))
        if tollfree:
            found.append(
                (1, "invoice", f"Monthly fees, {tollfree} toll-free numbers, {day:%Y-%m}", -tollfree * TOLLFREE_FEE)
            )
        covered = (local * 3) // 4
        found.append((1, "invoice", f"Monthly fees, {covered} 911 addresses, {day:%Y-%m}", -covered * E911_FEE))
    if back == 33:
        found.append((10, "credit", "Courtesy credit, incident of the month", decimal.Decimal("5.00")))
    if back == 71:
        found.append((15, "refund", "Refund of a setup fee", decimal.Decimal("1.00")))
    share = builder.dice.uniform(0.75, 1.3) * (0.35 if day.weekday() > 4 else 1)
    used = (decimal.Decimal(account["daily_calls"]) * decimal.Decimal(share)).quantize(CENT)
    return [*found, (23, "invoice", f"Usage {day.isoformat()}", -used)]
