"""Phone numbers: what people type and upstreams write, to E.164 and back.

The phonenumbers library knows the world's numbering plans but is generous: it drops extensions, reads letters and any
script's digits, and calls +1 514 911 0100 valid. So text is checked before it and North American rules after it.
"""

import re
import unicodedata
from enum import StrEnum

import phonenumbers

LONGEST_TEXT = 40


class Reason(StrEnum):
    """Why a text is no phone number; pages choose their sentence by it."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    SEVERAL = "several"  # more than one number
    EXTENSION = "extension"
    LETTERS = "letters"
    CHARACTERS = "characters"  # anything else that no number is written with
    SERVICE = "service"  # 911, 411, short codes: nothing a portal may send to
    AREA_CODE = "area_code"
    EXCHANGE = "exchange"
    COUNTRY = "country"
    INVALID = "invalid"  # wrong number of digits
    NOT_NANP = "not_nanp"  # a good number, but ten North American digits were needed


class PhoneError(ValueError):
    """`reason` is a `Reason`; the message is for staff. The text itself is never part of it."""

    def __init__(self, reason: Reason):
        super().__init__(f"not a phone number: {reason}")
        self.reason = reason


_E164 = re.compile(r"^\+[1-9]\d{6,14}$", re.ASCII)
_NANP = re.compile(r"^\+1(\d{3})(\d{3})\d{4}$", re.ASCII)
_AREA_CODE = re.compile(r"^[2-9][0-8]\d$", re.ASCII)
_EXCHANGE = re.compile(r"^[2-9]\d\d$", re.ASCII)
_EXTENSION = re.compile(r"(?:;ext=|\bext\.?|\bposte\b|\bx)\s*\d+\s*$", re.IGNORECASE)
_SEVERAL = re.compile(r"[,;/\n\r|&]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_BLANKS = re.compile(r"[\s\u00a0\u2000-\u200a\u202f]+")
_WRITTEN_WITH = re.compile(r"^\+?[\d ().\-]+$", re.ASCII)
_TOLL_FREE = frozenset(("800", "833", "844", "855", "866", "877", "888"))


def parse(text: str, default_region: str = "CA") -> str:
    """E.164 of one number as a person writes it. Raises `PhoneError` with a reason."""
    plain = _plain(text)
    digits = re.sub(r"\D", "", plain)
    if len(digits) <= 6 and not plain.startswith("+"):
        raise PhoneError(Reason.SERVICE if digits else Reason.CHARACTERS)
    try:
        number = phonenumbers.parse(plain, default_region)
    except phonenumbers.NumberParseException as problem:
        country = problem.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
        raise PhoneError(Reason.COUNTRY if country else Reason.INVALID) from None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.country_code == 1:
        _check_nanp(e164)
    elif not phonenumbers.is_possible_number(number) or not _E164.match(e164):
        raise PhoneError(Reason.INVALID)
    return e164


def to_e164(text: str, region: str = "CA") -> str:
    """The same as `parse`, for callers that speak of regions."""
    return parse(text, region)


def from_wire(text: str, *, international: bool = False) -> str:
    """E.164 of a number as upstreams write it: 10 digits, 11 with a leading 1, or all digits of a foreign one.

    `international` says that ten digits are not a North American number. Rules of numbering plans are not applied: what
    an upstream has in its log is a fact.
    """
    plain = text.strip()
    digits = plain.removeprefix("+")
    if not digits.isascii() or not digits.isdigit():
        raise PhoneError(Reason.CHARACTERS if digits else Reason.EMPTY)
    if not plain.startswith("+") and not international and len(digits) == 10:
        digits = "1" + digits
    e164 = f"+{digits}"
    if not _E164.match(e164) or len(digits) < 10:
        raise PhoneError(Reason.INVALID)
    if digits[0] == "1" and (len(digits) != 11 or digits[1] in "01"):
        raise PhoneError(Reason.INVALID)
    return e164


def to_ten_digits(e164: str) -> str:
    """The ten digits of a North American number. Raises `PhoneError` for any other."""
    if not is_nanp(e164):
        raise PhoneError(Reason.NOT_NANP)
    return e164[2:]


def to_digits(e164: str) -> str:
    """Ten digits for a North American number, all digits without the plus for any other."""
    if not _E164.match(e164):
        raise PhoneError(Reason.INVALID)
    return e164[2:] if is_nanp(e164) else e164[1:]


def national(e164: str) -> str:
    """How people write it: (514) 555-0134. Foreign numbers keep their country code; others stay as they are."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if number.country_code == 1 else form.INTERNATIONAL)


def is_nanp(e164: str) -> bool:
    """True for any number of country code 1, Caribbean islands included."""
    return bool(_NANP.match(e164))


def is_toll_free(e164: str) -> bool:
    return is_nanp(e164) and e164[2:5] in _TOLL_FREE


def is_premium(e164: str) -> bool:
    return is_nanp(e164) and e164[2:5] in ("900", "976")


def region(e164: str) -> str:
    """Two letters of a number's country, "" when unknown or in several. +1 is more than twenty countries."""
    try:
        found = phonenumbers.region_code_for_number(phonenumbers.parse(e164, None))
    except phonenumbers.NumberParseException:
        return ""
    return found if found and found.isalpha() else ""


def _plain(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise PhoneError(Reason.TOO_LONG)
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")  # bidi marks of pasted contacts
    trimmed = visible.strip()
    for reason, found in ((Reason.EXTENSION, _EXTENSION.search(trimmed)), (Reason.SEVERAL, _SEVERAL.search(trimmed))):
        if found:
            raise PhoneError(reason)
    plain = _BLANKS.sub(" ", _DASHES.sub("-", trimmed.removeprefix("tel:")))
    if not plain:
        raise PhoneError(Reason.EMPTY)
    if not _WRITTEN_WITH.match(plain):
        raise PhoneError(Reason.LETTERS if re.search("[A-Za-z]", plain) else Reason.CHARACTERS)
    return plain


def _check_nanp(e164: str) -> None:
    found = _NANP.match(e164)
    if not found:
        raise PhoneError(Reason.INVALID)
    area_code, exchange = found.groups()
    if not _AREA_CODE.match(area_code) or area_code.endswith("11"):
        raise PhoneError(Reason.AREA_CODE)
    if not _EXCHANGE.match(exchange) or exchange.endswith("11"):
        raise PhoneError(Reason.EXCHANGE)
