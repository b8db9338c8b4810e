"""What a person asked of an upstream is checked again when it is carried out: by then they may have been sent away, the number
may be somebody else's, the account suspended (J3). Then nothing is sent, the page says why, and it can be asked for again."""

import ast
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import services as accounts
from accounts.actor import Actor
from accounts.models import Account, AuditEntry, Membership, RemoteAccount
from accounts.roles import Role
from numbering.models import Number, NumberRelease
from numbering.services import emergency, ports, releases
from numbering.services import numbers as services
from numbering.upstream.releases import hand_over_due
from providers import operations, outbox
from providers.clients.registry import CLIENTS
from providers.models import Operation
from tests.cast import make_tenant
from tests.factories import AccountFactory, RemoteAccountFactory

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent


class Sent(Exception):
    """The upstream was called."""


@pytest.fixture
def tenant():
    return make_tenant("A")


@pytest.fixture(autouse=True)
def calls(monkeypatch):
    """Every call of a client, by name; none leaves the machine."""
    made: list[str] = []

    class Client:
        port_rules = CLIENTS["voicemeup"].port_rules

        def __getattr__(self, name):
            made.append(name)
            raise Sent(name)

    monkeypatch.setattr("providers.gateway.client_for", lambda connection, priority: Client())
    return made


def actor_of(tenant, role=Role.OWNER) -> Actor:
    return Actor(user=tenant.people[role], account=tenant.account, name="Anne")


def intent() -> str:
    return str(uuid.uuid4())


def change_number(tenant) -> Operation:
    seen = services.overlay(tenant.number)
    change = services.change_number(
        actor_of(tenant), tenant.number, "name", {"label": "New"}, version=seen.version("name"), intent=intent()
    )
    return change.operation


def save_911(tenant) -> Operation:
    address = {**tenant.endpoint.address, "street": "Elm"}
    return emergency.ask_for_address(actor_of(tenant), tenant.number, address, intent()).operation


def remove_911(tenant) -> Operation:
    return emergency.remove_address(actor_of(tenant), tenant.number, intent()).operation


def hand_in_port(tenant) -> Operation:
    wish = ports.Wish(ports.draft_of(tenant.draft), submit=True)
    return ports.change_port(actor_of(tenant), tenant.draft, wish, intent(), tenant.draft.version).operation


def release(tenant) -> Operation:
    """Asked for days ago; the worker hands it over now."""
    row = releases.ask_release(actor_of(tenant), tenant.number, intent())
    NumberRelease.objects.filter(pk=row.pk).update(release_at=timezone.now() - timedelta(minutes=1))
    assert hand_over_due() == 1
    row.refresh_from_db()
    return row.operation


ACTS = {"settings": change_number, "911": save_911, "911 away": remove_911, "port": hand_in_port, "release": release}


def run(operation: Operation) -> Operation:
    outbox.run(Operation, operation.pk)
    operation.refresh_from_db()
    return operation


def sent_away(tenant) -> None:
    Membership.objects.filter(user=tenant.people[Role.OWNER]).delete()


def demoted(tenant) -> None:
    Membership.objects.filter(user=tenant.people[Role.OWNER]).update(role=Role.READER)


def switched_off(tenant) -> None:
    tenant.people[Role.OWNER].is_active = False
    tenant.people[Role.OWNER].save()


def suspended(tenant) -> None:
    Account.objects.filter(pk=tenant.account.pk).update(status=Account.Status.SUSPENDED)


def moved(tenant) -> None:
    other = AccountFactory()
    Number.objects.filter(pk=tenant.number.pk).update(account=other)
    type(tenant.draft).objects.filter(pk=tenant.draft.pk).update(account=other)


MEANWHILE = {sent_away: "not-allowed", demoted: "not-allowed", switched_off: "not-allowed", moved: "not-yours"}


