"""What calls cost: by the beginning of the number called, in CAD per minute and in steps of so many seconds."""

import decimal
import functools

from ..demo.places import AREAS, TOLLFREE
from . import checks
from .checks import P
from .desk import Refusal
from .geo import CANADA, COUNTRIES, STATE_BY_CODE, STATES, USA
from .wire import E, row

GET_RATES = (
    P("code", checks.digits(low=1, high=15)),
    P("country_id", checks.integer(1)),
    P("state_id", checks.integer(1)),
)
ABROAD = """
213 3 0.1250 30|2135 3 0.4900 30 Mobile|2136 3 0.4900 30 Mobile|43 14 0.0180 6|436 14 0.1150 6 Mobile|
32 21 0.0190 6|324 21 0.1250 6 Mobile|55 30 0.0240 6|5511 30 0.0160 6 São Paulo|5521 30 0.0170 6 Rio de Janeiro|
86 44 0.0140 6|8610 44 0.0130 6 Beijing|8621 44 0.0130 6 Shanghai|861 44 0.0140 6 Mobile|
33 73 0.0160 6|331 73 0.0120 6 Paris|336 73 0.0390 6 Mobile|337 73 0.0390 6 Mobile|339 73 0.0290 6 VoIP|
49 80 0.0170 6|4930 80 0.0110 6 Berlin|4989 80 0.0110 6 Munich|4915 80 0.0490 6 Mobile|4917 80 0.0490 6 Mobile|
509 91 0.3100 6|5093 91 0.3700 6 Mobile|91 99 0.0210 6|9111 99 0.0190 6 New Delhi|9122 99 0.0190 6 Mumbai|
919 99 0.0220 6 Mobile|39 105 0.0170 6|3906 105 0.0110 6 Rome|393 105 0.1290 6 Mobile|81 107 0.0390 6|
813 107 0.0310 6 Tokyo|8190 107 0.1390 6 Mobile|961 118 0.1090 6|9613 118 0.1790 6 Mobile|52 138 0.0190 60|
5255 138 0.0140 60 Mexico City|5233 138 0.0140 60 Guadalajara|521 138 0.0250 60 Mobile|212 144 0.2700 6|
2126 144 0.5900 6 Mobile|351 171 0.0190 6|3519 171 0.0890 6 Mobile|34 195 0.0150 6|346 195 0.0490 6 Mobile|
41 204 0.0290 6|417 204 0.2790 6 Mobile|216 213 0.4100 30|2169 213 0.7200 30 Mobile|44 222 0.0150 6|
4420 222 0.0110 6 London|447 222 0.0420 6 Mobile|448 222 0.0900 6 Special
"""
NORTH = {"1867": (CANADA, "North", "0.1900"), "1907": (USA, "Alaska", "0.0650"), "1808": (USA, "Hawaii", "0.0190")}
CANADA_RATE, USA_RATE, TOLLFREE_RATE = "0.0085", "0.0095", "0.0000"
LOCAL_IN, TOLLFREE_IN, DIRECTORY, EMERGENCY = "0.0060", "0.0290", "0.9900", "0.0000"


def table():
    """code: (destination, country, state or "", rate, step)."""
    found = {"1": ("Canada", CANADA, "", CANADA_RATE, 6)}
    for npa, area in AREAS.items():
        state = STATE_BY_CODE[area.state]
        country = STATES[state][2]
        rate = CANADA_RATE if country == CANADA else USA_RATE
        found["1" + npa] = (f"{COUNTRIES[country][0]} - {area.city}", country, state, rate, 6)
    for npa in TOLLFREE:
        found["1" + npa] = ("Toll free", CANADA, "", TOLLFREE_RATE, 6)
    for code, (country, name, rate) in NORTH.items():
        found[code] = (f"{COUNTRIES[country][0]} - {name}", country, "", rate, 6)
    for entry in ABROAD.replace("\n", "").split("|"):
        code, country, rate, step, *name = entry.split(" ", 4)
        title = COUNTRIES[int(country)][0] + (f" - {name[0]}" if name else "")
        found[code] = (title, int(country), "", rate, int(step))
    return found


RATES = table()


@functools.lru_cache(maxsize=4096)
def rate_to(number):
    """(rate, step, country, state) of the longest code that the number begins with."""
    full = "1" + number if len(number) == 10 else number
    for length in range(len(full), 0, -1):
        if full[:length] in RATES:
            _, country, state, rate, step = RATES[full[:length]]
            return rate, step, country, state
    return "0.4500", 60, 0, ""


@functools.lru_cache(maxsize=4096)
def price(rate, step, seconds):
    """(billed seconds, amount with four decimals): each step that was begun counts."""
    billed = -(-seconds // step) * step
    amount = decimal.Decimal(rate) * billed / 60
    return billed, str(amount.quantize(decimal.Decimal("0.0001"), decimal.ROUND_HALF_UP))


def fits(wanted, code, entry):
    _, country, state, *_ = entry
    asked = wanted.get("code")
    if asked and not code.startswith(asked) and not asked.startswith(code):
        return False
    if wanted.get("country_id") not in (None, "", country):
        return False
    return wanted.get("state_id") in (None, "", state)


def get_rates(desk):
    wanted = desk.values
    if not any(wanted.get(name) for name in ("code", "country_id", "state_id")):
        raise Refusal("search_parameters_required")
    if wanted.get("country_id") and wanted["country_id"] not in COUNTRIES:
        raise Refusal("country_id_invalid")
    if wanted.get("state_id") and wanted["state_id"] not in STATES:
        raise Refusal("state_id_invalid")
    return [
        E("rates", [shown(desk, code, entry) for code, entry in sorted(RATES.items()) if fits(wanted, code, entry)])
    ]


def shown(desk, code, entry):
    name, country, state, rate, step = entry
    values = {
        "code": code,
        "description": name,
        "country_id": country,
        "country": COUNTRIES[country][0],
        "state_id": state,
        "rate": f"{desk.amount(rate):.4f}",
        "currency": desk.currency,
        "increment": step,
    }
    return row("rate_details", "code", values)
