"""The upstreams' hourly limits, kept by us so that we never run into them.

A limit belongs to a connection or, where the document counts by IP address, to everything we send by one address. Its use
is counted by the minute (a small limit's by the second) in the database, so that all workers share it and it survives
restarts. A request is allowed while the last hour and one such step hold fewer than the limit: then every sliding hour does.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Min, Sum
from django.utils import timezone

from providers.models import Connection, QuotaMinute, QuotaPool

HOUR = timedelta(hours=1)
WINDOW = timedelta(minutes=61)  # the longest we look back
PATIENCE = timedelta(minutes=10)  # how long a turn is kept for a person after there is room
SLOW_DOWN = timedelta(minutes=15)
STRETCH = timedelta(minutes=5)  # over which requests are evened out where no limit is stated
SMALL = 12  # requests an hour; of fewer, no share is kept free but for as long as somebody waits


class Priority(StrEnum):
    """Who is asking. Each may use a share of the limit, so that background work never starves a person."""

    LIFE = "life"  # E911 and ports
    INTERACTIVE = "interactive"  # a person waits
    SETTLE = "settle"  # finding out what became of an unclear request
    BULK = "bulk"  # campaigns
    BACKGROUND = "background"  # feeds


PATIENT = frozenset({Priority.BULK, Priority.BACKGROUND})  # nobody sits in front of it
# The share of a bucket that a priority may fill it up to. A soft warning halves that of the patient.
CEILING = {
    Priority.LIFE: 0.97,
    Priority.INTERACTIVE: 0.87,
    Priority.SETTLE: 0.80,
    Priority.BULK: 0.75,
    Priority.BACKGROUND: 0.40,
}


class Exhausted(Exception):
    """No room now; `retry_at` is when the oldest counted minute leaves the window."""

    def __init__(self, retry_at: datetime):
        super().__init__(f"no room before {retry_at:%H:%M}")
        self.retry_at = retry_at


def pool_of(connection: Connection, bucket: str) -> str:
    """Whose limit a bucket of a connection counts against: its own, or its IP address's."""
    if bucket in connection.client_class.address_buckets:
        return f"{connection.slug}@{settings.EGRESS_ADDRESS}"
    return f"{connection.slug}#{connection.pk}"


def take(connection: Connection, bucket: str, priority: Priority) -> None:
    """Count one request, or raise `Exhausted`. A bucket without a stated limit is only counted."""
    now = timezone.now()
    with transaction.atomic():
        pool = _locked(pool_of(connection, bucket), bucket)
        retry_at = _refusal(connection, pool, priority, now)
        if retry_at is None:
            _count(
                pool,
                now.replace(microsecond=0) if _is_small(connection, bucket) else now.replace(second=0, microsecond=0),
            )
    if retry_at is not None:
        if priority not in PATIENT:
            QuotaPool.objects.filter(pk=pool.pk).update(wanted_until=retry_at + PATIENCE)
        raise Exhausted(retry_at)
    if pool.wanted_until and priority not in PATIENT:
        QuotaPool.objects.filter(pk=pool.pk).update(wanted_until=None)


def room(connection: Connection, bucket: str, priority: Priority) -> tuple[int | None, datetime]:
    """How many requests would be let through now (None: any number), and from when on there is room."""
    now = timezone.now()
    pool = QuotaPool.objects.filter(name=pool_of(connection, bucket), bucket=bucket).first()
    limit = connection.client_class.buckets.get(bucket, 0)
    if pool and pool.blocked_until and pool.blocked_until > now:
        return 0, pool.blocked_until
    if not limit:
        return None, now
    if pool is None:
        return _ceiling(connection, QuotaPool(bucket=bucket), limit, priority, now), now
    window = _window(connection, bucket)
    free = _ceiling(connection, pool, limit, priority, now) - _used(pool, now, window)
    return (free, now) if free > 0 else (0, _room_at(pool, now, window))


def next_turn(connection: Connection, bucket: str) -> datetime:
    """When the next request would leave the same pause after the last as all of an hour's have between them."""
    pool = QuotaPool.objects.filter(name=pool_of(connection, bucket), bucket=bucket).first()
    last = QuotaMinute.objects.filter(pool=pool).aggregate(last=Max("minute"))["last"] if pool else None
    return last + _window(connection, bucket) / connection.client_class.buckets[bucket] if last else timezone.now()


def an_hour(connection: Connection, bucket: str, priority: Priority) -> float | None:
    """How many requests of this priority fit into an hour, when nobody else asks; None where no limit is stated."""
    limit = connection.client_class.buckets.get(bucket, 0)
    if not limit:
        return None
    return _ceiling(connection, QuotaPool(bucket=bucket), limit, priority, timezone.now()) * (HOUR / WINDOW)


def feeds_an_hour(connection: Connection, bucket: str | None) -> tuple[float, bool]:
    """How many requests all feeds of a bucket may make in an hour, and whether that is a limit which the upstream states."""
    client = connection.client_class
    limit = client.buckets.get(bucket, 0)
    if not limit:
        return client.courtesy, False
    return (limit * (HOUR / WINDOW) if limit <= SMALL else limit * CEILING[Priority.BACKGROUND]), True


