"""The letter of authorization as a PDF, filled in from a port request, in English or French (row D7).

It says what the losing carrier compares with its records, and never the PIN: the letter travels further than the request.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import fontpkg_rubik
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from fpdf import FPDF

from accounts.presenting import day, phone, when
from numbering.models import PortRequest
from numbering.services.intents import fingerprint

FACE = "Letter"
FONT = next((Path(fontpkg_rubik.ROOT) / "files").glob("Rubik[[]*.ttf"))
INK, QUIET, LINE = 25, 105, 200  # shades of grey
MARGIN, WIDTH = 20, 216  # millimetres; Letter is 216 wide


@dataclass(frozen=True, slots=True)
class Signature:
    """How a letter was signed on screen: the typed name, the drawn one where script runs, and who was signed in."""

    name: str
    at: datetime
    by: str
    ip: str
    picture: bytes = b""


def said_in(port: PortRequest) -> str:
    """A mark of what the letter says: one that was signed for other words is told by it."""
    details = port.details
    names = (
        "organization",
        "current_provider",
        "current_reseller",
        "current_reseller_account",
        "account_number",
        "billing_number",
    )
    return fingerprint(port.numbers, [details.get(name, "") for name in names], details.get("address", {}))


def write(port: PortRequest, language: str, signature: Signature | None = None) -> bytes:
    with translation.override(language):
        return bytes(_Letter(port, language, signature).output())


class _Letter(FPDF):
    def __init__(self, port: PortRequest, language: str, signature: Signature | None):
        super().__init__(format="letter")
        self.port, self.signature = port, signature
        self.add_font(FACE, fname=FONT)
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, MARGIN)
        self.set_title(_("Letter of authorization"))
        self.set_lang(language)
        self.add_page()
        self._head()
        self._facts()
        self._numbers()
        self._sign()

    def _head(self) -> None:
        details = self.port.details
        names = {
            "customer": details.get("organization") or "________________",
            "old": details.get("current_provider") or _("the current provider"),
            "new": self.port.connection.label,
        }
        self._say(_("Letter of authorization"), 18)
        self._say(_("Transfer of telephone numbers"), 11, QUIET)
        self.ln(4)
        self._say(day(timezone.localdate()), 10, QUIET)
        self.ln(4)
        text = _(
            "I may decide about the telephone service of %(customer)s. I ask %(old)s to transfer the telephone numbers below to "
            "%(new)s, and authorize %(new)s and those who act for it to arrange the transfer and to obtain the records that "
            "it needs. The service stays in place until the transfer is complete."
        )
        self._say(text % names, 10)

    def _facts(self) -> None:
        details, place = self.port.details, self.port.details.get("address", {})
        street = f"{place.get('civic_number', '')} {place.get('street', '')}".strip()
        unit = _("unit %(unit)s") % {"unit": place["unit"]} if place.get("unit") else ""
        town = " ".join(filter(None, (place.get("city"), place.get("region"), place.get("postal_code"))))
        facts = (
            (_("Name on the bill"), details.get("organization", "")),
            (_("Service address"), ", ".join(filter(None, (street, unit, town)))),
            (_("Current provider"), details.get("current_provider", "")),
            (_("Reseller"), details.get("current_reseller", "")),
            (_("Account number"), details.get("account_number") or details.get("current_reseller_account", "")),
            (_("Main number of the bill"), phone(details.get("billing_number") or (self.port.numbers or [""])[0])),
        )
        self.ln(5)
        for label, value in facts:
            if value:
                self._ink(9, QUIET)
                self.cell(52, 6, label)
                self._say(value, 10)

    def _numbers(self) -> None:
        self.ln(5)
        self._say(_("Numbers to transfer"), 12)
        self.ln(1)
        self._ink(10, INK)
        for index, number in enumerate(self.port.numbers):
            self.cell(
                44,
                6,
                phone(number),
                new_x="LMARGIN" if index % 4 == 3 else "RIGHT",
                new_y="NEXT" if index % 4 == 3 else "TOP",
            )
        self.ln(8)

    def _sign(self) -> None:
        if self.get_y() > self.eph - 50:
            self.add_page()
        self.ln(6)
        signed = self.signature
        if signed and signed.picture:
            self.image(io.BytesIO(signed.picture), h=18, w=70, keep_aspect_ratio=True)
        elif signed:
            self._say(signed.name, 20)
        else:
            self.ln(14)
        self.set_draw_color(LINE)
        self.line(MARGIN, self.get_y(), MARGIN + 90, self.get_y())
        self.ln(1)
        who = signed.name if signed else self.port.details.get("authorized_by", "")
        self._say(_("Signature"), 8, QUIET)
        self.ln(2)
        self._say(_("Name: %(name)s") % {"name": who or "________________________"}, 10)
        dated = day(timezone.localtime(signed.at).date()) if signed else "________________________"
        self._say(_("Date: %(date)s") % {"date": dated}, 10)
        if signed:
            self.ln(3)
            trail = _("Signed on screen by %(name)s, signed in as %(by)s, %(at)s, from %(ip)s.")
            words = {"name": signed.name, "by": signed.by, "at": when(signed.at), "ip": signed.ip}
            self._say(trail % words, 8, QUIET)

    def _ink(self, size: float, shade: int) -> None:
        self.set_font(FACE, size=size)
        self.set_text_color(shade)

    def _say(self, words: str, size: float, shade: int = INK) -> None:
        self._ink(size, shade)
        self.multi_cell(0, size * 0.55, words, new_x="LMARGIN", new_y="NEXT")
