"""What happens as time goes by: numbers begin to work, subscriptions are renewed, frozen or end."""

import datetime

from . import callbacks, ledger, prices, reports, sip, sms_life, wire
from .charging import next_month
from .desk import exact

ALERT_DAYS = 3
AUTOPAY_BELOW = exact("12")


def happen_activated(upstream, data, due):
    account = upstream.account(data["account_id"])
    row = next((row for row in account["numbers"] if row["phone_id"] == data["phone_id"]), None)
    if row is None:
        return
    row.update(activation_status="ACTIVE", modified=int(due))
    upstream.sandbox.world.touch()
    kind = "phone_number_activation_status_changed"
    told = {"phone_number": row["phone_number"], "activation_status": "ACTIVE"}
    callbacks.send(upstream, account, kind, {kind: told}, due)


HAPPENINGS = {
    "activated": happen_activated,
    "sms_step": sms_life.happen_step,
    "sip_answer": sip.happen_answer,
    "report_made": reports.happen_made,
}


def day_begins(upstream, now):
    """Once a day of UTC. A world that slept renews everything once, at the prices of one month."""
    today = wire.day(now)
    if upstream.state["day"] == today:
        return
    upstream.state["day"] = today
    upstream.sandbox.world.touch()
    for account in list(upstream.accounts_all()):
        end(upstream, account, today, now)
        for rows, kind in ((account["numbers"], "phone_number_charge"), (account["sips"], "sip_registration_charge")):
            due = [row for row in rows if row["next_renewal"] <= today and not row["deactivated"]]
            renew(upstream, account, due, kind, today, now)
        pay_by_itself(upstream, account)
        remind(upstream, account, today, now)
    upstream.index()


def subscription(kind, row):
    """A row of what callbacks say of subscriptions."""
    if kind == "phone_number_charge":
        numbers = [{name: row[name] for name in ("phone_id", "phone_number")}]
        return {"type": "PHONE_NUM", "name": "Phone US", "details": [{"type": "PHONE", "phone_numbers": numbers}]}
    rows = [{"sip_registration_id": row["sip_registration_id"]}]
    details = [{"type": "SIP_REGISTRATION", "sip_registrations": rows}]
    return {"type": "SIP_REGISTRATION", "name": "SIP registration", "details": details}


def end(upstream, account, today, now):
    """Numbers that were given up go back into the stock when what is paid ends."""
    gone = [row for row in account["numbers"] if row["canceled"] and row["next_renewal"] <= today]
    account["numbers"] = [row for row in account["numbers"] if row not in gone]
    for row in gone:
        names = ("phone_id", "phone_number", "region")
        upstream.state["stock"].append({name: row[name] for name in names})
    if gone:
        told = [subscription("phone_number_charge", row) for row in gone]
        callbacks.send(upstream, account, "subscription_is_detached", {"subscriptions": told}, now)


def renew(upstream, account, rows, kind, today, now):
    paid, frozen = [], []
    for row in rows:
        price = prices.local(account, row["price"])
        good = row.get("auto_charge", True) and ledger.affordable(account, price)
        if good:
            what = f"Renewal {row.get('phone_number') or row['sip_username']}"
            ledger.book(upstream, account, kind, -price, what, now, subscription_id=row["subscription_id"])
            row["next_renewal"] = next_month(datetime.date.fromisoformat(today)).isoformat()
        row["deactivated"] = not good
        told = {**subscription(kind, row), "cost": price}
        (paid if good else frozen).append({**told, "next_renewal": row["next_renewal"]} if good else told)
    for name, told in (("renewed_subscriptions", paid), ("subscription_is_frozen", frozen)):
        if told:
            callbacks.send(upstream, account, name, {"subscriptions": told}, now)


def pay_by_itself(upstream, account):
    """A card that is charged when little is left."""
    if account["autopay"] and ledger.balance(account) < AUTOPAY_BELOW:
        ledger.pay(upstream, account, account["autopay"])


def remind(upstream, account, today, now):
    """Of a low balance each day, and of renewals that the balance will not pay."""
    if account["warned"]:
        callbacks.send(upstream, account, "min_balance", {"is_min_credit": False, "is_repeated": True}, now)
    until = (datetime.date.fromisoformat(today) + datetime.timedelta(days=ALERT_DAYS)).isoformat()
    rows = [row for row in (*account["numbers"], *account["sips"]) if row["next_renewal"] <= until]
    needed = sum((prices.local(account, row["price"]) for row in rows if not row.get("canceled")), exact(0))
    short = needed - ledger.balance(account)
    if needed and short > 0:
        told = {"required_money": needed, "insufficient_funds_amount": short}
        callbacks.send(upstream, account, "next_charge_alert", told, now)
