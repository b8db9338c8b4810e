"""What happens at VoiceMeUp as time goes by: due events, and the bill at the end of each day."""

import datetime
import decimal
import random
from zoneinfo import ZoneInfo

from . import call_life, call_traffic, fax_life, order_life, port_life, sms_life, whitepages

HAPPENINGS = {
    "sms_step": sms_life.happen_step,
    "sms_answer": sms_life.happen_answer,
    "port_step": port_life.happen_step,
    "call_event": call_life.happen,
    "fax_step": fax_life.happen_step,
    "order_step": order_life.happen_step,
    "whitepage_step": whitepages.happen_step,
}
MAX_DAYS = 40  # a world that slept longer does not catch up on more than this
REFILL_BELOW = decimal.Decimal("-25")


def days_end(upstream, now):
    call_traffic.go_on(upstream, now)
    for account in upstream.state["accounts"].values():
        zone = ZoneInfo(account["time_zone"])
        today = datetime.datetime.fromtimestamp(now, zone).date()
        last = datetime.date.fromisoformat(account["billed_until"])
        if (today - last).days > MAX_DAYS:
            last = today - datetime.timedelta(days=MAX_DAYS)
        while last < today:
            close_day(upstream, account, last, zone)
            last += datetime.timedelta(days=1)
            account["billed_until"] = last.isoformat()
            upstream.sandbox.world.touch()


def close_day(upstream, account, day, zone):
    """Book the calls and texts of a day, and let the customer pay when far in the red."""
    calls = decimal.Decimal(account["daily_calls"]) * decimal.Decimal(random.uniform(0.6, 1.4))
    texts = decimal.Decimal(account["usage"])
    if day.weekday() > 4:
        calls *= decimal.Decimal("0.35")
    moment = datetime.datetime.combine(day, datetime.time(23, 59, 30), zone).timestamp()
    left = decimal.Decimal(account["balance"]) - calls
    account["balance"] = str(left.quantize(decimal.Decimal("0.0001")))
    account["usage"] = "0"
    upstream.book(
        account,
        "invoice",
        f"Usage {day.isoformat()}",
        -(calls + texts).quantize(decimal.Decimal("0.01")),
        moment,
        settled=True,
    )
    if decimal.Decimal(account["balance"]) < REFILL_BELOW:
        upstream.book(account, "payment", "Payment by credit card", decimal.Decimal("150.00"), moment + 20)
