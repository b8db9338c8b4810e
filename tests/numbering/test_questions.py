"""No account uses up the calls that all accounts of a connection share by asking (B3, B5, D1)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from numbering.models import PortRequest
from numbering.services import questions
from numbering.upstream.port_checks import CHECK
from numbering.upstream.searching import PLACES, SEARCH
from providers.models import Operation
from tests.factories import MembershipFactory, RemoteAccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def remote(client, monkeypatch):
    """An account at VoiceMeUp, its owner signed in, that may ask twice an hour."""
    for verb in questions.MOST:
        monkeypatch.setitem(questions.MOST, verb, 2)
    return sign_in(client, RemoteAccountFactory())


def sign_in(client, remote):
    client.force_login(MembershipFactory(account=remote.account).user)
    return remote


def search(client, remote):
    return client.post(reverse("numbers:find"), {"kind": "local", "run": "1", "area_code": "514"})


def rate_centres(client, remote):
    return client.post(reverse("numbers:back_order"), {"connection": remote.connection.pk, "area_code": "514"})


def check(client, remote):
    return client.post(
        reverse("numbers:port_check"), {"connection": remote.connection.pk, "numbers": "514 555-0142"}
    )  # fmt: skip


@pytest.mark.parametrize("language, told", [("en", "asked this very often"), ("fr", "très souvent")])
@pytest.mark.parametrize("ask, verb", [(search, SEARCH), (rate_centres, PLACES), (check, CHECK)])
def test_who_asked_very_often_waits_and_keeps_what_was_typed(client, remote, ask, verb, language, told):
    client.cookies["language"] = language
    for _allowed in range(2):
        assert told not in ask(client, remote).content.decode()
    page = ask(client, remote).content.decode()
    assert told in page and Operation.objects.filter(verb=verb).count() == 2
    assert ask is check or 'value="514"' in page
    other = sign_in(client, RemoteAccountFactory(connection=remote.connection, external_id="7"))
    if ask is check:  # an account below may buy nothing, but port
        assert told not in ask(client, other).content.decode() and Operation.objects.filter(verb=verb).count() == 3
    sign_in(client, remote)
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        sign_in(client, remote)
        assert told not in ask(client, remote).content.decode()


def test_a_port_goes_on_unasked(client, remote):
    """D1, D2: the numbers are kept and the next page opens; the answer is the only thing that is not there."""
    for _allowed in range(2):
        check(client, remote)
    page = client.get(reverse("numbers:port_new"))
    said = {
        "intent": page.context["intent"],
        "connection": remote.connection.pk,
        "numbers": "514 555-0143",
        "act": "next",
    }
    answer = client.post(reverse("numbers:port_new"), said, follow=True)
    port = PortRequest.objects.get()
    assert port.numbers == ["+15145550143"] and answer.redirect_chain[-1][0].endswith("/account/")
    assert "asked this very often" in answer.content.decode() and Operation.objects.filter(verb=CHECK).count() == 2
