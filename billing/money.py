"""Amounts as people type them."""

import re
from decimal import Decimal

_BLANKS = re.compile(r"[\s\u00a0\u202f]")
_SIGNS = re.compile(r"^\$|\$$")
_PLAIN = re.compile(r"^\d{1,12}(?:[.,]\d{1,2})?$", re.ASCII)
_ENGLISH_THOUSANDS = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?$", re.ASCII)


class NotMoney(ValueError):
    """The text is no amount, or has two readings ("1.234")."""


def parse_money(text: str) -> Decimal:
    """The amount of "25", "25.00", "25,00", "$1,234.50" or "1 234,50 $". Raises `NotMoney`; never guesses."""
    plain = _SIGNS.sub("", _BLANKS.sub("", text))
    if _ENGLISH_THOUSANDS.match(plain):
        return Decimal(plain.replace(",", ""))
    if _PLAIN.match(plain):
        return Decimal(plain.replace(",", "."))
    raise NotMoney(text)
