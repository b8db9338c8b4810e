"""What a look-up knows about a North American number."""

import re
import zlib

from ..demo import places

OWN_AREAS = {"263": "Montréal", "354": "Granby", "367": "Québec"}  # where this upstream's numbers live
CARRIERS = ("Fleuve Mobile", "Nordet Telecom", "Cablo-Est")
KINDS = ("wireless", "wireless", "landline", "voip")
GOOD = re.compile(r"[2-9][0-8][0-9][2-9][0-9]{6}", re.ASCII)
UNITED_STATES = {"NY", "IL", "CA", "MA", "VT", "FL", "WA", "TX"}


def facts(number, own):
    """A row of the look-up; a number outside the plan is not valid and has nothing more to tell."""
    if not GOOD.fullmatch(number):
        return row(number, "false", "", "", "", "", "")
    area = places.place_of(number[:3])
    carriers = area.carriers if area else CARRIERS
    lot = zlib.crc32(number.encode())
    abroad = area is not None and area.state in UNITED_STATES
    return row(
        number,
        "true",
        area.city if area else OWN_AREAS.get(number[:3], ""),
        "United States" if abroad else "Canada",
        "US" if abroad else "CA",
        "MyOwnTelco" if f"+1{number}" in own else carriers[lot % len(carriers)],
        "voip" if f"+1{number}" in own else KINDS[lot // 7 % len(KINDS)],
    )


def row(number, valid, place, country, code, carrier, kind):
    return {
        "Valid": valid,
        "Number": number,
        "Location": place,
        "Country": country,
        "Country_code": code,
        "Carrier": carrier,
        "Linetype": kind,
    }
