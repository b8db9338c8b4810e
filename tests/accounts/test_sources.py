"""Which upstream a row is from and how fresh (rows A1, B1): in words, with one query, and only where it can be several."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.sources import Sources, is_behind, names_of
from providers.models import Feed
from tests.factories import AccountFactory, ConnectionFactory
from tests.many import connect_to

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def account():
    return AccountFactory(name="Lachance")


def aged(minutes: int, **values) -> dict:
    return {"last_ok_at": timezone.now() - minutes * MINUTE, **values}


def test_an_upstream_is_called_by_its_own_name(account):
    names = names_of(connect_to(account).values())
    assert list(names.values()) == ["VoiceMeUp", "JaFone", "VoiceTel", "Jo Mobile", "Voximplant"]


def test_two_at_one_upstream_are_told_apart_by_their_names(account):
    one, two = ConnectionFactory(slug="jafone", name="JaFone Laval"), ConnectionFactory(slug="jafone", name="Québec")
    other = ConnectionFactory(slug="voicetel", name="Something")
    assert list(names_of([one, two, other]).values()) == ["JaFone Laval", "JaFone · Québec", "VoiceTel"]


def test_only_those_that_can_fill_a_list_are_named(account, django_assert_num_queries):
    """Jo Mobile has no numbers, so nobody is told that its numbers were not read."""
    connect_to(account)
    with django_assert_num_queries(1):
        found = {feed: [one.name for one in Sources.of(account, feed)] for feed in ("numbers",)}
    found |= {feed: [one.name for one in Sources.of(account, feed)] for feed in ("e911", "ports", "ledger")}
    assert found == {
        "numbers": ["JaFone", "VoiceMeUp", "VoiceTel", "Voximplant"],
        "e911": ["VoiceMeUp", "VoiceTel"],
        "ports": ["VoiceMeUp", "VoiceTel"],
        "ledger": ["JaFone", "VoiceMeUp", "Voximplant"],
    }


def test_each_row_says_which_one_and_how_fresh(account, django_assert_num_queries):
    made = connect_to(account, "jafone", "voicemeup")
    Feed.objects.filter(connection=made["jafone"], name="numbers").update(**aged(4))
    Feed.objects.filter(connection=made["voicemeup"], name="numbers").update(**aged(180))
    sources = Sources.of(account, "numbers")
    with django_assert_num_queries(0):
        marks = [sources.mark(connection) for connection in made.values()]
    assert [mark.text for mark in marks] == ["JaFone, 4 min ago", "VoiceMeUp, stale: 3 h ago"]
    assert [mark.stale for mark in marks] == [False, True]


def test_where_there_is_one_rows_say_nothing(account):
    made = connect_to(account, "jafone")
    sources = Sources.of(account, "numbers")
    assert sources.mark(made["jafone"]) is None
    assert [line.text for line in sources.lines()] == ["from JaFone, just now"]


def test_a_row_of_one_that_is_out_of_use_has_no_age(account):
    made = connect_to(account, "jafone", "voicemeup", "voicetel")
    made["voicetel"].is_active = False
    made["voicetel"].save()
    assert Sources.of(account, "numbers").mark(made["voicetel"]).text == "VoiceTel"


def test_a_list_of_several_is_as_old_as_its_oldest_part_and_names_the_stale(account):
    made = connect_to(account, "jafone", "voicemeup", "voicetel")
    Feed.objects.filter(connection=made["jafone"], name="numbers").update(**aged(4))
    Feed.objects.filter(connection=made["voicetel"], name="numbers").update(last_ok_at=None)
    lines = [line.text for line in Sources.of(account, "numbers").lines()]
    assert lines == ["from 2 providers, 4 min ago", "not read from VoiceTel yet"]


@pytest.mark.parametrize(("health", "stale"), [("ok", False), ("failing", True), ("refused", True)])
def test_what_a_troubled_upstream_told_is_stale_at_once(account, health, stale):
    made = connect_to(account, "jafone", "voicemeup", health=health)
    Feed.objects.update(**aged(1))
    assert Sources.of(account, "numbers").mark(made["jafone"]).stale is stale


def test_one_that_its_limit_shuts_out_says_until_when(account):
    connect_to(account, "voicetel", blocked_until=timezone.now() + 10 * MINUTE)
    (line,) = Sources.of(account, "numbers").lines()
    assert line.stale and "their limit resets" in line.text


def test_an_old_reading_whose_next_run_is_planned_is_as_fresh_as_it_can_be():
    now = timezone.now()
    assert is_behind(None, now + MINUTE, 0)
    assert is_behind(now - 60 * MINUTE, now - MINUTE, 0)
    assert is_behind(now - 60 * MINUTE, now + MINUTE, 3)
    assert not is_behind(now - 60 * MINUTE, now + MINUTE, 0)
    assert not is_behind(now - 5 * MINUTE, now - MINUTE, 1)
