"""Sub-accounts: Voximplant's child accounts, with money, numbers and keys of their own."""

import re
import secrets
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from providers.clients.errors import NotFound, Unsupported
from providers.clients.records import ResourceRecord, SubaccountRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voximplant import values
from providers.clients.voximplant.account import profile_fields
from providers.clients.voximplant.envelope import Meaning, done
from providers.clients.voximplant.wire import Kind, Wire, refused_here

# What may be changed of a child, under our names.
CHILD = {
    "email": "new_child_account_email",
    "password": "new_child_account_password",
    "active": "active",
    "language": "language_code",
    "time_zone": "location",
    "low_balance": "min_balance_to_notify",
    "account_notifications": "account_notifications",
    "tariff_notifications": "tariff_changing_notifications",
    "news_notifications": "news_notifications",
    "allow_robokassa": "support_robokassa",
    "allow_bank_card": "support_bank_card",
    "allow_invoice": "support_invoice",
    "allow_restricted": "can_use_restricted",
    "webhook": "callback_url",
    "webhook_salt": "callback_salt",
}
STATUSES = {"enabled": True, "disabled": False}
_NAME = re.compile(r"^[a-z][a-z0-9-]{4,19}$", re.ASCII)
_CHILD = Meaning(absent=frozenset((194, 198, 199)))
_CLONED = Kind("cloned account", "ClonedAccount", id="account_id", name="account_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChild:
    """A child account that is to be. `name` is 5 to 20 characters a-z, 0-9 and -, and like `email` the only one of its
    kind at Voximplant; `password` has 8 characters of four kinds. `reference` is kept as its custom data.
    """

    name: str
    email: str
    password: str = field(repr=False)
    active: bool = True
    language: str = ""
    time_zone: str = ""
    first_name: str = ""
    last_name: str = ""
    reference: str = ""
    low_balance: Decimal | None = None
    account_notifications: bool | None = None
    tariff_notifications: bool | None = None
    news_notifications: bool | None = None
    record_storage_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeChild:
    """A child account just made. Its key is told this once, and callbacks of the child are verified with it."""

    external_id: str
    active: bool
    api_key: str = field(repr=False)


class Children(Wire):
    @speaks("GetChildrenAccounts")
    def subaccounts(self, with_numbers: bool = False) -> Iterator[SubaccountRecord]:
        """All child accounts; `number_ids` is None unless asked for, which costs a listing of all their numbers.

        (voximplant.yaml: GetChildrenAccounts, pages; one selector is mandatory and "all" is one)
        """
        numbers = self._numbers_by_child() if with_numbers else None
        for rows in self.pages("GetChildrenAccounts", {"child_account_id": "all", "order_by": "child_account_id"}):
            yield from self.listing(rows, lambda row: self._child(row, numbers))

    def subaccount(self, external_id: str = "", name: str = "") -> SubaccountRecord:
        """One child by its id or name. Raises `NotFound`. (voximplant.yaml: GetChildrenAccounts)"""
        fields = {"child_account_id": external_id or None, "child_account_name": None if external_id else name}
        tree = self.call("GetChildrenAccounts", fields, meaning=_CHILD)
        for row in values.rows(tree):
            record = self._child(self.row(row), None)
            if external_id in ("", record.external_id) and name in ("", record.name):
                return record
        raise NotFound("no such child account", call="GetChildrenAccounts", code="not-found")

    @speaks("AddAccount", Repeat.NEVER, settle="GetChildrenAccounts by the name, which only one account can have")
    def add_subaccount(self, new: NewChild) -> MadeChild:
        """Make a child account. Voximplant must have allowed the account to have any; some a day only (397).

        Raises `Rejected` (106 and 128: name or address taken). (voximplant.yaml: AddAccount)
        """
        if not _NAME.match(new.name):
            raise refused_here("invalid-name", "name")
        fields = {
            **self._parent(),
            "account_name": new.name,
            "account_email": new.email,
            "account_password": new.password,
            "active": new.active,
            "language_code": new.language or None,
            "location": new.time_zone or None,
            "min_balance_to_notify": new.low_balance,
            "account_custom_data": new.reference or None,
            "account_first_name": new.first_name or None,
            "account_last_name": new.last_name or None,
            "account_notifications": new.account_notifications,
            "tariff_changing_notifications": new.tariff_notifications,
            "news_notifications": new.news_notifications,
            "record_storage_id": new.record_storage_id or None,
        }
        return self.call("AddAccount", fields, then=lambda tree: _made(done(tree)))

    def create_subaccount(self, name: str, organization: str, language: str, reference: str) -> str:
        """Make a child of this account's own e-mail address (with the child's name after a plus) and of a password that
        nobody knows, active at once. Returns its id; `reference` finds it again after `Unclear`.
        """
        account = account_name(name)
        new = NewChild(
            name=account,
            email=self._address(account),
            password=password(),
            language=language,
            first_name=organization[:49],
            reference=reference,
        )
        return self.add_subaccount(new).external_id

    @speaks("CloneAccount", Repeat.NEVER, settle="GetChildrenAccounts by the new name, which only one account can have")
    def clone_subaccount(self, external_id: str, new: NewChild) -> ResourceRecord:
        """Make a child like another one: users, scenarios, applications, queues, roles. `fields` has them all, and
        nothing secret. Raises as `add_subaccount`. (voximplant.yaml: CloneAccount)
        """
        if not _NAME.match(new.name):
            raise refused_here("invalid-name", "name")
        fields = {
            "account_id": external_id,
            "parent_account_api_key": self._parent().get("parent_account_api_key"),
            "new_account_name": new.name,
            "new_account_email": new.email,
            "new_account_password": new.password,
            "language_code": new.language or None,
            "location": new.time_zone or None,
            "account_custom_data": new.reference or None,
            "account_first_name": new.first_name or None,
            "account_last_name": new.last_name or None,
        }
        return self.call("CloneAccount", fields, then=lambda tree: self.resource(values.one(tree), _CLONED))

    @speaks("SetChildAccountInfo", Repeat.SAFE, settle="the same values set twice are the same; GetChildrenAccounts")
    def update_subaccount(self, external_id: str, changes: dict) -> None:
        """Change a child: `status` (enabled, disabled) or anything of `CHILD`. Its name, organization and reference are
        only the child's own to change. Raises `NotFound`, `Rejected`. (voximplant.yaml: SetChildAccountInfo)
        """
        status = changes.get("status")
        if status is not None:
            if status not in STATUSES:
                raise refused_here("invalid-choice", "status")
            changes = {name: value for name, value in changes.items() if name != "status"}
            changes["active"] = STATUSES[status]
        fields = {"child_account_id": external_id, **profile_fields(changes, CHILD)}
        self.command("SetChildAccountInfo", fields, meaning=_CHILD)

    def add_subaccount_numbers(self, external_id: str, number_ids: Iterable[str]) -> None:
        """A number stays with the account that rented it: there is no call that moves one."""
        raise Unsupported("Voximplant cannot move numbers between accounts", code="unsupported")

    def _child(self, row: dict, numbers: dict[str, list[str]] | None) -> SubaccountRecord:
        external_id = values.identity(row, "account_id")
        person = f"{values.text(row, 'account_first_name')} {values.text(row, 'account_last_name')}".strip()
        enabled = values.flag(row, "active") and not values.flag(row, "frozen")
        return SubaccountRecord(
            external_id=external_id,
            name=values.required(row, "account_name"),
            status="enabled" if enabled else "disabled",
            organization=values.text(row, "billing_address_name") or person,
            language=values.text(row, "language_code"),
            number_ids=None if numbers is None else tuple(numbers.get(external_id, ())),
            reference=values.text(row, "account_custom_data"),
            raw=self.raw(row),
        )

    def _numbers_by_child(self) -> dict[str, list[str]]:
        """Number ids by child. Rows of numbers do not say whose they are, so each child is asked."""
        found: dict[str, list[str]] = {}
        for rows in self.pages("GetChildrenAccounts", {"child_account_id": "all", "brief_output": True}):
            for row in rows:
                child = values.identity(self.row(row), "account_id")
                asked = {"child_account_id": child, "children_phones_only": True}
                pages = self.pages("GetPhoneNumbers", asked)
                found[child] = [values.identity(self.row(phone), "phone_id") for page in pages for phone in page]
        return found

    def _parent(self) -> dict[str, object]:
        """The document wants the parent named with its key; a signed token is thought to do as well."""
        named = {"parent_account_id": self.credentials.get("account_id")}
        if self.credentials.get("api_key"):
            named["parent_account_api_key"] = self.credentials["api_key"]
        return named

    def _address(self, name: str) -> str:
        row = self.call("GetAccountInfo", then=values.one)
        local, at, domain = values.required(row, "account_email").partition("@")
        if not at:
            raise values.unreadable("account_email", "an address")
        return f"{local.partition('+')[0]}+{name}@{domain}"


def account_name(name: str) -> str:
    """An account name made of what people call it; refused when too little of it can be written so."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:20].rstrip("-")
    if not _NAME.match(plain):
        raise refused_here("invalid-name", "name")
    return plain


def password() -> str:
    """A password of all four kinds of characters that nobody will type."""
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "!#%*-_+")
    return "".join(secrets.choice(kinds[place % 4]) for place in range(32))


def _made(tree: dict) -> MadeChild:
    return MadeChild(
        external_id=values.identity(tree, "account_id"),
        active=bool(values.flag(tree, "active")),
        api_key=values.text(tree, "api_key"),
    )
