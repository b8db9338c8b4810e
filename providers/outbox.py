"""The life of everything that must happen upstream exactly once (see `models.Outgoing` for the drawing).

The engine knows rows, claims and errors; what a row means is told by a `Handler`, one per model, put into HANDLERS by the app
that owns the model. Claims are conditional updates committed before the call; a row is never sent again while its last
attempt is unclear.
"""

import logging
import random
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Q, QuerySet
from django.utils import timezone

from providers import gateway, pauses, waking
from providers.clients.base import Client
from providers.clients.errors import CredentialsRefused, Effect, Rejected, UpstreamError
from providers.models import Connection, Outgoing
from providers.quota import Priority
from providers.vault import CannotDecrypt

log = logging.getLogger(__name__)

Step = Outgoing.Step
MOST_DEATHS = 5  # workers that may die on a row before it is put aside
LOOKS_NEEDED = 2
GRACE = timedelta(seconds=15)  # beyond the call's own deadline, before a claimed row counts as abandoned
WAIT_FOR_CREDENTIALS = ("credentials", "no_credentials")


class Sight(StrEnum):
    FOUND = "found"
    ABSENT = "absent"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the upstream's own records say about an unclear attempt."""

    sight: Sight
    result: dict = field(default_factory=dict)


class Handler(Protocol):
    """What the engine asks of the app that owns a kind of row. `execute` and `settle` run outside any transaction."""

    def priority(self, row) -> Priority: ...

    def execute(self, client: Client, row) -> dict:
        """Make the change; return what to remember. Raises UpstreamError."""

    def settle(self, client: Client, row) -> Settlement:
        """Look whether the change was made. Raises UpstreamError when the records cannot be read."""

    def repeatable(self, row) -> bool:
        """Whether a change found absent twice may be sent again without asking a person."""

    def changed(self, row) -> None:
        """Told inside the transaction in which the row took a new state; store what follows from it here."""

    def line_up(self, due: QuerySet) -> QuerySet:
        """Which of the due rows a sweep wakes, and in which order."""

    def wake(self, pk: int) -> None:
        """Publish the task that will run the row."""


HANDLERS: dict[type[Outgoing], Handler] = {}


def wake_on_commit(row: Outgoing) -> None:
    """Wake a worker once the row is committed. A lost wake-up only costs time: the sweep finds the row."""
    waking.wake_on_commit(HANDLERS[type(row)].wake, row.pk)


def run(model: type[Outgoing], pk: int) -> bool:
    """Take one step for a row, if it is due and not taken: send it, or settle it. Returns whether a step was taken."""
    row = model.objects.select_related("connection").filter(pk=pk).first()
    if row is None:
        return False
    if row.state == Step.UNKNOWN:
        return _settle(row)
    return _send(row)


def sweep(model: type[Outgoing], limit: int = 200) -> int:
    """Find work by rows: abandon what dead workers held, wake what is due. Returns the number of rows woken."""
    abandon(model)
    _release(model)
    handler = HANDLERS[model]
    due = handler.line_up(model.objects.due().filter(state__in=[Step.QUEUED, Step.UNKNOWN]))
    pks = list(due.values_list("pk", flat=True)[:limit])
    for pk in pks:
        waking.wake(handler.wake, pk)
    return len(pks)


def abandon(model: type[Outgoing]) -> int:
    """Rows whose worker died in the middle of a call become UNKNOWN, never QUEUED: the call may have gone through."""
    handler = HANDLERS[model]
    deadline = timezone.now() - timedelta(seconds=settings.UPSTREAM_DEADLINE) - GRACE
    count = 0
    for row in model.objects.filter(state=Step.SENDING, claimed_at__lt=deadline):
        with transaction.atomic():
            count += _move(
                row, Step.UNKNOWN, handler, looks=0, was_unknown=True, error_code="worker_lost", due_at=timezone.now()
            )
    return count


def _release(model: type[Outgoing]) -> None:
    """What the breaker held back need not wait any longer once its upstream answers again."""
    now = timezone.now()
    held = model.objects.filter(state=Step.QUEUED, error_code="breaker_open", due_at__gt=now)
    held.filter(connection__health=Connection.Health.OK).update(due_at=now)


