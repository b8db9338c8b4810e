"""Checks that several methods make of names, passwords, addresses."""

import ipaddress
import re
import zoneinfo
from urllib.parse import urlsplit

from . import codes
from .refusals import Refusal

USER_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{2,49}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NEEDED = (r"[A-Z]", r"[a-z]", r"\d", r"[^A-Za-z0-9]")
COMMON = {"password", "passw0rd", "qwerty"}


def account_name(text):
    if not 5 <= len(text) <= 20:
        raise Refusal(113)
    if not re.fullmatch(r"[a-z][a-z0-9-]*", text):
        raise Refusal(114)
    if text.startswith("voximplant"):
        raise Refusal(173)


def email(text, code=136):
    if not EMAIL.fullmatch(text):
        raise Refusal(code)


def password(text, used=()):
    if text == "":
        raise Refusal(463)
    if any(c.isspace() for c in text):
        raise Refusal(524)
    if len(text) < 8 or not all(re.search(pattern, text) for pattern in NEEDED):
        raise Refusal(464)
    if re.sub(r"[^a-z0-9]", "", text.lower()).rstrip("0123456789") in COMMON:
        raise Refusal(523)
    if text in used:
        raise Refusal(535)


def language(text):
    if text not in codes.LANGUAGES:
        raise Refusal(202, "language_code")


def zone(text):
    try:
        zoneinfo.ZoneInfo(text)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError, OSError):
        raise Refusal(496, "location") from None


def url(text):
    """An empty one means none."""
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise Refusal(398, "callback_url")


def profile(given):
    """The members of a profile that a client may change."""
    for name, check in (("language_code", language), ("location", zone), ("callback_url", url)):
        if name in given:
            check(given[name])
    country = given.get("billing_address_country_code")
    if country is not None and country not in codes.COUNTRIES:
        raise Refusal(204, "billing_address_country_code")
    if given.get("billing_address_address") == "":
        raise Refusal(134, "billing_address_address")


def digits(text, code=121, name="phone_number"):
    """Country code and digits, no plus."""
    if not re.fullmatch(r"\d{7,15}", text):
        raise Refusal(code, name)
    return text


def network(text, code, name):
    """An IPv4 address or a network of them."""
    try:
        return ipaddress.IPv4Network(text.strip(), strict=False)
    except ValueError:
        raise Refusal(code, name) from None
