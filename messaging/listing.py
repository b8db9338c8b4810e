"""The list of conversations: folders as queries, search, one page of it, and the mark that tells whether it changed."""

import hashlib
from collections.abc import Callable
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, User
from messaging.models import Message, Thread
from messaging.pages import Place, older, stamp
from messaging.searching import Finding, Question

PAGE = 30


class Folder:
    """A named question for conversations. `narrow` takes those of an account, the account and the person who asks."""

    def __init__(self, name: str, label: str, narrow: Callable[[QuerySet, Account, User | None], QuerySet]):
        self.name, self.label, self.narrow = name, label, narrow


def _failed(threads: QuerySet, account: Account, _person) -> QuerySet:
    """Those in which a text of ours did not go out and nobody has tried again."""
    return threads.filter(pk__in=Message.objects.for_account(account).shown().failed().values("thread"))


def _scheduled(threads: QuerySet, account: Account, _person) -> QuerySet:
    rows = Message.objects.for_account(account).filter(state=Message.State.QUEUED, send_at__gt=timezone.now())
    return threads.filter(pk__in=rows.values("thread"))


FOLDERS = {
    folder.name: folder
    for folder in (
        Folder("inbox", _("Inbox"), lambda threads, account, person: threads.open()),
        Folder("mine", _("Mine"), lambda threads, account, person: threads.open().filter(assigned_to=person)),
        Folder("unread", _("Unread"), lambda threads, account, person: threads.unread()),
        Folder("unassigned", _("Unassigned"), lambda threads, account, person: threads.open().filter(assigned_to=None)),
        Folder("scheduled", _("Scheduled"), _scheduled),
        Folder("failed", _("Failed"), _failed),
        Folder("archived", _("Archived"), lambda threads, account, person: threads.archived()),
        Folder("blocked", _("Blocked"), lambda threads, account, person: threads.blocked()),
    )
}


class Listing:
    """What is listed: a folder, or everything that a search finds."""

    def __init__(self, account: Account, person: User | None = None, folder: str = "inbox", question=None):
        self.account, self.person = account, person
        self.folder = folder if folder in FOLDERS else "inbox"
        self.question: Question = question or Question()

    @classmethod
    def of(cls, account: Account, person: User | None, wanted) -> "Listing":
        """From a page's query; what it does not know is the inbox."""
        days = {"since": wanted.get("since", ""), "until": wanted.get("until", "")}
        question = Question.read(wanted.get("q", ""), **days, region=account.country)
        return cls(account, person, wanted.get("folder", ""), question)

    @property
    def search(self) -> str:
        return self.question.typed

    @property
    def is_search(self) -> bool:
        return bool(self.question)

    @cached_property
    def finding(self) -> Finding:
        return Finding(self.account, self.question)

    def query(self, **more) -> str:
        """This listing as the query of a link, "" for the plain inbox."""
        values = {
            "folder": self.folder if self.folder != "inbox" else "",
            "q": self.question.typed,
            **self._days(),
            **more,
        }
        values = {name: value for name, value in values.items() if value not in ("", None)}
        return f"?{urlencode(values)}" if values else ""

    def _days(self) -> dict[str, str]:
        """Days that were picked; those that were typed stand in what was typed."""
        typed = Question.read(self.question.typed)
        pairs = {"since": (self.question.since, typed.since), "until": (self.question.until, typed.until)}
        return {name: day.isoformat() for name, (day, known) in pairs.items() if day and day != known}

    def page(self, place: Place | None = None) -> tuple[list[Thread], Place | None]:
        """Thirty conversations, newest first, and where the next ones begin."""
        rows = list(older(self._threads(), "last_at", place)[: PAGE + 1])
        last = rows[PAGE - 1] if len(rows) > PAGE else None
        return rows[:PAGE], Place(last.last_at, last.pk) if last else None

    def hits(self, threads: list[Thread]) -> dict[int, tuple[int, str]]:
        """Of each conversation the newest text that has what was searched for: its pk and its words."""
        return self.finding.bodies(threads) if self.is_search else {}

    def _threads(self) -> QuerySet[Thread]:
        threads = Thread.objects.for_account(self.account).select_related("assigned_to")
        if self.is_search:
            return self.finding.threads(threads)
        return FOLDERS[self.folder].narrow(threads, self.account, self.person)


def mark(threads: list[Thread], current: int = 0, sources: str = "") -> str:
    """Changes whenever what the list shows changes, so that an unchanged list costs few questions and no bytes."""
    plain = ",".join(f"{thread.pk}:{stamp(thread.changed_at)}" for thread in threads)
    return hashlib.blake2b(f"{current};{sources};{plain}".encode(), digest_size=8).hexdigest()
