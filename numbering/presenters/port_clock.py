"""How long a port may wait where it is, and when that is over (row D14)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.presenting import day
from numbering import business_days
from numbering.models import PortRequest

S = PortRequest.Status
# Business days after which silence in a state is no longer usual.
PATIENCE = {
    S.SENT_TO_STAFF: 2,
    S.MODIFIED_BY_STAFF: 2,
    S.APPROVED_BY_STAFF: 2,
    S.REJECTED_BY_STAFF: 1,
    S.REJECTED_BY_PROVIDER: 1,
    S.SENT_TO_PROVIDER: 5,
}


@dataclass(frozen=True, slots=True)
class Clock:
    text: str = ""
    late: bool = False


def due_on(port: PortRequest) -> date | None:
    """The day by which something should have happened, None where nothing has to."""
    if port.gone_at or port.status in PortRequest.CLOSED:
        return None
    if port.review_since:
        return _after(port, port.review_since, 2)
    if port.status == S.FIRM_CONFIRM:
        return port.firm_on
    if port.status == S.TENTATIVE_CONFIRM:
        return port.tentative_on
    if port.status not in PATIENCE:
        return None
    return _after(port, port.status_since, PATIENCE[S(port.status)])


def _after(port: PortRequest, moment, count: int) -> date:
    region = port.details.get("address", {}).get("region", "")
    return business_days.after(timezone.localtime(moment).date(), count, region)


def is_overdue(port: PortRequest, today: date | None = None) -> bool:
    due = due_on(port)
    slack = timedelta(days=1 if port.status == S.FIRM_CONFIRM else 0)  # a port day may last until its evening
    return due is not None and (today or timezone.localdate()) > due + slack


def clock_of(port: PortRequest) -> Clock:
    due = due_on(port)
    if due is None or port.status in (S.FIRM_CONFIRM, S.TENTATIVE_CONFIRM) and not is_overdue(port):
        return Clock()  # the date stands beside it already
    if is_overdue(port):
        return Clock(_("overdue since %(day)s") % {"day": day(due)}, late=True)
    return Clock(_("usually by %(day)s") % {"day": day(due)})
