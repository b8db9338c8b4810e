"""What a field of a JSON body must look like. Every bad field of a request is told, each with its sentence."""

import dataclasses
import datetime
import re
from urllib.parse import urlsplit

from .refusals import Refusal

REQUIRED = "This field is required."
MISSING = (None, "", [])


@dataclasses.dataclass(frozen=True)
class F:
    """A documented field; `many` takes a list, and a lone value as a list of one."""

    name: str
    check: object
    required: bool = False
    default: object = None
    many: bool = False


class Bad(ValueError):
    """The sentence that tells what is wrong."""


def read(table, body, prefix=""):
    """The checked values by name; raises a Refusal with every bad field. Unknown fields are left alone."""
    values, errors = {}, {}
    for field in table:
        given = body.get(field.name)
        try:
            values[field.name] = value_of(field, given)
        except Bad as bad:
            errors[field.name] = [f"{prefix}{bad}"]
    if errors:
        raise Refusal(errors)
    return values


def value_of(field, given):
    if given in MISSING:
        if field.required:
            raise Bad(REQUIRED)
        return field.default
    if field.many:
        return [field.check(one) for one in (given if isinstance(given, list) else [given])]
    return field.check(given)


def text(longest=1000, shortest=1):
    def check(value):
        if not isinstance(value, str):
            raise Bad("Must be a string.")
        if not shortest <= len(value) <= longest:
            raise Bad(f"Must have {shortest} to {longest} characters.")
        return value

    return check


def text_or_false(value):
    """False stands for none in the fields of birthday greetings."""
    return None if value is False else text()(value)


def integer(low=0, high=2**31):
    def check(value):
        number = int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}", value, re.ASCII) else value
        if isinstance(number, bool) or not isinstance(number, int):
            raise Bad("Must be an integer.")
        if not low <= number <= high:
            raise Bad(f"Must be from {low} to {high}.")
        return number

    return check


def boolean(value):
    if not isinstance(value, bool):
        raise Bad("Must be true or false.")
    return value


def digits(value):
    """A telephone number, which may come as a JSON number too."""
    shown = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"[0-9]{7,17}", shown, re.ASCII):
        raise Bad("Must be digits with the country code and no plus.")
    return shown


def msisdn(value):
    shown = digits(value)
    if not re.fullmatch(r"[1-9][0-9]{6,14}", shown, re.ASCII):
        raise Bad("Must be digits with the country code and no plus.")
    return shown


def sender(value):
    """Three to fifteen digits, or up to eleven signs of the plain alphabet with a letter among them."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{3,15}|(?=.*[A-Za-z])[ -~]{1,11}", value, re.ASCII):
        raise Bad("Must be 3 to 15 digits or up to 11 letters and digits.")
    return value


def enum(*words):
    def check(value):
        if not isinstance(value, str) or value.lower() not in words:
            raise Bad(f"Must be one of {', '.join(words)}.")
        return value.lower()

    return check


def day(value):
    return parsed(value, "%Y-%m-%d").date()


def hour(value):
    """Hours and minutes, with or without seconds."""
    return parsed(value, "%H:%M:%S" if isinstance(value, str) and value.count(":") == 2 else "%H:%M").time()


def parsed(value, form):
    try:
        return datetime.datetime.strptime(value, form)
    except (TypeError, ValueError):
        raise Bad(f"Must look like {form.replace('%', '')}.") from None


def period(value):
    """Two moments with a dash between them, in UTC; returns epochs, the end included."""
    parts = value.split(" - ") if isinstance(value, str) else []
    if len(parts) != 2:
        raise Bad("Must be two moments with a dash between them.")
    start, end = (parsed(one.strip(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.UTC).timestamp() for one in parts)
    return start, end + 1


def url(value):
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise Bad("Must be an address that begins with http.")
    return value


def email(value):
    if not isinstance(value, str) or not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", value):
        raise Bad("Must be an e-mail address.")
    return value
