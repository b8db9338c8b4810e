"""The work on a file of contacts: trying every row without writing, then writing in batches that each move the place."""

import itertools
import logging
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.db import OperationalError, transaction
from django.utils import timezone

from accounts import csv_reading as reading
from accounts import file_jobs
from accounts.csv_reading import Record
from messaging.importing.plan import Plan
from messaging.importing.rows import Bad, Row, check
from messaging.importing.seen import Seen
from messaging.importing.writing import Counts, compare, write
from messaging.models import ContactImport

BATCH = 500
SLICE_SECONDS = 20.0
KEEP = timedelta(days=7)
MOST_SHOWN = 100  # bad rows on the page; the file of results has all
SHORTEST_ROW = 8  # bytes: a number and a line end
State = ContactImport.State
log = logging.getLogger(__name__)


def waiting() -> list[int]:
    return file_jobs.waiting(ContactImport)


def work(pk: int, wake: Callable[[int], object]) -> None:
    """Check or write. Safe to call twice, also at once. `wake` is asked to go on where one turn was not enough."""
    job = file_jobs.claim(ContactImport, pk)
    if job is None:
        return
    try:
        if job.state == State.CHECKING:
            _check(job)
        elif not _write(job):
            wake(pk)
    except OperationalError:
        raise  # the database is away: the sweep comes back to it
    except (OSError, ValueError) as error:
        log.warning("import of contacts %s stopped: %s", pk, type(error).__name__)
        file_jobs.finish(job, State.FAILED, error="file-lost")


# --- reading ------------------------------------------------------------------------------------------------------------


def rows_of(
    job: ContactImport, file, offset: int, line: int, today: date
) -> Iterator[tuple[Record, Row | None, Bad | None]]:
    """Every row from a place on, with the contact it means or what is wrong with it."""
    plan = Plan.of(job.plan)
    for record in reading.records(file, job.delimiter, offset, line):
        try:
            yield record, check(record, plan, job.account.country, today), None
        except Bad as bad:
            yield record, None, bad


def beginning(job: ContactImport) -> tuple[int, int]:
    """Where the rows begin, after the headings."""
    return job.plan.get("start", 0), job.plan.get("line", 0)


def day_of(job: ContactImport) -> date:
    """The day by which birthdays are judged: the same for check, writing and results, wherever they run."""
    return job.created_at.date()


# --- trying ---------------------------------------------------------------------------------------------------------------


def _check(job: ContactImport) -> None:
    """From the start, without writing a contact. A check that was interrupted begins anew."""
    counts, problems = Counts(), []
    seen = Seen(min(reading.MOST_ROWS, job.size // SHORTEST_ROW + 1))
    with job.file.open("rb") as file:
        found = rows_of(job, file, *beginning(job), day_of(job))
        for batch in _batched(found):
            fresh = []
            for record, row, bad in batch:
                if bad:
                    counts.bad += 1
                    problems += [[record.line, bad.code, bad.meaning, bad.value]] if len(problems) < MOST_SHOWN else []
                elif seen.add(row.number):
                    fresh.append(row)
                else:
                    counts.repeated += 1
            compare(job.account, fresh, counts)
            if not file_jobs.keep(job, offset=batch[-1][0].end, line=batch[-1][0].last, checked=counts.kept()):
                return
    file_jobs.finish(job, State.CHECKED, offset=0, line=0, checked=counts.kept(), problems=problems)


def _batched(found: Iterator) -> Iterator[tuple]:
    while batch := tuple(itertools.islice(found, BATCH)):
        yield batch


# --- writing --------------------------------------------------------------------------------------------------------------


def _write(job: ContactImport) -> bool:
    """Go on where the last batch ended, for one turn. True when the file is done (or the job is somebody else's)."""
    began, (start, line) = time.monotonic(), beginning(job)
    with job.file.open("rb") as file:
        found = rows_of(job, file, max(job.offset, start), max(job.line, line), day_of(job))
        for batch in _batched(found):
            if not _write_batch(job, batch):
                return True
            if time.monotonic() - began > SLICE_SECONDS:
                return not file_jobs.rest(job)
    file_jobs.finish(job, State.DONE)
    return True


def _write_batch(job: ContactImport, batch: tuple) -> bool:
    with transaction.atomic():
        held = file_jobs.held(job)
        if held is None:
            return False
        counts = Counts.of(held.counts)
        counts.bad += sum(bad is not None for _, _, bad in batch)
        write(job, [row for _, row, _ in batch if row], counts)
        last = batch[-1][0]
        job.offset, job.line = last.end, last.last
        return file_jobs.keep(job, offset=job.offset, line=job.line, counts=counts.kept())


def forget_old() -> int:
    """A week is enough to fetch the bad rows: then the file goes, and what the job did stays."""
    old = ContactImport.objects.filter(created_at__lt=timezone.now() - KEEP).exclude(file="")
    jobs = [job for job in old.order_by("pk")[:200] if not job.is_working]
    for job in jobs:
        job.file.delete(save=False)
        ContactImport.objects.filter(pk=job.pk).update(file="", sample=[], problems=[])
    return len(jobs)
