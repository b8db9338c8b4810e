"""The billing page (rows A1, A2, A3, A7, L2): cards, threshold, ledger, export."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from billing.models import Balance, LedgerEntry
from tests.factories import (
    AccountFactory,
    BalanceFactory,
    ConnectionFactory,
    FeedFactory,
    LedgerEntryFactory,
    MembershipFactory,
    RemoteAccountFactory,
)

pytestmark = pytest.mark.django_db
URL = "/billing/"
FRAGMENT = {"HX-Request": "true", "HX-Target": "ledger"}


def entries(account, connection, count: int, **values) -> list[LedgerEntry]:
    today = timezone.localdate()
    return [
        LedgerEntryFactory(
            account=account, connection=connection, occurred_on=today - timedelta(days=count - n), **values
        )
        for n in range(count)
    ]


def card_headers(balance) -> dict:
    return {"HX-Request": "true", "HX-Target": f"balance-{balance.pk}"}


# --- the cards --------------------------------------------------------------------------------------------------------


def test_the_balance_stands_with_its_age_and_its_warning(owner, balance):
    Balance.objects.update(read_at=timezone.now() - timedelta(minutes=4), available=Decimal("20.00"), credit_limit=5)
    page = owner.get(URL).content.decode()
    for words in ("$18.42", "from VoiceMeUp, 4 min ago", "Running low", "$20.00", "$25.00", "$5.00"):
        assert words in page


def test_an_old_balance_is_said_to_be_stale(owner, balance):
    Balance.objects.update(read_at=timezone.now() - timedelta(hours=3))
    assert "stale: from VoiceMeUp, 3 h ago" in owner.get(URL).content.decode()


def test_currencies_stand_side_by_side_and_are_never_added(owner, account, balance):
    BalanceFactory(account=account, connection=ConnectionFactory(), amount=Decimal("100"), currency="USD")
    page = owner.get(URL).content.decode()
    assert "$18.42\u00a0CAD" in page and "$100.00\u00a0USD" in page
    assert "118.42" not in page


def test_the_pace_is_told_only_when_a_month_of_ledger_supports_it(owner, account, balance):
    entries(account, balance.connection, 20, amount=Decimal("-1.00"))
    assert "At this pace" not in owner.get(URL).content.decode()
    LedgerEntryFactory(
        account=account, connection=balance.connection, occurred_on=timezone.localdate() - timedelta(days=40)
    )
    day = timezone.localdate() + timedelta(days=int(Decimal("18.42") / (Decimal(20) / 30)))
    page = owner.get(URL).content.decode()
    assert "At this pace it lasts until about" in page and f"\u00a0{day.day}" in page


def test_the_pace_is_not_told_from_an_old_ledger(owner, account, balance):
    entries(account, balance.connection, 40, amount=Decimal("-1.00"))
    balance.connection.feeds.update(last_ok_at=timezone.now() - timedelta(days=3))
    assert "At this pace" not in owner.get(URL).content.decode()


def test_a_sub_account_is_told_whose_balance_pays(client, account, connection):
    below = AccountFactory(parent=account)
    RemoteAccountFactory(connection=connection, account=below, external_id="31656")
    client.force_login(MembershipFactory(account=below).user)
    assert "Included in Lachance’s balance at VoiceMeUp." in client.get(URL).content.decode()


def test_a_new_account_is_told_what_will_stand_here(owner):
    page = owner.get(URL).content.decode()
    assert "No balance yet" in page and "No charges or payments yet" in page


# --- the threshold ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "kept"), [("40,50", "40.50"), ("1,200.00", "1200.00"), ("0", "0.00")])
def test_the_threshold_is_changed_in_place_and_written_down(owner, balance, typed, kept):
    url = reverse("billing:threshold", args=[balance.pk])
    form = owner.get(f"{URL}?edit={balance.pk}", headers=card_headers(balance)).content.decode()
    assert 'name="warn_below"' in form and "<html" not in form
    response = owner.post(url, {"warn_below": typed}, headers=card_headers(balance))
    balance.refresh_from_db()
    assert response.status_code == 200 and str(balance.warn_below) == kept
    assert f'id="balance-{balance.pk}"' in response.content.decode()
    entry = AuditEntry.objects.get(action="balance.threshold_changed")
    assert entry.before == {"warn_below": "25.00"} and Decimal(entry.after["warn_below"]) == Decimal(kept)


def test_a_threshold_above_the_balance_marks_it_low_at_once(owner, balance):
    Balance.objects.update(warn_below=1)
    owner.post(reverse("billing:threshold", args=[balance.pk]), {"warn_below": "30"})
    balance.refresh_from_db()
    assert balance.is_low and balance.low_since


@pytest.mark.parametrize("headers", [True, False])
@pytest.mark.parametrize("typed", ["", "abc", "-5", "1.234", "99999999"])
def test_a_wrong_amount_stays_in_the_field_with_its_reason(owner, balance, typed, headers):
    url = reverse("billing:threshold", args=[balance.pk])
    response = owner.post(url, {"warn_below": typed}, headers=card_headers(balance) if headers else {})
    page = response.content.decode()
    assert response.status_code == 422 and ("<html" in page) is not headers
    assert f'value="{typed}"' in page or not typed
    assert 'class="error"' in page
    balance.refresh_from_db()
    assert balance.warn_below == 25 and not AuditEntry.objects.exists()


def test_without_a_script_the_threshold_form_is_part_of_the_page_and_leads_back_to_it(owner, balance):
    assert 'name="warn_below"' in owner.get(f"{URL}?edit={balance.pk}").content.decode()
    response = owner.post(reverse("billing:threshold", args=[balance.pk]), {"warn_below": "10"})
    assert (response.status_code, response["Location"]) == (302, URL)


def test_a_strangers_balance_does_not_exist(owner, balance):
    foreign = BalanceFactory()
    url = reverse("billing:threshold", args=[foreign.pk])
    assert owner.post(url, {"warn_below": "1"}).status_code == 404
    assert owner.get(f"{URL}?edit={foreign.pk}", headers=card_headers(foreign)).status_code == 404
    foreign.refresh_from_db()
    assert foreign.warn_below == 25


@pytest.mark.parametrize("role", [Role.AGENT, Role.READER])
def test_who_may_not_change_it_finds_no_form(client, membership, balance, role):
    membership.role = role
    membership.save()
    client.force_login(membership.user)
    assert client.post(reverse("billing:threshold", args=[balance.pk]), {"warn_below": "1"}).status_code == 403
    if role == Role.READER:
        assert "warn_below" not in client.get(f"{URL}?edit={balance.pk}").content.decode()
    else:
        assert client.get(URL).status_code == 403
        assert client.post(reverse("billing:export")).status_code == 403


# --- the ledger -------------------------------------------------------------------------------------------------------


def test_the_filter_in_the_address_narrows_and_totals_by_currency(owner, account, balance):
    own = {"account": account, "connection": balance.connection}
    LedgerEntryFactory(**own, description="Usage", occurred_on=date(2026, 10, 3), amount=Decimal("-7"))
    LedgerEntryFactory(**own, description="Usage", occurred_on=date(2026, 10, 4), amount=Decimal("-2"), currency="USD")
    LedgerEntryFactory(**own, description="Card", occurred_on=date(2026, 10, 5), amount=Decimal(50), kind="payment")
    LedgerEntryFactory(**own, description="Too late", occurred_on=date(2026, 11, 1), amount=Decimal("-3"))
    page = owner.get(URL, {"since": "2026-10-01", "until": "2026-10-31"}, headers=FRAGMENT).content.decode()
    assert "Too late" not in page and "<html" not in page
    assert "in $50.00\u00a0CAD, out \u2212$7.00\u00a0CAD" in page and "out \u2212$2.00\u00a0USD" in page
    page = owner.get(URL, {"kind": "payment"}, headers=FRAGMENT).content.decode()
    assert "Card" in page and "Usage" not in page
    page = owner.get(URL, {"q": "usa"}, headers=FRAGMENT).content.decode()
    assert page.count("Usage") == 2 and "Card" not in page


@pytest.mark.parametrize(
    "query",
    ["since=2026-02-30", "since=2026-11-02&until=2026-11-01", "kind=unheard", "after=x_1", "after=2026-01-01_",
     "after=_", "edit=abc", "q=" + "x" * 300, "since=%00"],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_told_and_breaks_nothing(owner, account, balance, query):
    LedgerEntryFactory(account=account, connection=balance.connection)
    assert owner.get(f"{URL}?{query}").status_code == 200


def test_pages_follow_each_other_without_a_gap_or_a_repeat(owner, account, balance):
    entries(account, balance.connection, 120, description="Line")
    LedgerEntry.objects.filter(pk__in=LedgerEntry.objects.values("pk")[:60]).update(occurred_on=date(2026, 1, 1))
    seen, url = [], URL
    while url:
        context = owner.get(url).context
        seen += [row.description for row in context["rows"]]
        url = URL + context["older_url"] if context["older_url"] else ""
        assert len(context["rows"]) <= 50
    assert len(seen) == 120


def test_the_running_balance_is_the_upstreams_where_it_tells_one(owner, account, balance):
    LedgerEntryFactory(account=account, connection=balance.connection, balance_after=Decimal("77.01"))
    assert "$77.01" in owner.get(URL, {"q": "fee"}).content.decode()


def test_it_is_counted_back_from_the_newest_balance_otherwise(owner, account, balance):
    entries(account, balance.connection, 60, amount=Decimal("-1.00"))
    rows = owner.get(URL).context["rows"]
    assert [row.balance for row in rows[:3]] == ["$18.42", "$19.42", "$20.42"]
    older = owner.get(URL + owner.get(URL).context["older_url"]).context["rows"]
    assert older[0].balance == "$68.42"


def test_it_is_not_counted_where_lines_are_left_out_or_the_balance_is_older(owner, account, balance):
    entries(account, balance.connection, 3, amount=Decimal("-1.00"))
    assert not owner.get(URL, {"q": "fee"}).context["has_balance"]
    Balance.objects.update(read_at=timezone.now() - timedelta(hours=2))
    assert not owner.get(URL).context["has_balance"]


def test_another_tenants_lines_never_show(owner, account, balance):
    LedgerEntryFactory(description="CANARY")
    assert "CANARY" not in owner.get(URL).content.decode()
    assert b"CANARY" not in b"".join(owner.post(reverse("billing:export")).streaming_content)


def test_the_export_is_the_whole_filter_and_no_formula(owner, account, balance):
    entries(account, balance.connection, 70, description="=HYPERLINK(1)", amount=Decimal("-1.5"))
    LedgerEntryFactory(account=account, connection=balance.connection, description="Left out", kind="payment")
    response = owner.post(reverse("billing:export") + "?kind=charge")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 70 and {row["description"] for row in rows} == {"'=HYPERLINK(1)"}
    assert {row["amount"] for row in rows} == {"-1.50"} and response["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects.get(action="ledger.exported").after == {"kind": "charge"}


def test_the_number_of_queries_does_not_grow_with_the_rows(owner, account, balance):
    def count() -> int:
        with CaptureQueriesContext(connections["default"]) as queries:
            owner.get(URL, {"since": "2020-01-01"})
        return len(queries)

    entries(account, balance.connection, 2)
    count()  # the first page of a visit also notes the session
    few = count()
    entries(account, balance.connection, 60)
    FeedFactory(connection=balance.connection, name="balance")
    assert count() == few <= 20


def test_looking_changes_nothing(owner, account, balance):
    entries(account, balance.connection, 3)
    for url in (URL, f"{URL}?edit={balance.pk}"):
        owner.get(url)
    assert not AuditEntry.objects.exists()
    assert owner.get(reverse("billing:threshold", args=[balance.pk])).status_code == 405
    assert owner.get(reverse("billing:export")).status_code == 405
