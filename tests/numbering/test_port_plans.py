"""Numbers prepared before their port day: calls, texts and 911 are set once they are here (row D16, ticked by D18)."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from numbering import port_day, tasks
from numbering.models import EmergencyPlace, Number, PortPlan, PortRequest, TermsAcceptance
from numbering.presenters.port_day import checklist_of
from numbering.services.port_plans import plans_of, to_prepare, version_of
from providers.models import Operation
from tests.factories import MembershipFactory, NumberFactory, PortRequestFactory
from tests.numbering.test_port_wizard import ACCOUNT, ADDRESS, begin, newest, reviewed, say
from tests.numbering.upstreams import House, fresh_sandbox, house, sandbox_of_module  # noqa: F401 - fixtures

FIRST, SECOND = "+14505550171", "+14505550172"
PLACE = {
    "name": "Plomberie Lachance", "civic_number": "1250", "street": "Rue Sherbrooke Ouest", "unit_type": "", "unit": "",
    "city": "Montréal", "region": "QC", "country": "CA", "postal_code": "H3G 1H6", "language": "fr",
}  # fmt: skip


@pytest.fixture
def home(house, client, tmp_path, settings) -> House:  # noqa: F811
    settings.MEDIA_ROOT = tmp_path
    client.force_login(house.owner)
    return house


@pytest.fixture
def port(home, client) -> PortRequest:
    """Two numbers on their way, handed in through the pages."""
    home.bring_home("numbers")
    begin(client)
    port = newest()
    for page, data in (("account", ACCOUNT), ("address", ADDRESS), ("documents", {}), ("review", reviewed())):
        say(client, port, page, **data)
    home.work()
    port.refresh_from_db()
    assert port.status == "sent_to_staff"
    return port


def url(port: PortRequest) -> str:
    return reverse("numbers:port_prepare", args=[port.public_id])


def prepare(client, port: PortRequest, numbers=(FIRST, SECOND), **said):
    data = {"numbers": list(numbers), "version": version_of(plans_of(port)), "terms": "on"}
    return client.post(url(port), data | {name: value for name, value in said.items() if value is not None})


def arrive(home: House, port: PortRequest) -> None:
    home.sandbox.control("port-request", {"pon": port.pon, "status": "completed", "firm_date": "2026-12-01"})
    home.bring_home("ports", "numbers")
    port.refresh_from_db()


def place_of(home: House) -> EmergencyPlace:
    return EmergencyPlace.objects.create(account=home.account, label="Siège", address=PLACE, user=home.owner)


def shown(client, port: PortRequest) -> str:
    return client.get(reverse("numbers:port", args=[port.public_id])).content.decode()


def words(port: PortRequest) -> dict[str, str]:
    items = checklist_of(port, port_day.signs_of(port), plans_of(port))
    return {item.title: item.state.word for item in items}


def test_what_was_prepared_is_set_upstream_when_the_number_is_here_and_not_before(home, client, port):
    """D16, D18: forwarding, caller ID, texting and 911, each received by the upstream once, and the checklist ticked."""
    said = {
        "forward_to": "514 555-0110",
        "caller_id_name": "Lachance",
        "sms": "on",
        "sms_email": "bureau@lachance.test",
    }
    answer = prepare(client, port, place=place_of(home).pk, **said)
    assert answer["Location"] == reverse("numbers:port", args=[port.public_id])
    assert "When the number is here" in shown(client, port) and TermsAcceptance.objects.filter(user=home.owner).exists()
    since = home.sandbox.now()
    assert tasks.begin_port_plans() == 0 and not Operation.objects.filter(verb="number.update").exists()

    arrive(home, port)
    assert words(port)["Calls and texts as prepared"] == "Not yet"
    assert tasks.begin_port_plans() == 2 and tasks.begin_port_plans() == 0
    assert "Being set" in shown(client, port)
    home.work()
    home.bring_home("numbers", "e911")
    writes = home.received("update_did", since)
    assert len(writes) == 4 and {row["forward_number"] for row in writes} == {"5145550110"}, (
        "calls and texts of two numbers"
    )
    for number in Number.objects.filter(number__in=[FIRST, SECOND]):
        told = {
            name: number.settings[name] for name in ("forwarding", "forward_to", "caller_id_name", "sms", "sms_email")
        }
        assert told == {
            "forwarding": True, "forward_to": "+15145550110", "caller_id_name": "Lachance", "sms": True,
            "sms_email": "bureau@lachance.test",
        }  # fmt: skip
    saved = home.received("update_e911", since)
    assert sorted(row["phone_number"] for row in saved) == ["4505550171", "4505550172"]
    assert {(row["civic_number"], row["street"]) for row in saved} == {("1250", "Rue Sherbrooke Ouest")}
    ticked = words(port)
    assert ticked["Calls and texts as prepared"] == ticked["911 address in force"] == "Done"
    page = shown(client, port)
    assert "When the number is here" not in page and "Being set" not in page and "Active" in page


def test_what_is_refused_says_so_and_is_asked_again_while_the_rest_is_done(home, client, port):
    """D16: texting that is not possible yet holds neither the calls nor 911 back."""
    prepare(client, port, [FIRST], forward_to="514 555-0110", place=place_of(home).pk)
    arrive(home, port)
    home.disturb("update_did", "error_code", args={"code": "forward_number_used_by_did"})
    tasks.begin_port_plans()
    home.work()
    plan = PortPlan.objects.get()
    assert plan.calls_change.operation.state == "failed" and plan.emergency_change.state == "provisioned"
    page = shown(client, port)
    assert "Not accepted" in page and "Try again" in page
    again = reverse("numbers:port_plan_retry", args=[port.public_id, plan.pk])
    assert client.post(again, {"intent": str(uuid.uuid4())}).status_code == 302
    home.work()
    assert Number.objects.get(number=FIRST).settings["forward_to"] == "+15145550110"
    assert "Try again" not in shown(client, port)


def test_a_plan_is_changed_for_one_number_and_taken_back_when_all_is_empty(home, client, port):
    prepare(client, port, caller_id_name="Lachance")
    prepare(client, port, [SECOND], caller_id_name="Urgences")
    assert {plan.number: plan.calls["caller_id_name"] for plan in plans_of(port)} == {
        FIRST: "Lachance",
        SECOND: "Urgences",
    }
    form = client.get(url(port), {"number": SECOND[1:]}).context["form"]
    assert form["numbers"].value() == [SECOND] and form["caller_id_name"].value() == "Urgences"
    prepare(client, port, [FIRST])
    assert [plan.number for plan in plans_of(port)] == [SECOND]
    assert AuditEntry.objects.filter(action="port.prepared").count() == 3


def test_the_second_of_two_people_is_told_and_loses_nothing(home, client, port):
    old = version_of(plans_of(port))
    prepare(client, port, caller_id_name="Lachance")
    answer = client.post(url(port), {"numbers": [FIRST], "version": old, "caller_id_name": "Urgences"})
    assert answer.status_code == 409 and "Urgences" in answer.content.decode()
    assert {plan.calls["caller_id_name"] for plan in plans_of(port)} == {"Lachance"}


def test_wrong_words_are_told_at_their_fields_and_nothing_is_kept(home, client, port):
    answer = prepare(client, port, [], forward_to=FIRST, caller_id_name="x", place=place_of(home).pk, terms=None)
    form = answer.context["form"]
    assert answer.status_code == 422 and set(form.errors) == {"numbers", "forward_to", "caller_id_name"}
    answer = client.post(url(port), {"numbers": [FIRST], "place": EmergencyPlace.objects.get().pk})
    assert set(answer.context["form"].errors) == {"terms"}, "the law asks for express consent"
    answer = prepare(client, port, [FIRST], forward_to="+44 20 7946 0958")
    assert set(answer.context["form"].errors) == {"forward_to"}
    assert not PortPlan.objects.exists()


def test_nothing_is_prepared_for_a_draft_a_closed_port_or_a_number_that_is_here(db, client):
    """Who may not change 911 is not asked about it; who may only read is not let in."""
    person = MembershipFactory(role="support")
    port = PortRequestFactory(account=person.account, numbers=[FIRST], status="firm_confirm")
    client.force_login(person.user)
    assert to_prepare(port) == [FIRST] and "place" not in client.get(url(port)).context["form"].fields
    NumberFactory(account=port.account, connection=port.connection, number=FIRST)
    assert to_prepare(port) == [] and client.get(url(port)).status_code == 302
    for status in ("not_ready", "cancelled_by_client", "expired"):
        other = PortRequestFactory(account=person.account, numbers=[SECOND], status=status)
        assert to_prepare(other) == [], status
    client.force_login(MembershipFactory(account=person.account, role="reader").user)
    assert client.get(url(port)).status_code == 403


def test_a_number_that_came_to_another_account_is_not_touched(db):
    """The plan is its account's: the number of a stranger with the same digits is none of its business."""
    person = MembershipFactory()
    port = PortRequestFactory(account=person.account, numbers=[FIRST], status="completed")
    PortPlan.objects.create(port=port, number=FIRST, calls={"caller_id_name": "Lachance"}, user=person.user)
    NumberFactory(connection=port.connection, number=FIRST)
    assert tasks.begin_port_plans() == 0 and not Operation.objects.exists()


def test_a_port_with_many_plans_costs_as_many_queries_as_one(db, client, django_assert_max_num_queries):
    person = MembershipFactory()
    numbers = [f"+1450555{last:04}" for last in range(100, 130)]
    port = PortRequestFactory(account=person.account, numbers=numbers, status="firm_confirm")
    there = reverse("numbers:port", args=[port.public_id])
    client.force_login(person.user)
    client.get(there)
    PortPlan.objects.create(port=port, number=numbers[0], calls={"caller_id_name": "Lachance"}, user=person.user)
    with CaptureQueriesContext(connection) as one:
        client.get(there)
    for number in numbers[1:]:
        PortPlan.objects.create(port=port, number=number, calls={"caller_id_name": "Lachance"}, user=person.user)
    with django_assert_max_num_queries(len(one)):
        assert client.get(there).status_code == 200
