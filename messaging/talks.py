"""One page of a conversation: texts and the notes between them, its newest part, an earlier one, or around a hit."""

from dataclasses import dataclass, field

from django.db.models import Max, Q, QuerySet

from messaging.models import Message, Note, Thread
from messaging.pages import Place, moment, older

PAGE = 50
BELOW_A_HIT = 15
OVERLAP = 5_000_000  # microseconds: what was committed late is sent once more
MOST_CHANGES = 50


def texts_of(thread: Thread) -> QuerySet[Message]:
    rows = Message.objects.filter(thread=thread, deleted_at=None)
    return rows.select_related("connection", "sent_by").prefetch_related("media", "retries")


def notes_of(thread: Thread) -> QuerySet[Note]:
    return Note.objects.filter(thread=thread, deleted_at=None).select_related("author").order_by("at", "pk")


@dataclass(slots=True)
class Part:
    """A stretch of a conversation, oldest first, and where what is before it begins."""

    texts: list[Message] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    earlier: Place | None = None
    is_newest: bool = True

    @property
    def rows(self) -> list[Message | Note]:
        """Both kinds in the order of their time."""
        return sorted([*self.texts, *self.notes], key=lambda row: (row.at, isinstance(row, Note), row.pk))


def part_before(thread: Thread, place: Place | None) -> Part:
    """The newest part, or the one before a place."""
    found = list(older(texts_of(thread), "at", place)[: PAGE + 1])
    texts = found[:PAGE][::-1]
    first = texts[0] if len(found) > PAGE else None
    notes = notes_of(thread)
    if first:
        notes = notes.filter(at__gte=first.at)
    if place:
        notes = notes.filter(at__lt=place.at)
    return Part(texts, list(notes[: PAGE * 4]), Place(first.at, first.pk) if first else None, place is None)


def part_around(thread: Thread, hit: int) -> Part:
    """The part with this text, and some of what follows it; the newest one where there is no such text."""
    row = Message.objects.filter(thread=thread, deleted_at=None, pk=hit).only("pk", "at").first() if hit else None
    if row is None:
        return part_before(thread, None)
    after = texts_of(thread).prefetch_related(None).filter(Q(at__gt=row.at) | Q(at=row.at, pk__gt=row.pk))
    places = list(after.order_by("at", "pk").values_list("at", "pk")[: BELOW_A_HIT + 1])
    if len(places) <= BELOW_A_HIT:
        return part_before(thread, None)
    return part_before(thread, Place(*places[BELOW_A_HIT]))


@dataclass(frozen=True, slots=True)
class News:
    """What an open page has not seen: new rows, texts that took another state, notes taken back, texts deleted."""

    new: list[Message | Note]
    changed: list[Message]
    gone: list[int]
    deleted: list[int]
    after: int
    after_note: int
    before: object  # the moment of the last row that the page has


def news(thread: Thread, after: int, after_note: int, mark: int) -> News:
    """Since the newest text and note that the page has, and the conversation's mark then."""
    since = moment(max(0, mark - OVERLAP))
    texts = list(texts_of(thread).filter(pk__gt=after).order_by("at", "pk")[:PAGE])
    notes = list(notes_of(thread).filter(pk__gt=after_note)[:PAGE])
    changed = texts_of(thread).filter(pk__lte=after, changed_at__gt=since).order_by("-pk")[:MOST_CHANGES]
    gone = Note.objects.filter(thread=thread, pk__lte=after_note, deleted_at__gt=since).values_list("pk", flat=True)
    deleted = Message.objects.filter(thread=thread, pk__lte=after, deleted_at__gt=since).values_list("pk", flat=True)
    last = texts_of(thread).filter(pk__lte=after).aggregate(at=Max("at"))["at"] if texts or notes else None
    return News(
        Part(texts, notes).rows, list(changed), list(gone), list(deleted), max([after, *(row.pk for row in texts)]),
        max([after_note, *(row.pk for row in notes)]), last,
    )  # fmt: skip


def newest(thread: Thread) -> tuple[int, int]:
    """The ids of the newest text and note, of which a poll asks for what is after."""
    text = Message.objects.filter(thread=thread).aggregate(pk=Max("pk"))["pk"]
    note = Note.objects.filter(thread=thread).aggregate(pk=Max("pk"))["pk"]
    return text or 0, note or 0
