"""Reading the inventory: its orders, pages that cost the same however many numbers there are, and what is being ported."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Account
from numbering.models import Number, PortRequest

# Each order, as the columns of an index of `Number`; the last one tells rows of a group apart.
ORDERS = {
    "": ("number",),
    "name": ("label", "number"),
    "city": ("city", "number"),
    "cost": ("cost_center", "number"),
    "newest": ("-pk",),
}
LATELY = timedelta(days=30)  # after a port; texts are up to two days late, and sometimes never follow
MOST_CHOICES = 200
_CITIES = """
    WITH RECURSIVE found(value) AS (
        SELECT (SELECT MIN(city) FROM numbers_number WHERE account_id = %s AND city > '')
        UNION ALL
        SELECT (SELECT MIN(city) FROM numbers_number WHERE account_id = %s AND city > found.value)
        FROM found WHERE found.value IS NOT NULL
    )
    SELECT value FROM found LIMIT %s"""
HOPS = {"city": _CITIES, "cost_center": _CITIES.replace("city", "cost_center")}  # from one value to the next
MOST_PORTS = 200  # under way at once that a list looks at


def page(rows: QuerySet[Number], order: str, anchor: Number | None, size: int) -> list[Number]:
    """So many numbers of `rows` that follow `anchor` in the order.

    Within a group (a city, a name) the index is entered at the anchor's number, and the groups after it are asked for apart:
    one condition for both would read a whole group, and half a million numbers may have no name.
    """
    columns = ORDERS[order]
    if anchor is None:
        return list(rows.order_by(*columns, "pk")[:size])
    if order == "newest":
        return list(rows.filter(pk__lt=anchor.pk).order_by("-pk")[:size])
    beyond = rows.filter(number__gte=anchor.number).exclude(number=anchor.number, pk__lte=anchor.pk)
    if len(columns) == 1:
        return list(beyond.order_by("number", "pk")[:size])
    group = columns[0]
    value = getattr(anchor, group)
    found = list(beyond.filter(**{group: value}).order_by("number", "pk")[:size])
    if len(found) < size:
        rest = rows.filter(**{f"{group}__gt": value}).order_by(*columns, "pk")
        found += rest[: size - len(found)]
    return found


def page_together(rows: QuerySet[Number], order: str, anchor: Number | None, size: int) -> list[Number]:
    """The same over several accounts, one after the other: an index has its order within an account, so the rest of the
    anchor's account comes first and then those that follow it."""
    keys = ("account_id", *ORDERS[order], "pk")
    if anchor is None:
        return list(rows.order_by(*keys)[:size])
    found = page(rows.filter(account=anchor.account_id), order, anchor, size)
    if len(found) < size:
        found += rows.filter(account__gt=anchor.account_id).order_by(*keys)[: size - len(found)]
    return found


def anchor_of(accounts: Iterable[int], pk: int | None) -> Number | None:
    """The last row of the page before, if it is one of these accounts'."""
    if not pk:
        return None
    columns = Number.objects.filter(account__in=list(accounts))
    columns = columns.only("account_id", "number", "label", "city", "cost_center")
    return columns.filter(pk=pk).first()


def choices_of(account: Account, column: str) -> list[str]:
    """The values that stand in a column, hopping through its index from one to the next instead of reading every number."""
    with connection.cursor() as cursor:
        cursor.execute(HOPS[column], [account.pk, account.pk, MOST_CHOICES])
        return [value for (value,) in cursor.fetchall() if value]


# --- ports -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Porting:
    """What the account's port requests say of its numbers: those under way, and those that ended lately. A draft moves
    nothing yet."""

    ports: tuple[PortRequest, ...] = ()
    landed: tuple[PortRequest, ...] = ()

    @classmethod
    def of(cls, account: Account) -> "Porting":
        return cls.of_many([account.pk])

    @classmethod
    def of_many(cls, accounts: Iterable[int]) -> "Porting":
        """Of several accounts, by their ids."""
        mine = PortRequest.objects.filter(account__in=list(accounts), gone_at=None)
        mine = mine.select_related("connection").defer("raw", "details").order_by("-created_at", "-pk")
        done = Q(status=PortRequest.Status.COMPLETED, status_since__gt=timezone.now() - LATELY)
        closed = [status for status in PortRequest.CLOSED if status != PortRequest.Status.COMPLETED]
        rows = mine.exclude(status__in=[PortRequest.Status.NOT_READY, *closed])
        found = list(rows.filter(done | ~Q(status=PortRequest.Status.COMPLETED))[:MOST_PORTS])
        ended = [port for port in found if port.status == PortRequest.Status.COMPLETED]
        return cls(tuple(port for port in found if port not in ended), tuple(ended))

    def port_of(self, number: Number) -> PortRequest | None:
        return next((port for port in self.ports if number.number in port.numbers), None)

    def landed_with(self, number: Number) -> PortRequest | None:
        """The port that brought it lately to the upstream that has it now."""
        return next((port for port in self.landed if _brought(port, number)), None)

    def texts_unproved(self, number: Number) -> bool:
        """Its calls came over with a port; no text has come in since."""
        return number.sms and number.texted_at is None and self.landed_with(number) is not None

    def leaving(self) -> Q:
        """Numbers that another connection of the account is bringing over."""
        found = Q(pk=None)
        for port in self.ports:
            found |= Q(number__in=port.numbers) & ~Q(connection=port.connection_id)
        return found

    def arriving(self) -> list[tuple[str, PortRequest]]:
        return [(number, port) for port in self.ports for number in port.numbers]


def _brought(port: PortRequest, number: Number) -> bool:
    return port.connection_id == number.connection_id and number.number in port.numbers
