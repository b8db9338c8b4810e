"""An upload becomes a job on a table: the file is kept, its first rows say what the columns most likely are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, TypeVar

from django.core.files import File
from django.db import IntegrityError, transaction

from accounts import csv_reading as reading
from accounts.actor import Actor, audit
from accounts.csv_headings import file_name
from accounts.file_jobs import FileJob

Job = TypeVar("Job", bound=FileJob)
CELL = 200  # letters of a cell that the page shows


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table: what its things are called, whether cells (of an account's country) are headings, and what the
    headings and first rows most likely mean, as the job's plan keeps it."""

    things: str
    has_headings: Callable[[list[str], str], bool]
    guess: Callable[[list[str], list[list[str]], str], dict]


def take_in(actor: Actor, job: Job, upload, kind: Kind) -> Job:
    """Keep the file as that of a new job, which is returned; with an intent that was there before, the job of then.

    Raises `reading.NotReadable`.
    """
    same = type(job).objects.for_account(job.account).filter(intent=job.intent)
    if earlier := same.first():
        return earlier
    name = f"{kind.things}.csv"
    with reading.take_in(upload) as file:
        _look(job, file, kind)
        job.name, job.created_by = file_name(upload.name or "", name), actor.user
        job.file.save(name, File(file), save=False)
    try:
        with transaction.atomic():
            job.save()
            audit(actor, f"{kind.things}.uploaded", job.name, account=job.account, after={"size": job.size})
    except IntegrityError:
        job.file.delete(save=False)
        return same.get()
    return job


def _look(job: FileJob, file: IO[bytes], kind: Kind) -> None:
    country = job.account.country
    job.delimiter, start, first = reading.look(file)
    has_headings = bool(first[0].cells) and kind.has_headings(first[0].cells, country)
    headings = first[0].cells if has_headings else []
    rows = [record.cells for record in (first[1:] if has_headings else first)]
    begin = (first[0].end, first[0].last) if has_headings else (start, 1 if start else 0)
    job.size = file.seek(0, 2)
    job.headings = [heading[:CELL] for heading in headings]
    job.sample = [[cell[:CELL] for cell in row] for row in rows[: reading.SAMPLE]]
    job.plan = {**kind.guess(headings, rows, country), "start": begin[0], "line": begin[1]}
