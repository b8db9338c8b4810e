"""The log comes home: every minute the last days again, and, the first time, half a year back, newest first."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import islice

from django.utils import timezone

from messaging.upstream.making import Stored
from messaging.upstream.records import Owners
from messaging.upstream.storing import store
from providers import waking
from providers.clients.base import Client
from providers.clients.errors import Held
from providers.clients.records import MessageRecord
from providers.mirroring import BATCH
from providers.models import Feed
from providers.tally import Tally

FEED = "messages"
OVERLAP = timedelta(
    days=1
)  # filters are per day, so at least the whole day before is read again: what came late is seen
HISTORY = timedelta(days=180)
STRETCH = timedelta(days=10)  # one question to the log


def bring_home(client: Client, feed: Feed, tally: Tally, *, wake: Callable[[int], object]) -> None:
    """What is new, then one stretch of the past after the other. Where the hour is used up, the next run goes on."""
    _numbers_first(feed)
    owners = Owners(feed.connection)
    today = client.today()
    first = "through" not in feed.cursor
    since = date.fromisoformat(feed.cursor["through"]) - OVERLAP if not first else today - OVERLAP
    fresh = _store(client, feed, client.messages(since), tally, owners, history=first)
    if not first:
        for pk in fresh.media:
            waking.wake(wake, pk)
    cursor = {"oldest": since.isoformat(), **feed.cursor, "through": today.isoformat()}
    _remember(feed, cursor)
    _past(client, feed, tally, owners, today)
    tally.unread += len(client.unread)
    tally.cursor = feed.cursor


def _past(client: Client, feed: Feed, tally: Tally, owners: Owners, today: date) -> None:
    end = today - HISTORY
    oldest = date.fromisoformat(feed.cursor["oldest"])
    while oldest > end and not feed.cursor.get("complete"):
        since = max(end, oldest - STRETCH)
        _store(client, feed, client.messages(since, until=oldest - timedelta(days=1)), tally, owners, history=True)
        oldest = since
        _remember(feed, {**feed.cursor, "oldest": oldest.isoformat(), "complete": oldest <= end})


def _store(
    client: Client, feed: Feed, records: Iterable[MessageRecord], tally: Tally, owners: Owners, *, history: bool
) -> Stored:
    total = Stored()
    for batch in _batches(records):
        stored = store(feed.connection, batch, owners, history=history)
        tally.seen += len(batch)
        tally.created += stored.created
        tally.changed += stored.changed
        total.media += stored.media
    return total


def _batches(records: Iterable[MessageRecord]) -> Iterator[list[MessageRecord]]:
    rows = iter(records)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _remember(feed: Feed, cursor: dict) -> None:
    feed.cursor = cursor
    Feed.objects.filter(pk=feed.pk).update(cursor=cursor)


def _numbers_first(feed: Feed) -> None:
    """Whose a text is, its number tells; without numbers all of them would go to the main account for good."""
    numbers = Feed.objects.filter(connection=feed.connection, name="numbers", last_ok_at=None, failures__lt=3)
    if numbers.exists():
        raise Held("the numbers come first", code="numbers-first", retry_at=timezone.now() + timedelta(seconds=3))
