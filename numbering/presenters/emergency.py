"""911 for people: one state per number, what happened and what to do, and the coverage list.

Green means one thing only: the address was read back, equal to what was asked, and is in force.
"""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.presenting import Fresh, ago, phone, when
from accounts.sources import Sources
from accounts.states import State, Tone, state
from numbering.models import EmergencyChange, EmergencyEndpoint, Number
from numbering.models.numbers import NO_PLACE
from numbering.presenters.addresses import Part, differences, one_line
from numbering.upstream.emergency import IN_OTHER_WORDS
from numbering.upstream.places import agree
from providers.clients.base import Capability
from providers.models import Operation

Step = EmergencyChange.State
LOUD = {Step.DIFFERS, Step.UNKNOWN, Step.ALTERNATES}


def can_have_address(number: Number) -> bool:
    return number.voice and number.kind not in NO_PLACE


def keeps_addresses(number: Number) -> bool:
    """Whether the number's upstream takes 911 addresses and tells them; where it does not, nobody here can know."""
    return number.connection.can(Capability.E911)


def is_open(change: EmergencyChange | None) -> bool:
    """Whether a worker still has something to do for it, so that the page should look again."""
    return bool(change and change.operation and change.operation.is_open)


def emergency_state(number: Number, endpoint: EmergencyEndpoint | None, change: EmergencyChange | None) -> State:
    """The one state of a number's 911 address. `change` is the latest one."""
    if can_have_address(number) and not keeps_addresses(number):
        return state(Tone.UNKNOWN, _("Not known"))
    if change and (told := _of_change(change, endpoint)):
        return told
    if endpoint is None:
        return _without(number)
    if not endpoint.provisioned:
        return state(Tone.FAILED, _("Not in force"))
    if change and change.state == Step.PROVISIONED and not agree(change.wanted, endpoint.address):
        return state(Tone.FAILED, _("Differs from what you saved"))
    return state(Tone.FINE, _("Active"))


def _without(number: Number) -> State:
    if not can_have_address(number):
        return state(Tone.HELD, _("Not possible"))
    return state(Tone.FAILED, _("No 911 address"))


def _of_change(change: EmergencyChange, endpoint: EmergencyEndpoint | None) -> State | None:
    """What a change that is not settled says; None when the stored address decides."""
    if change.state == Step.CHECKING:
        return state(Tone.WORKING, _("Being removed") if change.removal else _("Being checked"))
    if change.state == Step.UNKNOWN:
        return state(Tone.UNKNOWN, _("Not known yet") if is_open(change) else _("Not known: call us"))
    if change.state == Step.ALTERNATES:
        return state(Tone.WAITING, _("Choose the right address"))
    if change.state == Step.DIFFERS:
        return state(Tone.FAILED, _("Still there") if change.removal else _("Saved, but not as asked"))
    if change.state == Step.FAILED and endpoint is None:
        return state(Tone.FAILED, _("Not accepted"))
    return None


def since(endpoint: EmergencyEndpoint | None, change: EmergencyChange | None) -> str:
    """What stands beside the state: how old the reading is, or since when something is under way."""
    if change and (change.state == Step.CHECKING or change.state in LOUD):
        return ago(change.created_at)
    if endpoint:
        return _("read back %(time)s") % {"time": ago(endpoint.confirmed_at)}
    return ""


# --- the page of one number -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to the latest change, what it means, and what to do."""

    tone: str
    title: str
    text: str
    differences: list[Part] = field(default_factory=list)


def story_of(number: Number, endpoint: EmergencyEndpoint | None, change: EmergencyChange | None) -> Story | None:
    """The banner of the page: None when the address below it says everything."""
    upstream = number.connection.label
    if can_have_address(number) and not keeps_addresses(number):
        return Story(Tone.UNKNOWN, elsewhere(upstream), ask_them())
    old = (
        _("Until then the old address stays in force.")
        if endpoint
        else _("Until then 911 does not know where you are.")
    )
    if change is None or change.state in {Step.PROVISIONED, Step.REMOVED}:
        return _quiet(number, endpoint, change, upstream)
    if change.state == Step.CHECKING:
        return Story(Tone.WORKING, _("Being checked"), " ".join((_waiting(change, upstream), old)))
    if change.state == Step.ALTERNATES:
        title = _("%(upstream)s does not know this address, but similar ones") % {"upstream": upstream}
        if change.operation and change.operation.error_code == IN_OTHER_WORDS:
            title = _("%(upstream)s writes this address in another way") % {"upstream": upstream}
        return Story(Tone.WAITING, title, " ".join((_("Choose the one that is right. Nothing is saved yet."), old)))
    if change.state == Step.UNKNOWN:
        return _unknown(change, upstream, old)
    if change.state == Step.DIFFERS:
        return _differs(change, upstream)
    old = _("The old address is still in force.") if endpoint else _("911 does not know where you are.")
    return Story(
        Tone.FAILED, _("Not accepted"), " ".join((_("%(upstream)s refused this.") % {"upstream": upstream}, old))
    )


