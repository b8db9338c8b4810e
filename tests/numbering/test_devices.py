"""Devices tied to the 911 address of a number, and untied from it, against the sandbox (E6)."""

import uuid

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.roles import Role
from numbering.models import Device, EmergencyChange, EmergencyEndpoint, Number
from providers import sync
from providers.clients.base import Client
from providers.models import Operation
from tests.factories import AccountFactory, ConnectionFactory, MembershipFactory, NumberFactory
from tests.numbering.upstreams import fresh_sandbox, make_home, sandbox_of_module  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
FRAME = 15  # session, person, account, menu, brand


@pytest.fixture
def house(fresh_sandbox, client):  # noqa: F811
    return make_home(fresh_sandbox, client, "numbers", "e911", "devices")


@pytest.fixture
def number(house) -> Number:
    """A number with an address and two devices."""
    return Number.objects.get(number=Device.objects.filter(number__gt="").order_by("pk").first().number)


def path(number: Number, what: str = "e911_devices") -> str:
    return reverse(f"numbers:{what}", args=[number.pk])


def page_of(house, number: Number):
    return house.client.get(path(number, "e911_number"))


def here(number: Number) -> list[Device]:
    return list(Device.objects.filter(number=number.number, gone_at=None).order_by("pk"))


def elsewhere(number: Number) -> Device:
    """A device that is tied to another number's address."""
    return Device.objects.filter(number__gt="").exclude(number=number.number).order_by("pk").first()


def send(house, number: Number, devices, **changes):
    form = page_of(house, number).context["devices"].form
    made_from = {"intent": str(uuid.uuid4()), "version": form["version"].value()}
    ticks = [one.pk if isinstance(one, Device) else one for one in devices]
    return house.client.post(path(number), {"devices": ticks, **made_from, **changes})


def row_of(house, number: Number, device: Device):
    return next(row for row in page_of(house, number).context["devices"].rows if row.pk == device.pk)


def told(house, number: Number, device: Device) -> tuple[str, str]:
    state = row_of(house, number, device).state
    return str(state.tone), state.word


def past_the_portal(house) -> Client:
    """The provider's own door, without faults."""
    house.sandbox.control("faults", method="DELETE")
    return house.connection.client_class(house.connection.base_url, house.connection.credentials)


def peers_upstream(house, number: Number) -> set[str]:
    """The devices of a number's address, as the sandbox has them."""
    found = past_the_portal(house).emergency_addresses(number=number.number)
    return {peer for record in found for peer in record.peer_ids}


def test_devices_come_home_with_the_address_that_each_is_tied_to(house, number):
    devices = Device.objects.filter(connection=house.connection)
    assert devices.count() == 5 and {one.account for one in devices} == {house.account}
    assert {one.external_id for one in here(number)} == peers_upstream(house, number) != set()
    page = page_of(house, number).content.decode()
    for one in devices:
        assert one.name in page and one.username in page
    assert told(house, number, here(number)[0]) == ("fine", "This address")
    other = elsewhere(number)
    assert told(house, number, other) == ("held", "Another address")
    linked = Number.objects.get(number=other.number)
    assert row_of(house, number, other).other_url == path(linked, "e911_number")


def test_a_device_is_tied_and_leaves_the_address_it_was_tied_to(house, number):
    device = elsewhere(number)
    before = Number.objects.get(number=device.number)
    since = house.sandbox.now()
    assert send(house, number, [*here(number), device]).status_code == 302
    assert told(house, number, device) == ("working", "Being tied")
    page = page_of(house, number)
    assert page.context["devices"].form is None and "every 2s" in page.content.decode()
    house.work()
    (sent,) = house.received("associate_e911", since)
    assert (sent["phone_number"], sent["client_peer_id"]) == (number.number[2:], device.external_id)
    assert not house.received("disassociate_e911", since)
    assert device.external_id in peers_upstream(house, number) and not peers_upstream(house, before)
    assert told(house, number, device) == ("fine", "This address")
    assert told(house, before, device) == ("held", "Another address")
    entry = AuditEntry.objects.get(action="device.tie_asked")
    assert (entry.account, entry.subject) == (house.account, device.name)
    assert (entry.before, entry.after) == ({"number": before.number}, {"number": number.number})
    house.bring_home("devices")
    device.refresh_from_db()
    assert device.number == number.number


def test_a_device_is_untied(house, number):
    device, *others = here(number)
    since = house.sandbox.now()
    assert send(house, number, others).status_code == 302
    assert told(house, number, device) == ("working", "Being untied")
    house.work()
    (sent,) = house.received("disassociate_e911", since)
    assert sent["client_peer_id"] == device.external_id and not house.received("associate_e911", since)
    assert peers_upstream(house, number) == {one.external_id for one in others}
    assert told(house, number, device) == ("held", "No address")
    coverage = house.client.get(reverse("numbers:e911"))
    assert coverage.context["tied_nowhere"] == 1 + Device.objects.exclude(pk=device.pk).filter(number="").count()
    assert "1 device is tied to no address" in coverage.content.decode()


