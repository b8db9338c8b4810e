"""Money put aside before it is spent: what is committed never exceeds the balance or a spend cap (R28).

The rows that hold the limits are the gate: whoever reserves locks them first, always in the same order, and counts only
then. So two people who want the last dollar come one after the other, whatever upstream answers meanwhile.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import Account
from billing.models import Balance, Reservation, SpendCap
from providers.models import Connection

State = Reservation.State
# A balance is told as of some moment before it is stored: what was spent just before may not be in it yet.
STILL_OUTSIDE = timedelta(seconds=90)


class TooMuch(Exception):
    """There is not enough left. `left` may still be spent; `cap` is the spend cap that stands in the way, if one does."""

    def __init__(self, left: Decimal, currency: str, cap: SpendCap | None = None):
        super().__init__("more than may be spent")
        self.left, self.currency, self.cap = left, currency, cap


def reserve(account: Account, connection: Connection, amount: Decimal, currency: str, purpose: str) -> Reservation:
    """Put money aside, in the caller's transaction. Raises `TooMuch`."""
    _check(account, connection, amount, currency)
    return Reservation.objects.create(
        account=account, connection=connection, amount=amount, currency=currency, purpose=purpose[:200]
    )


def hold_again(reservation: Reservation) -> None:
    """What was let go is wanted after all. Raises `TooMuch`."""
    with transaction.atomic():
        row = Reservation.objects.select_related("account", "connection").get(pk=reservation.pk)
        if row.state != State.RELEASED:
            return
        _check(row.account, row.connection, row.amount, row.currency)
        Reservation.objects.filter(pk=row.pk, state=State.RELEASED).update(
            state=State.HELD, created_at=timezone.now(), settled_at=None
        )


def is_covered(reservation: Reservation) -> bool:
    """Whether the money is still there, asked once more just before it is spent: the balance may have gone down since."""
    balance = Balance.objects.filter(connection=reservation.connection_id).first()
    left = _left_of_balance(balance, reservation.currency)
    return left is None or left >= 0  # this one's own amount is among what is committed


def spent(reservation: Reservation) -> None:
    _settle(reservation, State.SPENT, (State.HELD, State.RELEASED))


def released(reservation: Reservation) -> None:
    _settle(reservation, State.RELEASED, (State.HELD,))


def _settle(reservation: Reservation, state: str, before: tuple[str, ...]) -> None:
    rows = Reservation.objects.filter(pk=reservation.pk, state__in=before)
    rows.update(state=state, settled_at=timezone.now())


def _check(account: Account, connection: Connection, amount: Decimal, currency: str) -> None:
    caps = list(SpendCap.objects.select_for_update().filter(_above(account), currency=currency).order_by("pk"))
    balance = Balance.objects.select_for_update().filter(connection=connection).first()
    for cap in caps:
        left = left_of_cap(cap)
        if left < amount:
            raise TooMuch(max(left, Decimal(0)), currency, cap)
    left = _left_of_balance(balance, currency)
    if left is not None and left < amount:
        raise TooMuch(max(left, Decimal(0)), currency)


def _above(account: Account) -> Q:
    return Q(account_id__in=account.ancestor_ids())


def left_of_cap(cap: SpendCap) -> Decimal:
    """What may still be committed today under a cap, by its account and those below."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    rows = Reservation.objects.filter(account__path__startswith=cap.account.path, currency=cap.currency)
    counted = rows.filter(Q(state=State.HELD) | Q(state=State.SPENT, created_at__gte=midnight))
    return cap.per_day - _sum(counted)


def caps_of(account: Account) -> QuerySet[SpendCap]:
    """The account's own caps and those of the accounts above it."""
    return SpendCap.objects.filter(_above(account)).select_related("account").order_by("pk")


def left_at(connection: Connection, currency: str) -> Decimal | None:
    """What may still be spent of a connection's balance; None where nobody can say."""
    return _left_of_balance(Balance.objects.filter(connection=connection).first(), currency)


def _left_of_balance(balance: Balance | None, currency: str) -> Decimal | None:
    """An account in the red whose credit is not told is billed afterwards: how far it may go, only upstream knows."""
    if balance is None or balance.currency != currency:
        return None
    if balance.available is None and balance.amount < 0:
        return None
    rows = Reservation.objects.filter(connection=balance.connection_id, currency=currency)
    lately = Q(state=State.SPENT, settled_at__gt=balance.read_at - STILL_OUTSIDE)
    return balance.spendable - _sum(rows.filter(Q(state=State.HELD) | lately))


def _sum(rows: QuerySet[Reservation]) -> Decimal:
    return rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)
