"""Seeds the text logs: four months of threads between a shop and its contacts, and who asked for no more."""

import datetime

from ..demo import people, talk

DAYS = 120
STOPPED = 3  # contacts who asked to be left alone
STOP_WORDS = ("STOP", "ARRÊT", "Arret")


def fill(builder, account, shop, texts, contacts):
    book = [contact(builder, account, shop) for _ in range(contacts)]
    rows = []
    for one in book:
        rows += thread(builder, one, shop, texts / contacts)
    rows += stops(builder, account, book)
    rows.sort(key=lambda row: row["at"])
    account["sms"] = [{"id": builder.new_id("sms"), **row} for row in rows]
    account["contacts"] = [
        {"speed_dial": str(i), "number": one["number"], "name": f"{one['first']} {one['last']}"}
        for i, one in enumerate(book[:12], start=2)
    ]


def contact(builder, account, shop):
    dice, dids = builder.dice, list(account["dids"])
    did = dice.choice(dids[: max(2, len(dids) // 2)])
    language = "fr" if dice.random() < shop.french else "en"
    area = did[:3] if dice.random() < 0.7 else dice.choice(builder.pool.AREAS)
    return {
        "number": builder.pool.take(area),
        "did": did,
        "language": language,
        "first": people.first(dice, language),
        "last": people.last(dice, language),
    }


def starting_times(builder, count):
    """Moments in shop hours, spread over the months, more of them lately."""
    dice = builder.dice
    for _ in range(count):
        day = builder.today - datetime.timedelta(days=int(DAYS * dice.random() ** 1.25))
        if day.weekday() > 4 and dice.random() < 0.75:
            day -= datetime.timedelta(days=2)
        midnight = datetime.datetime.combine(day, datetime.time(), builder.zone).timestamp()
        moment = midnight + dice.triangular(7.5, 19.5, 10.5) * 3600
        yield moment if moment < builder.now - 7200 else builder.now - dice.randrange(7200, 20 * 3600)


def thread(builder, contact, shop, texts):
    """About so many texts with one contact: whole conversations, one after the other."""
    dice = builder.dice
    deck = talk.deck(dice, contact["language"], shop.trade)
    wanted, scripts = texts * dice.uniform(0.55, 1.55), []
    while deck and sum(map(len, scripts)) < wanted:
        scripts.append(deck.pop())
    rows, earliest = [], 0
    for start, script in zip(sorted(starting_times(builder, len(scripts))), scripts, strict=True):
        moment = max(start, earliest)
        for direction, _, text in talk.conversation(dice, script, contact["language"], contact["first"], shop.city):
            if moment > builder.now - 60:
                break
            rows.append(row(contact, "1" if direction == "inbound" else "0", text, int(moment)))
            moment += dice.choice((dice.randrange(25, 200), dice.randrange(60, 900), dice.randrange(300, 2400)))
        earliest = moment + 1800
    return rows


def row(contact, direction, text, at):
    return {
        "at": at,
        "did": contact["did"],
        "number": "1" + contact["number"],
        "message": text,
        "direction": direction,
    }


def stops(builder, account, book):
    """The last of the contacts had enough: their word, the list of stops, and every do-not-contact list."""
    rows = []
    for one, word in zip(book[-STOPPED:], STOP_WORDS, strict=False):
        at = int(builder.now - builder.dice.randrange(2, 25) * 86400)
        rows.append(row(one, "1", word, at))
        account["stops"].append({"at": at, "number": "1" + one["number"]})
        for numbers in account["dnc"].values():
            numbers.append(one["number"])
    account["stops"].sort(key=lambda stop: stop["at"])
    return rows
