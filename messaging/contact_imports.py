"""What a request may ask of an import of contacts: take a file in, say what its columns are, write it, fetch the bad rows."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from accounts import file_uploads
from accounts.actor import Actor, audit
from accounts.models import Account
from messaging import tasks
from messaging.importing import plan, running
from messaging.importing.plan import Plan
from messaging.importing.rows import Bad
from messaging.models import ContactGroup, ContactImport
from providers import waking

State = ContactImport.State
MENDABLE = (State.CHOOSING, State.CHECKED)


class NotNow(Exception):
    """The import is past that step, or at work."""


def take_in(actor: Actor, account: Account, upload, intent: UUID) -> ContactImport:
    """Keep the file and guess its columns. The same form sent twice is one import. Raises `csv_reading.NotReadable`."""
    return file_uploads.take_in(actor, ContactImport(account=account, intent=intent), upload, TABLE)


def _guess(headings: list[str], rows: list[list[str]], country: str) -> dict:
    return plan.guess(headings, rows, country).kept()


TABLE = file_uploads.Kind("contacts", plan.has_headings, _guess)


def choose(actor: Actor, job: ContactImport, chosen: Plan, group: ContactGroup | None) -> None:
    """Say what the columns are, and try every row. Raises `NotNow`."""
    with transaction.atomic():
        row = _held(job, MENDABLE)
        row.plan = {**row.plan, **chosen.kept()}
        row.group, row.state, row.worked_at = group, State.CHECKING, None
        row.offset, row.line, row.checked, row.problems = *running.beginning(row), {}, []
        row.save()
        waking.wake_on_commit(tasks.run_import.delay, row.pk)


def begin(actor: Actor, job: ContactImport) -> None:
    """Write the contacts. Asked twice, it begins once. Raises `NotNow`."""
    with transaction.atomic():
        row = ContactImport.objects.select_for_update().get(pk=job.pk)
        if row.state in (State.RUNNING, State.DONE):
            return
        if row.state != State.CHECKED or not row.file:
            raise NotNow
        row.state, row.worked_at, row.counts = State.RUNNING, None, {}
        row.offset, row.line = running.beginning(row)
        row.save()
        audit(actor, "contacts.imported", row.name, account=row.account, after={"rows": row.checked})
        waking.wake_on_commit(tasks.run_import.delay, row.pk)


def drop(actor: Actor, job: ContactImport) -> None:
    """Forget the file and the import. What it wrote stays. Raises `NotNow` while it writes."""
    with transaction.atomic():
        row = _held(job, (*MENDABLE, State.CHECKING, State.FAILED, State.DONE))
        file = row.file
        audit(actor, "contacts.upload_deleted", row.name, account=row.account)
        row.delete()
        if file:
            transaction.on_commit(lambda: file.delete(save=False))


def _held(job: ContactImport, states) -> ContactImport:
    row = ContactImport.objects.select_for_update().get(pk=job.pk)
    if row.state not in states or (not row.file and row.state in MENDABLE):
        raise NotNow
    return row


def bad_rows(job: ContactImport) -> Iterator[tuple[int, Bad, list[str]]]:
    """Every row that is no contact: its line, what is wrong, and its cells; read anew from the file."""
    with job.file.open("rb") as file:
        for record, _row, bad in running.rows_of(job, file, *running.beginning(job), running.day_of(job)):
            if bad:
                yield record.line, bad, record.cells
