"""Reads and writes single values of VoiceTel: the same thing may be a number here and a text there.

A value that is not of its kind raises `Unreadable`; nothing is guessed.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from providers.clients import phones
from providers.clients.errors import Cause, Unreadable
from providers.clients.loose import flag, required, text, unreadable  # noqa: F401 - values.flag is used by its neighbours
from providers.clients.voicetel.refusals import refused_here

NO_DATE = "19750715"  # what a port without a date has for one
_AMOUNT = re.compile(r"^-?\d{1,15}(?:\.\d{1,12})?$", re.ASCII)
_EPOCH = re.compile(r"^\d{9,11}$", re.ASCII)
_LONGEST_NAME = 40


def amount(row: dict, key: str) -> Decimal:
    """Dollars, as a JSON number (never read as a float) or as a text."""
    value = row.get(key)
    plain = format(value, "f") if isinstance(value, Decimal) else text(row, key)
    if isinstance(value, bool) or not _AMOUNT.match(plain):
        raise unreadable(key, "an amount")
    return Decimal(plain)


def whole(row: dict, key: str) -> int:
    value = text(row, key)
    if not re.fullmatch(r"\d{1,18}", value, re.ASCII):
        raise unreadable(key, "a whole number")
    return int(value)


def number(row: dict, key: str) -> str:
    """E.164 of ten digits, or of eleven with a leading 1, written as a text or as a number."""
    try:
        return phones.from_wire(text(row, key))
    except phones.PhoneError:
        reason = unreadable(key, "a phone number")
    raise reason


def party(row: dict, key: str) -> str:
    """A telephone as E.164; anything else that was called or calls as it is written."""
    written = required(row, key)
    try:
        return phones.from_wire(written)
    except phones.PhoneError:
        if len(written) <= _LONGEST_NAME and written.isprintable():
            return written
    raise unreadable(key, "a number or a name")


def moment(value, key: str) -> datetime:
    """Unix seconds, as a number or a text."""
    written = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not _EPOCH.match(written):
        raise unreadable(key, "a moment")
    return datetime.fromtimestamp(int(written), UTC)


def stamp_of(row: dict) -> datetime:
    """When a record of calls, texts or ports was: the last member of its `key`."""
    key = row.get("key")
    if not isinstance(key, list) or len(key) < 2:
        raise unreadable("key", "a pair")
    return moment(key[-1], "key")


def inner(row: dict) -> dict:
    """The `value` of such a record, which holds all else."""
    value = row.get("value")
    if not isinstance(value, dict):
        raise unreadable("value", "a structure")
    return value


def committed_day(row: dict, key: str) -> date | None:
    """yyyyMMdd; None for no date and for the date that stands for none."""
    value = text(row, key)
    if value in ("", NO_DATE):
        return None
    try:
        return datetime.strptime(value, "%Y%m%d").date()
    except ValueError:
        reason = unreadable(key, "a date")
    raise reason


def rows(tree: dict, key: str) -> list:
    """The rows of a listing. One that is not there is `Unreadable`: an empty listing would make all vanish."""
    found = tree.get(key)
    if not isinstance(found, list):
        raise Unreadable(f"the answer holds no {key}", code="no-rows")
    return found


def one(tree: dict, key: str) -> dict:
    """The structure of a payload: an object for most calls, an array of one for `info`."""
    found = tree.get(key)
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if not isinstance(found, dict):
        raise Unreadable(f"the answer holds no {key}", code="no-rows")
    return found


# --- what we send


def ten(e164: str, field: str = "number") -> str:
    """Ten digits, or `Rejected` before anything is sent."""
    try:
        return phones.to_ten_digits(e164)
    except phones.PhoneError:
        reason = refused_here("not-nanp", field, Cause.DESTINATION if field == "destination" else Cause.INVALID)
    raise reason


def integer(e164: str, field: str = "number") -> int:
    """The same as the JSON number that most calls want."""
    return int(ten(e164, field))


def digits(external_id: str, field: str = "number") -> int:
    """One of our external ids (ten digits) as the number that calls want."""
    if not re.fullmatch(r"[2-9]\d{9}", external_id, re.ASCII):
        raise refused_here("not-an-id", field)
    return int(external_id)


def route_id(route: str, field: str = "route") -> int:
    if not re.fullmatch(r"\d{1,9}", str(route), re.ASCII):
        raise refused_here("not-an-id", field)
    return int(route)


def plain(value: str, field: str, longest: int, *, least: int = 1) -> str:
    """A text that can be sent and stored, or `Rejected` before anything is sent."""
    if len(value.strip()) < least:
        raise refused_here("missing", field, Cause.MISSING)
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise refused_here("not-text", field, Cause.CONTENT)
    if len(value.encode("utf-16-le")) > 2 * longest:
        raise refused_here("too-long", field, Cause.CONTENT, f"at most {longest}")
    return value
