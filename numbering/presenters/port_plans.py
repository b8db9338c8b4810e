"""What was prepared for the numbers of a port, part by part with its state and its way out."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.presenting import phone
from accounts.states import State, Tone, state
from numbering.models import EmergencyChange, NumberChange, PortPlan, PortRequest
from numbering.presenters.settings import delay
from providers.models import Operation

E = EmergencyChange.State
OF_911 = {
    E.CHECKING: Tone.WORKING, E.ALTERNATES: Tone.WAITING, E.PROVISIONED: Tone.FINE, E.DIFFERS: Tone.FAILED,
    E.FAILED: Tone.FAILED, E.UNKNOWN: Tone.UNKNOWN, E.REMOVED: Tone.HELD,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is set: what, in which state, and where it is mended."""

    title: str
    value: str
    state: State
    url: str = ""

    @property
    def under_way(self) -> bool:
        return self.state.tone == Tone.WORKING


@dataclass(frozen=True, slots=True)
class Plan:
    """A number with what was prepared for it; `retry` where something was refused, `edit` while it can be changed."""

    pk: int
    number: str
    parts: list[Part]
    retry: bool
    edit: str
    is_waiting: bool


def plans_of(port: PortRequest, plans: list[PortPlan], *, may_change: bool, open_numbers: list[str]) -> list[Plan]:
    return [_plan(port, plan, may_change, plan.number in open_numbers) for plan in plans]


def _plan(port: PortRequest, plan: PortPlan, may_change: bool, is_open: bool) -> Plan:
    parts = [part for part in (_calls(plan), _texts(plan), _emergency(plan)) if part]
    failed = any(part.state.tone == Tone.FAILED for part in parts)
    change = f"{reverse('numbers:port_prepare', args=[port.public_id])}?number={plan.number.removeprefix('+')}"
    edit = change if may_change and is_open and plan.begun_at is None else ""
    return Plan(plan.pk, phone(plan.number), parts, may_change and failed, edit, plan.begun_at is None)


def is_set(plan: PortPlan) -> bool:
    """Whether the upstream has every setting as it was prepared."""
    return all(part is None or part.state.tone == Tone.FINE for part in (_calls(plan), _texts(plan)))


def _calls(plan: PortPlan) -> Part | None:
    said = [_to(plan.calls)] if plan.calls.get("forward_to") else []
    said += [_("voicemail")] if plan.calls.get("voicemail") else []
    said += [plan.calls["caller_id_name"]] if plan.calls.get("caller_id_name") else []
    return _setting(_("Calls"), said, plan, plan.calls_change) if plan.calls else None


def _to(calls: dict) -> str:
    to = _("to %(number)s") % {"number": phone(calls["forward_to"])}
    return f"{to}, {delay(calls['forward_after'])}" if calls.get("forward_after") else to


def _texts(plan: PortPlan) -> Part | None:
    said = [_("on")] if plan.texts.get("sms") else []
    said += [plan.texts["sms_email"]] if plan.texts.get("sms_email") else []
    said += (
        [_("to %(number)s") % {"number": phone(plan.texts["sms_forward_to"])}]
        if plan.texts.get("sms_forward_to")
        else []
    )
    said += [_("automatic reply")] if plan.texts.get("sms_autoreply") else []
    return _setting(_("Texts"), said, plan, plan.texts_change) if plan.texts else None


def _setting(title: str, said: list[str], plan: PortPlan, change: NumberChange | None) -> Part:
    url = reverse("numbers:detail", args=[change.number_id]) if change else ""
    return Part(title, " · ".join(said), _state_of(plan, change), url)


def _state_of(plan: PortPlan, change: NumberChange | None) -> State:
    if plan.begun_at is None:
        return _waits()
    if change is None or change.operation.state == Operation.State.DONE:
        return state(Tone.FINE, _("Done"))
    if change.discarded_at:
        return state(Tone.HELD, _("Changed since"))
    if change.operation.is_open:
        return state(Tone.WORKING, _("Being set"))
    return state(Tone.FAILED, _("Not accepted"))


def _waits() -> State:
    return state(Tone.WAITING, _("When the number is here"))


def _emergency(plan: PortPlan) -> Part | None:
    if not plan.address:
        return None
    change = plan.emergency_change
    url = reverse("numbers:e911_number", args=[change.number_id]) if change else ""
    if change:
        shown = state(OF_911[E(change.state)], str(E(change.state).label))
    else:
        shown = _waits() if plan.begun_at is None else state(Tone.HELD, _("Not possible for this number"))
    return Part(_("911"), plan.place, shown, url)
