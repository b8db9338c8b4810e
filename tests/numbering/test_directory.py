"""The public directory (411): a number listed, its entry changed, taken out, and nothing else of it touched (B2, R24)."""

import uuid

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.roles import Role
from numbering.models import DirectoryChange, DirectoryListing, Number
from providers.models import Operation
from tests.factories import MembershipFactory, NumberFactory
from tests.numbering.upstreams import NOT_THEIRS, fresh_sandbox, make_home, sandbox_of_module  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

ENTRY = {
    "kind": "business", "sort_name": "Lachance", "rest": "Plomberie d'urgence", "civic_number": "1250",
    "street": "Rue Sherbrooke Ouest", "unit_type": "suite", "unit": "300", "city": "Montréal", "region": "QC",
    "postal_code": "H3G 1H6",
}  # fmt: skip


@pytest.fixture
def house(fresh_sandbox, client):  # noqa: F811
    return make_home(fresh_sandbox, client, "numbers", "directory")


@pytest.fixture
def number(house) -> Number:
    listed = DirectoryListing.objects.values("number")
    return Number.objects.present().filter(kind="local", voice=True).exclude(number__in=listed).order_by("pk").first()


def path(number: Number, what: str = "directory") -> str:
    return reverse(f"numbers:{what}", args=[number.pk])


def send(house, number: Number, **changes):
    page = house.client.get(path(number))
    made_from = {"intent": str(uuid.uuid4()), "version": page.context["version"]}
    return house.client.post(path(number), {**ENTRY, **made_from, **changes})


def seen(house, number: Number, what: str = "directory") -> str:
    return house.client.get(path(number, what)).content.decode()


def listed(house, number: Number, **changes) -> DirectoryListing:
    assert send(house, number, **changes).status_code == 302
    house.work()
    house.sandbox.control("clock", {"advance": 120})
    house.bring_home("directory")
    return DirectoryListing.objects.get(number=number.number, gone_at=None)


def did(house, number: Number) -> dict:
    return house.sandbox.control(f"did?phone_number={number.number[2:]}")


def test_entries_come_home_with_where_they_stand(house):
    row = DirectoryListing.objects.get()
    assert row.state == "active" and row.entry["kind"] == "business" and row.entry["region"] == "QC"
    number = Number.objects.get(number=row.number)
    page = seen(house, number, "detail")
    assert "Directory (411)" in page and "Listed" in page and row.entry["sort_name"] in page


def test_a_number_is_listed_then_checked_by_the_directory_and_shown_so(house, number):
    assert "Not listed" in seen(house, number, "detail")
    since = house.sandbox.now()
    before = did(house, number)
    assert send(house, number).status_code == 302
    assert "Being listed" in seen(house, number) and 'hx-trigger="every 2s"' in seen(house, number)
    house.work()
    (sent,) = house.received("update_whitepages", since)
    told = {
        name: sent[name] for name in ("phone_number", "type", "sort_word", "sub_word", "civic_number", "street", "city")
    }
    assert told == {
        "phone_number": number.number[2:], "type": "business", "sort_word": "Lachance", "sub_word": "Plomberie d'urgence",
        "civic_number": "1250", "street": "Rue Sherbrooke Ouest", "city": "Montréal",
    }  # fmt: skip
    assert (sent["address_type"], sent["address_type_number"], sent["postal_code"]) == ("suite", "300", "H3G 1H6")
    assert (
        "Being checked" in seen(house, number) and DirectoryListing.objects.get(number=number.number).state == "pending"
    )
    house.sandbox.control("clock", {"advance": 120})
    house.bring_home("directory")
    assert "Listed" in seen(house, number, "detail") and "Lachance Plomberie" in seen(house, number, "detail")
    assert did(house, number) == before  # R24: nothing else of the number changed
    assert not house.received("update_did", since)
    entry = AuditEntry.objects.get(action="directory.asked")
    assert entry.account == house.account and entry.after["sort_name"] == "Lachance"


@pytest.mark.parametrize(
    ("field", "value", "wire"),
    [
        ("kind", "government", "type"), ("sort_name", "Tremblay", "sort_word"), ("rest", "et fils", "sub_word"),
        ("civic_number", "1252", "civic_number"), ("unit", "301", "address_type_number"),
    ],
)  # fmt: skip
def test_changing_one_field_of_an_entry_leaves_every_other_as_it_was(house, number, field, value, wire):
    """R24, against what the upstream holds before and after."""
    old = listed(house, number)
    before, others = did(house, number), DirectoryListing.objects.exclude(pk=old.pk).values("entry", "state")
    kept = list(others)
    since = house.sandbox.now()
    new = listed(house, number, **{field: value})
    assert new.pk == old.pk and new.state == "active"
    assert {name for name in new.entry if new.entry[name] != old.entry[name]} == {field}
    (sent,) = house.received("update_whitepages", since)
    assert sent[wire] == value
    assert did(house, number) == before and list(others) == kept


def test_the_same_entry_again_asks_nothing(house, number):
    listed(house, number)
    since = house.sandbox.now()
    assert send(house, number).status_code == 302
    house.work()
    assert not house.received("update_whitepages", since)


