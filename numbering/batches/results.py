"""Numbers and results as tables, read a lot at a time, so that their number costs no memory."""

from collections.abc import Iterator
from itertools import chain

from django.utils.translation import gettext as _

from numbering.batches import asking
from numbering.batches.meanings import CHANGEABLE, LABELS, NUMBER, SWITCHES
from numbering.models import Number, NumberBatch, NumberBatchRow
from numbering.presenters.batches import outcome_of

LOT = 500


def page(job: NumberBatch, after: str, size: int) -> tuple[list[NumberBatchRow], int | None]:
    """Rows that follow a line, and the line after which the next page begins."""
    place = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    found = list(_rows(job).filter(line__gt=place)[: size + 1])
    return found[:size], found[size - 1].line if len(found) > size else None


def _rows(job: NumberBatch):
    return job.rows.select_related("change__operation__connection").order_by("line")


def header() -> list[str]:
    return [_("Line"), str(LABELS[NUMBER]), _("Outcome"), _("Reason")]


def rows(job: NumberBatch) -> Iterator[list]:
    line = 0
    while lot := list(_rows(job).filter(line__gt=line)[:LOT]):
        for row in lot:
            outcome, words = outcome_of(row)
            yield [row.line, row.text, outcome.word, words]
        line = lot[-1].line


def bad_header(job: NumberBatch) -> list[str]:
    return [_("Line"), _("Reason"), *(job.headings or [str(LABELS[NUMBER])])]


def bad_rows(job: NumberBatch) -> Iterator[list]:
    """Begun at once, so that a file that is lost is found before the answer is."""
    found = ([item.line, bad.words, *(item.cells or [item.text])] for item, bad in asking.bad_rows(job))
    first = next(found, None)
    return chain([first] if first else [], found)


# --- the list -----------------------------------------------------------------------------------------------------------


def export_header() -> list[str]:
    return [str(LABELS[name]) for name in (NUMBER, *CHANGEABLE)] + [_("City"), _("State"), _("Provider")]


def export_rows(numbers) -> Iterator[list]:
    """In the order of the numbers. Empty where a setting is, or where the upstream does not have it."""
    rows = numbers.select_related("connection").defer("raw").order_by("number", "pk")
    place = None
    while lot := list((_beyond(rows, place) if place else rows)[:LOT]):
        for number in lot:
            yield [number.number, *(_told(number, name) for name in CHANGEABLE), number.city, number.get_status_display(),
                   number.connection.label]  # fmt: skip
        place = lot[-1]


def _beyond(rows, last: Number):
    return rows.filter(number__gte=last.number).exclude(number=last.number, pk__lte=last.pk)


def _told(number: Number, name: str):
    if name in ("note", "tags", "cost_center"):
        return getattr(number, name)
    if name not in number.settings:
        return ""
    value = number.settings[name]
    if name in SWITCHES:
        return _("yes") if value else _("no")
    return value if value not in (None, "") else ""
