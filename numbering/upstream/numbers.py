"""Numbers between us and an upstream: the feed that brings them home, and the change of one number's settings."""

from datetime import timedelta

from django.utils import timezone

from accounts.ownership import owner_of
from numbering.models import Number
from numbering.upstream import moves
from numbering.upstream.records import as_json, store, values_of, webhook_addresses, webhook_to_set
from providers import operations, sync
from providers.clients.base import Capability, Client
from providers.clients.errors import Held, Rejected
from providers.clients.records import NumberRecord
from providers.models import Feed, Operation
from providers.outbox import Settlement, Sight
from providers.sync import FeedKind, Tally

FEED = "numbers"
UPDATE = "number.update"
CHUNK = 500  # numbers in one question to the database


def register() -> None:
    sync.FEEDS[FEED] = FeedKind(run=bring_home, every=timedelta(minutes=5), capability=Capability.NUMBERS, order=20)
    operations.VERBS[UPDATE] = operations.Verb(
        execute=update, settle=settle, changed=changed, repeat_when_absent=True
    )  # a write of all settings: twice is as good as once
    moves.register()


def subject_of(external_id: str) -> str:
    """Changes of one number go one at a time."""
    return f"did:{external_id}"


# --- the feed ---------------------------------------------------------------------------------------------------------


def bring_home(client: Client, feed: Feed, tally: Tally) -> None:
    """Make our numbers equal to the upstream's listing, each under the account that its sub-account belongs to."""
    owner, webhooks = owner_of(feed.connection), webhook_addresses(feed.connection)
    since = timezone.now()
    records = _ours_alone(list(client.numbers()), feed, tally)
    tally.unread += len(client.unread)
    sync.mirror(
        Number,
        feed,
        ((record.external_id, values_of(record, owner, webhooks)) for record in records),
        tally,
        complete=not tally.unread,  # a row that could not be read is not a number that is gone
        on_changed=lambda rows: _keep_newer(rows, since),
    )


def _ours_alone(records: list[NumberRecord], feed: Feed, tally: Tally) -> list[NumberRecord]:
    """Leave out what would give a number a second owner: it stays where it is until that connection lists it no more.

    A number that came back under a new id replaces its own old row.
    """
    present = {record.number: record.external_id for record in records if record.status != Number.Status.DELETED}
    known = Number.objects.present().filter(connection=feed.connection).values_list("external_id", "number")
    unchanged = set(known)
    coming = [number for number, external_id in present.items() if (external_id, number) not in unchanged]
    elsewhere: set[str] = set()
    for start in range(0, len(coming), CHUNK):
        rows = Number.objects.present().filter(number__in=coming[start : start + CHUNK])
        elsewhere |= set(rows.exclude(connection=feed.connection).values_list("number", flat=True))
        tally.gone += rows.filter(connection=feed.connection).update(gone_at=timezone.now(), digest="")
    alone = [record for record in records if _is_first(record, present) and record.number not in elsewhere]
    tally.unread += len(records) - len(alone)
    return alone


def _is_first(record: NumberRecord, present: dict[str, str]) -> bool:
    return record.status == Number.Status.DELETED or present[record.number] == record.external_id


def _keep_newer(rows: list[Number], since) -> None:
    """A change confirmed while the listing was on its way is newer than the listing."""
    stored = Number.objects.in_bulk([row.pk for row in rows])
    for row in rows:
        newer = stored[row.pk]
        if newer.synced_at > since and newer.gone_at is None:
            for field in Number._meta.concrete_fields:
                setattr(row, field.attname, getattr(newer, field.attname))


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
    values = values_of(record, owner_of(connection), webhook_addresses(connection))
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
        raise Rejected("the number is no longer on this account", code="not-yours")


def changed(operation: Operation) -> None:
    """Once confirmed, what was read back is the truth. Until then nothing of ours changes."""
    if operation.state == Operation.State.DONE:
        store(operation.connection, operation.arguments["external_id"], operation.result["number"])
