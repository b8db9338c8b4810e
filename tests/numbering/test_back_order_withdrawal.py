"""A back-order that waits to be sent is taken back: the upstream never hears of it, and never half (B5)."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.roles import Role
from billing.models import SpendCap
from numbering.models import BackOrder, Number
from numbering.upstream.back_orders import match_arrivals
from providers import operations, outbox
from providers.models import Operation
from providers.operations import VERBS
from tests.factories import MembershipFactory
from tests.numbering.test_back_orders import house, order, places, searched  # noqa: F401 - house is a fixture
from tests.numbering.upstreams import fresh_sandbox, sandbox_of_module  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def url(row: BackOrder, page: str = "withdraw") -> str:
    return reverse(f"numbers:back_order_{page}", args=[row.public_id])


@pytest.fixture
def queued(house) -> BackOrder:  # noqa: F811
    place, known = places(house)
    order(house, place, known[0][0])
    house.since = house.sandbox.now()
    return BackOrder.objects.select_related("operation").get()


def test_an_order_that_waits_is_withdrawn_and_never_sent(house, queued):  # noqa: F811
    made = house.client.get(url(queued, "made")).content.decode()
    assert "Withdraw the order" in made and "VoiceMeUp never hears of it" in made
    asked = house.client.get(url(queued)).content.decode()
    assert "Withdraw this order?" in asked and BackOrder.objects.get().operation.state == "queued", (
        "a look changes nothing"
    )
    assert house.client.post(url(queued))["Location"] == url(queued, "made")
    assert house.client.post(url(queued))["Location"] == url(queued, "made"), "two clicks are one"
    house.work()
    outbox.sweep(Operation)
    assert not house.received("order_new_dids")
    page = house.client.get(url(queued, "made")).content.decode()
    assert "You withdrew it before VoiceMeUp heard of it." in page and "Withdraw the order" not in page
    assert "every 2s" not in page and "Put it away" not in page
    entry = AuditEntry.objects.get(action="number.back_order_withdrawn")
    assert entry.account == house.account and entry.before == {"quantity": 2}
    assert "Withdrawn" in house.client.get("/numbers/orders/").content.decode()


def test_what_comes_later_is_not_taken_for_it_and_staff_cannot_send_it_after_all(house, queued):  # noqa: F811
    house.client.post(url(queued))
    city = {"external_id": "990", "number": "+15145550198", "city": queued.place.title()}
    Number.objects.create(account=house.account, connection=house.connection, **city)
    assert match_arrivals() == 0 and not operations.retry(BackOrder.objects.get().operation, "staff")


def test_the_money_put_aside_is_free_again(house):  # noqa: F811
    """R28."""
    SpendCap.objects.create(account=house.account, currency="CAD", per_day=12)
    searched(house)
    place, known = places(house)
    order(house, place, known[0][0], quantity="3")
    row = BackOrder.objects.get()
    assert row.reservation.state == "held"
    house.client.post(url(row))
    row.reservation.refresh_from_db()
    assert row.reservation.state == "released"


def test_one_that_is_just_being_sent_is_not_withdrawn_and_the_person_is_told(house, queued, monkeypatch):  # noqa: F811
    told = []

    def meanwhile(client, operation):
        told.append(house.client.post(url(queued)))
        told.append(house.client.get(url(queued)))
        return VERB.execute(client, operation)

    VERB = VERBS["numbers.back_order"]  # noqa: N806
    monkeypatch.setitem(VERBS, "numbers.back_order", VERB.__class__(meanwhile, VERB.settle, VERB.changed))
    house.work()
    answer, look = told
    assert answer.status_code == 409 and "It is being sent already." in answer.content.decode()
    assert look["Location"] == url(queued, "made")
    row = BackOrder.objects.get()
    assert row.operation.state == "done" and row.closed_at is None and len(house.received("order_new_dids")) == 1
    late = house.client.post(url(queued))
    assert late.status_code == 409 and "It was sent to VoiceMeUp before you withdrew it." in late.content.decode()
    assert not AuditEntry.objects.filter(action="number.back_order_withdrawn").exists()


def test_a_worker_that_comes_a_moment_later_leaves_it(house, queued, monkeypatch):  # noqa: F811
    """Withdrawn between the worker's look at the row and its claim."""
    claim = outbox.claim
    monkeypatch.setattr(outbox, "claim", lambda row: house.client.post(url(queued)) and claim(row))
    house.work()
    assert BackOrder.objects.get().operation.state == "withdrawn" and not house.received("order_new_dids")


def test_one_whose_answer_was_lost_is_not_withdrawn_even_when_it_is_to_be_sent_again(house, queued):  # noqa: F811
    """It may have gone through the first time."""
    house.disturb("order_new_dids", "no_answer", phase="after")
    house.work()
    assert operations.retry(BackOrder.objects.get().operation, "staff")
    assert house.client.get(url(queued))["Location"] == url(queued, "made")
    assert house.client.post(url(queued)).status_code == 409
    assert BackOrder.objects.get().operation.state == "queued"


def test_one_that_waits_for_an_upstream_that_is_away_can_be_withdrawn(house, queued):  # noqa: F811
    """Tried, and known not to have arrived."""
    Operation.objects.filter(pk=queued.operation_id).update(attempts=1, returned=1, error_code="unreachable")
    assert house.client.post(url(queued))["Location"] == url(queued, "made")
    assert BackOrder.objects.get().operation.state == "withdrawn"


def test_only_those_who_may_order_withdraw_and_strangers_find_nothing(house, queued, django_assert_max_num_queries):  # noqa: F811
    with django_assert_max_num_queries(12):
        house.client.get(url(queued))
    house.client.force_login(house.person(Role.READER))
    assert house.client.post(url(queued)).status_code == 403
    assert "Withdraw the order" not in house.client.get(url(queued, "made")).content.decode()
    house.client.force_login(MembershipFactory(role=Role.OWNER).user)
    assert house.client.post(url(queued)).status_code == 404 and house.client.get(url(queued)).status_code == 404
    assert BackOrder.objects.get().operation.state == "queued"
