"""The address book and one address for many numbers, in ready words."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.presenting import phone
from accounts.states import State, Tone, state
from numbering.models import EmergencyAssignmentRow, EmergencyChange, EmergencyEndpoint, EmergencyPlace
from numbering.presenters import problems
from numbering.presenters.addresses import Alternate, alternates_of, lines, one_line
from numbering.presenters.emergency import emergency_state


@dataclass(frozen=True, slots=True)
class Card:
    """An entry of the book as it is offered."""

    pk: int
    label: str
    is_usual: bool
    lines: list[str]
    spoken: str


def card_of(place: EmergencyPlace) -> Card:
    return Card(place.pk, place.label, place.is_usual, lines(place.address), one_line(place.address))


@dataclass(frozen=True, slots=True)
class Row:
    """One number of an assignment: how far it is, and what there is to do."""

    url: str
    number: str
    label: str
    state: State
    text: str


def row_of(row: EmergencyAssignmentRow, endpoint: EmergencyEndpoint | None) -> Row:
    number, change = row.number, row.change
    if row.refusal:
        told = state(Tone.HELD, _("Not asked"))
    elif change is not None and row.newest != change.pk:
        told = state(Tone.HELD, _("Another change followed"))
    elif change is None:
        told = state(Tone.WORKING, _("Waiting for its turn"))
    else:
        told = emergency_state(number, endpoint, change)
    return Row(
        reverse("numbers:e911_number", args=[number.pk]), phone(number.number), number.label, told, _text(row, endpoint)
    )


def _text(row: EmergencyAssignmentRow, endpoint: EmergencyEndpoint | None) -> str:
    Step, change = EmergencyChange.State, row.change
    if row.refusal:
        return row.get_refusal_display()
    if change is None or change.state == Step.CHECKING:
        return _("in force until then: %(address)s") % {"address": one_line(endpoint.address)} if endpoint else ""
    if change.state == Step.FAILED:
        upstream = row.number.connection.label
        said = [problems.sentence(problem, upstream) for problem in change.problems[:1]]
        return said[0] if said else _("%(upstream)s refused this.") % {"upstream": upstream}
    return one_line(endpoint.address) if endpoint else ""


@dataclass(frozen=True, slots=True)
class Question:
    """Addresses that an upstream offers for several numbers of an assignment at once."""

    change: EmergencyChange
    numbers: int
    alternates: list[Alternate]
    asked: str


def questions_of(changes: list[EmergencyChange]) -> list[Question]:
    """The same offer to several numbers is one question."""
    first: dict[str, list[EmergencyChange]] = {}
    for change in changes:
        first.setdefault(str(change.alternates), []).append(change)
    return [Question(same[0], len(same), alternates_of(same[0]), one_line(same[0].wanted)) for same in first.values()]
