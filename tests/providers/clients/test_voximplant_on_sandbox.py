"""The Voximplant client against the sandbox, over a real socket: with both kinds of credentials, strict and with the
document's oddities. The sandbox was written from the reference by other hands.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from providers.clients.errors import (
    Cause,
    CredentialsRefused,
    NotFound,
    RateLimited,
    Rejected,
    Unreadable,
    UpstreamError,
)
from providers.clients.records import Delivery, Direction, Transmission
from providers.clients.voximplant.children import NewChild
from providers.clients.voximplant.client import Voximplant
from providers.clients.voximplant.sip import SipAccess
from providers.clients.voximplant.webhooks import parse_callbacks
from tests.providers.clients.voximplant_asked import CALLS
from tests.providers.sandbox.caller import Caller, Listener, start, wait_for

LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
OUTSIDE = "+17865550102"
PASSWORD = "Canary-Pa55word!"
SALT = "s4lt-91"


@pytest.fixture(scope="module", params=("strict", "quirks"))
def world(request):
    sandbox, server = start()
    caller = Caller(sandbox)
    caller.do("settings", quirks=["voximplant"] if request.param == "quirks" else [])
    caller.strict = request.param == "strict"
    yield caller
    sandbox.stop()
    server.shutdown()
    server.server_close()


def known(world, key="lachance"):
    rows = {row["key"]: row for row in world.see("accounts?slug=voximplant")}
    return {name: rows[key][name] for name in ("account_id", "api_key", "key_id", "private_key")}


def opened(world, credentials, **options):
    return Voximplant(f"{world.sandbox.base_url}/voximplant", credentials, **options)


@pytest.fixture
def client(world):
    """The plumber's account in a fresh world: as a service account, and with the oddities in the older way."""
    world.do("reset", seed=1)
    told = known(world)
    names = ("account_id", "key_id", "private_key") if world.strict else ("account_id", "api_key")
    made = opened(world, {name: told[name] for name in names})
    assert bool(made.signer) is world.strict
    yield made
    made.close()


@pytest.fixture
def journal(world):
    """What the upstream received of one call since the test began."""
    before = max((row["id"] for row in world.see("journal?slug=voximplant&limit=10000")), default=0)
    return lambda call: [row for row in world.see(f"journal?since={before}&limit=10000") if row["call"] == call]


def texting(client):
    return next(row for row in client.numbers() if row.settings["sms"])


def today():
    return datetime.now(UTC).date()


def test_the_account_and_its_money(client):
    account, balance = client.account(), client.balance()
    assert (account.currency, account.time_zone, account.language) == ("USD", "America/Toronto", "fr")
    assert balance.currency == "USD" and balance.balance == Decimal(account.raw["balance"])
    assert client.probe() is None
    assert client.currency_rates(["USD", "EUR"])["USD"] == 1
    assert client.money_due().fields["amount"] >= 0


