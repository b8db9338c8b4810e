"""Turns the conversation scripts into threads with names, days and amounts filled in."""

import re

from . import people, scripts_en, scripts_fr, streets

DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
}
LAST_DAYS = {
    "fr": ("hier", "lundi dernier", "mardi dernier", "jeudi passé", "la semaine passée"),
    "en": ("yesterday", "last Monday", "last Tuesday", "on Thursday", "last week"),
}
HOURS = range(8, 17)


def parse(text):
    """Scripts as lists of (direction, picture, text)."""
    found = []
    for block in text.strip().split("\n\n"):
        lines = []
        for line in block.splitlines():
            mark, picture, body = re.fullmatch(r"([<>])(\+?) (.+)", line).groups()
            lines.append(("inbound" if mark == "<" else "outbound", bool(picture), body))
        found.append(lines)
    return found


SOURCES = {"fr": scripts_fr, "en": scripts_en}
SCRIPTS = {
    language: {"general": parse(source.GENERAL), **{trade: parse(text) for trade, text in source.TRADES.items()}}
    for language, source in SOURCES.items()
}


def clock_time(dice, language, hour):
    minute = dice.choice((0, 0, 15, 30, 45))
    if language == "fr":
        return f"{hour} h {minute:02d}" if minute else f"{hour} h"
    shown = hour if hour < 13 else hour - 12
    suffix = "am" if hour < 12 else "pm"
    return f"{shown}:{minute:02d} {suffix}" if minute else f"{shown} {suffix}"


def slots(dice, language, first, city):
    hour = dice.choice(HOURS)
    street = dice.choice(streets.of_city(city))
    whole = dice.choice((dice.randrange(60, 400), dice.randrange(90, 1800)))
    amount = whole + dice.choice((0, 0.5, 0.75, 0.95))
    shown = f"{amount:,.2f}" if language == "en" else f"{amount:.2f}".replace(".", ",")
    return {
        "first": first,
        "me": people.first(dice, language),
        "day": dice.choice(DAYS[language]),
        "lastday": dice.choice(LAST_DAYS[language]),
        "time": clock_time(dice, language, hour),
        "time2": clock_time(dice, language, hour + dice.choice((1, 2, 3))),
        "amount": shown,
        "street": street.street,
        "civic": dice.randrange(11, street.highest),
        "inv": f"F-{dice.randrange(2100, 9800)}",
    }


def deck(dice, language, trade):
    """The scripts of a trade in the order in which one contact will live through them."""
    own = list(SCRIPTS[language].get(trade, ()))
    general = list(SCRIPTS[language]["general"])
    dice.shuffle(own)
    dice.shuffle(general)
    mixed = []
    while own or general:
        pick = own if own and (not general or dice.random() < 0.66) else general
        mixed.append(pick.pop())
    return mixed


def conversation(dice, script, language, first, city):
    """(direction, picture, text) with this contact's words filled in."""
    values = slots(dice, language, first, city)
    return [(direction, picture, filled(text, values)) for direction, picture, text in script]


def filled(text, values):
    """A day or a street that begins a sentence gets its capital."""
    marked = {name: f"\0{value}" for name, value in values.items()}
    text = re.sub(r"(^|[.!?] )\0(.)", lambda found: found[1] + found[2].upper(), text.format(**marked))
    return text.replace("\0", "")