@pytest.mark.parametrize("meanwhile", MEANWHILE)
@pytest.mark.parametrize("act", ACTS)
def test_what_may_no_longer_be_done_is_not_sent(tenant, calls, act, meanwhile):
    operation = ACTS[act](tenant)
    meanwhile(tenant)
    run(operation)
    assert (operation.state, operation.error_code) == ("failed", MEANWHILE[meanwhile])
    assert not calls
    entry = AuditEntry.objects.get(action="operation.stopped")
    assert entry.account == tenant.account and entry.after["why"] == MEANWHILE[meanwhile]


@pytest.mark.parametrize("act", sorted(set(ACTS) - {"911"}))
def test_a_suspension_meanwhile_stops_all_but_a_911_address(tenant, calls, act):
    operation = ACTS[act](tenant)
    suspended(tenant)
    assert run(operation).error_code == "account-suspended" and not calls


def test_a_suspension_meanwhile_does_not_stop_a_911_address(tenant, calls):
    operation = save_911(tenant)
    suspended(tenant)
    assert run(operation).error_code != "account-suspended" and calls


def test_days_of_grace_that_end_while_suspended_end_in_words_and_hold_up_nobody_else(tenant, calls):
    row = releases.ask_release(actor_of(tenant), tenant.number, intent())
    NumberRelease.objects.filter(pk=row.pk).update(release_at=timezone.now() - timedelta(minutes=1))
    suspended(tenant)
    assert hand_over_due() == 1
    run(Operation.objects.get(verb="number.release"))
    row.refresh_from_db()
    assert row.state == "refused" and not calls


@pytest.mark.parametrize("act", ACTS)
def test_what_still_may_be_done_is_sent(tenant, calls, act):
    run(ACTS[act](tenant))
    assert calls


def test_numbers_that_left_the_tree_are_not_moved(calls):
    above = make_tenant("R", kind="reseller")
    below = AccountFactory(parent=above.account)
    RemoteAccountFactory(connection=above.connection, account=below, external_id="77")
    operation = services.move_numbers(actor_of(above), above.connection, [above.number.pk], below, intent())
    Number.objects.filter(pk=above.number.pk).update(account=AccountFactory())
    assert run(operation).error_code == "not-yours" and not calls


def test_nor_into_a_sub_account_that_is_somebody_elses_now(calls):
    above = make_tenant("R", kind="reseller")
    below = AccountFactory(parent=above.account)
    remote = RemoteAccountFactory(connection=above.connection, account=below, external_id="77")
    operation = services.move_numbers(actor_of(above), above.connection, [above.number.pk], below, intent())
    type(remote).objects.filter(pk=remote.pk).update(account=AccountFactory())
    assert run(operation).error_code == "not-yours" and not calls


@pytest.mark.parametrize("act", ACTS)
def test_nor_what_went_to_another_account_while_the_form_was_on_its_way(tenant, calls, act):
    """The page had looked, then it was moved, then the service took what is stored: the stranger's, by now."""
    moved(tenant)
    operation = ACTS[act](tenant)
    assert run(operation).error_code == "not-yours" and not calls


# --- sub-accounts ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def reseller():
    """A reseller with a customer that is sub-account 77 upstream."""
    above = make_tenant("R", kind="reseller")
    above.child = AccountFactory(parent=above.account)
    RemoteAccountFactory(connection=above.connection, account=above.child, external_id="77")
    return above


def suspend(reseller) -> Operation:
    change = accounts.switch_subaccount(actor_of(reseller), reseller.child, "suspend", "not paid", intent())
    return change.operations.get()


def create(reseller) -> Operation:
    wanted = accounts.NewSubaccount("Café", "Café inc.", "fr", "owner@cafe.test")
    change = accounts.create_subaccount(actor_of(reseller), wanted, reseller.connection, intent())
    reseller.child = change.account
    return change.operations.get()


@pytest.mark.parametrize("ask", [suspend, create])
def test_an_account_that_went_to_another_reseller_is_not_touched(reseller, calls, client, ask):
    operation = ask(reseller)
    moved_away = Account.objects.get(pk=reseller.child.pk)
    moved_away.parent = AccountFactory(kind="reseller")
    moved_away.save()
    assert run(operation).error_code == "not-yours" and not calls
    reseller.child.refresh_from_db()
    assert reseller.child.status == Account.Status.ACTIVE
    assert AuditEntry.objects.get(action="operation.stopped").account == reseller.account
    client.force_login(reseller.people[Role.OWNER])
    assert client.get(reverse("subaccount", args=[reseller.child.pk])).status_code == 404
    assert client.post(reverse("subaccount_retry", args=[reseller.child.pk])).status_code == 404


