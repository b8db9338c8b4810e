"""The upstream's hourly limits, kept by us so that we never run into them.

One count per connection, bucket and minute, in the database, so that all workers share it and it survives restarts. A request
is allowed while the last sixty-one minutes hold fewer than the limit: then every sliding hour does too.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import F, Min, Sum
from django.utils import timezone

from providers.models import Connection, QuotaMinute

WINDOW = timedelta(minutes=61)
SLOW_DOWN = timedelta(minutes=15)


class Priority(StrEnum):
    """Who is asking. Each may use a share of the limit, so that background work never starves a person."""

    LIFE = "life"  # E911 and ports
    INTERACTIVE = "interactive"  # a person waits
    SETTLE = "settle"  # finding out what became of an unclear request
    BACKGROUND = "background"  # feeds


# The share of a bucket that a priority may fill it up to. A soft warning halves the background's.
CEILING = {Priority.LIFE: 0.97, Priority.INTERACTIVE: 0.87, Priority.SETTLE: 0.80, Priority.BACKGROUND: 0.40}


class Exhausted(Exception):
    """No room now; `retry_at` is when the oldest counted minute leaves the window."""

    def __init__(self, retry_at: datetime):
        super().__init__(f"no room before {retry_at:%H:%M}")
        self.retry_at = retry_at


def take(connection: Connection, bucket: str, priority: Priority) -> None:
    """Count one request, or raise `Exhausted`. A bucket without a stated limit is only counted."""
    now = timezone.now()
    limit = connection.client_class.buckets.get(bucket, 0)
    with transaction.atomic():
        Connection.objects.select_for_update().only("pk").get(pk=connection.pk)  # one at a time, on every database
        if limit and used(connection, bucket, now) >= _ceiling(connection, limit, priority, now, bucket):
            raise Exhausted(_room_at(connection, bucket, now))
        _count(connection, bucket, now.replace(second=0, microsecond=0))


def used(connection: Connection, bucket: str, now: datetime | None = None) -> int:
    """Requests of the bucket within the rolling hour."""
    since = (now or timezone.now()) - WINDOW
    rows = QuotaMinute.objects.filter(connection=connection, bucket=bucket, minute__gt=since)
    return rows.aggregate(total=Sum("used"))["total"] or 0


def left(connection: Connection) -> dict[str, tuple[int, int]]:
    """Bucket -> (calls left, limit), for the sync board. Buckets without a limit are left out."""
    since = timezone.now() - WINDOW
    rows = (
        QuotaMinute.objects.filter(connection=connection, minute__gt=since).values("bucket").annotate(total=Sum("used"))
    )
    spent = {row["bucket"]: row["total"] for row in rows}
    limits = connection.client_class.buckets
    return {bucket: (max(0, limit - spent.get(bucket, 0)), limit) for bucket, limit in limits.items() if limit}


def slow_down(connection: Connection) -> None:
    """The upstream warned us: background work takes half its share for a while."""
    Connection.objects.filter(pk=connection.pk).update(slowed_until=timezone.now() + SLOW_DOWN)


def forget_old_counts() -> int:
    return QuotaMinute.objects.filter(minute__lt=timezone.now() - 2 * WINDOW).delete()[0]


def _ceiling(connection, limit: int, priority: Priority, now: datetime, bucket: str) -> int:
    share = CEILING[priority]
    if priority is Priority.BACKGROUND and bucket != "shared_pool":
        share = CEILING[Priority.INTERACTIVE]
    if connection.slowed_until and connection.slowed_until > now and priority is Priority.BACKGROUND:
        share /= 2
    return int(limit * share)


def _room_at(connection, bucket: str, now: datetime) -> datetime:
    rows = QuotaMinute.objects.filter(connection=connection, bucket=bucket, minute__gt=now - WINDOW)
    oldest = rows.aggregate(first=Min("minute"))["first"] or now
    return max(oldest + WINDOW, now + timedelta(seconds=5))


def _count(connection, bucket: str, minute: datetime) -> None:
    row = {"connection": connection, "bucket": bucket, "minute": minute}
    if QuotaMinute.objects.filter(**row).update(used=F("used") + 1):
        return
    try:
        with transaction.atomic():
            QuotaMinute.objects.create(**row, used=1)
    except IntegrityError:
        QuotaMinute.objects.filter(**row).update(used=F("used") + 1)
