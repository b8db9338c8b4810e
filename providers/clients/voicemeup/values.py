"""Reads single values of VoiceMeUp's answers: everything is a string, anything may be one or many, blanks mean nothing.

A value that is not of its kind raises `Unreadable`; nothing is guessed.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from providers.clients import phones
from providers.clients.errors import Unreadable
from providers.clients.reading import CONTENT

_TRUE = frozenset(("1", "yes", "true", "on", "enabled"))
_FALSE = frozenset(("0", "no", "false", "off", "disabled", ""))
_NULL_DATES = ("", "0000-00-00", "0000-00-00 00:00:00")
_ENVELOPE = ("response_status", "response_messages")
_BLANKS = re.compile(r"[\s\u00a0\u202f]+")
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_SIGNS = re.compile(r"^(?:CAD|USD|EUR|[$€])\s?|\s?(?:CAD|USD|EUR|[$€])$")
_ENGLISH = re.compile(r"^(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,6})?$", re.ASCII)
_FRENCH = re.compile(r"^\d{1,15},\d{1,6}$", re.ASCII)
_SPACED = re.compile(r"^\d{1,3}(?: \d{3})+(?:[.,]\d{1,6})?$", re.ASCII)
_TWO_READINGS = re.compile(r"^\d{1,3},\d{3}$", re.ASCII)

# An address, ours and theirs; the name and the language are no part of one that is only checked.
PLACE = {
    "civic_number": "civic_number",
    "street": "street",
    "unit_type": "address_type",
    "unit": "address_type_number",
    "city": "city",
    "region": "state_code",
    "country": "country_code",
    "postal_code": "postal_code",
}


def unreadable(key: str, kind: str) -> Unreadable:
    return Unreadable(f"{key} is not {kind}", code="unreadable-value")


def as_list(value) -> list:
    """One or many: a repeated element is a list, a single one stands alone, an empty one is "" or missing."""
    if value is None or value == "" or value == {}:
        return []
    return value if isinstance(value, list) else [value]


def text(row: dict, *keys: str) -> str:
    """The first of `keys` that has a value, trimmed; "" when none has."""
    for key in keys:
        if found := _scalar(row.get(key), key):
            return found
    return ""


def required(row: dict, *keys: str) -> str:
    if found := text(row, *keys):
        return found
    raise unreadable(keys[0], "there")


def currency(row: dict, otherwise: str) -> str:
    """The row's currency, three capital letters; `otherwise` when it tells none."""
    found = text(row, "currency") or otherwise
    if not _CURRENCY.fullmatch(found):
        raise unreadable("currency", "a currency")
    return found


def _scalar(value, key: str) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (str, int, Decimal)):
        return str(value).strip()
    if not value:
        return ""
    if isinstance(value, dict) and CONTENT in value:
        return _scalar(value[CONTENT], key)
    several = {_scalar(item, key) for item in value} if isinstance(value, list) else set()
    if len(several) != 1:
        raise unreadable(key, "one text")
    return several.pop()


def words(value) -> list[str]:
    """The items of a list in any of its forms: "a,b", ["a", "b"], {"option": ["a", "b"]}, "" for none."""
    if isinstance(value, dict) and CONTENT not in value:
        if len(value) > 1:
            raise unreadable("list", "a list")
        return [word for item in value.values() for word in words(item)]
    if isinstance(value, list):
        return [word for item in value for word in words(item)]
    return [word for part in _scalar(value, "list").split(",") if (word := part.strip())]


def flag(row: dict, key: str) -> bool:
    value = text(row, key).lower()
    if value not in _TRUE and value not in _FALSE:
        raise unreadable(key, "a yes or no")
    return value in _TRUE


def chosen(row: dict, key: str, table: dict, blank=None):
    """Our word for theirs. An unknown word is an error, never a guess; `blank` stands in for no word at all."""
    word = text(row, key)
    if not word and blank is not None:
        return blank
    if word not in table:
        raise unreadable(key, "a word that we know")
    return table[word]


def whole(row: dict, key: str) -> int | None:
    value = text(row, key)
    if not value:
        return None
    if not re.fullmatch(r"\d{1,18}", value, re.ASCII):
        raise unreadable(key, "a whole number")
    return int(value)


