"""Feeds: runs leave a record, unchanged rows cost nothing, and rows do not vanish in a crowd (H2, H5)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.models import LedgerEntry
from providers import gateway, mirroring, sync
from providers.clients.base import Capability
from providers.clients.errors import CredentialsRefused, Held, Unreachable
from providers.models import Connection, Feed, SyncRun
from tests.factories import AccountFactory, ConnectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return AccountFactory()


@pytest.fixture
def source(monkeypatch):
    """What the pretended upstream lists; an exception in it is raised."""
    listing: dict = {"rows": [], "complete": True}

    def run(client, feed, tally):
        if isinstance(listing["rows"], Exception):
            raise listing["rows"]
        mirroring.mirror(LedgerEntry, feed, listing["rows"], tally, complete=listing["complete"])

    monkeypatch.setitem(sync.FEEDS, "test", sync.FeedKind(run, timedelta(minutes=5), Capability.LEDGER))
    monkeypatch.setattr(gateway, "client_for", lambda connection, priority: object())
    return listing


@pytest.fixture
def feed(source):
    return Feed.objects.create(connection=ConnectionFactory(), name="test")


def entries(account, count, **values):
    row = {
        "kind": "charge",
        "occurred_on": "2026-11-01",
        "amount": "-1.50",
        "currency": "CAD",
        "account_id": account.pk,
    } | values
    return [(str(n), dict(row)) for n in range(count)]


def run(feed, **options) -> SyncRun:
    return sync.run_feed(feed.pk, force=True, **options)


def counts(run: SyncRun) -> tuple:
    return run.seen, run.created, run.changed, run.gone


def test_a_run_brings_rows_home_and_says_what_it_did(feed, source, account):
    source["rows"] = entries(account, 450)
    first = run(feed)
    assert (first.state, counts(first)) == (SyncRun.State.DONE, (450, 450, 0, 0))
    feed.refresh_from_db()
    assert feed.last_ok_at and feed.due_at > timezone.now() and feed.claimed_until is None


def test_unchanged_rows_are_not_written(feed, source, account, django_assert_max_num_queries):
    source["rows"] = entries(account, 450)
    run(feed)
    with django_assert_max_num_queries(13):
        assert counts(run(feed)) == (450, 0, 0, 0)


def test_a_changed_row_is_written_and_ours_is_left_alone(feed, source, account):
    source["rows"] = entries(account, 3)
    run(feed)
    source["rows"][1][1]["amount"] = "-2.00"
    assert counts(run(feed)) == (3, 0, 1, 0)
    assert str(LedgerEntry.objects.get(external_id="1").amount) == "-2.000000"


def test_what_is_no_longer_listed_is_marked_not_deleted_and_may_return(feed, source, account):
    source["rows"] = entries(account, 10)
    run(feed)
    source["rows"] = entries(account, 8)
    assert counts(run(feed)) == (8, 0, 0, 2)
    assert LedgerEntry.objects.exclude(gone_at=None).count() == 2
    source["rows"] = entries(account, 10)
    assert counts(run(feed)) == (10, 0, 2, 0)
    assert not LedgerEntry.objects.exclude(gone_at=None).exists()


def test_a_listing_without_a_third_of_the_rows_waits_for_a_person(feed, source, account):
    source["rows"] = entries(account, 30)
    run(feed)
    source["rows"] = entries(account, 10)
    held = run(feed)
    feed.refresh_from_db()
    assert held.state == SyncRun.State.HELD
    assert (feed.held["missing"], feed.held["known"]) == (20, 30)
    assert not LedgerEntry.objects.exclude(gone_at=None).exists()
    Feed.objects.filter(pk=feed.pk).update(allow_vanish=True)
    assert counts(run(feed)) == (10, 0, 0, 20)
    feed.refresh_from_db()
    assert not feed.held and not feed.allow_vanish


def test_an_empty_answer_does_not_empty_the_store(feed, source, account):
    source["rows"] = entries(account, 30)
    run(feed)
    source["rows"] = []
    assert run(feed).state == SyncRun.State.HELD


@pytest.mark.parametrize("error", [Unreachable("down"), ZeroDivisionError("bug")])
def test_a_failed_run_stays_visible_and_is_tried_again_soon(feed, source, error):
    source["rows"] = error
    failed = run(feed)
    feed.refresh_from_db()
    assert failed.state == SyncRun.State.FAILED and failed.error
    assert timezone.now() < feed.due_at < timezone.now() + timedelta(minutes=1)
    assert feed.last_ok_at is None


def test_a_held_feed_waits_for_the_quota(feed, source):
    until = timezone.now() + timedelta(minutes=40)
    source["rows"] = Held("the hour is used up", code="quota", retry_at=until)
    run(feed)
    feed.refresh_from_db()
    assert feed.due_at == until


def test_refused_credentials_show_on_the_connection(feed, source):
    source["rows"] = CredentialsRefused("not accepted", code="authentication_failed")
    run(feed)
    assert Connection.objects.get(pk=feed.connection_id).health == Connection.Health.REFUSED


def test_a_feed_runs_once_at_a_time(feed, source):
    Feed.objects.filter(pk=feed.pk).update(claimed_until=timezone.now() + timedelta(minutes=1))
    assert run(feed) is None
    assert feed.pk not in sync.due_feeds()


def test_due_feeds_are_found_and_those_not_due_are_left(feed, source):
    assert sync.due_feeds() == [feed.pk]
    run(feed)
    assert sync.due_feeds() == []
    assert sync.run_feed(feed.pk) is None
