"""The logs stay bounded however many connections there are, and keep what somebody may be asked about."""

from datetime import timedelta

import pytest
from django.utils import timezone

from providers import forgetting
from providers.models import ExchangeLog, Incident, QuotaMinute, QuotaPool, SyncRun, WebhookRequest
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def connection():
    return ConnectionFactory()


def exchanges(connection, count, call, age, outcome="ok") -> None:
    at = timezone.now() - age
    row = {"connection": connection, "call": call, "outcome": outcome, "started_at": at, "duration_ms": 5}
    ExchangeLog.objects.bulk_create(ExchangeLog(**row) for _ in range(count))


def left(**of) -> int:
    return ExchangeLog.objects.filter(**of).count()


def test_of_good_reads_the_newest_of_each_call_stay_and_the_last_hour(connection):
    other = ConnectionFactory()
    exchanges(connection, 60, "get_dids", 2 * HOUR)
    exchanges(connection, 15, "get_sms", 2 * HOUR)
    exchanges(connection, 10, "get_e911", 2 * HOUR)
    exchanges(connection, 20, "get_e911", 2 * HOUR, "refused")
    exchanges(other, 60, "get_dids", 2 * HOUR)
    exchanges(connection, 60, "get_dids", HOUR / 2)
    assert forgetting.forget() == 40 + 40 + 10
    assert left(connection=connection, call="get_dids") == forgetting.NEWEST + 60
    assert left(call="get_sms") == 15
    assert left(connection=other) == forgetting.NEWEST


@pytest.mark.parametrize("call, outcome", [("queue_sms", "ok"), ("update_did", "ok"), ("get_dids", "unclear")])
def test_what_changed_something_or_went_wrong_stays_two_weeks(connection, call, outcome):
    exchanges(connection, 60, call, 13 * DAY, outcome)
    exchanges(connection, 60, call, 15 * DAY, outcome)
    forgetting.forget()
    assert left() == 60


def test_of_runs_that_found_nothing_new_the_newest_of_each_feed_stay(connection):
    row = {"connection": connection, "started_at": timezone.now() - 2 * DAY}
    SyncRun.objects.bulk_create(SyncRun(**row, feed="numbers", state="done") for _ in range(70))
    SyncRun.objects.bulk_create(SyncRun(**row, feed="numbers", state="done", changed=1) for _ in range(30))
    SyncRun.objects.bulk_create(SyncRun(**row, feed="numbers", state="failed") for _ in range(30))
    forgetting.forget()
    assert SyncRun.objects.filter(changed=0, state="done").count() == forgetting.NEWEST
    assert SyncRun.objects.count() == forgetting.NEWEST + 60


def test_webhooks_incidents_and_counts_have_their_time(connection):
    old = timezone.now() - 500 * DAY
    posted = [
        WebhookRequest(connection=connection, body=b"", received_at=old, state=state) for state in ("done", "received")
    ]
    WebhookRequest.objects.bulk_create(posted)
    Incident.objects.create(connection=connection, kind="failing", started_at=old, ended_at=old)
    Incident.objects.create(connection=connection, kind="refused", started_at=old)
    pool = QuotaPool.objects.create(name="x", bucket="info")
    QuotaMinute.objects.create(pool=pool, minute=old, used=1)
    forgetting.forget()
    assert WebhookRequest.objects.get().state == "received"
    assert Incident.objects.get().ended_at is None
    assert not QuotaMinute.objects.exists()