def let_go(connection: Connection) -> None:
    """The connection has new credentials: what waited for them need not wait any longer."""
    for model in HANDLERS:
        waiting = model.objects.filter(connection=connection, state=Step.QUEUED, due_at__gt=timezone.now())
        waiting.filter(error_code__in=WAIT_FOR_CREDENTIALS).update(due_at=timezone.now())


# --- sending ----------------------------------------------------------------------------------------------------------


def claim(row: Outgoing) -> bool:
    """Take a due, queued row for ourselves; committed when this returns.

    Not while an older row of the same connection and subject is open, or any such row is on its way or unclear: two changes
    of one thing, or two identical texts, are never in flight together. A row that waits for a time of its own stands in
    nobody's way until it was tried once.
    """
    if row.state != Step.QUEUED:
        return False  # most wake-ups that come twice end here, without a lock
    now = timezone.now()
    model = type(row)
    twins = model.objects.filter(connection=row.connection_id, subject=row.subject).exclude(pk=row.pk)
    older = Q(state=Step.QUEUED, pk__lt=row.pk) & (Q(due_at__lte=now) | Q(attempts__gt=0))
    ahead = twins.filter(Q(state__in=[Step.SENDING, Step.UNKNOWN]) | older)
    free = model.objects.filter(pk=row.pk, state=Step.QUEUED, due_at__lte=now)
    if row.subject:
        free = free.filter(~Exists(ahead))
    token = uuid.uuid4()
    with transaction.atomic():
        Connection.objects.hold(row.connection_id)  # two twins must not both see the other as idle
        taken = free.update(state=Step.SENDING, claimed_at=now, claim_token=token, attempts=F("attempts") + 1)
    if taken:
        row.refresh_from_db(from_queryset=model.objects.select_related(*model.TOGETHER))
    return taken == 1


def _send(row: Outgoing) -> bool:
    handler = HANDLERS[type(row)]
    if row.attempts - row.returned >= MOST_DEATHS and row.state == Step.QUEUED:
        _finish(row, Step.PARKED, handler, error_code="too_many_tries")
        return True
    if not claim(row):
        return False
    try:
        result = handler.execute(gateway.client_for(row.connection, handler.priority(row)), row)
    except UpstreamError as error:
        _after_error(row, handler, error)
    except CannotDecrypt:
        _later(row, handler, 300, error_code="no_credentials", error_words="")
    except Exception:
        log.exception("unexpected error while sending %s %s", type(row).__name__, row.pk)
        _unclear(row, handler, error_code="internal", error_words="")
    else:
        _succeed(row, handler, result)
    return True


def _after_error(row: Outgoing, handler: Handler, error: UpstreamError) -> None:
    why = {"error_words": "\n".join(error.words) or str(error), "error_cause": error.cause.value}
    if error.effect is Effect.UNKNOWN:
        _unclear(row, handler, error_code=error.code or "unclear", **why)
    elif isinstance(error, CredentialsRefused):
        gateway.credentials_refused(row.connection, error)
        _later(row, handler, 300, error_code="credentials", **why)
    elif error.retryable:
        _later(row, handler, pauses.before_next_try(row, error), error_code=error.code or "unreachable", **why)
    else:
        problems = getattr(error, "problems", ())
        _finish(row, Step.FAILED, handler, error_code=error.code, **why, **_problems(row, problems, error))


def _problems(row: Outgoing, problems, error: Rejected) -> dict:
    if not hasattr(row, "problems"):
        return {}
    return {
        "problems": [dict_of(problem) for problem in problems],
        "result": {**row.result, "alternates": [dict_of(item) for item in getattr(error, "alternates", ())]},
    }


