"""Balances, the ledger, recurring charges, invoices and prices."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRecord:
    """Positive `balance` is money the customer has; negative is money owed. `available` is what may still be spent."""

    balance: Decimal
    currency: str
    available: Decimal | None = None
    credit_limit: Decimal | None = None
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRecord:
    """A line of the upstream's billing. `amount` is signed: charges negative, payments and credits positive."""

    external_id: str
    kind: str  # charge | payment | credit | refund | return | invoice
    occurred_on: date
    amount: Decimal
    currency: str
    description: str = ""
    balance_after: Decimal | None = None
    invoice_number: str = ""
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRecord:
    """One recurring charge (MRC) as the upstream will bill it: `amount` is what is owed each `period`, never negative."""

    external_id: str
    description: str
    amount: Decimal
    currency: str
    number: str = ""  # E.164 when the charge is for a number
    period: str = "month"  # month | year | day
    next_on: date | None = None
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRecord:
    """`total` is what the invoice asks for, taxes included."""

    external_id: str
    issued_on: date
    total: Decimal
    currency: str
    paid: bool | None = None
    url: str = ""
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRecord:
    """What one unit of a service costs: `amount` of `currency` for each `unit`."""

    service: str  # sms | mms | voice | number | ... in our words where known, else the upstream's
    destination: str  # a country code, prefix or network as the upstream names it
    amount: Decimal
    currency: str
    unit: str = "message"  # message | minute | month
    raw: dict = field(default_factory=dict)
