"""Where a list goes on: a place in it as text for a link, and back. By key, so page 1,000 costs what page 1 does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Just after the row with this moment and id, going back in time."""

    at: datetime
    pk: int

    def __str__(self):
        return f"{stamp(self.at)}-{self.pk}"


def stamp(moment: datetime) -> int:
    """Microseconds since 1970: exact where a float is not."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(number: int) -> datetime:
    return _EPOCH + timedelta(microseconds=number)


def read_place(text: str) -> Place | None:
    """A place from a link; anything else is the beginning."""
    try:
        at, pk = text.split("-")
        return Place(moment(int(at)), int(pk))
    except (ValueError, OverflowError):
        return None


def older(rows: QuerySet, field: str, place: Place | None) -> QuerySet:
    """Rows before a place, newest first."""
    rows = rows.order_by(f"-{field}", "-pk")
    if place is None:
        return rows
    return rows.filter(Q(**{f"{field}__lt": place.at}) | Q(**{field: place.at, "pk__lt": place.pk}))
