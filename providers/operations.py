"""Durable changes: how an Operation is asked for, carried out by its verb, and how its outcome reaches the app above."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from providers import outbox
from providers.clients.base import Client
from providers.models import Connection, Operation
from providers.outbox import Settlement
from providers.quota import Priority


@dataclass(frozen=True, slots=True)
class Verb:
    """One kind of change. `changed` runs inside the transaction in which the operation took a new state.

    `needs` and `even_suspended` are for the guards: the permission that who asks must have, and whether the change is for
    an account that was suspended too.
    """

    execute: Callable[[Client, Operation], dict]
    settle: Callable[[Client, Operation], Settlement]
    changed: Callable[[Operation], None]
    priority: Priority = Priority.INTERACTIVE
    repeat_when_absent: bool = False  # only where a second request cannot cost or harm
    needs: str = ""
    even_suspended: bool = False


class Guard(Protocol):
    """What the floor that knows people and accounts has to say to a change, when it is asked for and when it is made."""

    def may_ask(self, verb: Verb, asker: dict) -> None:
        """Raises an error of that floor where the change may not be asked for."""

    def check(self, verb: Verb, operation: Operation) -> None:
        """Just before the call, maybe days later. Raises `Rejected`."""

    def changed(self, operation: Operation) -> None:
        """Told inside the transaction in which the operation took a new state."""


VERBS: dict[str, Verb] = {}  # filled by each app's AppConfig.ready
GUARDS: list[Guard] = []  # likewise


def ask(
    connection: Connection,
    verb: str,
    arguments: dict,
    *,
    key: str,
    subject: str = "",
    actor_name: str = "",
    asker: dict | None = None,
) -> tuple[Operation, bool]:
    """Write the operation in the caller's transaction and wake a worker on commit.

    `key` makes the same intent one operation: asked for twice, the first is returned with False. `asker` says who asks, in
    words that only the guards understand; without it the portal asks, which nobody checks again.
    """
    if verb not in VERBS:
        raise LookupError(f"no verb {verb}")
    for guard in GUARDS:
        guard.may_ask(VERBS[verb], asker or {})
    try:
        with transaction.atomic():
            operation = Operation.objects.create(
                connection=connection,
                verb=verb,
                arguments=arguments,
                idempotency_key=key,
                subject=subject,
                actor_name=actor_name[:160],
                asker=asker or {},
            )
    except IntegrityError:
        return Operation.objects.get(idempotency_key=key), False
    outbox.wake_on_commit(operation)
    return operation, True


def retry(operation: Operation, actor_name: str, asker: dict | None = None) -> bool:
    """A person asks to try a refused or parked operation again, and answers for it. True when it was queued."""
    for guard in GUARDS:
        guard.may_ask(VERBS[operation.verb], asker or {})
    rows = Operation.objects.filter(pk=operation.pk, state__in=[Operation.State.FAILED, Operation.State.PARKED])
    with transaction.atomic():
        from_now = {"attempts": 0, "returned": 0, "looks": 0, "problems": [], "finished_at": None}
        if not rows.update(
            state=Operation.State.QUEUED,
            due_at=timezone.now(),
            actor_name=actor_name[:160],
            asker=asker or {},
            **from_now,
        ):
            return False
        operation.refresh_from_db()
        VERBS[operation.verb].changed(operation)
        outbox.wake_on_commit(operation)
    return True


def withdraw(operation: Operation) -> bool:
    """Its asker no longer wants what no worker has taken yet: it is never sent. False when one has it already.

    The same conditional update as a worker's claim, so that only one of the two comes about; and not once an attempt was
    unclear, for that one may have gone through.
    """
    rows = Operation.objects.filter(pk=operation.pk, state=Operation.State.QUEUED, was_unknown=False)
    with transaction.atomic():
        if not rows.update(state=Operation.State.WITHDRAWN, due_at=None, finished_at=timezone.now()):
            return False
        operation.refresh_from_db()
        VERBS[operation.verb].changed(operation)
    return True


class OperationHandler:
    """Hands each step of the outbox to the operation's verb."""

    def __init__(self, publish: Callable[[int], None]):
        self.publish = publish

    def priority(self, row: Operation) -> Priority:
        return VERBS[row.verb].priority

    def execute(self, client: Client, row: Operation) -> dict:
        verb = VERBS[row.verb]
        for guard in GUARDS:
            guard.check(verb, row)
        return verb.execute(client, row)

    def settle(self, client: Client, row: Operation) -> Settlement:
        return VERBS[row.verb].settle(client, row)

    def repeatable(self, row: Operation) -> bool:
        return VERBS[row.verb].repeat_when_absent

    def changed(self, row: Operation) -> None:
        VERBS[row.verb].changed(row)
        for guard in GUARDS:
            guard.changed(row)

    def line_up(self, due: QuerySet) -> QuerySet:
        return due.order_by("due_at")

    def wake(self, pk: int) -> None:
        self.publish(pk)


def done_since(connection: Connection, verbs: list[str], moment: datetime) -> QuerySet[Operation]:
    """What was confirmed since then, oldest first: a listing that was begun at that moment may not know it."""
    done = Operation.objects.filter(connection=connection, verb__in=verbs, state=Operation.State.DONE)
    return done.filter(finished_at__gte=moment).order_by("finished_at")
