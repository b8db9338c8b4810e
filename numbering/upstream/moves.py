"""Moving numbers into a sub-account: the upstream's list is replaced as a whole, so moves merge and go one by one."""

from datetime import timedelta

from django.utils import timezone

from accounts.guarding import account_of, not_yours
from accounts.models import RemoteAccount
from accounts.ownership import owner_of
from accounts.roles import May
from numbering.models import Number
from numbering.upstream.records import as_json, store, values_of, webhook_addresses
from providers import operations
from providers.clients.base import Client
from providers.clients.errors import Held, Unclear
from providers.models import Operation
from providers.outbox import Settlement, Sight

MOVE = "numbers.move"
SUBJECT = "moves"  # all moves of a connection in one row: two merges of one list would lose numbers
IN_FLIGHT = (Operation.State.SENDING, Operation.State.UNKNOWN)


def register() -> None:
    operations.VERBS[MOVE] = operations.Verb(
        execute=move, settle=settle, changed=changed, repeat_when_absent=True, needs=May.CHANGE_SUBACCOUNTS
    )


def is_moving(connection_id: int, external_id: str) -> bool:
    """Whether a move of the number is on its way: a change written now would send the old sub-account back."""
    moves = Operation.objects.filter(connection=connection_id, verb=MOVE, subject=SUBJECT, state__in=IN_FLIGHT)
    return any(external_id in operation.arguments["numbers"] for operation in moves)


def move(client: Client, operation: Operation) -> dict:
    """Add the numbers to the sub-account's list, then read them back."""
    numbers = operation.arguments["numbers"]
    _still_theirs(operation)
    subjects = [f"did:{external_id}" for external_id in numbers]
    if Operation.objects.filter(connection=operation.connection_id, subject__in=subjects, state__in=IN_FLIGHT).exists():
        raise Held("a number is being changed", code="changing", retry_at=timezone.now() + timedelta(seconds=5))
    client.add_subaccount_numbers(operation.arguments["subaccount_id"], numbers)
    found = _moved(client, operation)
    if len(found) < len(numbers):
        raise Unclear("not all numbers are listed under their new sub-account", code="not-all-moved")
    return {"numbers": found}


def _still_theirs(operation: Operation) -> None:
    """Checked again just before the call: every number, and where they go, is still in or below the account that asked."""
    above = account_of(operation)
    if above is None:
        return
    below = {"account__path__startswith": above.path, "connection": operation.connection_id}
    external_ids = operation.arguments["numbers"]
    numbers = Number.objects.present().filter(external_id__in=external_ids, **below)
    target = RemoteAccount.objects.filter(external_id=operation.arguments["subaccount_id"], gone_at=None, **below)
    if numbers.count() != len(external_ids) or not target.exists():
        raise not_yours()


def settle(client: Client, operation: Operation) -> Settlement:
    found = _moved(client, operation)
    whole = len(found) == len(operation.arguments["numbers"])
    return Settlement(Sight.FOUND if whole else Sight.ABSENT, {"numbers": found})


def _moved(client: Client, operation: Operation) -> dict[str, dict]:
    """Columns of those numbers that upstream now lists under the sub-account, by their id."""
    subaccount_id, wanted = operation.arguments["subaccount_id"], set(operation.arguments["numbers"])
    owner, webhooks = owner_of(operation.connection), webhook_addresses(operation.connection)
    listed = client.numbers(subaccount_id=subaccount_id)
    rows = [row for row in listed if row.external_id in wanted and row.subaccount_id == subaccount_id]
    return {row.external_id: as_json(values_of(row, operation.connection, owner, webhooks)) for row in rows}


def changed(operation: Operation) -> None:
    if operation.state == Operation.State.DONE:
        for external_id, values in operation.result["numbers"].items():
            store(operation.connection, external_id, values)
