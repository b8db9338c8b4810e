"""Searching texts: what a person typed becomes words, digits and days, and these become conversations.

No question here reads all texts, however many there are: at most the newest NEWEST places where the words stand are
looked at, and `fulltext` finds those in an index.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import Account
from messaging import fulltext
from messaging.models import Message, Thread
from providers.clients import phones

LONGEST = 100
MOST_WORDS = 8
NEWEST = 500
_DAY = re.compile(
    r"^(?:(from|since|de|du|dès)|(to|until|au|à|jusqu'au)):?(\d{4}-\d{2}-\d{2})$|^(\d{4}-\d{2}(?:-\d{2})?)$"
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for. `words` all stand in one text or name; `digits` in a number; days are the person's own."""

    typed: str = ""
    words: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, typed: str, *, since: str = "", until: str = "", region: str = "CA") -> "Question":
        """From a field and two date pickers. A day may also be typed: 2026-11-20, from:2026-11-01, 2026-11."""
        typed = " ".join(typed.replace("\0", "").split())[:LONGEST]
        question = cls(typed, since=read_day(since), until=read_day(until))
        words = []
        for word in typed.split():
            found = _days_of(word)
            question = question._within(found) if found else question
            words += [] if found else [word]
        rest = " ".join(words)
        return replace(question, words=tuple(words[:MOST_WORDS]), digits=_digits(rest, region))

    def _within(self, days: tuple[date | None, date | None]) -> "Question":
        return replace(self, since=days[0] or self.since, until=days[1] or self.until)

    def __bool__(self) -> bool:
        return bool(self.words or self.since or self.until)

    @property
    def moments(self) -> tuple[datetime | None, datetime | None]:
        """From the first moment of the first day to before the first one after the last."""
        return (
            _midnight(self.since) if self.since else None,
            _midnight(self.until + timedelta(days=1)) if self.until else None,
        )


def read_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if 1970 < day.year < 3000 else None


def _days_of(word: str) -> tuple[date | None, date | None] | None:
    """The first and last day that a word names, or None where it names none."""
    match = _DAY.match(word.casefold())
    if not match:
        return None
    first, last, edge, whole = match.groups()
    if whole and len(whole) == 7:
        return _month(whole)
    day = read_day(edge or whole)
    if day is None:
        return None
    return (None if last else day, None if first else day)


def _month(text: str) -> tuple[date, date] | None:
    first = read_day(f"{text}-01")
    return (first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)) if first else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _digits(text: str, region: str) -> tuple[str, ...]:
    """What to look for in numbers: the whole one if it is one, else its digits when they are enough to mean one."""
    try:
        return (phones.parse(text, region),)
    except phones.PhoneError:
        digits = re.sub(r"[\s().+-]", "", text)
        return (digits,) if digits.isascii() and digits.isdigit() and len(digits) >= 3 else ()


class Finding:
    """The conversations that a question finds in an account. Asked once, whatever is shown of it."""

    def __init__(self, account: Account, question: Question):
        self.account, self.question = account, question

    @cached_property
    def texts(self) -> dict[int, int]:
        """Of each conversation the newest text found."""
        found: dict[int, int] = {}
        rows = fulltext.newest_texts(self.account, self.question.words, self.question.moments, NEWEST)
        for pk, thread in rows:
            found.setdefault(thread, pk)
        self.full = len(rows) >= NEWEST
        return found

    @property
    def is_cut(self) -> bool:
        """Whether there were more than are looked at."""
        return bool(self.texts) and self.full

    def threads(self, rows: QuerySet[Thread]) -> QuerySet[Thread]:
        return rows.filter(pk__in={*self.texts, *self._named()})

    def _named(self) -> list[int]:
        """By the contact's name or a number of either side; where days were given too, with a text of these."""
        if not self.question.words:
            return []
        found = fulltext.threads_named(self.account, self.question.words, self.question.digits, NEWEST)
        since, until = self.question.moments
        if since is None and until is None:
            return found
        texts = _between(Message.objects.shown().filter(thread=OuterRef("pk")), since, until)
        return list(Thread.objects.filter(Exists(texts), pk__in=found).values_list("pk", flat=True))

    def bodies(self, threads: list[Thread]) -> dict[int, tuple[int, str]]:
        """Of each of these conversations the text found: its pk and its words."""
        pks = [self.texts[thread.pk] for thread in threads if thread.pk in self.texts]
        rows = Message.objects.filter(pk__in=pks).values_list("thread_id", "pk", "body") if pks else ()
        return {thread: (pk, body) for thread, pk, body in rows}


def _between(rows: QuerySet, since: datetime | None, until: datetime | None) -> QuerySet:
    return rows.filter(Q(at__gte=since) if since else Q(), Q(at__lt=until) if until else Q())
