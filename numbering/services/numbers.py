"""What a person may ask of their numbers: change settings, keep notes, move numbers. Rows first, the worker follows."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.models import Account, RemoteAccount
from accounts.services import IntentUsed
from numbering.models import Number, NumberChange
from numbering.models.numbers import NOTES, STUCK
from numbering.upstream.moves import MOVE, SUBJECT
from numbering.upstream.numbers import UPDATE, subject_of
from providers import operations
from providers.mirroring import digest_of
from providers.models import Connection, Operation

# The cards of a number's page, and the settings that each of them saves.
SECTIONS = {
    "name": ("label", "caller_id_name", "comments"),
    "calls": ("forwarding", "forward_to", "forward_after", "voicemail"),
    "texts": ("sms", "sms_email", "sms_forward_to", "sms_autoreply", "sms_webhook", "sms_webhook_retry"),
}


class Stale(Exception):
    """Somebody, or the upstream, changed what the form was made from. `now` holds the values as they are."""

    def __init__(self, now: dict):
        super().__init__("changed meanwhile")
        self.now = now


class CannotMove(Exception):
    """The numbers cannot go to that account; the message is for the person who asked."""


# --- what a page shows ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overlay:
    """A number's settings as its page shows them: the truth, and over it what was asked for and is not confirmed."""

    truth: dict
    open: tuple[NumberChange, ...]  # on their way, oldest first
    stuck: tuple[NumberChange, ...]  # refused or put aside, oldest first

    @property
    def shown(self) -> dict:
        values = dict(self.truth)
        for change in self.open:
            values |= change.wanted
        return values

    @property
    def typed(self) -> dict:
        """What a form starts with: a refused value is kept for the person to mend."""
        values = self.shown
        for change in self.stuck:
            values |= change.wanted
        return values

    def of(self, section: str) -> "Overlay":
        """Only what concerns one card."""
        concerns = lambda change: not set(change.wanted).isdisjoint(SECTIONS[section])  # noqa: E731
        return Overlay(self.truth, tuple(filter(concerns, self.open)), tuple(filter(concerns, self.stuck)))

    def version(self, section: str) -> str:
        """Tells whether the card's settings changed since a form was made from them."""
        shown = self.shown
        return digest_of({name: shown.get(name) for name in SECTIONS[section]})


def overlay(number: Number) -> Overlay:
    return _overlay(number, number.changes.unsettled().select_related("operation", "user").order_by("pk"))


def overlays(numbers: list[Number]) -> dict[int, Overlay]:
    """Of many numbers, by pk."""
    found: dict[int, list[NumberChange]] = {number.pk: [] for number in numbers}
    changes = NumberChange.objects.unsettled().filter(number__in=list(found)).select_related("operation", "user")
    for change in changes.order_by("pk"):
        found[change.number_id].append(change)
    return {number.pk: _overlay(number, found[number.pk]) for number in numbers}


def _overlay(number: Number, changes: Iterable[NumberChange]) -> Overlay:
    """An earlier account's wishes are not this one's: its typed words stay with it."""
    changes = [change for change in changes if change.operation.arguments.get("account_id") == number.account_id]
    stuck = [change for change in changes if change.operation.state in STUCK]
    return Overlay(number.settings, tuple(change for change in changes if change not in stuck), tuple(stuck))


def notes_version(number: Number) -> str:
    return digest_of({name: getattr(number, name) for name in NOTES})


# --- settings ---------------------------------------------------------------------------------------------------------


def change_number(
    actor: Actor, number: Number, section: str, values: dict, *, version: str, intent: str
) -> NumberChange | None:
    """Ask upstream for those of `values` that differ from what the page showed. None when none does.

    The same intent with the same values is the same change; with others it raises `IntentUsed`. A form made from
    values that changed since raises `Stale`.
    """
    key, form = f"number:{number.pk}:{intent}", digest_of({"section": section, **values})
    with transaction.atomic():
        number = Number.objects.select_for_update().select_related("connection").get(pk=number.pk)
        if earlier := NumberChange.objects.filter(operation__idempotency_key=key).select_related("operation").first():
            return _same_form(earlier, form)
        seen = overlay(number)
        if seen.version(section) != version:
            raise Stale({name: seen.shown.get(name) for name in SECTIONS[section]})
        return ask_for(actor, number, seen, values, key=key, form=form)


def ask_for(
    actor: Actor, number: Number, seen: Overlay, values: dict, *, key: str, form: str, verb: str = UPDATE
) -> NumberChange | None:
    """Within a transaction that holds the number. What was refused before on the cards that `values` touch is replaced."""
    touched = [section for section, names in SECTIONS.items() if not set(names).isdisjoint(values)]
    _discard(tuple({change for section in touched for change in seen.of(section).stuck}))
    wanted = differing(number, seen, values)
    if not wanted:
        return None
    before = {name: seen.shown.get(name) for name in wanted}
    return _ask(actor, number, wanted, before, key, form, verb)


def differing(number: Number, seen: Overlay, values: dict) -> dict:
    """Of these settings those that the upstream has and that differ from what is shown."""
    shown = seen.shown
    return {name: value for name, value in values.items() if name in number.settings and value != shown.get(name)}


