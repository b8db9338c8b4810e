"""Ordering what is not in stock: asked once, matched when it comes, its status told for each number (B5)."""

import time
import uuid

import pytest

from accounts.roles import Role
from billing.models import SpendCap
from numbering.models import BackOrder, BackOrderArrival, Number
from numbering.tasks import match_back_orders
from providers.models import Operation
from tests.factories import AccountFactory, MembershipFactory, RemoteAccountFactory
from tests.numbering.upstreams import fresh_sandbox, make_house, sandbox_of_module  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
BEGIN = "/numbers/back-orders/new/"


@pytest.fixture
def house(fresh_sandbox, client):  # noqa: F811
    home = make_house(fresh_sandbox)
    home.bring_home("numbers")
    client.force_login(home.owner)
    home.client = client
    return home


def places(house, area_code: str = "514") -> tuple[str, list]:
    response = house.client.post(BEGIN, {"connection": house.connection.pk, "area_code": area_code})
    house.work()
    return response["Location"], house.client.get(response["Location"]).context["places"]


def order(house, place: str, place_id: str, **wishes):
    about = {"intent": str(uuid.uuid4()), "place_id": place_id, "quantity": "2", "unknown": "on"}
    return house.client.post(place, about | wishes)


def test_numbers_of_a_rate_centre_are_ordered_once_and_come(house):
    """Rate centre, quantity, sequential; then each number has its own state."""
    place, known = places(house)
    assert any("MONTR" in name.upper() for _, name in known)
    centre = next(pk for pk, name in known if "MONTR" in name.upper())
    since = house.sandbox.now()
    made = order(house, place, centre, sequential="on")["Location"]
    house.work()
    (sent,) = house.sandbox.journal("order_new_dids", since=since)
    assert (sent["params"]["ratecenter_id"], sent["params"]["quantity"], sent["params"]["sequential"]) == (
        centre, "2", "sequential",
    )  # fmt: skip
    page = house.client.get(made).content.decode()
    assert "0 of 2 so far" in page and page.count("Awaited") == 2
    assert match_back_orders() == 0
    _wait_for_delivery(house)
    house.bring_home("numbers")
    assert match_back_orders() == 2 and match_back_orders() == 0
    page = house.client.get(made).content.decode()
    assert "All of it has come." in page and page.count("Yours") == 2
    assert BackOrder.objects.get().closed_at and len(house.sandbox.journal("order_new_dids", since=since)) == 1


def _wait_for_delivery(house) -> None:
    house.sandbox.control("clock", {"advance": 86_400 * 30})
    deadline = time.monotonic() + 5
    while not house.sandbox.ledger("dids_delivered") and time.monotonic() < deadline:
        time.sleep(0.1)


def test_a_number_goes_to_the_oldest_order_and_to_no_other(house):
    place, known = places(house)
    centre, name = known[0]
    first = order(house, place, centre, quantity="1")
    second = order(house, place, centre, quantity="1")
    house.work()
    assert first["Location"] != second["Location"]
    model = Number.objects.first()
    came = Number.objects.create(
        account=house.account, connection=house.connection, external_id="990", number="+15145550198", city=name.title()
    )
    Number.objects.create(
        account=house.account, connection=house.connection, external_id="991", number="+14185550198", city="Elsewhere"
    )
    assert match_back_orders() == 1 and model.pk < came.pk
    assert BackOrderArrival.objects.get().order == BackOrder.objects.order_by("pk").first()


def test_an_order_without_an_answer_is_never_sent_again_by_itself(house):
    place, known = places(house)
    made = order(house, place, known[0][0])["Location"]
    since = house.sandbox.now()
    house.disturb("order_new_dids", "no_answer", phase="after")
    house.work()
    assert len(house.sandbox.journal("order_new_dids", since=since)) == 1
    assert BackOrder.objects.get().operation.state == "parked"
    assert b"Ask its staff whether they have the order" in house.client.get(made).content
    assert BackOrder.objects.awaited().exists()  # it may have gone through: what comes is matched


def test_two_clicks_are_one_order_and_other_wishes_are_refused(house):
    place, known = places(house)
    intent = str(uuid.uuid4())
    assert (
        order(house, place, known[0][0], intent=intent)["Location"]
        == order(house, place, known[0][0], intent=intent)["Location"]
    )
    assert order(house, place, known[0][0], intent=intent, quantity="3").status_code == 409
    assert BackOrder.objects.count() == 1


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "1000"}, "quantity"),
        ({"place_id": "nowhere"}, "place_id"),
        ({"unknown": ""}, "unknown"),
    ],
)
def test_what_cannot_be_is_named_at_its_field(house, wishes, field):
    """A8: the price is not told, and has to be agreed to."""
    place, known = places(house)
    response = order(house, place, **{"place_id": known[0][0]} | wishes)
    assert response.status_code == 422 and field in response.context["form"].errors
    assert not BackOrder.objects.exists()


def test_a_capped_account_cannot_order_at_an_unknown_price(house):
    SpendCap.objects.create(account=house.account, currency="CAD", per_day=100)
    place, known = places(house)
    assert order(house, place, known[0][0]).status_code == 422 and not BackOrder.objects.exists()


def test_a_sub_account_is_not_offered_it(house):
    """What comes belongs to the main account."""
    child = AccountFactory(parent=house.account)
    RemoteAccountFactory(connection=house.connection, account=child, external_id="4711")
    house.client.force_login(MembershipFactory(account=child, role=Role.OWNER).user)
    assert b"Nobody takes such orders" in house.client.get(BEGIN).content


def test_strangers_find_nothing(house):
    place, known = places(house)
    made = order(house, place, known[0][0])["Location"]
    house.client.force_login(MembershipFactory(role=Role.OWNER).user)
    assert house.client.get(place).status_code == 404 and house.client.get(made).status_code == 404
    assert order(house, place, known[0][0]).status_code == 404 and BackOrder.objects.count() == 1


def test_orders_show_them_with_few_queries(house, django_assert_max_num_queries):
    place, known = places(house)
    made = [order(house, place, known[0][0])["Location"] for _ in range(3)]
    with django_assert_max_num_queries(14):
        assert b"Not in stock" in house.client.get("/numbers/orders/").content
    with django_assert_max_num_queries(12):
        house.client.get(made[0])
    assert Operation.objects.filter(verb="numbers.back_order").count() == 3
