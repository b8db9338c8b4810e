"""Every method of the Jo Mobile client against the sandbox, over real sockets.

The sandbox was written from the document by other hands, so what both sides agree on is not one person's misreading.
"""

import json
import time
from datetime import date, timedelta
from decimal import Decimal

import pytest

from providers.clients.errors import Cause, CredentialsRefused, NotFound, RateLimited, Rejected, Unclear, Unreachable
from providers.clients.jomobile.client import JoMobile
from providers.clients.jomobile.sending import OutgoingText
from providers.clients.jomobile.webhooks import acknowledgement, parse_reports
from providers.clients.records import ContactRecord, Transmission
from providers.sandbox import jomobile
from tests.providers.sandbox.caller import Listener, start, wait_for

OUTSIDE, SECOND, FAILING = "+14685550101", "+14685550102", "+14685550199"


class World:
    """The sandbox in this process, and its control doors."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.mark = 0

    @property
    def account(self):
        return self.sandbox.world.slugs["jomobile"]["accounts"]["lachance"]

    def client(self, observer=None, **credentials):
        row = next(one for one in self.sandbox.upstreams["jomobile"].accounts() if one["key"] == "lachance")
        credentials = credentials or {"username": row["username"], "password": row["password"]}
        return JoMobile(f"{self.sandbox.base_url}/jomobile", credentials, observer=observer)

    def received(self, call=""):
        rows = self.sandbox.journal.requests[self.mark :]
        return [row for row in rows if row["slug"] == "jomobile" and call in ("", row["call"])]

    def fault(self, **rule):
        self.sandbox.faults.add([{"slug": "jomobile", "count": 1, **rule}], self.sandbox.clock.now())

    def later(self, seconds=30):
        for _ in range(4):
            self.sandbox.clock.advance(seconds)
            self.sandbox.tick()


@pytest.fixture(scope="module")
def served():
    sandbox, server = start(packages={"jomobile": jomobile})
    yield sandbox
    sandbox.stop()
    server.shutdown()
    server.server_close()


@pytest.fixture
def world(served):
    served.clock.set(time.time())
    served.reset(1)
    found = World(served)
    found.mark = len(served.journal.requests)
    return found


@pytest.fixture
def client(world):
    return world.client()


def lately():
    return date.today() - timedelta(days=1), date.today() + timedelta(days=1)


def test_it_signs_in_once_for_many_calls(world, client):
    assert client.account().organization == "Plomberie Lachance inc."
    found = client.balance()
    assert (found.balance, found.currency) == (Decimal("86.4"), client.account().currency)
    client.me()
    assert [row["call"] for row in world.received()] == ["authorize", "accesstoken", "me", "me", "me", "me"]
    assert client.learned["access_token"]


def test_processes_that_share_what_they_learn_sign_in_once(world):
    one, two = world.client(), world.client()
    one.latest, two.latest = lambda: two.learned, lambda: one.learned
    for client in (one, two, one, two):
        client.balance()
    assert len(world.received("authorize")) == 1


def test_processes_that_end_each_others_tokens_go_on(world):
    one, two = world.client(), world.client()
    for client in (one, two, one):
        client.balance()
    assert [row["status"] for row in world.received("me")] == [200, 200, 401, 200]


def test_an_expired_token_is_renewed(world, client):
    client.balance()
    world.sandbox.clock.advance(2 * 86400)
    client.balance()
    assert [row["status"] for row in world.received("me")] == [200, 401, 200]


def test_a_permanent_token_needs_no_password(world):
    client = world.client(access_token=world.account["permanent_token"])
    client.balance()
    assert [row["call"] for row in world.received()] == ["me"]


def test_wrong_credentials(world):
    with pytest.raises(CredentialsRefused):
        world.client(username="lachance", password="no").probe()
    with pytest.raises(CredentialsRefused):
        world.client(access_token="no-such-token-no-such-token").probe()


def test_logging_out(world, client):
    client.balance()
    client.logout()
    client.balance()
    assert len(world.received("authorize")) == 2


def test_a_text_is_sent_found_in_the_log_and_delivered(world, client):
    sent = client.send_message("LACHANCE", OUTSIDE, "On our way, 20 minutes.")
    world.later()
    (record,) = client.messages(*lately(), source="LACHANCE", destination=OUTSIDE)
    assert record.external_id == sent.external_id and record.body == "On our way, 20 minutes."
    assert (record.source, record.destination) == ("LACHANCE", OUTSIDE)
    assert record.transmission is Transmission.DELIVERED
    assert len(world.received("send")) == 1


def test_a_long_text_is_one_record_with_the_id_that_was_told(world, client):
    text = "word " * 90
    sent = client.send_message("LACHANCE", OUTSIDE, text.strip())
    world.later()
    (record,) = client.messages(*lately(), destination=OUTSIDE)
    assert record.external_id == sent.external_id and record.transmission is Transmission.DELIVERED
    assert len(record.raw["parts"]) == 2


def test_where_the_answer_names_the_sending_only_the_log_names_the_text(world, client):
    world.sandbox.settings["quirks"] = ["jomobile"]
    sent = client.send_message("LACHANCE", OUTSIDE, "word " * 60)
    world.later()
    (record,) = client.messages(*lately(), destination=OUTSIDE)
    assert record.external_id == sent.external_id and sent.raw["sending_id"] != sent.external_id
    assert len(world.received("send")) == 1


def test_a_text_that_fails(world, client):
    client.send_message("LACHANCE", FAILING, "Hello?")
    world.later()
    (record,) = client.messages(*lately(), destination=FAILING)
    assert record.transmission is Transmission.FAILED and record.failure == "UNDELIV"


@pytest.mark.parametrize("quirks", [[], ["jomobile"]])
def test_a_package_in_both_shapes(world, client, quirks):
    world.sandbox.settings["quirks"] = quirks
    items = [
        OutgoingText(numbers=(OUTSIDE, SECOND), sender="LACHANCE", body="One"),
        OutgoingText(numbers=("+14685550103",), sender="PLOMBIER", body="Two", kind="flashsms"),
    ]
    results = client.send_package(items)
    assert [one.number for one in results] == [OUTSIDE, SECOND, "+14685550103"]
    assert all(one.external_id for one in results)
    world.later()
    assert {one.body for one in client.messages(*lately(), destination=SECOND)} == {"One"}


def test_the_log_goes_back_a_week_page_by_page(world, client):
    records = list(client.messages(date.today() - timedelta(days=8), limit=20))
    assert len(records) > 20 and client.unread == []
    assert len({record.external_id for record in records}) == len(records)
    ids = {row["uuid"] for row in world.account["log"]}
    assert {record.external_id for record in records} <= ids
    assert [record.sent_at.date() for record in records] == sorted(record.sent_at.date() for record in records)


@pytest.mark.parametrize(
    ("source", "destination", "cause"),
    [("NOBODY", OUTSIDE, Cause.SOURCE), ("LACHANCE", "+999123456789", Cause.DESTINATION)],
)
def test_refusals_have_their_cause(client, source, destination, cause):
    with pytest.raises(Rejected) as refused:
        client.send_message(source, destination, "x")
    assert refused.value.cause is cause and refused.value.problems


def test_no_money(world, client):
    world.account["balance"] = 0
    with pytest.raises(Rejected) as refused:
        client.send_message("LACHANCE", OUTSIDE, "x")
    assert refused.value.cause is Cause.FUNDS


def test_a_broken_exchange_sends_once(world, client):
    client.balance()
    world.fault(call="send", fault="close", phase="after")
    with pytest.raises(Unclear):
        client.send_message("LACHANCE", OUTSIDE, "Only once")
    world.later()
    assert len(list(client.messages(*lately(), destination=OUTSIDE))) == 1
    assert len(world.received("send")) == 1


def test_a_limit_and_nobody_there(world, client):
    client.balance()
    world.fault(call="me", fault="http_429", args={"retry_after": 30})
    with pytest.raises(RateLimited) as limited:
        client.balance()
    assert limited.value.retry_at is not None
    with pytest.raises(Unreachable):
        JoMobile("http://127.0.0.1:9", {"access_token": "x"}).balance()


def test_reports_are_read_and_acknowledged(world, client):
    listener = Listener()
    try:
        world.account["dlr_url"] = listener.url
        sent = client.send_message("LACHANCE", OUTSIDE, "Report, please")
        world.later()
        rows = wait_for(lambda: listener.bodies)[0]
    finally:
        listener.server.shutdown()
        listener.server.server_close()
    (report,) = parse_reports(json.dumps(rows).encode(), "application/json")
    assert report.external_id == sent.external_id and report.transmission is Transmission.DELIVERED
    assert json.loads(acknowledgement([report])) == [sent.external_id]


def test_groups_and_contacts(world, client):
    groups = {group.name: group for group in client.groups(limit=2)}
    assert groups["Clients"].size == 24 and len(groups) == 3
    made = client.create_group("Promo")
    assert client.group(made.external_id).name == "Promo"
    contact = ContactRecord(external_id="", number=OUTSIDE, name="Ana", birthday=date(1990, 5, 17))
    assert client.add_contacts(made.external_id, [contact]).size == 1
    assert client.add_contacts(made.external_id, [contact]).size == 1
    (found,) = client.find_contacts(made.external_id, [OUTSIDE, SECOND])
    assert (found.number, found.name, found.birthday) == (OUTSIDE, "Ana", date(1990, 5, 17))
    assert [one.group_id for one in client.contacts([OUTSIDE])] == [made.external_id]
    sent = client.send_bulk("LACHANCE", "Hi #first_name#", [made.external_id])
    assert sent.external_id
    world.later()
    assert [one.body for one in client.messages(*lately(), destination=OUTSIDE)] == ["Hi Ana"]
    assert [one.number for one in client.remove_contacts(made.external_id, [OUTSIDE])] == [OUTSIDE]
    assert client.delete_groups([made.external_id]) == [made.external_id]
    with pytest.raises((NotFound, Rejected)):
        client.group(made.external_id)


def test_the_black_list(world, client):
    client.add_opt_out(OUTSIDE)
    client.add_opt_out(OUTSIDE)
    assert [one.number for one in client.black_listed([OUTSIDE, SECOND])] == [OUTSIDE]
    client.send_message("LACHANCE", OUTSIDE, "You should not get this")
    world.later()
    (record,) = client.messages(*lately(), destination=OUTSIDE)
    assert record.transmission is Transmission.FAILED
    assert OUTSIDE in [one.number for one in client.opt_outs(date.today() - timedelta(days=1))]
    client.remove_opt_out(OUTSIDE)
    assert list(client.black_listed([OUTSIDE])) == []


def test_prices_and_countries(client):
    prices = list(client.prices())
    assert prices and client.unread == [] and all(price.amount > 0 for price in prices)
    assert {price.destination[:2] for price in client.account_prices("ca")} == {"CA"}
    assert list(client.product_prices("CA")) and list(client.country_prices())
    countries = {country.code: country.raw["continent"] for country in client.countries()}
    assert "CA" in countries and client.unread == []


def test_a_preview(client):
    (found,) = client.preview([OutgoingText(numbers=(OUTSIDE,), sender="LACHANCE INC"[:11], body="½ price")])
    assert found.fields["text"] == "1/2 price"


def test_registering(world, client):
    made = client.register("newshop", "long-enough-1", "Ana Pop", SECOND, "ana@shop.example", organization="Shop")
    assert made.external_id == "newshop"
    other = world.client(username="newshop", password="long-enough-1")
    assert other.account().organization == "Shop"
    with pytest.raises(Rejected):
        client.register("newshop", "long-enough-1", "Ana Pop", SECOND, "ana@shop.example")


def test_the_old_api(world, client):
    item = OutgoingText(numbers=(OUTSIDE,), sender="LACHANCE", body="The old way")
    sent = client.legacy_send(item)
    assert client.legacy_preview(OUTSIDE, "LACHANCE", "½")
    world.later()
    (record,) = client.messages(*lately(), destination=OUTSIDE)
    assert record.external_id == sent.external_id
    assert client.learned["access_token"] not in json.dumps(world.received())
