"""Ordering numbers that nobody has in stock: where, how many, and what has come of it."""

import uuid
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.models import Account, RemoteAccount
from accounts.ownership import connections_of
from accounts.suspension import is_suspended
from billing import spending
from billing.models import Reservation
from numbering.models import BackOrder, Number
from numbering.services import questions
from numbering.services.intents import IntentUsed
from numbering.services.orders import CannotOrder, offers_of
from numbering.upstream.back_orders import BACK_ORDER
from numbering.upstream.searching import PLACES, SEARCH
from providers import operations
from providers.clients.base import Capability
from providers.models import Connection, Operation

RECENT = 20
SEARCHES = 5  # that are asked for a price


def takers_for(account: Account) -> list[Connection]:
    """The upstreams that take such orders for this account. What comes belongs to the main account, so only it may order."""
    mains = RemoteAccount.objects.filter(account=account, external_id="").values("connection")
    rows = connections_of(account).filter(pk__in=mains).order_by("pk")
    return [one for one in rows if one.can(Capability.BACK_ORDER) and one.can(Capability.NUMBERS)]


def ask_places(actor: Actor, connection: Connection, area_code: str) -> Operation:
    """Have a worker ask which rate centres an area code has. Raises `questions.TooOften`."""
    key = f"{PLACES}:{uuid.uuid4()}"
    return questions.ask(actor, connection, PLACES, {"area_code": area_code}, key=key, subject=key)


def places_asked(account: Account, public_id: uuid.UUID) -> Operation | None:
    """A question that somebody of this account asked."""
    rows = Operation.objects.filter(public_id=public_id, verb=PLACES, arguments__account_id=account.pk)
    return rows.select_related("connection").first()


def order(actor: Actor, asked: Operation, wanted: dict, intent: str) -> BackOrder:
    """Order `quantity` numbers in one of the places that were told. The same form again is the same order.

    Raises `IntentUsed` for a form that was sent with other wishes, and `CannotOrder`.
    """
    key = f"{BACK_ORDER}:{actor.account.pk}:{intent}"
    places = dict(asked.result.get("places", []))
    arguments = {name: wanted[name] for name in ("place_id", "quantity", "sequential", "sms")}
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=actor.account.pk)
        if earlier := BackOrder.objects.filter(key=key).select_related("operation").first():
            if earlier.operation.arguments != arguments:
                raise IntentUsed
            return earlier
        _may_order(actor.account, asked.connection)
        reservation = _put_aside(actor.account, asked, wanted["quantity"])
        operation, _ = operations.ask(
            asked.connection,
            BACK_ORDER,
            arguments,
            key=key,
            subject=BACK_ORDER,
            actor_name=actor.name,
            asker=actor.asker,
        )
        place = places[wanted["place_id"]]
        audit(actor, "number.back_ordered", place, after={"quantity": wanted["quantity"]})
        newest = Number.objects.filter(connection=asked.connection).aggregate(pk=Max("pk"))["pk"] or 0
        return BackOrder.objects.create(
            account=actor.account, connection=asked.connection, user=actor.user, key=key, operation=operation,
            area_code=asked.arguments["area_code"], place=place[:80], after=newest, reservation=reservation,
            **arguments,
        )  # fmt: skip


def _may_order(account: Account, connection: Connection) -> None:
    if is_suspended(account):
        raise CannotOrder("suspended")
    if connection not in takers_for(account):
        raise CannotOrder("nowhere")


def _put_aside(account: Account, asked: Operation, quantity: int) -> Reservation | None:
    """Under a spend cap the order counts with what numbers of the area code cost in stock; without that it is refused.
    Without a cap nothing is put aside: nothing is charged before the numbers come. Raises `spending.TooMuch`."""
    if not spending.caps_of(account).exists():
        return None
    price = known_price(asked.connection, asked.arguments["area_code"])
    if price is None:
        raise CannotOrder("unknown-price")
    each, currency = price
    return spending.reserve(
        account, asked.connection, each * quantity, currency, f"{quantity} x {asked.arguments['area_code']}"
    )


def known_price(connection: Connection, area_code: str) -> tuple[Decimal, str] | None:
    """The most that a number of the area code costs at once, by the newest search that found some; None when none did."""
    searches = Operation.objects.filter(
        connection=connection, verb=SEARCH, state=Operation.State.DONE, arguments__wanted__area_code=area_code
    )
    for search in searches.order_by("-pk")[:SEARCHES]:
        priced = [offer for offer in offers_of(search) if offer.is_priced and offer.currency]
        if priced:
            dearest = max(priced, key=lambda offer: offer.first)
            return dearest.first, dearest.currency
    return None


def stop(actor: Actor, row: BackOrder) -> bool:
    """Wait for it no longer: what comes from now on is given to other orders. Upstream has no call that would take an
    order back. False when there is nothing to wait for."""
    now = timezone.now()
    with transaction.atomic():
        if not stoppable(row) or not BackOrder.objects.filter(pk=row.pk, closed_at=None).update(
            stopped_at=now, closed_at=now
        ):
            return False
        if row.reservation:
            spending.spent(row.reservation)  # it may have gone through
        audit(actor, "number.back_order_stopped", row.place, after={"quantity": row.quantity})
    return True


def stoppable(row: BackOrder) -> bool:
    """Whether it was sent, and somebody still waits."""
    sent = (Operation.State.DONE, Operation.State.UNKNOWN, Operation.State.PARKED)
    return row.closed_at is None and row.operation.state in sent


def withdraw(actor: Actor, row: BackOrder) -> bool:
    """Take it back before any worker sends it: upstream never hears of it. False when one has it already."""
    with transaction.atomic():
        if not operations.withdraw(row.operation):
            return False
        BackOrder.objects.filter(pk=row.pk).update(closed_at=timezone.now())
        audit(actor, "number.back_order_withdrawn", row.place, before={"quantity": row.quantity})
    return True


def withdrawable(row: BackOrder) -> bool:
    """Whether it still waits to be sent for the first time."""
    return row.operation.state == Operation.State.QUEUED and not row.operation.was_unknown


def recent(account: Account) -> Iterable[BackOrder]:
    rows = BackOrder.objects.for_account(account).select_related("operation", "connection", "user")
    return rows.prefetch_related("arrivals__number").order_by("-pk")[:RECENT]
