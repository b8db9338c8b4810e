"""All texts of a stretch of days that did not go out, sent again: counted first, and never twice."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Account
from messaging import services
from messaging.models import Message
from numbering.services.intents import IntentUsed

AT_ONCE = 200  # in one request; the page says how many are left
LOOKED_AT = 2000  # those that cannot go out do not hold up the others
MAY_HAVE_GONE = Q(state=Message.State.PARKED) | Q(was_unknown=True)


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last of them, in the person's time zone."""

    since: date
    until: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return _midnight(self.since), _midnight(self.until + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def failed_in(account: Account, days: Days) -> QuerySet[Message]:
    since, until = days.moments
    return Message.objects.for_account(account).shown().failed().filter(at__gte=since, at__lt=until)


def count(account: Account, days: Days) -> dict[str, int]:
    """`sure` never went out; `unsure` may have, so that a second one may arrive."""
    return failed_in(account, days).aggregate(
        sure=Count("pk", filter=~MAY_HAVE_GONE), unsure=Count("pk", filter=MAY_HAVE_GONE)
    )


@dataclass(slots=True)
class Outcome:
    sent: int = 0
    refused: int = 0
    left: int = 0


def retry(actor: Actor, account: Account, days: Days, *, unsure_too: bool = False) -> Outcome:
    """Oldest first, as many as go into one request. Asked twice it sends each text once: a try has one key."""
    rows = failed_in(account, days)
    if not unsure_too:
        rows = rows.exclude(MAY_HAVE_GONE)
    outcome = Outcome()
    for message in rows.order_by("at", "pk")[:LOOKED_AT]:
        if outcome.sent >= AT_ONCE:
            break
        try:
            services.retry_message(actor, message, key=f"retry:{message.public_id}", confirmed=unsure_too)
        except (services.CannotSend, services.MayHaveGone, IntentUsed):
            outcome.refused += 1
        else:
            outcome.sent += 1
    outcome.left = max(0, rows.count() - outcome.refused) if outcome.sent >= AT_ONCE else 0
    return outcome
