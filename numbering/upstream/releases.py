"""Giving numbers back: when their days of grace are over, once, and done only when the upstream lists them no more."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.guarding import asked_before, not_yours
from accounts.roles import May
from numbering.models import Number, NumberRelease
from numbering.upstream.moves import is_moving
from numbering.upstream.numbers import subject_of
from providers import operations
from providers.clients.base import Client
from providers.clients.errors import Held, NotFound, Unclear, UpstreamError
from providers.clients.records import NumberStatus
from providers.models import Operation
from providers.outbox import Settlement, Sight

RELEASE = "number.release"
WHILE_MOVING = timedelta(seconds=5)
AT_ONCE = 100  # releases that one sweep hands over
State = NumberRelease.State


def register() -> None:
    operations.VERBS[RELEASE] = operations.Verb(
        execute=release, settle=settle, changed=changed, repeat_when_absent=True, needs=May.CHANGE_NUMBERS
    )  # given back twice is given back once


def hand_over_due() -> int:
    """Ask upstream for what nobody undid in time. Returns how many were asked."""
    pks = list(NumberRelease.objects.due().order_by("release_at").values_list("pk", flat=True)[:AT_ONCE])
    return sum(map(_hand_over, pks))


def _hand_over(pk: int) -> int:
    """The row is locked while it changes hands, so an undo comes before or after, never in between."""
    with transaction.atomic():
        row = NumberRelease.objects.due().select_for_update().filter(pk=pk).first()
        if row is None:
            return 0
        number = Number.objects.select_related("connection").get(pk=row.number_id)
        if number.gone_at or number.status == Number.Status.DELETED:
            NumberRelease.objects.filter(pk=pk).update(state=State.DONE)
            return 0
        arguments = {"external_id": number.external_id, "account_id": row.account_id, "status": number.status}
        operation, _ = operations.ask(
            number.connection, RELEASE, arguments,
            key=f"{RELEASE}:{row.pk}", subject=subject_of(number.external_id), actor_name=row.actor_name,
            asker=asked_before(row.user_id, row.account_id),
        )  # fmt: skip
        NumberRelease.objects.filter(pk=pk).update(state=State.ASKED, operation=operation)
    return 1


def release(client: Client, operation: Operation) -> dict:
    """Only a number that still is on the account that gave it up."""
    arguments = operation.arguments
    mine = Number.objects.present().filter(connection=operation.connection, external_id=arguments["external_id"])
    if not mine.filter(account_id=arguments["account_id"]).exists():
        raise not_yours()
    if is_moving(operation.connection_id, arguments["external_id"]):
        raise Held("the number is being moved", code="moving", retry_at=timezone.now() + WHILE_MOVING)
    try:
        client.release_number(arguments["external_id"])
    except NotFound:
        if _status(client, operation) is not None:
            raise
    try:
        told = _status(client, operation)
    except UpstreamError as error:
        raise Unclear("released, but not read back", code="not-read-back") from error
    if told == NumberStatus.ACTIVE:
        raise Unclear("released, but still listed", code="still-listed")
    return {}


def settle(client: Client, operation: Operation) -> Settlement:
    told = _status(client, operation)
    changed_since = told is not None and told.value != operation.arguments["status"]
    gone = told in (None, NumberStatus.DELETED) or changed_since
    return Settlement(Sight.FOUND if gone else Sight.ABSENT)


def _status(client: Client, operation: Operation) -> NumberStatus | None:
    """What the upstream lists it as, None when it lists it no more."""
    try:
        return client.number(external_id=operation.arguments["external_id"]).status
    except NotFound:
        return None


def changed(operation: Operation) -> None:
    """Gone from the inventory at once, not with the next listing. A refusal leaves it as it was."""
    row = NumberRelease.objects.select_related("number", "account").filter(operation=operation).first()
    if row is None:
        return
    if operation.state == Operation.State.DONE:
        numbers = Number.objects.filter(connection=operation.connection, external_id=operation.arguments["external_id"])
        numbers.update(status=Number.Status.DELETED, gone_at=timezone.now(), digest="")
        _move(row, State.DONE)
        audit(Actor(account=row.account), "number.released", row.number.number)
    elif operation.state in (Operation.State.FAILED, Operation.State.PARKED):
        _move(row, State.REFUSED)


def _move(row: NumberRelease, state: str) -> None:
    NumberRelease.objects.filter(pk=row.pk).update(state=state)
