"""What a request may ask for about 911 addresses: save one, accept an alternate, remove one."""

from django.db import transaction
from django.db.models import QuerySet

from accounts.actor import Actor, audit
from numbering.models import EmergencyChange, EmergencyEndpoint, Number
from numbering.services import emergency_book
from numbering.services.emergency_terms import TERMS_VERSION
from numbering.services.intents import Busy, IntentUsed, earlier, fingerprint
from providers import operations
from providers.models import Operation


class Stale(Exception):
    """Somebody, or the upstream, changed this number's address after the form was made."""


class NotAnAlternate(Exception):
    """There is no such address to accept any more."""


class IsDefault(Exception):
    """The account's default address cannot be removed."""


class NothingToRemove(Exception):
    """The number has no 911 address."""


def endpoint_of(number: Number) -> EmergencyEndpoint | None:
    rows = EmergencyEndpoint.objects.filter(
        connection=number.connection_id, account=number.account_id, number=number.number
    )
    return rows.filter(gone_at=None).order_by("-confirmed_at").first()


def changes_of(number: Number) -> QuerySet[EmergencyChange]:
    """Newest first, by the account that has the number: an address stays with who lived there, wherever the number goes."""
    return number.emergency_changes.filter(account=number.account_id)


def latest_change(number: Number) -> EmergencyChange | None:
    return changes_of(number).select_related("operation").first()


def version_of(number: Number) -> str:
    return version_from(changes_of(number).first(), endpoint_of(number))


def version_from(newest: EmergencyChange | None, endpoint: EmergencyEndpoint | None) -> str:
    """What a form about a number was made from: the newest wish, and the address that was read back."""
    told = (endpoint.address, endpoint.provisioned) if endpoint else ()
    return fingerprint(newest.pk if newest else 0, told)


def ask_for_address(
    actor: Actor, number: Number, address: dict, intent: str, *, version: str | None = None
) -> EmergencyChange:
    """Write the wish and have it checked, saved and read back. Raises `Busy`, `IntentUsed`, and `Stale` when `version`
    is not what the number's address is at now."""
    wanted = fitted(number, address)
    return _ask(actor, number, "e911.save", intent, wanted=wanted, terms_version=TERMS_VERSION, version=version)


def fitted(number: Number, address: dict) -> dict:
    """Without what the number's upstream keeps no place for: asked for, it would be missed in every read-back."""
    languages = number.connection.client_class.emergency_rules.languages
    return address if address.get("language", "") in languages else {**address, "language": ""}


@transaction.atomic
def ask_and_keep(
    actor: Actor, number: Number, address: dict, intent: str, *, version: str, label: str
) -> EmergencyChange:
    """The same, and the address goes into the book under a name. Raises `Full` too."""
    change = ask_for_address(actor, number, address, intent, version=version)
    if label and not emergency_book.places_of(actor.account).filter(label=label).exists():
        emergency_book.write(actor, label, address)
    return change


@transaction.atomic
def accept_alternate(
    actor: Actor, number: Number, change: EmergencyChange, choice: int, intent: str
) -> EmergencyChange:
    """Ask again with exactly the words that upstream offered and a person picked."""
    newest = latest_change(number)
    picked = change.alternates[choice] if 0 <= choice < len(change.alternates) else None
    again = Operation.objects.filter(idempotency_key=_key(actor, intent)).exists()
    if picked is None or not (again or (newest.pk == change.pk and change.state == EmergencyChange.State.ALTERNATES)):
        raise NotAnAlternate
    emergency_book.learn(actor, change.wanted, picked)
    return _ask(actor, number, "e911.save", intent, wanted=picked, terms_version=change.terms_version)


def _beside(endpoint: EmergencyEndpoint):
    """The other addresses in force at the same upstream account."""
    return EmergencyEndpoint.objects.filter(connection=endpoint.connection_id, gone_at=None).exclude(pk=endpoint.pk)


def is_default(endpoint: EmergencyEndpoint) -> bool:
    """Whether other lines fall back on it, so that the upstream would refuse to remove it."""
    return endpoint.is_default and _beside(endpoint).exists()


def is_last(endpoint: EmergencyEndpoint) -> bool:
    """Whether the account has no other address in force: from then on nobody knows where any of its lines are."""
    others = EmergencyEndpoint.objects.filter(account=endpoint.account_id, gone_at=None, provisioned=True)
    return not others.exclude(pk=endpoint.pk).exists()


def remove_address(actor: Actor, number: Number, intent: str) -> EmergencyChange:
    """Raises `IsDefault`, `NothingToRemove`, `Busy`, `IntentUsed`."""
    if not Operation.objects.filter(idempotency_key=_key(actor, intent)).exists():
        endpoint = endpoint_of(number)
        if endpoint is None:
            raise NothingToRemove
        if is_default(endpoint):
            raise IsDefault
    return _ask(actor, number, "e911.delete", intent, wanted={}, removal=True)


def _key(actor: Actor, intent: str) -> str:
    return f"e911:{actor.user.pk}:{intent}"


@transaction.atomic
def _ask(
    actor: Actor, number: Number, verb: str, intent: str, *, wanted: dict, version: str | None = None, **details
) -> EmergencyChange:
    key, seal = _key(actor, intent), fingerprint(number.pk, verb, wanted)
    number = Number.objects.select_for_update(of=("self",)).select_related("connection", "account").get(pk=number.pk)
    if operation := earlier(key, seal):
        return EmergencyChange.objects.get(operation=operation)
    if (newest := latest_change(number)) and newest.operation and newest.operation.is_open:
        raise Busy
    if version is not None and version != version_of(number):
        raise Stale
    arguments = {"number": number.number, "account_id": number.account_id, "address": wanted, "fingerprint": seal}
    operation, is_new = operations.ask(
        number.connection,
        verb,
        arguments,
        key=key,
        subject=f"e911:{number.number}",
        actor_name=actor.name,
        asker=actor.asker,
    )
    if not is_new:
        raise IntentUsed
    endpoint = endpoint_of(number)
    before = endpoint.address if endpoint else {}
    change = EmergencyChange.objects.create(
        account_id=number.account_id, number=number, operation=operation, wanted=wanted, before=before,
        user=actor.user, ip=actor.ip, **details,
    )  # fmt: skip
    act = "e911.removal_asked" if verb == "e911.delete" else "e911.asked"
    audit(actor, act, number.number, account=number.account, before=before, after=wanted)
    return change