def test_the_form_starts_with_words_that_the_directory_takes(house, number):
    type(house.account).objects.filter(pk=house.account.pk).update(name="Plomberie Lachance & Fils inc.")
    form = house.client.get(path(number)).context["form"]
    assert (form["sort_name"].value(), form["rest"].value()) == ("Plomberie", "Lachance Fils inc")


def test_two_clicks_are_one_request(house, number):
    page = house.client.get(path(number))
    form = {**ENTRY, "intent": str(uuid.uuid4()), "version": page.context["version"]}
    since = house.sandbox.now()
    assert [house.client.post(path(number), form).status_code for _ in range(2)] == [302, 302]
    house.work()
    assert len(house.received("update_whitepages", since)) == 1 == DirectoryChange.objects.count()


def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(house, number):
    send(house, number, street="Rue des Inconnus", city="Montréal")
    house.work()
    page = house.client.get(path(number))
    form = page.context["form"]
    assert (
        "street" in form.errors
        and form["street"].value() == "Rue des Inconnus"
        and form["sort_name"].value() == "Lachance"
    )
    assert "Not accepted" in page.content.decode() and "is not in the directory" in page.content.decode()
    listed(house, number)
    assert "Listed" in seen(house, number, "detail")


def test_what_the_directory_rejects_later_is_said(house, number):
    row = listed(house, number, rest="Reject")
    assert row.state == "rejected"
    assert "did not accept this entry" in seen(house, number) and "Not accepted" in seen(house, number, "detail")
    assert listed(house, number, rest="Plomberie").state == "active"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sort_name", "A"), ("sort_name", "Smith & Co."), ("rest", ""), ("civic_number", "12 A"), ("street", "C.P. 12"),
        ("postal_code", "10001"), ("kind", "club"), ("region", ""),
    ],
)  # fmt: skip
def test_what_no_directory_takes_is_told_at_its_field(house, number, field, value):
    response = send(house, number, **{field: value})
    assert response.status_code == 422 and field in response.context["form"].errors
    assert not DirectoryChange.objects.exists()


def test_a_number_is_taken_out(house, number):
    listed(house, number)
    since = house.sandbox.now()
    house.client.post(path(number, "directory_unlist"), {"intent": str(uuid.uuid4())})
    assert "Being taken out" in seen(house, number)
    house.work()
    assert len(house.received("delete_whitepages", since)) == 1
    assert "Not listed" in seen(house, number) and "Not listed" in seen(house, number, "detail")
    house.bring_home("directory")
    assert not DirectoryListing.objects.filter(number=number.number, gone_at=None).exists()


@pytest.mark.parametrize("call", ["update_whitepages", "delete_whitepages"])
def test_without_an_answer_it_is_looked_up(house, number, call):
    """An unclear outcome is settled by what the upstream holds."""
    if call == "delete_whitepages":
        listed(house, number)
    house.disturb(call, "no_answer", phase="after")
    since = house.sandbox.now()
    if call == "delete_whitepages":
        house.client.post(path(number, "directory_unlist"), {"intent": str(uuid.uuid4())})
    else:
        send(house, number)
    house.work()
    assert len(house.received(call, since)) == 1
    assert Operation.objects.latest("pk").state == "done"
    assert ("Not listed" if call == "delete_whitepages" else "Being checked") in seen(house, number)


def test_the_second_of_two_people_is_told_and_loses_nothing(house, number):
    page = house.client.get(path(number))
    listed(house, number)
    late = house.client.post(
        path(number), {**ENTRY, "sort_name": "Gagnon", "intent": str(uuid.uuid4()), "version": page.context["version"]}
    )
    text = late.content.decode()
    assert late.status_code == 409 and "changed while you were typing" in text
    assert late.context["form"]["sort_name"].value() == "Gagnon" and "You typed" in text


def test_while_one_change_is_on_its_way_there_is_no_second(house, number):
    version = house.client.get(path(number)).context["version"]
    send(house, number)
    response = house.client.post(path(number), {**ENTRY, "intent": str(uuid.uuid4()), "version": version})
    assert response.status_code == 409 and DirectoryChange.objects.count() == 1


def test_an_upstream_without_a_directory_says_so_and_offers_nothing(house):
    other = NumberFactory(account=house.account, connection__slug="jafone", voice=True, number=NOT_THEIRS)
    page = seen(house, other, "detail")
    assert "lists no numbers over this portal" in page and path(other) not in page
    assert house.client.get(path(other)).status_code == 404
    assert house.client.post(path(other, "directory_unlist"), {"intent": str(uuid.uuid4())}).status_code == 404


def test_strangers_find_nothing_and_readers_may_not(house, number):
    house.client.force_login(MembershipFactory(role=Role.OWNER).user)
    assert house.client.get(path(number)).status_code == 404
    house.client.force_login(house.person(Role.READER))
    assert send_status(house, number) == 403 and path(number) not in seen(house, number, "detail")
    assert not DirectoryChange.objects.exists()


def send_status(house, number: Number) -> int:
    return house.client.post(path(number), {**ENTRY, "intent": str(uuid.uuid4())}).status_code


def test_the_page_asks_little(house, number, django_assert_max_num_queries):
    listed(house, number)
    with django_assert_max_num_queries(14):
        house.client.get(path(number))
