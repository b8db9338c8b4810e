"""Matching a civic address against the street table.

With the default table, for example (state and country in either form, id or code):

- success: 1250, "Rue Sherbrooke Ouest", Montréal, QC, CA, H3G 1H6
- success: 200, "King Street West", Toronto, ON, CA, M5H 3T4
- failure with alternates: the first as "Sherbrooke Ouest", as "rue Sherbrooke O", or in "Montreal";
  also "King Street West" in Mississauga, where that street is not
- failure without: "Rue de Nulle Part" in Montréal (street_not_found); any street in "Gotham" (city_not_found)
"""

import difflib
import re
import unicodedata

from ..demo.streets import STREETS
from .geo import STATES

MOST_ALTERNATES = 4
CLOSE = 0.82
TYPES = set(
    """
rue avenue av ave boulevard boul blvd bd chemin ch street st road rd drive dr way lane ln place pl court
ct crescent cres cr montee montée cote côte rang route rte parkway pkwy highway hwy terrace
""".split()
)
DIRECTIONS = {
    "ouest": "w",
    "west": "w",
    "o": "w",
    "w": "w",
    "est": "e",
    "east": "e",
    "e": "e",
    "nord": "n",
    "north": "n",
    "n": "n",
    "sud": "s",
    "south": "s",
    "s": "s",
}
ARTICLES = {"de", "la", "le", "du", "des", "l", "d", "the"}
FIRST_LETTERS = {
    "NL": "A",
    "NS": "B",
    "PE": "C",
    "NB": "E",
    "QC": "GHJ",
    "ON": "KLMNP",
    "MB": "R",
    "SK": "S",
    "AB": "T",
    "BC": "V",
    "NT": "X",
    "NU": "X",
    "YT": "Y",
}
ZIP_STARTS = {"NY": "01", "IL": "6", "MA": "0", "CA": "9", "TX": "78", "FL": "3", "WA": "9", "VT": "0", "GA": "3"}


def words(text):
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    return re.findall(r"[a-z0-9]+", bare)


def core(street):
    """(name without type, articles and direction, direction) of a street."""
    name, direction = [], ""
    for word in words(street):
        if word in DIRECTIONS:
            direction = DIRECTIONS[word]
        elif word not in TYPES and word not in ARTICLES:
            name.append(word)
    return " ".join(name), direction


def postal_fits(postal_code, state_code, country_code):
    if country_code == "CA":
        found = re.fullmatch(r"([ABCEGHJ-NPRSTVXY])\d[A-Z] ?\d[A-Z]\d", postal_code.upper(), re.ASCII)
        return bool(found) and found[1] in FIRST_LETTERS.get(state_code, "")
    if not re.fullmatch(r"\d{5}(-\d{4})?", postal_code, re.ASCII):
        return False
    return postal_code[0] in ZIP_STARTS.get(state_code, "0123456789")


def exact(street, city, state_code):
    for one in STREETS:
        if (one.street.lower(), one.city.lower(), one.state) == (street.lower(), city.lower(), state_code):
            return one
    return None


def likeness(entry, name, direction, city):
    """0 for another street, more for a nearer one."""
    known, known_direction = core(entry.street)
    same = difflib.SequenceMatcher(None, known, name).ratio()
    if not name or same < CLOSE:
        return 0
    here = words(entry.city) == words(city)
    return same + (0.5 if here else 0) + (0.2 if known_direction == direction else 0)


def near(street, city, state_code):
    """Streets that may be meant, the likeliest first."""
    name, direction = core(street)
    in_state = [entry for entry in STREETS if entry.state == state_code]
    ranked = sorted(((likeness(e, name, direction, city), i) for i, e in enumerate(in_state)), reverse=True)
    return [in_state[i] for score, i in ranked[:MOST_ALTERNATES] if score > 0]


def city_known(city, state_code):
    return any(words(entry.city) == words(city) and entry.state == state_code for entry in STREETS)


def judge(address):
    """Returns (codes of what is wrong, streets that may be meant); both empty for a good address."""
    state_code, country_code = address["state_code"], address["country_code"]
    codes = []
    if not 1 <= address["civic_number"] <= 9999:
        codes.append("civic_number_not_found")
    alternates = []
    if exact(address["street"], address["city"], state_code) is None:
        alternates = near(address["street"], address["city"], state_code)
        if not alternates:
            codes.append("street_not_found" if city_known(address["city"], state_code) else "city_not_found")
    if not postal_fits(address["postal_code"], state_code, country_code):
        codes.append("postal_code_not_found")
    return codes, alternates


def state_of(values):
    """The two-letter code that the request means, or None."""
    if values.get("state_id"):
        return STATES.get(values["state_id"], ("", None, 0))[1]
    code = (values.get("state_code") or "").upper()
    return code if any(code == known for _, known, _ in STATES.values()) else None
