"""Numbers between us and an upstream: the feed that brings them home, and the change of one number's settings."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.guarding import not_yours
from accounts.ownership import owner_of
from accounts.roles import May
from numbering.models import Number
from numbering.upstream import moves
from numbering.upstream.records import as_json, leave_notes_behind, store, values_of, webhook_addresses, webhook_to_set
from providers import operations, orphans, sync
from providers.clients.base import Capability, Client
from providers.clients.errors import Held
from providers.mirroring import Row, mirror
from providers.models import Connection, Feed, Operation, Orphan
from providers.outbox import Settlement, Sight
from providers.quota import Priority
from providers.sync import FeedKind
from providers.tally import Tally

FEED = "numbers"
UPDATE = "number.update"
UPDATE_ONE_OF_MANY = "number.update_one_of_many"
LATELY = timedelta(days=30)  # how long a number that went away is asked about
MOST_ORPHANS = 500
Side = Orphan.Side


def register() -> None:
    sync.FEEDS[FEED] = FeedKind(run=bring_home, every=timedelta(minutes=5), capability=Capability.NUMBERS, order=20)
    # A write of all settings: twice is as good as once. One of ten thousand never makes a person's own change wait.
    steps = {
        "execute": update,
        "settle": settle,
        "changed": changed,
        "repeat_when_absent": True,
        "needs": May.CHANGE_NUMBERS,
    }
    operations.VERBS[UPDATE] = operations.Verb(**steps)
    operations.VERBS[UPDATE_ONE_OF_MANY] = operations.Verb(**steps, priority=Priority.BULK)
    orphans.PLACES[FEED] = orphans_page
    moves.register()


def subject_of(external_id: str) -> str:
    """Changes of one number go one at a time."""
    return f"did:{external_id}"


# --- the feed ---------------------------------------------------------------------------------------------------------


def bring_home(client: Client, feed: Feed, tally: Tally) -> None:
    """Make our numbers equal to the upstream's listing, each under the account that its sub-account belongs to."""
    owner, webhooks = owner_of(feed.connection), webhook_addresses(feed.connection)
    since = timezone.now()
    contested: list[tuple[str, str]] = []
    mirror(
        Number,
        feed,
        ((record.external_id, values_of(record, feed.connection, owner, webhooks)) for record in client.numbers()),
        tally,
        complete=lambda: not client.unread,  # a row that could not be read is not a number that is gone
        sift=lambda rows: _ours_alone(rows, feed, tally, contested),
        on_changed=lambda rows: _keep_newer(rows, since),
    )
    tally.unread += len(client.unread)
    orphans.found(feed.connection, FEED, Side.THEIRS, contested)
    if not client.unread:
        orphans.found(feed.connection, FEED, Side.OURS, _gone(feed.connection))


def _ours_alone(rows: list[Row], feed: Feed, tally: Tally, contested: list[tuple[str, str]]) -> list[Row]:
    """Leave out what would give a number a second owner: it stays where it is until that connection lists it no more.

    A number that came back under a new id replaces its own old row.
    """
    present = {
        values["number"]: external_id for external_id, values in rows if values["status"] != Number.Status.DELETED
    }
    there = Number.objects.present().filter(number__in=list(present)).values_list("number", "connection", "external_id")
    elsewhere, replaced = set(), []
    for number, connection, external_id in there:
        if connection != feed.connection_id:
            elsewhere.add(number)
        elif external_id != present[number]:
            replaced.append(external_id)
    if replaced:
        old = Number.objects.filter(connection=feed.connection, external_id__in=replaced)
        tally.gone += old.update(gone_at=timezone.now(), digest="")
    alone = [row for row in rows if _is_alone(row, present, elsewhere)]
    left_out = [(external_id, values["number"]) for external_id, values in rows if values["number"] in elsewhere]
    contested += left_out
    tally.unread += len(rows) - len(alone)
    return alone


def _is_alone(row: Row, present: dict[str, str], elsewhere: set[str]) -> bool:
    external_id, values = row
    if values["status"] == Number.Status.DELETED:
        return True
    return present[values["number"]] == external_id and values["number"] not in elsewhere


def orphans_page(orphan: Orphan) -> str:
    """Where staff see a number that is listed twice, or no more."""
    rows = Number.objects.filter(number=orphan.label).order_by("gone_at", "-pk")
    row = rows.values_list("pk", flat=True).first()
    return reverse("admin:numbers_number_change", args=[row]) if row else ""


def _gone(connection: Connection) -> list[tuple[str, str]]:
    """Numbers of ours that the upstream listed until lately and lists no more, and that nobody else lists either."""
    recent = Number.objects.filter(connection=connection, gone_at__gt=timezone.now() - LATELY)
    back = Number.objects.present().filter(number=OuterRef("number"))
    rows = recent.exclude(status=Number.Status.DELETED).exclude(Exists(back))
    return list(rows.values_list("external_id", "number")[:MOST_ORPHANS])


def _keep_newer(rows: list[Number], since) -> None:
    """A change confirmed while the listing was on its way is newer than the listing."""
    stored = Number.objects.in_bulk([row.pk for row in rows])
    for row in rows:
        newer = stored[row.pk]
        if newer.synced_at > since and newer.gone_at is None:
            for field in Number._meta.concrete_fields:
                setattr(row, field.attname, getattr(newer, field.attname))
    if rows:
        leave_notes_behind(rows[0].connection, {row.external_id: row.account_id for row in rows})


# --- the change -------------------------------------------------------------------------------------------------------


def update(client: Client, operation: Operation) -> dict:
    """Write what was asked for, then read the number back: only what upstream tells becomes our truth."""
    external_id = operation.arguments["external_id"]
    _still_theirs(operation)
    if moves.is_moving(operation.connection_id, external_id):
        raise Held("the number is being moved", code="moving", retry_at=timezone.now() + timedelta(seconds=3))
    client.update_number(external_id, webhook_to_set(operation.connection, operation.arguments["wanted"]))
    return _read_back(client, operation)[0]


def settle(client: Client, operation: Operation) -> Settlement:
    """Every setting as asked for: it was done. Any other: it was not, and writing again is harmless."""
    result, differs = _read_back(client, operation)
    return Settlement(Sight.ABSENT if differs else Sight.FOUND, result)


def _read_back(client: Client, operation: Operation) -> tuple[dict, list[str]]:
    record = client.number(external_id=operation.arguments["external_id"])
    connection = operation.connection
    values = values_of(record, connection, owner_of(connection), webhook_addresses(connection))
    wanted, told = operation.arguments["wanted"], values["settings"]
    differs = [name for name in wanted if not _same(told.get(name), wanted[name])]
    return {"number": as_json(values), "differs": differs}, differs


def _same(told, wanted) -> bool:
    if isinstance(wanted, str):
        return " ".join(str(told or "").split()) == " ".join(wanted.split())
    return told == wanted


def _still_theirs(operation: Operation) -> None:
    """Checked again just before the call: the number may have been moved or released since the form was sent."""
    arguments = operation.arguments
    mine = Number.objects.present().filter(connection=operation.connection, external_id=arguments["external_id"])
    if not mine.filter(account_id=arguments["account_id"]).exists():
        raise not_yours()


def changed(operation: Operation) -> None:
    """Once confirmed, what was read back is the truth. Until then nothing of ours changes."""
    if operation.state == Operation.State.DONE:
        store(operation.connection, operation.arguments["external_id"], operation.result["number"])
