"""The public directory (411) upstream: the feed that reads who is in it, and the verbs that list a number and take it out.

An entry that was taken counts as asked for and no more: the directory accepts or rejects it later, which the feed tells.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.guarding import not_yours
from accounts.roles import May
from numbering.models import DirectoryListing, Number
from numbering.upstream import reading
from providers import operations
from providers.clients.base import Capability, Client
from providers.clients.errors import NotFound, Unclear
from providers.clients.records import DirectoryRecord, ListingState
from providers.mirroring import digest_of, mirror
from providers.models import Connection, Feed, Operation
from providers.operations import VERBS, Verb
from providers.outbox import Settlement, Sight
from providers.sync import FEEDS, FeedKind
from providers.tally import Tally

FEED = "directory"
LIST, UNLIST = "directory.list", "directory.unlist"


def register() -> None:
    FEEDS[FEED] = FeedKind(run=bring_home, every=timedelta(minutes=15), capability=Capability.DIRECTORY, order=45)
    # An entry written twice, or taken out twice, is as if once.
    both = {"changed": changed, "repeat_when_absent": True, "needs": May.CHANGE_NUMBERS}
    VERBS[LIST] = Verb(execute=put, settle=settle_put, **both)
    VERBS[UNLIST] = Verb(execute=take_out, settle=settle_taken_out, **both)


def subject_of(number: str) -> str:
    """Changes of one entry go one at a time."""
    return f"directory:{number}"


# --- the feed -----------------------------------------------------------------------------------------------------------


def bring_home(client: Client, feed: Feed, tally: Tally) -> None:
    """Mirror every entry. A row that cannot be read is not an entry that is gone."""
    started = timezone.now()
    rows = ((record.external_id, _columns(record)) for record in client.listed_numbers())
    mirror(DirectoryListing, feed, rows, tally, complete=lambda: not client.unread)
    tally.unread += len(client.unread)
    _keep_newer_answers(feed.connection, started)


def _columns(record: DirectoryRecord) -> dict:
    return {"number": record.number, "state": record.state.value, "entry": record.entry, "raw": record.raw}


def _keep_newer_answers(connection: Connection, started) -> None:
    """An entry read back while the listing was on its way is newer than the listing."""
    for operation in operations.done_since(connection, [LIST, UNLIST], started):
        _store(operation)


# --- the verbs ----------------------------------------------------------------------------------------------------------


def put(client: Client, operation: Operation) -> dict:
    _still_theirs(operation)
    client.list_number(operation.arguments["number"], operation.arguments["entry"])
    return _read_after_write(client, operation)


def take_out(client: Client, operation: Operation) -> dict:
    """A number that is in no directory any more has been taken out."""
    _still_theirs(operation)
    try:
        client.unlist_number(operation.arguments["number"])
    except NotFound:
        return _read_back(client, operation)
    return _read_after_write(client, operation)


def _still_theirs(operation: Operation) -> None:
    """Checked again just before the call: the number may have been moved or released since the form was sent."""
    arguments = operation.arguments
    mine = Number.objects.present().filter(connection=operation.connection, number=arguments["number"])
    if not mine.filter(account_id=arguments["account_id"]).exists():
        raise not_yours()


def _read_after_write(client: Client, operation: Operation) -> dict:
    with reading.after_write("taken"):
        return _read_back(client, operation)


def _read_back(client: Client, operation: Operation) -> dict:
    number = operation.arguments["number"]
    found = [record for record in client.listed_numbers() if record.number == number]
    if client.unread:
        raise Unclear("the entry cannot be read", call="listed_numbers", code="unread")
    living = [record for record in found if record.state != ListingState.REMOVED]
    return {"listings": [{"external_id": record.external_id, **_columns(record)} for record in living]}


def settle_put(client: Client, operation: Operation) -> Settlement:
    result = _read_back(client, operation)
    wanted = operation.arguments["entry"]
    found = [one for one in result["listings"] if not differing(wanted, one["entry"])]
    return Settlement(Sight.FOUND if found else Sight.ABSENT, result)


def settle_taken_out(client: Client, operation: Operation) -> Settlement:
    result = _read_back(client, operation)
    return Settlement(Sight.ABSENT if result["listings"] else Sight.FOUND, result)


def differing(asked: dict, told: dict) -> list[str]:
    """The fields in which two entries differ; capitals and blanks make no difference."""
    plain = lambda value: "".join(str(value or "").split()).casefold()  # noqa: E731
    return [name for name in asked if plain(asked[name]) != plain(told.get(name))]


def changed(operation: Operation) -> None:
    """Once confirmed, what was read back is the truth. Until then nothing of ours changes."""
    if operation.state == Operation.State.DONE:
        _store(operation)


def _store(operation: Operation) -> None:
    moment, told = timezone.now(), operation.result.get("listings", [])
    mine = DirectoryListing.objects.filter(connection_id=operation.connection_id, number=operation.arguments["number"])
    mine = mine.filter(gone_at=None).exclude(external_id__in=[one["external_id"] for one in told])
    mine.update(gone_at=moment, digest="")
    for one in told:
        values = {name: value for name, value in one.items() if name != "external_id"}
        row = {**values, "digest": digest_of(values), "synced_at": moment, "gone_at": None}
        DirectoryListing.objects.update_or_create(
            connection_id=operation.connection_id, external_id=one["external_id"], defaults=row
        )
