"""What happens at JaFone as time goes by: due events, the monthly fees, and prepaid accounts filled up again."""

import datetime
from zoneinfo import ZoneInfo

from . import calling
from .desk import DID_FEE, MONTHLY, PAYMENT, UNIT, Desk

HAPPENINGS = {
    "callback": calling.happen_callback,
    "tts": calling.happen_tts,
    "conference": calling.happen_conference,
}
MAX_DAYS = 40  # a world that slept longer does not catch up on more than this
REFILL_BELOW = 5 * UNIT
FEES_AT, REFILL_AT = datetime.time(23, 30, 2), datetime.time(23, 45)
FEE_TEXT = "Frais mensuel: DID ({})"
PAYMENT_TEXT = "Paiement par carte de crédit"


def days_end(upstream, now):
    for account in upstream.state["accounts"].values():
        zone = ZoneInfo(account["time_zone"])
        today = datetime.datetime.fromtimestamp(now, zone).date()
        last = datetime.date.fromisoformat(account["billed_until"])
        if (today - last).days > MAX_DAYS:
            last = today - datetime.timedelta(days=MAX_DAYS)
        while last < today:
            close_day(Desk(upstream, account), last, zone)
            last += datetime.timedelta(days=1)
            account["billed_until"] = last.isoformat()
            upstream.sandbox.world.touch()


def close_day(desk, day, zone):
    moment = datetime.datetime.combine(day, FEES_AT, zone).timestamp()
    if day.day == 1:
        for number in desk.account["dids"]:
            desk.charge(DID_FEE, MONTHLY, FEE_TEXT.format(number), moment)
    if desk.account["balance"] < REFILL_BELOW and desk.account["refill"]:
        paid = datetime.datetime.combine(day, REFILL_AT, zone).timestamp()
        number = str(desk.upstream.new_id("payment"))
        desk.book(desk.account["refill"], PAYMENT, PAYMENT_TEXT, paid, payment_id=number)
