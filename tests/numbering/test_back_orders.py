"""Ordering what is not in stock: asked once, matched when it comes, its status told for each number (B5)."""

import time
import uuid
from decimal import Decimal

import pytest

from accounts.models import AuditEntry
from accounts.roles import Role
from billing import spending
from billing.models import SpendCap
from numbering.models import BackOrder, BackOrderArrival, Number
from numbering.tasks import match_back_orders
from numbering.upstream.searching import SEARCH
from providers.models import Operation
from tests.factories import AccountFactory, MembershipFactory, RemoteAccountFactory
from tests.numbering.upstreams import fresh_sandbox, make_home, sandbox_of_module  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
BEGIN = "/numbers/back-orders/new/"


@pytest.fixture
def house(fresh_sandbox, client):  # noqa: F811
    return make_home(fresh_sandbox, client, "numbers")


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


def searched(house, area_code: str = "514", price: str = "2.50") -> None:
    """Somebody looked for numbers of that area code and was told prices."""
    told = {
        "number": f"+1{area_code}5550177",
        "city": "",
        "region": "QC",
        "rate_center": "",
        "sms": True,
        "currency": "CAD",
    }
    Operation.objects.create(
        connection=house.connection, verb=SEARCH, idempotency_key=f"{SEARCH}:{uuid.uuid4()}:1", state="done", due_at=None,
        arguments={"account_id": house.account.pk, "wanted": {"area_code": area_code}},
        result={"numbers": [{**told, "setup_fee": "0.00", "monthly_fee": price}], "more": False, "unread": 0},
    )  # fmt: skip


def test_under_a_cap_an_order_counts_with_what_numbers_cost_in_stock(house):
    """R28: what is committed never exceeds the cap; a refused order is given back."""
    cap = SpendCap.objects.create(account=house.account, currency="CAD", per_day=12)
    searched(house)
    place, known = places(house)
    shown = house.client.get(place).content.decode()
    assert "In stock, a number of this area code costs up to" in shown and "2.50" in shown
    assert order(house, place, known[0][0], quantity="3").status_code == 302
    assert spending.left_of_cap(cap) == Decimal("4.50")
    refused = order(house, place, known[0][0], quantity="2")
    assert refused.status_code == 422 and "left of the daily limit" in refused.content.decode()
    house.work()
    assert BackOrder.objects.get().reservation.state == "spent" and spending.left_of_cap(cap) == Decimal("4.50")
    house.disturb("order_new_dids", "error_code", args={"code": "quantity_invalid"})
    assert order(house, place, known[0][0], quantity="1").status_code == 302
    assert spending.left_of_cap(cap) == Decimal("2.00")
    house.work()
    last = BackOrder.objects.latest("pk")
    assert last.operation.state == "failed" and last.reservation.state == "released"
    assert spending.left_of_cap(cap) == Decimal("4.50")


def test_without_a_cap_nothing_is_put_aside(house):
    searched(house)
    place, known = places(house)
    order(house, place, known[0][0])
    assert BackOrder.objects.get().reservation is None


def test_an_order_that_is_no_longer_wanted_is_put_away(house):
    """B5: their staff alone can stop it, which the page says; what comes then goes to orders that still wait."""
    place, known = places(house)
    centre, name = known[0]
    made = order(house, place, centre, quantity="1")["Location"]
    assert "Put it away" not in house.client.get(made).content.decode()  # not sent yet
    house.work()
    since = house.sandbox.now()
    shown = house.client.get(made).content.decode()
    assert "VoiceMeUp takes no cancellation over this portal" in shown
    house.client.force_login(house.person(Role.READER))
    assert house.client.post(f"{made}stop/").status_code == 403
    assert "No longer wanted?" not in house.client.get(made).content.decode()
    house.client.force_login(house.owner)
    assert house.client.post(f"{made}stop/")["Location"] == made
    assert house.client.post(f"{made}stop/")["Location"] == made
    shown = house.client.get(made).content.decode()
    assert (
        "Put away" in shown and "0 of 1 came before you stopped waiting" in shown and "No longer wanted?" not in shown
    )
    assert AuditEntry.objects.filter(action="number.back_order_stopped").count() == 1
    Number.objects.create(
        account=house.account, connection=house.connection, external_id="990", number="+15145550198", city=name.title()
    )
    assert match_back_orders() == 0 and not house.sandbox.journal("order_new_dids", since=since)


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
