"""The texts as pages for reading: both sides, range and zone at the top, every text with its time and state.

One typeface has Latin, Cyrillic, Hebrew and Arabic letters. What it has no shape for is written out, an emoji by its name,
so that a page shows what was said and never breaks.
"""

import functools
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import fontpkg_rubik
from django.utils import timezone
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import Align

from accounts.presenting import phone
from messaging.exporting import telling
from messaging.exporting.telling import Text
from messaging.models import MessageExport

FACE = "Text"
FONT = next((Path(fontpkg_rubik.ROOT) / "files").glob("Rubik[[]*.ttf"))
INK, QUIET, LINE = 25, 105, 215  # shades of grey
MARGIN, WIDTH = 18, 216  # millimetres; Letter is 216 wide
SHAPED = {"R", "AL", "AN", "NSM"}  # letters that stand in another order or form than they are stored in


class Pages(FPDF):
    """One export as a document. `add` a text after the other, then `finish`."""

    def __init__(self, export: MessageExport):
        super().__init__(format="letter")
        self.export, self.thread, self.day = export, None, None
        self.add_font(FACE, fname=FONT)
        self.drawable = frozenset(self.fonts[FACE.lower()].cmap)
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN)
        self.set_title(self.plain(telling.subject(export)))
        self.set_creator(self.plain(str(export.account)))
        self.set_lang(export.language)
        self.add_page()
        self._head()

    def footer(self) -> None:
        self.set_y(-13)
        self.ink(8, QUIET)
        self.cell(0, 4, self.plain(str(self.export.account)), align="L")
        self.set_x(MARGIN)
        self.cell(0, 4, _("Page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": "{nb}"}, align="R")

    def _head(self) -> None:
        export = self.export
        self.ink(16, INK)
        self.say(telling.subject(export), 8)
        self.ln(1)
        made = f"{telling.dated(timezone.localdate())} {timezone.localtime():%H:%M}"
        facts = (
            (_("Account"), str(export.account)),
            (_("Days"), telling.span(export)),
            (_("Texts"), f"{export.total} · {telling.narrowed(export)}"),
            (_("Time zone"), telling.zone(timezone.localtime())),
            (_("Made"), _("%(time)s by %(name)s") % {"time": made, "name": export.created_by}),
        )
        for name, value in facts:
            self.ink(9, QUIET)
            self.cell(28, 5, name)
            self.ink(9, INK)
            self.say(value, 5)
        if not export.total:
            self.ln(6)
            self.ink(10, QUIET)
            self.say(_("No texts in this range."), 6)

    def add(self, text: Text) -> None:
        if text.thread != self.thread:
            self._conversation(text)
        if text.at.date() != self.day:
            self.day = text.at.date()
            self.ln(3)
            self.ink(9, QUIET)
            self.say(self._day(text), 5, Align.C)
        self._text(text)

    def _day(self, text: Text) -> str:
        """The day; with the zone where its clocks were other than those at the top."""
        same = text.at.utcoffset() == timezone.localtime().utcoffset()
        return telling.dated(text.at.date()) if same else f"{telling.dated(text.at.date())} · {telling.zone(text.at)}"

    def _conversation(self, text: Text) -> None:
        self.thread, self.day = text.thread, None
        if self.get_y() > self.eph - 30:
            self.add_page()
        self.ln(6)
        self.set_draw_color(LINE)
        self.line(MARGIN + self.c_margin, self.get_y(), WIDTH - MARGIN - self.c_margin, self.get_y())
        self.ln(2)
        home = self.export.account.country
        theirs = phone(text.theirs, home)
        self.ink(12, INK)
        self.say(f"{text.contact} · {theirs}" if text.contact else theirs, 6)
        self.ink(9, QUIET)
        self.say(_("with our number %(number)s") % {"number": phone(text.ours, home)}, 5)

    def _text(self, text: Text) -> None:
        self.ln(2)
        state = " · ".join(
            filter(None, [f"{text.at:%H:%M:%S}", text.direction, text.state if text.out else "", text.by])
        )
        self.ink(8, QUIET)
        self.say(state, 4)
        self.ink(10, INK)
        if text.body:
            self.say(text.body, 5)
        self.ink(8, QUIET)
        if text.pictures:
            self.say(_("With: %(pictures)s") % {"pictures": text.pictures}, 4)
        if text.reason:
            self.say(text.reason, 4)

    def finish(self) -> bytes:
        return bytes(self.output())

    # --- drawing ---
    def ink(self, size: float, shade: int) -> None:
        self.set_font(FACE, size=size)
        self.set_text_color(shade)

    def say(self, words: str, height: float, align: Align | None = None) -> None:
        """A paragraph, wherever its letters come from and whichever way they run."""
        plain = self.plain(words)
        kinds = {unicodedata.bidirectional(char) for char in plain}
        self.set_text_shaping(bool(kinds & SHAPED))
        right = next((kind for kind in map(unicodedata.bidirectional, plain) if kind in ("L", "R", "AL")), "L") != "L"
        self.multi_cell(0, height, plain, align=align or (Align.R if right else Align.L), new_x="LMARGIN", new_y="NEXT")
        self.set_text_shaping(False)

    def plain(self, words: str) -> str:
        """The words in letters that can be drawn."""
        composed = unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\t", " "))
        return "".join(self._letters(composed))

    def _letters(self, words: str) -> Iterator[str]:
        for char in words:
            if char == "\n" or ord(char) in self.drawable:
                yield char
            else:
                yield _spelt(char)


@functools.cache
def _spelt(char: str) -> str:
    """A letter that cannot be drawn: joiners and marks of direction are left out, signs are named, others numbered."""
    kind = unicodedata.category(char)
    if kind in ("Cf", "Cc", "Mn", "Cs"):
        return ""
    if kind == "Zs":
        return " "
    name = unicodedata.name(char, "").lower()
    return f"[{name}]" if kind in ("So", "Sk", "Sm") and name else f"[U+{ord(char):04X}]"
