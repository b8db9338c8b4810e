"""Tables as CSV files, streamed, and safe to open in a spreadsheet."""

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from django.http import StreamingHttpResponse

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_HARMLESS = re.compile(r"^(?:\+[1-9]\d{6,14}|-?\d+(?:\.\d+)?)$", re.ASCII)  # phone numbers and amounts stay as they are


def safe_cell(value) -> str:
    """The text of a cell; one that a spreadsheet would run as a formula gets an apostrophe in front."""
    text = "" if value is None else str(value)
    if text.startswith(_FORMULA) and not _HARMLESS.match(text):
        return f"'{text}"
    return text


class _Echo:
    """A file that hands back what is written into it."""

    def write(self, text: str) -> str:
        return text


def csv_response(name: str, header: list[str], rows: Iterable[Iterable]) -> StreamingHttpResponse:
    """A download that is written while the rows are read, so that its size costs no memory."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _lines(header: list[str], rows: Iterable[Iterable]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # without it Excel reads accents as Latin-1
    for row in chain([header], rows):  # a heading may be what somebody uploaded
        yield writer.writerow([safe_cell(value) for value in row])
