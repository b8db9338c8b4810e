"""The door for upstreams: stored raw, answered at once, read by a worker (I4, RELIABILITY B.1 item 46, R15)."""

import json
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError
from django.urls import reverse
from django.utils import timezone

from providers import inbound
from providers.clients.errors import Unreadable
from providers.models import WebhookRequest
from tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection():
    return ConnectionFactory()


def hit(client, connection, body=b"{}", token=None, slug="voicemeup", **extra):
    url = reverse("webhook", kwargs={"slug": slug, "token": token or connection.webhook_token})
    return client.post(url, data=body, content_type="application/json", **extra)


def test_the_request_is_kept_exactly_as_it_came_and_a_worker_is_woken(
    client, connection, wakes, django_capture_on_commit_callbacks
):
    body = json.dumps({"message": "Bonjour, ça va? 😀"}).encode()
    with django_capture_on_commit_callbacks(execute=True):
        assert hit(client, connection, body).status_code == 200
    row = WebhookRequest.objects.get()
    assert (bytes(row.body), row.connection, row.state) == (body, connection, "received")
    assert [(wake.task, wake.args) for wake in wakes] == [("providers.tasks.read_webhook", (row.pk,))]


def test_a_wrong_token_is_a_page_that_does_not_exist_and_leaves_nothing(client, connection):
    for token in ("wrong-token-of-enough-length", "x", connection.webhook_token[:-1]):
        assert hit(client, connection, token=token).status_code == 404
    assert hit(client, connection, slug="jafone").status_code == 404
    assert not WebhookRequest.objects.exists()


def test_the_token_before_the_last_change_still_opens(client, connection):
    connection.old_webhook_token, connection.webhook_token = connection.webhook_token, "a-new-token-for-this-connection"
    connection.save()
    assert hit(client, connection, token=connection.old_webhook_token).status_code == 200


def test_only_post_is_known(client, connection):
    url = reverse("webhook", kwargs={"slug": "voicemeup", "token": connection.webhook_token})
    assert client.get(url).status_code == 405


def test_a_huge_body_is_refused(client, connection):
    assert hit(client, connection, b"x" * (inbound.LARGEST_BODY + 1)).status_code == 413
    assert not WebhookRequest.objects.exists()


def test_nothing_is_echoed(client, connection):
    response = hit(client, connection, b"<script>alert(1)</script>")
    assert response.content == b""


def test_what_cannot_be_read_stays_visible_with_its_reason(connection, monkeypatch):
    def refuse(row):
        raise Unreadable("not JSON", call="webhook")

    monkeypatch.setattr(inbound, "READERS", {"test": refuse})
    row = WebhookRequest.objects.create(connection=connection, body=b"\xff\x00")
    assert inbound.read(row.pk) is True
    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "not JSON")


def test_a_request_is_read_once_and_tried_again_after_our_own_failure(connection, monkeypatch):
    reads = []

    def stumble(row):
        reads.append(row.pk)
        if len(reads) == 1:
            raise RuntimeError("the database blinked")

    monkeypatch.setattr(inbound, "READERS", {"test": stumble})
    row = WebhookRequest.objects.create(connection=connection, body=b"{}")
    inbound.read(row.pk)
    assert inbound.read(row.pk) is False  # not at once
    WebhookRequest.objects.update(claimed_until=None)
    assert inbound.to_read() == [row.pk]
    inbound.read(row.pk)
    row.refresh_from_db()
    assert (row.state, len(reads)) == ("done", 2)
    assert inbound.read(row.pk) is False


def test_a_body_that_always_fails_is_put_aside(connection, monkeypatch):
    def break_down(row):
        raise RuntimeError("always")

    monkeypatch.setattr(inbound, "READERS", {"test": break_down})
    row = WebhookRequest.objects.create(connection=connection, body=b"{}")
    for _ in range(inbound.MOST_TRIES):
        WebhookRequest.objects.update(claimed_until=None)
        inbound.read(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("failed", inbound.MOST_TRIES)


@pytest.mark.parametrize(
    "error", [OperationalError("the database is locked"), InterfaceError("connection already closed")]
)
@pytest.mark.parametrize("step", ["connection_of", "store"])
def test_while_the_database_is_away_the_upstream_is_asked_to_come_again(client, connection, monkeypatch, error, step):
    """R16: whatever fails, it never looks as if the delivery had been kept."""

    def away(*args, **kwargs):
        raise error

    monkeypatch.setattr(inbound, step, away)
    response = hit(client, connection)
    assert (response.status_code, response["Retry-After"], response.content) == (503, "30", b"")


def test_what_speaks_of_something_unknown_is_read_again_and_in_the_end_left_alone(connection, monkeypatch):
    """R15: the report of a text may come before the answer to its sending."""
    reads = []

    def too_early(row):
        reads.append(row.pk)
        raise inbound.TooEarly("about a text that is not known here yet")

    monkeypatch.setattr(inbound, "READERS", {"test": too_early})
    row = WebhookRequest.objects.create(connection=connection, body=b"{}")
    for _ in range(inbound.MOST_TRIES + 2):
        assert inbound.read(row.pk) is True
        assert inbound.read(row.pk) is False, "not at once"
        WebhookRequest.objects.update(claimed_until=None)
    row.refresh_from_db()
    assert (row.state, len(reads)) == ("received", inbound.MOST_TRIES + 2)
    WebhookRequest.objects.update(received_at=timezone.now() - inbound.KEPT_OPEN - timedelta(seconds=1))
    inbound.read(row.pk)
    row.refresh_from_db()
    assert (row.state, row.error) == ("done", "about a text that is not known here yet")
