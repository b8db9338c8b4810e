"""The port-day checklist that the system ticks (row D18, USERS complaint 13)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from numbering import port_day
from numbering.models import EmergencyChange, Number
from numbering.presenters.port_day import checklist_of
from tests.factories import (
    EmergencyEndpointFactory,
    MembershipFactory,
    MessageFactory,
    NumberFactory,
    PortRequestFactory,
    RemoteAccountFactory,
    ThreadFactory,
)

NUMBERS = ["+14505550171", "+14505550172"]


@pytest.fixture
def port(db):
    remote = RemoteAccountFactory()
    return PortRequestFactory(
        account=remote.account, connection=remote.connection, numbers=NUMBERS, status="completed",
        status_since=timezone.now() - timedelta(hours=2), details={"features": ["sms"]},
    )  # fmt: skip


def words(port) -> list[str]:
    return [item.state.word for item in checklist_of(port, port_day.signs_of(port))]


def arrive(port, number: str):
    return NumberFactory(account=port.account, connection=port.connection, number=number, sms=True)


def text_to(port, number: str, **more) -> None:
    thread = ThreadFactory(account=port.account, our_number=number)
    MessageFactory(thread=thread, connection=port.connection, our_number=number, **more)


def test_each_line_is_ticked_by_what_the_system_sees(port, client):
    assert words(port) == ["Not yet", "Not yet", "Not yet"]
    for number in NUMBERS:
        arrive(port, number)
    assert words(port)[0] == "Done"
    for number in NUMBERS:
        EmergencyEndpointFactory(account=port.account, connection=port.connection, number=number)
    text_to(port, NUMBERS[0])
    assert words(port) == ["Done", "Done", "1 of 2"], "texts stand apart until they work"
    client.force_login(MembershipFactory(account=port.account).user)
    page = client.get(reverse("numbers:port", args=[port.public_id])).content.decode()
    assert "Port-day checklist" in page and "1 of 2" in page


def test_what_was_before_the_port_or_of_another_tenant_ticks_nothing(port):
    stranger = RemoteAccountFactory()
    EmergencyEndpointFactory(account=stranger.account, connection=stranger.connection, number=NUMBERS[0])
    arrive(port, NUMBERS[0])
    text_to(port, NUMBERS[0], at=timezone.now() - timedelta(days=3))
    assert words(port) == ["1 of 2", "Not yet", "Not yet"]


def test_a_number_still_at_its_old_upstream_ticks_nothing(port):
    """911 is never green on the word of the upstream that the number leaves."""
    old = RemoteAccountFactory(account=port.account).connection
    for number in NUMBERS:
        NumberFactory(account=port.account, connection=old, number=number, sms=True)
        EmergencyEndpointFactory(account=port.account, connection=old, number=number)
    assert words(port) == ["Not yet", "Not yet", "Not yet"]
    Number.objects.update(gone_at=timezone.now())
    for number in NUMBERS:
        arrive(port, number)
    assert words(port)[:2] == ["Done", "Not yet"], "the old address is still listed there, and says nothing here"


@pytest.mark.parametrize("state", ["differs", "unknown"])
def test_an_address_that_came_out_otherwise_ticks_nothing(port, state):
    for number in NUMBERS:
        row = arrive(port, number)
        EmergencyEndpointFactory(account=port.account, connection=port.connection, number=number)
    EmergencyChange.objects.create(account=port.account, number=row, state=state)
    assert words(port)[1] == "1 of 2"
    EmergencyChange.objects.create(account=port.account, number=row, state="provisioned")
    assert words(port)[1] == "Done"
