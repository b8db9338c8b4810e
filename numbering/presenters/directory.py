"""How a number stands in the public directory (411), in words."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.presenting import ago, phone, when
from accounts.states import State, Tone, state
from numbering.forms.directory import KINDS
from numbering.models import DirectoryChange, DirectoryListing, Number
from numbering.presenters import addresses
from numbering.services.directory import can_list, could_be_listed
from numbering.upstream.directory import differing
from providers.causes import explain
from providers.models import Operation

Step, Done = DirectoryListing.State, Operation.State
LABELS = addresses.LABELS | {
    "kind": gettext_lazy("Kind of listing"),
    "sort_name": gettext_lazy("Listed under"),
    "rest": gettext_lazy("Rest of the name"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One state, what it means and what to do; `lines` are the entry as it is in the directory."""

    state: State
    note: str = ""
    lines: list[str] = field(default_factory=list)
    kind: str = ""
    read: str = ""
    busy: bool = False
    is_loud: bool = False  # whether the note is about something that went wrong


def standing_of(number: Number, listing: DirectoryListing | None, change: DirectoryChange | None) -> Standing:
    mark, note, is_loud = _told(number.connection.label, listing, change)
    return Standing(
        state=mark,
        note=note,
        lines=lines_of(listing.entry, number.number) if listing else [],
        kind=str(KINDS.get(listing.entry.get("kind", ""), "")) if listing else "",
        read=ago(listing.synced_at) if listing else "",
        busy=bool(change and change.operation.is_open),
        is_loud=is_loud,
    )


def card_of(number: Number, listing: DirectoryListing | None, change: DirectoryChange | None) -> Standing | None:
    """For a number's page: None where nobody would look for it, a sentence where its upstream has no such thing."""
    if not could_be_listed(number):
        return None
    if can_list(number):
        return standing_of(number, listing, change)
    note = _("%(upstream)s lists no numbers over this portal. Ask them whether this one is in the directory.")
    return Standing(state(Tone.UNKNOWN, _("Not known")), note % {"upstream": number.connection.label})


def lines_of(entry: dict, number: str) -> list[str]:
    """An entry as a directory prints it."""
    name = " ".join(filter(None, (entry.get("sort_name", ""), entry.get("rest", ""))))
    return [*addresses.lines({**entry, "name": name}), phone(number)]


def _told(upstream: str, listing: DirectoryListing | None, change: DirectoryChange | None) -> tuple[State, str, bool]:
    words = {"upstream": upstream}
    if change and change.operation.is_open:
        return (*_on_its_way(change, words), False)
    if change and change.operation.state in (Done.FAILED, Done.PARKED):
        return (*_stuck(change, upstream, listing), True)
    if listing is None:
        return state(Tone.HELD, _("Not listed")), _("Directory assistance and printed books do not have it."), False
    if listing.state == Step.PENDING:
        return (
            state(Tone.WORKING, _("Being checked")),
            _("The directory looks at each entry; that can take days."),
            False,
        )
    if listing.state == Step.REJECTED:
        note = _("The directory did not accept this entry. Change it and send it again.")
        return state(Tone.FAILED, _("Not accepted")), note, True
    if change and not change.removal and (names := differing(change.wanted, listing.entry)):
        named = ", ".join(str(LABELS.get(name, name)) for name in names)
        note = _("%(upstream)s took the entry but keeps another value for: %(names)s.") % {**words, "names": named}
        return state(Tone.WAITING, _("Not as asked")), note, True
    return state(Tone.FINE, _("Listed")), "", False


def _on_its_way(change: DirectoryChange, words: dict) -> tuple[State, str]:
    if change.operation.state == Done.UNKNOWN:
        note = _("%(upstream)s has not answered clearly. We are checking; you need not do anything.")
        return state(Tone.UNKNOWN, _("Being checked")), note % words
    word = _("Being taken out") if change.removal else _("Being listed")
    return state(Tone.WORKING, word), _("Asked for %(time)s.") % {"time": when(change.created_at)}


def _stuck(change: DirectoryChange, upstream: str, listing: DirectoryListing | None) -> tuple[State, str]:
    if change.operation.state == Done.PARKED:
        note = _("We could not find out whether %(upstream)s did it. Look again later, then send it once more.")
        return state(Tone.UNKNOWN, _("Not known")), note % {"upstream": upstream}
    why = str(explain(change.operation.error_cause, upstream))
    still = (
        _("The entry shown here is still in the directory.") if listing else _("The number is not in the directory.")
    )
    return state(Tone.FAILED, _("Not accepted")), f"{why} {still}"


def differences(now: dict, typed: dict) -> list[tuple[str, str, str]]:
    """What a form would replace, field by field."""
    return [
        (str(LABELS[name]), str(now.get(name) or "—"), str(typed[name] or "—"))
        for name in differing(typed, now)
        if name in LABELS
    ]
