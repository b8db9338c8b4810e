"""Every method of the JaFone client against the sandbox, over a real socket, strict and with the document's oddities.

The sandbox was written from the document by other hands.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from providers.clients.errors import Cause, CredentialsRefused, NotFound, Rejected
from providers.clients.jafone.client import JaFone
from providers.clients.records import Direction
from tests.providers.sandbox.caller import Caller, start

LONG_AGO = date(2020, 1, 1)


@pytest.fixture(scope="module", params=("strict", "quirks"))
def world(request):
    sandbox, server = start()
    caller = Caller(sandbox)
    caller.do("settings", quirks=["jafone"] if request.param == "quirks" else [])
    yield caller
    sandbox.stop()
    server.shutdown()
    server.server_close()


@pytest.fixture
def credentials(world):
    row = next(row for row in world.see("accounts?slug=jafone") if row["key"] == "lachance")
    return row.get("credentials") or {name: row[name] for name in JaFone.credential_fields}


@pytest.fixture
def client(world, credentials):
    made = JaFone(f"{world.sandbox.base_url}/jafone", credentials)
    yield made
    made.close()


@pytest.fixture
def ours(client):
    return client.own_numbers()[0]


@pytest.fixture
def journal(world):
    """What the upstream received of one action since the test began."""
    before = max((row["id"] for row in world.see("journal?slug=jafone&limit=10000")), default=0)
    return lambda call: [row for row in world.see(f"journal?since={before}&limit=10000") if row["call"] == call]


def effects(world, kind):
    return [row["data"] for row in world.see("ledger?slug=jafone") if row["kind"] == kind]


def test_the_account_and_its_money(client):
    assert client.api_version().name.startswith("3.0.4")
    assert client.account().organization and client.account().raw["AccountType"] == "JaFone"
    assert client.balance().balance == Decimal(client.account().raw["Balance"])


def test_the_ledger_adds_up_to_the_balance(client):
    lines = list(client.ledger())
    assert client.unread == [] and len({line.external_id for line in lines}) == len(lines) > 100
    assert {line.kind for line in lines} == {"charge", "payment"}
    day = lines[len(lines) // 2].occurred_on
    (same_day,) = {line.occurred_on for line in client.ledger(day, day)}
    assert same_day == day
    ids = {line.external_id for line in lines}
    assert {line.external_id for line in client.ledger(day, day)} < ids


def test_the_numbers_are_those_that_fees_are_paid_for(client, world, credentials):
    account = world.sandbox.world.slugs["jafone"]["accounts"]["lachance"]
    assert {record.external_id for record in client.numbers()} == set(account["dids"])
    told = JaFone(client.base_url, credentials | {"numbers": ",".join(list(account["dids"])[:2])})
    assert len(list(told.numbers())) == 2
    with pytest.raises(NotFound):
        client.number(number="+15145550100")


def test_a_look_up(client, ours):
    found = client.lookup(ours)
    assert found.number == ours and found.valid and found.country == "CA"


def test_a_text_is_sent_once_and_found_in_the_log(client, world, ours, journal):
    before = len(effects(world, "sms_sent"))
    sent = client.send_message(ours, "+13675550142", "Bonjour, l'équipe est en route")
    (received,) = journal("sendSMS")
    assert received["params"]["receiver"] == "13675550142" and received["params"]["dnclOverride"] == "no"
    assert len(effects(world, "sms_sent")) == before + 1
    found = list(client.messages(client.today(), direction="outbound", source=ours, destination="+13675550142"))
    assert [record.external_id for record in found] == [sent.external_id]
    assert found[0].body == "Bonjour, l'équipe est en route"
    assert abs(found[0].sent_at - datetime.fromtimestamp(world.sandbox.clock.now(), UTC)) < timedelta(minutes=5)


def test_the_whole_log_comes_home_however_small_the_answers(client, ours):
    whole = list(client.messages(LONG_AGO, destination=ours, direction="inbound"))
    narrow = list(client.messages(LONG_AGO, destination=ours, direction="inbound", limit=7))
    late = {record.external_id for record in narrow} - {record.external_id for record in whole}  # came in between
    assert len(whole) > 10 and len(narrow) == len(whole) + len(late) and len(late) <= 2
    assert [record.sent_at for record in narrow] == sorted(record.sent_at for record in narrow)
    assert {record.direction for record in client.messages(LONG_AGO)} == set(Direction) and client.unread == []


def test_a_text_that_arrives_is_in_the_log(client, world, ours):
    world.do("inbound-sms", **{"from": "+15145550177", "to": ours, "message": "Êtes-vous ouverts?"})
    found = client.messages(client.today(), direction="inbound", source="+15145550177", destination=ours)
    assert [record.body for record in found] == ["Êtes-vous ouverts?"]


def test_who_says_stop_is_told_and_refused(client, world, ours):
    world.do("inbound-sms", **{"from": "+15145550178", "to": ours, "message": "ARRÊT"})
    assert "+15145550178" in {stop.number for stop in client.opt_outs(client.today(), client.today())}
    with pytest.raises(Rejected) as refusal:
        client.send_message(ours, "+15145550178", "Rabais!")
    assert refusal.value.cause is Cause.OPTED_OUT
    assert len(list(client.opt_outs())) > 1 and client.unread == []


def test_an_opt_out_of_ours_is_heeded_until_it_is_taken_back(client, ours):
    client.add_opt_out("+15145550179")
    client.add_opt_out("+15145550179")
    with pytest.raises(Rejected):
        client.send_message(ours, "+15145550179", "x")
    assert client.send_message(ours, "+15145550179", "x", override_opt_out=True).external_id
    client.remove_opt_out("+15145550179")
    assert client.send_message(ours, "+15145550179", "x").external_id
    client.set_do_not_contact("+15145550179", blocked=True, list_id=3)
    with pytest.raises(Rejected):
        client.send_message(ours, "+15145550179", "x", list_id=3)
    assert client.send_message(ours, "+15145550179", "x", list_id=4).external_id


def test_forwarding_is_set_stopped_and_read(client):
    assert client.set_forwarding(True, "+13675550142").fields == {"Enabled": True, "PhoneNumber": "+13675550142"}
    assert client.forwarding().fields["PhoneNumber"] == "+13675550142"
    client.set_forwarding(False)
    assert client.forwarding().fields == {"Enabled": False, "PhoneNumber": "+13675550142"}


def test_routing_and_the_alert(client):
    assert client.set_routing(premium=False).fields == client.routing().fields == {"RoutingType": "0"}
    client.set_low_balance_alert(True, Decimal("20"))
    assert client.low_balance_alert().fields == {"Enabled": True, "Amount": "20.00"}
    client.set_low_balance_alert(False, Decimal("20"))
    assert client.low_balance_alert().fields["Enabled"] is False


def test_voicemail_goes_to_whom_we_say(client):
    client.set_voicemail_emails(["a@lachance.example", "b@lachance.example"])
    assert client.voicemail_emails().fields["Emails"] == ["a@lachance.example", "b@lachance.example"]


def test_a_call_back_starts_from_one_of_its_numbers(client, world, journal):
    (first, *_) = client.set_callback_number(1, "+13675550143")
    assert first.fields["PhoneNumber"] == "+13675550143" == client.callback_numbers()[0].fields["PhoneNumber"]
    client.call_back("+13675550143", "+15145550177")
    assert len(journal("createCallback")) == 1
    with pytest.raises(Rejected) as refusal:
        client.call_back("+13675550144", "+15145550177")
    assert refusal.value.problems[0].field == "caller"


def test_a_spoken_message_is_filled_in(client):
    call = client.call_with_message("410031", "+13675550142", "en", {"FN": "Lea", "BL": "100"}, retries=2)
    assert "Hello Lea" in call.fields["PreparedMessage"] and "100 dollars" in call.fields["PreparedMessage"]
    with pytest.raises(Rejected) as refusal:
        client.call_with_message("999999", "+13675550142")
    assert refusal.value.problems[0].field == "message_id"


def test_a_conference_is_scheduled_and_listed(client):
    day = client.today() + timedelta(days=9)
    made = client.schedule_conference(day, 90, web=True)
    listed = {row.external_id: row.fields for row in client.conferences()}
    assert listed[made.external_id]["Duration"] == 90 and listed[made.external_id]["WebCollaborationEnabled"] is True
    assert listed[made.external_id]["Date"] == day.isoformat()


def test_the_phone_book(client):
    contacts = list(client.contacts())
    assert contacts and all(one.number.startswith("+1") and one.name for one in contacts) and client.unread == []


def test_wrong_credentials_are_refused_for_every_reading_call(client, credentials):
    wrong = JaFone(client.base_url, credentials | {"key": "wrongwrong12"})
    for read in (wrong.probe, wrong.account, wrong.forwarding, wrong.conferences, lambda: list(wrong.opt_outs())):
        with pytest.raises(CredentialsRefused):
            read()


def test_too_little_money_stops_a_text(client, world, ours):
    world.do("account", key="lachance", slug="jafone", set={"balance": "0.00"})
    try:
        with pytest.raises(Rejected) as refusal:
            client.send_message(ours, "+13675550142", "x")
        assert refusal.value.cause is Cause.FUNDS
    finally:
        world.do("account", key="lachance", slug="jafone", set={"balance": "50.00"})
