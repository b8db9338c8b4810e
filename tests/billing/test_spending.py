"""Reservations: what is put aside never exceeds the balance or a spend cap, however people and answers interleave (R28)."""

import random
import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from billing import spending
from billing.models import Balance, Reservation, SpendCap
from tests.factories import AccountFactory, BalanceFactory, ConnectionFactory

State = Reservation.State


def reserve(account, connection, amount) -> Reservation:
    with transaction.atomic():
        return spending.reserve(account, connection, Decimal(amount), "CAD", "a number")


def committed(**about) -> Decimal:
    rows = Reservation.objects.filter(state__in=[State.HELD, State.SPENT], **about)
    return sum((row.amount for row in rows), Decimal(0))


class Upstream:
    """A prepaid account that others charge too; what it tells is as old as the last reading."""

    def __init__(self, balance: Balance):
        self.balance, self.money = balance, balance.amount

    def charge(self, amount: Decimal) -> None:
        self.money -= amount

    def is_read(self) -> None:
        Balance.objects.filter(pk=self.balance.pk).update(amount=self.money, read_at=timezone.now())


class Buyer:
    """Somebody who orders: asks, then a worker looks again and sends, then the outcome comes."""

    def __init__(self, account, upstream: Upstream, amount: Decimal, works: bool):
        self.account, self.upstream, self.amount, self.works = account, upstream, amount, works
        self.reservation, self.steps = None, [self.ask, self.send]

    def ask(self) -> None:
        try:
            self.reservation = reserve(self.account, self.upstream.balance.connection, self.amount)
        except spending.TooMuch:
            self.steps = []

    def send(self) -> None:
        if not spending.is_covered(self.reservation) or not self.works:
            return spending.released(self.reservation)
        self.upstream.charge(self.amount)
        return spending.spent(self.reservation)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(200))
def test_however_it_interleaves_no_more_is_committed_than_there_is(seed):
    """R28: people of an account and its sub-account, readings of the balance between any two of their steps."""
    rng = random.Random(seed)  # noqa: S311 - a schedule, not a secret
    top = AccountFactory()
    below = AccountFactory(parent=top)
    money, cap = Decimal(rng.randint(2, 12)), Decimal(rng.randint(1, 12))
    SpendCap.objects.create(account=rng.choice([top, below]), currency="CAD", per_day=cap)
    upstream = Upstream(BalanceFactory(account=top, amount=money, connection=ConnectionFactory()))
    capped = SpendCap.objects.get().account
    buyers = [
        Buyer(rng.choice([top, below]), upstream, Decimal(rng.randint(1, 5)), rng.random() > 0.2) for _ in range(5)
    ]
    while left := [buyer for buyer in buyers if buyer.steps]:
        if rng.random() < 0.3:
            upstream.is_read()
        _step(rng.choice(left))
        assert committed() <= money and upstream.money >= 0
        assert committed(account__path__startswith=capped.path) <= cap


def _step(buyer: Buyer) -> None:
    step = buyer.steps[0]
    buyer.steps = buyer.steps[1:]
    step()


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_do_not_both_spend_the_last_dollar():
    balance = BalanceFactory(amount=Decimal(3))
    gate, outcomes = threading.Barrier(2), []

    def take():
        gate.wait()
        try:
            reserve(balance.account, balance.connection, 2)
            outcomes.append("held")
        except spending.TooMuch as error:
            outcomes.append(error.left)
        database.close()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) == {"held", Decimal(1)}


@pytest.mark.django_db
def test_a_balance_that_fell_since_is_seen_before_the_money_is_spent():
    balance = BalanceFactory(amount=Decimal(10))
    row = reserve(balance.account, balance.connection, 4)
    assert spending.is_covered(row)
    Balance.objects.filter(pk=balance.pk).update(amount=3, read_at=timezone.now())
    assert not spending.is_covered(row)


@pytest.mark.django_db
def test_what_was_spent_counts_until_the_balance_tells_of_it():
    balance = BalanceFactory(amount=Decimal(10), read_at=timezone.now() - timedelta(minutes=5))
    spending.spent(reserve(balance.account, balance.connection, 6))
    assert spending.left_at(balance.connection, "CAD") == 4
    Balance.objects.filter(pk=balance.pk).update(amount=4, read_at=timezone.now() + timedelta(minutes=5))
    assert spending.left_at(balance.connection, "CAD") == 4


@pytest.mark.django_db
def test_what_was_not_bought_is_free_again_and_can_be_held_once_more():
    balance = BalanceFactory(amount=Decimal(5))
    row = reserve(balance.account, balance.connection, 5)
    with pytest.raises(spending.TooMuch):
        reserve(balance.account, balance.connection, 1)
    spending.released(row)
    spending.hold_again(row)
    row.refresh_from_db()
    assert row.state == State.HELD and spending.left_at(balance.connection, "CAD") == 0


@pytest.mark.django_db
def test_an_account_billed_afterwards_is_judged_by_its_upstream():
    """In the red, and no word of a credit: nobody here can say how far it may go."""
    balance = BalanceFactory(amount=Decimal(-30))
    assert spending.left_at(balance.connection, "CAD") is None
    assert reserve(balance.account, balance.connection, 5).state == State.HELD


@pytest.mark.django_db
def test_yesterdays_spending_is_not_todays():
    balance = BalanceFactory(amount=Decimal(100))
    cap = SpendCap.objects.create(account=balance.account, currency="CAD", per_day=5)
    row = reserve(balance.account, balance.connection, 5)
    spending.spent(row)
    assert spending.left_of_cap(cap) == 0
    Reservation.objects.update(created_at=timezone.now() - timedelta(days=1, hours=1))
    assert spending.left_of_cap(cap) == 5
