"""A day that passes in two minutes: the portal's clock and the sandbox's move together, from one due row to the next.

The scheduler's own functions decide what runs (`sync.due_feeds`, `sync.run_feed`, `outbox.sweep`, `forgetting.forget`),
as beat and the workers would call them. What was asked of upstreams is read from the sandbox's journal afterwards.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Min
from django.utils import timezone

from messaging.models import Message
from providers import forgetting, outbox, sync
from providers.models import Feed, Operation
from tests.conftest import Wake
from tests.sandboxes import Sandbox

BEAT = timedelta(seconds=5)
HOUR = timedelta(hours=1)
BUSY_WAIT = timedelta(minutes=1)  # while what is due may not start yet, there is nothing to see every five seconds
TASKS = {"messaging.tasks.deliver_message": Message, "providers.tasks.run_operation": Operation}


class Day:
    """`at(moment, act)` puts in what people do; `until` lets time pass."""

    def __init__(self, sandbox: Sandbox, clock, wakes: list[Wake]):
        self.sandbox, self.clock, self.wakes = sandbox, clock, wakes
        self.acts: list[tuple[datetime, Callable[[], None]]] = []
        self.forgotten_at = timezone.now()
        self.runs = 0
        sandbox.control("clock", {"rate": 0})
        self._tell()

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        self.acts.append((moment, act))
        self.acts.sort(key=lambda entry: entry[0])

    def until(self, end: datetime) -> None:
        while timezone.now() < end:
            self._people()
            woken = self._work()
            self._pass(end, idle=not woken)

    def _people(self) -> None:
        while self.acts and self.acts[0][0] <= timezone.now():
            self.acts.pop(0)[1]()

    def _work(self) -> int:
        """One beat: feeds, the outbox, and once an hour forgetting."""
        feeds = sync.due_feeds()
        for pk in feeds:
            sync.run_feed(pk)
        for model in (Operation, Message):
            outbox.sweep(model)
        woken = [(TASKS[wake.task], wake.args[0]) for wake in self.wakes if wake.task in TASKS]
        self.wakes.clear()
        for model, pk in dict.fromkeys(woken):
            outbox.run(model, pk)
        if timezone.now() - self.forgotten_at >= HOUR:
            forgetting.forget()
            self.forgotten_at = timezone.now()
        self.runs += len(feeds)
        return len(feeds) + len(woken)

    def _pass(self, end: datetime, *, idle: bool) -> None:
        """On to the next moment at which anything is due, on the beat's grid."""
        now = timezone.now()
        due = [self._next_feed(), *(self._next_row(model) for model in (Operation, Message)), end]
        due += [self.acts[0][0]] if self.acts else []
        wait = max(min(moment for moment in due if moment) - now, BUSY_WAIT if idle else BEAT)
        self.clock.shift(min(BEAT * ceil(wait / BEAT), max(BEAT, end - now)))
        self._tell()

    def _next_feed(self) -> datetime | None:
        feeds = Feed.objects.filter(name__in=sync.FEEDS, connection__is_active=True)
        return feeds.aggregate(at=Min("due_at"))["at"]

    def _next_row(self, model) -> datetime | None:
        return model.objects.filter(state__in=["queued", "unknown"]).aggregate(at=Min("due_at"))["at"]

    def _tell(self) -> None:
        self.sandbox.control("clock", {"set": timezone.now().timestamp()})


def times_of(rows: list[dict], key: Callable[[dict], object]) -> dict[object, list[float]]:
    """When requests came, by whatever they are counted by; None is not counted."""
    found = defaultdict(list)
    for row in rows:
        if (counted := key(row)) is not None:
            found[counted].append(row["at"])
    return found


def most_in(times: list[float], window: float = 3600) -> int:
    """The most that fell into any sliding window."""
    return max((bisect_left(times, start + window) - place for place, start in enumerate(times)), default=0)


def longest_gap(times: list[float], begin: float, end: float) -> float:
    moments = [begin, *times, end]
    return max(later - earlier for earlier, later in zip(moments, moments[1:], strict=False))
