"""Preparing numbers before their port day: what a person wants set is kept here until the number has come (row D16)."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.suspension import check as check_suspension
from numbering.models import EmergencyChange, EmergencyPlace, Number, PortPlan, PortRequest
from numbering.services import emergency, emergency_terms
from numbering.services.intents import fingerprint
from numbering.services.ports import Stale
from providers import operations
from providers.clients.base import Capability
from providers.clients.records import NUMBER_SETTINGS
from providers.models import Connection

FAILED = (EmergencyChange.State.FAILED, EmergencyChange.State.DIFFERS)
GIVEN_UP = ("rejected_by_client", "cancelled_by_client", "expired")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for each of its numbers; where all is empty, nothing is prepared for them any more.

    `keeps_place` where the form did not ask for a 911 address, or may not: then each number's stays as it is.
    """

    calls: dict = field(default_factory=dict)
    texts: dict = field(default_factory=dict)
    place: EmergencyPlace | None = None
    keeps_place: bool = False

    def is_empty(self, plan: PortPlan | None) -> bool:
        return not (self.calls or self.texts or self.place or (self.keeps_place and plan and plan.address))


def settable_names(connection: Connection) -> frozenset[str]:
    """The settings that numbers have at this upstream, as one of them shows; all that we know where it has none yet."""
    if not connection.can(Capability.NUMBER_SETTINGS):
        return frozenset()
    shown = Number.objects.filter(connection=connection).exclude(settings={}).values_list("settings", flat=True)
    return frozenset(shown.order_by("-pk").first() or NUMBER_SETTINGS)


def plans_of(port: PortRequest) -> list[PortPlan]:
    rows = port.plans.select_related(
        "calls_change__operation", "texts_change__operation", "emergency_change__operation"
    )
    return list(rows)


def to_prepare(port: PortRequest) -> list[str]:
    """Its numbers that have not come yet. What is here is set on its own page."""
    if port.gone_at or port.status in (*GIVEN_UP, PortRequest.Status.NOT_READY):
        return []
    here = Number.objects.present().filter(connection=port.connection_id, number__in=port.numbers)
    come = set(here.values_list("number", flat=True))
    return [number for number in port.numbers if number not in come]


def version_of(plans: list[PortPlan]) -> str:
    """What a form was made from."""
    return fingerprint([(plan.number, plan.version) for plan in plans])


@transaction.atomic
def prepare(actor: Actor, port: PortRequest, numbers: list[str], wish: Wish, version: str) -> None:
    """Keep the wish for each of these numbers. Raises `Stale` when somebody else prepared something meanwhile."""
    port = PortRequest.objects.select_for_update(of=("self",)).get(pk=port.pk)
    plans = {plan.number: plan for plan in port.plans.all()}
    if all(_says(plans.get(number), wish) for number in numbers):
        return
    if version_of(list(plans.values())) != version:
        raise Stale
    if wish.calls or wish.texts:
        check_suspension(actor)
    for number in numbers:
        _write(actor, port, number, plans.get(number), wish)
    after = {"numbers": numbers, **wish.calls, **wish.texts}
    if not wish.keeps_place:
        after["911"] = wish.place.label if wish.place else ""
    audit(actor, "port.prepared", str(port), after=after)


def _says(plan: PortPlan | None, wish: Wish) -> bool:
    if plan is None:
        return wish.is_empty(None)
    same_place = wish.keeps_place or plan.address == (wish.place.address if wish.place else {})
    return same_place and (plan.calls, plan.texts) == (wish.calls, wish.texts)


def _write(actor: Actor, port: PortRequest, number: str, plan: PortPlan | None, wish: Wish) -> None:
    if plan and (plan.begun_at or _says(plan, wish)):
        return
    if wish.is_empty(plan):
        if plan:
            plan.delete()
        return
    plan = plan or PortPlan(port=port, number=number, version=0)
    plan.calls, plan.texts = wish.calls, wish.texts
    if not wish.keeps_place:
        plan.place, plan.address = (wish.place.label, wish.place.address) if wish.place else ("", {})
        plan.terms_version = emergency_terms.TERMS_VERSION if wish.place else ""
        plan.place_by = actor.user if wish.place else None
    plan.user, plan.ip, plan.changed_at = actor.user, actor.ip, timezone.now()
    plan.version += 1
    plan.save()


@transaction.atomic
def try_again(actor: Actor, plan: PortPlan, intent: str, *, with_911: bool) -> bool:
    """Ask once more for what was refused of a plan; `with_911` where the person may change that. False where nothing was.
    Raises `Busy`, `IntentUsed`."""
    changes = [change for change in (plan.calls_change, plan.texts_change) if change and not change.discarded_at]
    queued = [change for change in changes if operations.retry(change.operation, actor.name, actor.asker)]
    asked = plan.emergency_change
    if with_911 and asked and asked.state in FAILED and (number := number_of(plan)):
        plan.emergency_change = emergency.ask_for_address(actor, number, plan.address, intent)
        plan.save(update_fields=["emergency_change"])
        queued.append(plan.emergency_change)
    if queued:
        audit(actor, "port.prepared_again", str(plan.port), after={"number": plan.number})
    return bool(queued)


def number_of(plan: PortPlan) -> Number | None:
    """The number once it is here, on the account that ported it and over the same connection."""
    rows = Number.objects.present().filter(account=plan.port.account_id, connection=plan.port.connection_id)
    return rows.filter(number=plan.number, status=Number.Status.ACTIVE).select_related("connection", "account").first()
