"""How long a row of the outbox waits for its next step."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from providers.clients.errors import Unreachable, UpstreamError
from providers.models import Outgoing

BACK_OFF = (2, 5, 15, 30, 60, 120, 300)  # seconds
LONGEST_ABSENCE = 30  # seconds between tries while nobody answers: the breaker spares the upstream, the row need not
NO_END = ("deadline", "worker_lost")  # nobody heard an end of the call: the upstream may be at it still


def before_next_try(row: Outgoing, error: UpstreamError) -> float:
    """Seconds until the next try: what the error says, else ever longer; but soon after an upstream is back."""
    if error.retry_at:
        return max(1.0, (error.retry_at - timezone.now()).total_seconds())
    seconds = BACK_OFF[min(row.returned, len(BACK_OFF) - 1)]
    return min(seconds, LONGEST_ABSENCE) if isinstance(error, Unreachable) else seconds


def last_look_at(row: Outgoing) -> datetime:
    """When the log has had its time; and where nobody heard an end of the call, as long again as we waited for one.

    A slow upstream goes on with what we gave up: absent at the deadline, and carried out half a minute later.
    """
    lag = timedelta(seconds=settings.UPSTREAM_LOG_LAG)
    due = timezone.now() + lag
    if row.error_code in NO_END and row.claimed_at:
        due = max(due, row.claimed_at + 2 * timedelta(seconds=settings.UPSTREAM_DEADLINE) + lag)
    return due
