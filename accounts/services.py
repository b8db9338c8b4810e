"""What a request may ask of accounts: sub-accounts, and the people in them. Rows first, the worker follows."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import tasks
from accounts.actor import Actor, audit
from accounts.models import Account, Membership, RemoteAccount, SubaccountChange, User
from accounts.roles import Role
from accounts.suspension import check as check_suspension
from accounts.upstream import CREATE, DISABLED, ENABLED, STATUS, apply_change, subject_of
from providers import operations, waking
from providers.clients.base import Capability
from providers.mirroring import digest_of
from providers.models import Connection, Feed, Operation

Kind = SubaccountChange.Kind
BETWEEN_INVITATIONS = timedelta(minutes=10)


class IntentUsed(Exception):
    """The same form was sent before with other content."""


class NotNow(Exception):
    """The change has to wait; the message is for the person who asked."""


@dataclass(frozen=True, slots=True)
class NewSubaccount:
    """What a person wrote about a customer to be created."""

    name: str
    organization: str
    language: str
    owner_email: str
    owner_name: str = ""


# --- creating ---------------------------------------------------------------------------------------------------------


def create_subaccount(
    actor: Actor, wanted: NewSubaccount, connection: Connection | None, intent: str
) -> SubaccountChange:
    """A customer account below the actor's, there at once; upstream follows. Safe to call twice with one intent.

    Without a connection the account lives in the portal only. Raises `IntentUsed`.
    """
    fingerprint = digest_of(
        {**asdict(wanted), "connection": connection.pk if connection else None, "above": actor.account.pk}
    )
    return _once(intent, fingerprint, lambda: _create(actor, wanted, connection, intent, fingerprint))


def _create(actor: Actor, wanted: NewSubaccount, connection: Connection | None, intent: str, fingerprint: str):
    check_suspension(actor)
    account = _new_account(actor, wanted)
    change = SubaccountChange.objects.create(
        account=account, kind=Kind.CREATE, intent=intent, fingerprint=fingerprint, user=actor.user
    )
    if connection:
        words = {"name": wanted.name, "organization": wanted.organization, "language": wanted.language}
        operation, _is_new = operations.ask(
            connection,
            CREATE,
            {**words, "reference": f"account-{intent}"},
            key=f"subaccount:{intent}",
            subject=subject_of(account),
            actor_name=actor.name,
            asker=actor.asker,
        )
        change.operations.add(operation)
    return change


def _new_account(actor: Actor, wanted: NewSubaccount) -> Account:
    above = actor.account
    account = Account.objects.create(
        parent=above, name=wanted.name, language=wanted.language, time_zone=above.time_zone, country=above.country
    )
    audit(actor, "subaccount.created", account.name, after={"name": account.name, "owner": wanted.owner_email})
    invite(actor, account, wanted.owner_email, wanted.owner_name, Role.OWNER)
    return account


def link_subaccount(
    actor: Actor, remote: RemoteAccount, wanted: NewSubaccount | None, existing: Account | None
) -> Account:
    """Give an upstream sub-account that nobody claims to a customer, new or `existing`. Raises `NotNow` when taken."""
    check_suspension(actor)
    with transaction.atomic():
        account = existing or _new_account(actor, wanted)
        if not RemoteAccount.objects.filter(pk=remote.pk, account=None).update(account=account):
            raise NotNow(_("Somebody linked it in the meantime."))
        audit(actor, "subaccount.linked", account.name, after={"upstream": str(remote)})
        _bring_home(remote.connection)
    return account


def _bring_home(connection: Connection) -> None:
    """What hangs on the sub-account changes hands with the next run of every feed: let that be now."""
    Feed.objects.filter(connection=connection).update(due_at=timezone.now())


# --- suspending and resuming ------------------------------------------------------------------------------------------


def switch_subaccount(actor: Actor, account: Account, kind: str, reason: str, intent: str) -> SubaccountChange:
    """Suspend or resume an account, at every upstream where it is a sub-account. The portal follows what they confirm.

    Raises `IntentUsed`, and `NotNow` while an earlier change is on its way.
    """
    fingerprint = digest_of({"account": account.pk, "kind": kind, "reason": reason})
    return _once(intent, fingerprint, lambda: _switch(actor, account, kind, reason, intent, fingerprint))


def _switch(actor: Actor, account: Account, kind: str, reason: str, intent: str, fingerprint: str) -> SubaccountChange:
    if kind == Kind.RESUME:
        check_suspension(actor)
    account = Account.objects.select_for_update().get(pk=account.pk)
    if open_change(account):
        raise NotNow(_("An earlier change is still on its way. Try again when it is confirmed."))
    change = SubaccountChange.objects.create(
        account=account, kind=kind, reason=reason, intent=intent, fingerprint=fingerprint, user=actor.user
    )
    change.operations.set(_switches(actor, change))
    audit(actor, f"subaccount.{kind}_asked", account.name, after={"reason": reason} if reason else {})
    if not change.operations.exists():
        apply_change(change, actor)
    return change


def _switches(actor: Actor, change: SubaccountChange) -> list[Operation]:
    """One operation for each upstream where the account is a sub-account; a connection of its own is left alone."""
    status = DISABLED if change.kind == Kind.SUSPEND else ENABLED
    remotes = RemoteAccount.objects.for_account(change.account).filter(gone_at=None).exclude(external_id="")
    found = []
    for remote in remotes.select_related("connection"):
        operation, _is_new = operations.ask(
            remote.connection,
            STATUS,
            {"external_id": remote.external_id, "status": status},
            key=f"subaccount:{change.intent}:{remote.pk}",
            subject=subject_of(change.account),
            actor_name=actor.name,
            asker=actor.asker,
        )
        found.append(operation)
    return found


def open_change(account: Account) -> SubaccountChange | None:
    still = [Operation.State.QUEUED, Operation.State.SENDING, Operation.State.UNKNOWN]
    return account.changes.filter(operations__state__in=still).first()


def retry_change(actor: Actor, change: SubaccountChange) -> int:
    """Try refused and parked operations of a change again. Returns how many were queued."""
    with transaction.atomic():
        queued = [
            operation for operation in change.operations.all() if operations.retry(operation, actor.name, actor.asker)
        ]
        if queued:
            audit(actor, "subaccount.retried", change.account.name, after={"change": change.kind})
    return len(queued)


def _once(intent: str, fingerprint: str, make) -> SubaccountChange:
    """`make` in a transaction, or what it made before for the same intent."""
    try:
        with transaction.atomic():
            return _made(intent, fingerprint) or make()
    except IntegrityError:  # the same form arrived twice at the same moment
        if change := _made(intent, fingerprint):
            return change
        raise


def _made(intent: str, fingerprint: str) -> SubaccountChange | None:
    change = SubaccountChange.objects.filter(intent=intent).select_related("account").first()
    if change and change.fingerprint != fingerprint:
        raise IntentUsed
    return change


# --- people -----------------------------------------------------------------------------------------------------------


def invite(actor: Actor, account: Account, email: str, name: str, role: str) -> Membership:
    """Give a person a role and mail them a link. A person who is new here chooses the password by that link."""
    user = User.objects.filter(email__iexact=email).first()
    user = user or User.objects.create_user(email, name=name, language=account.language, time_zone=account.time_zone)
    membership, _is_new = Membership.objects.get_or_create(user=user, account=account, defaults={"role": role})
    send_invitation(membership)
    audit(actor, "person.invited", user.email, account=account, after={"role": role})
    return membership


def invite_again(actor: Actor, membership: Membership) -> bool:
    """False where the last one waits to be sent, or was sent too shortly ago to have been overlooked."""
    lately = timezone.now() - BETWEEN_INVITATIONS
    with transaction.atomic():
        row = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
        if row.invite_due_at or (row.invited_at and row.invited_at > lately):
            return False
        send_invitation(row)
        audit(actor, "person.invited_again", membership.user.email, account=membership.account)
    return True


def send_invitation(membership: Membership) -> None:
    """Written down in the caller's transaction; a worker sends it."""
    Membership.objects.filter(pk=membership.pk).update(invite_due_at=timezone.now())
    waking.wake_on_commit(tasks.send_invitation.delay, membership.pk)


# --- reading ----------------------------------------------------------------------------------------------------------


def connections_for_subaccounts(account: Account) -> list[Connection]:
    """Where the account can have sub-accounts: upstreams that know them, and whose main account it is."""
    rows = Connection.objects.filter(remote_accounts__account=account, remote_accounts__external_id="", is_active=True)
    return [connection for connection in rows.order_by("name") if connection.can(Capability.SUBACCOUNTS)]