def number(row: dict, key: str, *, international: bool = False) -> str:
    try:
        return phones.from_wire(text(row, key), international=international)
    except phones.PhoneError:
        reason = unreadable(key, "a phone number")
    raise reason


def day(row: dict, *keys: str) -> date | None:
    """A date, or the date of a date-time; None for the null date."""
    value = text(row, *keys)
    if value in _NULL_DATES:
        return None
    try:
        return datetime.strptime(value[:10], "%Y-%m-%d").date()
    except ValueError:
        reason = unreadable(keys[0], "a date")
    raise reason


def moment(value: str, zone: ZoneInfo) -> datetime | None:
    """A zone-less stamp of the account's zone, as aware UTC; None for the null stamp."""
    if value in _NULL_DATES:
        return None
    try:
        local = datetime.strptime(value, "%Y-%m-%d %H:%M:%S")
        return local.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        reason = unreadable("date-time", "YYYY-MM-DD HH:MM:SS")
    raise reason


def amount(value: str) -> Decimal:
    """An amount without a sign, in English or French writing: 1,234.56 or 1 234,56.

    "1,234" could be either and is refused, like anything else that has two readings.
    """
    plain = _SIGNS.sub("", _BLANKS.sub(" ", value).strip())
    if _TWO_READINGS.match(plain):
        raise unreadable("amount", "clear")
    if _ENGLISH.match(plain):
        return Decimal(plain.replace(",", ""))
    if _FRENCH.match(plain) or _SPACED.match(plain):
        return Decimal(plain.replace(" ", "").replace(",", "."))
    raise unreadable("amount", "an amount")


def balance(value: str) -> Decimal:
    """An account balance: money owed (negative) unless CR follows. A written minus sign is no known form."""
    plain = value.strip().upper()
    credit = plain.endswith("CR")
    found = amount(plain[:-2] if credit else plain)
    return found if credit or not found else -found


def flat(value) -> str:
    """One text for sending a value back, lists with commas. What has parts of its own cannot be sent: ""."""
    try:
        return ",".join(words(value)) if isinstance(value, list) else _scalar(value, "")
    except Unreadable:
        return ""


def told(value) -> str:
    """The same as `flat`, but what cannot be sent back raises `Unreadable` instead of being lost."""
    several = isinstance(value, list) or (isinstance(value, dict) and value and CONTENT not in value)
    return ",".join(words(value)) if several else _scalar(value, "value")


def rows(tree, name: str, id_field: str) -> list:
    """Every row of a listing: elements called `name`, else any called *_details, else whatever carries the id.

    The manual's samples are lost, so wrappers and most row names are not known. An answer that holds something but none
    of these is `Unreadable` rather than an empty listing: an empty one would make everything vanish.
    """
    for wanted in (lambda key: key == name, lambda key: key.endswith("_details") and key != "response_details"):
        if found := [row for key, value in _pairs(tree, wanted) if wanted(key) for row in as_list(value)]:
            return found
    if found := list(with_key(tree, id_field)):
        return found
    if has_content(tree):
        raise Unreadable(f"the answer holds no {name}", code="no-rows")
    return []


def find(tree, key: str) -> str:
    """The text of the first element called `key` at any depth, "" when there is none."""
    for found, value in _pairs(tree, lambda name: name == key):
        if found == key and (value := _scalar(value, key)):
            return value
    return ""


def _pairs(tree, stop) -> Iterator[tuple[str, object]]:
    """Every key and value at any depth, not looking inside the values of keys that satisfy `stop`."""
    for item in as_list(tree):
        for key, value in item.items() if isinstance(item, dict) else ():
            if key in _ENVELOPE:
                continue
            yield key, value
            if not stop(key):
                yield from _pairs(value, stop)


def with_key(tree, key: str) -> Iterator[dict]:
    for item in as_list(tree):
        if isinstance(item, dict) and key in item:
            yield item
        elif isinstance(item, dict):
            yield from (row for name, value in item.items() if name not in _ENVELOPE for row in with_key(value, key))


def has_content(tree) -> bool:
    """Whether an answer says anything beside its envelope."""
    everything = _pairs(tree, lambda _: False)
    return any(value and not isinstance(value, (dict, list)) for _, value in everything)
