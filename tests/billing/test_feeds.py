"""The feeds of money (rows A1, A3), from a sandbox over HTTP and from answers made up for the purpose."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.connecting import connect
from billing.models import Balance, LedgerEntry
from billing.upstream import FIRST_LOOK, OVERLAP, read_balance, read_ledger
from providers import sync
from providers.clients.records import BalanceRecord, LedgerRecord
from providers.models import Feed, SyncRun
from providers.tally import Tally
from tests.factories import BalanceFactory, FeedFactory

pytestmark = pytest.mark.django_db


class Upstream(SimpleNamespace):
    """Just enough of a client."""

    def balance(self):
        return self.told

    def ledger(self, since=None):
        self.asked_since = since
        return iter(self.lines)


def upstream(told=None, lines=()) -> Upstream:
    return Upstream(told=told, lines=lines, unread=[])


def line(external_id: str, day: int, amount: str) -> LedgerRecord:
    return LedgerRecord(
        external_id=external_id, kind="charge", occurred_on=date(2026, 11, day), amount=Decimal(amount), currency="CAD"
    )


def test_the_balance_and_the_ledger_come_from_the_sandbox_as_it_tells_them(sandbox, account):
    row = sandbox.accounts()["lachance"]
    words = {name: row[name] for name in ("client_user_id", "username", "auth_token")}
    connection = connect(account, slug="voicemeup", name="Lachance", base_url=sandbox.voicemeup, credentials=words)
    for name in ("balance", "ledger"):
        run = sync.run_feed(Feed.objects.get(connection=connection, name=name).pk, force=True)
        assert run.state == SyncRun.State.DONE, run.error
    balance = Balance.objects.for_account(account).get()
    assert (balance.amount, balance.currency) == (Decimal("18.42"), "CAD")
    assert balance.is_low and balance.low_since
    newest = LedgerEntry.objects.for_account(account).newest_first().first()
    assert newest.balance_after == balance.amount
    before = LedgerEntry.objects.count()
    again = sync.run_feed(Feed.objects.get(connection=connection, name="ledger").pk, force=True)
    assert (again.created, again.changed, LedgerEntry.objects.count()) == (0, 0, before)


def test_a_reading_keeps_the_customers_threshold(account, balance):
    Balance.objects.filter(pk=balance.pk).update(warn_below=Decimal("3.50"))
    feed = FeedFactory(connection=balance.connection, name="balance")
    read_balance(upstream(BalanceRecord(balance=Decimal("-4.10"), currency="CAD")), feed, Tally())
    balance.refresh_from_db()
    assert (balance.amount, balance.warn_below) == (Decimal("-4.10"), Decimal("3.50"))


def test_a_balance_remembers_when_it_went_low_and_forgets_it_when_it_is_filled(account, balance):
    feed = FeedFactory(connection=balance.connection, name="balance")
    for amount, low in [("30", False), ("20", True), ("19", True), ("50", False)]:
        was = Balance.objects.get(pk=balance.pk).low_since
        read_balance(upstream(BalanceRecord(balance=Decimal(amount), currency="CAD")), feed, Tally())
        balance.refresh_from_db()
        assert bool(balance.low_since) is low
        assert not (was and low) or balance.low_since == was, "it went low once, not with each reading"


def test_the_first_run_reads_far_back_and_the_next_only_the_overlap(connection):
    feed, tally, client = FeedFactory(connection=connection, name="ledger"), Tally(), upstream()
    read_ledger(client, feed, tally)
    assert client.asked_since == timezone.localdate() - FIRST_LOOK
    feed.cursor = tally.cursor
    read_ledger(client, feed, Tally())
    assert client.asked_since == timezone.localdate() - OVERLAP


def test_an_old_line_that_is_not_listed_again_stays(account, connection):
    feed = FeedFactory(connection=connection, name="ledger")
    read_ledger(upstream(lines=[line("1", 1, "-5"), line("2", 2, "-6")]), feed, Tally())
    read_ledger(upstream(lines=[line("2", 2, "-6")]), feed, Tally())
    assert LedgerEntry.objects.for_account(account).filter(gone_at=None).count() == 2


def test_lines_of_one_day_keep_the_upstreams_order_though_it_lists_the_newest_first(account, connection):
    feed = FeedFactory(connection=connection, name="ledger")
    lines = [line("9", 3, "-1"), line("8", 2, "-3"), line("7", 2, "-2"), line("6", 1, "-1")]
    read_ledger(upstream(lines=lines), feed, Tally())
    shown = LedgerEntry.objects.for_account(account).newest_first().values_list("external_id", flat=True)
    assert list(shown) == ["9", "8", "7", "6"]


def test_rows_of_another_connection_are_never_touched(account, connection):
    other = BalanceFactory(amount=Decimal(1))
    feed = FeedFactory(connection=connection, name="balance")
    read_balance(upstream(BalanceRecord(balance=Decimal(7), currency="CAD")), feed, Tally())
    other.refresh_from_db()
    assert other.amount == 1 and Balance.objects.count() == 2
    assert timezone.now() - Balance.objects.for_account(account).get().read_at < timedelta(minutes=1)
