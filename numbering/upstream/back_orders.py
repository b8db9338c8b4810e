"""Ordering numbers that are not in stock, and knowing them when they come."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.roles import May
from billing import spending
from numbering.models import BackOrder, BackOrderArrival, Number, OrderLine
from numbering.upstream.searching import PLACES
from providers.clients.base import Client
from providers.models import Operation
from providers.operations import VERBS, Verb
from providers.outbox import Settlement, Sight

BACK_ORDER = "numbers.back_order"
LONGEST_WAIT = timedelta(days=90)  # what has not come by then is asked about, not waited for
AT_ONCE = 200


def register() -> None:
    VERBS[PLACES] = Verb(
        execute=places, settle=settle_places, changed=_nothing_follows, needs=May.CHANGE_NUMBERS, even_suspended=True
    )
    VERBS[BACK_ORDER] = Verb(execute=order, settle=settle_order, changed=ordered, needs=May.CHANGE_NUMBERS)


def places(client: Client, operation: Operation) -> dict:
    found = client.back_order_places(operation.arguments["area_code"])
    return {"places": [[one.external_id, one.name] for one in found]}


def settle_places(client: Client, operation: Operation) -> Settlement:
    """A question changes nothing: without a clear answer it is asked again."""
    return Settlement(Sight.FOUND, places(client, operation))


def order(client: Client, operation: Operation) -> dict:
    arguments = operation.arguments
    client.back_order(arguments["place_id"], arguments["quantity"], arguments["sequential"], arguments["sms"])
    return {}


def settle_order(client: Client, operation: Operation) -> Settlement:
    """No record of theirs tells. It is never sent again by itself: a person asks the upstream's staff first."""
    return Settlement(Sight.ABSENT)


def ordered(operation: Operation) -> None:
    """What was put aside for it counts among what is spent on the day of the order; one refused or withdrawn costs nothing. While
    nobody knows, it stays put aside."""
    row = BackOrder.objects.select_related("reservation").filter(operation=operation).first()
    if row is None or row.reservation is None:
        return
    if operation.state == Operation.State.DONE:
        spending.spent(row.reservation)
    elif operation.state in (Operation.State.FAILED, Operation.State.WITHDRAWN):
        spending.released(row.reservation)


def _nothing_follows(operation: Operation) -> None:
    """The page reads the outcome off the operation itself."""


# --- what came --------------------------------------------------------------------------------------------------------


def match_arrivals() -> int:
    """Give new numbers to the orders that wait for them, the oldest first. Returns how many found theirs."""
    rows = BackOrder.objects.awaited().order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    return sum(map(_match, list(rows)))


def _match(pk: int) -> int:
    with transaction.atomic():
        row = BackOrder.objects.select_for_update().get(pk=pk)
        missing = row.quantity - row.arrivals.count()
        found = [number for number in _new_numbers(row) if _is_of(number, row)][: max(missing, 0)]
        for number in found:
            BackOrderArrival.objects.create(order=row, number=number)
        late = row.created_at < timezone.now() - LONGEST_WAIT
        if late or len(found) >= missing:
            BackOrder.objects.filter(pk=pk).update(closed_at=timezone.now())
            if row.reservation:
                spending.spent(row.reservation)  # also where nobody ever knew whether it went through
    return len(found)


def _new_numbers(row: BackOrder):
    """Numbers of the account that came after the order and that nobody bought or was given yet."""
    rows = Number.objects.present().filter(connection=row.connection_id, account=row.account_id, pk__gt=row.after)
    rows = rows.exclude(pk__in=OrderLine.objects.filter(bought__pk__gt=row.after).values("bought"))
    return rows.exclude(pk__in=BackOrderArrival.objects.values("number")).order_by("number")[:AT_ONCE]


def _is_of(number: Number, row: BackOrder) -> bool:
    """Of that rate centre, by its id or name as the upstream's row has it, or of a city that is called so."""
    told = {str(value).casefold() for value in (*number.raw.values(), number.city) if isinstance(value, str | int)}
    return row.place_id in told or row.place.casefold() in told
