"""Numbers, ports, 911, calls and money: changed where it is declared, and nothing beside what was asked for."""

from decimal import Decimal

import pytest

from providers.clients.capability import Capability as May
from providers.clients.errors import NotFound, Rejected
from providers.clients.records import Attachment, NumberStatus, PortRecord, PortStatus
from providers.clients.registry import CLIENTS
from tests.providers.contract import soundness
from tests.providers.contract.subjects import SUBJECTS, side

PDF = Attachment(name="letter.pdf", content=b"%PDF-1.4 x", mime_type="application/pdf")
CHANGES = [(slug, changes) for slug, subject in SUBJECTS.items() for changes in subject.changes]


def able(*wanted: May) -> list[str]:
    return [slug for slug, client in CLIENTS.items() if set(wanted) <= set(client.capabilities)]


def named(value) -> str:
    return value if isinstance(value, str) else "+".join(value)


@pytest.mark.parametrize(("slug", "changes"), CHANGES, ids=named)
def test_one_setting_changes_and_nothing_else(world, slug, changes):
    ours = side(world, slug)
    before = {one.external_id: one for one in ours.client.numbers()}
    target = next(ours.texting()).external_id
    assert before[target].settings != before[target].settings | changes
    world.forget()
    ours.client.update_number(target, changes)
    after = {one.external_id: one for one in ours.client.numbers()}
    assert after[target].settings == before[target].settings | changes
    assert {key: one.raw for key, one in after.items() if key != target} == {
        key: one.raw for key, one in before.items() if key != target
    }
    marks = {mark.call for mark in ours.client.spoken() if mark.writes}
    assert len([row for row in world.received(slug) if row["call"] in marks]) == 1


@pytest.mark.parametrize("slug", able(May.NUMBER_SETTINGS))
def test_a_setting_that_is_not_known_is_refused_before_sending(world, slug):
    ours = side(world, slug)
    target = next(ours.texting()).external_id
    world.forget()
    with pytest.raises(Rejected):
        ours.client.update_number(target, {"no_such_setting": True})
    marks = {mark.call for mark in ours.client.spoken() if mark.writes}
    assert [row for row in world.received(slug) if row["call"] in marks] == []


@pytest.mark.parametrize("slug", able(May.NUMBERS))
def test_a_number_is_found_by_id_and_by_number_and_a_strange_one_is_not(world, slug):
    client = side(world, slug).client
    first = next(client.numbers())
    assert client.number(external_id=first.external_id) == client.number(number=first.number) == first
    with pytest.raises(NotFound):
        client.number(number="+14185550199")


@pytest.mark.parametrize("slug", able(May.NUMBER_SEARCH, May.NUMBER_ORDER, May.NUMBER_RELEASE))
def test_a_number_is_found_for_sale_bought_and_given_back(world, slug):
    ours = side(world, slug)
    found = ours.client.available_numbers(area_code=ours.subject.area_code)
    assert all(one.number[2:5] == ours.subject.area_code for one in found)
    owned = {one.number for one in ours.client.numbers()}
    assert found[0].number not in owned
    external_id = ours.client.activate_number(found[0].number)
    assert {one.number for one in ours.client.numbers()} == owned | {found[0].number}
    assert ours.client.number(number=found[0].number).external_id == external_id
    ours.client.release_number(external_id)
    left = {one.number for one in ours.client.numbers() if one.status is NumberStatus.ACTIVE}
    assert found[0].number not in left


@pytest.mark.parametrize("slug", able(May.PORTS, May.PORT_REQUEST))
def test_a_port_is_asked_for_once_and_followed(world, slug):
    named = {"client_user_id": world.account(slug)["client_user_id"]} if slug == "voicemeup" else {}  # whom to notify
    ours = side(world, slug, **named)
    draft = ours.subject.draft(ours.stage)
    before = {port.external_id for port in ours.client.ports()}
    world.forget()
    external_id = ours.client.create_port(draft, {"loa": PDF, "bill": PDF} if slug == "voicemeup" else {}, submit=True)
    writes = {mark.call for mark in ours.client.spoken() if mark.method == "create_port"}
    assert len([row for row in world.received(slug) if row["call"] in writes]) == 1
    assert {port.external_id for port in ours.client.ports()} == before | {external_id}
    record = ours.client.port(external_id)
    assert isinstance(record, PortRecord) and soundness.faults(record) == []
    assert record.status is PortStatus.SENT_TO_STAFF and set(record.draft.numbers) == set(draft.numbers)
    with pytest.raises(NotFound):
        ours.client.port("99999999")


@pytest.mark.parametrize("slug", able(May.PORT_CHECK))
def test_it_is_told_whether_a_number_can_be_ported(world, slug):
    ours = side(world, slug)
    assert ours.client.portable(ours.subject.portable) is True
    if ours.subject.not_portable:
        assert ours.client.portable(ours.subject.not_portable) is False


@pytest.mark.parametrize("slug", able(May.E911))
def test_an_address_is_checked_saved_read_back_and_deleted(world, slug):
    ours = side(world, slug)
    defaults = {record.number for record in ours.client.emergency_addresses() if record.is_default}
    number = next(one.number for one in ours.client.numbers() if one.number not in defaults)
    others = {record.number for record in ours.client.emergency_addresses()} - {number}
    checked = ours.client.check_emergency_address(number, ours.subject.address)
    ours.client.save_emergency_address(number, checked)
    (record,) = ours.client.emergency_addresses(number=number)
    assert record.number == number and record.address.same_as(checked) and soundness.faults(record) == []
    ours.client.delete_emergency_address(number)
    assert {record.number for record in ours.client.emergency_addresses()} == others


@pytest.mark.parametrize("slug", able(May.CALLBACKS))
def test_two_people_are_called_once(world, slug):
    ours = side(world, slug)
    caller = "+15145550134"
    if slug == "jafone":
        caller = ours.client.set_callback_number(1, "+13675550143")[0].fields["PhoneNumber"]
    world.forget()
    ours.client.call_back(caller, "+14185550123")
    (call,) = {mark.call for mark in ours.client.spoken() if mark.method == "call_back"}
    assert len(world.received(slug, call)) == 1


@pytest.mark.parametrize("slug", able(May.SUBACCOUNTS))
def test_a_subaccount_is_made_and_changed(world, slug):
    ours = side(world, slug, SUBJECTS[slug].owner.get(May.SUBACCOUNTS, ""))
    external_id = ours.client.create_subaccount("Succursale", "Lachance", "fr", "portal-7")
    made = {one.external_id: one for one in ours.client.subaccounts()}[external_id]
    assert made.status == "enabled" and made.reference == "portal-7" and soundness.faults(made) == []
    ours.client.update_subaccount(external_id, {"status": "disabled"})
    assert {one.external_id: one.status for one in ours.client.subaccounts()}[external_id] == "disabled"


@pytest.mark.parametrize("slug", able(May.LOW_BALANCE_ALERT))
def test_the_alert_of_a_low_balance_is_set_and_read(world, slug):
    client = side(world, slug).client
    if slug == "jafone":
        client.set_low_balance_alert(True, Decimal("7.50"))
        assert client.low_balance_alert().fields == {"Enabled": True, "Amount": "7.50"}
    else:
        client.update_account({"low_balance": Decimal("7.50")})
        assert Decimal(client.account().raw["min_balance_to_notify"]) == Decimal("7.50")
