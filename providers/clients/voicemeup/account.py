"""The account itself: who it is, its preferences, its money, and the state of the network."""

from collections.abc import Iterator
from datetime import date

from providers.clients.reading import CONTENT
from providers.clients.records import AccountRecord, BalanceRecord, InvoiceRecord, LedgerRecord, NetworkEvent
from providers.clients.speaking import speaks
from providers.clients.voicemeup import mapping, values
from providers.clients.voicemeup.envelope import Meaning
from providers.clients.voicemeup.wire import Wire

_RANGE = Meaning({"date_from": "since", "date_to": "until"})
_LONG_AGO = date(2000, 1, 1)


class Account(Wire):
    @speaks("get_account_details")
    def account(self) -> AccountRecord:
        """The account's identity. Raises `Unreadable`. (voicemeup.yaml: get_account_details)"""
        row = self._single("get_account_details", "account_details", "client_account_id")
        return mapping.account(row, self.raw(row))

    @speaks("get_account_preferences")
    def preferences(self) -> dict:
        """The portal's preferences in VoiceMeUp's own words. (voicemeup.yaml: get_account_preferences)"""
        return self.raw(self._single("get_account_preferences", "account_preferences", "time_zone_id"))

    @speaks("get_funding_details")
    def balance(self) -> BalanceRecord:
        """Money on the account: negative is owed. An amount in no known form raises `Unreadable`, it is never zero.

        (voicemeup.yaml: get_funding_details; amounts are negative unless CR follows)
        """
        row = self._single("get_funding_details", "funding_details", "account_balance")
        return mapping.funding(row, self.currency, self.raw(row))

    @speaks("get_billing_activity")
    def ledger(self, since: date | None = None, until: date | None = None) -> Iterator[LedgerRecord]:
        """Invoices, payments, credits, refunds and returns, days inclusive; all of them without a range.

        (voicemeup.yaml: get_billing_activity, unpaged; the two dates go together)
        """
        fields = {}
        if since or until:
            fields = {"date_from": since or _LONG_AGO, "date_to": until or self.today()}
        tree = self.call("get_billing_activity", fields, meaning=_RANGE)
        rows = values.rows(tree, "transaction_details", "transaction_id")
        yield from self.listing(rows, lambda row: mapping.ledger(row, self.currency, self.raw(row)))

    @speaks("get_billing_activity")
    def invoices(self, since: date | None = None, until: date | None = None) -> Iterator[InvoiceRecord]:
        """Invoices to the account, days inclusive. They stand in the ledger too. (voicemeup.yaml: get_billing_activity)"""
        for line in self.ledger(since, until):
            if line.kind == "invoice":
                yield InvoiceRecord(
                    external_id=line.invoice_number or line.external_id,
                    issued_on=line.occurred_on,
                    total=-line.amount,
                    currency=line.currency,
                    raw=line.raw,
                )

    @speaks("get_request_types")
    def request_types(self) -> list[str]:
        """Every request that the API knows today, by name. (voicemeup.yaml: get_request_types)"""
        tree = self.call("get_request_types")
        rows = values.rows(tree, "request_type", "request_type")
        found = [
            row if isinstance(row, str) else values.text(self.row(row), "request_type", "name", CONTENT) for row in rows
        ]
        return [name for name in found if name]

    @speaks("get_network_status")
    def network_status(self) -> list[NetworkEvent]:
        """The five newest incidents. (voicemeup.yaml: get_network_status)"""
        rows = values.rows(self.call("get_network_status"), "network_status_details", "title")
        return list(self.listing(rows, lambda row: mapping.network_event(row, self.zone, self.raw(row))))

    def _single(self, request_type: str, name: str, field: str) -> dict:
        return mapping.only_row(values.rows(self.call(request_type), name, field), name)
