"""What of a port changes by itself while its page is open: state, dates, what was prepared, checklist, timeline."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.roles import May
from accounts.sources import Sources
from numbering import port_day
from numbering.models import PortPlan, PortRequest
from numbering.presenters import port_clock, port_facts, port_plans, port_talk
from numbering.presenters import port_day as port_day_presenters
from numbering.presenters import ports as presenters
from numbering.presenters.port_timeline import timeline_of
from numbering.services import port_history
from numbering.services import port_plans as plan_services
from numbering.services.intents import new_intent

SOON, SLOWLY = 2, 30  # seconds between two looks


def state_of(request: HttpRequest, row: PortRequest) -> dict:
    """Everything that the fragment shows."""
    plans = plan_services.plans_of(row)
    prepared = _prepared(request, row, plans)
    with_checklist = row.status in port_day_presenters.SHOWN_IN and not row.gone_at
    return {
        "port": row,
        "banner": presenters.banner_of(row, request.standing.may(May.CHANGE_PORTS)),
        "waiting_on": presenters.waiting_on(row),
        "since": presenters.ago(row.review_since or row.status_since),
        "clock": port_clock.clock_of(row),
        "wishes": port_talk.wishes_of(row),
        "checklist": port_day_presenters.checklist_of(row, port_day.signs_of(row), plans) if with_checklist else [],
        "dates": port_facts.dates_of(row, port_history.forecast(row)),
        "timeline": timeline_of(list(row.events.all()[:100])),
        "freshness": Sources.of_one(row.connection, "ports").lines(),
        **prepared,
        "poll": _poll(row, prepared["plans"]),
    }


def _prepared(request: HttpRequest, row: PortRequest, plans: list[PortPlan]) -> dict:
    may_change = request.standing.may(May.CHANGE_PORTS)
    left = plan_services.to_prepare(row)
    return {
        "plans": port_plans.plans_of(row, plans, may_change=may_change, open_numbers=left),
        "prepare_url": reverse("numbers:port_prepare", args=[row.public_id]) if may_change and left else "",
        "plans_intent": new_intent(),
    }


def _poll(row: PortRequest, plans: list[port_plans.Plan]) -> int:
    """How many seconds until the page looks again, 0 where nothing changes by itself any more."""
    if row.operation and row.operation.is_open or any(part.under_way for plan in plans for part in plan.parts):
        return SOON
    waits = any(plan.is_waiting for plan in plans)
    return SLOWLY if waits or row.status not in PortRequest.CLOSED else 0
