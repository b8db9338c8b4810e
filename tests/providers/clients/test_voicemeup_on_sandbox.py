"""Every method of the VoiceMeUp client against the sandbox, over a real socket, in both formats.

The sandbox was written from the manual by other hands, so what both sides agree on is not one person's misreading.
"""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from providers.clients.errors import (
    AddressRejected,
    CredentialsRefused,
    NotFound,
    Rejected,
)
from providers.clients.records import (
    NUMBER_SETTINGS,
    Attachment,
    Direction,
    EmergencyAddress,
    NumberStatus,
    PortDraft,
    PortStatus,
    ServiceAddress,
    Transmission,
)
from providers.clients.voicemeup.client import VoiceMeUp

ROOT = Path(__file__).resolve().parents[3]
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000049454e44ae426082")
GOOD = EmergencyAddress(
    name="Corner Shop",
    civic_number="1250",
    street="Rue Sherbrooke Ouest",
    unit_type="suite",
    unit="300",
    city="Montréal",
    region="QC",
    country="CA",
    postal_code="H3G 1H6",
    language="fr",
)


class Sandbox:
    def __init__(self, state: Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "providers.sandbox", "--port", str(port), "--state", str(state)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self._wait()

    def _wait(self):
        for _ in range(150):
            if self.process.poll() is not None:
                raise AssertionError(f"the sandbox did not start: {self.process.stderr.read()[-2000:]}")
            try:
                self.control("health")
                return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise AssertionError("the sandbox did not answer in 15 s")

    def control(self, path: str, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base}/_control/{path}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def client(self, format: str, observer=None, **credentials) -> VoiceMeUp:
        account = self.control("accounts?slug=voicemeup")[0]
        known = {name: account[name] for name in ("client_user_id", "username", "auth_token")}
        options = {"format": format, "deadline": 5} | known | credentials
        return VoiceMeUp(f"{self.base}/voicemeup", options, observer=observer)

    def close(self):
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="module", params=("json", "xml"))
def format(request):
    return request.param


@pytest.fixture(scope="module")
def sandbox(format, tmp_path_factory):
    started = Sandbox(tmp_path_factory.mktemp("sandbox") / f"{format}.json")
    yield started
    started.close()


@pytest.fixture
def client(sandbox, format):
    made = sandbox.client(format)
    yield made
    assert made.unread == [], "a row of the sandbox was not understood"


@pytest.fixture
def own(client):
    """A number that can send."""
    return next(
        number for number in client.numbers() if number.sms and number.settings["sms"] and number.kind == "local"
    )


def test_the_account(client):
    account = client.account()
    assert account.external_id.isdigit() and account.organization
    assert "callerid_name" in client.preferences()
    balance = client.balance()
    assert balance.currency == "CAD" and isinstance(balance.balance, Decimal)
    assert balance.available == balance.balance + balance.credit_limit


def test_the_ledger_adds_up(client):
    lines = list(client.ledger())
    assert lines and all((line.amount < 0) == (line.kind == "invoice") for line in lines if line.amount)
    oldest_first = sorted(lines, key=lambda line: int(line.external_id))
    for before, after in zip(oldest_first, oldest_first[1:], strict=False):
        if before.balance_after is not None and after.balance_after is not None:
            assert before.balance_after + after.amount == after.balance_after
    some = list(client.ledger(since=lines[0].occurred_on, until=lines[0].occurred_on))
    assert some and {line.occurred_on for line in some} == {lines[0].occurred_on}


def test_places_and_the_network(client):
    canada = next(place for place in client.countries() if place.external_id == "38")
    assert (canada.code, canada.name) == ("CA", "Canada")
    assert "BC" in {place.code for place in client.states("38")}
    with pytest.raises(NotFound):
        client.states("9999")
    assert all(event.title and event.at for event in client.network_status())


def test_numbers_are_listed_and_found(client):
    numbers = list(client.numbers())
    assert numbers and all(number.number.startswith("+1") for number in numbers)
    assert all(set(number.settings) == set(NUMBER_SETTINGS) for number in numbers)
    first = numbers[0]
    assert client.number(external_id=first.external_id) == first == client.number(number=first.number)
    assert all(number.number[2:5] == "514" for number in client.numbers(area_code="514"))
    with pytest.raises(NotFound):
        client.number(external_id="99999999")
    with pytest.raises(NotFound):
        client.number(number="+15145550000")


