"""Parameter tables: what each parameter may hold, and the codes of those that do not."""

import datetime
import ipaddress
import json
import re


class Bad(Exception):
    """The value does not fit."""


class P:
    """One row of a request's table. `need` tells whether the values at hand make the parameter mandatory."""

    def __init__(self, name, kind, need=None, required=False, invalid=None, missing=None, many=False):
        self.name, self.kind, self.need, self.required = name, kind, need, required
        self.invalid = invalid or f"{name}_invalid"
        self.missing = missing or f"{name}_required"
        self.many = many or getattr(kind, "many", False)


def gather(params, name):
    """Comma list, name[] or name[n]; None when the parameter was not sent at all."""
    found = []
    sent = name in params
    if sent:
        found += str(params[name]).split(",")
    indexed = sorted((k for k in params if k.startswith(f"{name}[")), key=lambda k: (len(k), k))
    found += [str(params[key]) for key in indexed]
    return [one.strip() for one in found if one.strip()] if sent or indexed else None


def validate(table, params, files=()):
    """Returns (values of the parameters that were sent, codes of those that fail, in table order)."""
    values, bad = {}, {}
    for p in table:
        raw = gather(params, p.name) if p.many else params.get(p.name)
        if raw is None:
            continue
        try:
            if p.many:
                values[p.name] = [p.kind(one) for one in raw]
            else:
                values[p.name] = p.kind(raw.strip()) if raw.strip() != "" else ""
        except Bad:
            bad[p.name] = p.invalid
    codes = []
    for p in table:
        if p.name in bad:
            codes.append(bad[p.name])
        elif values.get(p.name) in (None, "", []) and p.name not in files and wanted(p, values, params):
            codes.append(p.missing)
    return values, list(dict.fromkeys(codes))


def wanted(p, values, params):
    return p.required or (p.need is not None and p.need(values, params))


# -- kinds of values; each returns the normal form or raises Bad


def matching(pattern, flags=0):
    compiled = re.compile(pattern, flags)

    def kind(value):
        if not compiled.fullmatch(value):
            raise Bad
        return value

    return kind


def listed(kind):
    def one(value):
        return kind(value)

    one.many = True
    return one


def integer(low=None, high=None):
    def kind(value):
        if not re.fullmatch(r"-?\d{1,12}", value, re.ASCII):
            raise Bad
        number = int(value)
        if (low is not None and number < low) or (high is not None and number > high):
            raise Bad
        return number

    return kind


def digits(length=None, low=1, high=64):
    low, high = (length, length) if length else (low, high)
    return matching(rf"[0-9]{{{low},{high}}}")


def enum(*allowed):
    def kind(value):
        if value not in allowed:
            raise Bad
        return value

    return kind


def text(high=None):
    def kind(value):
        if high and len(value) > high:
            raise Bad
        return value

    return kind


ALPHANUMERIC = re.compile(r"[^\W_]|[-_ .,'’&()#/:+]")


def alphanumeric(low=1, high=255):
    def kind(value):
        if not low <= len(value) <= high or not all(ALPHANUMERIC.fullmatch(c) for c in value):
            raise Bad
        return value

    return kind


def nanp(value):
    """A North American number, kept as 10 digits."""
    found = re.fullmatch(r"\+?1?([2-9][0-9]{2}[2-9][0-9]{6})", value)
    if not found:
        raise Bad
    return found[1]


def phone(value):
    """10 to 15 digits; North American ones lose their leading 1."""
    bare = value[1:] if value.startswith("+") else value
    if not re.fullmatch(r"[0-9]{10,15}", bare):
        raise Bad
    return bare[1:] if len(bare) == 11 and bare[0] == "1" else bare


def date(value):
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise Bad
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise Bad from None


def boolean(value):
    if value.lower() in ("1", "true", "yes"):
        return True
    if value.lower() in ("0", "false", "no"):
        return False
    raise Bad


flag = enum("0", "1")
email = matching(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
url = matching(r"https?://[^\s/?#]+\S*", re.I)
lower_code = matching(r"[A-Za-z]{2}")


def moment(value):
    """A date and time of day as the manual writes them."""
    try:
        return datetime.datetime.strptime(value, "%Y-%m-%d %H:%M:%S").strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        raise Bad from None


def address(value):
    """An IP address of either version."""
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise Bad from None


def structure(value):
    """JSON text, kept as what it says."""
    try:
        return json.loads(value)
    except ValueError:
        raise Bad from None


def expression(value):
    try:
        re.compile(value)
    except re.error:
        raise Bad from None
    return value


yes_no = enum("yes", "no")
call_hash = matching(r"[0-9a-fA-F]{32}")
long_hash = matching(r"[0-9a-fA-F-]{32,36}")
port = integer(1, 65535)
host_name = matching(r"(?=.{4,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
sip_uri = matching(r"(sips?:)?[^\s@]+@[^\s@]+")
dtmf = matching(r"[0-9abcdwW]+")
long_dtmf = matching(r"[0-9ABCD#*wW]+")
mac = matching(r"[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){4,5}")
seconds_to_ring = enum("disabled", "2", *(str(s) for s in range(5, 60, 5)))
