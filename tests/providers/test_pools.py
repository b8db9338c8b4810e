"""Limits by IP address are shared by all customers of the portal, fairly and for a whole day (R12, H2, A1)."""

from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
import time_machine
from django.db.models import Min
from django.utils import timezone

from providers import gateway, quota, sync
from providers.clients.base import Capability
from providers.clients.errors import Held
from providers.models import Connection, Feed, QuotaPool, SyncRun
from providers.quota import Priority
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db
LIMIT = 6


@pytest.fixture
def limited(monkeypatch):
    """VoiceMeUp as if its balance could be asked for six times an hour by everyone of one address together."""
    connection = ConnectionFactory()
    client = connection.client_class
    monkeypatch.setattr(client, "buckets", {"info": LIMIT, "other": 0})
    monkeypatch.setattr(client, "address_buckets", frozenset(["info"]))
    monkeypatch.setattr(client, "bucket_of", {Capability.BALANCE: "info"})
    return connection


def spend(connection, priority=Priority.BACKGROUND, bucket="info") -> int:
    for count in range(100):
        try:
            quota.take(connection, bucket, priority)
        except quota.Exhausted:
            return count
    return 100


def test_two_customers_of_one_address_share_its_limit(limited):
    other = ConnectionFactory()
    assert spend(limited) == LIMIT
    assert spend(other) == 0
    assert quota.left(other) == {"info": (0, LIMIT)}
    assert spend(other, bucket="other") == 100


def test_hosts_that_leave_by_another_address_have_a_limit_of_their_own(limited, settings):
    assert spend(limited) == LIMIT
    settings.EGRESS_ADDRESS = "203.0.113.7"
    assert spend(limited) == LIMIT


def test_a_person_who_waits_gets_the_next_turn_before_any_feed(limited):
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        assert spend(limited) == LIMIT
        with pytest.raises(quota.Exhausted) as caught:
            quota.take(limited, "info", Priority.INTERACTIVE)
        clock.move_to(caught.value.retry_at + timedelta(seconds=1))
        assert spend(limited) == LIMIT - 1  # the last one is kept for the person
        quota.take(limited, "info", Priority.INTERACTIVE)


def test_429_on_a_shared_bucket_closes_that_bucket_for_everyone_and_nothing_else(limited):
    other = ConnectionFactory()
    gateway.Meter(limited, Priority.BACKGROUND).limited("info", hard=True)
    meter = gateway.Meter(other, Priority.LIFE)
    with pytest.raises(Held) as held:
        meter.before("info", "info")
    assert held.value.retry_at > timezone.now() + timedelta(minutes=50)
    meter.before("numbers", "other")
    assert not Connection.objects.exclude(blocked_until=None).exists()


def test_what_the_upstream_says_about_waiting_is_believed(limited):
    until = timezone.now() + timedelta(seconds=30)
    gateway.Meter(limited, Priority.LIFE).limited("other", hard=True, until=until)
    limited.refresh_from_db()
    assert limited.blocked_until == until


@pytest.fixture
def balances(limited, monkeypatch):
    """A hundred customers whose balance feed asks once and notes when."""
    asked: list[tuple] = []

    def run(client, feed, tally):
        gateway.Meter(feed.connection, Priority.BACKGROUND).before("info", "info")
        asked.append((timezone.now(), feed.connection_id))
        tally.seen = 1

    monkeypatch.setattr(sync, "FEEDS", {"balance": sync.FeedKind(run, timedelta(minutes=5), Capability.BALANCE)})
    monkeypatch.setattr(gateway, "client_for", lambda connection, priority: object())
    Connection.objects.all().delete()
    connections = [ConnectionFactory() for _ in range(100)]
    Feed.objects.bulk_create(
        Feed(connection=connection, name="balance", due_at="2026-11-20T00:00:00Z") for connection in connections
    )
    return asked


def test_a_hundred_customers_share_six_looks_an_hour_and_each_is_looked_at_within_seventeen_hours(balances):
    """R12, over two simulated days."""
    with time_machine.travel("2026-11-20T00:00:30Z", tick=False) as clock:
        for _ in range(2 * 24 * LIMIT * 2):
            for pk in sync.due_feeds():
                sync.run_feed(pk)
            wait = (Feed.objects.aggregate(at=Min("due_at"))["at"] - timezone.now()).total_seconds()
            clock.shift(timedelta(seconds=5 * max(1, ceil(wait / 5))))  # the beat's own grid
            if timezone.now() > datetime(2026, 11, 22, tzinfo=UTC):
                break
    moments = [moment for moment, _ in balances]
    for start in moments:
        assert sum(start <= moment < start + timedelta(hours=1) for moment in moments) <= LIMIT
    first = {}
    for moment, connection in balances:
        first.setdefault(connection, moment)
    assert len(first) == 100
    assert max(first.values()) - moments[0] <= timedelta(hours=17)
    again = [b - a for a, b in _pairs(balances)]
    assert max(again) <= timedelta(hours=17)
    assert not SyncRun.objects.exclude(state=SyncRun.State.DONE).exists()  # who waits leaves no failed run behind
    assert QuotaPool.objects.count() == 1


def _pairs(asked):
    last = {}
    for moment, connection in asked:
        if connection in last:
            yield last[connection], moment
        last[connection] = moment
