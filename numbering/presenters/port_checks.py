"""What the upstream says about numbers that might be brought over."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.presenting import phone
from accounts.states import State, Tone, state
from providers.models import Operation


@dataclass(frozen=True, slots=True)
class Verdict:
    number: str
    state: State


@dataclass(frozen=True, slots=True)
class Check:
    """`public_id` while the answer is awaited; `note` in place of verdicts, or beside them."""

    public_id: str = ""
    verdicts: list[Verdict] = field(default_factory=list)
    note: str = ""

    @property
    def all_good(self) -> bool:
        return bool(self.verdicts) and all(one.state.tone == Tone.FINE for one in self.verdicts)


def check_of(operation: Operation) -> Check:
    upstream = {"upstream": operation.connection.label}
    if operation.is_open:
        slow = _("%(upstream)s has not answered yet. You can go on with the form.")
        return Check(str(operation.public_id), note=slow % upstream if operation.returned else "")
    if operation.state != Operation.State.DONE:
        text = _("%(upstream)s could not be asked. You can hand the request in all the same.")
        return Check(note=text % upstream)
    told = operation.result["portable"]
    verdicts = [Verdict(phone(number), _verdict(answer)) for number, answer in told.items()]
    return Check(verdicts=verdicts, note=_rest(operation.arguments))


def _verdict(answer: bool | None) -> State:
    if answer is None:
        return state(Tone.UNKNOWN, _("Not known"))
    return state(Tone.FINE, _("Can be brought over")) if answer else state(Tone.FAILED, _("Cannot be brought over"))


def _rest(arguments: dict) -> str:
    left = arguments.get("left_out", 0)
    text = ngettext("%(count)s more number was not asked about.", "%(count)s more numbers were not asked about.", left)
    return text % {"count": left} if left else ""


def none_to_ask() -> Check:
    return Check(note=_("Write the numbers first, then check them."))


def not_asked(why: str) -> Check:
    return Check(note=why)
