"""The work on a file of contacts: trying every row without writing, then writing in batches that each move the place.

One worker at a time holds a job, by its sign of life (`worked_at`). Who lost it finds so at the next batch and stops; what
it wrote stays, because a batch and the place it ends at are one transaction.
"""

import itertools
import logging
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from messaging.importing import reading
from messaging.importing.plan import Plan
from messaging.importing.reading import Record
from messaging.importing.rows import Bad, Row, check
from messaging.importing.seen import Seen
from messaging.importing.writing import Counts, compare, write
from messaging.models import ContactImport

BATCH = 500
SLICE_SECONDS = 20.0
LOST_AFTER = timedelta(seconds=60)
KEEP = timedelta(days=7)
MOST_SHOWN = 100  # bad rows on the page; the file of results has all
SHORTEST_ROW = 8  # bytes: a number and a line end
State = ContactImport.State
log = logging.getLogger(__name__)


def waiting() -> list[int]:
    """Jobs that nobody works on: new ones, and those whose worker died."""
    lost = Q(worked_at=None) | Q(worked_at__lt=timezone.now() - LOST_AFTER)
    return list(ContactImport.objects.working().filter(lost).values_list("pk", flat=True))


def work(pk: int, wake: Callable[[int], object]) -> None:
    """Check or write. Safe to call twice, also at once. `wake` is asked to go on where one turn was not enough."""
    job = _claim(pk)
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
        _finish(job, State.FAILED, error="file-lost")


def _claim(pk: int) -> ContactImport | None:
    now = timezone.now()
    free = Q(worked_at=None) | Q(worked_at__lt=now - LOST_AFTER)
    if not ContactImport.objects.working().filter(free, pk=pk).update(worked_at=now):
        return None
    return ContactImport.objects.select_related("account").get(pk=pk)


def _keep(job: ContactImport, **values) -> bool:
    """Write progress and a new sign of life. False when the job is somebody else's by now."""
    now = timezone.now()
    mine = ContactImport.objects.filter(pk=job.pk, state=job.state, worked_at=job.worked_at)
    if not mine.update(worked_at=now, **values):
        return False
    job.worked_at = now
    return True


def _finish(job: ContactImport, state: str, **values) -> None:
    mine = ContactImport.objects.filter(pk=job.pk, state=job.state, worked_at=job.worked_at)
    mine.update(state=state, worked_at=None, finished_at=timezone.now(), **values)


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
            if not _keep(job, offset=batch[-1][0].end, line=batch[-1][0].last, checked=counts.kept()):
                return
    _finish(job, State.CHECKED, offset=0, line=0, checked=counts.kept(), problems=problems)


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
                return not _keep_for_next(job)
    _finish(job, State.DONE)
    return True


def _keep_for_next(job: ContactImport) -> bool:
    mine = ContactImport.objects.filter(pk=job.pk, state=job.state, worked_at=job.worked_at)
    return bool(mine.update(worked_at=None))


def _write_batch(job: ContactImport, batch: tuple) -> bool:
    with transaction.atomic():
        held = ContactImport.objects.select_for_update().get(pk=job.pk)
        if (held.state, held.offset, held.worked_at) != (job.state, job.offset, job.worked_at):
            return False
        counts = Counts.of(held.counts)
        counts.bad += sum(bad is not None for _, _, bad in batch)
        write(job, [row for _, row, _ in batch if row], counts)
        last = batch[-1][0]
        job.offset, job.line = last.end, last.last
        return _keep(job, offset=job.offset, line=job.line, counts=counts.kept())


def forget_old() -> int:
    """A week is enough to fetch the bad rows: then the file goes, and what the job did stays."""
    old = ContactImport.objects.filter(created_at__lt=timezone.now() - KEEP).exclude(file="")
    jobs = [job for job in old.order_by("pk")[:200] if not job.is_working]
    for job in jobs:
        job.file.delete(save=False)
        ContactImport.objects.filter(pk=job.pk).update(file="", sample=[], problems=[])
    return len(jobs)
