"""Reads single values of Voximplant's answers: JSON types, but numbers now and then as strings and strings as numbers.

A value that is not of its kind raises `Unreadable`; nothing is guessed.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import TypeVar

from providers.clients import phones
from providers.clients.errors import Unreadable

_WHOLE = re.compile(r"^-?\d{1,18}$", re.ASCII)
_MONEY = re.compile(r"^-?\d{1,15}(?:\.\d{1,18})?(?:E-\d\d?)?$", re.ASCII)
_CURRENCY = re.compile(r"^[A-Z]{3}$", re.ASCII)
_FLAGS = {"true": True, "false": False, "1": True, "0": False}
_STAMP = "%Y-%m-%d %H:%M:%S"
T = TypeVar("T")


def unreadable(key: str, kind: str) -> Unreadable:
    return Unreadable(f"{key} is not {kind}", code="unreadable-value")


def text(row: dict, key: str) -> str:
    """The text, "" when it is missing or null; ids and numbers are written as text too."""
    value = row.get(key)
    if value is None:
        return ""
    if isinstance(value, (str, int, Decimal)) and not isinstance(value, bool):
        return str(value).strip()
    raise unreadable(key, "a text")


def required(row: dict, key: str) -> str:
    if found := text(row, key):
        return found
    raise unreadable(key, "there")


def identity(row: dict, key: str) -> str:
    """An id, which is never 0."""
    found = required(row, key)
    if found == "0" or len(found) > 64:
        raise unreadable(key, "an id")
    return found


def whole(row: dict, key: str) -> int | None:
    found = text(row, key)
    if not found:
        return None
    if not _WHOLE.match(found):
        raise unreadable(key, "a whole number")
    return int(found)


def money(row: dict, key: str) -> Decimal | None:
    """A JSON number or a string with a dot; None when it is missing."""
    found = text(row, key)
    if not found:
        return None
    if not _MONEY.match(found):
        raise unreadable(key, "an amount")
    return Decimal(found)


def amount(row: dict, key: str) -> Decimal:
    if (found := money(row, key)) is None:
        raise unreadable(key, "there")
    return found


def currency(row: dict, key: str = "currency") -> str:
    found = required(row, key)
    if not _CURRENCY.match(found):
        raise unreadable(key, "a currency")
    return found


def flag(row: dict, key: str, missing: bool | None = False) -> bool | None:
    value = row.get(key)
    if isinstance(value, bool):
        return value
    word = text(row, key).lower()
    if not word:
        return missing
    if word not in _FLAGS:
        raise unreadable(key, "a yes or no")
    return _FLAGS[word]


def day(row: dict, key: str) -> date | None:
    """YYYY-MM-DD, or the date of a date and time; None when it is missing or empty."""
    found = text(row, key)
    if not found:
        return None
    try:
        return datetime.strptime(found[:10], "%Y-%m-%d").date()
    except ValueError:
        reason = unreadable(key, "a date")
    raise reason


def moment(row: dict, key: str, zone: tzinfo = UTC) -> datetime | None:
    """A stamp of `zone` as aware UTC; a bare date is its midnight, which some answers have in a stamp's place."""
    found = text(row, key)
    if not found:
        return None
    try:
        local = datetime.strptime(found if len(found) > 10 else f"{found} 00:00:00", _STAMP)
        return local.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        reason = unreadable(key, "YYYY-MM-DD HH:MM:SS")
    raise reason


def at(row: dict, key: str, zone: tzinfo = UTC) -> datetime:
    if (found := moment(row, key, zone)) is None:
        raise unreadable(key, "there")
    return found


def stamp(when: datetime, zone: tzinfo = UTC) -> str:
    """How a moment is written in a request."""
    return when.astimezone(zone).strftime(_STAMP)


def chosen(row: dict, key: str, table: dict[str, T]) -> T:
    """Our word for theirs. An unknown word is an error, never a guess."""
    word = text(row, key)
    if word not in table:
        raise unreadable(key, "a word that we know")
    return table[word]


def number(row: dict, key: str) -> str:
    """E.164 of digits that always begin with the country code."""
    try:
        return phones.from_wire(required(row, key), international=True)
    except phones.PhoneError:
        reason = unreadable(key, "a phone number")
    raise reason


def party(row: dict, key: str) -> str:
    """A telephone as E.164; what is none (a short code, a sender's name, a SIP user) as it is written."""
    written = text(row, key)
    try:
        return phones.from_wire(written, international=True)
    except phones.PhoneError:
        if len(written) > 120 or not written.isprintable():
            raise unreadable(key, "a number or a name") from None
    return written


def beside(read: Callable[[], T]) -> T | None:
    """A value that stands beside the matter: unknown is better than a row that nobody sees."""
    try:
        return read()
    except Unreadable:
        return None


def rows(tree: dict, key: str = "result") -> list:
    """The rows of a listing. A single object stands for itself: two calls are documented both ways."""
    found = tree.get(key)
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        return [found] if found else []
    raise Unreadable(f"the answer holds no list of {key}", code="no-rows")


def inner(row: dict, key: str) -> list[dict]:
    """The objects of a list inside a row; none when it is missing."""
    found = row.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise unreadable(key, "a list")
    return found


def one(tree: dict, key: str = "result") -> dict:
    found = tree.get(key)
    if not isinstance(found, dict):
        raise Unreadable(f"the answer holds no {key}", code="no-rows")
    return found
