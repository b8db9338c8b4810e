"""Bringing upstream data home: feeds, their runs, the mirror of rows and the guard against vanishing ones."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers import gateway
from providers.clients.base import Capability, Client
from providers.clients.errors import CredentialsRefused, Held, UpstreamError
from providers.models import Connection, Feed, SyncRun
from providers.quota import Priority
from providers.vault import CannotDecrypt

log = logging.getLogger(__name__)

BATCH = 200  # rows a transaction: measured, a person's write waits 0.1 s at most behind it
LEASE = timedelta(minutes=15)
VANISH_SHARE = 3  # more than a third gone stops the run
VANISH_FREE = 5  # so few may always go


@dataclass(slots=True)
class Tally:
    """What a run did; written to its SyncRun at the end."""

    seen: int = 0
    created: int = 0
    changed: int = 0
    gone: int = 0
    unread: int = 0
    cursor: dict = field(default_factory=dict)


class WouldVanish(Exception):
    """The listing would make too many rows vanish: nothing was marked, a person must look."""

    def __init__(self, missing: int, known: int, examples: list[str]):
        super().__init__(f"{missing} of {known} rows are missing from the listing")
        self.missing, self.known, self.examples = missing, known, examples


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


def due_feeds() -> list[int]:
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    feeds = Feed.objects.filter(free, due_at__lte=now, connection__is_active=True, name__in=FEEDS)
    return list(feeds.order_by("due_at").values_list("pk", flat=True)[:50])


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
        _close(feed, run, tally, SyncRun.State.FAILED, code=held.code, error=str(held), due_at=held.retry_at)
    except CredentialsRefused as error:
        gateway.credentials_refused(feed.connection, error)
        _close(feed, run, tally, SyncRun.State.FAILED, code=error.code, error=str(error))
    except WouldVanish as guard:
        _hold(feed, run, tally, guard)
    except (UpstreamError, CannotDecrypt) as error:
        _close(feed, run, tally, SyncRun.State.FAILED, code=getattr(error, "code", "no_credentials"), error=str(error))
    except Exception as error:
        log.exception("feed %s failed", feed)
        _close(feed, run, tally, SyncRun.State.FAILED, code="internal", error=f"{type(error).__name__}: {error}")
    else:
        _close(feed, run, tally, SyncRun.State.DONE)
    return run


def _claim(feed: Feed, force: bool) -> bool:
    now = timezone.now()
    free = Feed.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=now), pk=feed.pk)
    if not force:
        free = free.filter(due_at__lte=now)
    return free.update(claimed_until=now + LEASE) == 1


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
    for name in ("seen", "created", "changed", "gone", "unread"):
        setattr(run, name, getattr(tally, name))
    run.state, run.finished_at, run.error_code, run.error = state, now, (code or "")[:80], error
    with transaction.atomic():
        run.save()
        Feed.objects.filter(pk=feed.pk).update(**values)


def _pause(feed: Feed, done: bool) -> timedelta:
    """Until the next run: the feed's own beat, or sooner after a failure, but ever later when failures repeat."""
    every = FEEDS[feed.name].every * settings.FEED_PACE
    if done:
        return every
    return min(every, timedelta(seconds=5 * 2 ** min(feed.failures, 6)))


def _hold(feed: Feed, run: SyncRun, tally: Tally, guard: WouldVanish) -> None:
    _close(feed, run, tally, SyncRun.State.HELD, code="would_vanish", error=str(guard))
    held = {"missing": guard.missing, "known": guard.known, "examples": guard.examples}
    Feed.objects.filter(pk=feed.pk).update(held=held, due_at=timezone.now() + timedelta(hours=1))


# --- the mirror -------------------------------------------------------------------------------------------------------


class Mirrored(models.Model):
    """A row that copies an upstream's. Only the columns of the record are ever overwritten by a sync."""

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="+", verbose_name=_("connection"))
    external_id = models.CharField(_("their id"), max_length=64)
    digest = models.CharField(max_length=32, blank=True, editable=False)
    raw = models.JSONField(_("as read upstream"), default=dict, blank=True, editable=False)
    synced_at = models.DateTimeField(_("read"), default=timezone.now, editable=False)
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def digest_of(values: dict) -> str:
    plain = json.dumps(values, sort_keys=True, default=str)
    return hashlib.blake2b(plain.encode(), digest_size=16).hexdigest()


def mirror(
    model: type[Mirrored],
    feed: Feed,
    rows: Iterable[tuple[str, dict]],
    tally: Tally,
    *,
    complete: bool = True,
    on_created: Callable[[list], None] | None = None,
    on_changed: Callable[[list], None] | None = None,
) -> None:
    """Make our rows of `feed.connection` equal to the upstream's listing.

    `rows` yields (external id, column values). Unchanged rows cost no write. With `complete` the listing is the whole truth:
    what it no longer has is marked gone, unless that would be more than a third (raises `WouldVanish`, nothing marked).
    The callbacks get the objects of a batch, inside its transaction.
    """
    known = {
        row[0]: row[1:]
        for row in model.objects.filter(connection=feed.connection).values_list(
            "external_id", "pk", "digest", "gone_at"
        )
    }
    seen: set[str] = set()
    for batch in _batches(rows):
        fresh = {external_id: values for external_id, values in batch if external_id not in seen}
        seen |= fresh.keys()
        tally.seen += len(fresh)
        _store(model, feed, fresh, known, tally, on_created, on_changed)
    if complete:
        _mark_gone(model, feed, {key for key, (_, _, gone_at) in known.items() if gone_at is None}, seen, tally)


def _batches(rows: Iterable) -> Iterator[list]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _store(model, feed, fresh: dict, known: dict, tally: Tally, on_created, on_changed) -> None:
    now = timezone.now()
    new, old, columns = [], [], ["digest", "synced_at", "gone_at"]
    for external_id, values in fresh.items():
        digest = digest_of(values)
        columns_of_row = {**values, "digest": digest, "synced_at": now, "gone_at": None}
        if external_id not in known:
            new.append(model(connection=feed.connection, external_id=external_id, **columns_of_row))
        elif known[external_id][1] != digest or known[external_id][2] is not None:
            old.append(
                model(pk=known[external_id][0], connection=feed.connection, external_id=external_id, **columns_of_row)
            )
        columns = list(columns_of_row)
    if not new and not old:
        return
    with transaction.atomic():
        if new:
            model.objects.bulk_create(new, batch_size=BATCH)
            tally.created += len(new)
            if on_created:
                on_created(new)
        if old:
            if on_changed:
                on_changed(old)  # before the write, so that it can still compare with the stored rows
            model.objects.bulk_update(old, columns, batch_size=BATCH)
            tally.changed += len(old)


def _mark_gone(model, feed, present: set[str], seen: set[str], tally: Tally) -> None:
    missing = sorted(present - seen)
    if not missing:
        return
    if len(missing) > VANISH_FREE and len(missing) * VANISH_SHARE > len(present) and not feed.allow_vanish:
        raise WouldVanish(len(missing), len(present), missing[:20])
    for batch in _batches(missing):
        rows = model.objects.filter(connection=feed.connection, external_id__in=batch)
        tally.gone += rows.update(gone_at=timezone.now())


def freshness(connection: Connection, name: str):
    """When the feed last brought everything home, or None."""
    return Feed.objects.filter(connection=connection, name=name).values_list("last_ok_at", flat=True).first()
