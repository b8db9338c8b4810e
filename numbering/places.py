"""Provinces and states by their two letters, and what a postal code looks like in each country.

No province shares its letters with a state, so two letters tell the country as well.
"""

import re
from collections.abc import Iterable
from functools import cache

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

PROVINCES = {
    "AB": _("Alberta"), "BC": _("British Columbia"), "MB": _("Manitoba"), "NB": _("New Brunswick"),
    "NL": _("Newfoundland and Labrador"), "NS": _("Nova Scotia"), "NT": _("Northwest Territories"), "NU": _("Nunavut"),
    "ON": _("Ontario"), "PE": _("Prince Edward Island"), "QC": _("Québec"), "SK": _("Saskatchewan"), "YT": _("Yukon"),
}  # fmt: skip
STATES = {
    "AL": _("Alabama"), "AK": _("Alaska"), "AZ": _("Arizona"), "AR": _("Arkansas"), "CA": _("California"),
    "CO": _("Colorado"), "CT": _("Connecticut"), "DE": _("Delaware"), "DC": _("District of Columbia"),
    "FL": _("Florida"), "GA": _("Georgia"), "HI": _("Hawaii"), "ID": _("Idaho"), "IL": _("Illinois"),
    "IN": _("Indiana"), "IA": _("Iowa"), "KS": _("Kansas"), "KY": _("Kentucky"), "LA": _("Louisiana"),
    "ME": _("Maine"), "MD": _("Maryland"), "MA": _("Massachusetts"), "MI": _("Michigan"), "MN": _("Minnesota"),
    "MS": _("Mississippi"), "MO": _("Missouri"), "MT": _("Montana"), "NE": _("Nebraska"), "NV": _("Nevada"),
    "NH": _("New Hampshire"), "NJ": _("New Jersey"), "NM": _("New Mexico"), "NY": _("New York"),
    "NC": _("North Carolina"), "ND": _("North Dakota"), "OH": _("Ohio"), "OK": _("Oklahoma"), "OR": _("Oregon"),
    "PA": _("Pennsylvania"), "RI": _("Rhode Island"), "SC": _("South Carolina"), "SD": _("South Dakota"),
    "TN": _("Tennessee"), "TX": _("Texas"), "UT": _("Utah"), "VT": _("Vermont"), "VA": _("Virginia"),
    "WA": _("Washington"), "WV": _("West Virginia"), "WI": _("Wisconsin"), "WY": _("Wyoming"),
}  # fmt: skip
REGIONS = PROVINCES | STATES

# Canada Post: no D, F, I, O, Q or U anywhere, no W or Z at the start; the first letter is the province.
_CANADIAN = re.compile(r"^([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]) ?(\d[ABCEGHJ-NPRSTV-Z]\d)$", re.ASCII)
_AMERICAN = re.compile(r"^\d{5}(-\d{4})?$", re.ASCII)
_FIRST_LETTERS = {
    "NL": "A", "NS": "B", "PE": "C", "NB": "E", "QC": "GHJK", "ON": "KLMNP", "MB": "R", "SK": "S", "AB": "T", "BC": "V",
    "NT": "X", "NU": "X", "YT": "Y",
}  # fmt: skip


def country_of(region: str) -> str:
    return "CA" if region in PROVINCES else "US" if region in STATES else ""


def region_name(told: str) -> str:
    """A province or state in the language of the page, from its two letters or its English name; else as it was told."""
    return str(REGIONS.get(told.upper()) or REGIONS.get(_letters().get(_plain(told), ""), told))


def letters_of(told: str) -> str:
    """The two letters of a province or state, however it was told; what is none of them stays as it is."""
    return told.upper() if told.upper() in REGIONS else _letters().get(_plain(told), told)


@cache
def _letters() -> dict[str, str]:
    with override("en"):
        return {_plain(str(name)): letters for letters, name in REGIONS.items()}


def _plain(name: str) -> str:
    return name.casefold().replace("é", "e")


def region_choices(countries: Iterable[str] = ("CA", "US")) -> list:
    groups = {
        "CA": (_("Canada"), list(PROVINCES.items())),
        "US": (_("United States"), sorted(STATES.items(), key=lambda item: str(item[1]))),
    }
    return [("", _("Choose…")), *(groups[country] for country in countries)]


def postal_code(text: str, country: str) -> str:
    """The code as it is written, or "" when it is none."""
    plain = " ".join(text.upper().replace("-", " " if country == "CA" else "-").split())
    if country == "US":
        return plain if _AMERICAN.match(plain) else ""
    found = _CANADIAN.match(plain)
    return f"{found[1]} {found[2]}" if found else ""


def fits(code: str, region: str) -> bool:
    """Whether a Canadian code can be in the province. Federal offices in Gatineau have Ottawa's K, hence Québec's fourth letter."""
    return region not in _FIRST_LETTERS or code[:1] in _FIRST_LETTERS[region]
