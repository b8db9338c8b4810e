"""Seeds the text logs: four months of threads between an account and its contacts."""

import datetime
import hashlib
import uuid
from zoneinfo import ZoneInfo

from ..demo import people, talk

ZONE = ZoneInfo("America/New_York")
DAYS = 120
RATE = {"in": "0.0000", "out": "0.0035"}


def local(moment):
    return datetime.datetime.fromtimestamp(moment, ZONE)


def fill(builder, account, shop, texts, contacts, french):
    """About so many texts with so many contacts. Returns the contacts' numbers, for the calls."""
    lines = [row for row in account["numbers"].values() if row["messaging"]]
    others = [builder.take(builder.dice.choice(("518", "603", "207", "413"))) for _ in range(contacts)]
    rows = []
    for other in others:
        rows += thread(builder, builder.dice.choice(lines), other, shop, texts / contacts, french)
    rows.sort(key=lambda row: row["at"])
    account["mdr"] = [named(builder, account, row) for row in rows]
    account["dlr"] = [
        {"id": digest("dlr", account, row), "number": row["number"], "other": row["other"], "at": row["at"] + 3}
        for row in account["mdr"]
        if row["direction"] == "out"
    ]
    return others


def thread(builder, line, contact, shop, texts, french):
    """About so many texts with one contact: whole conversations, none of them twice, not overlapping."""
    dice = builder.dice
    language = "fr" if dice.random() < french else "en"
    first, deck = people.first(dice, language), talk.deck(dice, language, shop.trade)
    wanted, scripts = texts * dice.uniform(0.55, 1.55), []
    while deck and sum(map(len, scripts)) < wanted:
        scripts.append(deck.pop())
    rows, earliest = [], 0
    for start, script in zip(sorted(starts(builder, len(scripts))), scripts, strict=True):
        moment = max(start, earliest)
        for direction, _, text in talk.conversation(dice, script, language, first, shop.city):
            if moment > builder.now - 60:
                break
            rows.append({"number": line["number"], "other": contact, "direction": direction, "message": text,
                         "at": int(moment)})  # fmt: skip
            moment += dice.choice((dice.randrange(25, 200), dice.randrange(60, 900), dice.randrange(300, 2400)))
        earliest = moment + 1800
    return rows


def starts(builder, count):
    """Moments in shop hours, spread over the months, more of them lately."""
    dice, now = builder.dice, builder.now
    for _ in range(count):
        day = local(now - DAY_S * int(DAYS * dice.random() ** 1.25)).date()
        moment = datetime.datetime.combine(day, datetime.time(), ZONE).timestamp() + dice.triangular(8, 19, 11) * 3600
        yield moment if moment < now - 7200 else now - dice.randrange(7200, 20 * 3600)


DAY_S = 86400


def named(builder, account, row):
    direction = "in" if row["direction"] == "inbound" else "out"
    row = {**row, "direction": direction, "kind": "sms", "rate": RATE[direction]}
    return {
        "id": digest("mdr", account, row),
        "guid": str(uuid.UUID(hex=digest("guid", account, row), version=4)),
        **row,
    }


def digest(kind, account, row):
    return hashlib.md5(f"{kind}/{account['key']}/{row['other']}/{row['at']}/{row['direction']}".encode()).hexdigest()
