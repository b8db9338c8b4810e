"""Who a text may come from: a number that can text, or a name where the upstream sends under names."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from accounts.models import Account
from messaging import segments
from messaging.models import SenderName
from numbering.models import Number
from providers.clients.base import Capability
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

    @property
    def longest(self) -> int:
        """UTF-16 units of one text that its upstream takes."""
        return min(self.connection.client_class.longest_text, segments.LONGEST)


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


@dataclass(frozen=True, slots=True)
class OurSide:
    """What one of our numbers or names is called, and which connection it is at."""

    label: str
    connection: int


def our_sides(account: Account, numbers: Iterable[str]) -> dict[str, OurSide]:
    """By number or name, in one question and, where there are names, another. A number that moved is where it is now."""
    wanted = set(numbers)
    rows = Number.objects.for_account(account).filter(number__in=wanted)
    gone_first = rows.order_by(F("gone_at").desc(nulls_last=True), "pk")
    found = {ours: OurSide(label, pk) for ours, label, pk in gone_first.values_list("number", "label", "connection")}
    if names := {ours for ours in wanted if not ours.startswith("+")}:
        known = SenderName.objects.for_account(account).filter(name__in=names)
        found |= {name: OurSide("", pk) for name, pk in known.values_list("name", "connection")}
    return found


def _numbers(account: Account):
    rows = Number.objects.for_account(account).can_text().filter(connection__is_active=True)
    return rows.select_related("connection")


def _names(account: Account):
    return SenderName.objects.for_account(account).filter(connection__is_active=True).select_related("connection")


def _of_number(row: Number) -> Sender:
    return Sender(row.number, row.label, row.connection, row.mms and row.connection.can(Capability.SEND_MMS), row)


def _of_name(row: SenderName) -> Sender:
    return Sender(row.name, row.connection.label, row.connection)