def _waiting(change: EmergencyChange, upstream: str) -> str:
    operation = change.operation
    if operation and operation.state == Operation.State.QUEUED and operation.returned:
        text = _("%(upstream)s does not answer. We try again %(time)s.")
        return text % {"upstream": upstream, "time": when(operation.due_at) if operation.due_at else "—"}
    text = (
        _("%(upstream)s removes the address; then we look whether it is gone.")
        if change.removal
        else _("%(upstream)s looks whether it knows the address; then it is saved and read back.")
    )
    return text % {"upstream": upstream}


def _unknown(change: EmergencyChange, upstream: str, old: str) -> Story:
    if is_open(change):
        text = _(
            "The answer was lost. We are asking %(upstream)s what it has; do not count on either address until we know."
        )
        return Story(Tone.UNKNOWN, _("Not known yet"), text % {"upstream": upstream})
    text = _(
        "The answer was lost, and %(upstream)s does not show what you asked for. We do not know which address is in force. "
        "Call your provider before anyone relies on 911 from this line."
    )
    return Story(Tone.UNKNOWN, _("We do not know"), text % {"upstream": upstream})


def _differs(change: EmergencyChange, upstream: str) -> Story:
    if change.removal:
        return Story(
            Tone.FAILED,
            _("Still there"),
            _("%(upstream)s still lists an address for this number.") % {"upstream": upstream},
        )
    text = _(
        "%(upstream)s took the address, but what we read back is not what you asked for. Save it again or call your provider."
    )
    return Story(
        Tone.FAILED,
        _("Saved, but not as asked"),
        text % {"upstream": upstream},
        differences(change.wanted, change.read_back),
    )


def _quiet(
    number: Number, endpoint: EmergencyEndpoint | None, change: EmergencyChange | None, upstream: str
) -> Story | None:
    if endpoint is None and can_have_address(number):
        text = _(
            "A 911 call from this number reaches people who do not know where you are, and it may be charged extra."
        )
        return Story(Tone.FAILED, _("No 911 address"), text)
    if endpoint is None:
        return Story(Tone.HELD, _("Not possible"), _("Only local numbers that carry calls can have a 911 address."))
    if change and change.state == Step.PROVISIONED and not agree(change.wanted, endpoint.address):
        text = _(
            "%(upstream)s now has another address than the one you saved. Check it, and save it again if it is wrong."
        )
        parts = differences(change.wanted, endpoint.address)
        return Story(Tone.FAILED, _("Differs from what you saved"), text % {"upstream": upstream}, parts)
    return None


def elsewhere(upstream: str) -> str:
    return _("%(upstream)s keeps no 911 addresses here") % {"upstream": upstream}


def ask_them() -> str:
    """What to do about a number whose upstream keeps no addresses that it would tell."""
    return _(
        "We cannot tell whether 911 knows where this line is. Ask your provider, and until you are sure, call 911 from "
        "another telephone."
    )


@dataclass(frozen=True, slots=True)
class Past:
    """One line of the history of a number's addresses."""

    at: str
    by: str
    state: State
    address: str
    before: str


def history_of(changes) -> list[Past]:
    return [
        Past(
            when(change.created_at),
            str(change.user or "—"),
            past_state(change, is_latest=not place),
            one_line(change.wanted),
            one_line(change.before),
        )
        for place, change in enumerate(changes)
    ]


TONES = {
    Step.CHECKING: Tone.WORKING, Step.ALTERNATES: Tone.WAITING, Step.PROVISIONED: Tone.FINE, Step.DIFFERS: Tone.FAILED,
    Step.FAILED: Tone.FAILED, Step.UNKNOWN: Tone.UNKNOWN, Step.REMOVED: Tone.HELD,
}  # fmt: skip


def past_state(change: EmergencyChange, *, is_latest: bool) -> State:
    """An offer that a later change has replaced asks nobody to choose any more."""
    if change.state == Step.ALTERNATES and not is_latest:
        return state(Tone.HELD, _("Not accepted"))
    word = _("Read back as asked") if change.state == Step.PROVISIONED else change.get_state_display()
    return state(TONES[Step(change.state)], word)


# --- coverage -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    url: str
    number: str
    label: str
    state: State
    since: str
    address: str
    elsewhere: str  # why nobody here knows, in place of an address
    source: Fresh | None  # which upstream and how fresh, where there are several
    pk: int
    can_have: bool
    use_url: str = ""
    sent: str = ""  # what the button for the usual address sends: a one-time intent, and what the row was made from


def row_of(
    number: Number,
    endpoint: EmergencyEndpoint | None,
    change: EmergencyChange | None,
    sources: Sources,
    *,
    sent: str = "",
) -> Row:
    """`sent` is what a button for the usual address would send; only a gap that nobody is closing has one."""
    offered = endpoint is None and keeps_addresses(number) and not is_open(change)
    return Row(
        pk=number.pk,
        can_have=keeps_addresses(number),
        use_url=reverse("numbers:e911_use", args=[number.pk]),
        sent=sent if offered else "",
        url=reverse("numbers:e911_number", args=[number.pk]),
        number=phone(number.number),
        label=number.label,
        state=emergency_state(number, endpoint, change),
        since=since(endpoint, change),
        address=one_line(endpoint.address) if endpoint else "",
        elsewhere="" if keeps_addresses(number) else elsewhere(number.connection.label),
        source=sources.mark(number.connection) if keeps_addresses(number) else None,
    )
