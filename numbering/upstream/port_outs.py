"""Setting the PIN that other carriers need to take a number away. No call tells it, so it is set and not read back."""

from accounts.guarding import not_yours
from accounts.roles import May
from numbering.models import Number, PortOutPin
from providers import vault
from providers.clients.base import Client
from providers.clients.errors import Cause, Rejected
from providers.models import Operation
from providers.operations import VERBS, Verb
from providers.outbox import Settlement, Sight

SET = "port_out.pin"


def register() -> None:
    # The same one twice is one.
    VERBS[SET] = Verb(execute=put, settle=settle, changed=changed, repeat_when_absent=True, needs=May.CHANGE_NUMBERS)


def put(client: Client, operation: Operation) -> dict:
    pin = _row(operation)
    arguments = operation.arguments
    mine = Number.objects.present().filter(connection=operation.connection, external_id=arguments["external_id"])
    if not mine.filter(account_id=arguments["account_id"]).exists():
        raise not_yours()
    digits = vault.unseal(pin.sealed_digits).get("digits") if pin else ""
    if not digits:  # an upstream would make one up, which nobody would ever see
        raise Rejected("the digits were forgotten; type them again", code="pin-forgotten", cause=Cause.MISSING)
    client.set_port_out_pins({arguments["external_id"]: digits})
    return {}


def settle(client: Client, operation: Operation) -> Settlement:
    """Nothing tells it; setting the same digits again does no harm."""
    return Settlement(Sight.ABSENT)


def changed(operation: Operation) -> None:
    """Once there is an outcome, whatever it is, nobody needs the digits here any more."""
    if not operation.is_open:
        PortOutPin.objects.filter(operation=operation).update(sealed_digits="")


def _row(operation: Operation) -> PortOutPin | None:
    return PortOutPin.objects.filter(operation=operation).first()
