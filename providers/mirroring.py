"""The mirror: our rows made equal to an upstream's listing, in batches, with a guard against vanishing ones."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.models import Connection, Feed
from providers.seen import Seen, seen
from providers.tally import Tally, WouldVanish

BATCH = 200  # rows a transaction: measured, a person's write waits 0.1 s at most behind it
READ = 1000  # rows compared at once; reading holds nobody up
VANISH_SHARE = 3  # more than a third gone stops the run
VANISH_FREE = 5  # so few may always go
KEY = ["connection", "external_id"]
Row = tuple[str, dict]  # external id, column values


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
    rows: Iterable[Row],
    tally: Tally,
    *,
    complete: bool | Callable[[], bool] = True,
    sift: Callable[[list[Row]], list[Row]] | None = None,
    on_created: Callable[[list], None] | None = None,
    on_changed: Callable[[list], None] | None = None,
    after: Callable[[list[str]], None] | None = None,
) -> None:
    """Make our rows of `feed.connection` equal to the upstream's listing.

    `rows` yields (external id, column values) and is read a batch at a time; nothing of it is kept, so it may be any length.
    Unchanged rows cost no write. With `complete` (asked at the end when it is a function) the listing is the whole truth:
    what it no longer has is marked gone, unless that would be more than a third (raises `WouldVanish`, nothing marked).
    `sift` may leave rows of a batch out or add to them; `on_created` and `on_changed` get the objects of a batch inside its
    transaction; `after` the external ids of a batch once it is stored.
    """
    work = _Work(model, feed, tally, on_created, on_changed)
    with seen() as shown:
        for batch in _batches(rows, READ):
            first = shown.add(external_id for external_id, _values in batch)
            fresh = [row for row in dict(batch).items() if row[0] in first]
            tally.seen += len(fresh)
            work.store(dict(sift(fresh) if sift else fresh))
            if after:
                after([external_id for external_id, _values in fresh])
        if complete() if callable(complete) else complete:
            _mark_gone(model, feed, shown, tally)


def _batches(rows: Iterable, size: int) -> Iterator[list]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


class _Work:
    """Compares batches with what is stored and writes what differs."""

    def __init__(self, model, feed: Feed, tally: Tally, on_created, on_changed):
        self.model, self.feed, self.tally = model, feed, tally
        self.on_created, self.on_changed = on_created, on_changed

    def store(self, fresh: dict[str, dict]) -> None:
        now = timezone.now()
        known = self._known(fresh)
        new, old, columns = [], [], []
        for external_id, values in fresh.items():
            digest = digest_of(values)
            row = known.get(external_id)
            if row is not None and row[1] == digest and row[2] is None:
                continue
            values = {**values, "digest": digest, "synced_at": now, "gone_at": None}
            made = self.model(
                pk=row[0] if row else None, connection=self.feed.connection, external_id=external_id, **values
            )
            (old if row else new).append(made)
            columns = list(values)
        for some in _batches(new, BATCH):
            self._create(some)
        for some in _batches(old, BATCH):
            self._change(some, columns)

    def _known(self, fresh: dict[str, dict]) -> dict[str, tuple]:
        rows = self.model.objects.filter(connection=self.feed.connection, external_id__in=list(fresh))
        return {row[0]: row[1:] for row in rows.values_list("external_id", "pk", "digest", "gone_at")}

    def _create(self, rows: list) -> None:
        with transaction.atomic():
            self.model.objects.bulk_create(rows)
            if self.on_created:
                self.on_created(rows)
        self.tally.created += len(rows)

    def _change(self, rows: list, columns: list[str]) -> None:
        with transaction.atomic():
            if self.on_changed:
                self.on_changed(rows)  # before the write, so that it can still compare with the stored rows
            # An upsert of rows that are there: `bulk_update` spends ten times as long on writing its statement.
            self.model.objects.bulk_create(rows, update_conflicts=True, unique_fields=KEY, update_fields=columns)
        self.tally.changed += len(rows)


def _mark_gone(model: type[Mirrored], feed: Feed, shown: Seen, tally: Tally) -> None:
    present = model.objects.filter(connection=feed.connection, gone_at=None)
    missing = shown.missing_of(present)
    count = missing.count()
    if not count:
        return
    known = present.count()
    if count > VANISH_FREE and count * VANISH_SHARE > known and not feed.allow_vanish:
        examples = [f"{row.external_id} · {row}" for row in missing.order_by("external_id")[:50]]
        raise WouldVanish(count, known, examples)
    while batch := list(missing.values_list("pk", flat=True)[:READ]):
        tally.gone += model.objects.filter(pk__in=batch).update(gone_at=timezone.now())
