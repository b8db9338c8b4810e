"""What the feed makes of a listing: who owns a number, what is gone, and what it refuses to believe (B1, B15)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from numbering.models import Number
from numbering.upstream import numbers as upstream
from providers import sync
from providers.clients.records import NumberRecord, NumberStatus
from providers.clients.redaction import Redactor
from providers.models import Connection, Feed, SyncRun
from providers.tally import Tally
from tests.factories import AccountFactory, ConnectionFactory, FeedFactory, NumberFactory, RemoteAccountFactory

pytestmark = pytest.mark.django_db


class Listing:
    """A client that lists these records."""

    def __init__(self, *records, unread=()):
        self.records, self.unread = records, list(unread)

    def numbers(self):
        return iter(self.records)


def record(index: int, **values) -> NumberRecord:
    settings = values.pop("settings", {"label": "", "sms": True, "sms_webhook": ""})
    plain = {"external_id": str(index), "number": f"+1514555{index:04d}", "status": NumberStatus.ACTIVE, "sms": True}
    return NumberRecord(**{**plain, "settings": settings, **values})


@pytest.fixture
def feed():
    connection = ConnectionFactory()
    RemoteAccountFactory(connection=connection)
    return FeedFactory(connection=connection, name="numbers")


def run(feed: Feed, *records, **options) -> Tally:
    tally = Tally()
    upstream.bring_home(Listing(*records, **options), feed, tally)
    return tally


def main_of(feed: Feed):
    return feed.connection.remote_accounts.get(external_id="").account


def test_numbers_belong_to_the_account_of_their_subaccount(feed):
    """What is in no known sub-account belongs to the main account."""
    child = AccountFactory()
    RemoteAccountFactory(connection=feed.connection, account=child, external_id="77")
    run(feed, record(1), record(2, subaccount_id="77"), record(3, subaccount_id="nobody's"))
    owners = dict(Number.objects.values_list("external_id", "account_id"))
    assert owners == {"1": main_of(feed).pk, "2": child.pk, "3": main_of(feed).pk}
    assert Number.objects.get(external_id="1").digits_reversed == "10005554151+"


def test_a_number_that_moved_upstream_ends_the_old_access(feed, client):
    """RELIABILITY B.1 item 9."""
    child = AccountFactory()
    RemoteAccountFactory(connection=feed.connection, account=child, external_id="77")
    run(feed, record(1))
    number = Number.objects.get()
    run(feed, record(1, subaccount_id="77"))
    number.refresh_from_db()
    assert number.account == child
    assert not Number.objects.for_account(main_of(feed)).exists()


def test_what_is_no_longer_listed_is_gone_and_comes_back(feed):
    run(feed, record(1), record(2))
    assert run(feed, record(1)).gone == 1
    assert [row.external_id for row in Number.objects.present()] == ["1"]
    assert [row.external_id for row in Number.objects.gone()] == ["2"]
    run(feed, record(1), record(2))
    assert Number.objects.present().count() == 2


def test_rows_that_cannot_be_read_are_counted_and_nothing_is_gone_by_them(feed):
    run(feed, record(1), record(2))
    tally = run(feed, record(1), unread=[("phone_number is not a number", {})])
    assert (tally.unread, tally.gone) == (1, 0)
    assert Number.objects.present().count() == 2


def test_a_listing_that_makes_a_third_vanish_waits_for_a_person(feed, monkeypatch):
    records = [record(index) for index in range(1, 31)]
    run(feed, *records)
    monkeypatch.setattr(sync.gateway, "client_for", lambda *_: Listing(*records[:10]))
    told = sync.run_feed(feed.pk, force=True)
    assert told.state == SyncRun.State.HELD and Number.objects.present().count() == 30


def test_a_number_has_one_owner_whatever_a_second_upstream_lists(feed):
    """The other connection keeps it until it lists it no more; then it is ours."""
    theirs = NumberFactory(number="+15145550001")
    tally = run(feed, record(1), record(2))
    assert tally.unread == 1 and not Number.objects.filter(connection=feed.connection, external_id="1").exists()
    theirs.gone_at = theirs.synced_at
    theirs.save()
    run(feed, record(1), record(2))
    assert Number.objects.present().get(number="+15145550001").connection == feed.connection


def test_a_number_that_came_back_under_a_new_id_replaces_its_old_row(feed):
    run(feed, record(1), record(2))
    run(feed, record(9, number="+15145550001"), record(2))
    assert Number.objects.present().get(number="+15145550001").external_id == "9"
    assert Number.objects.get(external_id="1").gone_at


def test_a_released_number_and_its_successor_stand_side_by_side(feed):
    run(feed, record(1))
    run(feed, record(1, status=NumberStatus.DELETED), record(9, number="+15145550001"))
    assert [row.external_id for row in Number.objects.present()] == ["9"]
    assert Number.objects.get(external_id="1").status == "deleted"


def test_a_number_listed_twice_is_one_row(feed):
    tally = run(feed, record(1), record(9, number="+15145550001"))
    assert Number.objects.present().count() == 1 and tally.unread == 1


def test_two_ids_that_exchange_their_numbers_are_believed(feed):
    run(feed, record(1), record(2))
    run(feed, record(1, number="+15145550002"), record(2, number="+15145550001"))
    held = dict(Number.objects.present().values_list("external_id", "number"))
    assert held == {"1": "+15145550002", "2": "+15145550001"}


def test_notes_and_tags_are_ours_and_no_sync_touches_them(feed):
    run(feed, record(1))
    Number.objects.update(note="Ours", tags="vip")
    run(feed, record(1, label="Renamed upstream"))
    row = Number.objects.get()
    assert (row.note, row.tags, row.label) == ("Ours", "vip", "Renamed upstream")


def test_overlong_words_are_cut_and_never_stop_the_run(feed):
    run(feed, record(1, label="é" * 300, city="c" * 300, region="r" * 99, country="x" * 99, subaccount_id="9" * 99))
    row = Number.objects.get()
    assert (len(row.label), len(row.city), len(row.region)) == (60, 80, 40)


def test_our_own_webhook_address_is_recognised_after_a_rotation_and_a_new_host(feed):
    Connection.objects.update(old_webhook_token="an-older-token-of-ours")
    feed.connection.refresh_from_db()
    old = reverse("webhook", args=["voicemeup", "an-older-token-of-ours"])
    address = f"https://old-name.example.com{old}"
    run(feed, record(1, settings={"sms": True, "sms_webhook": address}, raw={"sms_callback_url": address}))
    row = Number.objects.get()
    assert row.settings["sms_webhook"] == "portal" and "older-token" not in str(row.raw)


def test_an_account_that_belongs_to_nobody_brings_nothing_home(feed):
    feed.connection.remote_accounts.all().delete()
    run_ = sync.run_feed(feed.pk, force=True)
    assert run_.state == SyncRun.State.FAILED and not Number.objects.exists()


def test_a_raw_row_with_a_decimal_can_be_kept(feed):
    raw = Redactor().tree({"monthly_fee": Decimal("1.50")})
    run(feed, replace(record(1), raw=raw))
    assert Number.objects.get().raw == {"monthly_fee": "1.50"}
