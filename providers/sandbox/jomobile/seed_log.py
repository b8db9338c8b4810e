"""Seeds the log: six weeks of what a business sends to its groups, most of it delivered."""

import datetime

from ..demo import talk
from . import life, sending

DAYS = 45
BURST = 3  # receivers of the same text in a row
STATES = (life.DELIVERED,) * 24 + (life.UNDELIVERABLE, life.EXPIRED)


def fill(builder, account, shop, texts):
    dice, rows = builder.dice, []
    deck = [text for language in ("fr", "en") for text in openings(builder, language, shop)]
    groups = list(account["groups"].values())
    moments = sorted(starting_times(builder, texts // BURST))
    for moment in moments:
        group = dice.choice(groups)
        text, sender = dice.choice(deck), account["originators"][0]
        for number in dice.sample(list(group["numbers"]), min(BURST, len(group["numbers"]))):
            rows += message(builder, account, group, number, sender, text, moment)
    account["log"] = sorted(rows, key=lambda row: row["at"])


def openings(builder, language, shop):
    """What the shop says first in a conversation, which is what a business sends by itself."""
    for script in talk.deck(builder.dice, language, shop.trade):
        lines = talk.conversation(builder.dice, script, language, "#first_name#", shop.city)
        if lines[0][0] == "outbound":
            yield lines[0][2]


def starting_times(builder, count):
    dice = builder.dice
    for _ in range(count):
        back = int(DAYS * dice.random() ** 1.4)
        day = builder.today - datetime.timedelta(days=back)
        midnight = datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp()
        moment = int(midnight + dice.triangular(12.5, 23.5, 15) * 3600)
        yield moment if moment < builder.now - 3600 else int(builder.now - dice.randrange(3600, 20 * 3600))


def message(builder, account, group, number, sender, text, moment):
    person = group["numbers"][number]
    own = sending.filled(text, number, person)
    plan = {"phone": number, "originator": sender, "text": own, "type": "sms", "groups": [group["id_group"]]}
    plan |= {"url": "", "parts": life.parts_of(own)}
    rows = life.rows_of(account, plan, builder.new_id("message"), moment)
    state, after = builder.dice.choice(STATES), builder.dice.randrange(2, 40)
    return [{**row, "state": state, "state_at": moment + after} for row in rows]
