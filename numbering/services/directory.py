"""What a person may ask of the public directory (411): list a number, change its entry, take it out."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.actor import Actor, audit
from numbering.models import DirectoryChange, DirectoryListing, Number
from numbering.models.numbers import NO_PLACE, OPEN
from numbering.services.intents import Busy, earlier, fingerprint
from numbering.upstream.directory import LIST, UNLIST, differing, subject_of
from providers import operations
from providers.clients.base import Capability


class Stale(Exception):
    """Somebody, or the directory, changed this entry after the form was made. `now` is the entry as it is."""

    def __init__(self, now: dict):
        super().__init__("changed meanwhile")
        self.now = now


def could_be_listed(number: Number) -> bool:
    """Whether people could look for it: a number with calls at a place, still here."""
    return number.is_here and number.voice and number.kind not in NO_PLACE


def can_list(number: Number) -> bool:
    return could_be_listed(number) and number.connection.can(Capability.DIRECTORY)


def listing_of(number: Number) -> DirectoryListing | None:
    rows = DirectoryListing.objects.filter(connection=number.connection_id, number=number.number, gone_at=None)
    return rows.exclude(state=DirectoryListing.State.REMOVED).order_by("-pk").first()


def is_listed() -> Exists:
    """Whether a number of a list stands in the directory."""
    rows = DirectoryListing.objects.filter(connection=OuterRef("connection"), number=OuterRef("number"), gone_at=None)
    return Exists(rows.filter(state=DirectoryListing.State.ACTIVE))


def latest_change(number: Number) -> DirectoryChange | None:
    mine = number.directory_changes.filter(operation__arguments__account_id=number.account_id)
    return mine.select_related("operation", "user").first()


def version_of(listing: DirectoryListing | None, change: DirectoryChange | None) -> str:
    """What a form was made from: the newest wish, and the entry that was read."""
    return fingerprint(change.pk if change else 0, listing.entry if listing else None)


def ask_to_list(actor: Actor, number: Number, entry: dict, intent: str, *, version: str) -> DirectoryChange | None:
    """Ask upstream for this entry. None when it stands there just so. Raises `Busy`, `IntentUsed` and `Stale`."""
    return _ask(actor, number, LIST, intent, entry=entry, version=version)


def ask_to_unlist(actor: Actor, number: Number, intent: str) -> DirectoryChange | None:
    """None when it is in no directory. Raises `Busy` and `IntentUsed`."""
    return _ask(actor, number, UNLIST, intent, entry={})


@transaction.atomic
def _ask(actor: Actor, number: Number, verb: str, intent: str, *, entry: dict, version: str | None = None):
    key, seal = f"{verb}:{actor.user.pk}:{intent}", fingerprint(number.pk, verb, entry)
    Number.objects.select_for_update().get(pk=number.pk)
    if operation := earlier(key, seal):
        return DirectoryChange.objects.get(operation=operation)
    newest, listing = latest_change(number), listing_of(number)
    if newest and newest.operation.state in OPEN:
        raise Busy
    before = listing.entry if listing else {}
    if version is not None and version != version_of(listing, newest):
        raise Stale(before)
    if _stands_so(verb, listing, entry):
        return None
    arguments = {"number": number.number, "account_id": number.account_id, "entry": entry, "fingerprint": seal}
    operation, _ = operations.ask(
        number.connection,
        verb,
        arguments,
        key=key,
        subject=subject_of(number.number),
        actor_name=actor.name,
        asker=actor.asker,
    )
    act = "directory.asked" if verb == LIST else "directory.removal_asked"
    audit(actor, act, number.number, account=number.account, before=before, after=entry)
    return DirectoryChange.objects.create(
        number=number, operation=operation, user=actor.user, removal=verb == UNLIST, before=before, wanted=entry
    )


def _stands_so(verb: str, listing: DirectoryListing | None, entry: dict) -> bool:
    """Whether nothing would change by it. What was rejected may be asked again as it is."""
    if verb == UNLIST:
        return listing is None
    settled = listing and listing.state != DirectoryListing.State.REJECTED
    return bool(settled) and not differing(entry, listing.entry)
