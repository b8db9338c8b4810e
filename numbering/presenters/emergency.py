"""911 for people: one state per number, the coverage list, and alternates with the differing words marked.

Green means one thing only: the address was read back, equal to what was asked, and is in force.
"""

import difflib
from dataclasses import dataclass, field
from itertools import zip_longest

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.presenting import ago, phone, when
from accounts.states import State, Tone, state
from numbering.forms.emergency import UNIT_TYPES
from numbering.models import EmergencyChange, EmergencyEndpoint, Number
from numbering.upstream.emergency import agree
from providers.models import Operation

Step = EmergencyChange.State
WITHOUT_911 = {"tollfree", "international"}
LOUD = {Step.DIFFERS, Step.UNKNOWN, Step.ALTERNATES}


def can_have_address(number: Number) -> bool:
    return number.voice and number.kind not in WITHOUT_911


def is_open(change: EmergencyChange | None) -> bool:
    """Whether a worker still has something to do for it, so that the page should look again."""
    return bool(change and change.operation and change.operation.is_open)


def emergency_state(number: Number, endpoint: EmergencyEndpoint | None, change: EmergencyChange | None) -> State:
    """The one state of a number's 911 address. `change` is the latest one."""
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


# --- the address ----------------------------------------------------------------------------------------------------------


def lines(address: dict) -> list[str]:
    """An address as it is written on an envelope."""
    unit = _unit(address)
    street = f"{address.get('civic_number', '')} {address.get('street', '')}".strip()
    place = f"{address.get('city', '')} ({address.get('region', '')})  {address.get('postal_code', '')}".strip()
    return [line for line in (address.get("name", ""), ", ".join(filter(None, (street, unit))), place) if line]


def one_line(address: dict) -> str:
    return ", ".join(lines(address)[1:])


def _unit(address: dict) -> str:
    kind = address.get("unit_type", "")
    return f"{UNIT_TYPES.get(kind, kind)} {address.get('unit', '')}".strip() if kind or address.get("unit") else ""


LABELS = {
    "name": gettext_lazy("Name"), "civic_number": gettext_lazy("Civic number"), "street": gettext_lazy("Street"),
    "unit_type": gettext_lazy("Kind of unit"), "unit": gettext_lazy("Unit"), "city": gettext_lazy("City"),
    "region": gettext_lazy("Province or state"), "country": gettext_lazy("Country"),
    "postal_code": gettext_lazy("Postal or ZIP code"), "language": gettext_lazy("Language of 911 calls"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a comparison: what was asked, and what there is instead with the differing words marked."""

    label: str
    asked: str
    told: SafeString


def differences(asked: dict, told: dict) -> list[Part]:
    """The fields in which two addresses differ, word by word."""
    pairs = [(label, str(asked.get(name, "")), str(told.get(name, ""))) for name, label in LABELS.items()]
    return [Part(str(label), before or "—", marked(before, after)) for label, before, after in pairs if before != after]


def marked(asked: str, told: str) -> SafeString:
    """`told` with every word marked that `asked` does not have at that place."""
    if not told:
        return format_html("<mark>{}</mark>", "—")
    old, new = asked.split(), told.split()
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    kept = {i for block in matcher.get_matching_blocks() for i in range(block.b, block.b + block.size)}
    return format_html_join(
        " ", "{}", ((word if i in kept else format_html("<mark>{}</mark>", word),) for i, word in enumerate(new))
    )


@dataclass(frozen=True, slots=True)
class Alternate:
    """An address that upstream knows: a question for a person, none is chosen beforehand."""

    index: int
    lines: list[SafeString]
    spoken: str


def alternates_of(change: EmergencyChange) -> list[Alternate]:
    asked = lines(change.wanted)[1:]
    return [_alternate(i, address, asked) for i, address in enumerate(change.alternates)]


def _alternate(index: int, address: dict, asked: list[str]) -> Alternate:
    offered = lines(address)[1:]
    return Alternate(
        index,
        [marked(before, after) for before, after in zip_longest(asked, offered, fillvalue="")],
        ", ".join(offered),
    )


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
            _past_state(change, is_latest=not place),
            one_line(change.wanted),
            one_line(change.before),
        )
        for place, change in enumerate(changes)
    ]


TONES = {
    Step.CHECKING: Tone.WORKING, Step.ALTERNATES: Tone.WAITING, Step.PROVISIONED: Tone.FINE, Step.DIFFERS: Tone.FAILED,
    Step.FAILED: Tone.FAILED, Step.UNKNOWN: Tone.UNKNOWN, Step.REMOVED: Tone.HELD,
}  # fmt: skip


def _past_state(change: EmergencyChange, *, is_latest: bool) -> State:
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


def row_of(number: Number, endpoint: EmergencyEndpoint | None, change: EmergencyChange | None) -> Row:
    return Row(
        url=reverse("numbers:e911_number", args=[number.pk]),
        number=phone(number.number),
        label=number.label,
        state=emergency_state(number, endpoint, change),
        since=since(endpoint, change),
        address=one_line(endpoint.address) if endpoint else "",
    )
