"""Sub-accounts all the way to an upstream process and back (rows G2, G3, B13), with what it received."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.connecting import connect
from accounts.models import Account, RemoteAccount, User
from numbering.models import Number
from providers import outbox, sync
from providers.models import Feed, Operation, SyncRun
from tests.factories import AccountFactory, MembershipFactory
from tests.sandboxes import sandbox  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def reseller(sandbox):  # noqa: F811
    account = AccountFactory(name="Boréal", kind="reseller")
    row = sandbox.accounts()["boreal"]
    words = {name: row[name] for name in ("client_user_id", "username", "auth_token")}
    connect(account, slug="voicemeup", name="Boréal", base_url=sandbox.voicemeup, credentials=words)
    bring_home("subaccounts")
    return account


@pytest.fixture
def owner(client, reseller):
    client.force_login(MembershipFactory(account=reseller).user)
    return client


@pytest.fixture
def customer(reseller):
    """The customer whose sub-account has numbers upstream already."""
    remote = RemoteAccount.objects.filter(account=None, name__startswith="Clinique").get()
    remote.account = AccountFactory(name=remote.name, parent=reseller)
    remote.save()
    return remote.account


def bring_home(name: str) -> SyncRun:
    run = sync.run_feed(Feed.objects.get(name=name).pk, force=True)
    assert run.state == SyncRun.State.DONE, run.error
    return run


def work(times: int = 1) -> Operation:
    """What a worker does for the newest operation; time passes in between."""
    operation = Operation.objects.latest("pk")
    for _ in range(times):
        Operation.objects.filter(pk=operation.pk, due_at__isnull=False).update(
            due_at=timezone.now() - timedelta(seconds=1)
        )
        outbox.run(Operation, operation.pk)
    operation.refresh_from_db()
    return operation


def form(**values) -> dict:
    return {"intent": str(uuid.uuid4()), **values}


def create(owner, name: str) -> Account:
    upstream = Operation._meta.get_field("connection").related_model.objects.get()
    words = {"language": "en", "owner_email": f"{uuid.uuid4().hex}@x.test", "connection": upstream.pk}
    response = owner.post(reverse("subaccount_new"), form(name=name, **words))
    assert response.status_code == 302, response.content.decode()[-3000:]
    return Account.objects.get(name=name)


def test_the_feed_brings_every_sub_account_home_as_nobodys_and_again_without_a_change(reseller):
    remotes = RemoteAccount.objects.exclude(external_id="")
    assert remotes.count() > 3 and not remotes.filter(account__isnull=False).exists()
    again = bring_home("subaccounts")
    assert (again.created, again.changed, again.gone) == (0, 0, 0) and again.seen == remotes.count()


def test_creating_sends_one_request_and_links_what_it_made(sandbox, owner):  # noqa: F811
    since = sandbox.now()
    account = create(owner, "Fleuriste Rose")
    assert work().state == "done"
    sent = sandbox.journal("update_subaccount", since)
    assert [row["params"]["mode"] for row in sent] == ["create"]
    assert sent[0]["params"]["friendly_name"] == "Fleuriste Rose" and "auth_token" in sent[0]["params"]
    remote = RemoteAccount.objects.get(account=account)
    assert remote.external_id and remote.status == "enabled"
    bring_home("subaccounts")
    assert RemoteAccount.objects.get(account=account) == remote
    assert "Active" in owner.get(reverse("subaccount", args=[account.pk])).content.decode()


def test_a_lost_answer_is_settled_by_our_reference_and_never_sent_again(sandbox, owner):  # noqa: F811
    since = sandbox.now()
    account = create(owner, "Fleuriste Lys")
    rule = sandbox.control("faults", {"call": "update_subaccount", "fault": "close", "phase": "after", "count": 1})
    try:
        assert work().state == "unknown"
    finally:
        sandbox.control(f"faults/{rule['id']}", method="DELETE")
    assert "Being checked" in owner.get(reverse("subaccount", args=[account.pk])).content.decode()
    assert work().state == "done"
    assert len(sandbox.journal("update_subaccount", since)) == 1
    assert RemoteAccount.objects.get(account=account).external_id


def test_a_request_that_never_arrived_is_put_aside_for_a_person(sandbox, owner):  # noqa: F811
    account = create(owner, "Fleuriste Iris")
    rule = sandbox.control("faults", {"call": "update_subaccount", "fault": "close", "phase": "before", "count": 1})
    try:
        work()
    finally:
        sandbox.control(f"faults/{rule['id']}", method="DELETE")
    since = sandbox.now()
    assert work(3).state == "parked"
    assert not sandbox.journal("update_subaccount", since), "an absent one is never made again without a person"
    page = owner.get(reverse("subaccount", args=[account.pk])).content.decode()
    assert "Not known" in page and "Try again" in page
    owner.post(reverse("subaccount_retry", args=[account.pk]))
    assert work().state == "done" and RemoteAccount.objects.filter(account=account).count() == 1


def test_suspending_and_resuming_are_followed_by_the_portal_when_confirmed(sandbox, owner, customer):  # noqa: F811
    remote = RemoteAccount.objects.get(account=customer)
    since = sandbox.now()
    owner.post(reverse("subaccount_suspend", args=[customer.pk]), form(reason="Unpaid since May"))
    customer.refresh_from_db()
    assert customer.status == "active"
    assert work().state == "done"
    customer.refresh_from_db()
    assert (customer.status, customer.status_reason) == ("suspended", "Unpaid since May")
    sent = sandbox.journal("update_subaccount", since)
    assert [(row["params"]["client_subaccount_id"], row["params"]["status"]) for row in sent] == [
        (remote.external_id, "disabled")
    ]
    assert sent[0]["params"]["friendly_name"] == remote.raw["friendly_name"], "nothing else is cleared"
    bring_home("subaccounts")
    customer.refresh_from_db()
    assert customer.status_reason == "Unpaid since May"
    owner.post(reverse("subaccount_resume", args=[customer.pk]), form())
    assert work().state == "done"
    customer.refresh_from_db()
    assert customer.status == "active" and RemoteAccount.objects.get(account=customer).status == "enabled"


def test_numbers_that_move_join_those_that_are_there(sandbox, owner, reseller, customer):  # noqa: F811
    bring_home("numbers")
    subaccount = RemoteAccount.objects.get(account=customer).external_id
    there = set(Number.objects.for_account(customer).present().values_list("external_id", flat=True))
    moving = list(Number.objects.for_account(reseller).present().filter(subaccount_id="").order_by("pk")[:2])
    assert there and len(moving) == 2
    since = sandbox.now()
    owner.post(reverse("subaccount_numbers", args=[customer.pk]), form(numbers=[number.pk for number in moving]))
    assert work().state == "done"
    sent = sandbox.journal("update_subaccount_associations", since)
    assert len(sent) == 1 and sent[0]["params"]["client_subaccount_id"] == subaccount
    wanted = there | {number.external_id for number in moving}
    assert set(sent[0]["params"]["associated_dids"].split(",")) == wanted
    assert set(Number.objects.for_account(customer).present().values_list("external_id", flat=True)) == wanted
    bring_home("numbers")
    assert set(Number.objects.for_account(customer).present().values_list("external_id", flat=True)) == wanted


def test_nobody_is_invited_twice_by_all_this(owner):
    create(owner, "Fleuriste Jasmin")
    assert User.objects.filter(memberships__invite_due_at__isnull=False).count() == 1
