"""What a request may ask of an import of contacts: take a file in, say what its columns are, write it, fetch the bad rows."""

from collections.abc import Iterator
from uuid import UUID

from django.core.files import File
from django.db import IntegrityError, transaction

from accounts import csv_reading as reading
from accounts.actor import Actor, audit
from accounts.csv_headings import file_name
from accounts.models import Account
from messaging import tasks
from messaging.importing import plan, running
from messaging.importing.plan import Plan
from messaging.importing.rows import Bad
from messaging.models import ContactGroup, ContactImport
from providers import waking

State = ContactImport.State
MENDABLE = (State.CHOOSING, State.CHECKED)
CELL = 200  # letters of a cell that the page shows


class NotNow(Exception):
    """The import is past that step, or at work."""


def take_in(actor: Actor, account: Account, upload, intent: UUID) -> ContactImport:
    """Keep the file and guess its columns. The same form sent twice is one import. Raises `reading.NotReadable`."""
    if earlier := ContactImport.objects.for_account(account).filter(intent=intent).first():
        return earlier
    with reading.take_in(upload) as file:
        job = _job(account, file)
        job.intent, job.name, job.created_by = intent, file_name(upload.name or "", "contacts.csv"), actor.user
        job.file.save("contacts.csv", File(file), save=False)
    try:
        with transaction.atomic():
            job.save()
            audit(actor, "contacts.uploaded", job.name, account=account, after={"size": job.size})
    except IntegrityError:
        job.file.delete(save=False)
        return ContactImport.objects.for_account(account).get(intent=intent)
    return job


def _job(account: Account, file) -> ContactImport:
    delimiter, start, first = reading.look(file)
    has_headings = bool(first[0].cells) and plan.has_headings(first[0].cells, account.country)
    headings = first[0].cells if has_headings else []
    rows = [record.cells for record in (first[1:] if has_headings else first)]
    guessed = plan.guess(headings, rows, account.country)
    begin = (first[0].end, first[0].last) if has_headings else (start, 1 if start else 0)
    return ContactImport(
        account=account,
        size=file.seek(0, 2),
        delimiter=delimiter,
        headings=[heading[:CELL] for heading in headings],
        sample=[[cell[:CELL] for cell in row] for row in rows[: reading.SAMPLE]],
        plan={**guessed.kept(), "start": begin[0], "line": begin[1]},
    )


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