def courtesy_left(connection: Connection) -> float:
    """What all feeds of an upstream that states no limit may still ask for just now; what people ask for counts first."""
    share = connection.client_class.courtesy * (STRETCH / HOUR) / settings.FEED_PACE
    rows = QuotaMinute.objects.filter(pool__name__startswith=f"{connection.slug}#", minute__gt=timezone.now() - STRETCH)
    return share - (rows.aggregate(total=Sum("used"))["total"] or 0)


def used(connection: Connection, bucket: str, now: datetime | None = None) -> int:
    """Requests of the bucket within the rolling hour."""
    pool = QuotaPool.objects.filter(name=pool_of(connection, bucket), bucket=bucket).first()
    return _used(pool, now or timezone.now(), _window(connection, bucket)) if pool else 0


def left(connection: Connection) -> dict[str, tuple[int, int]]:
    """Bucket -> (calls left, limit), for the sync board. Buckets without a limit are left out."""
    limits = {bucket: limit for bucket, limit in connection.client_class.buckets.items() if limit}
    spent = _spent({pool_of(connection, bucket) for bucket in limits})
    free = {bucket: limit - spent.get((pool_of(connection, bucket), bucket), 0) for bucket, limit in limits.items()}
    return {bucket: (max(0, free[bucket]), limit) for bucket, limit in limits.items()}


def slow_down(connection: Connection) -> None:
    """The upstream warned us: background work takes half its share for a while."""
    Connection.objects.filter(pk=connection.pk).update(slowed_until=timezone.now() + SLOW_DOWN)


def block(connection: Connection, bucket: str, until: datetime) -> None:
    """The upstream refuses this bucket until then, for everyone who shares it."""
    pool = _pool(pool_of(connection, bucket), bucket)
    QuotaPool.objects.filter(pk=pool.pk).update(blocked_until=until)


def forget_old_counts() -> int:
    return QuotaMinute.objects.filter(minute__lt=timezone.now() - 2 * WINDOW).delete()[0]


def _locked(name: str, bucket: str) -> QuotaPool:
    """The pool, held until the transaction ends: one at a time, on every database."""
    rows = QuotaPool.objects.select_for_update(no_key=True)
    return rows.filter(name=name, bucket=bucket).first() or rows.get(pk=_pool(name, bucket).pk)


def _pool(name: str, bucket: str) -> QuotaPool:
    found = QuotaPool.objects.filter(name=name, bucket=bucket).first()
    return found or QuotaPool.objects.get_or_create(name=name, bucket=bucket)[0]


def _refusal(connection: Connection, pool: QuotaPool, priority: Priority, now: datetime) -> datetime | None:
    """When to come back, or None when there is room."""
    if pool.blocked_until and pool.blocked_until > now:
        return pool.blocked_until
    limit, window = connection.client_class.buckets.get(pool.bucket, 0), _window(connection, pool.bucket)
    if limit and _used(pool, now, window) >= _ceiling(connection, pool, limit, priority, now):
        return _room_at(pool, now, window)
    return None


def _is_small(connection: Connection, bucket: str) -> bool:
    return 0 < connection.client_class.buckets.get(bucket, 0) <= SMALL


def _window(connection: Connection, bucket: str) -> timedelta:
    return HOUR + timedelta(seconds=1) if _is_small(connection, bucket) else WINDOW


def _ceiling(connection: Connection, pool: QuotaPool, limit: int, priority: Priority, now: datetime) -> int:
    patient = priority in PATIENT
    if limit <= SMALL:
        # A standing reserve would be a large part of so few: feeds take all of it, but leave one to whoever waits.
        return limit - 1 if patient and pool.wanted_until and pool.wanted_until > now else limit
    share = CEILING[priority]
    if priority is Priority.BACKGROUND and pool.bucket not in connection.client_class.bucket_of.values():
        share = CEILING[Priority.INTERACTIVE]  # no feed lives by it, so none can starve a person
    if patient and connection.slowed_until and connection.slowed_until > now:
        share /= 2
    return int(limit * share)


def _used(pool: QuotaPool, now: datetime, window: timedelta) -> int:
    rows = QuotaMinute.objects.filter(pool=pool, minute__gt=now - window)
    return rows.aggregate(total=Sum("used"))["total"] or 0


def _spent(names: Iterable[str]) -> dict[tuple[str, str], int]:
    rows = QuotaMinute.objects.filter(pool__name__in=names, minute__gt=timezone.now() - WINDOW)
    sums = rows.values("pool__name", "pool__bucket").annotate(total=Sum("used"))
    return {(row["pool__name"], row["pool__bucket"]): row["total"] for row in sums}


def _room_at(pool: QuotaPool, now: datetime, window: timedelta) -> datetime:
    rows = QuotaMinute.objects.filter(pool=pool, minute__gt=now - window)
    oldest = rows.aggregate(first=Min("minute"))["first"] or now
    return max(oldest + window, now + timedelta(seconds=5))


def _count(pool: QuotaPool, minute: datetime) -> None:
    row = {"pool": pool, "minute": minute}
    if QuotaMinute.objects.filter(**row).update(used=F("used") + 1):
        return
    try:
        with transaction.atomic():
            QuotaMinute.objects.create(**row, used=1)
    except IntegrityError:
        QuotaMinute.objects.filter(**row).update(used=F("used") + 1)
