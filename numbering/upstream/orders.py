"""Buying one number: the money was put aside before, the order is sent once, and what upstream then lists is the truth."""

from django.utils import timezone

from accounts.models import RemoteAccount
from accounts.ownership import owner_of
from accounts.roles import May
from billing import spending
from numbering.models import Number, OrderLine
from numbering.upstream.moves import MOVE
from numbering.upstream.moves import SUBJECT as MOVES
from numbering.upstream.records import as_json, leave_notes_behind, values_of, webhook_addresses
from providers import operations
from providers.clients.base import Client
from providers.clients.errors import Cause, NotFound, Rejected, Unclear, UpstreamError
from providers.clients.records import NumberRecord, NumberStatus
from providers.mirroring import digest_of
from providers.models import Operation
from providers.outbox import Settlement, Sight

ORDER = "number.order"
ABSENT = "absent"  # the engine's word for what upstream's records, looked at twice, do not have


def register() -> None:
    operations.VERBS[ORDER] = operations.Verb(execute=order, settle=settle, changed=changed, needs=May.CHANGE_NUMBERS)


def subject_of(number: str) -> str:
    """Orders of one number go one at a time, whoever asks."""
    return f"order:{number}"


def order(client: Client, operation: Operation) -> dict:
    """Buy it, then read it. Once the order is out, only upstream's list says what became of it."""
    number = operation.arguments["number"]
    if Number.objects.present().filter(number=number).exists():
        raise Rejected("the number is on the account already", code="already-here", cause=Cause.TAKEN)
    if operation.attempts > 1 and (record := _owned(client, number)):
        return _result(operation, record)
    _money_is_there(operation)
    external_id = client.activate_number(number)
    try:
        return _result(operation, client.number(external_id=external_id))
    except UpstreamError as error:
        raise Unclear("bought, but not read back", code="not-read-back") from error


def _money_is_there(operation: Operation) -> None:
    line = OrderLine.objects.select_related("reservation").filter(operation=operation).first()
    if line is None or line.reservation is None:
        return
    try:
        spending.hold_again(line.reservation)
    except spending.TooMuch:
        raise Rejected("the money is spent", code="money-gone", cause=Cause.FUNDS) from None
    if not spending.is_covered(line.reservation):
        raise Rejected("the balance went down", code="money-gone", cause=Cause.FUNDS)


def settle(client: Client, operation: Operation) -> Settlement:
    """The number is on the account: it was bought. Nobody else orders it meanwhile, see `subject_of`."""
    record = _owned(client, operation.arguments["number"])
    return Settlement(Sight.FOUND, _result(operation, record)) if record else Settlement(Sight.ABSENT)


def _owned(client: Client, number: str) -> NumberRecord | None:
    try:
        record = client.number(number=number)
    except NotFound:
        return None
    return None if record.status == NumberStatus.DELETED else record


def _result(operation: Operation, record: NumberRecord) -> dict:
    connection = operation.connection
    values = values_of(record, connection, owner_of(connection), webhook_addresses(connection))
    return {"external_id": record.external_id, "number": as_json(values)}


def changed(operation: Operation) -> None:
    line = OrderLine.objects.select_related("reservation", "order").filter(operation=operation).first()
    if line is None:
        return
    state = Operation.State
    nothing_bought = operation.state == state.FAILED or (
        operation.state == state.PARKED and operation.error_code == ABSENT
    )
    if line.reservation and operation.state == state.DONE:
        spending.spent(line.reservation)
    elif line.reservation and nothing_bought:
        spending.released(line.reservation)
    if operation.state == state.DONE:
        _arrived(line, operation)


def _arrived(line: OrderLine, operation: Operation) -> None:
    """Into the inventory at once, not with the next listing; then into the sub-account that ordered it."""
    external_id, values = operation.result["external_id"], operation.result["number"]
    elsewhere = Number.objects.present().filter(number=line.number)
    elsewhere = elsewhere.exclude(connection=operation.connection, external_id=external_id)
    if elsewhere.exists():
        return  # listed by two connections: the feed tells staff
    row = {**values, "digest": digest_of(values), "synced_at": timezone.now(), "gone_at": None}
    known = {"connection": operation.connection, "external_id": external_id}
    leave_notes_behind(operation.connection, {external_id: values["account_id"]})
    number, _ = Number.objects.update_or_create(**known, defaults=row)
    OrderLine.objects.filter(pk=line.pk).update(bought=number)
    _into_subaccount(line, operation, external_id)


def _into_subaccount(line: OrderLine, operation: Operation, external_id: str) -> None:
    rows = RemoteAccount.objects.filter(connection=operation.connection, account=line.order.account, gone_at=None)
    remote = rows.exclude(external_id="").first()
    if remote is None:
        return
    operations.ask(
        operation.connection, MOVE, {"subaccount_id": remote.external_id, "numbers": [external_id]},
        key=f"order-move:{line.pk}", subject=MOVES, actor_name=operation.actor_name, asker=None,
    )  # fmt: skip
