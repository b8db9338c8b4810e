"""Many phone numbers in one box, in any notation, separated by anything."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from providers.clients import phones
from providers.clients.phones import PhoneError, Reason

LONGEST_TEXT = 8000
MOST = 200  # numbers in one request
_NUMBER = re.compile(r"(?<![\d+])(?:\+?1[\s.\-/]{0,3})?\(?\d{3}\)?[\s.\-/]{0,3}\d{3}[\s.\-/]{0,3}\d{4}(?!\d)", re.ASCII)
_PIECES = re.compile(r"[\n\r,;|\t&]+")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f]")


@dataclass(frozen=True, slots=True)
class Bad:
    """A piece of what was typed that is no number we can port, and why."""

    text: str
    reason: str


def read(text: str) -> tuple[list[str], list[Bad]]:
    """The good numbers as E.164 in their order, each once, and the bad pieces."""
    plain = _BLANKS.sub(" ", _DASHES.sub("-", text))
    good: dict[str, None] = {}
    bad: list[Bad] = []
    for piece in _PIECES.split(plain):
        for found in _NUMBER.finditer(piece):
            try:
                good[_north_american(found[0].replace("/", "-"))] = None
            except PhoneError as error:
                bad.append(Bad(found[0].strip(), why(error.reason)))
        rest = _NUMBER.sub(" ", piece).strip()
        if any(char.isdigit() for char in rest):  # words without digits are names beside a number
            bad.append(Bad(rest[:40], _rest_reason(rest)))
    return list(good), bad


def _north_american(text: str) -> str:
    number = phones.parse(text)
    if not phones.is_nanp(number):
        raise PhoneError(Reason.NOT_NANP)
    return number


def _rest_reason(rest: str) -> str:
    try:
        _north_american(rest)
    except PhoneError as error:
        return why(error.reason)
    return why(Reason.INVALID)


def why(reason: Reason) -> str:
    sentences = {
        Reason.AREA_CODE: _("there is no such area code"),
        Reason.EXCHANGE: _("the three digits after the area code cannot be right"),
        Reason.EXTENSION: _("leave the extension out"),
        Reason.NOT_NANP: _("only Canadian and US numbers can be ported"),
        Reason.COUNTRY: _("only Canadian and US numbers can be ported"),
        Reason.SERVICE: _("it is too short"),
        Reason.TOO_LONG: _("it is too long"),
    }
    return sentences.get(reason, _("it needs ten digits"))
