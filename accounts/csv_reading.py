"""A CSV file as spreadsheets write it: any usual encoding, separator and line end; read by rows, in constant memory.

What comes is kept as UTF-8 with plain line ends, so a place in the file is a number of bytes and reading can go on
there. Nothing is ever unpacked: a ZIP is refused by its first letters, so a bomb stays shut.
"""

import codecs
import csv
import io
import re
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

LARGEST = 50 * 1024 * 1024
MOST_ROWS = 1_000_000
MOST_COLUMNS = 60
LONGEST_RECORD = 64 * 1024
MOST_LINES = 50  # of one row: a cell may hold line ends
SAMPLE = 5
LOOKED_AT = 20
CHUNK = 256 * 1024
DELIMITERS = ",;\t|"
PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
OTHER = (b"%PDF", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ\x90")


class NotReadable(Exception):
    """The file is no table: `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Record:
    """One row: the lines it begins and ends in, where the next one begins, and its cells or what is wrong with it."""

    line: int
    last: int
    end: int
    cells: list[str] = field(default_factory=list)
    trouble: str = ""


# --- taking a file in ---------------------------------------------------------------------------------------------------


def take_in(upload) -> IO[bytes]:
    """The upload as UTF-8 in a temporary file. Raises `NotReadable`."""
    if upload.size > LARGEST:
        raise NotReadable("too-large")
    upload.seek(0)
    head = upload.read(8)
    if not head:
        raise NotReadable("empty")
    if head.startswith(PACKED):
        raise NotReadable("packed")
    if head.startswith(OTHER):
        raise NotReadable("binary")
    return _as_utf8(upload, _encoding(upload, head))


def _encoding(upload, head: bytes) -> str:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(upload):
            if b"\0" in chunk:
                raise NotReadable("binary")
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _chunks(upload) -> Iterator[bytes]:
    upload.seek(0)
    while chunk := upload.read(CHUNK):
        yield chunk


def _undefined(error: UnicodeDecodeError) -> tuple[str, int]:
    """Five bytes mean nothing in Windows-1252: they become the sign for a letter that is not known."""
    return "\ufffd" * (error.end - error.start), error.end


codecs.register_error("unknown-letters", _undefined)


def _as_utf8(upload, encoding: str) -> IO[bytes]:
    errors = "unknown-letters" if encoding == "cp1252" else "strict"
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(errors), translate=True)
    taken, lines = tempfile.TemporaryFile(), 0  # noqa: SIM115 - handed to the caller
    try:
        for chunk in _chunks(upload):
            lines += _put(taken, decoder.decode(chunk))
            if lines > MOST_ROWS + 1:
                raise NotReadable("too-many")
        _put(taken, decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        raise NotReadable("binary") from None
    taken.seek(0)
    return taken


def _put(taken: IO[bytes], text: str) -> int:
    if "\0" in text:
        raise NotReadable("binary")
    taken.write(text.encode("utf-8", "replace"))
    return text.count("\n")


# --- what it looks like ---------------------------------------------------------------------------------------------------


def look(file: IO[bytes]) -> tuple[str, int, list[Record]]:
    """The separator, where the rows begin, and the first rows. Raises `NotReadable`."""
    file.seek(0)
    told = re.fullmatch(rb"sep=(.)\n?", file.readline(16))  # a line that Excel writes for itself
    start = file.tell() if told else 0
    delimiter = told[1].decode() if told and told[1].decode() in DELIMITERS else _guess(file, start)
    first = []
    for record in records(file, delimiter, start, 1 if told else 0):
        first.append(record)
        if len(first) > SAMPLE:
            break
    if not any(record.cells for record in first):
        raise NotReadable("empty")
    if max(len(record.cells) for record in first) > MOST_COLUMNS:
        raise NotReadable("columns")
    return delimiter, start, first


def _guess(file: IO[bytes], start: int) -> str:
    """The separator that cuts the first rows into the same number of cells, and into the most."""

    def score(delimiter: str) -> tuple[int, int]:
        sizes = Counter()
        for record in records(file, delimiter, start):
            sizes[len(record.cells)] += 1
            if sizes.total() == LOOKED_AT:
                break
        size, rows = sizes.most_common(1)[0] if sizes else (0, 0)
        return (rows, size) if size > 1 else (0, 0)

    return max(DELIMITERS, key=score)


# --- rows ---------------------------------------------------------------------------------------------------------------


def records(file: IO[bytes], delimiter: str, offset: int = 0, line: int = 0) -> Iterator[Record]:
    """Rows from a place on, blank ones left out. A row that cannot be read is told apart, and costs only itself."""
    source = _Lines(file, offset, line)
    while (first := source.take()) is not None:
        record = _record(source, first, delimiter)
        if record.cells or record.trouble:
            yield record


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    end: int
    text: str
    too_long: bool = False


class _Lines:
    """Lines with their numbers and ends; those read ahead can be given back."""

    def __init__(self, file: IO[bytes], offset: int, line: int):
        self.file, self.offset, self.line = file, offset, line
        self.waiting: deque[_Line] = deque()
        file.seek(offset)

    def take(self) -> _Line | None:
        if self.waiting:
            return self.waiting.popleft()
        raw = self.file.readline(LONGEST_RECORD)
        if not raw:
            return None
        cut = len(raw) == LONGEST_RECORD and not raw.endswith(b"\n")
        self.offset += len(raw)
        if cut:
            self._skip()
        self.line += 1
        return _Line(self.line, self.offset, raw.decode("utf-8", "replace"), cut)

    def _skip(self) -> None:
        while rest := self.file.readline(LONGEST_RECORD):
            self.offset += len(rest)
            if rest.endswith(b"\n"):
                return

    def give_back(self, lines: list[_Line]) -> None:
        self.waiting.extendleft(reversed(lines))


def _record(source: _Lines, first: _Line, delimiter: str) -> Record:
    lines, is_open, size = [first], _is_open(first.text, delimiter, False), len(first.text)
    while is_open and not first.too_long:
        more = source.take() if len(lines) < MOST_LINES and size < LONGEST_RECORD else None
        if more is None:
            source.give_back(lines[1:])
            return Record(first.number, first.number, first.end, trouble="quote")
        lines.append(more)
        size += len(more.text)
        is_open = _is_open(more.text, delimiter, True)
    if any(line.too_long for line in lines):
        return Record(first.number, lines[-1].number, lines[-1].end, trouble="long-line")
    try:
        # Where a quote closes in the middle of a cell of another line, it was another row's quote that closed it.
        reader = csv.reader(["".join(line.text for line in lines)], delimiter=delimiter, strict=len(lines) > 1)
        cells = [cell.strip() for cell in next(reader, [])]
    except csv.Error:
        source.give_back(lines[1:])
        return Record(first.number, first.number, first.end, trouble="quote")
    return Record(first.number, lines[-1].number, lines[-1].end, cells if any(cells) else [])


def _is_open(text: str, delimiter: str, is_open: bool) -> bool:
    """Whether a quoted cell goes on in the next line. A quote inside an unquoted cell (5" pipe) is a letter."""
    if '"' not in text:
        return is_open
    begins, closed = not is_open, False
    for char in text:
        if char == '"' and is_open:
            is_open, closed = False, True
        elif char == '"' and (begins or closed):
            is_open, closed = True, False
        else:
            closed = False
        begins = not is_open and char == delimiter
    return is_open
