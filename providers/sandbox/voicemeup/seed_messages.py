"""Seeds the text logs: four months of threads between the shops and their contacts."""

import datetime
import hashlib
import uuid
from zoneinfo import ZoneInfo

from ..demo import people, pictures, shops, talk

DAYS = 120
PLANS = {"lachance": (1040, 60), "boreal": (2700, 150), "velo": (160, 12), "harbour": (140, 11)}  # texts, contacts
PICTURES = 14


def fill(builder):
    builder.pictures = [
        (name, len(pictures.make(name)))
        for name in (f"{builder.dice.getrandbits(128):032x}.mms.png" for _ in range(PICTURES))
    ]
    for key, (texts, contacts) in PLANS.items():
        account = builder.state["accounts"][key]
        rows = []
        for contact in book(builder, account, contacts):
            rows += thread(builder, account, contact, texts / contacts)
        rows.sort(key=lambda sms: sms["at"])
        account["sms"] = [named(builder, account, sms) for sms in rows]


def able(account):
    return [
        d
        for d in account["dids"].values()
        if "enable_sms" in d["options"] and d["status"] == "enabled" and "enable_sms_autoreply" not in d["options"]
    ]


def shop_of(account, did, seed):
    """Whose talk belongs on this number."""
    for shop in shops.SUBACCOUNTS:
        sub = account["subaccounts"].get(did["client_subaccount_id"])
        if sub and sub["organization"] == shop.name(seed):
            return shop
    return next(s for s in (shops.PLUMBER, shops.RESELLER, *shops.SMALL) if s.trade == account["shop"])


def book(builder, account, count):
    """The contacts: a number, a name, a language, and the line they write to."""
    dice, dids = builder.dice, able(account)
    favourite = dids[: max(3, len(dids) // 2)]
    for i in range(count):
        did = dids[i % len(dids)] if account["key"] == "boreal" else dice.choice(favourite)
        shop = shop_of(account, did, builder.seed)
        language = "fr" if dice.random() < shop.french else "en"
        npa = did["npa"] if dice.random() < 0.7 else dice.choice(shop.npas)
        yield {
            "number": builder.numbers.take(npa),
            "did": did,
            "shop": shop,
            "language": language,
            "first": people.first(dice, language),
        }


def starting_times(builder, count, zone):
    """Moments in shop hours, spread over the months, more of them lately."""
    dice, now = builder.dice, builder.now
    today = datetime.datetime.fromtimestamp(now, zone).date()
    for _ in range(count):
        back = int(DAYS * dice.random() ** 1.25)
        day = today - datetime.timedelta(days=back)
        if day.weekday() > 4 and dice.random() < 0.75:
            day -= datetime.timedelta(days=2)
        hour = dice.triangular(7.5, 19.5, 10.5)
        moment = datetime.datetime.combine(day, datetime.time(), zone).timestamp() + hour * 3600
        yield moment if moment < now - 7200 else now - dice.randrange(7200, 20 * 3600)


def thread(builder, account, contact, texts):
    """About so many texts with one contact: whole conversations, none of them twice, not overlapping."""
    dice, zone = builder.dice, ZoneInfo(account["time_zone"])
    deck = talk.deck(dice, contact["language"], contact["shop"].trade)
    wanted, scripts = texts * dice.uniform(0.55, 1.55), []
    while deck and sum(map(len, scripts)) < wanted:
        scripts.append(deck.pop())
    rows, earliest = [], 0
    for start, script in zip(sorted(starting_times(builder, len(scripts), zone)), scripts, strict=True):
        moment = max(start, earliest)
        lines = talk.conversation(dice, script, contact["language"], contact["first"], contact["shop"].city)
        for direction, picture, text in lines:
            if moment > builder.now - 60:
                break
            rows += texts_of(builder, account, contact, direction, picture, text, int(moment))
            moment += dice.choice((dice.randrange(25, 200), dice.randrange(60, 900), dice.randrange(300, 2400)))
        earliest = moment + 1800
    return rows


def texts_of(builder, account, contact, direction, picture, text, moment):
    did = contact["did"]
    inbound = direction == "inbound"
    failed = not inbound and builder.dice.random() < 0.006
    sms = {
        "at": moment,
        "transmitted_at": None if failed else moment - 2 if inbound else moment + 1,
        "direction": direction,
        "source": contact["number"] if inbound else did["phone_number"],
        "destination": did["phone_number"] if inbound else contact["number"],
        "client_did_id": did["client_did_id"],
        "client_subaccount_id": did["client_subaccount_id"],
        "message": text,
        "status": "enabled",
        "state": "failed" if failed else "completed",
    }
    if not inbound:
        sms["billed_amount"] = "0.0075"
    if not picture:
        return [sms]
    name, size = builder.dice.choice(builder.pictures)
    media = {"attachment": name, "attachment_size": size, "attachment_mime_type": "image/png"}
    if not inbound:
        return [{**sms, **media, "billed_amount": "0.0200"}]
    wrapper = f"{builder.dice.getrandbits(128):032x}.mms.html"
    cover = {"attachment": wrapper, "attachment_size": len(pictures.make(wrapper)), "attachment_mime_type": "text/html"}
    return [{**sms, **cover}, {**sms, **media, "message": "", "at": moment + 1}]


def named(builder, account, sms):
    number = builder.new_id("sms")
    digest = hashlib.md5(f"{account['key']}/{builder.seed}/{number}".encode()).digest()
    return {"sms_log_id": number, "sms_hash": str(uuid.UUID(bytes=digest, version=4)), **sms}
