"""The texts as a table: UTF-8 with the mark that Excel wants, and no cell that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Iterator

from accounts.exporting import safe_cell
from messaging.exporting.telling import Text, cells, header

MARK = "\ufeff"


def begin(file: io.RawIOBase) -> None:
    file.write(_lines([header()], MARK))


def write(file: io.RawIOBase, texts: Iterable[Text]) -> None:
    file.write(_lines(map(cells, texts)))


def _lines(rows: Iterable[list] | Iterator[list], start: str = "") -> bytes:
    text = io.StringIO()
    text.write(start)
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
    return text.getvalue().encode("utf-8", "replace")
