"""Sub-accounts at an upstream: bringing them home, creating them, and switching them off and on."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actor import Actor, audit
from accounts.guarding import account_of, not_yours
from accounts.models import Account, RemoteAccount, SubaccountChange
from providers import orphans
from providers.clients.base import Client
from providers.clients.records import SubaccountRecord
from providers.mirroring import VANISH_FREE, VANISH_SHARE
from providers.models import Connection, Feed, Operation, Orphan
from providers.outbox import Settlement, Sight
from providers.tally import Tally, WouldVanish

CREATE, STATUS = "subaccount.create", "subaccount.status"
ENABLED, DISABLED, DELETED = "enabled", "disabled", "deleted"
Kind = SubaccountChange.Kind


# --- the feed ---------------------------------------------------------------------------------------------------------


def read_subaccounts(client: Client, feed: Feed, tally: Tally) -> None:
    """Every sub-account of the connection. One that no portal account claims stays an orphan until a person decides."""
    records = [record for record in client.subaccounts() if record.status != DELETED]
    tally.seen, tally.unread = len(records), len(client.unread)
    known = {row.external_id: row for row in _rows(feed.connection)}
    for record in records:
        _keep(feed.connection, known.get(record.external_id), record, tally)
    if not client.unread:  # a row that could not be read is no proof that its sub-account is gone
        _mark_gone(feed, known, {record.external_id for record in records}, tally)
    _queue_orphans(feed.connection)


def _queue_orphans(connection: Connection) -> None:
    """Sub-accounts that no account of ours claims, and accounts whose sub-account the upstream no longer has."""
    rows = RemoteAccount.objects.filter(connection=connection).exclude(external_id="")
    theirs, ours = rows.filter(account=None, gone_at=None), rows.exclude(account=None).exclude(gone_at=None)
    for side, found in ((Orphan.Side.THEIRS, theirs), (Orphan.Side.OURS, ours)):
        orphans.found(connection, "subaccounts", side, found.values_list("external_id", "name"))


def _rows(connection: Connection):
    return RemoteAccount.objects.filter(connection=connection).exclude(external_id="").select_related("account")


def _keep(connection: Connection, row: RemoteAccount | None, record: SubaccountRecord, tally: Tally) -> None:
    values = {"name": record.name[:120], "status": record.status, "raw": record.raw, "gone_at": None}
    if row and all(getattr(row, name) == value for name, value in values.items()):
        return
    with transaction.atomic():
        lookup = {"connection": connection, "external_id": record.external_id}
        _row, created = RemoteAccount.objects.update_or_create(
            **lookup, defaults={**values, "synced_at": timezone.now()}
        )
        if row and row.account and row.status and row.status != record.status:
            _follow(connection, row, record.status)
    tally.created += created
    tally.changed += not created


def _follow(connection: Connection, row: RemoteAccount, status: str) -> None:
    """Somebody switched the sub-account at the upstream itself: the portal's account goes along, and says why."""
    if Operation.objects.filter(connection=connection, subject=subject_of(row.account), state__in=_OPEN).exists():
        return
    wanted = Account.Status.SUSPENDED if status == DISABLED else Account.Status.ACTIVE
    with translation.override(row.account.language):
        reason = _("Switched off at %(upstream)s") % {"upstream": connection.label} if status == DISABLED else ""
    _set_status(row.account, wanted, reason, Actor(account=row.account))


def _mark_gone(feed: Feed, known: dict[str, RemoteAccount], seen: set[str], tally: Tally) -> None:
    """The guard of `mirroring.mirror`, for rows that are not mirrored whole."""
    present = {key for key, row in known.items() if row.gone_at is None}
    missing = sorted(present - seen)
    if len(missing) > VANISH_FREE and len(missing) * VANISH_SHARE > len(present) and not feed.allow_vanish:
        raise WouldVanish(len(missing), len(present), missing[:20])
    tally.gone = _rows(feed.connection).filter(external_id__in=missing).update(gone_at=timezone.now())


def orphans_page(orphan: Orphan) -> str:
    """Where staff give a sub-account its account."""
    rows = RemoteAccount.objects.filter(connection=orphan.connection, external_id=orphan.external_id)
    row = rows.values_list("pk", flat=True).first()
    return reverse("admin:accounts_remoteaccount_change", args=[row]) if row else ""


# --- the verbs --------------------------------------------------------------------------------------------------------

