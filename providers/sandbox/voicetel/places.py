"""The area codes of this upstream, their towns, and the street table of its emergency service."""

import dataclasses

AREAS = {
    "518": ("PLATTSBURGH", "NY", "PLATTSBG", 134),
    "603": ("MANCHESTER", "NH", "MANCHESTER", 122),
    "207": ("PORTLAND", "ME", "PORTLAND", 120),
    "315": ("SYRACUSE", "NY", "SYRACUSE", 136),
    "413": ("SPRINGFIELD", "MA", "SPRINGFLD", 126),
}


def place_of(number):
    city, state, rate_center, lata = AREAS.get(number[:3], ("", "", "", 0))
    return {"city": city, "state": state, "rate_center": rate_center, "lata": lata}


@dataclasses.dataclass(frozen=True)
class Street:
    street: str
    city: str
    state: str
    zip: str
    highest: int


TABLE = """
MARGARET ST|PLATTSBURGH|NY|12901|480
CORNELIA ST|PLATTSBURGH|NY|12901|640
US OVAL|PLATTSBURGH|NY|12903|150
LAKE SHORE RD|CHAMPLAIN|NY|12919|900
MAIN ST|CHAMPLAIN|NY|12919|1400
RIVER ST|SARANAC LAKE|NY|12983|320
BROADWAY|SARANAC LAKE|NY|12983|220
MAIN ST|SARANAC LAKE|NY|12983|170
ELM ST|MANCHESTER|NH|03101|1800
HANOVER ST|MANCHESTER|NH|03104|1500
SOUTH WILLOW ST|MANCHESTER|NH|03103|2300
COMMERCIAL ST|PORTLAND|ME|04101|600
CONGRESS ST|PORTLAND|ME|04102|1900
FOREST AVE|PORTLAND|ME|04103|1600
SOUTH SALINA ST|SYRACUSE|NY|13202|4900
ERIE BLVD E|SYRACUSE|NY|13210|3700
STATE ST|SPRINGFIELD|MA|01109|1600
SUMNER AVE|SPRINGFIELD|MA|01108|1300
"""
STREETS = [Street(*line.split("|")[:4], int(line.split("|")[4])) for line in TABLE.strip().splitlines()]
