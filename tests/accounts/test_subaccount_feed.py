"""The sub-account feed (rows G1, G3, H5, H6) on answers made up for the purpose."""

from types import SimpleNamespace

import pytest

from accounts.models import AuditEntry, RemoteAccount
from accounts.upstream import read_subaccounts, subject_of
from providers.clients.records import SubaccountRecord
from providers.models import Operation
from providers.tally import Tally, WouldVanish
from tests.factories import AccountFactory, FeedFactory, RemoteAccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reseller():
    return AccountFactory(name="Boréal", kind="reseller")


@pytest.fixture
def feed(reseller):
    feed = FeedFactory(name="subaccounts")
    RemoteAccountFactory(connection=feed.connection, account=reseller)
    return feed


def record(external_id: str, status: str = "enabled", name: str = "") -> SubaccountRecord:
    return SubaccountRecord(external_id=external_id, name=name or f"Customer {external_id}", status=status)


def run(feed, *records: SubaccountRecord, unread=()) -> Tally:
    tally = Tally()
    read_subaccounts(SimpleNamespace(subaccounts=lambda: iter(records), unread=list(unread)), feed, tally)
    return tally


def remote(external_id: str) -> RemoteAccount:
    return RemoteAccount.objects.get(external_id=external_id)


def test_new_ones_are_nobodys_until_a_person_decides(feed):
    tally = run(feed, record("1"), record("2"))
    assert (tally.seen, tally.created) == (2, 2)
    assert remote("1").account is None and remote("1").name == "Customer 1"


def test_a_run_without_a_change_writes_nothing(feed):
    run(feed, record("1"))
    before = remote("1").synced_at
    tally = run(feed, record("1"))
    assert (tally.created, tally.changed) == (0, 0) and remote("1").synced_at == before


def test_a_name_changed_upstream_comes_home_and_keeps_its_owner(feed, reseller):
    run(feed, record("1"))
    customer = AccountFactory(parent=reseller, name="Ours")
    RemoteAccount.objects.filter(external_id="1").update(account=customer)
    assert run(feed, record("1", name="Theirs")).changed == 1
    assert remote("1").account == customer and remote("1").name == "Theirs"
    customer.refresh_from_db()
    assert customer.name == "Ours"


def test_the_main_account_is_no_sub_account_and_never_vanishes(feed):
    run(feed)
    assert RemoteAccount.objects.get(external_id="").gone_at is None


def test_what_is_no_longer_listed_or_deleted_is_marked_gone_and_comes_back(feed):
    run(feed, record("1"), record("2"))
    assert run(feed, record("1"), record("2", "deleted")).gone == 1
    assert remote("2").gone_at and not remote("1").gone_at
    run(feed, record("1"), record("2"))
    assert remote("2").gone_at is None


def test_a_row_that_cannot_be_read_makes_nothing_vanish(feed):
    run(feed, record("1"), record("2"))
    tally = run(feed, record("1"), unread=[("why", {})])
    assert (tally.gone, tally.unread) == (0, 1) and remote("2").gone_at is None


def test_a_listing_that_would_make_a_third_vanish_stops_and_waits_for_a_person(feed):
    records = [record(str(n)) for n in range(1, 21)]
    run(feed, *records)
    with pytest.raises(WouldVanish):
        run(feed, *records[:5])
    assert not RemoteAccount.objects.filter(gone_at__isnull=False).exists()
    feed.allow_vanish = True
    assert run(feed, *records[:5]).gone == 15


@pytest.fixture
def customer(feed, reseller):
    run(feed, record("1"))
    customer = AccountFactory(parent=reseller)
    RemoteAccount.objects.filter(external_id="1").update(account=customer)
    return customer


def test_an_account_switched_off_at_the_upstream_is_suspended_here_and_back(feed, customer):
    run(feed, record("1", "disabled"))
    customer.refresh_from_db()
    assert (customer.status, customer.status_reason) == ("suspended", "Switched off at VoiceMeUp")
    assert AuditEntry.objects.get(account=customer).action == "account.suspended"
    run(feed, record("1", "enabled"))
    customer.refresh_from_db()
    assert (customer.status, customer.status_reason) == ("active", "")


def test_while_a_change_of_ours_is_on_its_way_the_feed_does_not_meddle(feed, customer):
    Operation.objects.create(
        connection=feed.connection, verb="subaccount.status", subject=subject_of(customer), idempotency_key="x"
    )
    run(feed, record("1", "disabled"))
    customer.refresh_from_db()
    assert customer.status == "active"
