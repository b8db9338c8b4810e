"""Street addresses in the parts that carriers and 911 want, and back into lines.

Abbreviations are those of the US Postal Service, which both ends write.
"""

import re
from dataclasses import dataclass

# 911 units: ours (EmergencyAddress.unit_type) and theirs.
UNITS = {
    "apartment": "APT",
    "basement": "BSMT",
    "building": "BLDG",
    "department": "DEPT",
    "floor": "FL",
    "front": "FRNT",
    "hanger": "HNGR",
    "key": "KEY",
    "lobby": "LBBY",
    "lot": "LOT",
    "lower": "LOWR",
    "office": "OFC",
    "penthouse": "PH",
    "pier": "PIER",
    "rear": "REAR",
    "room": "RM",
    "side": "SIDE",
    "slip": "SLIP",
    "space": "SPC",
    "stop": "STOP",
    "suite": "STE",
    "trailer": "TRLR",
    "unit": "UNIT",
    "upper": "UPPR",
}
# Street types: how people write them, and the abbreviation.
TYPES = {
    "ALLEY": "ALY",
    "AVENUE": "AVE",
    "BOULEVARD": "BLVD",
    "CENTER": "CTR",
    "CIRCLE": "CIR",
    "COURT": "CT",
    "CROSSING": "XING",
    "DRIVE": "DR",
    "EXPRESSWAY": "EXPY",
    "HIGHWAY": "HWY",
    "LANE": "LN",
    "LOOP": "LOOP",
    "PARKWAY": "PKWY",
    "PATH": "PATH",
    "PIKE": "PIKE",
    "PLACE": "PL",
    "PLAZA": "PLZ",
    "ROAD": "RD",
    "ROUTE": "RTE",
    "ROW": "ROW",
    "SQUARE": "SQ",
    "STREET": "ST",
    "TERRACE": "TER",
    "TRAIL": "TRL",
    "TURNPIKE": "TPKE",
    "WALK": "WALK",
    "WAY": "WAY",
}
DIRECTIONS = {
    "NORTH": "N",
    "SOUTH": "S",
    "EAST": "E",
    "WEST": "W",
    "NORTHEAST": "NE",
    "NORTHWEST": "NW",
    "SOUTHEAST": "SE",
    "SOUTHWEST": "SW",
}
_SHORT_TYPES = frozenset(TYPES.values())
_SHORT_DIRECTIONS = frozenset(DIRECTIONS.values())
_OUR_UNITS = {theirs: ours for ours, theirs in UNITS.items()} | {ours.upper(): ours for ours in UNITS} | {"#": "unit"}
_CIVIC = re.compile(r"^(\d[\w/-]*)\s+(.+)$")


@dataclass(frozen=True, slots=True)
class Street:
    """The four parts of "N Main Street"; `kind` and the directions abbreviated, "" where there is none."""

    name: str
    kind: str = ""
    before: str = ""
    after: str = ""


def parts_of(street: str) -> Street:
    """The parts of a street's name. What is no known type or direction belongs to the name."""
    words = street.upper().replace(".", "").replace(",", " ").split()
    before = after = kind = ""
    if len(words) > 1 and _direction(words[-1]):
        after = _direction(words.pop())
    if len(words) > 1 and _type(words[-1]):
        kind = _type(words.pop())
    if len(words) > 1 and _direction(words[0]):
        before = _direction(words.pop(0))
    return Street(" ".join(words), kind, before, after)


def civic_and_street(line: str) -> tuple[str, str]:
    """ "100 MAIN ST" in two; a line without a number is all street."""
    found = _CIVIC.match(line.strip())
    return found.groups() if found else ("", line.strip())


def unit_line(unit_type: str, unit: str) -> str:
    """Ours to "STE 5"; a type that we do not know goes as it is."""
    return " ".join(filter(None, (UNITS.get(unit_type, unit_type.upper()), unit)))


def unit_of(line: str) -> tuple[str, str]:
    """ "STE 5" to our type and number; a line that begins with no known type is all number."""
    first, _, rest = line.strip().partition(" ")
    if first.startswith("#") and len(first) > 1:
        first, rest = "#", f"{first[1:]} {rest}"
    ours = _OUR_UNITS.get(first.upper().rstrip("."))
    return (ours, rest.strip()) if ours else ("", line.strip())


def _type(word: str) -> str:
    return TYPES.get(word, word if word in _SHORT_TYPES else "")


def _direction(word: str) -> str:
    return DIRECTIONS.get(word, word if word in _SHORT_DIRECTIONS else "")
