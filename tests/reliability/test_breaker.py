"""R13 against the sandbox, in simulated time: an upstream that fails is tried gently, and nobody else notices."""

import os
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from messaging.models import Message
from providers.models import Connection, Incident, SyncRun
from tests.reliability.day import Day, most_in
from tests.reliability.town import SETTINGS, customer, p95, timed
from tests.sandboxes import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.django_db]
MINUTE = timedelta(minutes=1)
OTHERS = ("jafone", "jomobile", "voicetel", "voximplant")
PAGES = ("/", "/messages/", "/numbers/", "/billing/")


@pytest.fixture
def day(db, tmp_path, settings, wakes):
    settings.PORTAL_URL = "http://127.0.0.1:9"
    running = Sandbox(tmp_path).start()
    running.control("settings", SETTINGS)
    with time_machine.travel("2026-11-19T12:00:00Z", tick=False) as clock:
        yield Day(running, clock, wakes)
    running.stop()


@pytest.fixture
def town(day):
    """One customer on each upstream, all fresh."""
    people = {slug: customer(day.sandbox, slug) for slug in ("voicemeup", *OTHERS)}
    day.until(timezone.now() + 15 * MINUTE)
    assert not Connection.objects.exclude(health=Connection.Health.OK).exists()
    return people


def runs(people: dict, since: datetime) -> dict[str, int]:
    """How often feeds of each upstream came home since."""
    done = SyncRun.objects.filter(state=SyncRun.State.DONE, started_at__gt=since)
    return {slug: done.filter(connection=one.connection).count() for slug, one in people.items()}


FAULTS = ["http_500", "refuse", "close", "html_page"]  # the first two in every run, all with BREAKER_FAULTS=4


@pytest.mark.parametrize("fault", FAULTS[: int(os.environ.get("BREAKER_FAULTS", "2"))])
def test_thirty_minutes_of_failure(fault, day, town, client):
    """Opens after ten failures at most, is tried twice a minute at most, closes by itself; what waited goes out once."""
    failing, sandbox = town["voicemeup"], day.sandbox
    client.force_login(failing.user)
    before = timezone.now()
    day.until(before + 30 * MINUTE)
    usual = runs(town, before)

    begin, last = timezone.now(), sandbox.now()
    rule = sandbox.disturb(fault, slug="voicemeup")
    text = failing.write("+15792000001", "Written while it failed")
    seconds = []
    for turn in range(60):
        day.at(begin + turn * MINUTE / 2, lambda turn=turn: seconds.append(timed(client, PAGES[turn % 4])[0]))
    day.until(begin + 30 * MINUTE)
    meanwhile = runs(town, begin)
    tried = [row["at"] for row in sandbox.journal(since=last, slug="voicemeup") if row["fault"] == fault]

    first = tried[0]
    opened = Incident.objects.get(connection=failing.connection)
    print(f"{fault}: {len(tried)} requests in 30 minutes, {sum(at < first + 60 for at in tried)} in the first minute")
    assert sum(at < first + 60 for at in tried) <= 10
    steady = [at for at in tried if at >= first + 60]
    assert most_in(steady, 29.9) <= 1, "one probe in thirty seconds"
    assert len(steady) >= 50, "and it is tried again and again"
    assert opened.kind == Incident.Kind.FAILING and opened.ended_at is None
    for slug in OTHERS:
        assert abs(meanwhile[slug] - usual[slug]) <= max(1, 0.1 * usual[slug]), (slug, usual, meanwhile)
    assert p95(seconds) <= 1
    assert "has not answered since" in timed(client, "/messages/")[1]

    sandbox.control(f"faults/{rule['id']}", method="DELETE")
    day.until(timezone.now() + 2 * MINUTE)
    opened.refresh_from_db()
    text.refresh_from_db()
    assert opened.ended_at - opened.started_at >= 30 * MINUTE
    assert failing.fresh().health == Connection.Health.OK
    assert text.state == Message.State.SENT
    assert len(sandbox.ledger("sms_sent", slug="voicemeup")) == 1
    assert "has not answered since" not in timed(client, "/messages/")[1]
