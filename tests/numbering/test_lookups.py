"""Looking up anybody's number: the fee is said first, and nothing is paid for twice (B14)."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from billing.models import SpendCap
from numbering.models import NumberLookup
from numbering.services import lookups as services
from providers.models import Operation
from tests.factories import MembershipFactory
from tests.numbering.upstreams import fresh_sandbox, make_home, sandbox_of_module  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
PAGE, NUMBER = "/numbers/lookup/", "+14165550123"


@pytest.fixture(params=["voicemeup"])
def house(request, fresh_sandbox, client):  # noqa: F811
    return make_home(fresh_sandbox, client, slug=request.param)


def ask(house, number: str = NUMBER, **data):
    about = {"intent": str(uuid.uuid4()), "connection": house.connection.pk, "number": number}
    return house.client.post(PAGE, about | data)


def test_the_fee_is_said_before_anything_is_asked(house):
    page = house.client.get(PAGE).content.decode()
    assert "Each look-up is charged by VoiceMeUp" in page and "Look it up for a fee" in page
    assert not Operation.objects.exists()


@pytest.mark.parametrize("house", ["voicemeup", "jafone", "voicetel"], indirect=True)
def test_a_number_is_looked_up_once_and_the_answer_is_shown(house):
    """At every upstream that can."""
    response = ask(house)
    assert b"every 2s" in house.client.get(response["Location"]).content
    house.work()
    page = house.client.get(response["Location"])
    assert page.context["told"].facts and b"every 2s" not in page.content, page.context["told"]
    assert page.context["told"].facts[0][1].encode() in house.client.get(PAGE).content


def test_what_was_looked_up_this_week_costs_nothing_again(house):
    since = house.sandbox.now()
    first = ask(house)["Location"]
    house.work()
    again = ask(house, "(416) 555-0123")
    assert again["Location"] == first
    house.work()
    assert len(house.sandbox.journal("lookup_did", since=since)) == 1
    assert b"nothing new was charged" in house.client.get(again["Location"]).content


def test_asking_again_is_an_explicit_act(house):
    since = house.sandbox.now()
    first = ask(house)["Location"]
    house.work()
    assert ask(house, again="on")["Location"] != first
    house.work()
    assert len(house.sandbox.journal("lookup_did", since=since)) == 2


def test_two_clicks_are_one_question(house):
    intent = str(uuid.uuid4())
    assert ask(house, intent=intent)["Location"] == ask(house, intent=intent, again="on")["Location"]
    assert ask(house, "+14165550124", intent=intent).status_code == 409
    assert NumberLookup.objects.count() == 1


def test_an_answer_that_was_lost_is_not_paid_for_again_by_itself(house):
    since = house.sandbox.now()
    house.disturb("lookup_did", "no_answer", phase="after")
    place = ask(house)["Location"]
    house.work()
    assert len(house.sandbox.journal("lookup_did", since=since)) == 1
    assert b"gave no clear answer. It may have charged for it" in house.client.get(place).content


def test_a_number_that_nobody_knows_says_so(house):
    place = ask(house, "+13075550123")["Location"]
    house.work()
    assert b"knows nothing of this number" in house.client.get(place).content


@pytest.mark.parametrize("number", ["", "911", "hello", "514 555", "514 555-0134 ext 5"])
def test_what_is_no_number_is_named_at_the_field(house, number):
    response = ask(house, number)
    assert response.status_code == 422 and "number" in response.context["form"].errors
    assert not NumberLookup.objects.exists()


def test_strangers_find_no_answer_and_readers_may_not_spend(house):
    place = ask(house)["Location"]
    house.client.force_login(MembershipFactory(role=Role.OWNER).user)
    assert house.client.get(place).status_code == 404
    assert ask(house).status_code in (200, 422) and NumberLookup.objects.count() == 1
    house.client.force_login(house.person(Role.READER))
    assert house.client.get(PAGE).status_code == 403


def test_the_pages_ask_little(house, django_assert_max_num_queries):
    for last in range(3):
        place = ask(house, f"+1416555012{last}")["Location"]
    with django_assert_max_num_queries(13):
        house.client.get(PAGE)
    with django_assert_max_num_queries(12):
        house.client.get(place)


def test_under_a_daily_limit_nothing_of_an_unknown_price_is_bought(house):
    """As with orders (A13): else a limited account would spend without end, on the money of the account above too."""
    account = house.owner.memberships.get().account
    SpendCap.objects.create(account=account, per_day=5, currency="CAD")
    answer = ask(house)
    assert answer.status_code == 422 and not NumberLookup.objects.exists() and not Operation.objects.exists()
    assert b"has a daily limit, and what this costs is not told" in answer.content
    assert NUMBER in answer.content.decode().replace("\u00a0", " ") or b"555" in answer.content, "nothing typed is lost"
    assert b"has a daily limit" in house.client.get(PAGE).content


def test_an_account_looks_up_only_so_many_an_hour(house, monkeypatch):
    monkeypatch.setattr(services, "MOST", 2)
    assert [ask(house, f"416555012{last}").status_code for last in range(4)] == [302, 302, 422, 422]
    assert NumberLookup.objects.count() == Operation.objects.count() == 2
    assert ask(house, "4165550120").status_code == 302, "what is known costs nothing"
    NumberLookup.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert ask(house, "4165550129").status_code == 302
