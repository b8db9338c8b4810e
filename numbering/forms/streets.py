"""The line with the street, as 911 needs it: one building on a road. Highway, rang and concession roads are roads too."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from numbering.forms import addresses

_RURAL = re.compile(r"^(?:r\.?\s*r\.?|rural\s+route|route\s+rurale)\s*#?\s*\d+\b", re.IGNORECASE)
_SEVERAL = re.compile(r"^\d+\s*(?:[-–—/&+,]|\bto\b|\bau?\b|\band\b|\bet\b)\s*\d+$", re.IGNORECASE)
_ONE = re.compile(r"[1-9]\d{0,5}", re.ASCII)
_UNIT = re.compile(
    r"(?:\b(?:apt|app|appt|appartement|apartment|suite|ste|bureau|unit|unité|local|étage|floor)\b\.?\s*#?\s*|#\s*)\d+\w?$",
    re.IGNORECASE,
)
# In cities whose streets are numbered, "101 Street NW" begins with a number that belongs to it.
_ONLY_A_KIND = re.compile(
    r"^(?:st|nd|rd|th|e|re|er|ième)?\s*(?:street|st|avenue|av|ave|road|rd|rue|rang|side\s*road|sideroad|line|"
    r"concession|range|boulevard|blvd|highway|hwy)\b\.?(?:\s+(?:n|s|e|w|ne|nw|se|sw|north|south|east|west|nord|sud|est|ouest))?$",
    re.IGNORECASE,
)


def check_civic_number(text: str) -> str:
    """One building. Two houses in one number, or a letter after it, are told apart."""
    if _ONE.fullmatch(text):
        return text
    if _SEVERAL.match(text):
        raise ValidationError(
            _("Give one building only: the one with the door that help should come to."), code="several_houses"
        )
    return addresses.check_civic_number(unicodedata.normalize("NFKC", text))


def check(street: str, civic_number: str) -> str:
    """The street as it is written. Refuses what is no place, and what belongs into another field."""
    if _RURAL.search(street):
        raise ValidationError(
            _(
                "A rural route is how mail is carried, not where the building is. Give its civic number and its road, such "
                "as Highway 7, Rang 5 or Range Road 52."
            ),
            code="rural_route",
        )
    addresses.check_street(street)
    if not any(letter.isalpha() for letter in street):
        raise ValidationError(_("Give the road's name too, such as Highway 7 or Rang 5."), code="no_name")
    if _begins_with_it(street, civic_number):
        words = {"street": street.split(maxsplit=1)[1]}
        raise ValidationError(
            _("The civic number stands here a second time. Leave it out: %(street)s."),
            code="number_twice",
            params=words,
        )
    if found := _UNIT.search(street):
        raise ValidationError(
            _("“%(unit)s” belongs in the unit below."), code="unit_in_street", params={"unit": found[0].strip()}
        )
    return street


def _begins_with_it(street: str, civic_number: str) -> bool:
    first, _blank, rest = street.partition(" ")
    same = bool(civic_number) and first.strip(",") == civic_number
    return same and bool(rest) and not _ONLY_A_KIND.match(rest)
