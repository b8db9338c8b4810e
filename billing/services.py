"""What a request may ask of billing."""

from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.models import Account, RemoteAccount
from billing.ledger import Filter
from billing.models import Balance, LedgerEntry
from providers.models import Feed

PACE_DAYS = 30
FURTHEST_OUTLOOK = 365  # days; beyond, nobody has to act
LEDGER_MUST_BE_FRESH = timedelta(days=2)


def set_threshold(actor: Actor, balance: Balance, amount: Decimal) -> None:
    """Warn below `amount` from now on."""
    with transaction.atomic():
        balance = Balance.objects.select_for_update().get(pk=balance.pk)
        if balance.warn_below == amount:
            return
        before, balance.warn_below = balance.warn_below, amount
        balance.note_level(timezone.now())
        balance.save(update_fields=["warn_below", "low_since"])
        change = {"before": {"warn_below": str(before)}, "after": {"warn_below": str(amount)}}
        audit(actor, "balance.threshold_changed", str(balance.connection), **change)


def note_export(actor: Actor, chosen: Filter) -> None:
    """Say in the activity log who took the ledger away."""
    wanted = {name: str(value) for name, value in asdict(chosen).items() if value}
    with transaction.atomic():
        audit(actor, "ledger.exported", after=wanted)


def balances_of(account: Account) -> QuerySet[Balance]:
    """The account's balances, each with `charged`: what the last thirty days cost.

    `pace_known` says whether the ledger is fresh and goes back further than that: a pace from less would be a guess.
    `next_at` and `read_failures` are the feed's that reads the balance.
    """
    now = timezone.now()
    since = timezone.localdate() - timedelta(days=PACE_DAYS)
    lines = LedgerEntry.objects.filter(account=OuterRef("account_id"), connection=OuterRef("connection_id"))
    charges = lines.filter(occurred_on__gt=since, kind__in=LedgerEntry.CHARGES).order_by().values("connection")
    fresh = Feed.objects.filter(
        connection=OuterRef("connection_id"), name="ledger", last_ok_at__gt=now - LEDGER_MUST_BE_FRESH
    )
    balances = Balance.objects.for_account(account).select_related("connection").order_by("connection__name")
    own_feed = FilteredRelation("connection__feeds", condition=Q(connection__feeds__name="balance"))
    return balances.annotate(own_feed=own_feed).annotate(
        next_at=F("own_feed__due_at"),
        read_failures=F("own_feed__failures"),
        charged=Subquery(charges.annotate(total=Sum("amount")).values("total")),
        pace_known=Exists(lines.filter(occurred_on__lte=since)) & Exists(fresh),
    )


def lasts_until(balance: Balance) -> date | None:
    """The day on which the money is used up at the pace of the last thirty days; None when nobody can say.

    `balance` comes from `balances_of`.
    """
    if not balance.pace_known or not balance.charged or balance.charged >= 0 or balance.spendable <= 0:
        return None
    days = int(balance.spendable / (-balance.charged / PACE_DAYS))
    return timezone.localdate() + timedelta(days=days) if days <= FURTHEST_OUTLOOK else None


def covering_accounts(account: Account) -> list[tuple[str, str]]:
    """(upstream's label, name of the account whose balance pays) where `account` has no balance of its own."""
    below = RemoteAccount.objects.for_account(account).exclude(external_id="").values("connection")
    mains = RemoteAccount.objects.filter(connection__in=below, external_id="", account__isnull=False)
    mains = mains.exclude(account=account).select_related("account", "connection")
    return [(main.connection.label, main.account.name) for main in mains]
