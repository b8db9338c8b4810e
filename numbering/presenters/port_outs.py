"""How a number is guarded against being ported away, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.presenting import when
from accounts.states import State, Tone, state
from numbering.models import PortOutPin
from providers.causes import explain
from providers.models import Operation


@dataclass(frozen=True, slots=True)
class Guard:
    """Where the PIN stands; `busy` while an answer is awaited."""

    state: State
    note: str = ""
    busy: bool = False


def guard_of(pin: PortOutPin | None, upstream: str) -> Guard:
    if pin is None:
        return Guard(state(Tone.WAITING, _("Not set here")))
    said = {"name": pin.actor_name, "at": when(pin.created_at), "upstream": upstream}
    operation = pin.operation
    if operation.is_open:
        return Guard(
            state(Tone.WORKING, _("Being set")), _("Waiting for %(upstream)s. You can leave this page.") % said, True
        )
    if operation.state == Operation.State.DONE:
        return Guard(
            state(Tone.FINE, _("Set")),
            _("Set by %(name)s, %(at)s. %(upstream)s took it, and shows it to nobody.") % said,
        )
    if operation.state == Operation.State.PARKED:
        note = _("Nobody knows whether %(upstream)s took it. Set it once more to be sure.") % said
        return Guard(state(Tone.UNKNOWN, _("Not known")), note)
    cause = next((problem.get("cause", "") for problem in operation.problems), "")
    return Guard(state(Tone.FAILED, _("Not accepted")), str(explain(cause, upstream)) if cause else "")
