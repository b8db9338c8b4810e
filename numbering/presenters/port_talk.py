"""What was said about a port: comments for the customer's eyes, and wishes with their answers."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.presenting import ago, day, when
from numbering.models import PortAsk, PortRequest


@dataclass(frozen=True, slots=True)
class Said:
    body: str
    by: str
    at: str
    by_staff: bool


def talk_of(port: PortRequest) -> list[Said]:
    """Every comment but the private ones of staff."""
    rows = port.comments.filter(private=False).order_by("at", "id")[:200]
    return [Said(row.body, row.author_name, when(row.at), row.by_staff) for row in rows]


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish that waits, or was answered."""

    title: str
    words: str
    since: str


def wishes_of(port: PortRequest) -> list[Wish]:
    """What staff have not answered yet; the answers stand in the timeline."""
    return [Wish(_title(row), row.words, ago(row.asked_at)) for row in port.asks.filter(answered_at=None)[:5]]


def _title(row: PortAsk) -> str:
    if row.kind == PortAsk.Kind.CANCEL:
        return _("You asked to cancel this port")
    if row.kind == PortAsk.Kind.DATE and row.wanted_on:
        return _("You asked for another date: %(day)s") % {"day": day(row.wanted_on)}
    return _("You asked for a change")
