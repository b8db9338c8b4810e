"""A number that goes to another account: what the one before wrote and asked for stays with it (B13, E10, H7)."""

import uuid

import pytest
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import AuditEntry, Membership
from accounts.ownership import owner_of
from accounts.roles import Role
from numbering.models import EmergencyChange, EmergencyConfirmation, Number, NumberChange, NumberRelease
from numbering.services import releases
from numbering.services.intents import Busy
from numbering.upstream.records import as_json, store, values_of, webhook_addresses
from providers import operations
from providers.models import Operation
from tests.factories import (
    AccountFactory,
    ConnectionFactory,
    EmergencyEndpointFactory,
    FeedFactory,
    RemoteAccountFactory,
    UserFactory,
)
from tests.numbering.test_numbers_feed import record, run

pytestmark = pytest.mark.django_db
SECRETS = (
    "owes us money",
    "bad-payer",
    "CC-77",
    "Rue Secrète",
    "Zoé Ancienne",
    "203.0.113.9",
    "zoe@before.test",
    "Asked-for name",
)
SETTINGS = {"label": "", "sms": True, "sms_webhook": "", "sms_email": ""}
ADDRESS = {
    "name": "Lachance",
    "civic_number": "12",
    "street": "Rue Secrète",
    "city": "Laval",
    "region": "QC",
    "country": "CA",
}


@pytest.fixture
def feed():
    connection = ConnectionFactory()
    RemoteAccountFactory(connection=connection)
    return FeedFactory(connection=connection, name="numbers")


def joins(account):
    person = UserFactory()
    Membership.objects.create(user=person, account=account, role=Role.OWNER)
    return person


@pytest.fixture
def number(feed) -> Number:
    """One with a past: notes, changes, a 911 address that was asked about and confirmed, a release that can be undone."""
    run(feed, record(1, settings=SETTINGS))
    Number.objects.update(note="owes us money", tags="bad-payer", cost_center="CC-77")
    number, person = Number.objects.select_related("account").get(), UserFactory(name="Zoé Ancienne")
    for state, wanted in (("failed", {"sms_email": "zoe@before.test"}), ("done", {"label": "Asked-for name"})):
        arguments = {"external_id": number.external_id, "account_id": number.account_id, "wanted": wanted}
        operation, _ = operations.ask(
            feed.connection, "number.update", arguments, key=str(uuid.uuid4()), subject="did:1", actor_name="Zoé Ancienne", asker=None,
        )  # fmt: skip
        Operation.objects.filter(pk=operation.pk).update(state=state, result={})
        NumberChange.objects.create(number=number, operation=operation, user=person, before={}, wanted=wanted)
    mine = {"account": number.account, "number": number, "user": person, "ip": "203.0.113.9"}
    EmergencyChange.objects.create(state="alternates", wanted=ADDRESS, before=ADDRESS, alternates=[ADDRESS], **mine)
    EmergencyConfirmation.objects.create(address=ADDRESS, **mine)
    releases.ask_release(Actor(user=person, account=number.account, name="Zoé Ancienne"), number, str(uuid.uuid4()))
    return number


def pages(client, number: Number) -> str:
    names = ("detail", "e911_number", "e911_history", "notes")
    there = [reverse(f"numbers:{name}", args=[number.pk]) for name in names]
    there += [reverse("numbers:edit", args=[number.pk, section]) for section in ("name", "texts")]
    there += [reverse("numbers:list") + "?columns=note&columns=cost", reverse("numbers:e911"), "/"]
    answers = [client.get(url) for url in there]
    assert {answer.status_code for answer in answers} == {200}
    return "".join(answer.content.decode() for answer in answers)


def by_listing(feed, number, subaccount_id: str) -> None:
    run(feed, record(1, settings=SETTINGS, subaccount_id=subaccount_id))


def by_reading_it_back(feed, number, subaccount_id: str) -> None:
    told = record(1, settings=SETTINGS, subaccount_id=subaccount_id)
    connection = feed.connection
    store(connection, "1", as_json(values_of(told, connection, owner_of(connection), webhook_addresses(connection))))


@pytest.mark.parametrize("moves", [by_listing, by_reading_it_back])
def test_the_next_one_reads_nothing_of_the_one_before(feed, number, client, moves):
    before, other = number.account, AccountFactory()
    client.force_login(joins(before))
    seen = pages(client, number)
    assert [word for word in SECRETS if word not in seen] == [], "who has it sees it all"
    RemoteAccountFactory(connection=feed.connection, account=other, external_id="77")
    moves(feed, number, "77")
    EmergencyEndpointFactory(account=other, connection=feed.connection, number=number.number)
    client.force_login(joins(other))
    text = pages(client, number)
    assert [word for word in SECRETS if word in text] == []
    assert "Choose the right address" not in text, "an offer to the one before is none to the next"
    kept = AuditEntry.objects.get(action="number.left")
    assert kept.account == before and kept.before == {
        "note": "owes us money",
        "tags": "bad-payer",
        "cost_center": "CC-77",
    }
    moves(feed, number, "77")
    assert AuditEntry.objects.filter(action="number.left").count() == 1


def test_the_next_one_may_release_what_the_one_before_was_about_to(feed, number):
    other = AccountFactory()
    RemoteAccountFactory(connection=feed.connection, account=other, external_id="77")
    by_listing(feed, number, "77")
    person, number = joins(other), Number.objects.get(pk=number.pk)
    actor = Actor(user=person, account=other, name=str(person))
    assert releases.open_release(number) is None and not releases.undo(actor, number)
    releases.ask_release(actor, number, str(uuid.uuid4()))
    assert dict(NumberRelease.objects.values_list("account", "state")) == {
        feed_owner(feed).pk: "undone",
        other.pk: "waiting",
    }
    with pytest.raises(Busy):
        releases.ask_release(actor, number, str(uuid.uuid4()))


def feed_owner(feed):
    return feed.connection.remote_accounts.get(external_id="").account
