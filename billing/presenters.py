"""Balances and ledger lines as pages show them: plain strings, made once for each row."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.forms import Form
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import presenting
from accounts.states import State, Tone, state
from billing.forms import ThresholdForm
from billing.ledger import Page, Total
from billing.models import Balance, LedgerEntry
from billing.services import PACE_DAYS, lasts_until
from providers import sync

LATE = timedelta(hours=1)
EXPORT_HEADER = [
    "date",
    "type",
    "description",
    "invoice",
    "amount",
    "currency",
    "balance_after",
    "upstream",
    "upstream_id",
]


@dataclass(frozen=True, slots=True)
class BalanceCard:
    pk: int
    name: str
    amount: str
    currency: str
    is_low: bool
    level: State
    freshness: presenting.Fresh
    available: str
    credit_limit: str
    threshold: str
    lasts: str
    pace: str
    slow: str = ""  # why it cannot be fresher
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    day: str
    kind: str
    description: str
    invoice: str
    upstream: str
    amount: str
    is_credit: bool
    balance: str


def balance_cards(balances, editing: int | None = None, form: Form | None = None) -> list[BalanceCard]:
    """A card for each balance; the one that is being edited has its form."""
    found = list(balances)
    return [
        balance_card(balance, (form or threshold_form(balance)) if balance.pk == editing else None) for balance in found
    ]


def balance_card(balance: Balance, form: Form | None = None) -> BalanceCard:
    every = sync.pace_of(balance.connection, "balance")
    return BalanceCard(
        pk=balance.pk,
        name=balance.connection.name,
        amount=presenting.money(balance.amount, balance.currency),
        currency=balance.currency,
        is_low=balance.is_low,
        level=_level(balance),
        freshness=presenting.fresh(balance.connection.label, balance.read_at, late_after=max(LATE, 1.5 * every)),
        available=_optional(balance.available, balance.currency),
        credit_limit=_optional(balance.credit_limit, balance.currency) if balance.credit_limit else "",
        threshold=presenting.money(balance.warn_below, balance.currency),
        lasts=_lasts(balance),
        pace=_pace(balance),
        slow=_slow(balance.connection.label, every),
        form=form,
    )


def _slow(upstream: str, every: timedelta) -> str:
    """Where the upstream lets us look so rarely that an older balance is as good as it gets."""
    if every <= LATE:
        return ""
    hours = {"upstream": upstream, "hours": round(every / timedelta(hours=1))}
    return ngettext(
        "%(upstream)s tells it about once in %(hours)s hour.",
        "%(upstream)s tells it about once in %(hours)s hours.",
        hours["hours"],
    ) % hours


def _level(balance: Balance) -> State:
    """A word only where somebody should act, or may rest assured."""
    if balance.spendable <= 0:
        return state(Tone.FAILED, _("Used up"))
    return state(Tone.WAITING, _("Running low")) if balance.is_low else state(Tone.FINE, _("Enough"))


def threshold_form(balance: Balance) -> ThresholdForm:
    """The form with the threshold as the person's language writes it."""
    return ThresholdForm(initial={"warn_below": number_format(balance.warn_below, 2, use_l10n=True)})


def _optional(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else presenting.money(amount, currency)


def _lasts(balance: Balance) -> str:
    day = lasts_until(balance)
    return _("At this pace it lasts until about %(day)s.") % {"day": presenting.day(day)} if day else ""


def _pace(balance: Balance) -> str:
    """What thirty days cost, and what that is a day."""
    if not balance.pace_known or not balance.charged:
        return ""
    spent = -balance.charged
    words = {
        "spent": presenting.money(spent, balance.currency),
        "daily": presenting.money(spent / PACE_DAYS, balance.currency, show_currency=False),
    }
    return _("%(spent)s, about %(daily)s a day") % words


def one_currency(page: Page) -> str:
    """The currency of all lines of a page, which then stands above them; "" when there are several."""
    currencies = {entry.currency for entry in page.rows}
    return currencies.pop() if len(currencies) == 1 else ""


def ledger_rows(page: Page) -> list[LedgerRow]:
    several = not one_currency(page)
    return [_ledger_row(entry, page.running.get(entry.pk), several) for entry in page.rows]


def _ledger_row(entry: LedgerEntry, balance: Decimal | None, show_currency: bool) -> LedgerRow:
    return LedgerRow(
        day=presenting.day(entry.occurred_on),
        kind=entry.get_kind_display(),
        description=entry.description,
        invoice=entry.invoice_number,
        upstream=entry.connection.label,
        amount=presenting.money(entry.amount, entry.currency, show_currency=show_currency),
        is_credit=entry.amount > 0,
        balance="" if balance is None else presenting.money(balance, entry.currency, show_currency=show_currency),
    )


def total_rows(totals: list[Total]) -> list[dict]:
    return [
        {
            "currency": total.currency,
            "lines": total.lines,
            "money_in": presenting.money(total.money_in, total.currency),
            "money_out": presenting.money(total.money_out, total.currency),
        }
        for total in totals
    ]


def export_row(entry: LedgerEntry) -> list:
    """Amounts with a dot and all their decimals: a file is read by programs."""
    return [
        entry.occurred_on.isoformat(),
        entry.kind,
        entry.description,
        entry.invoice_number,
        _plain(entry.amount),
        entry.currency,
        "" if entry.balance_after is None else _plain(entry.balance_after),
        entry.connection.label,
        entry.external_id,
    ]


def _plain(amount: Decimal) -> str:
    """Without the zeros that the column adds, but with cents."""
    text = format(amount.normalize(), "f")
    return text if len(text.partition(".")[2]) >= 2 else format(amount, ".2f")
