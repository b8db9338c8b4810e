"""What a parameter must look like. The upstream names one bad parameter at a time, the first in its table's order."""

import dataclasses
import datetime
import decimal
import re


@dataclasses.dataclass(frozen=True)
class P:
    """A documented parameter; `aliases` are the document's other spellings of it."""

    name: str
    check: object
    required: bool = False
    default: object = None
    aliases: tuple = ()


class Bad(ValueError):
    """The value cannot be used; `args[0]` is the parameter's name."""


def read(table, params):
    """The checked values by name. An empty value is a missing one."""
    values = {}
    for spec in table:
        given = next((params[n].strip() for n in (spec.name, *spec.aliases) if params.get(n, "").strip()), "")
        if not given and spec.required:
            raise Bad(spec.name)
        try:
            values[spec.name] = spec.check(given) if given else spec.default
        except ValueError:
            raise Bad(spec.name) from None
    return values


def any_text(value):
    return value


def text(longest):
    def check(value):
        if len(value) > longest:
            raise ValueError
        return value

    return check


def integer(low, high):
    def check(value):
        if not re.fullmatch(r"[0-9]{1,9}", value, re.ASCII) or not low <= int(value) <= high:
            raise ValueError
        return int(value)

    return check


def yes_no(value):
    if value.lower() not in ("yes", "no"):
        raise ValueError
    return value.lower() == "yes"


def language(value):
    if value.lower() not in ("fr", "en"):
        raise ValueError
    return value.lower()


def nanp(value):
    """Ten digits of a North American number, given with or without its 1."""
    found = re.fullmatch(r"1?([2-9][0-8][0-9][2-9][0-9]{6})", value, re.ASCII)
    if not found:
        raise ValueError
    return found[1]


def ten_digits(value):
    """A number to be looked up, which need not be a good one."""
    found = re.fullmatch(r"1?([0-9]{10})", value, re.ASCII)
    if not found:
        raise ValueError
    return found[1]


def day(value):
    if not re.fullmatch(r"[0-9]{8}", value, re.ASCII):
        raise ValueError
    return datetime.datetime.strptime(value, "%Y%m%d").date()


def moment(value):
    """A local time without a zone, to be understood by the account's."""
    if not re.fullmatch(r"[0-9]{8}T[0-9]{6}", value, re.ASCII):
        raise ValueError
    return datetime.datetime.strptime(value, "%Y%m%dT%H%M%S")


def amount(value):
    if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,2})?", value, re.ASCII):
        raise ValueError
    return decimal.Decimal(value)


def emails(value):
    found = [one.strip() for one in value.split(",")]
    if not all(re.fullmatch(r"[^\s@,]+@[^\s@,]+\.[^\s@,]+", one) for one in found):
        raise ValueError
    return found
