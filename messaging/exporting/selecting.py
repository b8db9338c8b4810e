"""Which texts an export has: found by conversations, a few hundred at a time, so that their number costs no memory."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from messaging.listing import FOLDERS
from messaging.models import Message, MessageExport, Thread
from messaging.searching import Question

THREADS_AT_ONCE = 200
TEXTS_AT_ONCE = 500


def threads_of(export: MessageExport) -> QuerySet[Thread]:
    """The conversations of the whole list, however long it is."""
    threads = Thread.objects.for_account(export.account)
    if export.thread_id:
        return threads.filter(pk=export.thread_id)
    question = question_of(export)
    if question:
        return threads.filter(_found(question))
    folder = FOLDERS.get(export.wanted.get("folder", ""), FOLDERS["inbox"])
    return folder.narrow(threads, export.account, export.created_by)


def question_of(export: MessageExport) -> Question:
    wanted = export.wanted
    days = {"since": wanted.get("since", ""), "until": wanted.get("until", "")}
    return Question.read(wanted.get("q", ""), **days, region=export.account.country)


def _found(question: Question) -> Q:
    """What the search finds, but all of it: a list shows the newest, a file is for keeping."""
    since, until = question.moments
    texts = _between(Message.objects.shown().filter(thread=OuterRef("pk")), since, until)
    named = Q()
    for word in question.words:
        named &= Q(contact_name__icontains=word)
    for digits in question.digits:
        named |= Q(contact_number__contains=digits) | Q(our_number__contains=digits)
    with_words = texts
    for word in question.words:
        with_words = with_words.filter(body__icontains=word)
    by_name = (named & Q(Exists(texts))) if question.words else Q(pk=None)
    return Q(Exists(with_words)) | by_name


def texts_of(export: MessageExport) -> QuerySet[Message]:
    """Of these conversations the texts that are wanted."""
    zone = ZoneInfo(export.time_zone)
    rows = Message.objects.for_account(export.account).shown()
    rows = _between(rows, _midnight(export.since, zone), _midnight(_after(export.until), zone))
    if export.direction:
        rows = rows.filter(direction=export.direction)
    if export.only_failed:
        rows = rows.filter(direction=Message.Direction.OUTBOUND, state__in=NOT_ARRIVED)
    return rows


NOT_ARRIVED = (Message.State.FAILED, Message.State.PARKED, Message.State.BLOCKED)


def _between(rows: QuerySet, since: datetime | None, until: datetime | None) -> QuerySet:
    return rows.filter(Q(at__gte=since) if since else Q(), Q(at__lt=until) if until else Q())


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time.min, tzinfo=zone) if day else None


def _after(day: date | None) -> date | None:
    return day + timedelta(days=1) if day else None


def count(export: MessageExport) -> int:
    return texts_of(export).filter(thread__in=threads_of(export)).count()


def lots(export: MessageExport) -> Iterator[list[Message]]:
    """All of them, by conversation and in the order in which they stand there."""
    rows = texts_of(export).select_related("thread", "connection", "sent_by").prefetch_related("media", "retries")
    for threads in _thread_lots(export):
        place = None
        found = rows.filter(thread__in=threads).order_by("thread", "at", "pk")
        while lot := list((found.filter(place) if place else found)[:TEXTS_AT_ONCE]):
            yield lot
            if len(lot) < TEXTS_AT_ONCE:
                break
            place = _after_text(lot[-1])


def _thread_lots(export: MessageExport) -> Iterator[list[int]]:
    rows, last = threads_of(export).order_by("pk").values_list("pk", flat=True), 0
    while pks := list(rows.filter(pk__gt=last)[:THREADS_AT_ONCE]):
        yield pks
        last = pks[-1]


def _after_text(row: Message) -> Q:
    same = Q(thread=row.thread_id)
    return Q(thread__gt=row.thread_id) | same & Q(at__gt=row.at) | same & Q(at=row.at, pk__gt=row.pk)
