"""The account itself: who it is, its key, its money, its calls and its registration."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import unquote

from providers.clients import phones
from providers.clients.errors import Cause, NotFound, Unreadable
from providers.clients.records import (
    AccountRecord,
    BalanceRecord,
    CallRecord,
    ChargeRecord,
    CreatedAccountRecord,
    Direction,
    RegistrationRecord,
)
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicetel import values
from providers.clients.voicetel.refusals import refused_here
from providers.clients.voicetel.wire import CURRENCY, TRIAL, Wire

LONGEST_NAME = 100
TOTAL = "total"
_MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_KEY = re.compile(r"^[0-9A-Za-z]{8,128}$", re.ASCII)
_USERNAME = re.compile(r"^\d{10}$", re.ASCII)
_URI_USER = re.compile(r"^(?:sips?:)?([^@;]+)@([^;>]+)")


class Account(Wire):
    @speaks("accountApiKey")
    def api_key(self) -> str:
        """The key of the user name and password; six an hour for everybody behind our address. It is kept in this client
        and offered in `learned`. Raises `CredentialsRefused`. (voicetel.yaml: accountApiKey)
        """
        if not self._password:
            raise refused_here("no-password", "password", Cause.CREDENTIALS)
        self._fetched = True
        body = {"username": self.username(), "password": self._password}
        return self.ask("accountApiKey", body, then=self._take_key)

    def _sign_in(self) -> str:
        return self.api_key()

    def _take_key(self, tree: dict) -> str:
        key = tree.get("apikey")
        if not isinstance(key, str) or not _KEY.match(key):
            raise Unreadable("the answer holds no key", code="no-key")
        self._keep(key)
        self.learned["apikey"] = key
        return key

    @speaks("accountInfo")
    def account(self) -> AccountRecord:
        """Who the account is; `raw` has its rate a minute, caller id and alert. Six an hour for everybody behind our
        address: `probe` is cheaper. (voicetel.yaml: accountInfo)
        """
        row = self._info()
        return AccountRecord(
            external_id=values.required(row, "username"),
            organization=values.text(row, "name"),
            currency=CURRENCY,
            raw=self.raw(row),
        )

    @speaks("accountInfo")
    def balance(self) -> BalanceRecord:
        """Dollars on the account. Six an hour for everybody behind our address. (voicetel.yaml: accountInfo.cash)"""
        row = self._info()
        return BalanceRecord(balance=values.amount(row, "cash"), currency=CURRENCY, raw=self.raw(row))

    def probe(self) -> None:
        """Try the key with a listing that every account has and no limit counts. (voicetel.yaml: gatewaysList)"""
        self.ask(TRIAL)

    @speaks("accountMrc")
    def charges(self) -> list[ChargeRecord]:
        """What the account costs a month, a line per service. The total is no line: when the others do not make it up,
        that stands in `unread`. Six an hour for everybody behind our address. (voicetel.yaml: accountMrc)
        """
        pairs = [pair for row in values.rows(self.ask("accountMrc"), "mrc") for pair in self.row(row).items()]
        lines = [{"description": name, "amount": told} for name, told in pairs if name != TOTAL]
        charges = list(self.listing(lines, self._charge))
        totals = [values.amount({TOTAL: told}, TOTAL) for name, told in pairs if name == TOTAL]
        if totals and sum((charge.amount for charge in charges), Decimal()) != totals[0]:
            self.unread.append(("the charges do not make up their total", {TOTAL: str(totals[0])}))
        return charges

    @speaks("accountCdr")
    def calls(self, since: datetime, until: datetime | None = None) -> Iterator[CallRecord]:
        """Calls that began between the two moments. Six an hour for everybody behind our address, so ask for long
        stretches. Bad rows go to `unread`.

        Upstream's `start` is the newer end of the range and its `end` the older one. Which way a call went is not told:
        a call to one of our numbers came in, any other went out. (voicetel.yaml: accountCdr, unpaged)
        """
        body = {"end": int(since.timestamp()), "start": int((until or datetime.now(UTC)).timestamp())}
        rows = values.rows(self.ask("accountCdr", body), "cdr")
        own = self.own_numbers() if rows else set()
        yield from self.listing(rows, lambda row: self._call(row, own))

    @speaks("accountRegistration")
    def registrations(self) -> Iterator[RegistrationRecord]:
        """The device registered with the account, if there is one. (voicetel.yaml: accountRegistration)"""
        try:
            row = values.one(self.ask("accountRegistration"), "account")
        except NotFound:
            return
        uri = values.text(row, "uri")
        if not uri:
            return
        user, address = _parts_of(uri)
        yield RegistrationRecord(
            external_id=uri,
            user=user,
            registered=True,
            address=address,
            agent=values.text(row, "agent"),
            raw=self.raw(row),
        )

    # --- accounts

    @speaks(
        "accountAdd",
        Repeat.NEVER,
        settle="asked again it is refused (409) when it was done; its password is lost then and must be recovered",
    )
    def add_account(self, name: str, username: str, email: str, master: str = "") -> CreatedAccountRecord:
        """Open a sub-account; `username` is ten digits of our choice, `master` the account that is billed (itself, when
        left out). Needs an administrator's key. The password is told here only. (voicetel.yaml: accountAdd)
        """
        body = {"name": _name(name), "username": _username(username, "username"), "email": _mail(email)}
        if master:
            body["masterAccount"] = _username(master, "master")
        return self.ask("accountAdd", body, write=True, then=self._created)

    @speaks("accountSignup", Repeat.NEVER, settle="the mail that is sent to the address tells")
    def sign_up(self, name: str, email: str, promo: str = "") -> CreatedAccountRecord:
        """Open an account of its own, without a key; a mail asks for confirmation. (voicetel.yaml: accountSignup)"""
        body = {"name": _name(name), "email": _mail(email)}
        if promo:
            body["promo"] = values.plain(promo, "promo", LONGEST_NAME)
        return self.ask("accountSignup", body, write=True, then=self._created)

    @speaks("accountRecover", Repeat.NEVER, settle="the mail that is sent to the address tells")
    def recover_account(self, email: str) -> None:
        """Mail a link to a new password. Whether the address is known is kept from the caller: upstream tells it, and a
        page must not. (voicetel.yaml: accountRecover)
        """
        try:
            self.ask("accountRecover", {"email": _mail(email)}, write=True)
        except NotFound:
            return

    def own_numbers(self) -> set[str]:
        raise NotImplementedError

    def _info(self) -> dict:
        return values.one(self.ask("accountInfo"), "account")

    def _charge(self, row: dict) -> ChargeRecord:
        amount, description = values.amount(row, "amount"), row["description"]
        if amount < 0:
            raise values.unreadable("amount", "a charge")
        digits = description.removeprefix("+")
        number = phones.from_wire(digits) if digits.isascii() and digits.isdigit() and len(digits) in (10, 11) else ""
        return ChargeRecord(
            external_id=description,
            description=description,
            amount=amount,
            currency=CURRENCY,
            number=number,
            raw=self.raw(row),
        )

    def _call(self, row: dict, own: set[str]) -> CallRecord:
        told = values.inner(row)
        destination, seconds = values.party(told, "dst"), values.whole(told, "dur")
        return CallRecord(
            external_id=values.required(row, "id"),
            direction=Direction.INBOUND if destination in own else Direction.OUTBOUND,
            source=values.party(told, "cid"),
            destination=destination,
            started_at=values.stamp_of(row),
            seconds=seconds,
            billed_seconds=seconds,
            answered=True if seconds else None,
            cost=values.amount(told, "ba"),
            currency=CURRENCY,
            caller_name=unquote(values.text(told, "cn")).replace("\x00", "\ufffd"),
            raw=self.raw(row),
        )

    def _created(self, tree: dict) -> CreatedAccountRecord:
        row = values.one(tree, "account")
        if isinstance(row.get("password"), str):
            self.redactor.learn(row["password"])
        return CreatedAccountRecord(
            external_id=values.required(row, "username"),
            password=values.text(row, "password"),
            name=values.text(row, "name"),
            email=values.text(row, "email"),
            raw=self.raw(row),
        )


def _parts_of(uri: str) -> tuple[str, str]:
    """User and address of a SIP address."""
    found = _URI_USER.match(uri)
    return found.groups() if found else ("", uri)


def _name(name: str) -> str:
    return values.plain(name, "name", LONGEST_NAME)


def _mail(email: str) -> str:
    if not _MAIL.match(email):
        raise refused_here("not-an-email", "email")
    return values.plain(email, "email", 254)


def _username(username: str, field: str) -> int:
    if not _USERNAME.match(username):
        raise refused_here("not-a-username", field)
    return int(username)
