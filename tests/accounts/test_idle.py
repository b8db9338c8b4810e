"""A quiet person is signed out; a page that refreshes itself keeps nobody signed in (RELIABILITY B.1 item 21)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
START = "2026-11-20T14:00:00Z"


@pytest.fixture
def person(client):
    user = MembershipFactory().user
    client.force_login(user)
    return user


def is_in(client) -> bool:
    return client.get(reverse("accounts:profile")).status_code == 200


def test_half_an_hour_of_quiet_signs_out(client, person):
    with time_machine.travel(START, tick=False) as clock:
        assert is_in(client)
        clock.shift(timedelta(minutes=29))
        assert is_in(client)
        clock.shift(timedelta(minutes=31))
        assert not is_in(client)


def test_a_page_that_refreshes_itself_is_not_a_person(client, person):
    with time_machine.travel(START, tick=False) as clock:
        assert is_in(client)
        for _ in range(8):
            clock.shift(timedelta(minutes=4))
            client.get(reverse("messages:unread"), headers={"HX-Request": "true", "HX-Target": "unread-badge"})
            client.get(
                reverse("messages:inbox"),
                headers={"HX-Request": "true", "HX-Target": "threads", "HX-Trigger": "threads"},
            )
        moved = client.get(reverse("messages:unread"), headers={"HX-Request": "true", "HX-Target": "unread-badge"})
        assert moved.status_code == 401 and "/accounts/login/" in moved["HX-Redirect"]
        assert not is_in(client)


def test_staff_have_a_quarter_of_an_hour(client, person):
    type(person).objects.filter(pk=person.pk).update(is_staff=True)
    with time_machine.travel(START, tick=False) as clock:
        assert is_in(client)
        clock.shift(timedelta(minutes=16))
        assert not is_in(client)


def test_a_long_day_ends_for_everybody(client, person):
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(36):
            assert is_in(client)
            clock.shift(timedelta(minutes=20))
        clock.shift(timedelta(minutes=1))
        assert not is_in(client)
