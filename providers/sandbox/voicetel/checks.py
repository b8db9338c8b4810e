"""Reads a JSON body against a table: which members there are, of what type, and which must be there.

A table is a dict of name -> check; a name with "!" is required. A dict in place of a check is an object, a list of one
dict is an array of such objects. A check returns the value as the sandbox keeps it or raises `ValueError`.
"""

import datetime
import ipaddress
import re

MOST_ROWS = 1000
NANP = re.compile(r"[2-9]\d{9}", re.ASCII)
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", re.ASCII)
# Blocks for documentation stand for public ones, because everything in a sandbox is fictional.
FICTIONAL = [ipaddress.ip_network(block) for block in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}", re.ASCII | re.IGNORECASE)


class Wrong(Exception):
    """`name` is the member as the document calls it; `missing` tells absent from unfit."""

    def __init__(self, name, missing):
        super().__init__(name)
        self.name, self.missing = name, missing


def read(table, body, loose=False):
    """The values of a body. Unknown members are ignored. `loose` takes digits in strings for integers and back."""
    if not isinstance(body, dict):
        raise ValueError("not an object")
    values = {}
    for entry, check in table.items():
        name = entry.rstrip("!")
        given = body.get(name)
        if given is None or given == "":
            if entry.endswith("!"):
                raise Wrong(name, missing=True)
            continue
        values[name] = one(name, check, given, loose)
    return values


def one(name, check, given, loose):
    if isinstance(check, list):
        if not isinstance(given, list) or len(given) > MOST_ROWS:
            raise Wrong(name, missing=False)
        if not given:
            raise Wrong(name, missing=True)
        return [one(name, check[0], row, loose) for row in given]
    try:
        if isinstance(check, dict):
            return read(check, given, loose)
        return check(other_type(given, check) if loose else given)
    except ValueError:
        raise Wrong(name, missing=False) from None


def other_type(given, check):
    """The same value as the type that the check wants, where it is written as the other one."""
    if check in (number, whole) and isinstance(given, str) and given.isascii() and given.isdigit():
        return int(given)
    if isinstance(given, int) and not isinstance(given, bool) and check not in (number, whole, boolean):
        return str(given)
    return given


def whole(value):
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**12:
        raise ValueError("an integer")
    return value


def boolean(value):
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def number(value):
    """An integer of ten digits; kept as text."""
    return digits(str(whole(value)))


def digits(value):
    """A string of ten digits."""
    if not isinstance(value, str) or not NANP.fullmatch(value):
        raise ValueError("ten digits")
    return value


def text(most, least=1):
    def check(value):
        if not isinstance(value, str) or not least <= len(value) <= most:
            raise ValueError("a text")
        return value

    return check


def matching(pattern):
    found = re.compile(pattern, re.ASCII)

    def check(value):
        if not isinstance(value, str) or not found.fullmatch(value):
            raise ValueError(pattern)
        return value

    return check


def email(value):
    if not isinstance(value, str) or not EMAIL.fullmatch(value):
        raise ValueError("an e-mail address")
    return value.lower()


def day(value):
    return datetime.date.fromisoformat(value).isoformat() if isinstance(value, str) else text(0)(value)


def enum(*words):
    def check(value):
        if value not in words:
            raise ValueError("one of " + ", ".join(words))
        return value

    return check


def routable(host):
    """Whether an IPv4 address or block is a public one."""
    try:
        block = ipaddress.ip_network(host, strict=False)
    except ValueError:
        return False
    if block.version != 4:
        return False
    known = any(block.subnet_of(one) for one in FICTIONAL)
    return known or (block.is_global and not block.is_multicast)


def gateway(value):
    """A public IPv4 address or a host name, with or without a port."""
    if not isinstance(value, str):
        return False
    host, colon, port = value.partition(":")
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return False
    if re.fullmatch(r"[\d.]+", host, re.ASCII):
        return "/" not in host and routable(host)
    return bool(HOST.fullmatch(host))