CHANGES = (
    {"label": "Counter"},
    {"voicemail": True},
    {"sms_email": "shop@demo.test"},
    {"sms_email": ""},
    {"caller_id_name": "CORNER SHOP", "comments": "seen & <done>"},
    {"forwarding": True, "forward_to": "+14165550177", "forward_after": 20},
    {"sms_webhook": "https://portal.demo.test/webhooks/voicemeup/abc/?x=1", "sms_webhook_retry": True},
    {"sms_webhook": "", "sms_webhook_retry": False},
    {"sms_autoreply": "Fermé / closed"},
    {"sms_forward_to": "+14165550178"},
)


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: "+".join(changes))
def test_a_setting_changes_and_nothing_else(client, own, changes):
    before = client.number(external_id=own.external_id)
    client.update_number(own.external_id, changes)
    after = client.number(external_id=own.external_id)
    assert after.settings == before.settings | changes
    touched = {key for key in before.raw if before.raw[key] != after.raw[key]}
    fields = {"friendly_name", "options", "sms_notify_email", "callerid_name_rewrite", "comments", "forward_number",
              "forward_timeout", "sms_callback_url", "sms_autoreply_message", "sms_forward_number"}  # fmt: skip
    assert touched <= fields and len(touched) <= len(changes) + 1


def test_an_update_that_changes_nothing_changes_nothing(client):
    for number in list(client.numbers())[:4]:
        client.update_number(number.external_id, {})
        assert client.number(external_id=number.external_id) == number


def test_a_bad_setting_is_refused_by_name(client, own):
    with pytest.raises(Rejected) as caught:
        client.update_number(own.external_id, {"label": "x", "sms_email": "not an address"})
    assert {problem.field for problem in caught.value.problems} == {"label", "sms_email"}
    with pytest.raises(NotFound):
        client.update_number("99999999", {"label": "Counter"})


def test_a_number_is_found_in_the_inventory_and_taken(client):
    found = client.available_numbers(region="QC", kind="local", sms=True)
    assert found and all(number.sms and number.monthly_fee is not None for number in found)
    wanted = found[0]
    assert wanted.number in {number.number for number in client.available_numbers(area_code=wanted.number[2:5])}
    assert client.available_numbers(city="Nowhere At All") == []
    external_id = client.activate_number(wanted.number)
    assert client.number(number=wanted.number).external_id == external_id
    with pytest.raises(NotFound):
        client.activate_number(wanted.number)


def settled(client, sandbox, external_id) -> Transmission:
    """What a message came to: the sandbox takes a state a step, so its clock is moved a few times."""
    for _ in range(20):
        found = client.message(external_id).transmission
        if found is not Transmission.PENDING:
            return found
        sandbox.control("clock", {"advance": 10})
    raise AssertionError("the message is pending for ever")


def test_a_message_goes_out_and_is_in_the_log(client, own, sandbox):
    sent = client.send_message(own.number, "+15145550123", f"Été {client.format} & <b>")
    message = client.message(sent.external_id)
    assert (message.source, message.destination) == (own.number, "+15145550123")
    assert (message.body, message.direction) == (f"Été {client.format} & <b>", Direction.OUTBOUND)
    assert message.transmission in (Transmission.PENDING, Transmission.SENT)
    assert settled(client, sandbox, sent.external_id) is Transmission.SENT
    day = message.sent_at.astimezone(client.zone).date()
    found = list(client.messages(day, day, source=own.number, destination="+15145550123"))
    assert [one.external_id for one in found].count(sent.external_id) == 1


def test_the_clocks_agree(client, own, sandbox):
    now = datetime.fromtimestamp(sandbox.control("clock")["now"], UTC)
    sent = client.send_message(own.number, "+15145550124", "what time is it?")
    assert abs(client.message(sent.external_id).sent_at - now) < timedelta(seconds=30)


def test_the_same_message_again_is_refused(client, own):
    client.send_message(own.number, "+15145550125", "twice")
    with pytest.raises(Rejected) as caught:
        client.send_message(own.number, "+15145550125", "twice")
    assert caught.value.code == "duplicate_entry"


