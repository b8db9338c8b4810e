"""What a person may ask about the devices that call from a number's 911 address: tie some, untie others (E6)."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Case, Value, When

from accounts.actor import Actor, audit
from accounts.models import Account
from numbering.models import Device, Number
from numbering.models.numbers import NO_PLACE
from numbering.services.emergency import Stale, endpoint_of
from numbering.services.intents import Busy, IntentUsed, fingerprint
from numbering.upstream.devices import TIE, UNTIE, subject_of
from providers import operations
from providers.clients.base import Capability
from providers.models import Operation

MOST = 500  # devices on one page; an account of VoiceMeUp has far fewer


class NoAddress(Exception):
    """The number has no 911 address that a device could be tied to."""


def can_tie(number: Number) -> bool:
    return _at_a_place(number) and number.connection.can(Capability.DEVICES)


def could_tie_elsewhere(number: Number) -> bool:
    """Whether the upstream keeps the number's address but no devices, so that the page should say so."""
    return _at_a_place(number) and number.connection.can(Capability.E911)


def _at_a_place(number: Number) -> bool:
    return number.voice and number.kind not in NO_PLACE


def devices_of(number: Number) -> list[Device]:
    """The account's devices at the number's upstream, those that are tied to its address first."""
    mine = Device.objects.for_account(number.account_id).filter(connection=number.connection_id, gone_at=None)
    here = Case(When(number=number.number, then=Value(0)), default=Value(1))
    return list(mine.select_related("operation").order_by(here, "name", "pk")[:MOST])


def numbers_of(number: Number, devices: Iterable[Device]) -> dict[str, Number]:
    """The account's other numbers that devices are tied to. Whose a number is that is not among them, nobody here learns."""
    others = {device.number for device in devices if device.number} - {number.number}
    if not others:
        return {}
    mine = Number.objects.for_account(number.account_id).present()
    return {one.number: one for one in mine.filter(connection=number.connection_id, number__in=others)}


def is_busy(devices: Iterable[Device]) -> bool:
    return any(device.operation and device.operation.is_open for device in devices)


def version_of(number: Number, devices: Iterable[Device]) -> str:
    """What a form was made from: which devices there are, where each is tied, and the newest wish about it."""
    return fingerprint(number.number, sorted((one.pk, one.number, one.operation_id) for one in devices))


def tied_nowhere(account: Account) -> int:
    return Device.objects.for_account(account).filter(gone_at=None, number="").count()


@transaction.atomic
def ask(actor: Actor, number: Number, wanted: set[int], intent: str, *, version: str) -> list[Operation]:
    """One operation for each device that is tied here and not wanted, or wanted and not tied here. Raises `IntentUsed`,
    `Busy`, `Stale` and `NoAddress`."""
    Account.objects.select_for_update().only("pk").get(pk=number.account_id)  # two pages may ask for one device
    devices = devices_of(number)
    seal, keys = fingerprint(number.pk, sorted(wanted)), {one.pk: _key(actor, intent, one) for one in devices}
    if sent := list(Operation.objects.filter(idempotency_key__in=keys.values())):
        if any(operation.arguments["fingerprint"] != seal for operation in sent):
            raise IntentUsed
        return sent
    if is_busy(devices):
        raise Busy
    if version != version_of(number, devices):
        raise Stale
    differing = [one for one in devices if (one.pk in wanted) != (one.number == number.number)]
    if wanted.intersection(one.pk for one in differing) and endpoint_of(number) is None:
        raise NoAddress
    return [_ask_for(actor, number, one, one.pk in wanted, keys[one.pk], seal) for one in differing]


def _key(actor: Actor, intent: str, device: Device) -> str:
    return f"device:{actor.user.pk}:{intent}:{device.pk}"


def _ask_for(actor: Actor, number: Number, device: Device, tie: bool, key: str, seal: str) -> Operation:
    arguments = {
        "number": number.number,
        "account_id": number.account_id,
        "device": device.external_id,
        "fingerprint": seal,
    }
    operation, _ = operations.ask(
        number.connection,
        TIE if tie else UNTIE,
        arguments,
        key=key,
        subject=subject_of(device),
        actor_name=actor.name,
        asker=actor.asker,
    )
    act = "device.tie_asked" if tie else "device.untie_asked"
    after = {"number": number.number if tie else ""}
    audit(actor, act, device.name, account=number.account, before={"number": device.number}, after=after)
    Device.objects.filter(pk=device.pk).update(operation=operation)
    return operation