def _same_form(earlier: NumberChange, form: str) -> NumberChange:
    if earlier.operation.arguments.get("form") != form:
        raise IntentUsed
    return earlier


def _ask(actor: Actor, number: Number, wanted: dict, before: dict, key: str, form: str, verb: str) -> NumberChange:
    arguments = {"external_id": number.external_id, "account_id": number.account_id, "wanted": wanted, "form": form}
    operation, _ = operations.ask(
        number.connection,
        verb,
        arguments,
        key=key,
        subject=subject_of(number.external_id),
        actor_name=actor.name,
        asker=actor.asker,
    )
    audit(actor, "number.changed", number.number, before=before, after=wanted)
    return NumberChange.objects.create(
        number=number, operation=operation, user=actor.user, before=before, wanted=wanted
    )


def retry_changes(actor: Actor, number: Number, section: str) -> int:
    """Send the refused changes of a card again, as they are. Returns how many were queued."""
    with transaction.atomic():
        number = Number.objects.select_for_update().get(pk=number.pk)
        stuck = overlay(number).of(section).stuck
        queued = [change for change in stuck if operations.retry(change.operation, actor.name, actor.asker)]
        for change in queued:
            audit(actor, "number.retried", number.number, after=change.wanted)
    return len(queued)


def discard_changes(actor: Actor, number: Number, section: str) -> None:
    """Forget the refused changes of a card; what upstream holds is shown again."""
    with transaction.atomic():
        number = Number.objects.select_for_update().get(pk=number.pk)
        stuck = overlay(number).of(section).stuck
        _discard(stuck)
        for change in stuck:
            audit(actor, "number.change_discarded", number.number, before=change.wanted)


def _discard(changes: tuple[NumberChange, ...]) -> None:
    pks = [change.pk for change in changes]
    NumberChange.objects.filter(pk__in=pks).update(discarded_at=timezone.now())


def tidy_tags(text: str) -> str:
    """Words with commas between them, each once."""
    words = [" ".join(word.split()) for word in text.split(",")]
    return ", ".join(dict.fromkeys(word for word in words if word))


def save_notes(actor: Actor, number: Number, after: dict, *, version: str) -> bool:
    """Keep what is ours alone (`NOTES`); no upstream knows it. False when nothing changed."""
    with transaction.atomic():
        number = Number.objects.select_for_update().get(pk=number.pk)
        before = {name: getattr(number, name) for name in after}
        if before == after:
            return False
        if notes_version(number) != version:
            raise Stale(before)
        write_notes(actor, number, after)
    return True


def write_notes(actor: Actor, number: Number, after: dict) -> bool:
    """Within a transaction that holds the number. False when nothing differs."""
    before = {name: getattr(number, name) for name in after if getattr(number, name) != after[name]}
    if not before:
        return False
    after = {name: after[name] for name in before}
    Number.objects.filter(pk=number.pk).update(**after)
    audit(actor, "number.noted", number.number, account=number.account, before=before, after=after)
    return True


# --- moving -----------------------------------------------------------------------------------------------------------


def move_numbers(
    actor: Actor, connection: Connection, number_pks: list[int], target: Account, intent: str
) -> Operation:
    """Move numbers of the actor's account, or of accounts below it, into the sub-account that `target` is upstream.

    All or nothing: one number that is not theirs, or not on this connection, and nothing is asked. Raises `CannotMove`,
    and `IntentUsed` for a form that was sent before with other numbers.
    """
    key = f"move:{actor.account.pk}:{intent}"
    with transaction.atomic():
        arguments = _move_arguments(actor, connection, set(number_pks), target)
        operation, is_new = operations.ask(
            connection, MOVE, arguments, key=key, subject=SUBJECT, actor_name=actor.name, asker=actor.asker
        )
        if not is_new and operation.arguments != arguments:
            raise IntentUsed
        if is_new:
            _note_move(actor, connection, arguments, target)
    return operation


def _note_move(actor: Actor, connection: Connection, arguments: dict, target: Account) -> None:
    """In the log of who moved them, and of each sub-account that loses some: where they go is not its business."""
    rows = Number.objects.filter(connection=connection, external_id__in=arguments["numbers"])
    rows = list(rows.select_related("account").order_by("number"))
    audit(actor, "numbers.moved", str(target), after={"numbers": [row.number for row in rows]})
    for account in {row.account for row in rows if row.account_id != actor.account.pk}:
        lost = [row.number for row in rows if row.account_id == account.pk]
        audit(actor, "numbers.moved", account=account, after={"numbers": lost})


def _move_arguments(actor: Actor, connection: Connection, pks: set[int], target: Account) -> dict:
    below = Q(account__path__startswith=actor.account.path)
    if not target.path.startswith(actor.account.path):
        raise CannotMove("not an account below this one")
    numbers = list(Number.objects.present().filter(below, pk__in=pks, connection=connection).order_by("pk"))
    if not pks or len(numbers) != len(pks):
        raise CannotMove("some numbers cannot be moved")
    remote = RemoteAccount.objects.filter(connection=connection, account=target, gone_at=None).exclude(external_id="")
    if not (subaccount := remote.first()):
        raise CannotMove("the account has no sub-account on this connection")
    return {"subaccount_id": subaccount.external_id, "numbers": [number.external_id for number in numbers]}
