"""Notice when 911 was dialled, and test calls to 933 told as such (E11)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from numbering.models import EmergencyCall, EmergencyEndpoint, Number
from numbering.tasks import tell_of_emergency_calls
from providers import sync
from providers.clients.registry import CLIENTS
from providers.models import Feed
from tests.factories import ConnectionFactory, MembershipFactory, RemoteAccountFactory, UserFactory
from tests.numbering.upstreams import fresh_sandbox, make_home, sandbox_of_module  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
FEED = "emergency_calls"


@pytest.fixture
def house(fresh_sandbox, client):  # noqa: F811
    return make_home(fresh_sandbox, client, "numbers", "e911", FEED)


@pytest.fixture
def number(house) -> Number:
    return Number.objects.present().filter(kind="local", voice=True).exclude(label="").order_by("pk").first()


def dial(house, number: Number, to: str = "911", seconds: int = 42) -> None:
    house.sandbox.control("outbound-call", {"from": number.number, "to": to, "seconds": seconds})
    house.bring_home(FEED)


def page(house) -> str:
    return house.client.get(reverse("numbers:e911")).content.decode()


def test_a_call_to_911_is_found_and_told_once_to_people_and_staff(house, number):
    staff, reader = UserFactory(is_staff=True), house.person(Role.READER)
    dial(house, number)
    call = EmergencyCall.objects.get()
    assert (call.number, call.account, call.source, call.is_test) == (number, house.account, number.number, False)
    assert (call.seconds, call.answered) == (42, True)
    assert tell_of_emergency_calls() == 1 and tell_of_emergency_calls() == 0
    told = {one.to[0]: one for one in mail.outbox}
    assert set(told) == {house.owner.email, staff.email} and reader.email not in told
    body = told[house.owner.email].body.replace("\u00a0", " ")
    assert "911 was called from" in told[house.owner.email].subject and "42 seconds" in body
    assert number.number[-4:] in body and number.label in body
    shown = page(house)
    assert "911 called" in shown and number.label in shown and "42 seconds" in shown


def test_the_log_is_read_on_from_the_last_call_and_no_call_is_told_twice(house, number):
    dial(house, number)
    since = house.sandbox.now()
    house.bring_home(FEED)
    house.bring_home(FEED)
    asked = house.received("get_calls", since)
    assert len(asked) == 2 and all(one.get("call_hash") and "date_from" not in one for one in asked)
    dial(house, number)
    assert EmergencyCall.objects.count() == 2


def test_a_place_in_the_log_that_is_known_no_more_is_no_trouble(house, number):
    dial(house, number)
    feed = Feed.objects.get(connection=house.connection, name=FEED)
    Feed.objects.filter(pk=feed.pk).update(cursor={**feed.cursor, "after": "0" * 32})
    house.bring_home(FEED)
    dial(house, number, "911", 0)
    assert sorted(EmergencyCall.objects.values_list("seconds", flat=True)) == [0, 42]
    assert "not answered" in page(house)


def test_a_test_call_is_said_to_be_one_and_troubles_no_staff(house, number):
    """933 is how a line is tried."""
    UserFactory(is_staff=True)
    dial(house, number, "933")
    assert EmergencyCall.objects.get().is_test
    assert tell_of_emergency_calls() == 1
    (sent,) = mail.outbox
    assert sent.to == [house.owner.email] and "test call to 933" in sent.subject and "nobody was sent" in sent.body
    assert "Test call" in page(house) and "911 called" not in page(house)
    of_number = house.client.get(reverse("numbers:e911_number", args=[number.pk])).content.decode()
    assert "Last test call:" in of_number


def test_in_french_for_who_reads_french(house, number):
    type(house.owner).objects.update(language="fr")
    dial(house, number)
    tell_of_emergency_calls()
    assert "911" in mail.outbox[0].subject and "Bonjour" in mail.outbox[0].body and "secondes" in mail.outbox[0].body


def test_the_mail_says_when_the_line_had_no_address(house, number):
    EmergencyEndpoint.objects.filter(number=number.number).delete()
    dial(house, number)
    tell_of_emergency_calls()
    assert "no 911 address in force" in mail.outbox[0].body


@pytest.mark.parametrize("to", ["9115550100", "411", "+15149110933", "19115550123"])
def test_other_calls_are_none_of_these(house, number, to):
    dial(house, number, to)
    assert not EmergencyCall.objects.exists()


def test_what_was_long_over_when_the_portal_came_is_kept_and_not_told(house, number):
    EmergencyCall.objects.create(
        account=house.account, connection=house.connection, external_id="x", source=number.number, number=number,
        called_at=timezone.now() - timedelta(days=120), told_at=timezone.now(),
    )  # fmt: skip
    assert tell_of_emergency_calls() == 0 and "None in the last 90 days." in page(house)


def test_a_mail_server_that_refuses_is_tried_again(house, number, monkeypatch):
    dial(house, number)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with pytest.raises(OSError):
        tell_of_emergency_calls()
    monkeypatch.undo()
    assert tell_of_emergency_calls() == 1


def refuse(*_args, **_kwargs):
    raise OSError("refused")


def test_another_account_sees_nothing_of_it(house, number):
    dial(house, number)
    stranger = MembershipFactory().user
    house.client.force_login(stranger)
    assert number.number[-4:] not in page(house)
    tell_of_emergency_calls()
    assert stranger.email not in {to for one in mail.outbox for to in one.to}


def test_only_upstreams_that_tell_what_is_new_are_asked_and_the_page_says_which(house):
    able = {slug for slug, client in CLIENTS.items() if "new_calls" in client.capabilities}
    assert able == {"voicemeup"}
    other = ConnectionFactory(slug="jafone")
    RemoteAccountFactory(connection=other, account=house.account)
    assert FEED not in sync.feeds_of(other)
    shown = page(house)
    assert "dialled from a number of VoiceMeUp, you and our staff get a mail" in shown
    assert "911 calls from numbers of JaFone" in shown
