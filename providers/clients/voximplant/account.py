"""The account itself: who it is, its money and what it will owe, its profile, its verification."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from providers.clients.errors import Unreadable
from providers.clients.records import AccountRecord, BalanceRecord, ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voximplant import values
from providers.clients.voximplant.wire import Kind, Wire, refused_here

# What may be changed of a profile, under our names.
PROFILE = {
    "email": "new_account_email",
    "password": "new_account_password",
    "language": "language_code",
    "time_zone": "location",
    "first_name": "account_first_name",
    "last_name": "account_last_name",
    "low_balance": "min_balance_to_notify",
    "account_notifications": "account_notifications",
    "tariff_notifications": "tariff_changing_notifications",
    "news_notifications": "news_notifications",
    "script_error_notifications": "send_js_error",
    "organization": "billing_address_name",
    "country": "billing_address_country_code",
    "address": "billing_address_address",
    "postal_code": "billing_address_zip",
    "phone": "billing_address_phone",
    "reference": "account_custom_data",
    "webhook": "callback_url",
    "webhook_salt": "callback_salt",
    "store_outbound_texts": "store_outbound_sms",
    "store_inbound_texts": "store_inbound_sms",
}
LONGEST = {
    "first_name": 49,
    "last_name": 49,
    "organization": 199,
    "address": 511,
    "postal_code": 29,
    "phone": 29,
    "reference": 8191,
    "webhook_salt": 40,
}
_DUE = Kind("amount due", "GetMoneyAmountToChargeResult")
_DOCUMENTS = Kind("verification documents", "AccountDocuments", id="account_id")
_VERIFICATION = Kind("verification", "AccountVerifications", id="verification_id", name="status")


class Account(Wire):
    @speaks("GetAccountInfo")
    def account(self) -> AccountRecord:
        """The account's identity; its time zone is where its days begin. (voximplant.yaml: GetAccountInfo)"""
        return self.call("GetAccountInfo", then=lambda tree: self._account(values.one(tree)))

    @speaks("GetAccountInfo")
    def balance(self, live: bool = True) -> BalanceRecord:
        """Money on the account at this moment, or (`live` false) as last booked. Negative is owed.

        `available` adds the credit limit and takes off money on hold. (voximplant.yaml: GetAccountInfo)
        """
        return self.call(
            "GetAccountInfo", {"return_live_balance": live}, then=lambda tree: self._balance(values.one(tree))
        )

    @speaks("SetAccountInfo", Repeat.SAFE, settle="the same profile set twice is the same; GetAccountInfo shows it")
    def update_account(self, changes: dict) -> None:
        """Change the profile; keys as in `PROFILE`, low_balance a Decimal of the account's currency, the rest texts and
        flags. An address can be changed and never be emptied; a new e-mail address needs a password sign-in (537).

        Raises `Rejected` with the field. (voximplant.yaml: SetAccountInfo)
        """
        self.command("SetAccountInfo", profile_fields(changes, PROFILE))

    def low_balance_alert(self) -> ResourceRecord:
        """Below which balance the holder is told: `fields` has Enabled and Amount; 0 or less is off."""
        row = self.call("GetAccountInfo", then=values.one)
        amount = values.money(row, "min_balance_to_notify") or Decimal(0)
        fields = {"Enabled": amount > 0, "Amount": str(amount)}
        return ResourceRecord(kind="low_balance_alert", external_id="main", fields=fields, raw=self.raw(row))

    def set_low_balance_alert(self, enabled: bool, amount: Decimal) -> None:
        """Tell the holder, and call the webhook (min_balance), when the balance falls below `amount`."""
        if not amount.is_finite() or not 0 <= amount < 10_000_000:
            raise refused_here("not-an-amount", "low_balance")
        self.update_account({"low_balance": amount if enabled else Decimal(0)})

    def set_webhook(self, url: str, salt: str) -> None:
        """Where the account's callbacks go, and the secret that their hash is made with (at most 40 characters).

        Texts that come are stored from then on: their words are read from the log, which is empty of them otherwise.
        """
        self.update_account({"webhook": url, "webhook_salt": salt, "store_inbound_texts": True})

    @speaks("GetCurrencyRate")
    def currency_rates(self, currencies: Iterable[str], on: date | None = None) -> dict[str, Decimal]:
        """Units of each currency for one US dollar, today or on a day. The rouble is RUR.

        (voximplant.yaml: GetCurrencyRate)
        """
        fields = {"currency": list(currencies), "date": on}
        return self.call("GetCurrencyRate", fields, then=lambda tree: _rates(values.one(tree)))

    @speaks("GetMoneyAmountToCharge")
    def money_due(self, currency: str | None = None, on: date | None = None) -> ResourceRecord:
        """What to pay so that everything renews until a day (today): `fields` has amount, min_amount (less what is on
        the account), amounts by way of payment, and the subscriptions. (voximplant.yaml: GetMoneyAmountToCharge)
        """
        fields = {"currency": currency, "charge_date": on}
        return self.call("GetMoneyAmountToCharge", fields, then=lambda tree: self.resource(values.one(tree), _DUE))

    @speaks("GetAccountDocuments")
    def documents(
        self,
        with_details: bool = False,
        verification: str | None = None,
        statuses: Iterable[str] = (),
        held_since: date | None = None,
        held_until: date | None = None,
        subaccount_ids: Iterable[str] = (),
        children_only: bool = False,
    ) -> Iterator[ResourceRecord]:
        """Verification documents of the account, or of sub-accounts. Statuses: REQUIRED, IN_PROGRESS, VERIFIED.

        To give way to `verifications`. (voximplant.yaml: GetAccountDocuments)
        """
        fields = {
            "with_details": with_details,
            "verification_name": verification,
            "verification_status": list(statuses) or None,
            "from_unverified_hold_until": held_since,
            "to_unverified_hold_until": held_until,
            "child_account_id": list(subaccount_ids) or None,
            "children_verifications_only": children_only or None,
        }
        yield from self.resources("GetAccountDocuments", _DOCUMENTS, fields, paged=False)

    @speaks("GetAccountVerifications")
    def verifications(
        self, account_id: str | None = None, running_only: bool | None = None
    ) -> Iterator[ResourceRecord]:
        """How far the verification of an account (this one) has come. (voximplant.yaml: GetAccountVerifications)"""
        known = account_id or self.credentials.get("account_id") or self.account().external_id
        fields = {"account_id": known, "active_verification_only": running_only}
        yield from self.resources("GetAccountVerifications", _VERIFICATION, fields, paged=False)

    def _account(self, row: dict) -> AccountRecord:
        return AccountRecord(
            external_id=values.identity(row, "account_id"),
            organization=values.text(row, "billing_address_name") or values.text(row, "account_name"),
            currency=values.text(row, "currency"),
            language=values.text(row, "language_code"),
            time_zone=values.text(row, "location"),
            raw=self.raw(row),
        )

    def _balance(self, row: dict) -> BalanceRecord:
        balance, currency = values.amount(row, "balance"), values.currency(row)
        limit, held = values.money(row, "credit_limit"), values.money(row, "money_on_hold")
        self._currency = currency
        return BalanceRecord(
            balance=balance,
            currency=currency,
            available=balance + (limit or 0) - (held or 0),
            credit_limit=limit,
            raw=self.raw(row),
        )


def profile_fields(changes: dict, names: dict[str, str]) -> dict[str, object]:
    """The wire's fields of a change. Raises `Rejected` for what cannot be sent; nothing is silently left out."""
    for name, value in changes.items():
        if name not in names:
            raise refused_here("unknown-setting", name)
        if value is None:
            raise refused_here("value-required", name)
        if isinstance(value, str) and len(value) > LONGEST.get(name, 10_000):
            raise refused_here("too-long", name)
    return {names[name]: value for name, value in changes.items()}


def _rates(row: dict) -> dict[str, Decimal]:
    rates = {currency: values.amount(row, currency) for currency in row}
    if any(rate <= 0 for rate in rates.values()):
        raise Unreadable("a rate is not positive", code="unreadable-value")
    return rates
