"""The home page (rows A1, D14, E4, L4): what a person wants to know first, of what the role may see."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.visits import SESSION_KEY
from numbering.models import EmergencyChange, PortEvent
from providers.models import Connection
from tests.factories import (
    BalanceFactory,
    ConnectionFactory,
    EmergencyEndpointFactory,
    FeedFactory,
    LedgerEntryFactory,
    MembershipFactory,
    MessageFactory,
    NumberFactory,
    PortRequestFactory,
    RemoteAccountFactory,
    ThreadFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def membership():
    return MembershipFactory(account__name="Lachance")


@pytest.fixture
def account(membership):
    return membership.account


@pytest.fixture
def connection(account):
    connection = ConnectionFactory()
    RemoteAccountFactory(connection=connection, account=account)
    for name in ("balance", "ledger", "numbers", "messages", "ports", "e911"):
        FeedFactory(connection=connection, name=name)
    return connection


@pytest.fixture
def owner(client, membership):
    client.force_login(membership.user)
    return client


def furnish(account, connection, count: int = 1) -> None:
    """One of everything, `count` times."""
    own = {"account": account, "connection": connection}
    for _ in range(count):
        NumberFactory(**own)
        port = PortRequestFactory(**own)
        PortEvent.objects.create(port=port, kind="status", status=port.status)
        thread = ThreadFactory(account=account, unread=2)
        MessageFactory(thread=thread, connection=connection, direction="outbound", state="failed")
        LedgerEntryFactory(**own)


def page_of(client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_answers_what_matters_in_one_look(owner, account, connection):
    furnish(account, connection)
    BalanceFactory(account=account, connection=connection, read_at=timezone.now() - timedelta(minutes=4))
    page = page_of(owner)
    for words in ("$18.42", "from VoiceMeUp, 4 min ago", "Running low", "number without a 911 address", "Head office",
                  "Waiting on the losing carrier", "Not sent", "Up to date"):  # fmt: skip
        assert words in page, words


def test_a_new_account_is_told_what_will_stand_here(owner):
    page = page_of(owner)
    for words in ("No balance yet", "No numbers yet", "You have read everything", "No number is on its way",
                  "Nothing in the last two weeks"):  # fmt: skip
        assert words in page, words


def test_only_numbers_that_could_have_an_address_and_have_none_in_force_count(owner, account, connection):
    own = {"account": account, "connection": connection}
    covered, off = NumberFactory(**own), NumberFactory(**own)
    EmergencyEndpointFactory(**own, number=covered.number)
    EmergencyEndpointFactory(**own, number=off.number, provisioned=False)
    NumberFactory(**own, kind="tollfree")
    NumberFactory(**own, voice=False)
    NumberFactory(**own, gone_at=timezone.now())
    assert owner.get("/").context["home"].gaps == 1


def test_all_numbers_covered_is_said_so(owner, account, connection):
    number = NumberFactory(account=account, connection=connection)
    EmergencyEndpointFactory(account=account, connection=connection, number=number.number)
    assert "All covered" in page_of(owner)


def test_an_agent_sees_messages_and_nothing_else(client, account, connection):
    furnish(account, connection)
    BalanceFactory(account=account, connection=connection)
    client.force_login(MembershipFactory(account=account, role=Role.AGENT).user)
    page, home = page_of(client), client.get("/").context["home"]
    assert "Unread texts" in page and "Text to" in page
    assert home.balances is None and home.ports is None and home.gaps is None
    for hidden in ("$18.42", "Ports under way", "Head office", "911"):
        assert hidden not in page, hidden


def test_another_tenants_things_never_show(owner, account, connection):
    other = ConnectionFactory(name="CANARY connection")
    stranger = RemoteAccountFactory(connection=other, account__name="CANARY").account
    FeedFactory(connection=other, name="balance")
    furnish(stranger, other)
    PortRequestFactory(account=stranger, connection=other, title="CANARY port")
    home = owner.get("/").context["home"]
    assert "CANARY" not in page_of(owner)
    assert (home.numbers, home.open_ports, home.unread, home.changes) == (0, 0, 0, [])


def test_what_is_new_since_the_last_visit_is_marked(client, membership, account, connection):
    User.objects.filter(pk=membership.user_id).update(last_visit_at=timezone.now() - timedelta(days=2))
    membership.user.refresh_from_db()
    client.force_login(membership.user)
    old, new = (PortRequestFactory(account=account, connection=connection, title=title) for title in ("Old", "New"))
    for port, days in ((old, 3), (new, 1)):
        at = timezone.now() - timedelta(days=days)
        PortEvent.objects.create(port=port, kind="status", status=port.status, at=at)
    for _reload in range(2):  # the mark stays for the whole visit
        changes = client.get("/").context["home"].changes
        assert [(change.subject, change.is_new) for change in changes] == [("Port: New", True), ("Port: Old", False)]


def test_a_first_visit_marks_nothing(owner, account, connection):
    furnish(account, connection)
    assert SESSION_KEY not in owner.session
    assert not any(change.is_new for change in owner.get("/").context["home"].changes)


def test_each_thing_has_one_line_with_what_it_came_to(owner, account, connection):
    port = PortRequestFactory(account=account, connection=connection)
    for n, status in enumerate(["sent_to_staff", "approved_by_staff", "firm_confirm"]):
        at = timezone.now() - timedelta(hours=9 - n)
        PortEvent.objects.create(port=port, kind="status", status=status, at=at)
    assert [change.state.word for change in owner.get("/").context["home"].changes] == ["Port date is firm"]


@pytest.mark.parametrize("doubt", ["differs", "unknown", "alternates"])
def test_911_is_not_green_while_an_address_is_in_doubt(owner, account, connection, doubt):
    """E3, E4: every number has an address, and one of them may not be the one that was asked for."""
    rows = [NumberFactory(account=account, connection=connection) for _ in range(3)]
    for row in rows:
        EmergencyEndpointFactory(account=account, connection=connection, number=row.number)
    assert owner.get("/").context["home"].coverage.tone == "fine"
    change = EmergencyChange.objects.create(account=account, number=rows[0], state=doubt)
    home = owner.get("/").context["home"]
    assert (home.gaps, home.attention, home.coverage.tone) == (0, 1, "waiting")
    page = owner.get("/numbers/e911/", {"only": "attention"})
    assert [row.pk for row in page.context["rows"]] == [rows[0].pk], "the one in doubt is found among all the others"
    assert "?only=attention" in owner.get("/").content.decode() and "is covered" not in page.content.decode()
    EmergencyChange.objects.create(account=account, number=change.number, state="provisioned")
    assert owner.get("/").context["home"].coverage.tone == "fine"


def test_a_low_balance_and_a_911_change_are_told(owner, account, connection):
    BalanceFactory(account=account, connection=connection, low_since=timezone.now() - timedelta(hours=1))
    number = NumberFactory(account=account, connection=connection)
    EmergencyChange.objects.create(account=account, number=number, state="alternates")
    words = [change.state.word for change in owner.get("/").context["home"].changes]
    assert words == ["Choose the right address", "Below $25.00\u00a0CAD"]


def test_the_visit_is_noted_at_most_every_five_minutes(owner, membership):
    owner.get("/")
    first = User.objects.get(pk=membership.user_id).last_visit_at
    owner.get("/")
    assert User.objects.get(pk=membership.user_id).last_visit_at == first
    User.objects.filter(pk=membership.user_id).update(last_visit_at=first - timedelta(minutes=6))
    owner.get("/")
    assert User.objects.get(pk=membership.user_id).last_visit_at > first - timedelta(minutes=1)


def test_a_feed_far_behind_is_named_and_a_silent_upstream_shown_as_such(owner, account, connection):
    connection.feeds.filter(name="messages").update(last_ok_at=timezone.now() - timedelta(hours=5))
    page = page_of(owner)
    assert "Partly behind" in page and "Behind: messages" in page
    Connection.objects.update(health=Connection.Health.FAILING, last_ok_at=timezone.now() - timedelta(hours=5))
    assert "Not answering" in page_of(owner)


def test_a_balance_owed_is_a_minus_sign_and_used_up(owner, account, connection):
    BalanceFactory(account=account, connection=connection, amount=Decimal("-3.10"))
    page = page_of(owner)
    assert "\u2212$3.10" in page and "Used up" in page


def test_staff_without_an_account_are_led_to_the_admin(client):
    client.force_login(UserFactory(is_staff=True))
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, "/admin/")


def test_a_person_without_an_account_is_told(client):
    client.force_login(UserFactory())
    assert client.get("/").status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_rows(owner, account, connection):
    def count() -> int:
        with CaptureQueriesContext(connections["default"]) as queries:
            owner.get("/")
        return len(queries)

    BalanceFactory(account=account, connection=connection)
    furnish(account, connection)
    owner.get("/")
    few = count()
    furnish(account, connection, 15)
    assert count() == few <= 30
