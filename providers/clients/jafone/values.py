"""Reads and writes single values: everything on JaFone's wire is a string, flags have four spellings.

A value that is not of its kind raises `Unreadable`; nothing is guessed.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from providers.clients import phones
from providers.clients.errors import Cause, Unreadable
from providers.clients.jafone.refusals import refused_here
from providers.clients.loose import flag, required, text, unreadable  # noqa: F401 - values.flag is used by its neighbours

_AMOUNT = re.compile(r"^-?\d{1,15}(?:\.\d{1,6})?$", re.ASCII)
_UNITS = re.compile(r"^[-+]?\d{1,18}$", re.ASCII)
_MINUTES = re.compile(r"^(\d{1,6})(?: minutes?)?$", re.ASCII)
_LONGEST_NAME = 20


def amount(row: dict, key: str) -> Decimal:
    value = text(row, key)
    if not _AMOUNT.match(value):
        raise unreadable(key, "an amount")
    return Decimal(value)


def units(row: dict, key: str, divisor: int) -> Decimal:
    """An amount counted in the smallest unit, `divisor` (a power of ten) of which make one dollar."""
    value = text(row, key)
    if not _UNITS.match(value):
        raise unreadable(key, "a whole number")
    return Decimal(value).scaleb(1 - len(str(divisor)))


def minutes(row: dict, key: str) -> int:
    """ "60 minutes" """
    found = _MINUTES.match(text(row, key))
    if not found:
        raise unreadable(key, "a number of minutes")
    return int(found.group(1))


def number(row: dict, key: str) -> str:
    """E.164 of ten digits, or of eleven with a leading 1."""
    try:
        return phones.from_wire(text(row, key))
    except phones.PhoneError:
        reason = unreadable(key, "a phone number")
    raise reason


def number_or_none(row: dict, key: str) -> str:
    return number(row, key) if text(row, key) else ""


def party(row: dict, key: str) -> str:
    """A telephone as E.164; a short code or a sender's name as it is written, for such texts do arrive."""
    written = required(row, key)
    try:
        return phones.from_wire(written)
    except phones.PhoneError:
        if len(written) <= _LONGEST_NAME and written.isprintable():
            return written
    raise unreadable(key, "a number or a sender's name")


def day(row: dict, key: str) -> date:
    try:
        return datetime.strptime(text(row, key)[:10], "%Y-%m-%d").date()
    except ValueError:
        reason = unreadable(key, "a date")
    raise reason


def moment(row: dict, key: str, zone: ZoneInfo) -> datetime:
    """A zone-less stamp of the account's zone, as aware UTC."""
    try:
        return datetime.strptime(text(row, key), "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        reason = unreadable(key, "YYYY-MM-DD HH:MM:SS")
    raise reason


def rows(tree: dict, key: str) -> list:
    """The rows of a listing. A payload that is not there is `Unreadable`: an empty listing would make all vanish."""
    found = tree.get(key)
    if isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        raise Unreadable(f"the answer holds no {key}", code="no-rows")
    return found


def one(tree: dict, key: str) -> dict:
    """The one row of a payload: an object for some actions, an array of one for others."""
    found = rows(tree, key)
    if len(found) != 1 or not isinstance(found[0], dict):
        raise Unreadable(f"the answer holds {len(found)} {key} where one belongs", code="no-rows")
    return found[0]


# --- what we send


def yes_no(value: bool) -> str:
    return "yes" if value else "no"


def compact(value: date) -> str:
    return value.strftime("%Y%m%d")


def ten(e164: str, field: str) -> str:
    """Ten digits, or `Rejected` before anything is sent."""
    try:
        return phones.to_ten_digits(e164)
    except phones.PhoneError:
        reason = refused_here("not-nanp", field, Cause.DESTINATION)
    raise reason


def eleven(e164: str, field: str) -> str:
    """Ten digits with a 1 before them, as recipients and the sides of a call are written."""
    return "1" + ten(e164, field)


def within(value: int, least: int, most: int, field: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise refused_here("out-of-range", field, words=f"{least} to {most}")
    return str(value)


def plain(value: str, field: str, longest: int) -> str:
    """A text that a web address can carry, or `Rejected` before anything is sent."""
    if not value.strip():
        raise refused_here("missing", field, Cause.MISSING)
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        size = -1
    if size < 0 or "\x00" in value:
        raise refused_here("not-text", field, Cause.CONTENT)
    if size > longest:
        raise refused_here("too-long", field, Cause.CONTENT, f"at most {longest} bytes")
    return value
