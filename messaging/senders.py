"""Who a text may come from: a number that can text, or a name where the upstream sends under names."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Account
from messaging.models import SenderName
from numbering.models import Number
from providers.models import Connection


@dataclass(frozen=True, slots=True)
class Sender:
    """`number` is E.164, or the name that is shown in its place: nobody can answer to a name."""

    number: str
    label: str
    connection: Connection
    mms: bool = False
    line: Number | None = None  # None for a name

    @property
    def is_name(self) -> bool:
        return self.line is None

    @property
    def reaches_abroad(self) -> bool:
        return self.connection.client_class.texts_abroad


def senders(account: Account) -> list[Sender]:
    """Every sender that may be offered, by name and number."""
    found = [_of_number(row) for row in _numbers(account)] + [_of_name(row) for row in _names(account)]
    return sorted(found, key=lambda sender: (sender.label.casefold(), sender.number))


def sender(account: Account, number: str) -> Sender | None:
    """The one of that number or name, or None when it may not be used (any more)."""
    for row in _numbers(account).filter(number=number)[:1]:
        return _of_number(row)
    for row in _names(account).filter(name=number)[:1]:
        return _of_name(row)
    return None


def may_still_send(account_id: int, connection: Connection, number: str) -> bool:
    """Whether a text that has waited may still go out from there."""
    lines = Number.objects.for_account(account_id).can_text().filter(connection=connection, number=number)
    names = SenderName.objects.for_account(account_id).filter(connection=connection, name=number)
    return lines.exists() or names.exists()


def names_among(account: Account, numbers: Iterable[str]) -> set[str]:
    return set(SenderName.objects.for_account(account).filter(name__in=numbers).values_list("name", flat=True))


def _numbers(account: Account):
    rows = Number.objects.for_account(account).can_text().filter(connection__is_active=True)
    return rows.select_related("connection")


def _names(account: Account):
    return SenderName.objects.for_account(account).filter(connection__is_active=True).select_related("connection")


def _of_number(row: Number) -> Sender:
    return Sender(row.number, row.label, row.connection, mms=row.mms, line=row)


def _of_name(row: SenderName) -> Sender:
    return Sender(row.name, row.connection.label, row.connection)
