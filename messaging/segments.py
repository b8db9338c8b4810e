"""How a text is cut into SMS parts: used by the page while a person types and by the worker for what was sent.

GSM-7 holds 160 septets alone and 153 in each of several parts; one letter outside its alphabet turns the whole text
into UCS-2 with 70 and 67. Neither an escaped letter (two septets) nor a surrogate pair is ever split over two parts.
"""

import unicodedata
from dataclasses import dataclass

LONGEST = 1000  # UTF-16 units: what the upstreams take at most; some take less (`Client.longest_text`)
GSM7, UCS2 = "GSM-7", "UCS-2"
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("^{}\\[~]|€\f")
_SIZES = {GSM7: (160, 153), UCS2: (70, 67)}
# What has no decomposition of its own into letters that GSM-7 knows.
_PLAIN = {
    "œ": "oe", "Œ": "OE", "’": "'", "‘": "'", "‚": ",", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "‑": "-", "…": "...", "`": "'", "´": "'", "\t": " ", "\u00a0": " ", "\u202f": " ",
    "\u2009": " ", "•": "-", "×": "x", "\u200b": "", "\u200d": "", "\ufe0f": "", "ł": "l", "Ł": "L", "đ": "d",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """`units` are septets or UTF-16 units, `left` what still fits into the last part, `forcing` the dear letters."""

    encoding: str
    units: int
    parts: int
    left: int
    forcing: tuple[str, ...] = ()
    utf16: int = 0

    @property
    def too_long(self) -> bool:
        """For any upstream."""
        return self.longer_than(LONGEST)

    def longer_than(self, longest: int) -> bool:
        return self.utf16 > longest


def clean(text: str) -> str:
    """The text as it will be sent: composed accents, one kind of line end, no NUL and no blanks around it."""
    one_line_end = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", one_line_end).strip()


def count(text: str) -> Count:
    forcing = tuple(dict.fromkeys(char for char in text if char not in _BASIC and char not in _ESCAPED))
    encoding = UCS2 if forcing else GSM7
    sizes = [_size(char, encoding) for char in text]
    units = sum(sizes)
    alone, together = _SIZES[encoding]
    utf16 = sum(_size(char, UCS2) for char in text)
    if units <= alone:
        return Count(encoding, units, 1 if units else 0, alone - units, forcing, utf16)
    parts, used = _fill(sizes, together)
    return Count(encoding, units, parts, together - used, forcing, utf16)


def plain(text: str) -> str:
    """The same text, every letter that forces UCS-2 made plain where that is possible; é, è, à and the like stay."""
    return "".join(char if char in _BASIC or char in _ESCAPED else _plain_of(char) for char in text)


def _size(char: str, encoding: str) -> int:
    if encoding == GSM7:
        return 2 if char in _ESCAPED else 1
    return 2 if ord(char) > 0xFFFF else 1


def _fill(sizes: list[int], room: int) -> tuple[int, int]:
    """Greedy: a letter that no longer fits opens the next part. Returns (parts, units in the last one)."""
    parts, used = 1, 0
    for size in sizes:
        if used + size > room:
            parts, used = parts + 1, 0
        used += size
    return parts, used


def _plain_of(char: str) -> str:
    if char in _PLAIN:
        return _PLAIN[char]
    bare = "".join(piece for piece in unicodedata.normalize("NFKD", char) if not unicodedata.combining(piece))
    return bare if bare and all(piece in _BASIC for piece in bare) else char
