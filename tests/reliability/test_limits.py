"""R10 and R11 against the sandbox, in simulated hours: limits are kept, and an upstream that shuts us out is left alone."""

import os
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from messaging.models import Message
from providers.models import Connection, ExchangeLog, Incident, SyncRun
from tests.reliability.day import HOUR, Day, most_in, times_of
from tests.reliability.town import SETTINGS, customer, p95, timed
from tests.sandboxes import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), pytest.mark.django_db]
START = "2026-11-19T12:00:00Z"
TEXTS = int(os.environ.get("R10_TEXTS", "700"))  # 3,000 in the requirement, more than an hour's worth in any case
LOOKS = 200
MINUTE = timedelta(minutes=1)
PAGES = ("/", "/messages/", "/numbers/", "/billing/")


@pytest.fixture
def day(db, tmp_path, settings, wakes):
    settings.PORTAL_URL = "http://127.0.0.1:9"
    running = Sandbox(tmp_path).start()
    running.control("settings", SETTINGS)
    with time_machine.travel(START, tick=False) as clock:
        yield Day(running, clock, wakes)
    running.stop()


def asked(day: Day, slug: str) -> list[dict]:
    return day.sandbox.control(f"journal?slug={slug}")


def test_thousands_of_texts_feeds_and_readers_stay_inside_every_sliding_hour(day, client):
    """R10: the sandbox counts as VoiceMeUp does, 600 texts and 1,200 other requests an hour."""
    someone = customer(day.sandbox, "voicemeup", "velo")
    day.until(timezone.now() + 10 * MINUTE)
    seconds = []
    client.force_login(someone.user)
    begin = timezone.now()
    for turn in range(TEXTS):
        someone.write(f"+1579{2_000_000 + turn}", f"Rappel {turn}")
    hours = TEXTS / 500 + 1
    for turn in range(LOOKS):
        page = PAGES[turn % len(PAGES)]
        day.at(begin + turn * hours * HOUR / LOOKS, lambda page=page: seconds.append(timed(client, page)[0]))
    day.until(begin + hours * HOUR)

    rows = asked(day, "voicemeup")
    most = {
        bucket: most_in(times)
        for bucket, times in times_of(
            rows, lambda row: "queue_sms" if row["call"] == "queue_sms" else "shared_pool"
        ).items()
    }
    print(f"{TEXTS} texts in {hours:.1f} h; most in an hour {most}; pages p95 {p95(seconds):.2f} s")
    assert most["queue_sms"] <= 600 and most["shared_pool"] <= 1200
    assert most["queue_sms"] >= 500, "and what is allowed is used"
    assert not ExchangeLog.objects.exclude(outcome="ok").exists(), "no limit was met"
    assert not Connection.objects.exclude(blocked_until=None).exists()
    sent = [row["data"]["message"] for row in day.sandbox.ledger("sms_sent", slug="voicemeup")]
    assert sorted(sent) == sorted(f"Rappel {turn}" for turn in range(TEXTS))
    assert not Message.objects.filter(body__startswith="Rappel", state__in=["queued", "sending", "unknown"]).exists()
    assert len(seconds) == LOOKS and p95(seconds) <= 2
    assert not SyncRun.objects.exclude(state="done").exists()


@pytest.fixture
def neighbours(day):
    """A customer of VoiceMeUp, and one of JaFone beside it."""
    pair = customer(day.sandbox, "voicemeup"), customer(day.sandbox, "jafone")
    day.until(timezone.now() + 10 * MINUTE)
    return pair


def test_an_upstream_that_shuts_us_out_is_left_alone_for_an_hour_and_then_asked_again(day, neighbours, client):
    """R11: no call for sixty minutes, the text waits, the page says so, and everything goes on by itself."""
    shut, other = neighbours
    client.force_login(shut.user)
    timed(client, "/messages/")  # its templates are read once
    day.sandbox.disturb("hard_limit", slug="voicemeup", count=1)
    while not shut.fresh().blocked_until:
        day.until(timezone.now() + MINUTE)
    (refused,) = [row for row in asked(day, "voicemeup") if row["fault"] == "hard_limit"]
    text = shut.write("+15792000001", "Written meanwhile")
    calm = len(asked(day, "jafone"))
    pages = []
    for minutes in (5, 30, 55):
        day.at(timezone.now() + minutes * MINUTE, lambda: pages.append(timed(client, "/messages/")))
    day.until(timezone.now() + 70 * MINUTE)  # a text waits a little longer, so that not all come at once

    later = [row["at"] - refused["at"] for row in asked(day, "voicemeup") if row["id"] > refused["id"]]
    assert 59 * 60 <= min(later) <= 61 * 60, "an hour, and no longer"
    assert len(asked(day, "jafone")) > calm, "nobody else waited"
    for seconds, page in pages:
        assert "VoiceMeUp takes no more requests until" in page and seconds < 1
    text.refresh_from_db()
    assert text.state == Message.State.SENT
    assert len(day.sandbox.ledger("sms_sent", slug="voicemeup")) == 1
    assert "takes no more requests" not in timed(client, "/messages/")[1]
    incident = Incident.objects.get(connection=shut.connection)
    assert incident.kind == Incident.Kind.LIMITED and incident.ended_at is not None
    assert not Incident.objects.filter(connection=other.connection).exists()


def test_a_warning_halves_what_feeds_ask_for(day, neighbours):
    """R11: the soft limit, riding on a good answer."""
    shut, _other = neighbours
    day.sandbox.disturb("soft_limit", slug="voicemeup", count=1)
    day.until(timezone.now() + 2 * MINUTE)
    assert shut.fresh().slowed_until > timezone.now()
    assert shut.fresh().health == Connection.Health.OK
    assert not Incident.objects.exists()
