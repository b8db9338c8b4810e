"""Ordering numbers that were found for sale: priced as they were shown, the money put aside, one operation for each."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.models import Account
from accounts.suspension import is_suspended
from billing import spending
from numbering.models import NumberOrder, OrderLine
from numbering.services.intents import IntentUsed, fingerprint
from numbering.services.searches import Search, sellers_for
from numbering.upstream.orders import ORDER, subject_of
from providers import operations
from providers.models import Connection, Operation

FRESH = timedelta(minutes=30)  # prices and stock that were read longer ago are asked for again
MOST = 25  # numbers in one order


class CannotOrder(Exception):
    """`code` says why: nothing, too-many, old, unknown-price, nowhere, suspended."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Offer:
    """A number for sale as an upstream told it. Fees are None where it does not tell them."""

    connection: Connection
    number: str
    city: str
    region: str
    rate_center: str
    sms: bool
    setup_fee: Decimal | None
    monthly_fee: Decimal | None
    currency: str

    @property
    def is_priced(self) -> bool:
        return self.monthly_fee is not None

    @property
    def first(self) -> Decimal:
        """What is charged at once: the setup and the first month."""
        return (self.setup_fee or Decimal(0)) + (self.monthly_fee or Decimal(0))

    @property
    def town(self) -> str:
        return self.city or self.rate_center.title()


def offers_of(operation: Operation) -> list[Offer]:
    """What one upstream answered; none while it has not."""
    return [_offer(operation.connection, row) for row in operation.result.get("numbers", [])]


def _offer(connection: Connection, row: dict) -> Offer:
    fees = {name: None if row[name] is None else Decimal(row[name]) for name in ("setup_fee", "monthly_fee")}
    plain = {name: row[name] for name in ("number", "city", "region", "rate_center", "sms", "currency")}
    return Offer(connection=connection, **plain, **fees)


def chosen_from(search: Search, numbers: list[str]) -> list[Offer]:
    """The offers of these numbers, in the order of the page. Raises `CannotOrder`."""
    offers = {offer.number: offer for operation in search.operations for offer in offers_of(operation)}
    chosen = [offers[number] for number in dict.fromkeys(numbers) if number in offers]
    if not chosen:
        raise CannotOrder("nothing")
    if len(chosen) > MOST:
        raise CannotOrder("too-many")
    return chosen


def is_old(search: Search) -> bool:
    """Whether the prices were read too long ago to be confirmed."""
    read = [operation.finished_at for operation in search.operations if operation.finished_at]
    return bool(read) and timezone.now() - min(read) > FRESH


def totals(offers: list[Offer]) -> dict[str, tuple[Decimal, Decimal]]:
    """By currency: what is charged at once, and then each month. Offers without a price are in none."""
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for offer in offers:
        if offer.is_priced:
            sums[offer.currency][0] += offer.first
            sums[offer.currency][1] += offer.monthly_fee or Decimal(0)
    return {currency: (first, monthly) for currency, (first, monthly) in sorted(sums.items())}


def price_of(offers: list[Offer]) -> str:
    """What the person saw and confirmed, in one line; the form carries it back."""
    return fingerprint([(offer.number, offer.setup_fee, offer.monthly_fee, offer.currency) for offer in offers])


def needs_consent(offers: list[Offer]) -> bool:
    """Whether a price is not told, so that the person has to agree to an unknown one."""
    return any(not offer.is_priced for offer in offers)


def capped(account: Account) -> bool:
    return spending.caps_of(account).exists()


def order(actor: Actor, search: Search, offers: list[Offer], intent: str) -> list[NumberOrder]:
    """Ask for each number, one order for each upstream. All the money is there, or nothing is asked.

    The same form again is the same order; with other numbers it raises `IntentUsed`. Raises `CannotOrder`, and
    `spending.TooMuch` where the balance or a spend cap stands in the way.
    """
    body = price_of(offers)
    by_connection: dict[int, list[Offer]] = defaultdict(list)
    for offer in offers:
        by_connection[offer.connection.pk].append(offer)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=actor.account.pk)  # two clicks come one after the other
        if earlier := _earlier(actor.account, intent, body):
            return earlier
        _may_order(actor.account, search, offers)
        return [_order(actor, rows, intent, body) for rows in by_connection.values()]


def _earlier(account: Account, intent: str, body: str) -> list[NumberOrder]:
    rows = list(NumberOrder.objects.filter(key__startswith=_key(account, intent)).order_by("pk"))
    if any(row.fingerprint != body for row in rows):
        raise IntentUsed
    return rows


def _key(account: Account, intent: str) -> str:
    return f"order:{account.pk}:{intent}:"


def _may_order(account: Account, search: Search, offers: list[Offer]) -> None:
    if is_old(search):
        raise CannotOrder("old")
    if is_suspended(account):
        raise CannotOrder("suspended")
    sellers = {connection.pk for connection in sellers_for(account)}
    if any(offer.connection.pk not in sellers for offer in offers):
        raise CannotOrder("nowhere")
    if needs_consent(offers) and capped(account):
        raise CannotOrder("unknown-price")


def _order(actor: Actor, offers: list[Offer], intent: str, body: str) -> NumberOrder:
    connection = offers[0].connection
    order = NumberOrder.objects.create(
        account=actor.account, connection=connection, user=actor.user,
        key=f"{_key(actor.account, intent)}{connection.pk}", fingerprint=body,
    )  # fmt: skip
    for offer in offers:
        _line(actor, order, offer)
    audit(
        actor, "number.ordered", ", ".join(offer.number for offer in offers)[:200],
        after={"numbers": [offer.number for offer in offers], "price": _in_words(offers)},
    )  # fmt: skip
    return order


def _line(actor: Actor, order: NumberOrder, offer: Offer) -> None:
    reservation = None
    if offer.is_priced and offer.currency:
        reservation = spending.reserve(order.account, order.connection, offer.first, offer.currency, offer.number)
    operation, _ = operations.ask(
        order.connection, ORDER, {"number": offer.number, "account_id": order.account_id},
        key=f"{ORDER}:{order.public_id}:{offer.number}", subject=subject_of(offer.number), actor_name=actor.name,
        asker=actor.asker,
    )  # fmt: skip
    OrderLine.objects.create(
        order=order, number=offer.number, city=offer.town[:80], region=offer.region[:40], setup_fee=offer.setup_fee,
        monthly_fee=offer.monthly_fee, currency=offer.currency, operation=operation, reservation=reservation,
    )  # fmt: skip


def _in_words(offers: list[Offer]) -> str:
    return "; ".join(f"{first:.2f} {currency}" for currency, (first, _monthly) in totals(offers).items())
