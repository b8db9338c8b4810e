"""What a request may ask of a change of many numbers: take a file in, say what its columns are, or choose numbers; then begin."""

from collections.abc import Iterator
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count

from accounts import file_uploads
from accounts.access import Standing
from accounts.actor import Actor, audit
from accounts.models import Account
from accounts.suspension import check as check_suspension
from numbering import tasks
from numbering.batches import meanings, running
from numbering.batches.items import Item, beginning, chosen_numbers, items_of
from numbering.batches.judging import Bad
from numbering.models import NumberBatch
from numbering.services.intents import IntentUsed
from providers import waking

State = NumberBatch.State
MENDABLE = (State.CHOOSING, State.CHECKED)
MOST_CHOSEN = 1000


class NotNow(Exception):
    """The change is past that step, or at work."""


def take_in(actor: Actor, account: Account, upload, intent: UUID) -> NumberBatch:
    """Keep the file and guess its columns. The same form sent twice is one change. Raises `csv_reading.NotReadable`."""
    return file_uploads.take_in(
        actor, NumberBatch(account=account, kind=NumberBatch.Kind.FILE, intent=intent), upload, TABLE
    )


def _guess(headings: list[str], rows: list[list[str]], country: str) -> dict:
    return {"columns": {str(place): name for place, name in meanings.guess(headings, rows, country).items()}}


TABLE = file_uploads.Kind("numbers", meanings.has_headings, _guess)


def choose(actor: Actor, job: NumberBatch, columns: dict[int, str], *, abroad: bool) -> None:
    """Say what the columns are, and try every row. Raises `NotNow`."""
    with transaction.atomic():
        row = _held(job, MENDABLE)
        row.plan = {**row.plan, "columns": {str(place): name for place, name in columns.items()}, "abroad": abroad}
        row.state, row.worked_at, row.created_by = State.CHECKING, None, actor.user
        row.offset, row.line, row.checked, row.problems = *beginning(row), {}, []
        row.save()
        waking.wake_on_commit(tasks.run_batch.delay, row.pk)


def edit(
    actor: Actor, standing: Standing, told: dict[str, str], *, abroad: bool, chosen: list[int], query: str, intent: UUID
) -> NumberBatch:
    """One change of the chosen numbers, or of all that `query` finds; tried at once. Raises `IntentUsed`."""
    account = standing.account
    plan = {"told": told, "abroad": abroad}
    job = NumberBatch(
        account=account, kind=NumberBatch.Kind.SELECTION, intent=intent, plan=plan, chosen=chosen,
        query="" if chosen else query, state=State.CHECKING, created_by=actor.user,
    )  # fmt: skip
    job.size = chosen_numbers(job, standing).count()
    try:
        with transaction.atomic():
            job.save()
            waking.wake_on_commit(tasks.run_batch.delay, job.pk)
    except IntegrityError:
        earlier = NumberBatch.objects.for_account(account).filter(intent=intent).first()
        if earlier is None or (earlier.plan, earlier.chosen, earlier.query) != (plan, chosen, job.query):
            raise IntentUsed from None
        return earlier
    return job


def begin(actor: Actor, job: NumberBatch) -> None:
    """Ask for all that differs. Asked twice, it begins once. Raises `NotNow`."""
    check_suspension(actor)
    with transaction.atomic():
        row = NumberBatch.objects.select_for_update().get(pk=job.pk)
        if row.state in (State.RUNNING, State.DONE):
            return
        if row.state != State.CHECKED or (row.kind == NumberBatch.Kind.FILE and not row.file):
            raise NotNow
        row.state, row.worked_at, row.counts, row.created_by = State.RUNNING, None, {}, actor.user
        row.offset, row.line = beginning(row)
        row.save()
        what = {"rows": row.checked, **row.plan.get("told", {})}
        audit(actor, "numbers.changed_together", row.name, account=row.account, after=what)
        waking.wake_on_commit(tasks.run_batch.delay, row.pk)


def drop(actor: Actor, job: NumberBatch) -> None:
    """Forget a change that was not begun, with its file. Raises `NotNow`."""
    with transaction.atomic():
        row = _held(job, (*MENDABLE, State.CHECKING, State.FAILED))
        if row.rows.exists():
            raise NotNow  # it stopped half way: what it asked for stays to be seen
        file = row.file
        audit(actor, "numbers.upload_deleted", row.name, account=row.account)
        row.delete()
        if file:
            transaction.on_commit(lambda: file.delete(save=False))


def _held(job: NumberBatch, states) -> NumberBatch:
    row = NumberBatch.objects.select_for_update().get(pk=job.pk)
    if row.state not in states:
        raise NotNow
    return row


def bad_rows(job: NumberBatch) -> Iterator[tuple[Item, Bad]]:
    """Every row that the check refuses, found anew."""
    told: set[str] = set()
    for items in items_of(job, *beginning(job)):
        for item, _wanted, bad in running.judged(job, items):
            if bad is None and item.e164 in told:
                bad = running.repeated(item)
            told.add(item.e164)
            if bad:
                yield item, bad


def standing_of_changes(job: NumberBatch) -> dict[str, int]:
    """How many of the changes that were asked for upstream are in each state."""
    rows = job.rows.filter(change__isnull=False).order_by().values_list("change__operation__state")
    return dict(rows.annotate(count=Count("pk")))
