"""When a port will probably be done, from our own history with its losing carrier (row D15). Thin evidence says nothing."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from numbering import business_days
from numbering.models import PortRequest

ENOUGH, MOST = 5, 200  # finished ports that make a forecast, and how far back one looks
FASTEST = 2  # business days: the rule between Canadian carriers
OPEN = ("sent_to_staff", "approved_by_staff", "sent_to_provider")


@dataclass(frozen=True, slots=True)
class Forecast:
    first: date
    last: date
    count: int


def forecast(port: PortRequest) -> Forecast | None:
    """A range of days in which four of five earlier ports would have fallen; None once a date is told."""
    if port.status not in OPEN or port.firm_on or port.tentative_on or not port.current_provider:
        return None
    took = sorted(_durations(port))
    if len(took) < ENOUGH:
        return None
    low, high = took[len(took) // 10], took[-1 - len(took) // 10]
    began, region = timezone.localtime(port.created_at).date(), _region(port)
    first = business_days.after(began, max(low, FASTEST), region)
    last = business_days.after(began, max(high, FASTEST), region)
    today = timezone.localdate()
    if last <= today:
        return None  # it takes longer than any of them: what we know does not fit
    return Forecast(max(first, business_days.after(today, 1, region)), last, len(took))


def _region(port: PortRequest) -> str:
    return port.details.get("address", {}).get("region", "")


def _durations(port: PortRequest) -> list[int]:
    """Business days that finished ports from the same carrier took. Nothing else of them is looked at."""
    rows = PortRequest.objects.filter(
        connection__slug=port.connection.slug,
        status="completed",
        current_provider__iexact=port.current_provider.strip(),
    )
    spans = rows.exclude(firm_on=None).order_by("-firm_on").values_list("created_at", "firm_on")[:MOST]
    return [count for begun, done in spans if (count := _business_days(timezone.localtime(begun).date(), done)) > 0]


def _business_days(begun: date, done: date) -> int:
    return sum(
        business_days.is_business_day(date.fromordinal(n)) for n in range(begun.toordinal() + 1, done.toordinal() + 1)
    )
