"""The history of a port request, an entry for each event: what happened, when and by whom."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.presenting import day, when
from accounts.states import Tone
from numbering.models import PortEvent, PortRequest
from numbering.presenters.ports import WHERE, label_of

S = PortRequest.Status


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline."""

    at: str
    title: str
    text: str
    by: str
    tone: str


def timeline_of(events: list[PortEvent], customer: str = "") -> list[Entry]:
    """`customer` is how the reader calls who asked for the port; it is "you" where the reader asked."""
    return [
        Entry(
            when(event.at),
            _event_title(event),
            _event_text(event),
            event.actor_name or _told_by(event, customer or _("you")),
            _event_tone(event),
        )
        for event in events
    ]


def _told_by(event: PortEvent, customer: str) -> str:
    """Who did it, where no person of ours did: what upstream told has its actor in its own word."""
    if event.kind == "dates":
        return _("the losing carrier")
    if event.kind != "status":
        return ""
    by = {
        S.SENT_TO_STAFF: customer, S.MODIFIED_BY_STAFF: _("staff"), S.APPROVED_BY_STAFF: _("staff"), S.REJECTED_BY_STAFF: _("staff"),
        S.SENT_TO_PROVIDER: _("staff"), S.TENTATIVE_CONFIRM: _("the losing carrier"), S.FIRM_CONFIRM: _("the losing carrier"),
        S.REJECTED_BY_PROVIDER: _("the losing carrier"), S.COMPLETED: _("the losing carrier"),
    }  # fmt: skip
    return by.get(event.status, "")


def _event_title(event: PortEvent) -> str:
    if event.kind == "status":
        return label_of(event.status)
    if event.kind == "dates":
        return _("Port date set") if event.status == "firm_on" else _("Date proposed, not firm")
    if event.kind == "document":
        return _("Document added")
    if event.kind == "asked":
        return {"cancel": _("Asked to cancel"), "date": _("Asked for another date")}.get(
            event.status, _("Asked for a change")
        )
    if event.kind == "answer":
        return _("Your wish was met") if event.status == "granted" else _("Your wish could not be met")
    titles = {
        "started": _("Started"),
        "submitted": _("Handed in"),
        "note": _("Note"),
        "approved": _("Approved by our staff"),
        "back": _("Listed by the provider again"),
        "gone": _("No longer listed by the provider"),
    }
    return titles.get(event.kind, event.kind)


def _event_text(event: PortEvent) -> str:
    if event.kind == "dates":
        return day(date.fromisoformat(event.text))
    return event.text


def _event_tone(event: PortEvent) -> str:
    if event.kind == "status" and event.status in S.values:
        return WHERE[S(event.status)][0]
    return Tone.HELD
