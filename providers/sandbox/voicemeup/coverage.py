"""Where numbers can be had: area codes, exchanges and rate centres."""

import datetime

from ..demo.places import AREAS
from . import checks
from .checks import P
from .desk import Refusal
from .geo import COUNTRIES, STATE_BY_CODE, STATES, state_fields
from .wire import E, row

GET_AREACODES = (
    P("npa", checks.digits(3)),
    P("ratecenter_id", checks.digits(6)),
    P("country_id", checks.integer(1)),
    P("state_id", checks.integer(1)),
)
PLACE = (
    P("npa", checks.digits(3)),
    P("nxx", checks.digits(3)),
    P("ratecenter_id", checks.digits(6)),
    P("state_id", checks.integer(1)),
    P("country_id", checks.integer(1)),
)
PAGE = (
    P("updated_since", checks.date),
    P("result_limit", checks.integer(1, 1000)),
    P("result_offset", checks.integer(0)),
)
GET_EXCHANGES = (*PLACE, P("portability", checks.flag), P("availability", checks.flag), *PAGE)
GET_RATECENTERS = (*PLACE, *PAGE)
# latitude and longitude of the cities
SPOTS = {
    "Montréal": (45.5019, -73.5674), "Laval": (45.6066, -73.7124), "Longueuil": (45.5312, -73.5181),
    "Québec": (46.8139, -71.2080), "Gatineau": (45.4765, -75.7013), "Sherbrooke": (45.4042, -71.8929),
    "Ottawa": (45.4215, -75.6972), "Kingston": (44.2312, -76.4860), "Toronto": (43.6532, -79.3832),
    "Mississauga": (43.5890, -79.6441), "Hamilton": (43.2557, -79.8711), "London": (42.9849, -81.2453),
    "Vancouver": (49.2827, -123.1207), "Burnaby": (49.2488, -122.9805), "Victoria": (48.4284, -123.3656),
    "Calgary": (51.0447, -114.0719), "Edmonton": (53.5461, -113.4938), "Regina": (50.4452, -104.6189),
    "Winnipeg": (49.8951, -97.1384), "Halifax": (44.6488, -63.5752), "Moncton": (46.0878, -64.7782),
    "St. John's": (47.5615, -52.7126), "New York": (40.7128, -74.0060), "Chicago": (41.8781, -87.6298),
    "San Francisco": (37.7749, -122.4194), "Boston": (42.3601, -71.0589), "Burlington": (44.4759, -73.2121),
    "Miami": (25.7617, -80.1918), "Seattle": (47.6062, -122.3321), "Austin": (30.2672, -97.7431),
}  # fmt: skip
FICTIONAL = "555"
EXCHANGES = ("226", "284", "317", "388", "446", "497", FICTIONAL, "603", "668", "739", "845", "926")


def place_of(area):
    return {"ratecenter_id": area.ratecenter_id, "ratecenter": area.city.upper(), **state_fields(area.state)}


def updated(desk, key):
    """The day of the last change of an entry: some day of the last year, always the same one for a key."""
    return (desk.today() - datetime.timedelta(days=key % 360)).isoformat()


def checked(desk):
    """The filters that were sent; country and state must exist."""
    values = {name: value for name, value in desk.values.items() if value not in (None, "")}
    codes = []
    if values.get("country_id", 38) not in COUNTRIES:
        codes.append("country_id_invalid")
    if values.get("state_id", 1) not in STATES:
        codes.append("state_id_invalid")
    if codes:
        raise Refusal(*codes)
    return values


def covered(values, npa, area):
    state_id = STATE_BY_CODE[area.state]
    facts = {
        "npa": npa,
        "ratecenter_id": str(area.ratecenter_id),
        "state_id": state_id,
        "country_id": STATES[state_id][2],
    }
    return all(facts[name] == value for name, value in values.items() if name in facts)


def get_did_areacodes(desk):
    values = checked(desk)
    rows = [
        row("areacode_details", "npa", {"npa": npa, **state_fields(area.state)})
        for npa, area in sorted(AREAS.items())
        if covered(values, npa, area)
    ]
    return [E("areacodes", rows)]


def page(values, rows):
    offset = values.get("result_offset") or 0
    return rows[offset : offset + (values.get("result_limit") or 25)]


def exchanges(desk, values):
    """Each area code has the fictional exchange, which has numbers for sale, and a few others."""
    stocked = {number["npa"] for number in desk.upstream.state["inventory"].values()}
    for npa, area in sorted(AREAS.items()):
        if not covered(values, npa, area):
            continue
        for i, nxx in enumerate(EXCHANGES):
            key = int(npa) * 7 + i * 31
            facts = {"npa": npa, "nxx": nxx, **place_of(area)}
            facts["portability"] = "0" if key % 11 == 0 and nxx != FICTIONAL else "1"
            facts["availability"] = "1" if nxx == FICTIONAL and npa in stocked else "0"
            yield {**facts, "date_updated": updated(desk, key)}


def get_did_exchanges(desk):
    values = checked(desk)
    wanted = [(name, values[name]) for name in ("nxx", "portability", "availability") if name in values]
    since = values.get("updated_since", "")
    found = [
        one
        for one in exchanges(desk, values)
        if one["date_updated"] >= since and all(one[name] == value for name, value in wanted)
    ]
    return [E("exchanges", [row("exchange_details", "npa", one) for one in page(values, found)])]


def get_ratecenters(desk):
    values, found = checked(desk), []
    for npa, area in sorted(AREAS.items()):
        facts = {
            "ratecenter_id": area.ratecenter_id,
            "ratecenter": area.city.upper(),
            "district": area.city,
            "npa": npa,
            "nxx": values.get("nxx", FICTIONAL),
            **state_fields(area.state),
            "latitude": f"{SPOTS[area.city][0]:.4f}",
            "longitude": f"{SPOTS[area.city][1]:.4f}",
            "date_updated": updated(desk, area.ratecenter_id),
        }
        known = values.get("nxx", FICTIONAL) in EXCHANGES
        if known and covered(values, npa, area) and facts["date_updated"] >= values.get("updated_since", ""):
            found.append(row("ratecenter_details", "ratecenter_id", facts))
    return [E("ratecenters", page(values, found))]
