"""What an account has to pay for: renewals due, renewals by hand, plans, money for children."""

import datetime

from . import ledger, prices, wire
from . import values as reading
from .accounts import children
from .desk import exact
from .refusals import Refusal
from .spec import reads, writes

CARD_USD, ROBOKASSA_RUR = "10", "500"
LEAST_TRANSFER = "0.01"
PAYERS = ("Owner", "Admin", "Accountant", "Payer")
PHONES = "phone_id:ints|phone_number:words!"
PLAN = "plan_type:words=IM,MAU plan_subscription_template_id:ints"
TRANSFER = (
    "child_account_id:ints! amount:money! currency strict_mode:bool child_transaction_description "
    "parent_transaction_description payment_reference check_duplicate_reference_from:time"
)


def next_month(day):
    """The same day of the next month, or its last."""
    first = (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    last = (first + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def renewals(bought, now):
    """The days on which a month's rent is due, the last one in the future."""
    day = next_month(datetime.datetime.fromtimestamp(bought, datetime.UTC).date())
    found, today = [day], wire.day(now)
    while found[-1].isoformat() <= today:
        found.append(next_month(found[-1]))
    return found


def due(account, until):
    """Subscriptions to be paid up to a day (text), frozen ones included."""
    phones = [row for row in account["numbers"] if not row["canceled"]]
    rows = [(row, "PHONE_NUM", row["phone_number"], row["price"], row["auto_charge"]) for row in phones]
    rows += [(row, "SIP_REGISTRATION", row["sip_username"], row["price"], True) for row in account["sips"]]
    return [
        {
            "subscription_amount": prices.local(account, price),
            "subscription_type": kind,
            "subscription_description": name,
            "subscription_auto_charge": auto,
            "subscription_next_renewal": row["next_renewal"],
        }
        for row, kind, name, price, auto in rows
        if row["deactivated"] or row["next_renewal"] <= until
    ]


def get_money_amount_to_charge(desk):
    account, currency = desk.account, desk.get("currency") or desk.account["currency"]
    if currency not in ledger.RATES:
        raise Refusal(210, "currency")
    until = desk.get("charge_date")
    rows = due(account, until.isoformat() if until else wire.day(desk.now))
    fees = sum((prices.local(account, prices.PLAN[number].fee) for number in account["plans"].values()), exact(0))
    balance = ledger.balance(account)
    amount = sum((row["subscription_amount"] for row in rows), fees) + max(exact(0), -balance)
    least = max(exact(0), amount - max(exact(0), balance))
    return {"result": {**amounts(account, amount, least, currency), "subscriptions": rows}}


def amounts(account, amount, least, currency):
    """Card and Robokassa forms are there when the account may pay that way."""
    dollars = exact(1) / exact(ledger.RATES[account["currency"]])
    shown = {
        "amount": rounded(amount * dollars * exact(ledger.RATES[currency])),
        "min_amount": rounded(least * dollars * exact(ledger.RATES[currency])),
    }
    if account["profile"]["support_bank_card"]:
        shown["bank_card_amount_usd"] = rounded(max(exact(CARD_USD), amount * dollars))
        shown["min_bank_card_amount_usd"] = rounded(max(exact(CARD_USD), least * dollars))
    if account["profile"]["support_robokassa"]:
        rate = exact(ledger.RATES["RUR"]) * dollars
        shown["robokassa_amount_rub"] = rounded(max(exact(ROBOKASSA_RUR), amount * rate))
        shown["min_robokassa_amount_rub"] = rounded(max(exact(ROBOKASSA_RUR), least * rate))
    return shown


def rounded(amount):
    return amount.quantize(exact("0.01"))


def phones(desk):
    """The numbers chosen by id, by number, or all."""
    by_id, by_number = desk.get("phone_id"), desk.get("phone_number")
    rows = desk.account["numbers"]
    if reading.ALL in (by_id, *(by_number or [])):
        return rows
    member, wanted = ("phone_id", by_id) if by_id is not None else ("phone_number", by_number)
    held = {row[member]: row for row in rows}
    if not wanted or not set(wanted) <= set(held):
        raise reading.invalid(member)
    return [held[one] for one in wanted]


def charge_account(desk):
    shown, total = [], exact(0)
    for row in phones(desk):
        charged = row["deactivated"]
        if charged:
            total += renew(desk, row)
        names = ("phone_id", "phone_number", "deactivated")
        shown.append({**{name: row[name] for name in names}, "is_charged": charged})
    return {"result": {"charged_amount": total, "phones": shown}}


def renew(desk, row):
    """Pay a month of a number from today on. Returns what it cost."""
    price = prices.local(desk.account, row["price"])
    what = f"Phone {row['phone_number']}"
    ledger.charge(desk, "phone_number_charge", price, what, subscription_id=row["subscription_id"])
    today = datetime.date.fromisoformat(wire.day(desk.now))
    row.update(deactivated=False, next_renewal=next_month(today).isoformat(), modified=int(desk.now))
    desk.effect("number_renewed", phone_number=row["phone_number"], amount=str(price))
    return price


# -- plans


def plans(desk):
    chosen = desk.get("plan_subscription_template_id", reading.ALL)
    if chosen != reading.ALL and not set(chosen) <= set(prices.PLAN):
        raise reading.invalid("plan_subscription_template_id")
    kinds = desk.get("plan_type") or ("IM", "MAU")
    return [plan for plan in prices.PLANS if plan.kind in kinds and (chosen == reading.ALL or plan.number in chosen)]


def shown(desk, plan, mine=False):
    package = {
        "price_group_id": [7740],
        "package_name": plan.package,
        "may_overrun": True,
        "overrun_price": exact(plan.overrun_price),
        "overrun_resources": 1000,
        "package_size": plan.size,
    }
    row = {
        "plan_subscription_template_id": plan.number,
        "plan_type": plan.kind,
        "plan_name": plan.name,
        "periodic_charge": prices.local(desk.account, plan.fee),
    }
    if not mine:
        return {**row, "packages": [package]}
    left = {"resource_left": plan.size * 83 // 100, "orig_package_size": plan.size}
    start = datetime.date.fromisoformat(wire.day(desk.now))
    return {**row, "next_charge": next_month(start.replace(day=1)).isoformat(), "packages": [{**package, **left}]}


def get_account_plans(desk):
    mine = desk.account["plans"].values()
    return {"result": [shown(desk, plan, mine=True) for plan in plans(desk) if plan.number in mine]}


def get_available_plans(desk):
    current = {kind: exact(prices.PLAN[number].fee) for kind, number in desk.account["plans"].items()}
    return {"result": [shown(desk, plan) for plan in plans(desk) if exact(plan.fee) > current[plan.kind]]}


def change_account_plan(desk):
    """The document demands the type and the newest library the plan: either will do."""
    kind, number = desk.get("plan_type"), desk.get("plan_subscription_template_id")
    if kind is None and number is None:
        raise Refusal(485, "plan_type")
    if number is not None and number not in prices.PLAN:
        raise reading.invalid("plan_subscription_template_id")
    plan = prices.PLAN[number] if number is not None else pricier(desk.account, kind)
    if plan is None or kind not in (None, plan.kind):
        raise Refusal(379)
    if exact(plan.fee) <= exact(prices.PLAN[desk.account["plans"][plan.kind]].fee):
        raise Refusal(379)
    ledger.charge(desk, "monthly_fee_charge", prices.local(desk.account, plan.fee), f"Plan {plan.name}")
    desk.account["plans"][plan.kind] = plan.number
    desk.effect("plan_changed", plan=plan.number)
    return {"result": 1, "account_info": ledger.short(desk.account)}


def pricier(account, kind):
    fee = exact(prices.PLAN[account["plans"][kind]].fee)
    return next((plan for plan in prices.PLANS if plan.kind == kind and exact(plan.fee) > fee), None)


# -- children


def transfer_money(desk):
    """A negative amount takes money back; the parent pays or gets the same for each child."""
    amount, reference = desk.get("amount"), desk.get("payment_reference")
    if abs(amount) < exact(LEAST_TRANSFER):
        raise Refusal(226, LEAST_TRANSFER)
    if desk.get("currency", desk.account["currency"]) not in ledger.RATES:
        raise Refusal(210, "currency")
    since = desk.get("check_duplicate_reference_from")
    used = [t for t in desk.account["transactions"] if reference and t.get("reference") == reference]
    if since and any(row["at"] >= wire.epoch(since) for row in used):
        raise Refusal(303)
    chosen = children(desk)
    taken = [desk.account] if amount > 0 else chosen
    if not all(ledger.affordable(one, abs(amount) * (len(chosen) if amount > 0 else 1)) for one in taken):
        raise Refusal(127)
    for child in chosen:
        move(desk, child, amount, reference)
    return {"result": 1, "balance": ledger.balance(desk.account)}


def move(desk, child, amount, reference):
    kinds = (
        ("money_transfer_to_child", "money_acceptance_from_parent")
        if amount > 0
        else ("money_acceptance_from_child", "money_transfer_to_parent")
    )
    words = desk.get("parent_transaction_description"), desk.get("child_transaction_description")
    for account, sign, kind, text in ((desk.account, -1, kinds[0], words[0]), (child, 1, kinds[1], words[1])):
        ledger.book(desk.upstream, account, kind, sign * amount, text or kind, desk.now, reference=reference)
    desk.effect("money_moved", child=child["account_id"], amount=str(amount), reference=reference)


CALLS = {
    "GetMoneyAmountToCharge": reads("currency charge_date:date", get_money_amount_to_charge, *PAYERS),
    "ChargeAccount": writes(PHONES, charge_account, "Owner", "Admin", "Accountant"),
    "ChangeAccountPlan": writes("plan_type=IM,MAU plan_subscription_template_id:int", change_account_plan),
    "GetAccountPlans": reads(PLAN, get_account_plans),
    "GetAvailablePlans": reads(PLAN, get_available_plans),
    "TransferMoneyToChildAccount": writes(TRANSFER, transfer_money),
}
