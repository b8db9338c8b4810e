"""Bringing upstream data home: which feeds there are, which are due and have room in their quota, and their runs."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from providers import gateway, quota
from providers.clients.base import Capability, Client
from providers.clients.errors import CredentialsRefused, Held, UpstreamError
from providers.clients.registry import client_class
from providers.models import Connection, Feed, SyncRun
from providers.quota import Priority
from providers.tally import Tally, WouldVanish
from providers.vault import CannotDecrypt

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
AT_ONCE = 50  # feeds woken by one beat
FIRST_RUN = 40  # requests that a first run is taken for; it brings the past home
REFUSED_REST = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class FeedKind:
    """How a kind of data comes home: `run(client, feed, tally)`, every `every` while the upstream has the capability."""

    run: Callable[[Client, Feed, Tally], None]
    every: timedelta
    capability: Capability
    order: int = 50  # sub-accounts come before what hangs on them


FEEDS: dict[str, FeedKind] = {}  # filled by each app's AppConfig.ready


def feeds_of(connection: Connection) -> list[str]:
    """Names of the feeds this connection's upstream can fill, in the order in which they build on each other."""
    names = [name for name, kind in FEEDS.items() if connection.can(kind.capability)]
    return sorted(names, key=lambda name: FEEDS[name].order)


def ensure_feeds(connection: Connection) -> None:
    for name in feeds_of(connection):
        Feed.objects.get_or_create(connection=connection, name=name)


class Due(NamedTuple):
    """A feed that is due, without its connection: hundreds are looked at with every beat."""

    pk: int
    name: str
    due_at: datetime
    last_ok_at: datetime | None
    calls: int
    connection_id: int
    slug: str

    @property
    def client(self) -> type[Client]:
        return client_class(self.slug)

    @property
    def cost(self) -> int:
        return max(1, self.calls) if self.last_ok_at else FIRST_RUN


def due_feeds() -> list[int]:
    """Feeds to run now. Of those that share a limit only as many as it has room for, the stalest first; the rest wait."""
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    due = Feed.objects.filter(free, due_at__lte=now, connection__is_active=True, name__in=FEEDS).order_by("due_at")
    sharers: dict[tuple, list[Due]] = defaultdict(list)
    for row in due.values_list(*Due._fields[:-1], "connection__slug"):
        feed = Due(*row)
        bucket = _limit_of(feed.client, feed.name)
        shared = bucket is None or bucket in feed.client.address_buckets
        sharers[feed.slug, bucket, None if shared else feed.connection_id].append(feed)
    chosen: list[Due] = []
    for (_slug, bucket, _own), feeds in sharers.items():
        connection = Connection.objects.get(pk=feeds[0].connection_id)
        chosen += _as_the_limit_allows(connection, bucket, feeds) if bucket else _as_is_courteous(connection, feeds)
    return [feed.pk for feed in sorted(chosen, key=lambda feed: feed.due_at)[:AT_ONCE]]


def _as_is_courteous(connection: Connection, feeds: list[Due]) -> list[Due]:
    """Those due longest, while these minutes have room for what their runs cost: hundreds never start at once."""
    room = quota.courtesy_left(connection)
    begun = accumulate((feed.cost for feed in feeds), initial=0)
    return [feed for feed, cost in zip(feeds, begun, strict=False) if cost < room]


def _as_the_limit_allows(connection: Connection, bucket: str, feeds: list[Due]) -> list[Due]:
    """The stalest feeds that there is room for; while more wait than fit into an hour, evenly spaced and not in bursts."""
    room, next_at = quota.room(connection, bucket, Priority.BACKGROUND)
    if room and len(feeds) > connection.client_class.buckets[bucket]:
        next_at = quota.next_turn(connection, bucket)
        room = 1 if next_at <= timezone.now() else 0
    if room == 0:
        Feed.objects.filter(pk__in=[feed.pk for feed in feeds]).update(due_at=next_at)
        return []
    feeds.sort(key=lambda feed: (feed.last_ok_at is not None, feed.last_ok_at, feed.pk))
    return feeds[:room]


def pace_of(connection: Connection, name: str) -> timedelta:
    """How often a feed runs at best: its own beat, made slower for all alike while they want more than their share.

    Feeds share what the upstream allows its bucket or, where it states no limit, what is courteous to ask by one address.
    """
    client = connection.client_class
    every, bucket = _beat(client, name), _limit_of(client, name)
    allowed, stated = quota.feeds_an_hour(connection, bucket)
    strain = _wanted(connection, bucket, shared=not stated or bucket in client.address_buckets) / allowed
    if strain <= 1:
        return every * settings.FEED_PACE
    return max(every * settings.FEED_PACE, every * strain * (1 if stated else settings.FEED_PACE))


def _limit_of(client: type[Client], name: str) -> str | None:
    """The bucket with a stated limit that a feed lives by, if there is one."""
    bucket = client.bucket_of.get(FEEDS[name].capability)
    return bucket if client.buckets.get(bucket) else None


def _beat(client: type[Client], name: str) -> timedelta:
    kind = FEEDS[name]
    return max(kind.every, client.paces.get(kind.capability, kind.every))


def _wanted(connection: Connection, bucket: str | None, *, shared: bool) -> float:
    """Requests an hour that all feeds of a bucket would make at their own beats, each as many as its last run made."""
    client = connection.client_class
    names = [name for name in FEEDS if _limit_of(client, name) == bucket]
    sharers = (
        {"connection__slug": connection.slug, "connection__is_active": True} if shared else {"connection": connection}
    )
    costs = Feed.objects.filter(**sharers, name__in=names).order_by().values_list("name").annotate(Sum("calls"))
    return sum(calls * (quota.HOUR / _beat(client, name)) for name, calls in costs)


