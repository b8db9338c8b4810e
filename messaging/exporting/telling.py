"""What an export says, in the language and time zone that are in force: a text as plain words, and what it is an export of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.presenting import day, phone
from messaging.exporting.selecting import question_of
from messaging.listing import FOLDERS
from messaging.models import Message, MessageExport
from messaging.presenters.texts import bubble


@dataclass(frozen=True, slots=True)
class Text:
    """One text. Numbers are E.164, or the name that stands in their place."""

    thread: int
    contact: str  # the name, or nothing
    ours: str
    theirs: str
    at: datetime  # in the export's zone
    out: bool
    direction: str
    body: str
    state: str
    reason: str
    by: str
    parts: int
    pictures: str

    @property
    def sender(self) -> str:
        return self.ours if self.out else self.theirs

    @property
    def receiver(self) -> str:
        return self.theirs if self.out else self.ours


def texts(rows: Iterable[Message]) -> Iterable[Text]:
    return map(_text, rows)


def _text(row: Message) -> Text:
    shown = bubble(row)
    return Text(
        thread=row.thread_id,
        contact=row.thread.contact_name,
        ours=row.our_number,
        theirs=row.contact_number,
        at=timezone.localtime(row.at),
        out=shown.out,
        direction=_("Sent") if shown.out else _("Received"),
        body=row.body,
        state=shown.state.word if shown.state else _("Received"),
        reason=shown.note,
        by=shown.by,
        parts=row.parts,
        pictures=", ".join(_picture(media) for media in row.media.all()),
    )


def _picture(media) -> str:
    """What it is called and of what kind: the picture itself stays in the portal."""
    name = media.alt or media.name or _("Picture")
    return f"{name} ({media.mime_type})" if media.mime_type else name


HEADER = (
    lambda: _("Date and time"), lambda: _("Time zone"), lambda: _("Direction"), lambda: _("From"), lambda: _("To"),
    lambda: _("Contact"), lambda: _("Text"), lambda: _("State"), lambda: _("Reason"), lambda: _("Parts"),
    lambda: _("Pictures"), lambda: _("Written by"),
)  # fmt: skip


def header() -> list[str]:
    return [word() for word in HEADER]


def cells(text: Text) -> list:
    """In the order of `header`."""
    return [
        f"{text.at:%Y-%m-%d %H:%M:%S}", zone(text.at), text.direction, text.sender, text.receiver, text.contact, text.body,
        text.state, text.reason, text.parts, text.pictures, text.by,
    ]  # fmt: skip


def zone(moment: datetime) -> str:
    """ "America/Toronto (UTC-05:00)": the offset too, since a zone has two of them."""
    offset = f"{moment:%z}"
    return f"{timezone.get_current_timezone_name()} (UTC{offset[:3]}:{offset[3:5]})"


# --- the export as a whole --------------------------------------------------------------------------------------------


def subject(export: MessageExport) -> str:
    """What was asked for: a conversation, a search or a folder."""
    if export.thread_id:
        contact = phone(export.thread.contact_number, export.account.country)
        sides = {"contact": export.thread.contact_name or contact, "number": _our_number(export)}
        return _("Conversation of %(number)s with %(contact)s") % sides
    question = question_of(export)
    if question:
        return _("Search for “%(words)s”") % {"words": question.typed or "…"}
    folder = FOLDERS.get(export.wanted.get("folder", ""), FOLDERS["inbox"])
    return _("Folder “%(name)s”") % {"name": folder.label}


def _our_number(export: MessageExport) -> str:
    return phone(export.thread.our_number, export.account.country)


def dated(value: date) -> str:
    """A day with its year: a file is read in another year too."""
    text, year = day(value), str(value.year)
    if year in text:
        return text
    return f"{text}\u00a0{year}" if (get_language() or "").startswith("fr") else f"{text}, {year}"


def span(export: MessageExport) -> str:
    """The days that it covers."""
    days = {"since": export.since and dated(export.since), "until": export.until and dated(export.until)}
    if export.since and export.until:
        return _("%(since)s to %(until)s") % days
    if export.since:
        return _("From %(since)s on") % days
    if export.until:
        return _("Until %(until)s") % days
    return _("All days")


def narrowed(export: MessageExport) -> str:
    """Which of the texts: both directions unless said otherwise."""
    which = str(export.get_direction_display())
    return f"{which}, {_('only what did not arrive')}" if export.only_failed else which
