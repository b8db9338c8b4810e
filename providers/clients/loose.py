"""Reads single values of a row of JSON that has the same thing as a text here and as a number there.

A value that is not of its kind raises `Unreadable`; nothing is guessed.
"""

from decimal import Decimal

from providers.clients.errors import Unreadable

_TRUE, _FALSE = frozenset(("yes", "true", "1")), frozenset(("no", "false", "0"))


def unreadable(key: str, kind: str) -> Unreadable:
    return Unreadable(f"{key} is not {kind}", code="unreadable-value")


def text(row: dict, key: str) -> str:
    """The value as a trimmed string; "" for none."""
    value = row.get(key)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, (str, int, Decimal)):
        return str("" if value is None else value).strip()
    raise unreadable(key, "one text")


def required(row: dict, key: str) -> str:
    if found := text(row, key):
        return found
    raise unreadable(key, "there")


def flag(row: dict, key: str) -> bool:
    value = text(row, key).lower()
    if value not in _TRUE and value not in _FALSE:
        raise unreadable(key, "a yes or no")
    return value in _TRUE
