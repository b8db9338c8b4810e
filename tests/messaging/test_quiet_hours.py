"""Quiet hours by the recipient's own clock (C12, R18): zones of area codes, rules of countries and states, DST."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from messaging import quiet
from messaging.models import Message

MONTREAL, HALIFAX_OR_ST_JOHNS, VANCOUVER = "+15145550134", "+17095550134", "+16045550134"


def at(text: str, zone: str = "America/Toronto") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def opens(number: str, moment: datetime, zone: str = "America/Toronto") -> str:
    return quiet.next_window(number, moment).astimezone(ZoneInfo(zone)).strftime("%a %H:%M")


def test_in_the_open_hours_nothing_is_held():
    noon = at("2026-11-18T12:00")
    assert quiet.next_window(MONTREAL, noon) == noon and not quiet.is_quiet(MONTREAL, noon)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-18T08:59", "Wed 09:00"),
        ("2026-11-18T21:29", "Wed 21:29"),
        ("2026-11-18T21:30", "Thu 09:00"),
        ("2026-11-20T21:30", "Sat 10:00"),
        ("2026-11-21T18:00", "Sun 10:00"),
        ("2026-11-22T18:00", "Mon 09:00"),
    ],
)
def test_canadian_hours_differ_on_weekends(moment, expected):
    assert opens(MONTREAL, at(moment)) == expected


@pytest.mark.parametrize(
    ("number", "moment", "zone", "expected"),
    [
        ("+12125550134", "2026-11-18T07:00", "America/New_York", "Wed 08:00"),
        ("+12125550134", "2026-11-18T20:59", "America/New_York", "Wed 20:59"),
        ("+13055550134", "2026-11-18T20:00", "America/New_York", "Thu 08:00"),  # Florida
        ("+12035550134", "2026-11-18T08:30", "America/New_York", "Wed 09:00"),  # Connecticut
        ("+12145550134", "2026-11-22T09:30", "America/Chicago", "Sun 12:00"),  # Texas, a Sunday
        ("+14015550134", "2026-11-18T18:00", "America/New_York", "Thu 09:00"),  # Rhode Island
        ("+14015550134", "2026-11-21T17:00", "America/New_York", "Sun 10:00"),
        ("+14055550134", "2026-11-18T20:30", "America/Chicago", "Thu 08:00"),  # Oklahoma
        ("+13015550134", "2026-11-18T20:30", "America/New_York", "Thu 08:00"),  # Maryland
        ("+16015550134", "2026-11-18T20:30", "America/Chicago", "Thu 08:00"),  # Mississippi
        ("+12015550134", "2026-11-18T20:30", "America/New_York", "Thu 08:00"),  # New Jersey
    ],
)
def test_states_with_shorter_hours(number, moment, zone, expected):
    assert opens(number, at(moment, zone), zone) == expected


def test_an_area_code_in_two_zones_waits_for_both():
    """850 lies in Eastern and Central time; Florida's hours are 8 to 20 by either clock."""
    assert opens("+18505550134", at("2026-11-18T08:30", "America/New_York"), "America/New_York") == "Wed 09:00"
    assert opens("+18505550134", at("2026-11-18T19:30", "America/Chicago"), "America/Chicago") == "Thu 08:00"
    assert opens(HALIFAX_OR_ST_JOHNS, at("2026-11-18T21:20", "America/Halifax"), "America/Halifax") == "Thu 09:00"


def test_the_far_north_is_in_many_zones():
    zones, _ = quiet.place_of("+18675550134")
    assert {"America/Toronto", "America/Edmonton"} <= set(zones)
    assert opens("+18675550134", at("2026-11-18T09:30")) == "Wed 12:00"


@pytest.mark.parametrize("number", ["+18005550134", "+19995550134"])
def test_a_number_that_may_be_anywhere_waits_until_the_hour_is_good_everywhere(number):
    moment = quiet.next_window(number, at("2026-11-18T09:00"))
    assert moment.astimezone(ZoneInfo("Pacific/Honolulu")).hour >= 9
    assert moment.astimezone(ZoneInfo("America/St_Johns")).hour < 18


def test_every_area_code_has_an_hour_within_a_few_days():
    moment = at("2026-11-21T23:00")
    for code in quiet._BY_AREA:
        found = quiet.next_window(f"+1{code}5550134", moment)
        assert moment <= found < moment + timedelta(days=4), code
        assert not quiet.is_quiet(f"+1{code}5550134", found)


def test_abroad_the_clock_of_the_country_counts():
    assert opens("+442079460018", at("2026-11-18T05:00", "Europe/London"), "Europe/London") == "Wed 09:00"
    assert quiet.place_of("+99912345678")[0] == ("UTC",)
    assert quiet.place_of("not a number")[0] == ("UTC",)


@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01"])
def test_the_hours_follow_the_clock_on_days_that_it_is_changed(day):
    """R18: on both days the window opens at ten by the new clock, a Sunday in Montréal."""
    found = quiet.next_window(MONTREAL, at(f"{day}T00:30"))
    assert found.astimezone(ZoneInfo("America/Toronto")).strftime("%H:%M") == "10:00"
    assert found.astimezone(UTC).hour == (14 if day.startswith("2026-03") else 15)


def test_a_zone_without_summer_time_keeps_its_hours():
    for day in ("2026-01-14", "2026-07-15"):
        found = quiet.next_window("+13065550134", at(f"{day}T05:00", "America/Regina"))
        assert found.astimezone(UTC).hour == 15


@pytest.mark.parametrize("kind", [Message.Kind.PERSON, Message.Kind.CONSENT])
def test_what_a_person_writes_and_what_the_law_asks_for_is_never_held(kind):
    night = at("2026-11-18T03:00")
    assert quiet.next_window(VANCOUVER, night, kind) == night


def test_a_window_never_opens_before_it_is_asked_for():
    moment = at("2026-11-18T12:34:56")
    for step in range(24 * 9):
        asked = moment + timedelta(hours=step)
        assert quiet.next_window("+18005550134", asked) >= asked
