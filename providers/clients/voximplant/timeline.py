"""Histories: read oldest part first, in windows of time small enough for Voximplant, and in the zone that it speaks.

A history gives at most 1000 rows at once and skips at most 10,000, and refuses a range of too many days (569, which
says how many). So a range is cut into parts until each can be read whole. One page is held at a time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from providers.clients.errors import Rejected, Unclear, Unreadable
from providers.clients.voximplant import values
from providers.clients.voximplant.refusals import DATE_RANGE
from providers.clients.voximplant.wire import PAGE, Wire

MOST_SKIPPED = 10_000
MOST_PARTS = 500  # that a range is cut into at once
SPARE = 0.7
_SECOND = timedelta(seconds=1)
_DAYS = re.compile(r"\b(\d{1,4}) days?\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One history question. `zoned` histories are asked and answered in a zone that the answer names, others in UTC.

    `ordered` ones tell oldest rows first; any other is cut into parts of one page each, which the caller can sort.
    """

    name: str
    fields: dict[str, object] = field(default_factory=dict)
    page: int = PAGE
    zoned: bool = True
    ordered: bool = True

    @property
    def most(self) -> int:
        """How many rows a part of the range may have."""
        return MOST_SKIPPED + self.page if self.ordered else self.page


class Timeline(Wire):
    spoken_zone: ZoneInfo | None = None  # the zone of histories, known after the first answer
    longest: timedelta | None = None  # the longest range that histories allow, known after the first refusal

    def history(self, asked: Asked, since: datetime, until: datetime) -> Iterator[tuple[list, ZoneInfo]]:
        """Pages of rows from moment to moment (both inclusive, to the second), each with the zone of its stamps."""
        for start, end in _cut(since, until, self.longest):
            yield from self._window(asked, start, end)

    def days(self, since: date, until: date) -> tuple[datetime, datetime]:
        """The first and the last second of a range of days where the account is."""
        first = datetime.combine(since, time.min, self.zone)
        return first.astimezone(UTC), (datetime.combine(max(since, until), time.max, self.zone)).astimezone(UTC)

    def _window(self, asked: Asked, since: datetime, until: datetime) -> Iterator[tuple[list, ZoneInfo]]:
        parts: list[tuple[datetime, datetime]] = []
        try:
            tree, zone = self._ask(asked, since, until, 0)
        except Rejected as problem:
            parts = self._refused_range(problem, since, until)
        else:
            parts = _parts(since, until, values.whole(tree, "total_count") or 0, asked.most)
        if not parts:
            yield from self._pages(asked, since, until, tree, zone)
        for start, end in parts:
            yield from self._window(asked, start, end)

    def _pages(self, asked: Asked, since: datetime, until: datetime, tree: dict, zone: ZoneInfo):
        offset, before = 0, None
        while True:
            rows, total = values.rows(tree), values.whole(tree, "total_count")
            if rows and rows == before:
                return  # the offset is not heeded
            yield rows, zone
            offset += len(rows)
            if not rows and total is not None and offset < total:
                raise Unreadable("the history ended before its total", code="short-listing", call=asked.name)
            if not rows or (total is not None and offset >= total):
                return
            if offset > MOST_SKIPPED:
                raise Unclear("the history is longer than it can be read: truncated", code="truncated", call=asked.name)
            before = rows
            tree, zone = self._ask(asked, since, until, offset)

    def _ask(self, asked: Asked, since: datetime, until: datetime, offset: int) -> tuple[dict, ZoneInfo]:
        """One page. When the answer speaks of another zone than we did, the question was another one: ask again."""
        zone = (self.spoken_zone or self.zone) if asked.zoned else ZoneInfo("UTC")
        tree = self._fetch(asked, since, until, offset, zone)
        told = _told_zone(tree) if asked.zoned else None
        if told is None or told.key == zone.key:
            return tree, zone
        self.spoken_zone = told
        return self._fetch(asked, since, until, offset, told), told

    def _fetch(self, asked: Asked, since: datetime, until: datetime, offset: int, zone: ZoneInfo) -> dict:
        fields = {
            **asked.fields,
            "from_date": values.stamp(since, zone),
            "to_date": values.stamp(until, zone),
            "count": asked.page,
            "offset": offset,
        }
        return self.call(asked.name, fields)

    def _refused_range(self, problem: Rejected, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
        if problem.code != str(DATE_RANGE) or until - since <= timedelta(days=1):
            raise problem
        said = _DAYS.search(" ".join(problem.words))
        days = timedelta(days=int(said.group(1))) if said else (until - since) / 2
        if not timedelta(0) < days < until - since:
            days = (until - since) / 2
        self.longest = days
        return list(_cut(since, until, days))


def _cut(since: datetime, until: datetime, longest: timedelta | None) -> Iterator[tuple[datetime, datetime]]:
    """Ranges one after another that touch and do not overlap."""
    since, until = since.replace(microsecond=0), until.replace(microsecond=0)
    step = longest or until - since + _SECOND
    while since <= until:
        end = min(until, since + step - _SECOND) if step > _SECOND else since
        yield since, end
        since = end + _SECOND


def _parts(since: datetime, until: datetime, total: int, most: int) -> list[tuple[datetime, datetime]]:
    """Nothing for a range that is short enough, or cannot be cut: what it has is read as far as it can be.

    Rows come unevenly over time, so the parts are made smaller than an even share would allow.
    """
    if total <= most or until - since < 2 * _SECOND:
        return []
    count = min(max(2, round(total / (most * SPARE))), MOST_PARTS)
    return list(_cut(since, until, (until - since) / count + _SECOND))


def _told_zone(tree: dict) -> ZoneInfo | None:
    name = values.text(tree, "timezone")
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        reason = values.unreadable("timezone", "a zone that we know")
    raise reason
