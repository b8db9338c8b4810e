"""What staff see of trouble: incidents from start to end, orphans, what would vanish, credentials that are tried (H3-H6)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from providers import gateway, orphans
from providers.causes import CATALOGUE, explain
from providers.clients.base import Exchange
from providers.clients.errors import Cause, CredentialsRefused
from providers.models import Connection, Feed, Incident, Orphan
from providers.quota import Priority
from tests.factories import ConnectionFactory, NumberFactory, RemoteAccountFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection():
    return ConnectionFactory()


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def exchange(outcome: str, code: str = "") -> Exchange:
    return Exchange(
        call="get_dids", bucket="shared_pool", method="POST", url="http://x/", request="", started_at=timezone.now(),
        duration_ms=5, outcome=outcome, code=code,
    )  # fmt: skip


def test_an_incident_begins_with_the_first_failure_and_ends_with_the_first_good_answer(connection):
    meter = gateway.Meter(connection, Priority.LIFE)
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as clock:
        for _ in range(gateway.OPEN_AFTER):
            meter.after(exchange("unreachable", "unreachable"))
            clock.shift(timedelta(seconds=2))
        incident = Incident.objects.get()
        assert (incident.kind, incident.reason, incident.ended_at) == ("failing", "get_dids: unreachable", None)
        assert incident.started_at.isoformat() == "2026-11-20T12:00:00+00:00"
        meter.after(exchange("unreachable", "unreachable"))
        clock.shift(timedelta(minutes=5))
        meter.after(exchange("ok"))
        incident.refresh_from_db()
        assert incident.ended_at == timezone.now()
    assert Incident.objects.count() == 1


def test_a_refusal_of_one_request_is_no_incident_and_ends_one(connection):
    Incident.objects.create(connection=connection, kind="failing")
    Connection.objects.update(failures=7)
    gateway.Meter(connection, Priority.LIFE).after(exchange("refused", "message_invalid"))
    assert not Incident.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("outcome", ["denied", "limited"])
def test_neither_a_limit_nor_refused_credentials_count_as_health(connection, outcome):
    Incident.objects.create(connection=connection, kind="refused")
    gateway.Meter(connection, Priority.LIFE).after(exchange(outcome))
    assert Incident.objects.filter(ended_at=None).exists()


def test_refused_credentials_are_an_incident_until_they_are_accepted(connection):
    gateway.credentials_refused(connection, CredentialsRefused("no", code="authentication_failed"))
    gateway.credentials_refused(connection, CredentialsRefused("no", code="authentication_failed"))
    assert Incident.objects.get().kind == "refused"
    gateway.Meter(connection, Priority.LIFE).after(exchange("ok"))
    assert Incident.objects.filter(ended_at=None).count() == 0


def test_orphans_open_settle_and_open_again_and_stay_aside_when_a_person_says_so(connection):
    find = lambda *rows: orphans.found(connection, "numbers", Orphan.Side.THEIRS, rows)  # noqa: E731
    assert find(("1", "+15145550101"), ("2", "+15145550102")) == 2
    assert find(("2", "+15145550102")) == 1
    assert Orphan.objects.get(external_id="1").state == "settled"
    orphans.set_aside(Orphan.objects.filter(external_id="2"), "sam")
    assert find(("1", "+15145550101"), ("2", "+15145550102")) == 1
    assert set(Orphan.objects.values_list("external_id", "state")) == {("1", "open"), ("2", "aside")}


def test_staff_read_incidents_limits_orphans_and_what_would_vanish(staff, connection):
    Incident.objects.create(connection=connection, kind="failing", reason="get_dids: deadline")
    Orphan.objects.create(connection=connection, kind="numbers", side="ours", external_id="9", label="+15145550109")
    held = {"missing": 60, "known": 90, "examples": [f"{n} · +151455501{n:02}" for n in range(50)]}
    feed = Feed.objects.create(connection=connection, name="numbers", held=held)
    assert b"get_dids: deadline" in staff.get(reverse("admin:providers_incident_changelist")).content
    assert b"+15145550109" in staff.get(reverse("admin:providers_orphan_changelist")).content
    shown = staff.get(reverse("admin:providers_feed_change", args=[feed.pk])).content.decode()
    assert "49 · +15145550149" in shown and "and 10 more" in shown


def change(staff, connection, **values):
    data = {
        "slug": "voicemeup",
        "name": connection.name,
        "base_url": connection.base_url,
        "time_zone": "America/Toronto",
    }
    return staff.post(
        reverse("admin:providers_connection_change", args=[connection.pk]), {**data, "is_active": "on", **values}
    )


def test_credentials_that_are_not_accepted_are_not_kept(staff, connection, monkeypatch):
    def refuse(client):
        raise CredentialsRefused("no", code="authentication_failed", words=("Bad token.",))

    monkeypatch.setattr(connection.client_class, "probe", refuse)
    before = connection.credentials
    page = change(staff, connection, new_credentials="auth_token=mistyped-token-0000000000000000")
    assert page.status_code == 200 and "does not accept our sign-in" in page.content.decode()
    assert Connection.objects.get().credentials == before


def test_good_credentials_replace_only_what_was_given_and_are_never_shown(staff, connection, monkeypatch):
    tried = []
    monkeypatch.setattr(connection.client_class, "probe", lambda client: tried.append(dict(client.credentials)))
    before = connection.credentials
    assert change(staff, connection, new_credentials="auth_token=fresh-token-00000000000000000000").status_code == 302
    kept = Connection.objects.get().credentials
    assert kept == {**before, "auth_token": "fresh-token-00000000000000000000"}
    assert tried[0]["auth_token"] == kept["auth_token"]
    shown = staff.get(reverse("admin:providers_connection_change", args=[connection.pk])).content.decode()
    assert "fresh-token" not in shown


def test_a_token_learned_on_the_way_is_kept_for_all_workers(connection):
    client = gateway.client_for(connection, Priority.LIFE)
    client.learned = {"access_token": "learned-0123456789"}
    client.observer.after(exchange("ok"))
    assert Connection.objects.get().credentials["access_token"] == "learned-0123456789"
    assert client.latest()["access_token"] == "learned-0123456789"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_cause_has_what_happened_and_what_next_in_both_languages(language, settings):
    """I5."""
    with translation.override(language):
        for cause in Cause:
            said = explain(cause.value, "VoiceMeUp")
            assert said.what and said.next and "%" not in str(said)
    assert set(CATALOGUE) == set(Cause)


def test_a_cause_of_another_version_is_explained_as_unknown():
    assert explain("never-heard-of", "JaFone") == CATALOGUE[Cause.UNKNOWN].of("JaFone")


def test_staff_go_from_an_orphan_to_where_it_is_settled(staff):
    remote = RemoteAccountFactory(account=None, external_id="sub-7", name="Café Nord")
    number = NumberFactory(gone_at=timezone.now())
    values = {"connection": remote.connection, "side": "theirs"}
    Orphan.objects.create(kind="subaccounts", external_id="sub-7", label="Café Nord", **values)
    Orphan.objects.create(kind="numbers", external_id="1", label=number.number, **values)
    page = staff.get(reverse("admin:providers_orphan_changelist")).content.decode()
    assert reverse("admin:accounts_remoteaccount_change", args=[remote.pk]) in page
    assert reverse("admin:numbers_number_change", args=[number.pk]) in page
    assert staff.get(reverse("admin:accounts_remoteaccount_change", args=[remote.pk])).status_code == 200