def test_a_picture_is_sent(client, own):
    picture = Attachment(name="image été.png", content=PNG, mime_type="image/png")
    message = client.message(client.send_message(own.number, "+15145550126", "look", picture).external_id)
    assert message.media[0].mime_type == "image/png" and message.media[0].size == len(PNG)


def test_a_foreign_number_may_not_send(client):
    with pytest.raises(Rejected) as caught:
        client.send_message("+15145550000", "+15145550127", "not mine")
    assert caught.value.problems[0].field == "source"


def test_a_message_is_deleted(client, own):
    message = client.message(client.send_message(own.number, "+15145550128", "oops").external_id)
    client.delete_message(message.log_id)
    assert client.message(message.external_id).deleted
    with pytest.raises(NotFound):
        client.delete_message("99999999")


def test_the_log_is_the_same_however_finely_it_is_cut(client):
    until = client.today()
    since = until - timedelta(days=3)
    whole = {message.external_id: message for message in client.messages(since, until)}
    cut = {message.external_id: message for message in client.messages(since, until, limit=max(40, len(whole) // 6))}
    assert whole and [whole[key] for key in whole.keys() - cut.keys()] == []


def test_a_message_that_arrives_is_seen(client, own, sandbox):
    body = {"slug": "voicemeup", "from": "+15145550140", "to": own.number, "message": "allô"}
    sandbox.control("inbound-sms", body)
    sandbox.control("clock", {"advance": 5})
    day = client.today()
    found = list(client.messages(day - timedelta(days=1), day + timedelta(days=1), direction="inbound"))
    message = next(one for one in found if one.body == "allô")
    assert (message.source, message.destination) == ("+15145550140", own.number)
    assert message.transmission is Transmission.DELIVERED


def wanted_day(client) -> date:
    """Five or more business days ahead."""
    day = client.today() + timedelta(days=9)
    return day + timedelta(days=max(0, day.weekday() - 4) and 7 - day.weekday())


def draft(client, **changes) -> PortDraft:
    values = {
        "title": "Corner Shop",
        "numbers": ("+15145550160", "+15145550161"),
        "numbers_to_keep": ("+15145550162",),
        "features": ("sms",),
        "capacity": "2-5",
        "wanted_on": wanted_day(client),
        "organization": "Corner Shop",
        "organization_kind": "business",
        "current_provider": "Old Tel",
        "address": ServiceAddress(
            civic_number="1250",
            street="Rue Sherbrooke Ouest",
            city="Montréal",
            region="QC",
            country="CA",
            postal_code="H3G 1H6",
        ),
        "instructions": "Call first",
        "recipients": ("a@demo.test", "b@demo.test"),
        "comments": "one & two",
        "reference": f"ref-{client.format}",
    }
    return PortDraft(**(values | changes))


def test_a_port_request_from_draft_to_submission(client):
    letter = Attachment(name="letter.pdf", content=b"%PDF-1.4 x", mime_type="application/pdf")
    first = draft(client)
    external_id = client.create_port(first, {"loa": letter}, submit=False)
    record = client.port(external_id)
    assert (record.status, record.draft, record.reference) == (PortStatus.NOT_READY, first, first.reference)
    assert client.port(record.pon).external_id == external_id
    second = draft(client, title="Shop", numbers=("+15145550160",), numbers_to_keep=(), comments="", wanted_on=None)
    client.update_port(external_id, second, {}, submit=False)
    assert client.port(external_id).draft == second
    client.update_port(external_id, second, {"bill": letter}, submit=True)
    assert client.port(external_id).status is PortStatus.SENT_TO_STAFF
    assert [one.external_id for one in client.ports(number="+15145550160")][:1] == [external_id]
    with pytest.raises(Rejected):
        client.update_port(external_id, first, {}, submit=False)
    with pytest.raises(NotFound):
        client.port("99999999")


def test_an_incomplete_port_request_is_kept_as_a_draft_and_refused_when_submitted(client):
    thin = PortDraft(title="Thin", reference="thin")
    external_id = client.create_port(thin, {}, submit=False)
    with pytest.raises(Rejected) as caught:
        client.update_port(external_id, thin, {}, submit=True)
    assert {"numbers", "capacity", "organization", "street", "postal_code"} <= {p.field for p in caught.value.problems}
    assert client.port(external_id).status is PortStatus.NOT_READY


def test_every_port_request_of_the_world_is_understood(client):
    assert list(client.ports())


def test_a_911_address_from_check_to_deletion(client, own):
    assert client.check_emergency_address(own.number, GOOD).same_as(GOOD)
    client.save_emergency_address(own.number, GOOD)
    (record,) = client.emergency_addresses(number=own.number)
    assert record.provisioned and record.address.same_as(GOOD)
    assert record.external_id in {one.external_id for one in client.emergency_addresses()}
    if not record.is_default:
        assert client.delete_emergency_address(own.number) == () or client.notices.items
        assert list(client.emergency_addresses(number=own.number)) == []
        with pytest.raises(NotFound):
            client.delete_emergency_address(own.number)


def test_a_near_miss_offers_alternates_and_saves_nothing(client, own):
    before = list(client.emergency_addresses(number=own.number))
    miss = EmergencyAddress(**{**{f: getattr(GOOD, f) for f in GOOD.__slots__}, "street": "Sherbrooke Ouest"})
    for ask in (client.check_emergency_address, client.save_emergency_address):
        with pytest.raises(AddressRejected) as caught:
            ask(own.number, miss)
        assert "Rue Sherbrooke Ouest" in {alternate.street for alternate in caught.value.alternates}
    assert list(client.emergency_addresses(number=own.number)) == before


def test_an_unknown_street_is_named(client, own):
    nowhere = EmergencyAddress(**{**{f: getattr(GOOD, f) for f in GOOD.__slots__}, "street": "Rue de Nulle Part"})
    with pytest.raises(AddressRejected) as caught:
        client.check_emergency_address(own.number, nowhere)
    assert caught.value.alternates == () and caught.value.problems[0].field == "street"


def test_devices_are_bound_and_unbound(client):
    found = [record for record in client.emergency_addresses() if record.peer_ids]
    assert found, "the demo world has bound devices"
    record, peer = found[0], found[0].peer_ids[0]
    client.untie_device(peer)
    assert peer not in next(client.emergency_addresses(external_id=record.external_id)).peer_ids
    client.tie_device(record.number, peer)
    assert peer in next(client.emergency_addresses(external_id=record.external_id)).peer_ids
    with pytest.raises(NotFound):
        client.tie_device(record.number, "99999999")


def test_a_subaccount_from_creation_to_disabling(client):
    external_id = client.create_subaccount("New branch", organization="Shop", language="fr", reference="sub-ref")
    free = [number.external_id for number in client.numbers() if not number.subaccount_id][:3]
    client.set_subaccount_numbers(external_id, free[:1])
    client.add_subaccount_numbers(external_id, free[1:2])
    record = next(one for one in client.subaccounts(with_numbers=True) if one.external_id == external_id)
    assert (record.name, record.status, record.language, record.reference) == ("New branch", "enabled", "fr", "sub-ref")
    assert set(record.number_ids) == set(free[:2])
    assert {number.external_id for number in client.numbers(subaccount_id=external_id)} == set(free[:2])
    before = record.raw
    client.update_subaccount(external_id, {"status": "disabled", "name": "Old branch"})
    after = next(one for one in client.subaccounts(with_numbers=True) if one.external_id == external_id)
    assert {key for key in before if before[key] != after.raw[key]} == {"status", "friendly_name"}
    client.set_subaccount_numbers(external_id, [])
    with pytest.raises(Rejected):
        client.create_subaccount("x")


def test_every_subaccount_survives_an_update_of_nothing(client):
    for record in list(client.subaccounts(with_numbers=True)):
        client.update_subaccount(record.external_id, {})
    again = {one.external_id: one for one in client.subaccounts(with_numbers=True)}
    assert again


def test_a_wrong_token_is_refused(sandbox, format):
    with pytest.raises(CredentialsRefused):
        sandbox.client(format, auth_token="0" * 32).balance()


def test_the_username_is_as_good(sandbox, format):
    named = sandbox.client(format, client_user_id="")
    assert named.balance() == sandbox.client(format).balance()


def test_a_number_that_is_active_says_so(client):
    assert {number.status for number in client.numbers()} <= set(NumberStatus)
