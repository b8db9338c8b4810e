"""The work on many numbers: trying every row without writing, then asking for what differs, batch by batch."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import file_jobs
from accounts.actor import Actor
from accounts.suspension import Suspended
from numbering.batches.items import Item, NotAllowed, beginning, items_of
from numbering.batches.judging import Bad, Wanted, judge
from numbering.models import Number, NumberBatch, NumberBatchRow
from numbering.services.numbers import ask_for, overlays, write_notes
from numbering.upstream.numbers import UPDATE_ONE_OF_MANY
from providers.mirroring import digest_of
from providers.seen import seen

SLICE_SECONDS = 15.0
KEEP = timedelta(days=7)
MOST_SHOWN = 100  # bad rows on the page; the file of results has all
State = NumberBatch.State
Outcome = NumberBatchRow.Outcome
log = logging.getLogger(__name__)


def waiting() -> list[int]:
    return file_jobs.waiting(NumberBatch)


def work(pk: int, wake: Callable[[int], object]) -> None:
    """Check or write. Safe to call twice, also at once. `wake` is asked to go on where one turn was not enough."""
    job = file_jobs.claim(NumberBatch, pk)
    if job is None:
        return
    try:
        with translation.override(job.created_by.language if job.created_by else "en"):
            if job.state == State.CHECKING:
                _check(job)
            elif not _write(job):
                wake(pk)
    except OperationalError:
        raise  # the database is away: the sweep comes back to it
    except NotAllowed:
        file_jobs.finish(job, State.FAILED, error="not-allowed")
    except Suspended:
        file_jobs.finish(job, State.FAILED, error="suspended")
    except (OSError, ValueError) as error:
        log.warning("change of many numbers %s stopped: %s", pk, type(error).__name__)
        file_jobs.finish(job, State.FAILED, error="file-lost")


def judged(job: NumberBatch, items: list[Item]) -> Iterator[tuple[Item, Wanted | None, Bad | None]]:
    """Each row with what it would change or why it cannot."""
    numbers = list({item.number.pk: item.number for item in items if item.number}.values())
    laid_over = overlays(numbers)
    how = {"region": job.account.country, "abroad": bool(job.plan.get("abroad"))}
    for item in items:
        if item.bad or item.number is None:
            yield item, None, item.bad
            continue
        item.seen = laid_over[item.number.pk]
        try:
            yield item, judge(item.number, item.seen, item.told, **how), None
        except Bad as bad:
            yield item, None, bad


# --- trying -------------------------------------------------------------------------------------------------------------


def _check(job: NumberBatch) -> None:
    """From the start, without writing. A check that was interrupted begins anew."""
    counts, problems = Counter(), []
    with seen() as shown:
        for items in items_of(job, *beginning(job)):
            first = shown.add(item.e164 for item in items if item.e164)
            for item, wanted, bad in judged(job, items):
                again = _repeated(item, first)
                bad = bad or again
                counts[_kind(wanted, bad)] += 1
                if bad and len(problems) < MOST_SHOWN:
                    problems.append([item.line, bad.name, bad.value or item.text, bad.words])
            if not file_jobs.keep(job, offset=items[-1].end, line=items[-1].line, checked=dict(counts)):
                return
    start, line = beginning(job)
    file_jobs.finish(job, State.CHECKED, offset=start, line=line, checked=dict(counts), problems=problems)


def _repeated(item: Item, first: set[str]) -> Bad | None:
    """The first row of a number counts: which of two the person means, nobody can know."""
    if item.e164 in first:
        first.discard(item.e164)
        return None
    return repeated(item)


def repeated(item: Item) -> Bad:
    return Bad(_("This number stands in an earlier row already."), "number", item.text)


def _kind(wanted: Wanted | None, bad: Bad | None) -> str:
    return "bad" if bad else "change" if wanted else "same"


# --- writing ------------------------------------------------------------------------------------------------------------


def _write(job: NumberBatch) -> bool:
    """Go on where the last batch ended, for one turn. True when all is asked for (or the job is somebody else's)."""
    began = time.monotonic()
    for items in items_of(job, job.offset, job.line):
        if not _write_batch(job, items):
            return True
        if time.monotonic() - began > SLICE_SECONDS:
            return not file_jobs.rest(job)
    file_jobs.finish(job, State.DONE)
    return True


def _write_batch(job: NumberBatch, items: list[Item]) -> bool:
    with transaction.atomic():
        held = file_jobs.held(job)
        if held is None:
            return False
        _hold_numbers(items)
        counts = Counter(held.counts)
        actor = Actor(user=job.created_by, account=job.account, name=str(job.created_by))
        rows = [_row(job, actor, *one) for one in _first_of_each(job, items)]
        counts.update(row.outcome for row in rows)
        NumberBatchRow.objects.bulk_create(rows)
        job.offset, job.line = items[-1].end, items[-1].line
        return file_jobs.keep(job, offset=job.offset, line=job.line, counts=dict(counts))


def _hold_numbers(items: list[Item]) -> None:
    """Nobody else changes them while we look and ask; read anew, since the rows were read before."""
    pks = sorted({item.number.pk for item in items if item.number})
    rows = Number.objects.select_for_update(of=("self",)).select_related("connection").filter(pk__in=pks).order_by("pk")
    there = {row.pk: row for row in rows}
    for item in items:
        item.number = there.get(item.number.pk) if item.number else None


def _first_of_each(job: NumberBatch, items: list[Item]) -> Iterator[tuple[Item, Wanted | None, Bad | None]]:
    """A number that stands again is asked for once: also where its first row is in a batch before."""
    pks = [item.number.pk for item in items if item.number]
    done = set(job.rows.filter(number__in=pks).values_list("number_id", flat=True))
    for item, wanted, bad in judged(job, items):
        if bad is None and item.number.pk in done:
            bad = repeated(item)
        if item.number:
            done.add(item.number.pk)
        yield item, wanted, bad


def _row(job: NumberBatch, actor: Actor, item: Item, wanted: Wanted | None, bad: Bad | None) -> NumberBatchRow:
    row = NumberBatchRow(batch=job, line=item.line, text=item.e164 or item.text, number=item.number)
    if bad:
        row.outcome, row.words = Outcome.BAD, bad.words
        return row
    noted = write_notes(actor, item.number, wanted.notes)
    if wanted.settings:
        key, form = f"batch:{job.pk}:{item.line}", digest_of(wanted.settings)
        row.change = ask_for(
            actor, item.number, item.seen, wanted.settings, key=key, form=form, verb=UPDATE_ONE_OF_MANY
        )
    row.outcome = Outcome.ASKED if row.change else Outcome.NOTED if noted else Outcome.SAME
    return row


def forget_old() -> int:
    """A week is enough to fetch the results: then the file goes, and what the job did stays."""
    old = NumberBatch.objects.filter(created_at__lt=timezone.now() - KEEP).exclude(file="")
    jobs = [job for job in old.order_by("pk")[:200] if not job.is_working]
    for job in jobs:
        job.file.delete(save=False)
        NumberBatch.objects.filter(pk=job.pk).update(file="", sample=[], problems=[])
    return len(jobs)
