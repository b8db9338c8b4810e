"""One row of a file, checked: the values of a contact, or what is wrong with it. Pure functions."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from accounts.csv_reading import Record
from messaging import templating
from messaging.importing.plan import BIRTHDAY, FIELD, FIRST, LANGUAGE, LAST, NAME, NOTES, NUMBER, TAGS, Plan
from messaging.models import Contact
from messaging.people import join_tags
from providers.clients import phones

LONGEST = {NAME: 80, TAGS: 200, NOTES: 2000, FIELD: 200}
LANGUAGES = {
    "en": ("en", "eng", "english", "anglais", "anglaise", "ang", "a", "e"),
    "fr": ("fr", "fra", "fre", "french", "francais", "francaise", "f"),
}
_LANGUAGE = {word: code for code, words in LANGUAGES.items() for word in words}
_DATE = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?:[T ]00:00(?::00)?)?")
_ROUNDED = re.compile(r"\d[.,]\d+E\+?\d+", re.IGNORECASE)
_WITH_NOUGHT = re.compile(r"(\+?\d{10,15})[.,]0+")


class Bad(Exception):
    """A row that cannot become a contact: `code` says why, `meaning` names the column, `value` is what stands there."""

    def __init__(self, code: str, meaning: str = "", value: str = ""):
        super().__init__(code)
        self.code, self.meaning, self.value = code, meaning, value[:80]


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says of a contact; what it leaves empty says nothing, and takes nothing away."""

    number: str
    values: dict = field(default_factory=dict)
    fields: dict = field(default_factory=dict)

    def onto(self, contact: Contact) -> dict:
        """The contact's columns that this row changes."""
        wanted = {name: value for name, value in self.values.items() if name != TAGS}
        if TAGS in self.values:
            wanted[TAGS] = join_tags(contact.tags, self.values[TAGS])
        if self.fields:
            wanted["fields"] = {**contact.fields, **self.fields}
        return {name: value for name, value in wanted.items() if getattr(contact, name) != value}


def check(record: Record, plan: Plan, country: str, today: date) -> Row:
    """Raises `Bad`."""
    if record.trouble:
        raise Bad(record.trouble)
    cells = {
        meaning: record.cells[place]
        for place, meaning in plan.columns.items()
        if place < len(record.cells) and record.cells[place]
    }
    number = _number(cells.get(NUMBER, ""), country)
    values = {
        NAME: _name(cells),
        LANGUAGE: _language(cells.get(LANGUAGE, "")),
        BIRTHDAY: _birthday(cells.get(BIRTHDAY, ""), plan.dates, today),
        TAGS: _short(join_tags(_line(cells.get(TAGS, "").replace("|", ","))), TAGS),
        NOTES: _short(_clean(cells.get(NOTES, "")), NOTES),
    }
    return Row(number, {name: value for name, value in values.items() if value}, _fields(cells))


def _number(text: str, country: str) -> str:
    if not text:
        raise Bad("no-number", NUMBER)
    if _ROUNDED.fullmatch(text):
        raise Bad("rounded", NUMBER, text)
    if whole := _WITH_NOUGHT.fullmatch(text):
        text = whole[1]
    try:
        return phones.parse(text.lstrip("'="), country)
    except phones.PhoneError as error:
        raise Bad(error.reason.value, NUMBER, text) from None


def _name(cells: dict[str, str]) -> str:
    whole = cells.get(NAME) or " ".join(filter(None, (cells.get(FIRST), cells.get(LAST))))
    return _short(_line(whole), NAME)


def _language(text: str) -> str:
    if not text:
        return ""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    word = re.split(r"[-_ (]", bare.strip(" ."), maxsplit=1)[0]
    if word not in _LANGUAGE:
        raise Bad("language", LANGUAGE, text)
    return _LANGUAGE[word]


def _birthday(text: str, order: str, today: date) -> date | None:
    if not text:
        return None
    found = _DATE.fullmatch(text)
    if not found:
        raise Bad("date", BIRTHDAY, text)
    parts = found.groups()
    if len(parts[0]) == 4:
        order = "ymd"  # a year in front leaves no doubt
    places = dict(zip(order, map(int, parts), strict=True))
    try:
        value = date(places["y"], places["m"], places["d"])
    except ValueError:
        raise Bad("date", BIRTHDAY, text) from None
    if not date(1900, 1, 1) <= value <= today:
        raise Bad("birthday", BIRTHDAY, text)
    return value


def _fields(cells: dict[str, str]) -> dict[str, str]:
    fields = {
        meaning.removeprefix(FIELD): _short(_line(value), FIELD, meaning)
        for meaning, value in cells.items()
        if meaning.startswith(FIELD)
    }
    if cells.get(FIRST):
        fields[templating.FIRST_NAME] = _line(cells[FIRST])[: LONGEST[NAME]]
    return fields


def _short(text: str, kind: str, meaning: str = "") -> str:
    if len(text) > LONGEST[kind]:
        raise Bad("long", meaning or kind, text)
    return text


def _line(text: str) -> str:
    return " ".join(_clean(text).split())


def _clean(text: str) -> str:
    """Text without what no page shows; a formula is a text like any other."""
    kept = (char for char in text if char == "\n" or unicodedata.category(char)[0] != "C" or char == "\u200d")
    return unicodedata.normalize("NFC", "".join(kept)).strip()
