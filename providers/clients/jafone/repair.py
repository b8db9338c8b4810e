"""Reads JaFone's JSON: strictly first, then mended where its own document shows it broken, and nowhere else.

Three things are mended, outside of strings only: the bare words yes and no as a value, a comment from # to the end of
its line, and the comma missing between a member whose value is a string and the next member. None of them occurs in
valid JSON, so `repair` gives a valid text back unchanged; whatever else is wrong stays wrong and is refused.
"""

import re

from providers.clients.errors import Unreadable
from providers.clients.reading import read_json

_TOKEN = re.compile(
    r"""
    (?P<string>"[^"\\]*(?:\\.[^"\\]*)*")
    |(?P<comment>\#[^\r\n]*)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<blank>[ \t\r\n]+)
    |(?P<other>[^"])
    """,
    re.DOTALL | re.VERBOSE,
)
_BARE_WORDS = frozenset(("yes", "no"))


def read(body: bytes):
    """The value of an answer, or `Unreadable`."""
    try:
        return read_json(body)
    except Unreadable as problem:
        if problem.code != "not-json":
            raise
        refusal = problem
    mended = _mend(body)
    if mended == body:
        raise refusal
    return read_json(mended)


def repair(text: str) -> str:
    """`text` with the three known faults mended. What is no sequence of JSON's tokens comes back as it was."""
    written, pending = [], []  # `pending`: blanks since the last token, for a comma goes before them
    previous, before = "", ""  # the last two tokens
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            return text  # a string without an end
        position = found.end()
        kind, token = found.lastgroup, found.group()
        if kind in ("blank", "comment"):
            pending.append(token if kind == "blank" else "")
            continue
        if kind == "string" and _lacks_comma(before, previous):
            written.append(",")
        if kind == "word" and token in _BARE_WORDS and previous == ":":
            token = f'"{token}"'
        written += [*pending, token]
        pending.clear()
        before, previous = previous, token
    return "".join(written + pending)


def _lacks_comma(before: str, previous: str) -> bool:
    """A string follows the string value of a member: only the name of the next member can stand there."""
    return before == ":" and previous.startswith('"')


def _mend(body: bytes) -> bytes:
    try:
        return repair(body.decode("utf-8-sig")).encode()
    except UnicodeDecodeError:
        return body
