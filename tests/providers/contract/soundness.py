"""Whether a record is what records promise to be: types as declared, E.164, aware UTC, money with its currency."""

import dataclasses
import json
import types
import typing
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache

from phonenumbers import NumberParseException, parse

NUMBERS = {  # fields that hold a telephone number and nothing else, where they hold anything
    "NumberRecord": ("number",),
    "AvailableNumber": ("number",),
    "LookupRecord": ("number",),
    "OptOutRecord": ("number", "our_number"),
    "ContactRecord": ("number",),
    "EmergencyRecord": ("number",),
    "ChargeRecord": ("number",),
    "PortDraft": ("billing_number",),
}
MONEY = ("amount", "balance", "total", "cost", "price", "monthly_fee", "setup_fee")
IN_ACCOUNT_CURRENCY = {"MessageRecord"}  # whose price is in the currency of the account


def faults(found) -> list[str]:
    """What is wrong with a record, or with any record in a list, tuple or dict."""
    return list(_faults(found, ""))


def raw_of(found) -> Iterator[object]:
    """Everything that is kept of rows as they were read, at any depth."""
    for record in _records(found):
        yield getattr(record, "raw", None)


def _records(found) -> Iterator[object]:
    if dataclasses.is_dataclass(found):
        yield found
        for field in dataclasses.fields(found):
            yield from _records(getattr(found, field.name))
    elif isinstance(found, (list, tuple)):
        for one in found:
            yield from _records(one)


def _faults(found, where: str) -> Iterator[str]:
    if isinstance(found, (list, tuple)):
        for one in found:
            yield from _faults(one, where)
    elif dataclasses.is_dataclass(found):
        yield from _faults_of_record(found)


def _faults_of_record(record) -> Iterator[str]:
    name = type(record).__name__
    for field in dataclasses.fields(record):
        value, kind = getattr(record, field.name), _hints(type(record))[field.name]
        if not _fits(value, kind):
            yield f"{name}.{field.name} is {value!r}"
        if isinstance(value, datetime) and value.utcoffset() != timedelta(0):
            yield f"{name}.{field.name} is not in UTC"
        if isinstance(value, Decimal) and not value.is_finite():
            yield f"{name}.{field.name} is {value}"
        if field.name in NUMBERS.get(name, ()) and value and not is_e164(value):
            yield f"{name}.{field.name} is not E.164: {value!r}"
        yield from _faults(value, name)
    yield from _faults_of_money(record, name)
    yield from _faults_of_raw(record, name)


def _faults_of_money(record, name: str) -> Iterator[str]:
    paid = [field for field in MONEY if getattr(record, field, None) is not None]
    currency = getattr(record, "currency", None)
    if paid and name not in IN_ACCOUNT_CURRENCY and not (isinstance(currency, str) and len(currency) == 3):
        yield f"{name} has {paid} in the currency {currency!r}"


def _faults_of_raw(record, name: str) -> Iterator[str]:
    raw = getattr(record, "raw", {})
    try:
        json.dumps(raw).encode()
    except (TypeError, ValueError) as problem:
        yield f"{name}.raw cannot be kept: {problem}"


def is_e164(value: str) -> bool:
    digits = value[1:]
    try:
        parse(value)
    except NumberParseException:
        return False
    return value[:1] == "+" and digits.isascii() and digits.isdigit()


@cache
def _hints(record: type) -> dict:
    return typing.get_type_hints(record)


def _fits(value, kind) -> bool:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, one) for one in inner)
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(one, inner[0]) for one in value)
    if origin is not None:
        return isinstance(value, origin)
    if kind in (int, date):  # a bool is no number here, and a moment no day
        return isinstance(value, kind) and not isinstance(value, (bool, datetime))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return isinstance(value, kind)
    return kind is typing.Any or isinstance(value, kind)
