"""The list of conversations: folders as queries, search, one page of it, and the mark that tells whether it changed."""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Account
from messaging.models import Message, Thread
from messaging.pages import Place, older, stamp
from providers.clients import phones

PAGE = 30
LONGEST_SEARCH = 100
FOLDERS = {
    "inbox": lambda threads: threads.filter(archived_at=None),
    "unread": lambda threads: threads.unread(),
    "failed": lambda threads: threads.with_failed(),
    "archived": lambda threads: threads.archived(),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """What is listed: a folder, or everything that a search finds."""

    account: Account
    folder: str = "inbox"
    search: str = ""

    @classmethod
    def of(cls, account: Account, wanted) -> "Listing":
        """From a page's query; what it does not know is the inbox."""
        folder = wanted.get("folder", "")
        search = " ".join(wanted.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH]
        return cls(account, folder if folder in FOLDERS else "inbox", search)

    def query(self, **more) -> str:
        """This listing as the query of a link, "" for the plain inbox."""
        values = {"folder": self.folder if self.folder != "inbox" else "", "q": self.search, **more}
        values = {name: value for name, value in values.items() if value not in ("", None)}
        return f"?{urlencode(values)}" if values else ""

    def page(self, place: Place | None = None) -> tuple[list[Thread], Place | None]:
        """Thirty conversations, newest first, and where the next ones begin."""
        rows = list(older(self._threads(), "last_at", place)[: PAGE + 1])
        last = rows[PAGE - 1] if len(rows) > PAGE else None
        return rows[:PAGE], Place(last.last_at, last.pk) if last else None

    def hits(self, threads: list[Thread]) -> dict[int, str]:
        """Of each conversation the newest text that has what was searched for."""
        if not self.search:
            return {}
        rows = Message.objects.for_account(self.account).filter(thread__in=threads, body__icontains=self.search)
        newest = rows.order_by("at").values_list("thread_id", "body")
        return dict(newest[: PAGE * 20])

    def _threads(self) -> QuerySet[Thread]:
        threads = Thread.objects.for_account(self.account)
        return threads.filter(self._found()) if self.search else FOLDERS[self.folder](threads)

    def _found(self) -> Q:
        """Text, contact's name, or a number in any notation, on either side."""
        text = Message.objects.filter(thread=OuterRef("pk"), body__icontains=self.search)
        found = Exists(text) | Q(contact_name__icontains=self.search)
        for digits in _digits(self.search, self.account.country):
            found |= Q(contact_number__contains=digits) | Q(our_number__contains=digits)
        return found


def _digits(search: str, region: str) -> list[str]:
    """What to look for in numbers: the whole one if it is one, else its digits when they are enough to mean one."""
    try:
        return [phones.parse(search, region)]
    except phones.PhoneError:
        digits = re.sub(r"[\s().+-]", "", search)
        return [digits] if digits.isascii() and digits.isdigit() and len(digits) >= 3 else []


def mark(threads: list[Thread], current: int = 0) -> str:
    """Changes whenever what the list shows changes, so that an unchanged list costs one question and no bytes."""
    plain = ",".join(f"{thread.pk}:{stamp(thread.changed_at)}" for thread in threads)
    return hashlib.blake2b(f"{current};{plain}".encode(), digest_size=8).hexdigest()
