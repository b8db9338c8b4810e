"""A worker sets what was prepared for a number as soon as its port has brought it here (row D16)."""

import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.actor import Actor
from accounts.suspension import is_suspended
from numbering.models import Number, NumberChange, PortPlan
from numbering.models.numbers import NO_PLACE
from numbering.services import emergency, numbers
from numbering.services.intents import Busy
from numbering.services.port_plans import GIVEN_UP, number_of
from providers.clients.base import Capability
from providers.mirroring import digest_of

AT_ONCE = 100
_OF_PLANS = uuid.UUID("0f4a3a0e-6f0c-4d2e-9f5e-9a4f3f7c1b52")  # a plan and this make the intent of its 911 address


def due() -> list[int]:
    """Plans whose number is here."""
    here = Number.objects.present().filter(
        number=OuterRef("number"), account=OuterRef("port__account"), connection=OuterRef("port__connection"),
        status=Number.Status.ACTIVE,
    )  # fmt: skip
    rows = PortPlan.objects.filter(Exists(here), begun_at=None).exclude(port__status__in=GIVEN_UP)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def begin(pk: int) -> bool:
    """Ask for each part once: the plan is locked, and its parts and their operations are one transaction."""
    plans = PortPlan.objects.select_for_update(of=("self",))
    plans = plans.select_related("port__account", "port__connection", "user", "place_by")
    plan = plans.filter(pk=pk, begun_at=None).first()
    number = number_of(plan) if plan else None
    if number is None:
        return False
    actor = Actor(user=plan.user, account=plan.port.account, ip=plan.ip, name=str(plan.user))
    try:
        if plan.address and number.connection.can(Capability.E911) and number.kind not in NO_PLACE:
            intent = str(uuid.uuid5(_OF_PLANS, f"{plan.pk}:{plan.version}"))
            plan.emergency_change = emergency.ask_for_address(_chooser(plan, actor), number, plan.address, intent)
    except Busy:
        return False  # somebody is at its address this moment: with the next look
    if is_suspended(plan.port.account):
        plan.save(update_fields=["emergency_change"])
        return False  # where help must come is said at once; the rest when the account is resumed
    plan.calls_change = _ask(actor, number, plan, "calls")
    plan.texts_change = _ask(actor, number, plan, "texts")
    plan.begun_at = timezone.now()
    plan.save(update_fields=["emergency_change", "calls_change", "texts_change", "begun_at"])
    return True


def _chooser(plan: PortPlan, actor: Actor) -> Actor:
    """Who chose the 911 address: a colleague who may not may have changed the rest of the plan since."""
    if plan.place_by is None or plan.place_by == plan.user:
        return actor
    return Actor(user=plan.place_by, account=actor.account, name=str(plan.place_by))


def _ask(actor: Actor, number: Number, plan: PortPlan, part: str) -> NumberChange | None:
    """Calls and texts apart: texting often works days later, and its refusal must not hold the calls back."""
    wanted = getattr(plan, part)
    number = Number.objects.select_for_update(of=("self",)).select_related("connection").get(pk=number.pk)
    key, form = f"port-plan:{plan.pk}:{plan.version}:{part}", digest_of({"plan": plan.pk, **wanted})
    return numbers.ask_for(actor, number, numbers.overlay(number), wanted, key=key, form=form) if wanted else None
