"""A day and a clock as a person gives them, as a moment: also in the nights in which the clock is changed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext as _


class Skipped(ValueError):
    """The clock is put forward over this time that night; `instead` is the first one that exists."""

    def __init__(self, instead: datetime):
        super().__init__(f"does not exist, but {instead:%H:%M} does")
        self.instead = instead


@dataclass(frozen=True, slots=True)
class Moment:
    """`twice` where the clock shows this time two times that night; `at` is the first of them."""

    at: datetime
    twice: bool = False


def moment_of(day: date, clock: time, zone: tzinfo) -> Moment:
    """Raises `Skipped`."""
    first, second = (datetime.combine(day, clock, zone).replace(fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return Moment(first.astimezone(UTC))
    if first.utcoffset() > second.utcoffset():
        return Moment(first.astimezone(UTC), twice=True)
    raise Skipped(_after_gap(first, zone))


def _after_gap(local: datetime, zone: tzinfo) -> datetime:
    """The first minute that the clock shows after the gap in which `local` falls."""
    # Read with the offset from before the gap it lies behind it, so walking back meets the gap's end.
    moment = local.astimezone(UTC)
    while (earlier := moment - timedelta(minutes=1)).astimezone(zone).utcoffset() == moment.astimezone(
        zone
    ).utcoffset():
        moment = earlier
    return moment.astimezone(zone)


def zone_name(zone: tzinfo) -> str:
    """What people call a zone: its city."""
    return str(zone).rpartition("/")[2].replace("_", " ") if "/" in str(zone) else _("UTC")
