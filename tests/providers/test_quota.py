"""The hourly limits are kept in every sliding hour, shared by priority (RELIABILITY 0.4, R10-R11)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from providers import gateway, quota
from providers.clients.base import Exchange
from providers.clients.errors import Held
from providers.models import Connection
from providers.quota import Priority
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db
LIMIT = 20


@pytest.fixture
def connection(monkeypatch):
    connection = ConnectionFactory()
    monkeypatch.setattr(connection.client_class, "buckets", {"shared_pool": LIMIT, "queue_sms": LIMIT})
    return connection


def spend(connection, priority, bucket="shared_pool") -> int:
    """Take until there is no room; how many were let through."""
    for count in range(10 * LIMIT):
        try:
            quota.take(connection, bucket, priority)
        except quota.Exhausted:
            return count
    raise AssertionError("no limit was kept")


def test_each_priority_has_its_ceiling_and_life_is_never_starved(connection):
    assert spend(connection, Priority.BACKGROUND) == 8
    assert spend(connection, Priority.INTERACTIVE) == 9
    assert spend(connection, Priority.LIFE) == 2
    assert quota.used(connection, "shared_pool") == 19 < LIMIT


def test_no_sliding_hour_holds_more_than_the_limit(connection):
    sent = []
    with time_machine.travel("2026-11-20T12:00:30Z", tick=False) as clock:
        for _ in range(180):
            for _ in range(3):
                try:
                    quota.take(connection, "queue_sms", Priority.INTERACTIVE)
                except quota.Exhausted:
                    break
                sent.append(timezone.now())
            clock.shift(timedelta(seconds=61))
    for start in sent:
        assert sum(start <= moment < start + timedelta(hours=1) for moment in sent) <= LIMIT
    assert len(sent) > 2 * LIMIT  # and the room that comes free is used


def test_the_hold_says_when_there_is_room(connection):
    with time_machine.travel("2026-11-20T12:00:30Z", tick=False) as clock:
        spend(connection, Priority.INTERACTIVE)
        with pytest.raises(quota.Exhausted) as caught:
            quota.take(connection, "shared_pool", Priority.INTERACTIVE)
        clock.move_to(caught.value.retry_at + timedelta(seconds=1))
        quota.take(connection, "shared_pool", Priority.INTERACTIVE)


def test_buckets_are_counted_apart(connection):
    spend(connection, Priority.LIFE)
    quota.take(connection, "queue_sms", Priority.INTERACTIVE)


def test_a_soft_warning_halves_the_background_share(connection):
    quota.slow_down(connection)
    connection.refresh_from_db()
    assert spend(connection, Priority.BACKGROUND) == 4


def test_after_a_hard_limit_nothing_is_sent_for_an_hour(connection):
    meter = gateway.Meter(connection, Priority.LIFE)
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        meter.limited("shared_pool", hard=True)
        for minutes in (1, 30, 28):
            clock.shift(timedelta(minutes=minutes))
            with pytest.raises(Held):
                meter.before("get_dids", "shared_pool")
        clock.shift(timedelta(minutes=2))
        meter.before("get_dids", "shared_pool")


def exchange(outcome: str) -> Exchange:
    return Exchange(
        call="get_dids",
        bucket="shared_pool",
        method="POST",
        url="http://x/",
        request="",
        started_at=timezone.now(),
        duration_ms=5,
        outcome=outcome,
    )


def test_the_breaker_opens_probes_gently_and_closes(connection):
    meter = gateway.Meter(connection, Priority.LIFE)
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        for _ in range(gateway.OPEN_AFTER):
            meter.before("get_dids", "shared_pool")
            meter.after(exchange("unreachable"))
        connection.refresh_from_db()
        assert connection.health == Connection.Health.FAILING
        assert connection.failing_since == timezone.now()
        with pytest.raises(Held):
            meter.before("get_dids", "shared_pool")
        clock.shift(timedelta(seconds=6))
        meter.before("get_dids", "shared_pool")  # the one that probes
        with pytest.raises(Held):
            meter.before("get_dids", "shared_pool")
        meter.after(exchange("ok"))
        meter.before("get_dids", "shared_pool")
        connection.refresh_from_db()
        assert (connection.health, connection.failures, connection.failing_since) == (Connection.Health.OK, 0, None)


def test_calls_that_left_before_the_breaker_opened_do_not_make_its_pause_longer(connection):
    """R13: ten lanes fail in one moment; only what is tried afterwards says that the upstream is still away."""
    meters = [gateway.Meter(connection, Priority.LIFE) for _ in range(10)]
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        for meter in meters:
            meter.before("get_dids", "shared_pool")
        for meter in meters:
            meter.after(exchange("unreachable"))
        connection.refresh_from_db()
        assert connection.retry_at == timezone.now() + gateway.FIRST_PAUSE
        clock.shift(timedelta(seconds=6))
        meters[0].before("get_dids", "shared_pool")
        meters[0].after(exchange("unreachable"))
        connection.refresh_from_db()
        assert connection.retry_at == timezone.now() + 2 * gateway.FIRST_PAUSE


def test_a_good_answer_ends_a_row_of_failures_that_began_while_it_was_on_its_way(connection):
    """R1, R13: lanes beside each other hear now a failure, now an answer; such an upstream is there."""
    meters = [gateway.Meter(connection, Priority.LIFE) for _ in range(2 * gateway.OPEN_AFTER)]
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        gateway.Meter(connection, Priority.LIFE).after(exchange("ok"))
        for meter in meters:
            meter.before("get_dids", "shared_pool")
        for place, meter in enumerate(meters):
            meter.after(exchange("ok" if place == gateway.OPEN_AFTER - 1 else "unreachable"))
            connection.refresh_from_db()
            assert connection.health == Connection.Health.OK or place == len(meters) - 1
        assert connection.failures == gateway.OPEN_AFTER


def test_a_paused_connection_sends_nothing(connection):
    Connection.objects.filter(pk=connection.pk).update(is_active=False)
    with pytest.raises(Held):
        gateway.Meter(connection, Priority.LIFE).before("get_dids", "shared_pool")


def test_the_board_shows_what_is_left(connection):
    quota.take(connection, "queue_sms", Priority.INTERACTIVE)
    assert quota.left(connection) == {"shared_pool": (LIMIT, LIMIT), "queue_sms": (LIMIT - 1, LIMIT)}
