"""What resellers bill to their subaccounts: not the money of the account itself."""

from collections.abc import Iterator
from datetime import date

from providers.clients.records import InvoiceRecord, LedgerRecord
from providers.clients.speaking import speaks
from providers.clients.voicemeup import mapping, values
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.wire import Wire

# The words of an invoice's status are not documented; any other leaves it open.
PAID = {"paid": True, "unpaid": False}
_MEANING = Meaning(
    {
        "date_from": "since",
        "date_to": "until",
        "client_subaccount_id": "subaccount_id",
        "reseller_transaction_id": "external_id",
        "reseller_invoice_id": "external_id",
    },
    identity=("reseller_transaction_id", "reseller_invoice_id", "web_key"),
)


class Resellers(Wire):
    @speaks("get_resellers_transactions")
    def reseller_transactions(
        self, since: date | None = None, until: date | None = None, subaccount_id: str = "", external_id: str = ""
    ) -> Iterator[LedgerRecord]:
        """Transactions of subaccounts by the day they were applied, days inclusive. Bad rows go to `unread`.

        (voicemeup.yaml: get_resellers_transactions)
        """
        fields = _fields(since, until, subaccount_id) | {"reseller_transaction_id": external_id or None}
        tree = self.call("get_resellers_transactions", fields, meaning=_MEANING)
        rows = values.rows(tree, "reseller_transaction_details", "reseller_transaction_id")
        yield from self.listing(rows, lambda row: _transaction(row, self.currency, self.raw(row)))

    @speaks("get_resellers_invoices")
    def reseller_invoices(
        self, since: date | None = None, until: date | None = None, subaccount_id: str = "", external_id: str = ""
    ) -> Iterator[InvoiceRecord]:
        """Invoices to subaccounts by the day they were applied, days inclusive. Bad rows go to `unread`.

        (voicemeup.yaml: get_resellers_invoices)
        """
        fields = _fields(since, until, subaccount_id) | {"reseller_invoice_id": external_id or None}
        tree = self.call("get_resellers_invoices", fields, meaning=_MEANING)
        rows = values.rows(tree, "reseller_invoice_details", "reseller_invoice_id")
        yield from self.listing(rows, lambda row: _invoice(row, self.currency, self.raw(row)))


def _fields(since: date | None, until: date | None, subaccount_id: str) -> dict:
    return {"date_from": since, "date_to": until, "client_subaccount_id": subaccount_id or None}


def _transaction(row: dict, currency: str, raw: dict) -> LedgerRecord:
    kind, sign = values.chosen({"type": values.text(row, "type").lower()}, "type", mapping.LEDGER_SIGNS)
    return LedgerRecord(
        external_id=values.required(row, "reseller_transaction_id"),
        kind=kind,
        occurred_on=_applied(row),
        amount=mapping.signed(values.required(row, "amount"), sign),
        currency=values.currency(row, currency),
        description=values.text(row, "description"),
        invoice_number=mapping.object_id(row, "reseller_invoice_id"),
        raw=raw,
    )


def _invoice(row: dict, currency: str, raw: dict) -> InvoiceRecord:
    return InvoiceRecord(
        external_id=values.required(row, "reseller_invoice_id"),
        issued_on=_applied(row),
        total=values.amount(values.required(row, "amount")),
        currency=values.currency(row, currency),
        paid=PAID.get(values.text(row, "status").lower()),
        raw=raw,
    )


def _applied(row: dict) -> date:
    found = values.day({"date_applied": values.text(row, "date_applied")[:10]}, "date_applied")
    if found is None:
        raise values.unreadable("date_applied", "there")
    return found
