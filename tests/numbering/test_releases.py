"""Giving up numbers: what breaks is listed, days of grace with undo, and upstream hears of it once and last (B6, B7, J3)."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from messaging.models import Campaign
from numbering.models import DirectoryListing, EmergencyEndpoint, Number, NumberRelease
from numbering.tasks import sweep_releases
from providers.models import Operation
from tests.factories import (
    EmergencyEndpointFactory,
    MembershipFactory,
    MessageFactory,
    NumberFactory,
    PortRequestFactory,
    ThreadFactory,
)
from tests.numbering.upstreams import NOT_THEIRS, fresh_sandbox, make_home, sandbox_of_module  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(fresh_sandbox, client):  # noqa: F811
    return make_home(fresh_sandbox, client, "numbers", "e911")


@pytest.fixture
def number(house) -> Number:
    return Number.objects.can_text().filter(kind="local").order_by("pk").first()


def path(number: Number, what: str = "release") -> str:
    return reverse(f"numbers:{what}", args=[number.pk])


def release(house, number: Number, **data):
    return house.client.post(path(number), {"intent": str(uuid.uuid4()), "confirm": number.number, **data})


def grace_is_over() -> int:
    NumberRelease.objects.update(release_at=timezone.now() - timedelta(minutes=1))
    return sweep_releases()


def test_what_breaks_is_listed_before_anything_happens(house, number):
    """B6: 911, texts, forwarding and an open port; the number typed."""
    if not EmergencyEndpoint.objects.filter(number=number.number).exists():
        EmergencyEndpointFactory(connection=house.connection, account=house.account, number=number.number)
    settings = number.settings | {"forwarding": True, "forward_to": "+14385550188", "sms_email": "desk@example.com"}
    Number.objects.filter(pk=number.pk).update(settings=settings)
    PortRequestFactory(account=house.account, connection=house.connection, numbers=[number.number])
    page = house.client.get(path(number)).content.decode()
    for words in (
        "Its 911 address goes with it: ", "Its calls stop going to 438", "Nobody can text it any more",
        "Its texts stop going to desk@example.com", "A port request with this number is under way", "For 7 days it goes on",
    ):  # fmt: skip
        assert words.replace("\u00a0", " ") in page.replace("\u00a0", " "), words
    assert not NumberRelease.objects.exists()


def test_campaigns_and_scheduled_texts_that_use_it_are_named(house, number):
    """B6: what other apps know of the number is on the list too, with a link for who may open it."""
    mine = {"account": house.account, "sender": number.number}
    over = Campaign.objects.create(**mine, name="Over", state="done")
    page = house.client.get(path(number)).content.decode()
    assert "campaign" not in page and "scheduled text" not in page
    campaign = Campaign.objects.create(**mine, name="Spring check-up", state="running")
    Campaign.objects.create(account=house.account, name="Elsewhere", sender="+14385550100", state="running")
    thread = ThreadFactory(account=house.account, our_number=number.number)
    later = {"connection": house.connection, "thread": thread, "direction": "outbound", "state": "queued"}
    MessageFactory(**later, send_at=timezone.now() + timedelta(days=1))
    MessageFactory(**later, send_at=timezone.now() + timedelta(days=2))
    page = house.client.get(path(number)).content.decode()
    assert "This campaign sends from it and stops: Spring check-up." in page and over.name not in page
    assert reverse("messages:campaign", args=[campaign.public_id]) in page and "Elsewhere" not in page
    assert "2 scheduled texts from it do not go out." in page and reverse("messages:scheduled") in page


def test_an_entry_in_the_directory_is_named(house, number):
    """B6 and 411."""
    DirectoryListing.objects.create(
        connection=house.connection,
        external_id="9",
        number=number.number,
        state="active",
        entry={"sort_name": "Lachance"},
    )
    assert "Who finds it in the directory (411) reaches nobody" in house.client.get(path(number)).content.decode()


@pytest.mark.parametrize("typed", ["", "514 555-0199", "yes", "911"])
def test_another_number_typed_releases_nothing(house, number, typed):
    response = release(house, number, confirm=typed)
    assert response.status_code == 422 and "confirm" in response.context["form"].errors
    assert not NumberRelease.objects.exists()


def test_nothing_is_said_upstream_during_the_days_of_grace_and_it_can_be_undone(house, number):
    """B7."""
    since = house.sandbox.now()
    assert release(house, number)["Location"] == path(number, "detail")
    row = NumberRelease.objects.get()
    assert timedelta(days=6, hours=23) < row.release_at - timezone.now() <= timedelta(days=7)
    assert sweep_releases() == 0 and not Operation.objects.exists()
    page = house.client.get(path(number, "detail")).content.decode()
    assert "released this number. It works until" in page and "Undo: keep this number" in page
    assert "unless you undo it" in house.client.get("/numbers/").content.decode()
    house.client.post(path(number, "release_undo"))
    assert grace_is_over() == 0
    assert not house.sandbox.journal("delete_did", since=since)
    assert "Undo: keep" not in house.client.get(path(number, "detail")).content.decode()
    acts = list(
        AuditEntry.objects.filter(action__startswith="number.release").order_by("pk").values_list("action", flat=True)
    )
    assert acts == ["number.release_asked", "number.release_undone"]


def test_after_the_days_of_grace_it_is_given_back_once(house, number):
    """B7: by the sweep, through the outbox; then it is out of the inventory."""
    release(house, number)
    since = house.sandbox.now()
    assert grace_is_over() == 1 and grace_is_over() == 0
    house.work()
    (sent,) = house.sandbox.journal("delete_did", since=since)
    assert sent["params"]["client_did_id"] == number.external_id
    number.refresh_from_db()
    assert number.status == "deleted" and NumberRelease.objects.get().state == "done"
    assert number.number not in {row.number for row in Number.objects.present()}
    assert AuditEntry.objects.filter(action="number.released", account=house.account).exists()
    house.bring_home("numbers")
    number.refresh_from_db()
    assert number.status == "deleted"


def test_a_release_without_an_answer_is_looked_up(house, number):
    release(house, number)
    grace_is_over()
    since = house.sandbox.now()
    house.disturb("delete_did", "no_answer", phase="after")
    house.work()
    assert len(house.sandbox.journal("delete_did", since=since)) == 1
    assert NumberRelease.objects.get().state == "done"


def test_it_is_too_late_to_undo_once_upstream_was_asked(house, number):
    release(house, number)
    grace_is_over()
    page = house.client.post(path(number, "release_undo"), follow=True).content.decode()
    assert "It is too late" in page and NumberRelease.objects.get().state == "asked"
    house.work()
    assert NumberRelease.objects.get().state == "done"


def test_a_number_that_moved_away_meanwhile_is_not_given_back(house, number):
    release(house, number)
    other = MembershipFactory().account
    Number.objects.filter(pk=number.pk).update(account=other)
    since = house.sandbox.now()
    grace_is_over()
    house.work()
    assert not house.sandbox.journal("delete_did", since=since)
    assert NumberRelease.objects.get().state == "refused"


def test_a_refusal_is_said_and_the_number_stays(house, number):
    release(house, number)
    grace_is_over()
    Operation.objects.update(state="failed", error_cause="not_now", due_at=None)
    NumberRelease.objects.update(state="refused")
    page = house.client.get(path(number, "detail")).content.decode()
    assert "did not take this number back, so you still have it" in page and "Release this number" in page


def test_two_clicks_and_two_people_are_one_release(house, number):
    intent = str(uuid.uuid4())
    release(house, number, intent=intent)
    assert release(house, number, intent=intent).status_code == 302
    second = release(house, number)
    assert second.status_code == 409 and "released this number" in second.content.decode()
    assert NumberRelease.objects.count() == 1


def test_who_did_not_sign_in_lately_is_asked_to(house, number, settings):
    """J3."""
    settings.FRESH_SIGN_IN = True
    house.client.force_login(house.owner)
    response = house.client.get(path(number))
    assert response.status_code == 302 and "reauthenticate" in response["Location"]
    assert "reauthenticate" in release(house, number)["Location"] and not NumberRelease.objects.exists()


def test_a_number_of_an_upstream_that_takes_none_back_says_so(house):
    from_jafone = NumberFactory(account=house.account, connection__slug="jafone", number=NOT_THEIRS)
    assert b"takes no numbers back" in house.client.get(path(from_jafone)).content
    assert b"Release this number" not in house.client.get(path(from_jafone, "detail")).content


def test_a_stranger_finds_nothing_and_a_reader_may_not(house, number):
    house.client.force_login(MembershipFactory(role=Role.OWNER).user)
    assert release(house, number).status_code == 404
    house.client.force_login(house.person(Role.READER))
    assert release(house, number).status_code == 403
    assert not NumberRelease.objects.exists()


def test_the_pages_ask_little(house, number, django_assert_max_num_queries):
    release(house, number)
    with django_assert_max_num_queries(19):
        house.client.get(path(number))