def test_nor_does_its_new_reseller_make_it_at_the_former_ones_upstream(reseller, calls, client):
    """Their page offers to try again what was stopped: that goes out under their name, so it is looked at anew."""
    operation, new = create(reseller), make_tenant("N", kind="reseller", area=438)
    child = Account.objects.get(pk=reseller.child.pk)
    child.parent = new.account
    child.save()
    run(operation)
    client.force_login(new.people[Role.OWNER])
    client.post(reverse("subaccount_retry", args=[child.pk]))
    operation.refresh_from_db()
    assert operation.asker["account"] == new.account.pk and operation.state == "queued"
    assert run(operation).error_code == "not-yours" and not calls


def test_nor_a_sub_account_that_is_somebody_elses_now(reseller, calls):
    operation = suspend(reseller)
    RemoteAccount.objects.filter(external_id="77").update(account=AccountFactory(parent=reseller.account))
    assert run(operation).error_code == "not-yours" and not calls


@pytest.mark.parametrize("ask", [suspend, create])
def test_one_that_is_still_below_at_any_depth_is(reseller, calls, ask):
    operation = ask(reseller)
    between = AccountFactory(parent=reseller.account, kind="reseller")
    child = Account.objects.get(pk=reseller.child.pk)
    child.parent = between
    child.save()
    run(operation)
    assert calls


def test_the_page_says_why_and_another_person_sends_it_again(tenant, calls, client):
    operation = change_number(tenant)
    sent_away(tenant)
    run(operation)
    client.force_login(tenant.people[Role.ADMIN])
    url = reverse("numbers:edit", args=[tenant.number.pk, "name"])
    page = client.get(reverse("numbers:detail", args=[tenant.number.pk])).content.decode()
    assert "Who asked for it may no longer do that here." in page + client.get(url).content.decode()
    client.post(url, {"action": "retry"})
    operation.refresh_from_db()
    assert operation.state == "queued" and operation.asker["user"] == tenant.people[Role.ADMIN].pk
    run(operation)
    assert calls


def test_a_port_and_a_911_address_that_were_stopped_say_why(tenant, calls, client):
    for operation in (hand_in_port(tenant), save_911(tenant)):
        sent_away(tenant)
        run(operation)
        Membership.objects.create(user=tenant.people[Role.OWNER], account=tenant.account, role=Role.OWNER)
    client.force_login(tenant.people[Role.OWNER])
    for url in (
        reverse("numbers:port", args=[tenant.draft.public_id]),
        reverse("numbers:e911_number", args=[tenant.number.pk]),
    ):
        assert "Who asked for it may no longer do that here." in client.get(url).content.decode(), url


def test_what_the_portal_or_our_staff_ask_for_is_not_held_up(tenant, calls):
    arguments = {"external_id": tenant.number.external_id, "account_id": tenant.account.pk, "wanted": {"label": "x"}}
    suspended(tenant)
    by_itself, _ = operations.ask(tenant.connection, "number.update", arguments, key="system", asker=None)
    run(by_itself)
    tenant.people[Role.OWNER].is_staff = True
    tenant.people[Role.OWNER].save()
    by_staff, _ = operations.ask(
        tenant.connection, "number.update", arguments, key="staff", asker=actor_of(tenant).asker
    )
    run(by_staff)
    assert {by_itself.state, by_staff.state} == {"unknown"} and len(calls) == 2


def test_every_asking_says_who_asks():
    """A forgotten `asker` would be an operation that nobody checks."""
    silent = []
    for package in ("accounts", "billing", "numbering", "messaging", "portal"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "operations.ask":
                    if "asker" not in {keyword.arg for keyword in node.keywords}:
                        silent.append(f"{path.name}:{node.lineno}")
    assert not silent
