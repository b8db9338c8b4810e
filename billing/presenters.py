"""Balances and ledger lines as pages show them: plain strings, made once for each row."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.forms import Form
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import presenting
from accounts.sources import AT_ONCE, is_behind, names_of
from accounts.states import State, Tone, state
from billing.forms import ThresholdForm
from billing.ledger import Page, Total
from billing.models import Balance, LedgerEntry
from billing.services import PACE_DAYS, lasts_until
from providers.clients.base import Capability

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
    age: presenting.Fresh  # the same where the upstream is named beside it
    available: str
    credit_limit: str
    threshold: str
    lasts: str
    until: str  # the day of `lasts` alone
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
    names = names_of(balance.connection for balance in found)
    return [
        _card(balance, names[balance.connection_id], _form(balance, form) if balance.pk == editing else None)
        for balance in found
    ]


def _form(balance: Balance, form: Form | None) -> Form:
    return form or threshold_form(balance)


def _card(balance: Balance, name: str, form: Form | None) -> BalanceCard:
    behind = is_behind(balance.read_at, balance.next_at, balance.read_failures or 0, late=LATE)
    last_day = lasts_until(balance)
    return BalanceCard(
        pk=balance.pk,
        name=name,
        amount=presenting.money(balance.amount, balance.currency),
        currency=balance.currency,
        is_low=balance.is_low,
        level=_level(balance),
        freshness=presenting.fresh(name, balance.read_at, late_after=AT_ONCE if behind else None),
        age=_age(balance, stale=behind),
        available=_optional(balance.available, balance.currency) if balance.available != balance.amount else "",
        credit_limit=_optional(balance.credit_limit, balance.currency) if balance.credit_limit else "",
        threshold=presenting.money(balance.warn_below, balance.currency),
        lasts=_lasts(last_day),
        until=presenting.day(last_day),
        pace=_pace(balance),
        slow=_slow(name, balance),
        form=form,
    )


def _age(balance: Balance, *, stale: bool) -> presenting.Fresh:
    words = {"ago": presenting.ago(balance.read_at)}
    text = _("stale: %(ago)s") % words if stale else words["ago"]
    return presenting.Fresh(text, presenting.when(balance.read_at), stale)


def without_ledger(balances: list[Balance]) -> str:
    """A sentence on the upstreams that tell a balance and no list of charges; "" where all do."""
    silent = [balance.connection for balance in balances if not balance.connection.can(Capability.LEDGER)]
    if not silent:
        return ""
    text = ngettext(
        "%(upstreams)s provides no ledger, so its charges are not listed here.",
        "%(upstreams)s provide no ledger, so their charges are not listed here.",
        len(silent),
    )
    return text % {"upstreams": presenting.listed(list(names_of(silent).values()))}


def _slow(upstream: str, balance: Balance) -> str:
    """Where the upstream lets us look so rarely that an older balance is as good as it gets."""
    every = balance.next_at - balance.read_at if balance.next_at and not balance.read_failures else timedelta()
    if every <= LATE:
        return ""
    hours = {"upstream": upstream, "hours": round(every / timedelta(hours=1))}
    return (
        ngettext(
            "%(upstream)s tells it about once in %(hours)s hour.",
            "%(upstream)s tells it about once in %(hours)s hours.",
            hours["hours"],
        )
        % hours
    )


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


def _lasts(day: date | None) -> str:
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
    names = names_of({entry.connection for entry in page.rows})
    return [_ledger_row(entry, names[entry.connection_id], page.running.get(entry.pk), several) for entry in page.rows]


def _ledger_row(entry: LedgerEntry, upstream: str, balance: Decimal | None, show_currency: bool) -> LedgerRow:
    return LedgerRow(
        day=presenting.day(entry.occurred_on),
        kind=entry.get_kind_display(),
        description=entry.description,
        invoice=entry.invoice_number,
        upstream=upstream,
        amount=presenting.money(
            entry.amount, entry.currency, show_currency=show_currency, decimals=_decimals(entry.amount)
        ),
        is_credit=entry.amount > 0,
        balance="" if balance is None else presenting.money(balance, entry.currency, show_currency=show_currency),
    )


def _decimals(amount: Decimal) -> int:
    """A text costs parts of a cent: written with two decimals it would seem to cost nothing."""
    return 2 if abs(amount) >= 1 or amount == round(amount, 2) else 4


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
