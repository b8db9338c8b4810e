"""Business days in Canada and the United States: Monday to Friday without national holidays and those of a province.

The table is ours: three dozen rules that change once in a decade. In Canada a fixed holiday on a weekend is kept on the next
weekday that is not a holiday itself; in the United States a Saturday's is kept on Friday, a Sunday's on Monday.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache

from numbering import places

EARLIEST, LATEST = 3, 15  # a port date lies so many business days ahead
CUT_OFF = time(13)  # what comes later in the day counts from the next

MONDAY, THURSDAY, SATURDAY = 0, 3, 5
FIXED = ((1, 1), (7, 1), (9, 30), (11, 11), (12, 25), (12, 26))
FIXED_IN = {"QC": ((6, 24),), "NT": ((6, 21),), "YT": ((6, 21),), "NU": ((7, 9),), "NL": ()}
FAMILY_DAY = frozenset("AB BC MB NB NS ON PE SK".split())  # third Monday of February, under several names
CIVIC_HOLIDAY = frozenset("AB BC MB NB NT NU ON SK".split())  # first Monday of August


FIXED_US = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))


@cache
def holidays(year: int, province: str = "") -> frozenset[date]:
    """Days on which carriers do not work; `province` may be a state of the United States."""
    return _american(year) if province in places.STATES else _canadian(year, province)


def _american(year: int) -> frozenset[date]:
    """Federal holidays. The first of January is kept on the last of December when it is a Saturday."""
    fixed = [date(of, month, day) for of in (year, year + 1) for month, day in FIXED_US]
    kept = {day - timedelta(days=1) if day.weekday() == SATURDAY else _kept_on(day, frozenset()) for day in fixed}
    return frozenset({day for day in kept if day.year == year} | set(_movable_american(year)))


def _movable_american(year: int) -> Iterator[date]:
    yield _nth(MONDAY, year, 1, 3)  # Martin Luther King Jr. Day
    yield _nth(MONDAY, year, 2, 3)  # Washington's Birthday
    yield _monday_before(date(year, 6, 1))  # Memorial Day
    yield _nth(MONDAY, year, 9, 1)  # Labor Day
    yield _nth(MONDAY, year, 10, 2)  # Columbus Day
    yield _nth(THURSDAY, year, 11, 4)  # Thanksgiving


def _canadian(year: int, province: str) -> frozenset[date]:
    movable = set(_movable(year, province))
    fixed = [date(year, month, day) for month, day in (*FIXED, *FIXED_IN.get(province, ()))]
    kept: set[date] = set()
    for day in sorted(fixed):
        kept.add(_kept_on(day, movable | kept | {other for other in fixed if other != day}))
    return frozenset(movable | kept)


def _movable(year: int, province: str) -> Iterator[date]:
    yield easter(year) - timedelta(days=2)  # Good Friday
    yield _monday_before(date(year, 5, 25))  # Victoria Day, Journée nationale des patriotes
    yield _nth(MONDAY, year, 9, 1)  # Labour Day
    yield _nth(MONDAY, year, 10, 2)  # Thanksgiving
    if province == "QC":
        yield easter(year) + timedelta(days=1)
    if province in FAMILY_DAY:
        yield _nth(MONDAY, year, 2, 3)
    if province in CIVIC_HOLIDAY:
        yield _nth(MONDAY, year, 8, 1)
    if province == "YT":
        yield _nth(MONDAY, year, 8, 3)  # Discovery Day


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _kept_on(day: date, taken: frozenset[date] | set[date]) -> date:
    if day.weekday() < 5:
        return day
    while day.weekday() >= 5 or day in taken:
        day += timedelta(days=1)
    return day


def _nth(weekday: int, year: int, month: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def _monday_before(day: date) -> date:
    return day - timedelta(days=(day.weekday() - MONDAY) % 7 or 7)


def is_business_day(day: date, province: str = "") -> bool:
    return day.weekday() < 5 and day not in holidays(day.year, province)


def after(day: date, count: int, province: str = "") -> date:
    """The `count`-th business day after `day`."""
    while count:
        day += timedelta(days=1)
        count -= is_business_day(day, province)
    return day


def weekday_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def port_window(now: datetime, province: str = "") -> tuple[date, date]:
    """First and last date that may be wished for, `now` being local time.

    Whether the upstream counts holidays is not documented. The first day counts them and the last does not, so that both
    are within its window either way.
    """
    today = now.date()
    counted_from = today + timedelta(days=1) if now.time() >= CUT_OFF else today
    return after(counted_from, EARLIEST, province), weekday_after(today, LATEST)