def dict_of(record) -> dict:
    """A record of plain values as JSON can hold it."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__ if name != "raw"}


def _later(row: Outgoing, handler: Handler, seconds: float, **why: str) -> None:
    due = timezone.now() + timedelta(seconds=seconds * random.uniform(1.0, 1.2))  # noqa: S311 - jitter, not a secret
    with transaction.atomic():
        _move(row, Step.QUEUED, handler, due_at=due, returned=row.returned + 1, **why)


def _unclear(row: Outgoing, handler: Handler, **why: str) -> None:
    due = timezone.now() + timedelta(seconds=settings.UPSTREAM_LOG_LAG)
    with transaction.atomic():
        _move(row, Step.UNKNOWN, handler, due_at=due, looks=0, was_unknown=True, returned=row.returned + 1, **why)


def _succeed(row: Outgoing, handler: Handler, result: dict) -> None:
    try:
        _finish(row, row.SUCCESS, handler, error_code="", error_words="", **_results(row, result))
    except IntegrityError:
        # Their id is bound to another row already. It was sent, so it must never be sent again: a person looks.
        log.exception("%s %s: the upstream's answer belongs to another row", type(row).__name__, row.pk)
        row.refresh_from_db()
        _finish(row, Step.PARKED, handler, was_unknown=True, error_code="answer_of_another")


def _results(row: Outgoing, result: dict) -> dict:
    """The columns a result fills: an Operation keeps it whole, other rows take the columns they have."""
    if hasattr(row, "result"):
        return {"result": result}
    return result


# --- settling ---------------------------------------------------------------------------------------------------------


def _settle(row: Outgoing) -> bool:
    """Look in the upstream's records. Two empty looks, apart by the log's lag, before a row counts as absent."""
    handler = HANDLERS[type(row)]
    if not _claim_look(row):
        return False
    try:
        settlement = handler.settle(gateway.client_for(row.connection, Priority.SETTLE), row)
    except (UpstreamError, CannotDecrypt) as error:
        log.info("%s %s cannot be settled yet: %s", type(row).__name__, row.pk, type(error).__name__)
        return _look_again(row, handler)
    if settlement.sight is Sight.FOUND:
        _succeed(row, handler, settlement.result)
    elif settlement.sight is Sight.ABSENT:
        _absent(row, handler)
    else:
        _look_again(row, handler)
    return True


def _claim_look(row: Outgoing) -> bool:
    """Only one worker looks: the next look is put off before this one starts."""
    now = timezone.now()
    lease = now + timedelta(seconds=settings.UPSTREAM_DEADLINE) + GRACE
    rows = type(row).objects.filter(pk=row.pk, state=Step.UNKNOWN, due_at__lte=now)
    return rows.update(due_at=lease) == 1


def _look_again(row: Outgoing, handler: Handler) -> bool:
    wait = max(settings.UPSTREAM_LOG_LAG, 5)
    due = timezone.now() + timedelta(seconds=wait)
    with transaction.atomic():
        _move(row, Step.UNKNOWN, handler, due_at=due)
    return True


def _absent(row: Outgoing, handler: Handler) -> None:
    looks = row.looks + 1
    if looks < LOOKS_NEEDED:
        with transaction.atomic():
            _move(row, Step.UNKNOWN, handler, looks=looks, due_at=pauses.last_look_at(row))
    elif not handler.repeatable(row):
        _finish(row, Step.PARKED, handler, looks=looks, error_code="absent")
    elif row.attempts - row.returned >= MOST_DEATHS:
        _finish(row, Step.PARKED, handler, looks=looks, error_code="too_many_tries")
    else:
        with transaction.atomic():
            _move(row, Step.QUEUED, handler, looks=looks, due_at=timezone.now())
        waking.wake(handler.wake, row.pk)


# --- moving -----------------------------------------------------------------------------------------------------------


def _finish(row: Outgoing, state: str, handler: Handler, **values) -> None:
    if hasattr(row, "finished_at"):
        values["finished_at"] = timezone.now()
    with transaction.atomic():
        _move(row, state, handler, due_at=None, **values)


def _move(row: Outgoing, state: str, handler: Handler, **values) -> int:
    """Change the row only if it is still as we knew it, then tell its owner, in one transaction.

    Nobody else writes what is moved here while state and token are ours, so the row need not be read again.
    """
    same = type(row).objects.filter(pk=row.pk, state=row.state, claim_token=row.claim_token)
    if hasattr(row, "changed_at"):
        values["changed_at"] = timezone.now()
    if not same.update(state=state, **values):
        log.warning("%s %s was moved by somebody else", type(row).__name__, row.pk)
        return 0
    for name, value in {"state": state, **values}.items():
        setattr(row, name, value)
    handler.changed(row)
    return 1