_OPEN = [Operation.State.QUEUED, Operation.State.SENDING, Operation.State.UNKNOWN]


def subject_of(account: Account) -> str:
    """Changes of one sub-account go one at a time."""
    return f"subaccount:{account.pk}"


def _still_below(operation: Operation) -> None:
    """Checked again just before the call: the account is still below the one that asked, its sub-account still its own,
    and a new one goes where who asks is at home. The account may have been given to another reseller meanwhile.
    """
    above = account_of(operation)
    if above is None:
        return
    change = SubaccountChange.objects.select_related("account").get(operations=operation)
    below = Account.objects.under(above).filter(pk=change.account_id)
    external_id = operation.arguments.get("external_id", "")
    remotes = RemoteAccount.objects.for_account(change.account if external_id else above).filter(gone_at=None)
    if not (below.exists() and remotes.filter(connection=operation.connection, external_id=external_id).exists()):
        raise not_yours()


def create(client: Client, operation: Operation) -> dict:
    """Make it, unless an unclear attempt before this one did after all."""
    if operation.was_unknown and (made := _made_earlier(client, operation)):
        return {"external_id": made}
    _still_below(operation)
    words = operation.arguments
    external_id = client.create_subaccount(words["name"], words["organization"], words["language"], words["reference"])
    return {"external_id": external_id}


def settle_create(client: Client, operation: Operation) -> Settlement:
    if made := _made_earlier(client, operation):
        return Settlement(Sight.FOUND, {"external_id": made})
    return Settlement(_absence(client))


def _made_earlier(client: Client, operation: Operation) -> str:
    """Our reference, kept beside the sub-account, tells whether it was made."""
    reference = operation.arguments["reference"]
    return next((record.external_id for record in client.subaccounts() if record.reference == reference), "")


def switch(client: Client, operation: Operation) -> dict:
    _still_below(operation)
    client.update_subaccount(operation.arguments["external_id"], {"status": operation.arguments["status"]})
    return {}


def settle_switch(client: Client, operation: Operation) -> Settlement:
    for record in client.subaccounts():
        if record.external_id == operation.arguments["external_id"]:
            done = record.status == operation.arguments["status"]
            return Settlement(Sight.FOUND if done else Sight.ABSENT)
    return Settlement(Sight.CANNOT_TELL)


def _absence(client: Client) -> Sight:
    """A listing with rows that cannot be read does not prove that something is missing."""
    return Sight.CANNOT_TELL if client.unread else Sight.ABSENT


def created(operation: Operation) -> None:
    """The upstream named the new sub-account: from now on it is this account's."""
    if operation.state != Operation.State.DONE:
        return
    change = SubaccountChange.objects.select_related("account").get(operations=operation)
    values = {"account": change.account, "name": operation.arguments["name"][:120], "status": ENABLED}
    row, is_new = RemoteAccount.objects.get_or_create(
        connection=operation.connection, external_id=operation.result["external_id"], defaults=values
    )
    if not is_new and row.account_id is None:  # the feed was quicker and took it for an orphan
        RemoteAccount.objects.filter(pk=row.pk).update(account=change.account)


def switched(operation: Operation) -> None:
    """The account follows once every upstream it lives at has confirmed."""
    if operation.state != Operation.State.DONE:
        return
    rows = RemoteAccount.objects.filter(connection=operation.connection)
    rows.filter(external_id=operation.arguments["external_id"]).update(status=operation.arguments["status"])
    change = SubaccountChange.objects.select_related("account").get(operations=operation)
    if not change.operations.exclude(state=Operation.State.DONE).exists():
        apply_change(change, Actor(account=change.account, name=operation.actor_name))


def apply_change(change: SubaccountChange, actor: Actor) -> None:
    """Make the portal's account what the change asked for."""
    suspend = change.kind == Kind.SUSPEND
    wanted = Account.Status.SUSPENDED if suspend else Account.Status.ACTIVE
    _set_status(change.account, wanted, change.reason if suspend else "", actor)


def _set_status(account: Account, status: str, reason: str, actor: Actor) -> None:
    rows = Account.objects.filter(pk=account.pk).exclude(status=status)
    if rows.update(status=status, status_reason=reason[:200]):
        verb = "suspended" if status == Account.Status.SUSPENDED else "resumed"
        audit(actor, f"account.{verb}", account.name, account=account, after={"reason": reason} if reason else {})
