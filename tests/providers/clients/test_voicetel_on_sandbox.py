"""Every method of the VoiceTel client against the sandbox, over a real socket.

The sandbox was written from the documents by other hands.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from providers.clients.errors import (
    AddressRejected,
    Cause,
    CredentialsRefused,
    NotFound,
    RateLimited,
    Rejected,
    Unsupported,
)
from providers.clients.records import Direction, EmergencyAddress, PortDraft, PortStatus, ServiceAddress
from providers.clients.voicetel.client import VoiceTel
from tests.providers.sandbox.caller import Caller, start

ADDRESS = EmergencyAddress(
    name="Lachance Plumbing",
    civic_number="100",
    street="Main Street",
    unit_type="suite",
    unit="5",
    city="Champlain",
    region="NY",
    country="US",
    postal_code="12919",
)


@pytest.fixture(scope="module")
def world():
    sandbox, server = start()
    yield Caller(sandbox)
    sandbox.stop()
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _no_limits_of_earlier_tests(world):
    world.do("limits", slug="voicetel", clear=True)


@pytest.fixture
def credentials(world):
    row = next(row for row in world.see("accounts?slug=voicetel") if row["key"] == "lachance")
    return {name: row[name] for name in VoiceTel.credential_fields}


@pytest.fixture
def client(world, credentials):
    made = VoiceTel(f"{world.sandbox.base_url}/voicetel", credentials)
    yield made
    made.close()


@pytest.fixture
def ours(client):
    return next(record for record in client.numbers() if record.settings["sms"])


@pytest.fixture
def journal(world):
    before = max((row["id"] for row in world.see("journal?slug=voicetel&limit=10000")), default=0)
    return lambda call: [row for row in world.see(f"journal?since={before}&limit=10000") if row["call"] == call]


def now(world) -> datetime:
    return datetime.fromtimestamp(world.sandbox.clock.now(), UTC)


def bought(client, area="315") -> str:
    found = client.available_numbers(area_code=area, quantity=5)
    return client.activate_number(found[-1].number)


# --- the account


def test_the_key_is_fetched_for_the_password(client, credentials):
    fresh = VoiceTel(client.base_url, {name: credentials[name] for name in ("username", "password")})
    assert fresh.account().external_id == credentials["username"]
    assert fresh.learned == {"apikey": credentials["apikey"]}
    with pytest.raises(CredentialsRefused):
        VoiceTel(client.base_url, credentials | {"password": "wrong12", "apikey": ""}).probe()


def test_money_charges_and_calls(client, world):
    balance = client.balance()
    assert balance.currency == "USD" and balance.balance == Decimal(balance.raw["cash"])
    charges = client.charges()
    assert charges and client.unread == []
    calls = list(client.calls(now(world) - timedelta(days=20), now(world)))
    assert {call.direction for call in calls} == set(Direction) and all(call.cost is not None for call in calls)
    assert client.unread == []
    week = list(client.calls(now(world) - timedelta(days=3), now(world) - timedelta(days=1)))
    assert 0 < len(week) < len(calls)
    assert all(timedelta(days=1) <= now(world) - call.started_at <= timedelta(days=3, minutes=1) for call in week)


def test_six_an_hour_and_no_more(client):
    with pytest.raises(RateLimited):
        for _ in range(7):
            client.balance()


def test_registration_and_ways_in(client):
    (device,) = client.registrations()
    assert device.registered and device.agent
    assert client.authentication().name in ("digest", "address", "digest or address", "digest and address")
    outcome = client.add_acl(["198.51.100.7/32"])
    assert not outcome.problems and "198.51.100.7/32" in {row.external_id for row in client.acl()}
    client.remove_acl(["198.51.100.7/32"])
    assert "198.51.100.7/32" not in {row.external_id for row in client.acl()}


def test_a_part_of_a_list_that_is_not_done(client):
    outcome = client.add_acl(["198.51.100.8/32", "10.0.0.0/8"])
    assert [row.external_id for row in outcome.done] == ["198.51.100.8/32"]
    assert [problem.cause for problem in outcome.problems] == [Cause.INVALID]
    with pytest.raises(Rejected):
        client.add_acl(["10.0.0.0/8"])


def test_gateways_come_change_and_go(client):
    (made,) = client.add_gateways(["198.51.100.77:5070"]).done
    route = {row.name: row.external_id for row in client.gateways()}["198.51.100.77:5070"]
    assert made.raw["route"] == route
    client.update_gateways({route: "pbx.lachance.example"})
    assert {row.external_id: row.name for row in client.gateways()}[route] == "pbx.lachance.example"
    client.remove_gateways([route])
    assert route not in {row.external_id for row in client.gateways()}


def test_accounts_are_opened_and_their_passwords_work(client):
    made = client.add_account("Atelier", "3155550188", "atelier@lachance.example")
    assert made.external_id == "3155550188" and made.password
    VoiceTel(client.base_url, {"username": made.external_id, "password": made.password}).probe()
    with pytest.raises(Rejected):
        client.add_account("Atelier", "3155550188", "atelier@lachance.example")
    signed_up = client.sign_up("Somebody", "somebody@sign.example")
    assert signed_up.password and signed_up.external_id
    assert client.recover_account("nobody@sign.example") is None is client.recover_account("somebody@sign.example")


def test_a_new_password_brings_a_new_key(client):
    made = client.add_account("Rotating", "3155550187", "rotating@lachance.example")
    other = VoiceTel(client.base_url, {"username": made.external_id, "password": made.password})
    other.probe()
    first = other.learned["apikey"]
    other.update_authentication(password="n3wpassw")
    other.probe()
    assert other.learned["password"] == "n3wpassw" and other.learned["apikey"] != first


# --- numbers


def test_numbers_are_bought_set_and_given_back(client, world):
    number = bought(client)
    record = client.number(external_id=number)
    assert record.settings == {"sms": False}
    client.update_number(number, {"sms": True, "forward_to": "+14135550177", "caller_id_name": "LACHANCE"})
    assert client.number(external_id=number).settings == {"sms": True}
    client.update_number(number, {"sms": False, "forwarding": False})
    assert client.number(external_id=number).settings == {"sms": False}
    client.set_caller_name_lookup({number: True})
    client.translate_numbers({number: "100#"})
    client.route_numbers({number: "4"})
    assert client.number(external_id=number).raw["route"] == "4"
    client.release_number(number)
    with pytest.raises(NotFound):
        client.number(external_id=number)


def test_a_removed_number_can_be_assigned_again_and_moved(client):
    number = bought(client)
    client.remove_numbers([number])
    client.add_numbers([f"+1{number}"], route="1")
    assert client.number(external_id=number)
    client.add_account("Second", "3155550186", "second@lachance.example", master=client.credentials["username"])
    client.move_numbers([number], "3155550186", "1")
    with pytest.raises(NotFound):
        client.number(external_id=number)


def test_what_is_not_ours_is_refused(client):
    for call in (client.release_number, lambda one: client.route_numbers({one: "1"})):
        with pytest.raises(Rejected):
            call("3155550101")


def test_coverage_brands_and_campaigns(client, ours):
    assert client.coverage(area_code="518")[0].fields["count"] > 0
    client.add_brand("BLACH77", "Lachance Deux", "Plumbing")
    with pytest.raises(Rejected) as refusal:
        client.add_brand("BLACH78", "Lachance Deux", "Plumbing")
    assert refusal.value.cause is Cause.DUPLICATE
    client.add_campaign("CLACH77", "BLACH77", "Reminders")
    assert client.assign_campaign({ours.external_id: "CLACH77"})
    assert "CLACH77" in {row.external_id for row in client.campaigns()}
    (campaign,) = client.campaigns(["CLACH77"])
    assert campaign.fields["numbers"] == [ours.number]


def test_look_ups(client):
    found = client.lookup("+16035550188")
    assert found.carrier and found.region == "NH" and found.caller_name
    assert client.lookup("+18005550142").carrier


# --- texts


def test_a_text_is_sent_once_and_found_in_the_log(client, ours, journal):
    sent = client.send_message(ours.number, "+16035550142", "We are on our way")
    (received,) = journal("sms")
    assert received["params"]["destination"] == 6035550142
    found = client.messages(client.today(), direction="outbound", source=ours.number, destination="+16035550142")
    assert [record.body for record in found] == ["We are on our way"] and sent.external_id
    assert VoiceTel.sent_ids_in_log is False  # the documents nowhere say that the two ids are one


def test_a_picture_is_sent_by_its_address(client, ours):
    sent = client.send_mms(ours.number, "+16035550143", "Look", "https://media.example/a.png", "Leak")
    found = client.mms_records(ours.number, datetime.now(UTC) - timedelta(hours=1))
    assert sent.external_id and [record.body for record in found] == ["Look"]


def test_the_log_of_all_numbers_and_a_text_that_arrives(client, world, ours):
    world.do("inbound-sms", **{"from": "+15145550177", "to": ours.number, "message": "Are you open?"})
    found = list(client.messages(client.today() - timedelta(days=60)))
    assert {record.direction for record in found} == set(Direction) and len(found) > 50 and client.unread == []
    assert "Are you open?" in {record.body for record in found if record.source == "+15145550177"}


def test_refusals_of_texts(client, world, ours):
    silent = next(record for record in client.numbers() if not record.settings["sms"])
    world.do("inbound-sms", **{"from": "+15145550178", "to": ours.number, "message": "STOP"})
    for source, destination, cause in (
        (silent.number, "+16035550142", Cause.SOURCE),
        (ours.number, "+15145550178", Cause.OPTED_OUT),
        (ours.number, "+16035550199", Cause.DESTINATION),
        ("+13155550101", "+16035550142", Cause.PERMISSION),
    ):
        with pytest.raises(Rejected) as refusal:
            client.send_message(source, destination, "x")
        assert refusal.value.cause is cause


def test_receipts_are_listed(client, world, ours):
    client.send_message(ours.number, "+16035550144", "Hello")
    world.do("clock", advance=120)
    receipts = client.delivery_receipts(ours.number, now(world) - timedelta(hours=1))
    assert "+16035550144" in {row.fields["destinationNumber"] for row in receipts}


def test_routes_of_texts(client, ours):
    outcome = client.route_messages_in({ours.external_id: "1"})
    assert [row.external_id for row in outcome.done] == [ours.external_id]
    assert client.route_messages_out({ours.external_id: "1"}).done


# --- ports


def draft(*numbers, **changes) -> PortDraft:
    values = {
        "numbers": numbers,
        "wanted_on": (datetime.now(UTC) + timedelta(days=10)).date(),
        "organization": "Lachance Plumbing",
        "organization_kind": "business",
        "account_number": "A-1001",
        "authorized_by": "Lise Lachance",
        "address": ServiceAddress(
            civic_number="100", street="Main St", city="CHAMPLAIN", region="NY", country="US", postal_code="12919"
        ),
    }
    return PortDraft(**(values | changes))


def test_ports_are_checked_ordered_and_followed(client, journal):
    assert client.portable("+14135550155") is True and client.portable("+14135550199") is False
    external_id = client.create_port(draft("+14135550155", "+14135550156"), {}, submit=True)
    record = client.port(external_id)
    assert record.status is PortStatus.SENT_TO_STAFF and set(record.draft.numbers) == {"+14135550155", "+14135550156"}
    assert [one.external_id for one in client.ports(number="+14135550156")] == [external_id]
    assert {port.status for port in client.ports()} >= {PortStatus.SENT_TO_STAFF} and client.unread == []
    assert len(journal("portInOrder")) == 1


def test_ports_that_cannot_be_ordered(client, world):
    with pytest.raises(Rejected) as refusal:
        client.create_port(draft("+14135550199"), {}, submit=True)
    assert refusal.value.code == "not-portable"
    with pytest.raises(Unsupported):
        client.create_port(draft("+14135550157"), {}, submit=False)
    row = next(row for row in world.see("accounts?slug=voicetel") if row["key"] == "saranac")
    other = VoiceTel(client.base_url, {name: row[name] for name in VoiceTel.credential_fields})
    with pytest.raises(Rejected) as refusal:
        other.create_port(draft("+14135550158"), {}, submit=True)
    assert refusal.value.cause is Cause.PERMISSION


def test_port_out_pins(client, ours):
    assert client.set_port_out_pins({ours.external_id: "4821"}) == {ours.external_id: "4821"}
    assert len(client.set_port_out_pins({ours.external_id: ""})[ours.external_id]) == 4


# --- 911


def test_an_address_is_checked_saved_read_back_and_removed(client, ours):
    checked = client.check_emergency_address(ours.number, ADDRESS)
    client.save_emergency_address(ours.number, checked)
    (record,) = client.emergency_addresses(number=ours.number)
    assert record.address.same_as(checked) and client.emergency_address(ours.number).address.same_as(checked)
    _, address_id = client.validate_address(ADDRESS)
    assert client.provision_address(ours.number, address_id, "Lachance").number == ours.number
    client.delete_emergency_address(ours.number)
    assert list(client.emergency_addresses(number=ours.number)) == []
    for call in (client.emergency_address, client.delete_emergency_address):
        with pytest.raises(NotFound):
            call(ours.number)


def test_an_address_that_is_not_known_offers_others(client, ours):
    wrong = EmergencyAddress(
        name="Shop", civic_number="100", street="Maine St", city="PLATTSBURGH", region="NY", postal_code="12901"
    )
    with pytest.raises(AddressRejected) as refusal:
        client.check_emergency_address(ours.number, wrong)
    assert refusal.value.alternates and all(one.street and one.city for one in refusal.value.alternates)