def test_the_ledger_adds_up_to_the_balance(client):
    lines = list(client.ledger())
    assert client.unread == [] and len({line.external_id for line in lines}) == len(lines) > 100
    assert {line.kind for line in lines} >= {"charge", "payment"}
    assert sum(line.amount for line in lines) == client.balance().balance
    days = [line.occurred_on for line in lines]
    assert days == sorted(days)
    middle = days[len(days) // 2]
    assert {line.occurred_on for line in client.ledger(middle, middle)} <= {middle}


def test_the_zone_of_histories_is_learnt(client, world):
    """The account is in Toronto, our connection counts in UTC: a moment is the same in both."""
    (first, *_), here = list(client.calls(LONG_AGO)), opened(world, known(world), time_zone="America/Toronto")
    around = (first.started_at - timedelta(seconds=5), first.started_at + timedelta(seconds=5))
    assert next(here.calls(*around)).external_id == first.external_id
    assert next(client.calls(*around)).external_id == first.external_id
    assert client.spoken_zone.key == "America/Toronto"


def test_invoices_reports_and_their_files(client, world):
    invoices = list(client.invoices())
    assert invoices and all(invoice.total > 0 and invoice.currency == "USD" for invoice in invoices)
    assert client.invoice_file(invoices[0].external_id).startswith(b"%PDF")
    with pytest.raises(NotFound):
        client.invoice_file("999999")
    orders = (client.order_calls_report, client.order_ledger_report, client.order_audit_report)
    made = [order(datetime.now(UTC) - timedelta(days=20), datetime.now(UTC)) for order in orders]
    made.append(client.order_brief_calls_report(datetime.now(UTC) - timedelta(days=20), datetime.now(UTC)))
    with pytest.raises(Rejected) as caught:
        client.report_file(made[0])
    assert caught.value.cause is Cause.NOT_NOW
    world.do("clock", advance=10)
    assert set(made) <= {report.external_id for report in client.history_reports(completed=True)}
    assert len(client.report_file(made[0])) > 20
    client.order_numbers_report()
    assert list(client.numbers_reports())


def test_prices_charges_and_plans(client):
    prices = list(client.prices())
    assert {price.service for price in prices} >= {"voice", "sms", "number"}
    assert all(price.amount >= 0 and price.currency == "USD" for price in prices)
    charges = client.charges()
    assert {charge.number for charge in charges if charge.number} == {
        row.number for row in client.numbers() if not row.raw["canceled"] and not row.raw["deactivated"]
    }
    plans, offers = list(client.plans()), list(client.available_plans(["IM"]))
    assert all(plan.fields["periodic_charge"] >= 0 for plan in [*plans, *offers])
    assert client.unread == []


def test_numbers_and_their_settings(client, journal):
    number = texting(client)
    assert client.number(number=number.number) == client.number(external_id=number.external_id)
    assert client.owns_number(number.number) and not client.owns_number(OUTSIDE)
    client.update_number(number.external_id, {"sms_webhook": "https://portal.example/x", "sms": False})
    changed = client.number(external_id=number.external_id)
    assert changed.settings == {"sms": False, "sms_webhook": "https://portal.example/x"}
    client.update_number(number.external_id, {"sms_webhook": "", "sms": True})
    assert client.number(external_id=number.external_id).settings == {"sms": True, "sms_webhook": ""}
    assert len(journal("SetPhoneNumberInfo")) == len(journal("ControlSms")) == 2
    for gone in (
        lambda: client.number(external_id="1"),
        lambda: client.number(number=OUTSIDE),
        lambda: client.release_number("1"),
        lambda: client.set_number_webhook(["1"], ""),
        lambda: client.switch_sms(OUTSIDE, True),
    ):
        with pytest.raises(NotFound):
            gone()


def test_a_number_is_rented_and_given_back(client, journal):
    wanted = client.available_numbers(area_code="628", sms=True, limit=3)
    assert len(wanted) == 3 and all(row.number.startswith("+1628") for row in wanted)
    before = client.balance().balance
    external_id = client.activate_number(wanted[0].number)
    assert client.number(number=wanted[0].number).external_id == external_id
    assert client.balance().balance == before - (wanted[0].monthly_fee + wanted[0].setup_fee)
    with pytest.raises(Rejected) as caught:
        client.activate_number(wanted[0].number)
    assert caught.value.cause is Cause.TAKEN
    client.release_number(external_id)
    assert client.number(external_id=external_id).status == "disabled"
    assert len(journal("AttachPhoneNumber")) == 2
    two = client.attach_numbers(country="US", category="GEOGRAPHIC", region_id="5214", count=2)
    assert len(two) == 2


def test_places_of_numbers(client):
    categories = {row.external_id: row for row in client.number_categories()}
    assert "US" in categories and client.number_countries() == ["US"]
    assert client.number_states("US")
    region = client.number_regions("US")[0]
    assert client.number_region("US", region.external_id).name == region.name
    with pytest.raises(NotFound):
        client.number_region("US", "1")
    assert list(client.regulation_countries()) and list(client.regulation_regions("US"))
    assert list(client.postal_codes("US"))
    addresses = list(client.regulation_addresses())
    assert client.available_regulations("US") is not None and addresses is not None
    assert client.unread == []


def test_a_text_goes_out_once_and_is_in_the_log(client, world, journal):
    source = texting(client).number
    before = client.balance().balance
    sent = client.send_message(source, OUTSIDE, "Bonjour, ça va ?")
    assert len(journal("SendSmsMessage")) == 1
    assert client.message(sent.external_id).transmission is Transmission.PENDING
    world.do("clock", advance=5)
    record = client.message(sent.external_id)
    assert (record.transmission, record.body) == (Transmission.SENT, "Bonjour, ça va ?")
    assert (record.source, record.destination, record.direction) == (source, OUTSIDE, Direction.OUTBOUND)
    logged = {row.external_id: row for row in client.messages(today() - timedelta(days=2), today() + timedelta(days=1))}
    assert logged[sent.external_id].body == record.body
    assert record.price and client.balance().balance <= before - record.price
    if world.strict:
        assert abs(record.sent_at - datetime.now(UTC)) < timedelta(minutes=2), "stamps are in UTC"


def test_texts_that_cannot_go_say_why(client):
    number = texting(client)
    with pytest.raises(Rejected) as caught:
        client.send_message(OUTSIDE, number.number, "x")
    assert (caught.value.cause, caught.value.problems[0].field) == (Cause.SOURCE, "source")
    client.switch_sms(number.number, False)
    with pytest.raises(Rejected) as caught:
        client.send_message(number.number, OUTSIDE, "x")
    assert caught.value.cause is Cause.SOURCE
    with pytest.raises(Rejected) as caught:
        client.send_message("NOBODY", OUTSIDE, "x")
    assert caught.value.cause is Cause.SOURCE


def test_the_whole_log_comes_oldest_first_and_in_parts(client, monkeypatch):
    whole = list(client.messages(LONG_AGO.date(), today() + timedelta(days=1)))
    ids = [record.external_id for record in whole]
    assert client.unread == [] and len(set(ids)) == len(ids) > 100
    two_way = [record for record in whole if not record.external_id.startswith("a2p-")]
    assert [record.sent_at for record in two_way] == sorted(record.sent_at for record in two_way)
    inbound = list(client.messages(LONG_AGO.date(), direction=Direction.INBOUND))
    assert {record.direction for record in inbound} == {Direction.INBOUND}
    line = two_way[0]
    side = {"source": line.source} if line.direction is Direction.OUTBOUND else {"destination": line.destination}
    assert line.external_id in {record.external_id for record in client.messages(LONG_AGO.date(), **side)}


def test_one_way_texts_are_told_as_far_as_they_went(client, world):
    names = {row.source for row in client.one_way_messages(LONG_AGO, datetime.now(UTC) + timedelta(days=1))}
    sender = next(iter(sorted(names)))
    sent = client.send_message(sender, OUTSIDE, "Rappel")
    assert sent.external_id.startswith("a2p-")
    world.do("clock", advance=10)
    assert client.message(sent.external_id).transmission in (Transmission.SENT, Transmission.DELIVERED)


def test_calls_and_recordings(client):
    calls = list(client.calls(LONG_AGO))
    assert client.unread == [] and len({call.external_id for call in calls}) == len(calls) > 50
    starts = [call.started_at for call in calls]
    assert starts == sorted(starts) and all(call.currency == "USD" for call in calls)
    recordings = list(client.recordings(LONG_AGO))
    assert {call.recording_id for call in calls} - {""} == {record.external_id for record in recordings}
    client.delete_recording(recordings[0].external_id)
    assert recordings[0].external_id not in {record.external_id for record in client.recordings(LONG_AGO)}
    with pytest.raises(NotFound):
        client.delete_recording("1")


def test_a_child_is_made_switched_off_and_found_by_our_reference(client, journal):
    made = client.create_subaccount("Lachance Est", "Plomberie Lachance", "fr", "portal-9")
    child = next(row for row in client.subaccounts() if row.reference == "portal-9")
    assert (child.external_id, child.name, child.status) == (made, "lachance-est", "enabled")
    assert client.subaccount(made).organization == "Plomberie Lachance"
    client.update_subaccount(made, {"status": "disabled"})
    assert client.subaccount(name="lachance-est").status == "disabled"
    with pytest.raises(Rejected) as caught:
        client.create_subaccount("Lachance Est", "", "fr", "portal-10")
    assert caught.value.cause is Cause.TAKEN
    with pytest.raises(NotFound):
        client.update_subaccount("1", {"status": "disabled"})
    assert len(journal("AddAccount")) == 2
    assert any(row.number_ids for row in client.subaccounts(with_numbers=True))


def test_a_child_is_cloned(world):
    world.do("reset", seed=1)
    parent = opened(world, known(world))
    template = next(iter(parent.subaccounts()))
    new = NewChild(name="lachance-nord", email="nord@lachance.example", password=PASSWORD)
    cloned = parent.clone_subaccount(template.external_id, new)
    assert cloned.name == "lachance-nord"
    assert "lachance-nord" in {row.name for row in parent.subaccounts()}


def test_registrations_and_networks(client, world):
    access = SipAccess(user="night", proxy="sip.good.example", password=PASSWORD)
    made = client.create_registration(access)
    world.do("clock", advance=3)
    states = {row.external_id: row for row in client.registrations()}
    assert states[made].registered and states[made].user == "night"
    client.update_registration(made, SipAccess(proxy="invalid.example"))
    world.do("clock", advance=3)
    failed = next(row for row in client.registrations() if row.external_id == made)
    assert not failed.registered and failed.error
    application = next(iter(client.applications()))
    client.route_registration(made, application_id=application.external_id)
    client.delete_registration(made)
    assert made not in {row.external_id for row in client.registrations()}
    with pytest.raises(NotFound):
        client.delete_registration(made)
    network = client.add_sip_network("198.51.100.0/24", "office")
    client.update_sip_network(network, "198.51.100.0/25")
    assert "198.51.100.0/25" in {row.name for row in client.sip_networks()}
    client.remove_sip_network(network)
    with pytest.raises(NotFound):
        client.remove_sip_network(network)


def test_access_lists(client):
    client.add_interface_address("198.51.100.7", description="office")
    assert client.may_use_interface("198.51.100.7")
    assert "198.51.100.7" in {row.external_id for row in client.interface_addresses()}
    client.remove_interface_address("198.51.100.7")
    with pytest.raises(NotFound):
        client.remove_interface_address("198.51.100.7")
    blocked = client.block_telephone(OUTSIDE)
    assert [row.external_id for row in client.blocked_telephones(OUTSIDE)] == [blocked]
    client.change_blocked_telephone(blocked, "+17865550103")
    client.unblock_telephone(blocked)
    with pytest.raises(NotFound):
        client.unblock_telephone(blocked)
    shown = list(client.caller_ids())
    if shown:
        client.delete_caller_id(shown[0].external_id)
    with pytest.raises(NotFound):
        client.delete_caller_id("1")
    assert client.unread == []


def test_the_test_number(client):
    for _ in list(client.test_numbers()):
        client.delete_test_number()
    client.add_test_number(OUTSIDE)
    assert client.call_test_number() >= 0
    with pytest.raises(Rejected):
        client.verify_test_number("0000")
    client.verify_test_number("1357")
    assert next(iter(client.test_numbers())).fields["is_verified"] is True
    client.delete_test_number()
    with pytest.raises(NotFound):
        client.delete_test_number()


def test_a_new_key_is_at_once_good_for_asking_until_it_is_revoked(client, world):
    made = client.create_key(["Accountant"], name="portal")
    other = opened(world, made.credentials())
    assert other.account().external_id == client.account().external_id
    client.set_key_roles(made.key_id, ["Accountant", "Payer"])
    client.remove_key_roles(made.key_id, ["Payer"])
    assert {row.name for row in client.key_roles(made.key_id)} == {"Accountant"}
    client.update_key(made.key_id, "of the portal")
    assert made.key_id in {row.external_id for row in client.keys()}
    with pytest.raises(Rejected) as caught:
        other.send_message(texting(client).number, OUTSIDE, "x")
    assert caught.value.cause is Cause.PERMISSION
    client.delete_key(made.key_id)
    with pytest.raises(CredentialsRefused):
        other.account()
    with pytest.raises(NotFound):
        client.delete_key(made.key_id)


def test_logins_and_roles(client):
    login = client.add_login("bureau", PASSWORD, ["Payer"])
    client.set_login_roles(login, ["Payer", "Accountant"])
    client.remove_login_roles(login, ["Payer"])
    assert {row.name for row in client.login_roles(login)} == {"Accountant"}
    client.update_login(login, description="front desk")
    client.update_login(login, old_password=PASSWORD, new_password=PASSWORD + "2")
    assert login in {row.external_id for row in client.logins()}
    client.delete_login(login)
    with pytest.raises(NotFound):
        client.delete_login(login)
    assert list(client.roles()) and list(client.role_groups())
    assert client.unread == []


def test_applications_users_and_rules(client):
    application = client.add_application("reception")
    user = client.add_user(application, "agent1", "Agent One", PASSWORD)
    client.update_user(user, active=False)
    assert [row.fields["user_active"] for row in client.users(application)] == [False]
    client.delete_user(user)
    assert list(client.users(application)) == []
    client.update_application(application, name="bureau")
    assert application in {row.external_id for row in client.applications()}
    busy = next(row for row in client.applications() if list(client.rules(row.external_id)))
    rules = list(client.rules(busy.external_id, with_scenarios=True))
    assert rules[0].external_id
    scenario = "3301"
    first = client.add_rule(application, "day", ".*", [scenario])
    second = client.add_rule(application, "night", "1.*", [scenario])
    client.reorder_rules([second, first])
    assert [row.external_id for row in client.rules(application)] == [second, first]
    client.update_rule(first, name="noon")
    number = texting(client)
    client.route_numbers([number.external_id], application, first)
    assert client.number(external_id=number.external_id).label == "bureau"
    client.route_numbers([number.external_id], application, bind=False)
    client.delete_rule(first, application)
    client.delete_application(application)
    assert application not in {row.external_id for row in client.applications()}
    assert list(client.record_storages())


def test_papers_and_the_audit_log(client):
    assert list(client.documents(with_details=True))
    assert list(client.verifications()) is not None
    client.update_account({"reference": "crm-7", "low_balance": Decimal("7.5")})
    assert client.low_balance_alert().fields == {"Enabled": True, "Amount": "7.5"}
    entries = list(client.audit_log(datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(hours=1)))
    assert "SetAccountInfo" in {entry.name for entry in entries}
    assert client.unread == []


@pytest.fixture
def told(client, world):
    """What is posted to an address of ours, as (kind -> event), proved by the account's key."""
    listener, key = Listener(), known(world)["api_key"]
    client.set_webhook(listener.url, SALT)

    def events():
        read = []
        for body in listener.bodies:
            posted = (json.dumps(body).encode(), "application/json", {})
            read += parse_callbacks(*posted, key_of=lambda account: key, salt=SALT, received_at=datetime.now(UTC))
        return {event.kind: event for event in read}

    yield lambda kind: wait_for(lambda: events().get(kind))
    listener.server.shutdown()


def test_a_text_that_comes_is_told_and_in_the_log_with_its_words(client, world, told):
    number = texting(client)
    if number.settings["sms_webhook"]:
        client.set_number_webhook([number.external_id], "")
    world.do("inbound-sms", **{"from": OUTSIDE, "to": number.number, "message": "STOP"})
    (text,) = told("sms_inbound").messages
    assert (text.source, text.destination, text.body) == (OUTSIDE, number.number, "STOP")
    window = (today() - timedelta(days=1), today() + timedelta(days=1))
    logged = [row for row in client.messages(*window, Direction.INBOUND, source=OUTSIDE) if row.body == "STOP"]
    assert len(logged) == 1 and logged[0].transmission is Transmission.DELIVERED


def test_every_kind_of_callback_is_read(client, world, told):
    for kind in ("min_balance", "card_payment", "invoice_received", "subscription_is_frozen", "transcription_complete"):
        world.do("account", slug="voximplant", key="lachance", callback={"type": kind})
    for kind in ("min_balance", "card_payment", "invoice_received", "subscription_is_frozen", "transcription_complete"):
        assert told(kind).details, kind


def test_a_delivery_makes_feeds_due(client, world):
    credentials = known(world) | {"callback_salt": SALT}
    with pytest.raises(Unreadable):
        Voximplant.read_webhook(
            Delivery(body=b'{"callbacks":[{}]}', content_type="application/json"), credentials, "UTC"
        )


def test_wrong_credentials_are_refused(world):
    told = known(world)
    for spoilt in (
        {"account_id": told["account_id"], "api_key": "0" * 36},
        {"account_id": "1", "api_key": told["api_key"]},
        {"account_id": told["account_id"], "key_id": "0" * 36, "private_key": told["private_key"]},
        {
            "account_id": told["account_id"],
            "key_id": told["key_id"],
            "private_key": known(world, "fogline")["private_key"],
        },
    ):
        with pytest.raises(CredentialsRefused):
            opened(world, spoilt).account()


def test_a_parent_s_key_acts_for_a_child(world):
    world.do("reset", seed=1)
    parent = opened(world, known(world))
    child = next(iter(parent.subaccounts()))
    told = known(world)
    acting = opened(world, {**told, "account_id": child.external_id, "api_key": ""})
    assert acting.account().external_id == child.external_id


def test_every_call_is_known_and_answered_in_a_shape_we_read(client, world):
    """Objects that are named here do not exist there: a refusal is as good an answer as any."""
    for call, (ask, _, _) in CALLS.items():
        try:
            found = ask(client)
            list(found) if isinstance(found, Iterator) else found
        except Rejected as refusal:
            assert refusal.code.isdigit(), (call, refusal)
        except UpstreamError as error:
            raise AssertionError(f"{call}: {type(error).__name__} {error.code} {error} {error.words}") from error
    seen = {row["call"] for row in world.see("journal?slug=voximplant&limit=10000")}
    assert set(CALLS) <= seen
    assert client.unread == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    (
        ("hard_limit", RateLimited),
        ("authentication_failed", CredentialsRefused),
        ("error_code", UpstreamError),
    ),
)
def test_faults_of_meaning_are_errors_of_ours(client, world, fault, kind):
    world.do("faults", slug="voximplant", call="GetAccountInfo", fault=fault, count=1)
    with pytest.raises(kind):
        client.account()
    assert client.account()
