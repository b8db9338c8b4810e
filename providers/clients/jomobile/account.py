"""The account itself, its money, and new accounts."""

from providers.clients.errors import Cause
from providers.clients.jomobile import mapping, values
from providers.clients.jomobile.envelope import refused_here
from providers.clients.jomobile.wire import Wire
from providers.clients.records import AccountRecord, BalanceRecord, CreatedAccountRecord
from providers.clients.speaking import Repeat, speaks


class Account(Wire):
    @speaks("me")
    def me(self) -> dict:
        """The profile in Jo Mobile's own words, secrets masked. (jomobile.yaml: me, a GET)"""
        return self.raw(self._me(lambda row: row))

    @speaks("me")
    def account(self) -> AccountRecord:
        """Who the account is. Raises `Unreadable`. (jomobile.yaml: me)"""
        return self._me(lambda row: mapping.account(row, self.raw(row)))

    @speaks("me")
    def balance(self) -> BalanceRecord:
        """Money on the account, in its currency; without either it is `Unreadable`, never zero.

        What `balance_limit` means is not documented: it stays in `raw`. (jomobile.yaml: me)
        """
        return self._me(lambda row: mapping.balance(row, self.raw(row)))

    def _me(self, then):
        return self.ask("me", method="GET", then=lambda data: then(values.part(data)))

    @speaks("register", Repeat.NEVER, settle="authorize with the new login and password")
    def register(
        self,
        login: str,
        password: str,
        name: str,
        phone: str,
        email: str,
        organization: str = "",
        skype: str = "",
    ) -> CreatedAccountRecord:
        """Open an account; needs no token. `name` is the responsible person's, `phone` E.164.

        The answer's shape is not published, so the login is the one that was asked for. (jomobile.yaml: register)
        """
        asked = {"login": login, "password": password, "name": name, "email": email}
        for field, value in asked.items():
            if not value.strip():
                raise refused_here("value-required", field, Cause.MISSING)
        self.tell(password)
        body = {**asked, "phone": values.digits(phone, "phone"), "company_name": organization, "skype": skype}
        data = self.ask_openly(
            "register", {key: value for key, value in body.items() if value}, write=True, then=lambda data: data
        )
        row = data if isinstance(data, dict) else {"data": data}
        return CreatedAccountRecord(external_id=login, password=password, name=name, email=email, raw=self.raw(row))
