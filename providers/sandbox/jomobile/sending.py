"""Sending: packages of up to a hundred messages, groups, and the rules that rewrite what is sent."""

import datetime

from . import atlas, checks, life
from .checks import F
from .refusals import BLOCKED, NO_PRICE, NO_ROUTE, NO_SENDER, Refusal, by_field

KINDS = ("sms", "hlr", "mnp", "wappush", "flashsms")
LOOKUPS = ("hlr", "mnp")  # nobody gets a text
MOST = 100
LIFETIME = 86_400
ITEM = (
    F("number", checks.digits, required=True, many=True),
    F("senderID", checks.sender, required=True),
    F("text", checks.text(10_000), required=True),
    F("type", checks.enum(*KINDS), default="sms"),
    F("beginDate", checks.day),
    F("beginTime", checks.hour),
    F("lifetime", checks.integer(1, 7 * LIFETIME), default=LIFETIME),
    F("delivery", checks.boolean, default=True),
    F("callback_url", checks.url),
)
PREVIEW = (
    F("number", checks.digits, required=True, many=True),
    F("senderID", checks.text(64), required=True),
    F("text", checks.text(10_000), required=True),
)
BULK = (
    F("senderID", checks.sender, required=True),
    F("text", checks.text(10_000), required=True),
    F("id_group", checks.integer(1), required=True, many=True),
    F("id_group_excluded", checks.integer(1), default=(), many=True),
    F("phone", checks.msisdn, default=(), many=True),
    F("dateStart", checks.day),
    F("timeStart", checks.hour),
    F("timeStop", checks.hour),
)


# -- the account's rewriting rules


def rewritten(account, field, value):
    """A number's rule replaces its beginning, the others' what they find."""
    for rule in account["replacements"]:
        if rule["field"] != field:
            continue
        if field != "number":
            value = value.replace(rule["from"], rule["to"])
        elif value.startswith(rule["from"]):
            value = rule["to"] + value[len(rule["from"]) :]
    return value


def replacement(desk):
    """What would be sent, a row for each number; nothing is."""
    account = desk.account
    return [
        {
            "number": rewritten(account, "number", number),
            "senderID": rewritten(account, "senderID", item["senderID"]),
            "text": rewritten(account, "text", item["text"]),
        }
        for item in desk.items
        for number in item["number"]
    ]


# -- a package


def send(desk):
    """All of a package is checked before any of it is sent."""
    may_send(desk.account)
    plans = [plan for item in desk.items for plan in plans_of(desk, item)]
    if len(plans) > MOST:
        raise by_field("number", f"Not more than {MOST} messages in one package.")
    if desk.call.fault("partial_success") is not None:
        plans = plans[: max(1, len(plans) // 2)]
    desk.pay(sum(plan["price"] for plan in plans))
    sent = [life.take(desk, plan) for plan in plans]
    return packed(desk, sent)


def may_send(account):
    if not account["can_send"]:
        raise Refusal(*BLOCKED)


def plans_of(desk, item):
    """A message for each number of an item, with its price."""
    sender = rewritten(desk.account, "senderID", item["senderID"])
    if sender not in desk.account["originators"]:
        raise Refusal(*NO_SENDER)
    text, begin = rewritten(desk.account, "text", item["text"]), desk.epoch(item["beginDate"], item["beginTime"])
    for given in dict.fromkeys(item["number"]):
        phone = rewritten(desk.account, "number", given)
        yield {
            "phone": phone,
            "originator": sender,
            "text": text,
            "type": item["type"],
            "begin": max(begin, desk.now),
            "lifetime": item["lifetime"],
            "url": (item["callback_url"] or desk.account["dlr_url"]) if item["delivery"] else "",
            "groups": [],
            **billed(desk.account, phone, item["type"], text),
        }


def billed(account, phone, kind, text):
    """Parts and price; a number on the black list is taken, and costs nothing."""
    country = atlas.of_number(phone)
    if country is None or country.price is None:
        raise Refusal(*NO_PRICE)
    if not country.routed:
        raise Refusal(*NO_ROUTE)
    parts = 1 if kind in LOOKUPS else life.parts_of(text)
    return {"parts": parts, "price": 0 if phone in account["black_list"] else country.price * parts}


def packed(desk, sent):
    """The ids by number; as a quirk the other answer that is known, with one id for the sending."""
    if not desk.upstream.quirks:
        found = {}
        for rows in sent:
            found.setdefault(rows[0]["phone"], []).extend({"id_state": row["uuid"]} for row in rows)
        return found
    senders = dict.fromkeys(rows[0]["originator"] for rows in sent)
    details = [
        {
            "number": [rows[0]["phone"] for rows in sent if rows[0]["originator"] == sender],
            "senderID": sender,
            "sentID": desk.upstream.new_id("sending"),
        }
        for sender in senders
    ]
    return {"sending": {"details": details[0] if len(details) == 1 else details}}


# -- groups


def send_bulk(desk):
    """To everybody in the groups and the numbers beside them, without those in the excluded groups."""
    may_send(desk.account)
    values, account = desk.values, desk.account
    sender = rewritten(account, "senderID", values["senderID"])
    if sender not in account["originators"]:
        raise Refusal(*NO_SENDER)
    people = receivers(desk)
    moments = spread(desk, len(people))
    text, plans = rewritten(account, "text", values["text"]), []
    for (number, person), begin in zip(people.items(), moments, strict=True):
        own = filled(text, number, person)
        plan = {"phone": number, "originator": sender, "text": own, "type": "sms", "begin": begin}
        plan |= {"lifetime": LIFETIME, "url": account["dlr_url"], "groups": values["id_group"]}
        plans.append({**plan, **billed(account, number, "sms", own)})
    desk.pay(sum(plan["price"] for plan in plans))
    for plan in plans:
        life.take(desk, plan)
    details = {"sentID": desk.upstream.new_id("sending"), "senderID": sender, "id_group": values["id_group"]}
    return {"details": details}


def receivers(desk):
    groups = [group_numbers(desk, "id_group", one) for one in desk.values["id_group"]]
    blocked = {
        number for one in desk.values["id_group_excluded"] for number in group_numbers(desk, "id_group_excluded", one)
    }
    people = {number: {} for number in desk.values["phone"]}
    for group in groups:
        people.update(group)
    return {number: person for number, person in people.items() if number not in blocked}


def group_numbers(desk, field, number):
    group = desk.account["groups"].get(str(number))
    if group is None:
        raise by_field(field, "Group not found.")
    return group["numbers"]


def spread(desk, count):
    """Moments from the start to the stop, all at the start when there is no stop after it."""
    start = max(desk.now, desk.epoch(desk.values["dateStart"], desk.values["timeStart"]))
    stop = start
    if desk.values["timeStop"]:
        day = datetime.datetime.fromtimestamp(start, datetime.UTC).date()
        stop = max(start, desk.epoch(day, desk.values["timeStop"]))
    return [start + (stop - start) * number / max(1, count) for number in range(count)]


def filled(text, number, person):
    return text.replace("#first_name#", person.get("name") or "").replace("#number#", number)
