"""The account itself: its holder, its money, and the settings it has as a whole."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from hashlib import sha256

from providers.clients.errors import Cause
from providers.clients.jafone import values
from providers.clients.jafone.refusals import refused_here
from providers.clients.jafone.wire import Wire
from providers.clients.records import AccountRecord, BalanceRecord, LedgerRecord, ResourceRecord
from providers.clients.speaking import Repeat, speaks

MAIN = "main"  # no answer names the account, and its user id is a credential
_LONG_AGO = date(2000, 1, 1)
_MAIL = re.compile(r"^[^@\s,]+@[^@\s,]+\.[^@\s,]+$")
_SET_AGAIN = "read it again: set twice it is as set once"


class Account(Wire):
    @speaks("getApiVersion")
    def api_version(self) -> ResourceRecord:
        """Which version of the interface answers: Major, Minor, Release, Build, Version. (jafone.yaml: getApiVersion)"""
        row = values.one(self.ask("getApiVersion"), "getApiVersion")
        return ResourceRecord(
            kind="api_version", external_id="", name=values.text(row, "Version"), fields=self.raw(row)
        )

    @speaks("getAccountInfo")
    def account(self) -> AccountRecord:
        """The holder's name and the account's kind; `raw` has Balance and Quality too. (jafone.yaml: getAccountInfo)"""
        row = values.one(self.ask("getAccountInfo"), "AccountInfo")
        names = (values.text(row, "Firstname"), values.text(row, "Lastname"))
        return AccountRecord(
            external_id=MAIN,
            organization=" ".join(filter(None, names)),
            currency=self.currency,
            time_zone=self.zone.key,
            raw=self.raw(row),
        )

    def probe(self) -> None:
        """Try the credentials with the smallest call that an account answers. (jafone.yaml: getBalance)"""
        self.balance()

    @speaks("getBalance")
    def balance(self) -> BalanceRecord:
        """Money on the account; the currency is the connection's, none is told. Raises `Unreadable`, is never zero by
        mistake. (jafone.yaml: getBalance)
        """
        row = values.one(self.ask("getBalance"), "Balance")
        return BalanceRecord(balance=values.amount(row, "Amount"), currency=self.currency, raw=self.raw(row))

    @speaks("getTransactions")
    def ledger(self, since: date | None = None, until: date | None = None) -> Iterator[LedgerRecord]:
        """Charges and payments from day `since` (the beginning) to day `until` (today), both inclusive.

        Rows have no id upstream: `external_id` is made of all a row says, and of its place among rows that say the same.
        `raw` has the whole number of `Value`. Bad rows go to `unread`. (jafone.yaml: getTransactions, unpaged)
        """
        first, last = since or _LONG_AGO, until or self.today()
        fields = {"from": values.compact(first), "to": values.compact(last)}
        rows = values.rows(self.ask("getTransactions", fields), "Transactions")
        same: Counter[str] = Counter()
        for record in self.listing(rows, lambda row: self._transaction(row, same)):
            if first <= record.occurred_on <= last:
                yield record

    def _transaction(self, row: dict, same: Counter) -> LedgerRecord:
        amount = values.units(row, "Value", self.divisor)
        payment_id = values.text(row, "PaymemtId") or values.text(row, "PaymentId")  # spelled so on the wire
        occurred_on = values.day(row, "Date")
        told = [values.text(row, key) for key in ("Date", "Description", "Value", "Subaccount", "Type")]
        digest = sha256("\n".join([*told, payment_id]).encode()).hexdigest()[:24]
        same[digest] += 1
        return LedgerRecord(
            external_id=f"{digest}-{same[digest]}",
            kind=_kind(amount, payment_id),
            occurred_on=occurred_on,
            amount=amount,
            currency=self.currency,
            description=values.text(row, "Description"),
            raw=self.raw(row),
        )

    # --- call forwarding and routing of the whole account

    @speaks("getCallForwardingInfo")
    def forwarding(self) -> ResourceRecord:
        """Where the account's calls go: Enabled (bool), PhoneNumber (E.164 or ""). (jafone.yaml: getCallForwardingInfo)"""
        return self._forwarding(self.ask("getCallForwardingInfo"))

    @speaks("setCallForwarding", Repeat.SAFE, settle=f"getCallForwardingInfo; {_SET_AGAIN}")
    def set_forwarding(self, enabled: bool, number: str = "") -> ResourceRecord:
        """Forward the account's calls to `number` (E.164, North American), or stop. Returns the state it answers with.

        A number is always sent, though none is needed to stop: without one the present number is asked for first.
        (jafone.yaml: setCallForwarding)
        """
        if enabled and not number:
            raise refused_here("missing", "number", Cause.MISSING)
        number = number or self.forwarding().fields["PhoneNumber"]
        fields = {"isEnabled": values.yes_no(enabled), "number": values.ten(number, "number") if number else ""}
        return self.ask("setCallForwarding", fields, write=True, then=self._forwarding)

    @speaks("getCallRoutingType")
    def routing(self) -> ResourceRecord:
        """How calls leave: RoutingType "0" standard or "1" premium. (jafone.yaml: getCallRoutingType)"""
        return self._routing(self.ask("getCallRoutingType"))

    @speaks("setCallRoutingType", Repeat.SAFE, settle=f"getCallRoutingType; {_SET_AGAIN}")
    def set_routing(self, premium: bool) -> ResourceRecord:
        """Let calls leave by the premium or the standard routes. (jafone.yaml: setCallRoutingType)"""
        return self.ask("setCallRoutingType", {"type": "1" if premium else "0"}, write=True, then=self._routing)

    # --- mails that it sends

    @speaks("getLowBalanceAlertInfo")
    def low_balance_alert(self) -> ResourceRecord:
        """Whether a low balance is mailed: Enabled (bool), Amount (text). (jafone.yaml: getLowBalanceAlertInfo)"""
        return self._alert(self.ask("getLowBalanceAlertInfo"))

    @speaks("setLowBalanceAlert", Repeat.SAFE, settle=f"getLowBalanceAlertInfo; {_SET_AGAIN}")
    def set_low_balance_alert(self, enabled: bool, amount: Decimal) -> ResourceRecord:
        """Mail the holder below `amount`. Both are always sent: what is left out means off. (jafone.yaml: setLowBalanceAlert)"""
        if not amount.is_finite() or not 0 <= amount < 10_000_000 or amount != round(amount, 2):
            raise refused_here("not-an-amount", "amount", words="0 or more, at most two decimals")
        fields = {"isEnabled": values.yes_no(enabled), "amount": f"{amount:.2f}"}
        return self.ask("setLowBalanceAlert", fields, write=True, then=self._alert)

    @speaks("getVoicemailEmails")
    def voicemail_emails(self) -> ResourceRecord:
        """Whom voicemails are mailed to: Emails, a list. (jafone.yaml: getVoicemailEmails)"""
        return self._emails(self.ask("getVoicemailEmails"))

    @speaks("setVoicemailEmails", Repeat.SAFE, settle=f"getVoicemailEmails; {_SET_AGAIN}")
    def set_voicemail_emails(self, emails: Iterable[str]) -> ResourceRecord:
        """Replace the whole list; an empty one cannot be sent. (jafone.yaml: setVoicemailEmails)"""
        addresses = [address.strip() for address in emails]
        if not addresses:
            raise refused_here("missing", "emails", Cause.MISSING)
        if not all(_MAIL.match(address) for address in addresses):
            raise refused_here("not-an-email", "emails")
        joined = values.plain(",".join(addresses), "emails", 2000)
        return self.ask("setVoicemailEmails", {"emails": joined}, write=True, then=self._emails)

    def _forwarding(self, tree: dict) -> ResourceRecord:
        row = values.one(tree, "CallForwardingInfo")
        fields = {"Enabled": values.flag(row, "Enabled"), "PhoneNumber": values.number_or_none(row, "PhoneNumber")}
        return ResourceRecord(kind="forwarding", external_id=MAIN, fields=fields, raw=self.raw(row))

    def _routing(self, tree: dict) -> ResourceRecord:
        row = values.one(tree, "CallRoutingType")
        fields = {"RoutingType": "1" if values.flag(row, "RoutingType") else "0"}
        return ResourceRecord(kind="routing", external_id=MAIN, fields=fields, raw=self.raw(row))

    def _alert(self, tree: dict) -> ResourceRecord:
        row = values.one(tree, "LowBalanceAlertInfo")
        fields = {"Enabled": values.flag(row, "Enabled"), "Amount": str(values.amount(row, "Amount"))}
        return ResourceRecord(kind="low_balance_alert", external_id=MAIN, fields=fields, raw=self.raw(row))

    def _emails(self, tree: dict) -> ResourceRecord:
        row = values.one(tree, "VoicemailEmails")
        listed = row.get("Emails")
        if not isinstance(listed, list) or not all(isinstance(address, str) for address in listed):
            raise values.unreadable("Emails", "a list of addresses")
        fields = {"Emails": [address.strip() for address in listed]}
        return ResourceRecord(kind="voicemail_emails", external_id=MAIN, fields=fields, raw=self.raw(row))


def _kind(amount: Decimal, payment_id: str) -> str:
    """The types of transactions are not documented (only 6, a monthly fee, was ever shown), so the sign decides."""
    if amount <= 0:
        return "charge"
    return "payment" if payment_id else "credit"
