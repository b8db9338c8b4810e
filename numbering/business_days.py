"""Business days in Canada: Monday to Friday without federal holidays and those of a province.

The table is ours: two dozen rules that change once in a decade. A fixed holiday on a weekend is kept on the next weekday
that is not a holiday itself.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache

EARLIEST, LATEST = 3, 15  # a port date lies so many business days ahead
CUT_OFF = time(13)  # what comes later in the day counts from the next

MONDAY = 0
FIXED = ((1, 1), (7, 1), (9, 30), (11, 11), (12, 25), (12, 26))
FIXED_IN = {"QC": ((6, 24),), "NT": ((6, 21),), "YT": ((6, 21),), "NU": ((7, 9),), "NL": ()}
FAMILY_DAY = frozenset("AB BC MB NB NS ON PE SK".split())  # third Monday of February, under several names
CIVIC_HOLIDAY = frozenset("AB BC MB NB NT NU ON SK".split())  # first Monday of August


@cache
def holidays(year: int, province: str = "") -> frozenset[date]:
    """Days on which carriers do not work."""
    movable = set(_movable(year, province))
    fixed = [date(year, month, day) for month, day in (*FIXED, *FIXED_IN.get(province, ()))]
    kept: set[date] = set()
    for day in sorted(fixed):
        kept.add(_kept_on(day, movable | kept | {other for other in fixed if other != day}))
    return frozenset(movable | kept)


def _movable(year: int, province: str) -> Iterator[date]:
    yield easter(year) - timedelta(days=2)  # Good Friday
    yield _monday_before(date(year, 5, 25))  # Victoria Day, Journée nationale des patriotes
    yield _nth_monday(year, 9, 1)  # Labour Day
    yield _nth_monday(year, 10, 2)  # Thanksgiving
    if province == "QC":
        yield easter(year) + timedelta(days=1)
    if province in FAMILY_DAY:
        yield _nth_monday(year, 2, 3)
    if province in CIVIC_HOLIDAY:
        yield _nth_monday(year, 8, 1)
    if province == "YT":
        yield _nth_monday(year, 8, 3)  # Discovery Day


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


def _kept_on(day: date, taken: set[date]) -> date:
    if day.weekday() < 5:
        return day
    while day.weekday() >= 5 or day in taken:
        day += timedelta(days=1)
    return day


def _nth_monday(year: int, month: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(MONDAY - first.weekday()) % 7 + 7 * (n - 1))


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
