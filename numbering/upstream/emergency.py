"""911 addresses upstream: the feed that reads them, and the verbs that save and remove one.

Nothing counts as active because a call succeeded: after every write the address is read back and compared.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.utils import timezone

from accounts.guarding import not_yours
from accounts.ownership import owner_of
from accounts.roles import May
from numbering.models import EmergencyChange, EmergencyEndpoint, Number
from numbering.upstream import devices, doubts, reading
from numbering.upstream.places import address_of, agree
from providers import operations, orphans
from providers.clients.base import Capability, Client
from providers.clients.errors import AddressRejected, Rejected, Unclear, Unreachable
from providers.clients.records import EmergencyAddress, EmergencyRecord
from providers.mirroring import Row, mirror
from providers.models import Connection, Feed, Operation, Orphan
from providers.operations import VERBS, Verb
from providers.outbox import Settlement, Sight, dict_of
from providers.quota import Priority
from providers.sync import FEEDS, FeedKind
from providers.tally import Tally

State = EmergencyChange.State
IN_OTHER_WORDS = "in-other-words"  # as an operation's error: the upstream knows the address, and writes it so


def register() -> None:
    FEEDS["e911"] = FeedKind(run=bring_home, every=timedelta(minutes=5), capability=Capability.E911, order=40)
    urgent = {"priority": Priority.LIFE, "needs": May.CHANGE_E911}
    # An account that was suspended may still say where help must come; it takes nothing away.
    VERBS["e911.save"] = Verb(execute=save, settle=settle_save, changed=save_changed, even_suspended=True, **urgent)
    VERBS["e911.delete"] = Verb(execute=delete, settle=settle_delete, changed=delete_changed, **urgent)


# --- the feed -----------------------------------------------------------------------------------------------------------


def bring_home(client: Client, feed: Feed, tally: Tally) -> None:
    """Mirror every 911 address. A listing with rows we cannot read is not the whole truth, so nothing vanishes by it."""
    started = timezone.now()
    strangers: list[tuple[str, str]] = []
    mirror(
        EmergencyEndpoint,
        feed,
        ((record.external_id, _columns(record)) for record in client.emergency_addresses()),
        tally,
        complete=lambda: not client.unread,
        sift=_give_owners(feed.connection, strangers),
        after=lambda external_ids: _confirm(feed.connection, external_ids, started),
    )
    tally.unread += len(client.unread)
    orphans.found(feed.connection, "e911", Orphan.Side.THEIRS, strangers)
    _keep_newer_answers(feed.connection, started)
    doubts.settle(feed.connection)


def _columns(record: EmergencyRecord) -> dict:
    return {
        "number": record.number,
        "address": dict_of(record.address),
        "is_default": record.is_default,
        "provisioned": record.provisioned,
        "raw": record.raw,
    }


def _give_owners(connection: Connection, strangers: list[tuple[str, str]]) -> Callable[[list[Row]], list[Row]]:
    """Each address goes to the account that holds its number; those of numbers we do not know, to the main account."""
    main = owner_of(connection)("")

    def sift(rows: list[Row]) -> list[Row]:
        wanted = [values["number"] for _external_id, values in rows]
        numbers = Number.objects.filter(connection=connection, number__in=wanted).present()
        owners = dict(numbers.values_list("number", "account_id"))
        strangers.extend((key, values["number"]) for key, values in rows if values["number"] not in owners)
        return [(key, {"account_id": owners.get(values["number"], main), **values}) for key, values in rows]

    return sift


def _confirm(connection: Connection, external_ids: list[str], moment) -> None:
    EmergencyEndpoint.objects.filter(connection=connection, external_id__in=external_ids).update(confirmed_at=moment)


def _keep_newer_answers(connection: Connection, started) -> None:
    """An address read back while the listing was on its way is newer than the listing."""
    for operation in operations.done_since(connection, ["e911.save", "e911.delete"], started):
        store_read_back(operation)


# --- saving -------------------------------------------------------------------------------------------------------------


def save(client: Client, operation: Operation) -> dict:
    """Check, save, read back. Returns what the upstream now has for the number, whatever that is."""
    number, wanted = operation.arguments["number"], address_of(operation.arguments["address"])
    _still_theirs(operation)
    _check(client, number, wanted)
    try:
        client.save_emergency_address(number, wanted)
    except Rejected:  # it may have a success inside: only what is in force now can tell
        result = _read_after_write(client, number)
        if is_as_asked(dict_of(wanted), result["endpoints"]):
            return result
        raise
    return _read_after_write(client, number)


def _still_theirs(operation: Operation) -> None:
    """Checked again just before the call: help for a number that moved meanwhile would go to its old address."""
    change = EmergencyChange.objects.select_related("number").filter(operation=operation).first()
    if change is None:
        return
    here = Number.objects.present().filter(pk=change.number_id, connection=operation.connection_id)
    if not here.filter(account=change.account_id).exists():
        raise not_yours()


def _check(client: Client, number: str, wanted: EmergencyAddress) -> None:
    """A check changes nothing, so one without a clear answer may simply be made again.

    What the upstream would store otherwise than it was asked for is a question for the person, before anything is saved.
    """
    try:
        told = client.check_emergency_address(number, wanted)
    except Unclear as error:
        raise Unreachable(
            "the check had no clear answer", call=error.call, code=error.code, words=error.words
        ) from error
    if not agree(dict_of(wanted), dict_of(told)):
        raise AddressRejected("it would be stored in other words", code=IN_OTHER_WORDS, alternates=(told,))


def _read_after_write(client: Client, number: str) -> dict:
    with reading.after_write("saved"):
        return read_back(client, number)


def read_back(client: Client, number: str) -> dict:
    records = reading.addresses_of(client, number)
    return {"endpoints": [_plain(record) for record in records], "read_at": timezone.now().isoformat()}


def _plain(record: EmergencyRecord) -> dict:
    return {
        "external_id": record.external_id,
        "address": dict_of(record.address),
        "is_default": record.is_default,
        "provisioned": record.provisioned,
        "raw": record.raw,
    }


def settle_save(client: Client, operation: Operation) -> Settlement:
    result = read_back(client, operation.arguments["number"])
    if is_as_asked(operation.arguments["address"], result["endpoints"]):
        return Settlement(Sight.FOUND, result)
    return Settlement(Sight.ABSENT, result)


def is_as_asked(asked: dict, endpoints: Iterable[dict]) -> bool:
    """Green needs exactly one address, in force, equal to the one asked for."""
    found = list(endpoints)
    return len(found) == 1 and found[0]["provisioned"] and agree(asked, found[0]["address"])


def save_changed(operation: Operation) -> None:
    change = EmergencyChange.objects.select_for_update().filter(operation=operation).first()
    if change is None:
        return
    if operation.state == Operation.State.DONE:
        endpoints = operation.result["endpoints"]
        change.read_back = endpoints[0]["address"] if endpoints else {}
        change.state = State.PROVISIONED if is_as_asked(change.wanted, endpoints) else State.DIFFERS
        store_read_back(operation)
    elif operation.state == Operation.State.FAILED:
        change.alternates = [_complete(item, change.wanted) for item in operation.result.get("alternates", [])]
        change.problems = operation.problems
        change.state = State.ALTERNATES if change.alternates else State.FAILED
    else:
        change.state = _meanwhile(operation)
    change.save()


def _complete(alternate: dict, wanted: dict) -> dict:
    """An alternate is a place; who is there and in which language they are helped stays as asked."""
    return {**alternate, "name": wanted.get("name", ""), "language": wanted.get("language", "")}


def _meanwhile(operation: Operation) -> str:
    unclear = operation.state in {Operation.State.UNKNOWN, Operation.State.PARKED}
    return State.UNKNOWN if unclear else State.CHECKING


# --- removing -----------------------------------------------------------------------------------------------------------


def delete(client: Client, operation: Operation) -> dict:
    number = operation.arguments["number"]
    _still_theirs(operation)
    try:
        notices = client.delete_emergency_address(number)
    except Rejected:
        result = _read_after_write(client, number)
        if result["endpoints"]:
            raise
        return {**result, "notices": []}
    result = _read_after_write(client, number)
    return {**result, "notices": [notice.code for notice in notices]}


def settle_delete(client: Client, operation: Operation) -> Settlement:
    result = read_back(client, operation.arguments["number"])
    return Settlement(Sight.ABSENT if result["endpoints"] else Sight.FOUND, result)


def delete_changed(operation: Operation) -> None:
    change = EmergencyChange.objects.select_for_update().filter(operation=operation).first()
    if change is None:
        return
    if operation.state == Operation.State.DONE:
        endpoints = operation.result["endpoints"]
        change.read_back = endpoints[0]["address"] if endpoints else {}
        change.state = State.DIFFERS if endpoints else State.REMOVED
        store_read_back(operation)
    elif operation.state == Operation.State.FAILED:
        change.problems, change.state = operation.problems, State.FAILED
    else:
        change.state = _meanwhile(operation)
    change.save()


# --- what was read back ---------------------------------------------------------------------------------------------------


def store_read_back(operation: Operation) -> None:
    """Make our copy of one number's addresses equal to what its operation read back."""
    number, moment = operation.arguments["number"], timezone.now()
    endpoints = operation.result.get("endpoints", [])
    stored = EmergencyEndpoint.objects.filter(connection_id=operation.connection_id, number=number, gone_at=None)
    stored.exclude(external_id__in=[item["external_id"] for item in endpoints]).update(gone_at=moment)
    if not endpoints:
        devices.address_is_gone(operation.connection, number)
    for item in endpoints:
        _store(operation.connection, number, item, moment)


def _store(connection: Connection, number: str, item: dict, moment) -> None:
    told = {name: item[name] for name in ("address", "is_default", "provisioned", "raw")}
    values = {"number": number, **told, "digest": "", "confirmed_at": moment, "synced_at": moment, "gone_at": None}
    EmergencyEndpoint.objects.update_or_create(
        connection=connection,
        external_id=item["external_id"],
        defaults={**values, "account_id": _accounts_of_one(connection, number)},
    )


def _accounts_of_one(connection: Connection, number: str) -> int:
    owner = (
        Number.objects.filter(connection=connection, number=number)
        .present()
        .values_list("account_id", flat=True)
        .first()
    )
    return owner or owner_of(connection)("")
