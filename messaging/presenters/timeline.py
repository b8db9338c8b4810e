"""A conversation as it is read: texts and notes in one line of time, a word where a new day begins, hits marked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.presenting import clock, day, when
from messaging.models import Message, Note
from messaging.presenters.conversations import Piece, pieces
from messaging.presenters.texts import Bubble, bubble


@dataclass(frozen=True, slots=True)
class NoteShown:
    pk: int
    body: str
    by: str  # "" for the reader's own
    time: str
    iso: str
    title: str
    delete_url: str


@dataclass(frozen=True, slots=True)
class Item:
    """One of the two, and the day it begins."""

    bubble: Bubble | None = None
    note: NoteShown | None = None
    day: str = ""
    pieces: list[Piece] = field(default_factory=list)
    is_hit: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and what they look for."""

    person: User
    may_send: bool = False
    words: tuple[str, ...] = ()
    hit: int = 0


def timeline(rows: Iterable[Message | Note], reader: Reader, *, after: datetime | None = None) -> list[Item]:
    """Oldest first. `after` is the moment of the row before them, so that a day is announced once."""
    last = timezone.localdate(after) if after else None
    items = []
    for row in rows:
        today = timezone.localdate(row.at)
        items.append(_item(row, reader, "" if today == last else _day(today)))
        last = today
    return items


def _day(value) -> str:
    return _("Today") if value == timezone.localdate() else day(value)


def _item(row: Message | Note, reader: Reader, day_word: str) -> Item:
    if isinstance(row, Note):
        return Item(note=note(row, reader), day=day_word, pieces=pieces(row.body, reader.words))
    shown = bubble(row, may_send=reader.may_send)
    return Item(bubble=shown, day=day_word, pieces=pieces(row.body, reader.words), is_hit=row.pk == reader.hit)


def note(row: Note, reader: Reader) -> NoteShown:
    mine = row.author_id == reader.person.pk and reader.may_send
    return NoteShown(
        pk=row.pk,
        body=row.body,
        by="" if row.author_id == reader.person.pk else str(row.author or _("Somebody who left")),
        time=clock(row.at),
        iso=row.at.isoformat(),
        title=when(row.at),
        delete_url=reverse("messages:note_delete", args=[row.pk]) if mine else "",
    )
