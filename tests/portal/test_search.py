"""The search box (row L1): what it finds, for whom, and what it never shows."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from tests.factories import (
    AccountFactory,
    ConnectionFactory,
    MembershipFactory,
    MessageFactory,
    NumberFactory,
    PortRequestFactory,
    ThreadFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def membership():
    return MembershipFactory(account__name="Lachance", account__kind="reseller")


@pytest.fixture
def account(membership):
    return membership.account


@pytest.fixture
def owner(client, membership):
    client.force_login(membership.user)
    return client


def furnish(account, mark: str = "", count: int = 1) -> None:
    """One of everything that can be found, `count` times."""
    connection = ConnectionFactory()
    own = {"account": account, "connection": connection}
    for _ in range(count):
        NumberFactory(**own, label=f"Reception {mark}")
        thread = ThreadFactory(account=account, contact_name=f"Anne {mark}")
        MessageFactory(thread=thread, connection=connection, body=f"The parcel {mark} is here")
        PortRequestFactory(**own, title=f"Head office {mark}", numbers=["+15145550177"])
        AccountFactory(parent=account, name=f"Clinic {mark}")


def found(client, text: str) -> dict[str, list[str]]:
    """What stands below the box: with Enter, digits of one number lead straight to it."""
    response = client.get("/search/", {"q": text}, headers={"HX-Request": "true", "HX-Target": "search-results"})
    assert response.status_code == 200
    return {str(group.label): [hit.title for hit in group.hits] for group in response.context["groups"]}


@pytest.mark.parametrize("typed", ["5145550134", "(514) 555-0134", "+1 514 555 0134", "514.555.0134", "0134", "514555"])
def test_a_number_is_found_in_any_notation_and_by_its_last_digits(owner, account, typed):
    NumberFactory(account=account, connection=ConnectionFactory(), number="+15145550134")
    assert found(owner, typed)["Numbers"] == ["514\u00a0555-0134"]


def test_names_texts_ports_and_sub_accounts_are_found_in_groups(owner, account):
    furnish(account, "zebra")
    groups = found(owner, "Zebra")
    assert list(groups) == ["Numbers", "Conversations", "Texts", "Ports", "Sub-accounts"]
    assert groups["Texts"] == ["The parcel zebra is here"] and groups["Ports"] == ["Head office zebra"]
    assert groups["Sub-accounts"] == ["Clinic zebra"]


def test_a_port_is_found_by_its_pon_and_by_a_number_in_it(owner, account):
    port = PortRequestFactory(account=account, connection=ConnectionFactory(), numbers=["+14505550199"])
    assert found(owner, port.pon)["Ports"] == found(owner, "450 555-0199")["Ports"] == ["Head office"]


def test_the_words_around_a_find_in_a_long_text_are_shown(owner, account):
    body = "x " * 200 + "needle" + " y" * 200
    MessageFactory(thread=ThreadFactory(account=account), connection=ConnectionFactory(), body=body)
    (excerpt,) = found(owner, "needle")["Texts"]
    assert "needle" in excerpt and excerpt.startswith("…") and excerpt.endswith("…") and len(excerpt) < 140


def test_each_group_stops_at_eight_and_leads_to_the_list(owner, account):
    furnish(account, "zebra", 12)
    response = owner.get("/search/", {"q": "zebra"})
    assert {len(group.hits) for group in response.context["groups"]} == {8}
    assert "/messages/?q=zebra" in response.content.decode()


def test_another_tenants_things_are_never_found(owner):
    furnish(AccountFactory(kind="reseller"), "CANARY")
    for text in ("CANARY", "0177", "PON", "Lachance"):
        assert found(owner, text) == {}


@pytest.mark.parametrize(
    ("role", "groups"),
    [
        (Role.AGENT, ["Conversations", "Texts"]),
        (Role.BILLING, ["Numbers"]),
        (Role.READER, ["Numbers", "Conversations", "Texts", "Ports", "Sub-accounts"]),
    ],
)
def test_a_role_finds_only_what_it_may_see(client, account, role, groups):
    furnish(account, "zebra")
    client.force_login(MembershipFactory(account=account, role=role).user)
    assert list(found(client, "zebra")) == groups


def test_the_fragment_comes_without_the_page(owner, account):
    furnish(account, "zebra")
    response = owner.get("/search/", {"q": "zebra"}, headers={"HX-Request": "true", "HX-Target": "search-results"})
    assert b'id="search-results"' in response.content and b"<html" not in response.content


@pytest.mark.parametrize(
    "text",
    ["", " ", "a", "\x00\x00", "%", "%%", "_ _", "'; DROP TABLE x; --", "<script>alert(1)</script>", "x" * 500, "((((",
     "+", "\u202e0134", "'\"", "\\"],
)  # fmt: skip
def test_odd_texts_break_nothing_and_come_back_escaped(owner, account, text):
    furnish(account)
    page = owner.get("/search/", {"q": text})
    assert page.status_code == 200 and "<script>alert" not in page.content.decode()


def test_nothing_found_says_what_to_try(owner):
    assert "Nothing found for “quagga”" in owner.get("/search/", {"q": "quagga"}).content.decode()


def test_a_person_without_an_account_is_told(client):
    client.force_login(UserFactory())
    assert client.get("/search/", {"q": "zebra"}).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_finds(owner, account):
    def count() -> int:
        with CaptureQueriesContext(connections["default"]) as queries:
            owner.get("/search/", {"q": "zebra"})
        return len(queries)

    furnish(account, "zebra")
    owner.get("/search/")
    few = count()
    furnish(account, "zebra", 7)
    assert count() == few <= 22
