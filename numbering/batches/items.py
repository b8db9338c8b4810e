"""The rows of a change, a batch at a time: from a file, or from the numbers that were chosen."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts import csv_reading as reading
from accounts.access import standing_of
from accounts.csv_reading import Record
from accounts.roles import May
from numbering.batches.judging import Bad
from numbering.batches.meanings import NUMBER
from numbering.forms.number_filter import NumberFilter
from numbering.forms.phone import MESSAGES
from numbering.models import Number, NumberBatch
from numbering.services.numbers import Overlay
from providers.clients import phones

BATCH = 200
_ROUNDED = re.compile(r"\d[.,]\d+E\+?\d+", re.IGNORECASE)
_WITH_NOUGHT = re.compile(r"(\+?\d{10,15})[.,]0+")


class NotAllowed(Exception):
    """Who asked for it may not change these numbers any more."""


@dataclass(slots=True)
class Item:
    """One row: where it stands and ends, the number it names, what it says of it, or what is wrong with it."""

    line: int
    end: int
    text: str
    told: dict[str, str] = field(default_factory=dict)
    e164: str = ""
    number: Number | None = None
    seen: Overlay | None = None
    bad: Bad | None = None
    cells: list[str] = field(default_factory=list)


def beginning(job: NumberBatch) -> tuple[int, int]:
    """Where the rows begin, after the headings."""
    return job.plan.get("start", 0), job.plan.get("line", 0)


def items_of(job: NumberBatch, offset: int, line: int) -> Iterator[list[Item]]:
    """Batches from a place on. Raises `NotAllowed`, and what opening a file raises."""
    standing = standing_of(job.created_by, job.account) if job.created_by and job.created_by.is_active else None
    if standing is None or not standing.may(May.CHANGE_NUMBERS):
        raise NotAllowed
    if job.kind == NumberBatch.Kind.FILE:
        yield from _from_file(job, offset, line)
    else:
        yield from _from_list(job, standing, offset, line)


# --- a file -------------------------------------------------------------------------------------------------------------


def _from_file(job: NumberBatch, offset: int, line: int) -> Iterator[list[Item]]:
    columns = {int(place): meaning for place, meaning in job.plan.get("columns", {}).items()}
    with job.file.open("rb") as file:
        found = reading.records(file, job.delimiter, offset, line)
        while records := list(itertools.islice(found, BATCH)):
            items = [_item(record, columns, job.account.country) for record in records]
            _find(job, items)
            yield items


def _item(record: Record, columns: dict[int, str], country: str) -> Item:
    cells = {columns[place]: cell for place, cell in enumerate(record.cells) if place in columns}
    item = Item(record.line, record.end, cells.pop(NUMBER, "")[:40], cells, cells=record.cells)
    try:
        if record.trouble:
            raise Bad(_("A quotation mark is opened in this row and never closed.") if record.trouble == "quote"
                      else _("This row is too long."))  # fmt: skip
        item.e164 = _e164(item.text, country)
    except Bad as bad:
        item.bad = bad
    return item


def _e164(text: str, country: str) -> str:
    if not text:
        raise Bad(_("There is no phone number in this row."), NUMBER)
    if _ROUNDED.fullmatch(text):
        words = _("The spreadsheet has rounded this number. Format the column as text there and export again.")
        raise Bad(words, NUMBER, text)
    if whole := _WITH_NOUGHT.fullmatch(text):
        text = whole[1]
    try:
        return phones.parse(text.lstrip("'="), country)
    except phones.PhoneError as error:
        raise Bad(MESSAGES[error.reason], NUMBER, text) from None


def _find(job: NumberBatch, items: list[Item]) -> None:
    """Whose number it is decides: another account's is as unknown as one that nobody has."""
    wanted = {item.e164 for item in items if item.e164}
    rows = Number.objects.for_account(job.account).present().filter(number__in=wanted).select_related("connection")
    there = {number.number: number for number in rows}
    for item in items:
        item.number = there.get(item.e164)
        if item.number is None and item.bad is None:
            item.bad = Bad(_("This number is not on your account."), NUMBER, item.text)


# --- the list -----------------------------------------------------------------------------------------------------------


def chosen_numbers(job: NumberBatch, standing):
    """The numbers that a selection means, each once."""
    if job.chosen:
        return Number.objects.for_account(job.account).filter(pk__in=job.chosen)
    return NumberFilter(QueryDict(job.query), standing=standing).own_rows()


def _from_list(job: NumberBatch, standing, offset: int, line: int) -> Iterator[list[Item]]:
    rows = chosen_numbers(job, standing).select_related("connection").defer("raw").order_by("pk")
    told = job.plan.get("told", {})
    while numbers := list(rows.filter(pk__gt=offset)[:BATCH]):
        items = []
        for number in numbers:
            line += 1
            gone = number.gone_at or number.status == Number.Status.DELETED
            bad = Bad(_("This number is gone.")) if gone else None
            items.append(Item(line, number.pk, number.number, told, number.number, number, bad))
        offset = numbers[-1].pk
        yield items
