"""Groups that greet: a text to those whose birthday it is."""

import datetime

from . import life, sending
from .desk import Desk
from .refusals import Refusal


def greet(upstream, now):
    """At the group's hour (UTC), or within the hour after it."""
    moment = datetime.datetime.fromtimestamp(now, datetime.UTC)
    today = moment.date().isoformat()
    for account in upstream.state["accounts"].values():
        for group in account["groups"].values():
            if group["on_birth"] and group["greeted"] != today and is_hour(group, moment):
                group["greeted"] = today
                upstream.sandbox.world.touch()
                texts(Desk(upstream, account), group, today[5:])


def is_hour(group, moment):
    if not (group["time_birth"] and group["originator_birth"] and group["text_birth"]):
        return False
    hour, minute = map(int, group["time_birth"].split(":")[:2])
    return 0 <= moment.hour * 60 + moment.minute - (hour * 60 + minute) < 60


def texts(desk, group, day):
    """Whoever cannot be texted (no price, no money) is passed over, as nobody is there to be told."""
    for number, person in group["numbers"].items():
        if (person["date_birth"] or "")[5:] != day:
            continue
        text = sending.filled(group["text_birth"], number, person)
        plan = {
            "phone": number,
            "originator": group["originator_birth"],
            "text": text,
            "type": "sms",
            "begin": desk.now,
        }
        plan |= {"lifetime": sending.LIFETIME, "url": desk.account["dlr_url"], "groups": [group["id_group"]]}
        try:
            plan |= sending.billed(desk.account, number, "sms", text)
            desk.pay(plan["price"])
        except Refusal as refusal:
            desk.effect("greeting_skipped", phone=number, errors=refusal.errors)
            continue
        life.take(desk, plan)
