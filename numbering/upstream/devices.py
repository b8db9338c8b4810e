"""Devices upstream and the 911 addresses they are tied to: the feed that reads both, and the verbs that tie and untie (E6).

Which device is tied where is told by the addresses. Nothing counts as tied because a call succeeded: after every write the
number's address is read back.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from accounts.guarding import not_yours
from accounts.ownership import owner_of
from accounts.roles import May
from numbering.models import Device, Number
from numbering.upstream import reading
from providers import operations
from providers.clients.base import Capability, Client
from providers.clients.errors import Rejected
from providers.clients.records import DeviceRecord
from providers.mirroring import VANISH_FREE, VANISH_SHARE, mirror
from providers.models import Connection, Feed, Operation
from providers.operations import VERBS, Verb
from providers.outbox import Settlement, Sight
from providers.quota import Priority
from providers.sync import FEEDS, FeedKind
from providers.tally import Tally, WouldVanish

FEED = "devices"
TIE, UNTIE = "e911.tie_device", "e911.untie_device"


def register() -> None:
    FEEDS[FEED] = FeedKind(run=bring_home, every=timedelta(minutes=15), capability=Capability.DEVICES, order=42)
    # A device that is tied twice is tied once, and one is untied only from the address that it is found at.
    both = {"settle": settle, "changed": changed, "repeat_when_absent": True}
    urgent = {"priority": Priority.LIFE, "needs": May.CHANGE_E911}
    # An account that was suspended may still say where help must come; it takes nothing away.
    VERBS[TIE] = Verb(execute=tie, even_suspended=True, **both, **urgent)
    VERBS[UNTIE] = Verb(execute=untie, **both, **urgent)


def subject_of(device: Device) -> str:
    """Changes of one device go one at a time."""
    return f"device:{device.external_id}"


def is_tied_as_asked(operation: Operation, tied: bool) -> bool:
    return tied == (operation.verb == TIE)


# --- the feed -----------------------------------------------------------------------------------------------------------


def bring_home(client: Client, feed: Feed, tally: Tally) -> None:
    """Mirror every device with the number whose address lists it."""
    started, owner = timezone.now(), owner_of(feed.connection)
    address_of = _addresses(client)
    unread = len(client.unread)  # of addresses, which have a feed of their own
    _stop_before_all_are_untied(feed, address_of)
    rows = ((one.external_id, _columns(one, owner, address_of)) for one in client.devices())
    mirror(Device, feed, rows, tally, complete=lambda: len(client.unread) == unread)
    tally.unread += len(client.unread) - unread
    for operation in operations.done_since(feed.connection, [TIE, UNTIE], started):
        _store(operation)  # read back while the listing was on its way: newer than it


def _addresses(client: Client) -> Callable[[str], str | None]:
    """The number whose address lists a device: "" for none, None where several do or an address could not be read."""
    listed: dict[str, set[str]] = defaultdict(set)
    for record in client.emergency_addresses():
        for external_id in record.peer_ids:
            listed[external_id].add(record.number)
    otherwise = None if client.unread else ""

    def told(external_id: str) -> str | None:
        numbers = listed.get(external_id, ())
        if len(numbers) == 1:
            return next(iter(numbers))
        return None if numbers else otherwise

    return told


def _columns(record: DeviceRecord, owner: Callable[[str], int], address_of: Callable[[str], str | None]) -> dict:
    return {
        "account_id": owner(record.subaccount_id),
        "name": record.name[:120],
        "username": record.username[:120],
        "number": address_of(record.external_id),
        "raw": record.raw,
    }


def _stop_before_all_are_untied(feed: Feed, address_of: Callable[[str], str | None]) -> None:
    """A listing of addresses that is suddenly empty must not untie everything: the mirror guards rows, this their ties."""
    tied = Device.objects.filter(connection=feed.connection, gone_at=None, number__gt="").order_by("external_id")
    known = dict(tied.values_list("external_id", "name"))
    lost = [f"{key} · {name}" for key, name in known.items() if address_of(key) == ""]
    if len(lost) > VANISH_FREE and len(lost) * VANISH_SHARE > len(known) and not feed.allow_vanish:
        raise WouldVanish(len(lost), len(known), lost[:50])


# --- the verbs ----------------------------------------------------------------------------------------------------------


def tie(client: Client, operation: Operation) -> dict:
    _still_theirs(operation)
    told = operation.arguments
    return _made(client, operation, lambda: client.tie_device(told["number"], told["device"]))


def untie(client: Client, operation: Operation) -> dict:
    """Looked up first: the upstream unties a device from wherever it is, also from where it was tied meanwhile."""
    _still_theirs(operation)
    before = _read_back(client, operation)
    if not before["tied"]:
        return before
    return _made(client, operation, lambda: client.untie_device(operation.arguments["device"]))


def _still_theirs(operation: Operation) -> None:
    """Checked again just before the call: number or device may have left the account since the form was sent."""
    told = operation.arguments
    mine = {"connection": operation.connection, "account_id": told["account_id"]}
    number = Number.objects.present().filter(**mine, number=told["number"])
    if not (number.exists() and Device.objects.filter(**mine, external_id=told["device"], gone_at=None).exists()):
        raise not_yours()


def _made(client: Client, operation: Operation, call: Callable[[], None]) -> dict:
    """Write and read back. What was refused may have been done all the same: only the address can tell."""
    try:
        call()
    except Rejected:
        result = _read_after_write(client, operation)
        if is_tied_as_asked(operation, result["tied"]):
            return result
        raise
    return _read_after_write(client, operation)


def _read_after_write(client: Client, operation: Operation) -> dict:
    with reading.after_write("taken"):
        return _read_back(client, operation)


def _read_back(client: Client, operation: Operation) -> dict:
    found, device = reading.addresses_of(client, operation.arguments["number"]), operation.arguments["device"]
    return {"tied": any(device in record.peer_ids for record in found), "read_at": timezone.now().isoformat()}


def settle(client: Client, operation: Operation) -> Settlement:
    result = _read_back(client, operation)
    return Settlement(Sight.FOUND if is_tied_as_asked(operation, result["tied"]) else Sight.ABSENT, result)


def changed(operation: Operation) -> None:
    """Once read back, that is the truth. Until then nothing of ours changes."""
    if operation.state == Operation.State.DONE:
        _store(operation)


def _store(operation: Operation) -> None:
    number, now = operation.arguments["number"], timezone.now()
    rows = Device.objects.filter(connection_id=operation.connection_id, external_id=operation.arguments["device"])
    if operation.result["tied"]:
        rows.update(number=number, digest="", synced_at=now)
    else:
        rows.filter(number=number).update(number="", digest="", synced_at=now)


def address_is_gone(connection: Connection, number: str) -> None:
    """With an address its devices are untied."""
    Device.objects.filter(connection=connection, number=number).update(number="", digest="")
