"""Quiet hours: when a campaign's text may reach somebody, by the clock of where that number can be.

Pure functions. A mobile is not bound to its exchange, so an area code stands in every time zone it reaches, and a text
waits until the hour is good in all of them; where the area code tells nothing, until it is good everywhere in North
America. What a person writes to a person is never held, and neither is an answer to a keyword.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone as zones_of
from phonenumbers.tzdata import TIMEZONE_DATA

from messaging.models import Message
from providers.clients import phones

HELD = frozenset({Message.Kind.CAMPAIGN})
AHEAD = 9  # days that are looked at: the narrowest of all rules opens within three


@dataclass(frozen=True, slots=True)
class Rule:
    """From when until when on each day of the week, Monday first; the end is the first moment that is too late."""

    name: str
    week: tuple[tuple[time, time], ...]


def _rule(name: str, weekdays: tuple, saturday: tuple = (), sunday: tuple = ()) -> Rule:
    saturday = saturday or weekdays
    return Rule(name, (weekdays,) * 5 + (saturday, sunday or saturday))


# Solicitations by call or text, 8:00 to 21:00 of the called party's clock: 47 CFR 64.1200(c)(1).
FEDERAL = _rule("US", (time(8), time(21)))
# Telemarketing, 9:00 to 21:30 on weekdays and 10:00 to 18:00 on weekends: CRTC Unsolicited Telecommunications Rules,
# part III. They speak of calls; a text that wakes somebody is no better.
CANADA = _rule("CA", (time(9), time(21, 30)), (time(10), time(18)))
# Where no rule is known to us, hours that nobody will mind.
ELSEWHERE = _rule("other", (time(9), time(20)))
# States with shorter hours than the federal ones, and the area codes that lie in them.
STATES = {
    # Florida Telephone Solicitation Act, s. 501.616(6): 8:00 to 20:00.
    _rule("FL", (time(8), time(20))): "239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954",
    # Maryland, Stop the Spam Calls Act (2023): 8:00 to 20:00.
    _rule("MD", (time(8), time(20))): "227 240 301 410 443 667",
    # Mississippi, Code s. 77-3-723: 8:00 to 20:00.
    _rule("MS", (time(8), time(20))): "228 471 601 662 769",
    # New Jersey, telemarketing rules of the Division of Consumer Affairs: 8:00 to 20:00.
    _rule("NJ", (time(8), time(20))): "201 551 609 640 732 848 856 862 908 973",
    # Oklahoma Telephone Solicitation Act (2022): 8:00 to 20:00.
    _rule("OK", (time(8), time(20))): "405 539 572 580 918",
    # Connecticut, Public Act 23-98: 9:00 to 20:00.
    _rule("CT", (time(9), time(20))): "203 475 860 959",
    # Texas, Business and Commerce Code ch. 301 and 302: 9:00 to 21:00, on Sundays from noon.
    _rule("TX", (time(9), time(21)), (time(9), time(21)), (time(12), time(21))):
        "210 214 254 281 325 346 361 409 430 432 469 512 621 682 713 726 737 806 817 830 832 903 915 936 940 945 956 972 979",
    # Rhode Island, General Laws s. 5-61-3.6: 9:00 to 18:00 on weekdays, 10:00 to 17:00 on weekends.
    _rule("RI", (time(9), time(18)), (time(10), time(17))): "401",
}  # fmt: skip
STATE_OF = {code: rule for rule, codes in STATES.items() for code in codes.split()}
# The first and the last clock of North America: what is good by both is good by all between them.
EVERYWHERE = ("America/St_Johns", "Pacific/Honolulu")
# New codes over the same ground as an older one, which the library places in one of its zones only.
OVERLAYS = {
    "364": "270",
    "448": "850",
    "930": "812",
    "327": "870",
    "235": "573",
    "879": "709",
    "468": "819",
    "584": "204",
}


def next_window(number: str, moment: datetime, kind: str = Message.Kind.CAMPAIGN) -> datetime:
    """The first moment from `moment` on at which a text of this kind may go to this number."""
    if kind not in HELD:
        return moment
    for start, end in _windows(*place_of(number), moment.astimezone(UTC).date()):
        if end > moment:
            return max(start, moment)
    raise AssertionError("every week has an hour that is good for all rules")  # held by a test


def is_quiet(number: str, moment: datetime, kind: str = Message.Kind.CAMPAIGN) -> bool:
    return next_window(number, moment, kind) != moment


def place_of(number: str) -> tuple[tuple[str, ...], tuple[Rule, ...]]:
    """The time zones a number can be in, and the rules that hold there."""
    if not phones.is_nanp(number):
        return _abroad(number), (ELSEWHERE,)
    return _area(number[2:5])


@lru_cache(maxsize=1024)
def _area(code: str) -> tuple[tuple[str, ...], tuple[Rule, ...]]:
    zones = _zones_of_area(code) | (_zones_of_area(OVERLAYS[code]) if code in OVERLAYS else set())
    if not zones or phones.is_toll_free(f"+1{code}2000000"):
        return EVERYWHERE, (FEDERAL, CANADA, *STATES)
    if code in STATE_OF:
        return tuple(sorted(zones)), (FEDERAL, STATE_OF[code])
    return tuple(sorted(zones)), ({"CA": CANADA, "US": FEDERAL}.get(phones.region(f"+1{code}2000000"), ELSEWHERE),)


def _zones_of_area(code: str) -> set[str]:
    """Every zone in which one of its exchanges lies."""
    return {zone for zone in _BY_AREA.get(code, ()) if zone != "Etc/Unknown"}


def _by_area() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for prefix, zones in TIMEZONE_DATA.items():
        if prefix[0] == "1" and len(prefix) >= 4:
            found.setdefault(prefix[1:4], set()).update(zones)
    return found


_BY_AREA = _by_area()


def _abroad(number: str) -> tuple[str, ...]:
    try:
        found = zones_of.time_zones_for_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return ("UTC",)
    return tuple(zone for zone in found if zone != "Etc/Unknown") or ("UTC",)


@lru_cache(maxsize=4096)
def _windows(zones: tuple[str, ...], rules: tuple[Rule, ...], first: date) -> list[tuple[datetime, datetime]]:
    """The stretches of time, in UTC, that are good by every rule in every zone, from a day before on."""
    open_in_all = None
    for zone in zones:
        stretches = [_day(ZoneInfo(zone), rules, first + timedelta(days=n)) for n in range(-1, AHEAD)]
        here = [stretch for stretch in stretches if stretch[0] < stretch[1]]
        open_in_all = here if open_in_all is None else _both(open_in_all, here)
    return open_in_all or []


def _day(zone: ZoneInfo, rules: Iterable[Rule], day: date) -> tuple[datetime, datetime]:
    hours = [rule.week[day.weekday()] for rule in rules]
    start, end = max(start for start, _ in hours), min(end for _, end in hours)
    return tuple(datetime.combine(day, clock, zone).astimezone(UTC) for clock in (start, end))


def _both(ours: list, theirs: list) -> list[tuple[datetime, datetime]]:
    """Where two lists of stretches overlap, both in order."""
    found = [(max(a[0], b[0]), min(a[1], b[1])) for a in ours for b in theirs if a[0] < b[1] and b[0] < a[1]]
    return sorted(found)
