"""Finding and ordering numbers against the sandbox: what it received, what it charged, what the page shows (A8, B3, B4)."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from billing.models import Reservation, SpendCap
from numbering.models import Number, NumberOrder, OrderLine
from numbering.tasks import forget_searches
from providers.gateway import client_for
from providers.models import Operation
from providers.quota import Priority
from tests.factories import AccountFactory, BalanceFactory, MembershipFactory, RemoteAccountFactory
from tests.numbering.upstreams import fresh_sandbox, make_home, make_house, sandbox_of_module  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
FIND = "/numbers/find/"


@pytest.fixture
def house(fresh_sandbox, client):  # noqa: F811
    """A customer of VoiceMeUp, signed in as its owner."""
    return make_home(fresh_sandbox, client)


def find(house, **wanted) -> str:
    """The address of the answers, after the workers."""
    response = house.client.post(FIND, {"kind": "local", "run": "1", **wanted})
    assert response.status_code == 302, response.context["form"].errors
    house.work()
    return response["Location"]


def for_sale(house, area_code: str = "514", **wanted) -> tuple[str, list]:
    place = find(house, area_code=area_code, **wanted)
    return place, house.client.get(place).context["found"].rows


def review(house, place: str, numbers: list[str]) -> dict:
    """What the button of the review posts."""
    page = house.client.get(f"{place}order/", {"numbers": numbers})
    form = page.context["form"]
    return {"intent": form["intent"].value(), "price": form["price"].value(), "numbers": numbers}


def buy(house, place: str, numbers: list[str]):
    return house.client.post(f"{place}order/", review(house, place, numbers))


# --- finding ----------------------------------------------------------------------------------------------------------


def test_numbers_are_found_by_area_code_with_their_price(house):
    """B3, A8."""
    since = house.sandbox.now()
    place, rows = for_sale(house, "514")
    assert rows and all(row.number.startswith("514") for row in rows)
    (asked,) = house.sandbox.journal("get_new_dids", since=since)
    assert asked["params"]["npa"] == "514"
    page = house.client.get(place).content.decode()
    assert rows[0].number in page and rows[0].now in page and "CAD" in rows[0].now


def test_what_the_upstream_cannot_narrow_by_is_narrowed_here(house):
    """B3: the last digits, and numbers in a row."""
    _, every = for_sale(house, "514")
    ending = every[0].value[-2:]
    _, rows = for_sale(house, "514", ending=ending)
    assert [row.value for row in rows] == [row.value for row in every if row.value.endswith(ending)]
    _, rows = for_sale(house, "514", run="2")
    numbers = [int(row.value) for row in rows]
    assert all(one + 1 in numbers or one - 1 in numbers for one in numbers)


def test_prefix_city_and_pattern_go_to_the_upstream(house):
    """B3."""
    since = house.sandbox.now()
    find(house, area_code="514", prefix="555", city="Montréal", pattern="double", sms="on")
    (asked,) = house.sandbox.journal("get_new_dids", since=since)
    sent = asked["params"]
    assert (sent["npa"], sent["nxx"], sent["district"]) == ("514", "555", "Montréal")
    assert sent["included_patterns"] == "pattern_double_digits" and sent["sms_support"] == "1"


def test_toll_free_numbers_have_no_place(house):
    """B3: upstreams know area codes of places only, so a toll-free one is narrowed by here."""
    since = house.sandbox.now()
    find(house, kind="tollfree")
    (asked,) = house.sandbox.journal("get_new_dids", since=since)
    assert asked["params"]["type"] == "tollfree" and "npa" not in asked["params"]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({}, "area_code"),
        ({"area_code": "51"}, "area_code"),
        ({"area_code": "800"}, "area_code"),
        ({"area_code": "514", "prefix": "1"}, "prefix"),
        ({"city": "Laval", "prefix": "555"}, "area_code"),
        ({"area_code": "514", "ending": "12345"}, "ending"),
        ({"area_code": "514", "kind": "golden"}, "kind"),
    ],
)
def test_a_wish_that_cannot_be_is_named_at_its_field_and_nothing_is_asked(house, wanted, field):
    response = house.client.post(FIND, {"kind": "local", "run": "1", **wanted})
    assert response.status_code == 422 and field in response.context["form"].errors
    assert not Operation.objects.filter(verb="numbers.search").exists()


def test_the_answer_is_awaited_and_looked_for_again(house):
    response = house.client.post(FIND, {"kind": "local", "area_code": "514", "run": "1"})
    place = response["Location"]
    assert b"Asking VoiceMeUp" in house.client.get(place).content
    fragment = house.client.get(place, headers={"HX-Request": "true", "HX-Target": "found"}).content.decode()
    assert fragment.lstrip().startswith("<section") and 'hx-trigger="every 1s"' in fragment
    house.work()
    done = house.client.get(place, headers={"HX-Request": "true", "HX-Target": "found"}).content.decode()
    assert "every 1s" not in done and "for sale" in done


def test_an_upstream_that_cannot_be_asked_says_so(house):
    place = find(house, area_code="514")
    Operation.objects.filter(verb="numbers.search").update(state="failed", error_cause="credentials", due_at=None)
    assert b"does not accept our sign-in" in house.client.get(place).content


# --- the price, and the order -----------------------------------------------------------------------------------------


def test_the_price_is_shown_and_then_the_number_is_bought(house):
    """A8, B4: the sum that was confirmed is the sum that was charged; the number is in the inventory at once."""
    place, rows = for_sale(house)
    page = house.client.get(f"{place}order/", {"numbers": rows[0].value})
    button = page.context["button"]
    assert rows[0].number in button and page.context["bill"].now in button and button.encode() in page.content
    since = house.sandbox.now()
    response = buy(house, place, [rows[0].value])
    assert NumberOrder.objects.get().lines.get().operation.state == "queued"
    assert b"Being ordered" in house.client.get(response["Location"]).content
    house.work()
    assert len(house.sandbox.journal("activate_new_did", since=since)) == 1
    number = Number.objects.get(number=rows[0].value)
    assert number.account == house.account and number.status == "active"
    shown = house.client.get(response["Location"]).content.decode()
    assert "The number is yours." in shown and reverse("numbers:detail", args=[number.pk]) in shown
    line = OrderLine.objects.get()
    assert line.reservation.state == "spent" and line.reservation.amount == line.setup_fee + line.monthly_fee


def test_one_that_just_became_unavailable_stops_no_other(house):
    """B4: told for that number; nothing is charged for it, and the other is bought."""
    place, rows = for_sale(house)
    gone, there = rows[0], rows[1]
    response = buy(house, place, [gone.value, there.value])
    neighbour = make_house(house.sandbox, key="harbour")
    client_for(neighbour.connection, Priority.INTERACTIVE).activate_number(gone.value)  # somebody else is quicker
    house.work()
    shown = house.client.get(response["Location"]).content.decode()
    assert "It just became unavailable. Nothing was charged for it." in shown and "1 of 2 numbers are yours" in shown
    assert Number.objects.filter(number=there.value, account=house.account).exists()
    states = dict(OrderLine.objects.values_list("number", "reservation__state"))
    assert states == {gone.value: "released", there.value: "spent"}


def test_two_clicks_are_one_order(house):
    """B4: the same form twice, and the same number from two tabs."""
    place, rows = for_sale(house)
    form = review(house, place, [rows[0].value])
    first, again = house.client.post(f"{place}order/", form), house.client.post(f"{place}order/", form)
    assert first["Location"] == again["Location"] and NumberOrder.objects.count() == 1
    since = house.sandbox.now()
    buy(house, place, [rows[0].value])  # the other tab has a form of its own
    house.work()
    assert len(house.sandbox.journal("activate_new_did", since=since)) == 1
    states = sorted(OrderLine.objects.values_list("operation__state", "reservation__state"))
    assert states == [("done", "spent"), ("failed", "released")]


def test_the_same_form_with_other_numbers_is_refused_and_keeps_them(house):
    place, rows = for_sale(house)
    form = review(house, place, [rows[0].value])
    house.client.post(f"{place}order/", form)
    other = review(house, place, [rows[1].value]) | {"intent": form["intent"]}
    response = house.client.post(f"{place}order/", other)
    assert response.status_code == 409 and rows[1].number in response.content.decode()
    assert NumberOrder.objects.count() == 1


def test_a_price_that_was_not_shown_cannot_be_confirmed(house):
    """A8."""
    place, rows = for_sale(house)
    form = review(house, place, [rows[0].value]) | {"numbers": [rows[0].value, rows[1].value]}
    response = house.client.post(f"{place}order/", form)
    assert response.status_code == 409 and not NumberOrder.objects.exists()
    assert "not the one you saw" in response.content.decode()


def test_an_order_without_an_answer_is_looked_up_and_not_repeated(house):
    """B4: upstream did it and the answer was lost."""
    place, rows = for_sale(house)
    response = buy(house, place, [rows[0].value])
    since = house.sandbox.now()
    house.disturb("activate_new_did", "no_answer", phase="after")
    house.work()
    assert len(house.sandbox.journal("activate_new_did", since=since)) == 1
    assert OrderLine.objects.get().operation.state == "done" and OrderLine.objects.get().operation.was_unknown
    assert b"The number is yours." in house.client.get(response["Location"]).content


@pytest.mark.parametrize(
    ("slug", "area_code", "call"),
    [("voicetel", "518", "tnOrder"), ("voximplant", "628", "AttachPhoneNumber")],
)
def test_other_upstreams_sell_too(fresh_sandbox, client, slug, area_code, call):  # noqa: F811
    """B3, B4: asked in their own words; where the price is not told, the person has to agree to that (A8)."""
    house = make_home(fresh_sandbox, client, slug=slug)
    place, rows = for_sale(house, area_code)
    form = review(house, place, [rows[0].value])
    is_priced = not house.client.get(f"{place}order/", {"numbers": rows[0].value}).context["bill"].unknown
    if not is_priced:
        assert house.client.post(f"{place}order/", form).status_code == 422 and not NumberOrder.objects.exists()
        form["unknown"] = "on"
    response = house.client.post(f"{place}order/", form)
    assert response.status_code == 302, response.context["note"]
    house.work()
    assert len(house.received(call)) == 1
    assert OrderLine.objects.get().operation.state == "done", OrderLine.objects.get().operation.error_words
    assert Number.objects.get(number=rows[0].value).account == house.account


# --- the money --------------------------------------------------------------------------------------------------------


def test_more_than_the_balance_is_not_ordered(house):
    """R28."""
    BalanceFactory(account=house.account, connection=house.connection, amount=Decimal("1.00"), currency="CAD")
    place, rows = for_sale(house)
    response = buy(house, place, [rows[0].value])
    assert response.status_code == 422 and "There is not enough money: $1.00" in response.content.decode()
    assert not NumberOrder.objects.exists() and not Reservation.objects.exists()


def test_a_spend_cap_holds_for_the_account_and_those_above(house):
    """R28: the second order of the day meets what the first has put aside."""
    place, rows = for_sale(house)
    SpendCap.objects.create(account=house.account, currency="CAD", per_day=Decimal("3.00"))
    assert buy(house, place, [rows[0].value]).status_code == 302
    response = buy(house, place, [rows[1].value])
    assert response.status_code == 422 and "of the daily limit" in response.content.decode()
    assert OrderLine.objects.count() == 1


def test_a_balance_that_goes_down_before_the_worker_comes_stops_the_order(house):
    """R28: between the check and the sending."""
    balance = BalanceFactory(account=house.account, connection=house.connection, amount=Decimal(50), currency="CAD")
    place, rows = for_sale(house)
    response = buy(house, place, [rows[0].value])
    balance.amount = Decimal("0.50")
    balance.available = None
    balance.save()
    since = house.sandbox.now()
    house.work()
    assert not house.sandbox.journal("activate_new_did", since=since)
    assert b"The balance went down in the meantime." in house.client.get(response["Location"]).content


def test_a_sub_account_orders_only_within_a_spend_cap_and_gets_the_number(house):
    """B4, G4: the number is bought on the main account and moved to the one that ordered it."""
    child = AccountFactory(parent=house.account)
    house.client.force_login(MembershipFactory(account=child, role=Role.OWNER).user)
    RemoteAccountFactory(connection=house.connection, account=child, external_id="4711")
    assert b"Numbers cannot be ordered here" in house.client.get(FIND).content
    SpendCap.objects.create(account=child, currency="CAD", per_day=Decimal(50))
    place, rows = for_sale(house)
    buy(house, place, [rows[0].value])
    line = OrderLine.objects.get()
    house.work()
    line.refresh_from_db()
    assert line.order.account == child and line.operation.state == "done"
    move = Operation.objects.get(verb="numbers.move")
    assert move.arguments == {"subaccount_id": "4711", "numbers": [line.bought.external_id]}


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_pages_cost_the_same_for_one_and_for_many(house, django_assert_max_num_queries):
    place, rows = for_sale(house)
    for row in rows[:3]:
        buy(house, place, [row.value])
    with django_assert_max_num_queries(14):
        house.client.get(place)
    with django_assert_max_num_queries(14):
        house.client.get("/numbers/orders/")
    with django_assert_max_num_queries(14):
        house.client.get(reverse("numbers:order", args=[NumberOrder.objects.first().public_id]))


def test_searches_are_forgotten_after_a_week_and_orders_are_not(house):
    place, rows = for_sale(house)
    order = buy(house, place, [rows[0].value])["Location"]
    house.work()
    assert forget_searches() == 0
    Operation.objects.update(finished_at=timezone.now() - timedelta(days=8))
    assert forget_searches() == 1
    assert house.client.get(place).status_code == 404 and house.client.get(order).status_code == 200


def test_looking_changes_nothing(house):
    place, rows = for_sale(house)
    before = Operation.objects.count()
    for path in (FIND, place, f"{place}order/?numbers={rows[0].value}", "/numbers/orders/"):
        assert house.client.get(path).status_code in (200, 422)
    assert Operation.objects.count() == before and not NumberOrder.objects.exists()


def test_another_account_s_search_and_order_do_not_exist(house):
    place, rows = for_sale(house)
    order = buy(house, place, [rows[0].value])["Location"]
    stranger = MembershipFactory(role=Role.OWNER)
    house.client.force_login(stranger.user)
    assert house.client.get(place).status_code == 404 and house.client.get(order).status_code == 404
    assert house.client.post(f"{place}order/", {"numbers": rows[0].value}).status_code == 404
    assert house.client.get(f"{FIND}{uuid.uuid4()}/").status_code == 404


def test_a_reader_sees_orders_and_cannot_order(house):
    place, rows = for_sale(house)
    order = buy(house, place, [rows[0].value])["Location"]
    house.client.force_login(MembershipFactory(account=house.account, role=Role.READER).user)
    assert house.client.get(order).status_code == 200 and house.client.get(FIND).status_code == 403
