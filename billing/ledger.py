"""Reading the ledger: what a filter shows, page by page, with the balance after each line and the totals."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.models import Account
from billing.models import Balance, LedgerEntry
from providers.models import Feed

PAGE = 50
IN_STEP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the ledger a person wants to see."""

    kind: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""

    @property
    def hides_lines(self) -> bool:
        """Whether lines between the shown ones are left out, so that a balance cannot be counted along them."""
        return bool(self.kind or self.text)

    def __bool__(self) -> bool:
        return bool(self.kind or self.since or self.until or self.text)


@dataclass(frozen=True, slots=True)
class Place:
    """The line that a page follows, as its address has it: "2026-11-01_4711"."""

    occurred_on: date
    pk: int

    def __str__(self) -> str:
        return f"{self.occurred_on.isoformat()}_{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """None for anything that is no place: the list then starts at the top."""
        day, _, pk = text.partition("_")
        try:
            return cls(date.fromisoformat(day), int(pk)) if pk.isascii() and len(pk) < 18 else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[LedgerEntry]
    older: Place | None
    running: dict[int, Decimal] = field(default_factory=dict)  # balance after a line, by its pk


@dataclass(frozen=True, slots=True)
class Total:
    """What came in and went out, in one currency."""

    currency: str
    money_in: Decimal
    money_out: Decimal
    lines: int


def lines(account: Account, chosen: Filter) -> QuerySet[LedgerEntry]:
    rows = LedgerEntry.objects.for_account(account)
    if chosen.kind:
        rows = rows.filter(kind=chosen.kind)
    if chosen.since:
        rows = rows.filter(occurred_on__gte=chosen.since)
    if chosen.until:
        rows = rows.filter(occurred_on__lte=chosen.until)
    if chosen.text:
        rows = rows.filter(Q(description__icontains=chosen.text) | Q(invoice_number__iexact=chosen.text))
    return rows.newest_first().defer("raw")


def page(account: Account, chosen: Filter, after: Place | None) -> Page:
    rows = lines(account, chosen).select_related("connection")
    if after:
        rows = rows.older_than(after.occurred_on, after.pk)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    older = Place(shown[-1].occurred_on, shown[-1].pk) if len(found) > PAGE else None
    return Page(shown, older, running_balances(account, shown, counted=not chosen.hides_lines))


def totals(account: Account, chosen: Filter) -> list[Total]:
    """Sums of a filter, one for each currency. Without a filter there are none: nobody needs the sum of all time."""
    if not chosen:
        return []
    sums = lines(account, chosen).order_by().values("currency").annotate(
        money_in=Sum("amount", filter=Q(amount__gt=0), default=Decimal(0)),
        money_out=Sum("amount", filter=Q(amount__lt=0), default=Decimal(0)),
        lines=Count("pk"),
    )  # fmt: skip
    return [Total(**row) for row in sums.order_by("currency")]


def running_balances(account: Account, rows: list[LedgerEntry], *, counted: bool) -> dict[int, Decimal]:
    """The balance after each of `rows` (newest first), by pk.

    What the upstream says counts. Where it says nothing and no line is missing between the rows (`counted`), the
    balance is counted back from the newest one known, but only when both were read within the same hour.
    """
    known = {row.pk: row.balance_after for row in rows if row.balance_after is not None}
    if not counted or len(known) == len(rows):
        return known
    current = _balances_in_step(account)
    at = {pk: balance.amount for pk, balance in current.items()}
    for pk, total in _sums_above(account, rows[0]):
        if pk in at:
            at[pk] -= total
    for row in rows:
        if row.connection_id in at and row.currency == current[row.connection_id].currency:
            known.setdefault(row.pk, at[row.connection_id])
            at[row.connection_id] -= row.amount
    return known


def _sums_above(account: Account, first: LedgerEntry) -> QuerySet:
    """(connection, sum of the amounts) of everything newer than the first line of a page."""
    newer = Q(occurred_on__gt=first.occurred_on) | Q(occurred_on=first.occurred_on, pk__gt=first.pk)
    rows = LedgerEntry.objects.for_account(account).filter(newer).order_by()
    return rows.values_list("connection").annotate(total=Sum("amount"))


def _balances_in_step(account: Account) -> dict[int, Balance]:
    """Balances read about when their ledger was, by connection."""
    ledgers = Feed.objects.filter(name="ledger", connection=OuterRef("connection"))
    balances = Balance.objects.for_account(account).annotate(ledger_at=Subquery(ledgers.values("last_ok_at")[:1]))
    return {b.connection_id: b for b in balances if b.ledger_at and abs(b.read_at - b.ledger_at) < IN_STEP}
