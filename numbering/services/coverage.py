"""Which numbers of an account have a 911 address: the figure, and the list with the gaps first.

Some upstreams keep no 911 addresses that they would tell. Their numbers count for themselves: neither covered, nor a gap
that a form could close. The list is three ranges one after the other, numbers without an address, those of which nobody
here can know, and those with one, each in the order of the numbers, so that a page costs the same wherever it is.
"""

import re
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value

from accounts.models import Account
from numbering.models import EmergencyChange, EmergencyEndpoint, Number, NumberQuerySet

PAGE = 50
MOST_TO_COPY = 100
_POSITION = re.compile(r"(gaps|elsewhere|covered|attention):(\+\d{5,15})", re.ASCII)
GAPS, ELSEWHERE, COVERED = PARTS = ("gaps", "elsewhere", "covered")
WAITING = "attention"  # asked for alone: these numbers are in one of the parts too
ATTENTION = (EmergencyChange.State.ALTERNATES, *EmergencyChange.DOUBTS)


class Counted:
    """Anything with numbers counted in `total`, of which `covered` have an address in force."""

    __slots__ = ()
    total: int
    covered: int

    @property
    def gaps(self) -> int:
        return self.total - self.covered

    @property
    def percent(self) -> int:
        """Rounded down: a hundred means all."""
        return self.covered * 100 // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Coverage(Counted):
    """Of the numbers that can call and whose upstream keeps addresses, how many have one in force; how many changes wait
    for a person; and how many numbers are elsewhere, where nobody here can know."""

    total: int
    covered: int
    attention: int
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    number: Number
    endpoint: EmergencyEndpoint | None
    change: EmergencyChange | None


def callable_numbers(account: Account) -> NumberQuerySet:
    """Numbers from which a call can be made, so that 911 must know where they are."""
    return Number.objects.for_account(account).can_call()


def in_force() -> Exists:
    """An address in force at the upstream that carries the number; one where it was before says nothing."""
    endpoints = EmergencyEndpoint.objects.filter(account=OuterRef("account"), number=OuterRef("number"))
    return Exists(endpoints.filter(connection=OuterRef("connection"), gone_at=None, provisioned=True))


def waiting_for_a_person(account: Account) -> NumberQuerySet:
    """Numbers whose newest wish has to be chosen or checked."""
    return callable_numbers(account).with_911_kept().filter(pk__in=open_wishes([account.pk]).values("number"))


def open_wishes(accounts: list[int]) -> QuerySet[EmergencyChange]:
    """The newest wishes of an account for a number that wait for a person: there are few of them."""
    newer = EmergencyChange.objects.filter(
        number=OuterRef("number"), account=OuterRef("account"), pk__gt=OuterRef("pk")
    )
    return EmergencyChange.objects.filter(account__in=accounts, state__in=ATTENTION).exclude(Exists(newer))


def page(
    account: Account, *, search: str = "", only: str = "", after: str = "", regions: list[str] | None = None
) -> tuple[list[Line], str]:
    """A page of lines, and where the next one starts ("" at the end)."""
    position = _POSITION.fullmatch(after)
    part, number = position.groups() if position else ("", "")
    parts = [only] if only in (*PARTS, WAITING) else PARTS
    found: list[Number] = []
    for name in parts:
        if part in PARTS and name in PARTS and PARTS.index(name) < PARTS.index(part):
            continue
        rows = _part(account, name, search)
        rows = rows if regions is None else rows.filter(region__in=regions)
        rows = rows.filter(number__gt=number) if part == name else rows
        found += rows.order_by("number")[: PAGE + 1 - len(found)]
        if len(found) > PAGE:
            return _lines(account, found[:PAGE]), _position(found[PAGE - 1])
    return _lines(account, found), ""


def _part(account: Account, name: str, search: str) -> NumberQuerySet:
    rows = callable_numbers(account).select_related("connection").annotate(part=Value(name))
    if name == ELSEWHERE:
        rows = rows.with_911_elsewhere()
    elif name == WAITING:
        rows = rows.with_911_kept().filter(pk__in=open_wishes([account.pk]).values("number"))
    else:
        rows = rows.with_911_kept().annotate(has_address=in_force()).filter(has_address=name == COVERED)
    return rows.search(search, account.country) if search else rows


def _position(number: Number) -> str:
    return f"{number.part}:{number.number}"


def _lines(account: Account, numbers: list[Number]) -> list[Line]:
    found = _endpoints(account, [number.number for number in numbers])
    endpoints = {(row.connection_id, row.number): row for row in found}
    mine = EmergencyChange.objects.filter(account=account)
    newest = mine.filter(number=OuterRef("number")).order_by("-id").values("pk")[:1]
    changes = mine.filter(number__in=numbers, pk=Subquery(newest)).select_related("operation")
    by_number = {change.number_id: change for change in changes}
    return [Line(number, endpoints.get(_key(number)), by_number.get(number.pk)) for number in numbers]


def _key(number: Number) -> tuple[int, str]:
    return number.connection_id, number.number


def _endpoints(account: Account, numbers: list[str]):
    return (
        EmergencyEndpoint.objects.for_account(account).filter(number__in=numbers, gone_at=None).order_by("confirmed_at")
    )


def addresses_to_copy(account: Account, but: Number) -> list[EmergencyEndpoint]:
    """Addresses of other numbers, for taking one over; so many as a person can choose among."""
    rows = EmergencyEndpoint.objects.for_account(account).filter(gone_at=None).exclude(number=but.number)
    return list(rows.order_by("number")[:MOST_TO_COPY])
