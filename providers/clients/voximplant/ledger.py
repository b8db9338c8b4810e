"""The ledger and the invoices."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from providers.clients.records import InvoiceRecord, LedgerRecord
from providers.clients.speaking import speaks
from providers.clients.voximplant import values
from providers.clients.voximplant.timeline import Asked, Timeline

# transaction types that are not charges, and what they are
KINDS = {
    "card_periodic_payment": "payment",
    "card_overrun_payment": "payment",
    "card_payment": "payment",
    "rub_card_periodic_payment": "payment",
    "rub_card_overrun_payment": "payment",
    "rub_card_payment": "payment",
    "robokassa_payment": "payment",
    "wire_transfer": "payment",
    "us_wire_transfer": "payment",
    "paypal_payment": "payment",
    "paypal_overrun_payment": "payment",
    "paypal_periodic_payment": "payment",
    "gift": "credit",
    "promo": "credit",
    "discount": "credit",
    "grace_credit_provision": "credit",
    "money_acceptance_from_child": "credit",
    "money_acceptance_from_parent": "credit",
    "refund": "refund",
}
PAID = {"PAID": True, "UNPAID": False}  # what else an invoice may say is not documented, and leaves it open


class Ledger(Timeline):
    @speaks("GetTransactionHistory")
    def ledger(
        self, since: date | None = None, until: date | None = None, with_children: bool = False
    ) -> Iterator[LedgerRecord]:
        """Bookings from day to day, both inclusive, in the account's zone, oldest part first; from the account's first
        day when `since` is left out. Charges are negative. (voximplant.yaml: GetTransactionHistory, pages of 1000)
        """
        fields = {"desc_order": False, "with_total_count": True, "child_account_id": "all" if with_children else None}
        asked = Asked(name="GetTransactionHistory", fields=fields)
        first, last = self.days(since or self._opened(), until or self.today())
        for rows, zone in self.history(asked, first, last):
            yield from self.listing(rows, lambda row, zone=zone: self._transaction(row, zone))

    @speaks("GetAccountInvoices")
    def invoices(self, since: date | None = None, until: date | None = None) -> Iterator[InvoiceRecord]:
        """Invoices of a range of days, all without one. (voximplant.yaml: GetAccountInvoices, pages)"""
        for rows in self.pages("GetAccountInvoices", {}, page=100):
            for invoice in self.listing(rows, self._invoice):
                if (since or date.min) <= invoice.issued_on <= (until or date.max):
                    yield invoice

    @speaks("DownloadInvoice")
    def invoice_file(self, external_id: str) -> bytes:
        """The file of an invoice, a PDF. Raises `NotFound`. (voximplant.yaml: DownloadInvoice)"""
        return self.download("DownloadInvoice", {"invoice_id": external_id})

    def _opened(self) -> date:
        row = self.call("GetAccountInfo", then=values.one)
        return values.at(row, "created").astimezone(self.zone).date()

    def _transaction(self, row: dict, zone: ZoneInfo) -> LedgerRecord:
        amount = values.amount(row, "amount")
        kind = KINDS.get(values.required(row, "transaction_type"), "charge" if amount <= 0 else "credit")
        return LedgerRecord(
            external_id=values.identity(row, "transaction_id"),
            kind=kind,
            occurred_on=values.at(row, "performed_at", zone).astimezone(self.zone).date(),
            amount=amount,
            currency=values.currency(row),
            description=values.text(row, "transaction_description") or values.text(row, "transaction_type"),
            raw=self.raw(row),
        )

    def _invoice(self, row: dict) -> InvoiceRecord:
        money = row.get("amount")
        if not isinstance(money, dict):
            raise values.unreadable("amount", "a structure")
        issued_on = values.day(row, "invoice_date")
        if issued_on is None:
            raise values.unreadable("invoice_date", "there")
        return InvoiceRecord(
            external_id=values.identity(row, "invoice_id"),
            issued_on=issued_on,
            total=_total(money),
            currency=values.currency(money),
            paid=PAID.get(values.text(row, "status").upper()),
            raw=self.raw(row),
        )


def _total(money: dict) -> Decimal:
    """What is to be paid; the total where it is not said."""
    found = values.money(money, "amount_to_pay")
    return values.amount(money, "total_amount") if found is None else found
