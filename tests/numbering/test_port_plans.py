"""Numbers prepared before their port day: calls, texts and 911 are set once they are here (row D16, ticked by D18)."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from numbering import port_day, tasks
from numbering.models import EmergencyChange, EmergencyPlace, Number, PortPlan, PortRequest, TermsAcceptance
from numbering.presenters.port_day import checklist_of
from numbering.services.port_plans import plans_of, to_prepare, version_of
from providers.models import Operation
from tests.factories import MembershipFactory, NumberFactory, PortRequestFactory, RemoteAccountFactory
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
    answer = prepare(client, port, [FIRST], forward_to="+1 900 555 0101")
    assert set(answer.context["form"].errors) == {"forward_to"}
    assert not PortPlan.objects.exists()


def test_calls_go_abroad_only_with_the_persons_word_as_on_a_numbers_own_page(home, client, port):
    """D16, B9: what that costs is said, and the word is given once for each number."""
    london, page = "+44 20 7946 0958", client.get(url(port)).content.decode()
    assert "confirm_abroad" not in page
    answer = prepare(client, port, [FIRST], forward_to=london, voicemail="on")
    shown_again = answer.content.decode()
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"confirm_abroad"}
    assert "charged to you at the international rate" in shown_again and "20 7946 0958" in shown_again
    assert 'name="confirm_abroad"' in shown_again and not PortPlan.objects.exists()
    assert prepare(client, port, [FIRST], forward_to=london, confirm_abroad="on").status_code == 302
    assert PortPlan.objects.get().calls == {"forwarding": True, "forward_to": "+442079460958", "forward_after": 0}
    edit = client.get(url(port), {"number": FIRST[1:]})
    assert edit.context["form"]["forward_to"].value() == london
    assert prepare(client, port, [FIRST], forward_to=london, caller_id_name="Lachance").status_code == 302, (
        "it said so before"
    )
    assert prepare(client, port, forward_to=london).status_code == 422, "for the other number nobody did"
    assert prepare(client, port, [FIRST], forward_to="+44 20 7946 0959").status_code == 422, "nor for another place"
    since = home.sandbox.now()
    arrive(home, port)
    assert tasks.begin_port_plans() == 1
    home.work()
    assert {row["forward_number"] for row in home.received("update_did", since)} == {"442079460958"}


def test_texts_forwarded_and_answered_by_themselves_are_prepared_and_set(home, client, port):
    """D16, B10: as on a number's own page, abroad only with the person's word; nothing else of the number is touched."""
    london, reply = "+44 20 7946 0958", "Merci, nous rappelons."
    said = {"sms": "on", "sms_forward_to": london, "sms_autoreply": reply}
    answer = prepare(client, port, [FIRST], **said)
    page = answer.content.decode()
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"confirm_abroad"}
    assert (
        page.index('name="sms_forward_to"') < page.index('name="confirm_abroad"') < page.index('name="sms_autoreply"')
    )
    assert reply in page and not PortPlan.objects.exists(), "nothing that was typed is lost"
    assert prepare(client, port, [FIRST], confirm_abroad="on", **said).status_code == 302
    assert prepare(client, port, [FIRST], forward_to="514 555-0110", **said).status_code == 302, "it said so before"
    assert prepare(client, port, [FIRST], sms_forward_to=FIRST).status_code == 422
    page = shown(client, port).replace("\u00a0", " ")
    assert "on · to +44 20 7946 0958 · automatic reply" in page
    form = client.get(url(port), {"number": FIRST[1:]}).context["form"]
    assert (form["sms_forward_to"].value(), form["sms_autoreply"].value()) == (london, reply)
    arrive(home, port)
    before = Number.objects.get(number=FIRST).settings
    tasks.begin_port_plans()
    home.work()
    home.bring_home("numbers")
    now = Number.objects.get(number=FIRST).settings
    assert {name for name in now if now[name] != before[name]} <= {
        "forwarding", "forward_to", "sms", "sms_webhook", "sms_forward_to", "sms_autoreply",
    }  # fmt: skip
    assert (now["sms_forward_to"], now["sms_autoreply"], now["sms"]) == ("+442079460958", reply, True)
    assert words(port)["Calls and texts as prepared"] == "Done"


def test_voicemail_and_the_wait_before_it_are_prepared_and_set(home, client, port):
    """D16: only what was chosen is asked for; the rest of the number stays as it came."""
    assert prepare(client, port, forward_to="514 555-0110", forward_after="20", voicemail="on").status_code == 302
    prepare(client, port, [SECOND], voicemail="on")
    plans = {plan.number: plan.calls for plan in plans_of(port)}
    assert plans[SECOND] == {"voicemail": True}
    assert plans[FIRST] == {"forwarding": True, "forward_to": "+15145550110", "forward_after": 20, "voicemail": True}
    page = shown(client, port)
    assert "to 514 555-0110, after 20 seconds · voicemail" in page.replace("\u00a0", " ")
    form = client.get(url(port), {"number": FIRST[1:]}).context["form"]
    assert form["forward_after"].value() == 20 and form["voicemail"].value() is True
    arrive(home, port)
    tasks.begin_port_plans()
    home.work()
    home.bring_home("numbers")
    first, second = (Number.objects.get(number=number).settings for number in (FIRST, SECOND))
    assert (first["voicemail"], first["forward_after"], first["forward_to"]) == (True, 20, "+15145550110")
    assert second["voicemail"] is True and second["forwarding"] is False
    assert words(port)["Calls and texts as prepared"] == "Done"


def test_what_the_upstream_does_not_have_is_not_offered(home, client, port):
    Number.objects.update(settings={"caller_id_name": "", "sms": False})
    fields = client.get(url(port)).context["form"].fields
    assert "caller_id_name" in fields and {"forward_to", "forward_after", "confirm_abroad", "voicemail"}.isdisjoint(
        fields
    )


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


def test_who_may_not_change_911_does_not_take_a_prepared_address_away(db, client):
    """Their form has no such field; what is not asked stays, and is asked for in the name of who chose it."""
    owner = MembershipFactory(role="owner")
    account = owner.account
    port = PortRequestFactory(account=account, numbers=[FIRST, SECOND], status="firm_confirm")
    RemoteAccountFactory(connection=port.connection, account=account)
    EmergencyPlace.objects.create(account=account, label="Siège", address=PLACE, user=owner.user)
    client.force_login(owner.user)
    place = EmergencyPlace.objects.get()
    assert prepare(client, port, [FIRST], forward_to="514 555-0110", place=place.pk).status_code == 302
    helper = MembershipFactory(account=account, role="support")
    client.force_login(helper.user)
    assert prepare(client, port, forward_to="514 555-0111").status_code == 302
    plan = PortPlan.objects.get(number=FIRST)
    assert plan.calls["forward_to"] == "+15145550111" and plan.user == helper.user
    assert (plan.place, plan.address, plan.place_by) == ("Siège", PLACE, owner.user) and plan.terms_version
    assert "911" not in AuditEntry.objects.filter(action="port.prepared").latest("pk").after
    assert prepare(client, port).status_code == 302, "nothing of theirs is left"
    assert [(one.number, one.address) for one in plans_of(port)] == [(FIRST, PLACE)]
    for number in (FIRST, SECOND):
        NumberFactory(account=account, connection=port.connection, number=number)
    tasks.begin_port_plans()
    assert {one.verb: one.asker["user"] for one in Operation.objects.all()} == {"e911.save": owner.user.pk}


def test_who_may_not_change_911_does_not_ask_for_it_again_either(db, client):
    helper = MembershipFactory(role="support")
    port = PortRequestFactory(account=helper.account, numbers=[FIRST], status="completed")
    number = NumberFactory(account=helper.account, connection=port.connection, number=FIRST)
    failed = EmergencyChange.objects.create(account=helper.account, number=number, wanted=PLACE, state="failed")
    plan = PortPlan.objects.create(
        port=port, number=FIRST, address=PLACE, user=helper.user, emergency_change=failed, begun_at=timezone.now()
    )
    client.force_login(helper.user)
    client.post(reverse("numbers:port_plan_retry", args=[port.public_id, plan.pk]), {"intent": str(uuid.uuid4())})
    plan.refresh_from_db()
    assert plan.emergency_change == failed and not Operation.objects.exists()


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
