"""What our own staff do with ports: approve or reject what waits for them, and note the dates a carrier told (row D13)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor, audit
from numbering.models import PortEvent, PortRequest
from numbering.services.ports import hand_over, locked
from numbering.upstream import port_news


class NothingWaits(Exception):
    """Somebody else has approved or rejected it meanwhile."""


@transaction.atomic
def approve(actor: Actor, port: PortRequest) -> PortRequest:
    """Hand it to the upstream. Raises `NothingWaits`."""
    port = _waiting(port)
    since = port.review_since
    port.review_since = None
    port.save(update_fields=["review_since", "changed_at"])
    PortEvent.objects.create(port=port, kind="approved", actor_name=actor.name)
    audit(actor, "port.approved", str(port), account=port.account)
    return hand_over(actor, port, f"review:{port.pk}:{since.timestamp()}")


@transaction.atomic
def reject(actor: Actor, port: PortRequest, reason: str) -> PortRequest:
    """Give it back to the customer with a reason; upstream never hears of it. Raises `NothingWaits`."""
    port = _waiting(port)
    port.status, port.status_since = PortRequest.Status.REJECTED_BY_STAFF, timezone.now()
    port.review_since, port.rejection = None, reason
    port.version += 1
    port.save()
    event = PortEvent.objects.create(port=port, kind="status", status=port.status, text=reason, actor_name=actor.name)
    port_news.tell(port, [event])
    audit(actor, "port.rejected", str(port), account=port.account, after={"reason": reason})
    return port


def _waiting(port: PortRequest) -> PortRequest:
    port = locked(port)
    if port.review_since is None:
        raise NothingWaits
    return port


@transaction.atomic
def set_dates(actor: Actor, port: PortRequest, tentative_on: date | None, firm_on: date | None) -> PortRequest:
    """Note what a carrier told us on the telephone. What upstream tells later wins."""
    port = locked(port)
    before = {"tentative_on": str(port.tentative_on or ""), "firm_on": str(port.firm_on or "")}
    news = []
    for name, told in (("tentative_on", tentative_on), ("firm_on", firm_on)):
        if told and told != getattr(port, name):
            event = PortEvent(port=port, kind="dates", status=name, text=told.isoformat(), actor_name=actor.name)
            event.save()
            news.append(event)
        setattr(port, name, told)
    port.save(update_fields=["tentative_on", "firm_on", "changed_at"])
    port_news.tell(port, news)
    after = {"tentative_on": str(tentative_on or ""), "firm_on": str(firm_on or "")}
    audit(actor, "port.dates_set", str(port), account=port.account, before=before, after=after)
    return port