def hurry(connection: Connection, names: Iterable[str]) -> None:
    """Something changed upstream: these feeds are due now rather than at their next beat. Quotas stay in force.

    A feed that costs many requests is not hurried again before a second for each has passed: news may come in storms.
    """
    now = timezone.now()
    for feed in Feed.objects.filter(connection=connection, name__in=names, claimed_until=None):
        rested = (feed.last_ok_at or feed.connection.created_at) + timedelta(seconds=feed.calls)
        Feed.objects.filter(pk=feed.pk, due_at__gt=max(now, rested)).update(due_at=max(now, rested))


def run_feed(pk: int, *, trigger: str = "schedule", force: bool = False) -> SyncRun | None:
    """Run a feed once if it is due and nobody else runs it. None when there was nothing to do."""
    feed = Feed.objects.select_related("connection").filter(pk=pk).first()
    if feed is None or not _claim(feed, force):
        return None
    run = SyncRun.objects.create(connection=feed.connection, feed=feed.name, trigger=trigger[:160])
    tally = Tally()
    try:
        client = gateway.client_for(
            feed.connection, Priority.BACKGROUND if trigger == "schedule" else Priority.INTERACTIVE
        )
        FEEDS[feed.name].run(client, feed, tally)
    except Held as held:
        _wait(feed, run, tally, held)
    except CredentialsRefused as error:
        gateway.credentials_refused(feed.connection, error)
        _close(feed, run, tally, SyncRun.State.FAILED, code=error.code, error=str(error), due_at=_rest(feed.connection))
    except WouldVanish as guard:
        _hold(feed, run, tally, guard)
    except (UpstreamError, CannotDecrypt) as error:
        _close(feed, run, tally, SyncRun.State.FAILED, code=getattr(error, "code", "no_credentials"), error=str(error))
    except Exception as error:
        log.exception("feed %s failed", feed)
        _close(feed, run, tally, SyncRun.State.FAILED, code="internal", error=f"{type(error).__name__}: {error}")
    else:
        if feed.last_ok_at is not None:  # the first run brings the past home, which none does again
            feed.calls = gateway.requests_of(client)
        _close(feed, run, tally, SyncRun.State.DONE)
        if feed.connection.health == Connection.Health.REFUSED:  # as it was before this run
            start_over(feed.connection)
    return run


def _claim(feed: Feed, force: bool) -> bool:
    now = timezone.now()
    free = Feed.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=now), pk=feed.pk)
    if not force:
        free = free.filter(due_at__lte=now)
    return free.update(claimed_until=now + LEASE) == 1


def _wait(feed: Feed, run: SyncRun, tally: Tally, held: Held) -> None:
    """Held back before anything was asked: no failure, and nothing to keep a record of but when it goes on."""
    if held.code == "quota" and not tally.seen:
        run.delete()
        Feed.objects.filter(pk=feed.pk).update(claimed_until=None, due_at=held.retry_at)
        run.state, run.error_code = SyncRun.State.FAILED, held.code  # for who asked for this run
    else:
        _close(feed, run, tally, SyncRun.State.FAILED, code=held.code, error=str(held), due_at=held.retry_at)


def _rest(connection: Connection) -> datetime:
    """One feed was refused, so all would be: they wait together. An upstream may shut out who tries bad credentials often."""
    then = timezone.now() + REFUSED_REST
    Feed.objects.filter(connection=connection, due_at__lt=then).update(due_at=then)
    return then


def start_over(connection: Connection) -> None:
    """The credentials are new, or are accepted again: every feed is due now."""
    Feed.objects.filter(connection=connection, due_at__gt=timezone.now()).update(due_at=timezone.now())


def _close(feed: Feed, run: SyncRun, tally: Tally, state: str, *, code: str = "", error: str = "", due_at=None) -> None:
    now = timezone.now()
    done = state == SyncRun.State.DONE
    values = {
        "claimed_until": None,
        "due_at": due_at or now + _pause(feed, done),
        "failures": 0 if done else F("failures") + 1,
    }
    if done:
        values |= {"last_ok_at": now, "held": {}, "allow_vanish": False, "cursor": tally.cursor or feed.cursor}
        values |= {"calls": feed.calls}
    for name in ("seen", "created", "changed", "gone", "unread"):
        setattr(run, name, getattr(tally, name))
    run.state, run.finished_at, run.error_code, run.error = state, now, (code or "")[:80], error
    with transaction.atomic():
        run.save()
        Feed.objects.filter(pk=feed.pk).update(**values)


def _pause(feed: Feed, done: bool) -> timedelta:
    """Until the next run: the feed's own beat, or sooner after a failure, but ever later when failures repeat."""
    every = pace_of(feed.connection, feed.name)
    if done:
        return every
    return min(every, timedelta(seconds=5 * 2 ** min(feed.failures, 6)))


def _hold(feed: Feed, run: SyncRun, tally: Tally, guard: WouldVanish) -> None:
    _close(feed, run, tally, SyncRun.State.HELD, code="would_vanish", error=str(guard))
    held = {"missing": guard.missing, "known": guard.known, "examples": guard.examples}
    Feed.objects.filter(pk=feed.pk).update(held=held, due_at=timezone.now() + timedelta(hours=1))


def freshness(connection: Connection, name: str):
    """When the feed last brought everything home, or None."""
    return Feed.objects.filter(connection=connection, name=name).values_list("last_ok_at", flat=True).first()
