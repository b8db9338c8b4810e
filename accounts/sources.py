"""Where what a page shows came from: what people call each upstream, which of them fill a list, and how fresh each is.

Asked once for a page, with one query; rows take their words from here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.ownership import connections_of
from accounts.presenting import Fresh, ago, fresh, when
from providers import sync
from providers.models import Connection

LATE = timedelta(minutes=20)  # four missed beats of most feeds
AT_ONCE = timedelta(seconds=1)
TROUBLED = (Connection.Health.FAILING, Connection.Health.REFUSED)


def names_of(connections: Iterable[Connection]) -> dict[int, str]:
    """What people call these connections: the upstream, and only where two are at the same one the connection's name."""
    rows = list(connections)
    count = Counter(one.slug for one in rows)
    return {one.pk: one.label if count[one.slug] < 2 else _told_apart(one) for one in rows}


def _told_apart(connection: Connection) -> str:
    named = connection.label.casefold() in connection.name.casefold()
    return connection.name if named else f"{connection.label} · {connection.name}"


def is_behind(read_at: datetime | None, next_at: datetime | None, failures: int, *, late: timedelta = LATE) -> bool:
    """Whether a feed should have come home by now. One that went well and has its next run planned is where it should be,
    however old: the upstream's limit may leave room for so few."""
    now = timezone.now()
    if read_at is None:
        return True
    as_planned = not failures and next_at is not None and next_at > now
    return now - read_at > late and not as_planned


@dataclass(frozen=True, slots=True)
class Source:
    """An upstream that fills a list, and when it last did."""

    connection: Connection
    name: str
    read_at: datetime | None
    is_behind: bool

    @property
    def is_stale(self) -> bool:
        """Not read as it should be, or from an upstream in trouble: then the last reading is old at once."""
        return self.is_behind or self._blocked_until() is not None or self.connection.health in TROUBLED

    def freshness(self) -> Fresh:
        """A line for the list as a whole: "from JaFone, 4 min ago"; a troubled one says until when."""
        if self.read_at and (until := self._blocked_until()):
            words = {"upstream": self.name, "ago": ago(self.read_at), "time": when(until)}
            text = _("stale: from %(upstream)s, %(ago)s, their limit resets %(time)s") % words
            return Fresh(text, when(self.read_at), stale=True)
        return fresh(self.name, self.read_at, late_after=AT_ONCE if self.is_stale else None)

    def mark(self) -> Fresh:
        """The same for a row: "JaFone, 4 min ago"."""
        if self.read_at is None:
            return Fresh(_("%(source)s, not read yet") % {"source": self.name}, "", stale=True)
        text = _("%(source)s, stale: %(ago)s") if self.is_stale else _("%(source)s, %(ago)s")
        words = {"source": self.name, "ago": ago(self.read_at)}
        return Fresh(text % words, when(self.read_at), self.is_stale)

    def tag(self) -> Fresh:
        """The same on a page that stays open for hours, where an age would soon be wrong: "JaFone", until it is stale."""
        mark = self.mark()
        return mark if self.is_stale else Fresh(self.name, mark.title)

    def _blocked_until(self) -> datetime | None:
        until = self.connection.blocked_until
        return until if until and until > timezone.now() else None


class Sources:
    """The upstreams that fill one list. With several, each row of it says which one, and how fresh it is."""

    def __init__(self, connections: Iterable[Connection]):
        """Connections as `_read` gives them."""
        rows = list(connections)
        names = names_of(rows)
        behind = {one.pk: is_behind(one.read_at, one.next_at, one.feed_failures or 0) for one in rows}
        self._found = {one.pk: Source(one, names[one.pk], one.read_at, behind[one.pk]) for one in rows}
        self._marks: dict[int, Fresh] = {}

    @classmethod
    def of(cls, account: Account, feed: str) -> Self:
        """Those of an account whose upstream can fill the feed."""
        return cls(_read(connections_of(account).order_by("name"), feed))

    @classmethod
    def of_many(cls, accounts: Iterable[int], feed: str) -> Self:
        """Those of several accounts, by their ids."""
        mine = Connection.objects.filter(remote_accounts__account__in=list(accounts), is_active=True).distinct()
        return cls(_read(mine.order_by("name"), feed))

    @classmethod
    def of_one(cls, connection: Connection, feed: str) -> Self:
        return cls(_read(Connection.objects.filter(pk=connection.pk), feed))

    def __iter__(self) -> Iterator[Source]:
        return iter(self._found.values())

    def __len__(self) -> int:
        return len(self._found)

    @property
    def several(self) -> bool:
        return len(self._found) > 1

    def mark(self, connection: Connection) -> Fresh | None:
        """Which upstream a row is from and how fresh; None where only one can be meant. One that is out of use has no age."""
        if not self.several:
            return None
        if connection.pk not in self._marks:
            source = self._found.get(connection.pk)
            self._marks[connection.pk] = source.mark() if source else Fresh(connection.label, "")
        return self._marks[connection.pk]

    def tag(self, connection_pk: int | None) -> Fresh | None:
        """Which upstream, and how fresh where that is not as it should be; None where only one can be meant."""
        source = self._found.get(connection_pk) if self.several else None
        return source.tag() if source else None

    @property
    def standing(self) -> str:
        """Changes when one of several becomes stale or fresh."""
        return ",".join(f"{pk}:{source.is_stale}" for pk, source in self._found.items()) if self.several else ""

    def lines(self) -> list[Fresh]:
        """How fresh the list is: of one upstream, or of several together, each stale one by itself."""
        good = [source.read_at for source in self if not source.is_stale]
        if len(good) < 2:
            return [source.freshness() for source in self]
        return [_together(good), *(source.freshness() for source in self if source.is_stale)]


def _read(connections: QuerySet[Connection], feed: str) -> list[Connection]:
    """Those whose upstream can fill the feed, with when it last did and is next due."""
    own = FilteredRelation("feeds", condition=Q(feeds__name=feed))
    rows = connections.annotate(own_feed=own).annotate(
        read_at=F("own_feed__last_ok_at"), next_at=F("own_feed__due_at"), feed_failures=F("own_feed__failures")
    )
    return [one for one in rows if one.can(sync.FEEDS[feed].capability)]


def _together(readings: list[datetime]) -> Fresh:
    """As old as the oldest of them."""
    words = {"count": len(readings), "ago": ago(min(readings))}
    return Fresh(_("from %(count)s providers, %(ago)s") % words, when(min(readings)))
