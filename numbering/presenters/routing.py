"""Which upstream holds a number's calls and which its texts, said apart wherever that is not plain (B17)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.ownership import connections_of
from accounts.presenting import day, listed, when
from accounts.states import State, Tone, state
from numbering.models import Number
from numbering.services.inventory import Porting
from numbering.upstream.numbers import FEED
from providers.models import Orphan


@dataclass(frozen=True, slots=True)
class Route:
    """One line: calls or texts, who holds them, and how sure that is."""

    label: str
    holder: str
    state: State | None = None
    note: str = ""


def routes_of(number: Number, porting: Porting) -> list[Route]:
    """Nothing where one upstream holds all of it and always has: then the header says so already."""
    others = _others(number)
    landed, leaving = porting.landed_with(number), porting.port_of(number)
    if not (others or landed or (leaving and leaving.connection_id != number.connection_id)):
        return []
    holder = number.connection.label
    calls = Route(
        _("Calls"), holder, note=_("Since the port of %(day)s.") % {"day": day(landed.status_since)} if landed else ""
    )
    if leaving and leaving.connection_id != number.connection_id:
        words = {"upstream": leaving.connection.label}
        calls = Route(
            _("Calls"), holder, state(Tone.WORKING, _("Porting out")), _("On their way to %(upstream)s.") % words
        )
    return [calls, _texts(number, porting, others)]


def _texts(number: Number, porting: Porting, others: list[str]) -> Route:
    label, holder = _("Texts"), number.connection.label
    if not number.sms:
        elsewhere = listed(others)
        note = _("%(upstream)s does not carry texts of this number.") % {"upstream": holder}
        return Route(label, elsewhere or _("Nobody"), state(Tone.UNKNOWN, _("Not sure")) if elsewhere else None, note)
    if number.texted_at:
        note = _("The first text came in %(time)s.") % {"time": when(number.texted_at)}
        return Route(label, holder, state(Tone.FINE, _("Works")), note)
    if porting.texts_unproved(number):
        note = _("No text has come in yet. After a port that can take two days; then ask %(upstream)s.") % {
            "upstream": holder
        }
        return Route(label, holder, state(Tone.WAITING, _("Not confirmed")), note)
    if others:
        note = _("%(others)s still lists this number and may hold its texts.") % {"others": listed(others)}
        return Route(label, holder, state(Tone.UNKNOWN, _("Not sure")), note)
    return Route(label, holder)


def _others(number: Number) -> list[str]:
    """Upstreams of the same account that list the number too: it stays with the first until that one lists it no more."""
    mine = connections_of(number.account).exclude(pk=number.connection_id)
    rows = Orphan.objects.filter(connection__in=mine, kind=FEED, side=Orphan.Side.THEIRS, label=number.number)
    return sorted(
        {row.connection.label for row in rows.exclude(state=Orphan.State.SETTLED).select_related("connection")}
    )
