"""Guarding a number against being ported away: a PIN where the upstream has one, plain words where it has none (row D19)."""

import uuid

import pytest
from django.core import serializers
from django.urls import reverse

from accounts.models import AuditEntry
from numbering.models import Number, PortOutPin
from providers.models import ExchangeLog, Operation
from tests.factories import ConnectionFactory, MembershipFactory, NumberFactory
from tests.numbering.upstreams import House, fresh_sandbox, make_house, sandbox_of_module  # noqa: F401 - fixtures

DIGITS = "4827"


@pytest.fixture
def american(db, fresh_sandbox, client) -> House:  # noqa: F811
    house = make_house(fresh_sandbox, slug="voicetel")
    house.bring_home("numbers")
    client.force_login(house.owner)
    return house


@pytest.fixture
def number(american) -> Number:
    return Number.objects.present().filter(connection=american.connection).earliest("number")


def url(number: Number) -> str:
    return reverse("numbers:port_out", args=[number.pk])


def put(client, number: Number, digits: str = DIGITS, intent: str = ""):
    return client.post(url(number), {"pin": digits, "intent": intent or str(uuid.uuid4())})


def test_the_pin_reaches_the_upstream_and_is_forgotten_here(american, client, number):
    """D19: set once, told when and by whom, and its digits are in no row, trail or exchange afterwards."""
    since, intent = american.sandbox.now(), str(uuid.uuid4())
    assert "Not set here" in client.get(url(number)).content.decode()
    assert put(client, number, intent=intent).status_code == 302
    assert put(client, number, intent=intent).status_code == 302, "a second click is the same act"
    assert "Being set" in client.get(url(number)).content.decode()
    american.work()
    (told,) = american.received("portOutPinUpdate", since)
    assert number.number[2:] in str(told)
    page = client.get(url(number)).content.decode()
    assert "VoiceTel took it" in page and str(american.owner) in page and DIGITS not in page
    rows = [*PortOutPin.objects.all(), *Operation.objects.all(), *AuditEntry.objects.all(), *ExchangeLog.objects.all()]
    assert DIGITS not in serializers.serialize("json", rows) and not PortOutPin.objects.get().sealed_digits


def test_a_lost_answer_sets_the_same_digits_again(american, client, number):
    put(client, number)
    american.disturb("portOutPinUpdate", "close", phase="after")
    american.work()
    assert PortOutPin.objects.get().operation.state == "done" and not PortOutPin.objects.get().sealed_digits


def test_digits_that_anybody_would_try_are_refused_at_their_field(american, client, number):
    for digits in ("12", "12345", "abcd", "1234", "7777"):
        answer = put(client, number, digits)
        assert answer.status_code == 422 and answer.context["form"].errors["pin"], digits
    put(client, number)
    answer = put(client, number, "9351")
    assert answer.status_code == 409 and "Another PIN is on its way" in answer.content.decode()
    assert Operation.objects.filter(verb="port_out.pin").count() == 1


def test_setting_it_asks_who_the_person_is(american, client, number, settings):
    """J3."""
    settings.FRESH_SIGN_IN = True
    assert client.get(url(number)).context["form"] is None
    assert "reauthenticate" in client.get(url(number), {"set": "1"})["Location"]
    assert "reauthenticate" in put(client, number)["Location"] and not PortOutPin.objects.exists()


def test_where_there_is_no_pin_the_page_says_so_and_who_is_told(db, client, django_assert_max_num_queries):
    """D19: no upstream's word is made up; people who may not change numbers are neither told nor let in."""
    person = MembershipFactory(role="support")
    reader = MembershipFactory(account=person.account, role="reader")
    number = NumberFactory(account=person.account, connection=ConnectionFactory(slug="voicemeup"))
    client.force_login(person.user)
    client.get(url(number))
    with django_assert_max_num_queries(20):
        page = client.get(url(number)).content.decode()
    assert "takes neither a PIN nor a lock" in page and str(person.user) in page and str(reader.user) not in page
    assert put(client, number).status_code == 409 and not PortOutPin.objects.exists()
    assert url(number) in client.get(reverse("numbers:detail", args=[number.pk])).content.decode()
    client.force_login(reader.user)
    assert client.get(url(number)).status_code == 403
    client.force_login(MembershipFactory().user)
    assert client.get(url(number)).status_code == 404
