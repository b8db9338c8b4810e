"""What is kept of the past, and how long: enough to answer for everything, and bounded however many connections there are.

What changed something or went wrong is kept for its time. Of reads that were answered, which are nearly all, the newest
few of each kind say as much as all of them; "you have none of that" is an answer too, at some upstreams a refusal.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from providers import incidents, quota
from providers.clients.registry import CLIENTS
from providers.clients.speaking import reads_of
from providers.models import KEEP_EXCHANGES_DAYS, ExchangeLog, SyncRun, WebhookRequest

NEWEST = 20  # answered reads of a connection and call, and quiet runs of a feed, that stay
ANSWERED = ("ok", "refused")
STILL_WARM = timedelta(hours=1)  # whoever looks for what just happened finds all of it
KEEP_RUNS = timedelta(days=90)
KEEP_WEBHOOKS = timedelta(days=30)
AT_ONCE = 500  # rows a statement: on SQLite nobody else writes meanwhile


def forget() -> int:
    """Delete what has had its time. Returns how many rows of the logs went; safe to repeat and to interrupt."""
    now = timezone.now()
    quota.forget_old_counts()
    incidents.forget_old()
    old = ExchangeLog.objects.filter(started_at__lt=now - timedelta(days=KEEP_EXCHANGES_DAYS))
    runs = SyncRun.objects.filter(started_at__lt=now - KEEP_RUNS)
    posted = WebhookRequest.objects.filter(received_at__lt=now - KEEP_WEBHOOKS).exclude(state="received")
    return sum(map(_delete, (old, runs, posted, *_answered_reads(now), _quiet_runs(now))))


def _answered_reads(now: datetime) -> Iterator[QuerySet]:
    for slug, client in CLIENTS.items():
        rows = ExchangeLog.objects.filter(connection__slug=slug, call__in=reads_of(client), outcome__in=ANSWERED)
        yield _beyond_the_newest(rows, now, "connection", "call")


def _quiet_runs(now: datetime) -> QuerySet:
    """Runs that found everything as it was."""
    rows = SyncRun.objects.filter(state=SyncRun.State.DONE, created=0, changed=0, gone=0, unread=0)
    return _beyond_the_newest(rows, now, "connection", "feed")


def _beyond_the_newest(rows: QuerySet, now: datetime, *kind: str) -> QuerySet:
    newest_first = Window(RowNumber(), partition_by=[F(name) for name in kind], order_by=F("pk").desc())
    return rows.order_by().annotate(place=newest_first).filter(place__gt=NEWEST, started_at__lt=now - STILL_WARM)


def _delete(rows: QuerySet) -> int:
    """Bit by bit, each a transaction of its own."""
    pks = list(rows.order_by().values_list("pk", flat=True))
    batches = (pks[start : start + AT_ONCE] for start in range(0, len(pks), AT_ONCE))
    return sum(rows.model.objects.filter(pk__in=batch).delete()[0] for batch in batches)
