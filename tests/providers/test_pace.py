"""How often feeds run where no limit is stated: courteously, however many customers share one address (H2)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from providers import gateway, quota, sync
from providers.clients.base import Capability
from providers.models import Feed
from providers.quota import Priority
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def free(monkeypatch):
    """VoiceMeUp as if it stated no limit; its messages are read once a minute, its numbers every five."""
    connection = ConnectionFactory()
    client = connection.client_class
    monkeypatch.setattr(client, "bucket_of", {})
    monkeypatch.setattr(client, "courtesy", 720)
    run = lambda client, feed, tally: None  # noqa: E731
    feeds = {
        "messages": sync.FeedKind(run, MINUTE, Capability.MESSAGES),
        "numbers": sync.FeedKind(run, 5 * MINUTE, Capability.NUMBERS),
    }
    monkeypatch.setattr(sync, "FEEDS", feeds)
    sync.ensure_feeds(connection)
    return connection


def more(count: int) -> None:
    for _ in range(count):
        sync.ensure_feeds(ConnectionFactory())


def test_a_few_connections_are_read_at_the_feeds_own_beat(free):
    more(9)  # 72 requests an hour each: just what is courteous
    assert sync.pace_of(free, "messages") == MINUTE
    assert sync.pace_of(free, "numbers") == 5 * MINUTE


def test_many_connections_wait_longer_all_alike(free):
    more(39)
    assert sync.pace_of(free, "messages") == 4 * MINUTE
    assert sync.pace_of(free, "numbers") == 20 * MINUTE


def test_paused_connections_take_no_share(free):
    more(39)
    for feed in Feed.objects.exclude(connection=free)[:60]:
        feed.connection.is_active = False
        feed.connection.save()
    assert sync.pace_of(free, "messages") == MINUTE


def test_what_takes_many_requests_is_read_more_rarely(free):
    Feed.objects.filter(name="messages").update(calls=25)
    strain = (25 * 60 + 12) / 720
    assert sync.pace_of(free, "messages") == pytest.approx(MINUTE * strain, abs=timedelta(seconds=1))


def test_what_a_run_took_is_counted_but_for_the_first_which_brings_the_past_home(free, monkeypatch):
    feed = Feed.objects.get(name="messages")
    asks = [7, 3, 40]

    def run(client, feed, tally):
        for _ in range(asks.pop()):
            client.observer.before("get_sms", "other")

    monkeypatch.setitem(sync.FEEDS, "messages", sync.FeedKind(run, MINUTE, Capability.MESSAGES))
    for told in (1, 3, 7):
        sync.run_feed(feed.pk, force=True)
        feed.refresh_from_db()
        assert feed.calls == told


def test_an_upstream_may_be_read_more_rarely_for_a_reason_of_its_own(free, monkeypatch):
    monkeypatch.setattr(free.client_class, "paces", {Capability.NUMBERS: 15 * MINUTE, Capability.MESSAGES: MINUTE / 2})
    assert sync.pace_of(free, "numbers") == 15 * MINUTE
    assert sync.pace_of(free, "messages") == MINUTE  # never more often than the feed would


def test_feeds_of_a_stated_limit_leave_room_for_people(free, monkeypatch):
    monkeypatch.setattr(free.client_class, "bucket_of", dict.fromkeys(Capability, "shared_pool"))
    monkeypatch.setattr(free.client_class, "buckets", {"shared_pool": 1200})
    more(9)
    assert sync.pace_of(free, "messages") == MINUTE  # a limit of its own: the others do not count
    Feed.objects.filter(name="messages").update(calls=20)
    assert sync.pace_of(free, "messages") == pytest.approx(MINUTE * (1212 / 480), abs=timedelta(seconds=1))


def test_hundreds_of_feeds_that_are_due_never_start_at_once(free):
    more(39)
    with time_machine.travel(timezone.now() + MINUTE, tick=False) as clock:
        assert len(sync.due_feeds()) == 2  # each may bring half a year home
        Feed.objects.update(last_ok_at=timezone.now())
        assert len(sync.due_feeds()) == 50  # as many as one beat wakes
        Feed.objects.update(calls=3)
        assert len(sync.due_feeds()) == 20  # 720 an hour are 60 in five minutes
        for _ in range(59):
            quota.take(free, "other", Priority.INTERACTIVE)
        assert len(sync.due_feeds()) == 1
        quota.take(free, "other", Priority.INTERACTIVE)
        assert sync.due_feeds() == []
        clock.shift(6 * MINUTE)
        assert len(sync.due_feeds()) == 20


def test_a_feed_that_costs_more_than_there_ever_is_has_its_turn_all_the_same(free):
    Feed.objects.update(calls=400, last_ok_at=timezone.now())
    assert len(sync.due_feeds()) == 1


def test_news_in_a_storm_hurry_a_feed_no_faster_than_its_requests_may_come(free):
    feeds = Feed.objects.filter(name="messages")
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        now = timezone.now()
        feeds.update(calls=25, last_ok_at=now, due_at=now + 10 * MINUTE)
        sync.hurry(free, ["messages"])
        assert feeds.get().due_at == now + timedelta(seconds=25)
        clock.shift(MINUTE)
        feeds.update(due_at=now + 10 * MINUTE)
        sync.hurry(free, ["messages"])
        assert feeds.get().due_at == now + MINUTE


def test_a_meter_counts_what_it_let_through(free):
    client = gateway.client_for(free, Priority.BACKGROUND)
    assert gateway.requests_of(client) == 0
    client.observer.before("get_sms", "other")
    assert gateway.requests_of(client) == 1
