"""Single values of Jo Mobile's rows: to our types, or `Unreadable` for the row."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from itertools import islice

from providers.clients.errors import Cause, Unreadable
from providers.clients.jomobile.envelope import refused_here

_MSISDN = re.compile(r"[1-9]\d{6,14}", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._&-]{0,10}", re.ASCII)
_NUMERIC_SENDER = re.compile(r"\d{3,15}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
STAMP = "%Y-%m-%d %H:%M:%S"


def unreadable(key: str, wanted: str) -> Unreadable:
    return Unreadable(f"{key} is not {wanted}", code="bad-value")


def text(row: dict, key: str) -> str:
    """A string, or a number as text; "" for nothing."""
    value = row.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise unreadable(key, "a text")
    return str(value).strip()


def required(row: dict, key: str) -> str:
    value = text(row, key)
    if not value:
        raise unreadable(key, "there")
    return value


def currency(row: dict) -> str:
    """Three capital letters. Raises `Unreadable` without them: money is never of no currency."""
    found = required(row, "currency")
    if not _CURRENCY.fullmatch(found):
        raise unreadable("currency", "a currency")
    return found


def whole(row: dict, key: str, absent: int = 0) -> int:
    value = text(row, key)
    if not value:
        return absent
    if not re.fullmatch(r"\d{1,15}", value, re.ASCII):
        raise unreadable(key, "a whole number")
    return int(value)


def flag(row: dict, key: str) -> bool:
    """JSON's true and false, or 1 and 0; absent is false."""
    value = row.get(key)
    if value in (None, 0, 1, "0", "1"):
        return value in (1, "1")
    raise unreadable(key, "yes or no")


def amount(row: dict, key: str) -> Decimal:
    """A JSON number, or one in a text. Anything else is an error, never zero."""
    value = required(row, key)
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,12})?", value, re.ASCII):
        raise unreadable(key, "an amount")
    try:
        return Decimal(value)
    except InvalidOperation:
        reason = unreadable(key, "an amount")
    raise reason


def moment(row: dict, key: str) -> datetime | None:
    """yyyy-MM-dd HH:mm:ss, which is GMT; None for nothing."""
    value = text(row, key)
    if not value or value.startswith("0000"):
        return None
    try:
        return datetime.strptime(value[:19], STAMP).replace(tzinfo=UTC)
    except ValueError:
        reason = unreadable(key, "yyyy-MM-dd HH:mm:ss")
    raise reason


def day(row: dict, key: str) -> date | None:
    value = text(row, key)
    if not value or value.startswith("0000"):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        reason = unreadable(key, "yyyy-MM-dd")
    raise reason


def msisdn(value) -> str:
    """E.164 of a number as they write it: all digits with the country code, as text or as a JSON number."""
    digits = text({"phone": value}, "phone").removeprefix("+")
    if not _MSISDN.fullmatch(digits):
        raise unreadable("phone", "a phone number")
    return f"+{digits}"


def sender(value: str) -> str:
    """A sender's name as it is; a number as E.164, where it is long enough to be one."""
    digits = value.removeprefix("+")
    return f"+{digits}" if _MSISDN.fullmatch(digits) and len(digits) >= 10 else value


def digits(e164: str, field: str = "destination") -> str:
    """A number for the wire, or `Rejected` before anything is sent."""
    if not e164.startswith("+") or not _MSISDN.fullmatch(e164[1:]):
        raise refused_here("not-a-number", field, Cause.DESTINATION)
    return e164[1:]


def sender_id(source: str) -> str:
    """3 to 15 digits, or a name of at most 11 letters and figures, or `Rejected` before anything is sent."""
    plain = source.strip().removeprefix("+")
    if not plain:
        raise refused_here("sender-required", "source", Cause.MISSING)
    if _NUMERIC_SENDER.fullmatch(plain):
        return plain
    if source.strip().startswith("+") or plain.isdigit() or not _NAME.fullmatch(plain):
        raise refused_here("sender-invalid", "source", Cause.SOURCE)
    return plain


def rows(data, *names: str) -> list:
    """The rows of a listing: a list, or the first of `names` that holds one. Anything else is `Unreadable`."""
    if isinstance(data, dict):
        data = next((data[name] for name in names if isinstance(data.get(name), list)), None)
    if not isinstance(data, list):
        raise Unreadable("the answer holds no list", code="no-rows")
    return data


def part(data, *names: str) -> dict:
    """The structure behind these names."""
    for name in names:
        data = data.get(name) if isinstance(data, dict) else None
    if not isinstance(data, dict):
        raise Unreadable(f"the answer holds no {names[-1] if names else 'structure'}", code="no-rows")
    return data


def in_lots(numbers: Iterable[str], most: int) -> Iterator[list[str]]:
    """So many at a time."""
    left = iter(numbers)
    while lot := list(islice(left, most)):
        yield lot