def test_each_device_that_changed_has_an_operation_and_an_outcome_of_its_own(house, number):
    kept, *gone = here(number)
    new = elsewhere(number)
    house.disturb("associate_e911", "error_code", args={"code": "client_peer_id_not_found"})
    send(house, number, [kept, new])
    house.work()
    assert Operation.objects.filter(verb__startswith="e911.").count() == len(gone) + 1
    assert told(house, number, kept) == ("fine", "This address")
    assert told(house, number, new) == ("failed", "Not tied")
    assert row_of(house, number, new).note and new.external_id not in peers_upstream(house, number)
    for one in gone:
        assert told(house, number, one) == ("held", "No address")
    house.bring_home("devices")
    assert told(house, number, new) == ("failed", "Not tied")
    send(house, number, [kept, new])
    house.work()
    assert told(house, number, new) == ("fine", "This address")


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("tie", [True, False])
def test_without_a_clear_answer_the_address_tells(house, number, tie, phase):
    """Made or not: the address is read, and what was not made is sent again. Never green or red before that."""
    device = elsewhere(number) if tie else here(number)[0]
    ticks = [*here(number), device] if tie else here(number)[1:]
    call = "associate_e911" if tie else "disassociate_e911"
    house.disturb(call, "no_answer", phase=phase)
    since = house.sandbox.now()
    send(house, number, ticks)
    house.step()
    assert told(house, number, device) == ("unknown", "Not known yet")
    house.work()
    assert told(house, number, device) == (("fine", "This address") if tie else ("held", "No address"))
    assert (device.external_id in peers_upstream(house, number)) == tie
    assert len(house.received(call, since)) == (1 if phase == "after" else 2)


def test_what_was_refused_and_done_all_the_same_is_not_red(house, number):
    device = elsewhere(number)
    house.disturb("associate_e911", "error_code", args={"code": "client_peer_id_not_found"}, phase="after")
    send(house, number, [*here(number), device])
    house.work()
    assert told(house, number, device) == ("fine", "This address")
    assert device.external_id in peers_upstream(house, number)


def test_a_device_that_was_tied_elsewhere_meanwhile_is_not_untied_from_there(house, number):
    device, *others = here(number)
    target = Number.objects.get(number=elsewhere(number).number)
    send(house, number, others)
    past_the_portal(house).tie_device(target.number, device.external_id)  # by somebody in the provider's own portal
    since = house.sandbox.now()
    house.work()
    assert not house.received("disassociate_e911", since)
    assert device.external_id in peers_upstream(house, target)
    assert told(house, number, device)[0] == "held"
    house.bring_home("devices")
    assert told(house, number, device) == ("held", "Another address")


def test_two_clicks_are_one_request(house, number):
    device = elsewhere(number)
    form = page_of(house, number).context["devices"].form
    sent = {
        "devices": [one.pk for one in (*here(number), device)], "intent": str(uuid.uuid4()), "version": form["version"].value()
    }  # fmt: skip
    assert [house.client.post(path(number), sent).status_code for _ in range(2)] == [302, 302]
    house.work()
    assert Operation.objects.filter(verb="e911.tie_device").count() == 1
    assert house.client.post(path(number), {**sent, "devices": []}).status_code == 409
    assert Operation.objects.filter(verb__startswith="e911.").count() == 1


def test_the_second_of_two_people_is_told_and_keeps_the_ticks(house, number):
    version = page_of(house, number).context["devices"].form["version"].value()
    send(house, number, here(number)[1:])
    late = {"devices": [elsewhere(number).pk], "intent": str(uuid.uuid4()), "version": version}
    assert house.client.post(path(number), late).status_code == 409  # on its way
    house.work()
    response = house.client.post(path(number), late)
    assert response.status_code == 409 and "while you were at it" in response.content.decode()
    assert response.context["devices"].form.ticked() == {elsewhere(number).pk}
    assert Operation.objects.filter(verb__startswith="e911.").count() == 1


def test_a_device_of_another_account_is_refused_at_the_field_and_nothing_is_sent(house, number):
    stranger = Device.objects.create(
        account=AccountFactory(), connection=ConnectionFactory(), external_id="1", name="Theirs", username="theirs"
    )
    beside = Device.objects.create(
        account=AccountFactory(), connection=house.connection, external_id="999", name="Beside", username="beside"
    )
    for foreign in (stranger.pk, beside.pk, 10**9, "9" * 5000, "x"):
        response = send(house, number, [*here(number), foreign])
        assert response.status_code == 422 and response.context["devices"].form.errors["devices"]
    page = page_of(house, number).content.decode()
    assert "Theirs" not in page and "Beside" not in page
    assert not Operation.objects.exists()


