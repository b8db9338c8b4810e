"""Provinces and states by their two letters, and what a postal code looks like in each country.

No province shares its letters with a state, so two letters tell the country as well.
"""

import re

from django.utils.translation import gettext_lazy as _

PROVINCES = {
    "AB": _("Alberta"), "BC": _("British Columbia"), "MB": _("Manitoba"), "NB": _("New Brunswick"),
    "NL": _("Newfoundland and Labrador"), "NS": _("Nova Scotia"), "NT": _("Northwest Territories"), "NU": _("Nunavut"),
    "ON": _("Ontario"), "PE": _("Prince Edward Island"), "QC": _("Québec"), "SK": _("Saskatchewan"), "YT": _("Yukon"),
}  # fmt: skip
STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii",
    "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi",
    "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey",
    "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
    "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington",
    "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip

# Canada Post: no D, F, I, O, Q or U anywhere, no W or Z at the start; the first letter is the province.
_CANADIAN = re.compile(r"^([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]) ?(\d[ABCEGHJ-NPRSTV-Z]\d)$", re.ASCII)
_AMERICAN = re.compile(r"^\d{5}(-\d{4})?$", re.ASCII)
_FIRST_LETTERS = {
    "NL": "A", "NS": "B", "PE": "C", "NB": "E", "QC": "GHJK", "ON": "KLMNP", "MB": "R", "SK": "S", "AB": "T", "BC": "V",
    "NT": "X", "NU": "X", "YT": "Y",
}  # fmt: skip


def country_of(region: str) -> str:
    return "CA" if region in PROVINCES else "US" if region in STATES else ""


def region_choices() -> list:
    return [
        ("", _("Choose…")),
        (_("Canada"), list(PROVINCES.items())),
        (_("United States"), sorted(STATES.items(), key=lambda item: item[1])),
    ]


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
