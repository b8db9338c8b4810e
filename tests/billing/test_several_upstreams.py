"""Money at several upstreams (rows A1, A2): side by side, never added, and honest about who tells what."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from billing.models import Balance
from providers.models import Feed
from tests.factories import AccountFactory, BalanceFactory, LedgerEntryFactory, MembershipFactory
from tests.many import connect_to

pytestmark = pytest.mark.django_db
AMOUNTS = {
    "voicemeup": ("18.42", "CAD"),
    "jafone": ("54.27", "CAD"),
    "voicetel": ("63.42", "USD"),
    "jomobile": ("86.40", "EUR"),
    "voximplant": ("56.17", "USD"),
}


@pytest.fixture
def account():
    return AccountFactory(name="Lachance inc.")


@pytest.fixture
def owner(client, account):
    client.force_login(MembershipFactory(account=account).user)
    return client


def balances_at(account, *slugs: str) -> dict[str, Balance]:
    made = connect_to(account, *slugs)
    return {
        slug: BalanceFactory(account=account, connection=connection, amount=Decimal(AMOUNTS[slug][0]),
                             currency=AMOUNTS[slug][1])
        for slug, connection in made.items()
    }  # fmt: skip


def text_of(response) -> str:
    plain = re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\u00a0", " ")
    return " ".join(plain.split())


@pytest.mark.parametrize("url", ["/", "/billing/"])
def test_five_balances_stand_side_by_side_and_are_never_added(owner, account, url):
    balances_at(account)
    page = text_of(owner.get(url))
    for words in ("$18.42 CAD", "$54.27 CAD", "$63.42 USD", "€86.40 EUR", "$56.17 USD"):
        assert words in page, words
    amounts = [Decimal(amount) for amount, _currency in AMOUNTS.values()]
    by_currency = [sum(Decimal(a) for a, c in AMOUNTS.values() if c == one) for one in ("CAD", "USD")]
    for total in (sum(amounts), *by_currency):
        assert f"{total}" not in page


@pytest.mark.parametrize("url", ["/", "/billing/"])
def test_each_is_called_by_its_upstreams_name(owner, account, url):
    balances_at(account)
    page = text_of(owner.get(url))
    assert "JaFone" in page and "JaFone Lachance" not in page


def test_of_two_at_one_upstream_the_connections_name_tells_which(owner, account):
    balances_at(account, "jafone")
    balances_at(account, "jafone")
    first, second = Balance.objects.order_by("pk")
    second.connection.name = "Québec"
    second.connection.save()
    page = text_of(owner.get("/billing/"))
    assert "JaFone Lachance inc." in page and "JaFone · Québec" in page


def test_an_upstream_without_a_ledger_is_said_to_have_none(owner, account):
    balances_at(account)
    page = text_of(owner.get("/billing/"))
    assert "VoiceTel and Jo Mobile provide no ledger" in page or "Jo Mobile and VoiceTel provide no ledger" in page


def test_where_nobody_tells_a_ledger_none_is_promised(owner, account):
    balances_at(account, "voicetel")
    page = text_of(owner.get("/billing/"))
    assert "VoiceTel provides no ledger, so its charges are not listed here." in page
    assert "No charges or payments yet" not in page


def test_where_all_tell_one_nothing_is_said(owner, account):
    balances_at(account, "jafone", "voximplant")
    assert "no ledger" not in text_of(owner.get("/billing/"))


def test_a_rare_reading_is_not_stale_and_says_how_rare(owner, account):
    """VoiceTel gives six looks an hour to all customers of one address."""
    made = balances_at(account, "voicetel")["voicetel"]
    now = timezone.now()
    Balance.objects.update(read_at=now - timedelta(hours=3))
    Feed.objects.filter(connection=made.connection, name="balance").update(due_at=now + timedelta(hours=1))
    page = text_of(owner.get("/billing/"))
    assert "from VoiceTel, 3 h ago" in page and "stale" not in page
    assert "VoiceTel tells it about once in 4 hours." in page


def test_a_reading_that_fails_is_stale_and_is_not_called_rare(owner, account):
    made = balances_at(account, "voicetel")["voicetel"]
    now = timezone.now()
    Balance.objects.update(read_at=now - timedelta(hours=3))
    feeds = Feed.objects.filter(connection=made.connection, name="balance")
    feeds.update(due_at=now + timedelta(minutes=5), failures=4)
    page = text_of(owner.get("/billing/"))
    assert "stale: from VoiceTel, 3 h ago" in page and "about once in" not in page


def test_parts_of_a_cent_are_not_rounded_to_nothing(owner, account):
    made = balances_at(account, "voximplant")["voximplant"]
    LedgerEntryFactory(
        account=account, connection=made.connection, amount=Decimal("-0.0032"), currency="USD",
        occurred_on=timezone.localdate(),
    )  # fmt: skip
    assert "−$0.0032" in text_of(owner.get("/billing/"))


def test_one_balance_is_edited_in_its_place_among_five(owner, account):
    balance = balances_at(account)["jomobile"]
    headers = {"HX-Request": "true", "HX-Target": f"balance-{balance.pk}"}
    form = owner.get(f"/billing/?edit={balance.pk}", headers=headers).content.decode()
    assert f'id="balance-{balance.pk}"' in form and "Jo Mobile" in form and "JaFone" not in form
    saved = owner.post(reverse("billing:threshold", args=[balance.pk]), {"warn_below": "40"}, headers=headers)
    assert "Jo Mobile" in saved.content.decode() and "€40.00" in saved.content.decode()


def test_a_balance_of_somebody_else_is_not_edited(owner, account):
    stranger = balances_at(AccountFactory(), "jafone")["jafone"]
    headers = {"HX-Request": "true", "HX-Target": f"balance-{stranger.pk}"}
    assert owner.get(f"/billing/?edit={stranger.pk}", headers=headers).status_code == 404


@pytest.mark.parametrize("url", ["/", "/billing/"])
def test_a_page_of_five_costs_as_many_questions_as_one_of_one(owner, account, url):
    balances_at(account, "voicemeup")
    owner.get(url)
    with CaptureQueriesContext(connections["default"]) as alone:
        owner.get(url)
    balances_at(account, "jafone", "voicetel", "jomobile", "voximplant")
    with CaptureQueriesContext(connections["default"]) as together:
        owner.get(url)
    assert len(together) <= len(alone)