def test_a_number_of_another_account_that_a_device_is_tied_to_is_not_named(house, number):
    device = elsewhere(number)
    hidden = Number.objects.get(number=device.number)
    Number.objects.filter(pk=hidden.pk).update(account=AccountFactory())
    row = row_of(house, number, device)
    assert (row.state.word, row.other, row.other_url) == ("Another address", "", "")


def test_strangers_find_nothing_and_readers_may_not(house, number):
    form = page_of(house, number).context["devices"].form
    sent = {"devices": [], "intent": str(uuid.uuid4()), "version": form["version"].value()}
    house.client.force_login(MembershipFactory(role=Role.OWNER).user)
    assert house.client.get(path(number)).status_code == house.client.post(path(number), sent).status_code == 404
    house.client.force_login(house.person(Role.READER))
    assert house.client.post(path(number), sent).status_code == 403
    page = page_of(house, number)
    assert page.context["devices"].form is None and here(number)[0].name in page.content.decode()
    assert not Operation.objects.exists()


def test_a_suspended_account_may_tie_and_takes_nothing_away(house, number):
    """911 must know where help is needed, whatever is owed."""
    type(house.account).objects.filter(pk=house.account.pk).update(status="suspended")
    assert send(house, number, here(number)[1:]).status_code == 403 and not Operation.objects.exists()
    device = elsewhere(number)
    assert send(house, number, [*here(number), device]).status_code == 302
    house.work()
    assert told(house, number, device) == ("fine", "This address")


def test_what_left_the_account_since_the_form_is_not_touched(house, number):
    device = elsewhere(number)
    since = house.sandbox.now()
    send(house, number, [*here(number), device])
    Device.objects.filter(pk=device.pk).update(account=AccountFactory())
    house.work()
    assert Operation.objects.get().state == "failed" and not house.received("associate_e911", since)


def test_without_an_address_the_page_says_what_comes_first(house):
    covered = EmergencyEndpoint.objects.values("number")
    bare = Number.objects.present().filter(kind="local", voice=True).exclude(number__in=covered).first()
    panel = page_of(house, bare).context["devices"]
    assert panel.form is None and len(panel.rows) == 5 and "Register the address first" in panel.note


def test_with_its_address_a_number_loses_its_devices(house):
    spare = EmergencyEndpoint.objects.filter(is_default=False).values("number")
    number = Number.objects.get(number=Device.objects.filter(number__in=spare).order_by("pk").first().number)
    operation = Operation.objects.create(
        connection=house.connection, verb="e911.delete", arguments={"number": number.number}, idempotency_key="x"
    )
    EmergencyChange.objects.create(account=house.account, number=number, operation=operation, removal=True)
    house.work()
    assert Operation.objects.get().state == "done" and not here(number)


def test_where_the_upstream_keeps_addresses_but_no_devices_the_page_says_so(house):
    other = NumberFactory(account=house.account, connection__slug="voicetel", number="+14165550134", voice=True)
    panel = page_of(house, other).context["devices"]
    assert panel.form is None and "the address belongs to the number" in panel.note
    assert house.client.post(path(other), {"devices": []}).status_code == 409
    assert (
        page_of(house, NumberFactory(account=house.account, connection__slug="jafone", number="+16135550134")).context[
            "devices"
        ]
        is None
    )


def test_an_answer_that_would_untie_everything_waits_for_a_person(house):
    account, connection = house.account, house.connection
    for i in range(12):
        Device.objects.create(
            account=account, connection=connection, external_id=f"x{i}", name=f"X{i}", number="+15145550100"
        )
    house.bring_home_held("devices")
    assert Device.objects.filter(number="+15145550100", gone_at=None).count() == 12
    connection.feeds.filter(name="devices").update(allow_vanish=True)
    run = sync.run_feed(connection.feeds.get(name="devices").pk, trigger="test", force=True)
    assert run.state == "done" and not Device.objects.filter(number="+15145550100", gone_at=None).exists()


def test_without_script_and_with_it_the_same_part_comes_back(house, number):
    assert house.client.get(path(number)).status_code == 302
    part = house.client.get(path(number), headers={"hx-request": "true", "hx-target": "e911_devices"})
    assert part.status_code == 200 and b"<html" not in part.content and b"Devices that call" in part.content


def test_the_page_asks_little_however_many_devices(house, number, django_assert_max_num_queries):
    for i in range(30):
        Device.objects.create(
            account=house.account, connection=house.connection, external_id=f"x{i}", name=f"X{i}", number=number.number
        )
    with django_assert_max_num_queries(FRAME + 4):
        house.client.get(path(number), headers={"hx-request": "true", "hx-target": "e911_devices"})
    with django_assert_max_num_queries(FRAME + 12):
        page_of(house, number)
