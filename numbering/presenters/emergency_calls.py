"""Calls to 911 in words, and for which upstreams people are told of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.presenting import listed, phone, when
from accounts.sources import names_of
from accounts.states import State, Tone, state
from numbering.models import EmergencyCall
from providers.clients.base import Capability
from providers.models import Connection


@dataclass(frozen=True, slots=True)
class Row:
    state: State
    number: str
    label: str
    url: str
    when: str
    length: str


@dataclass(frozen=True, slots=True)
class Watch:
    """The calls of late, and the sentences about who is told and who cannot be."""

    rows: list[Row]
    told: str
    untold: str


def watch_of(calls: Iterable[EmergencyCall], connections: Iterable[Connection]) -> Watch:
    rows = list(connections)
    names = names_of(rows)
    seen = [names[one.pk] for one in rows if one.can(Capability.NEW_CALLS)]
    unseen = [names[one.pk] for one in rows if not one.can(Capability.NEW_CALLS)]
    told = _("When 911 is dialled from a number of %(upstreams)s, you and our staff get a mail within minutes.")
    untold = _("Nobody can tell you of 911 calls from numbers of %(upstreams)s: their log is not open to this portal.")
    return Watch(
        [row_of(call) for call in calls],
        told % {"upstreams": listed(seen)} if seen else "",
        untold % {"upstreams": listed(unseen)} if unseen else "",
    )


def row_of(call: EmergencyCall) -> Row:
    return Row(
        state=state(Tone.HELD, _("Test call")) if call.is_test else state(Tone.FAILED, _("911 called"), "phone"),
        number=phone(call.source),
        label=call.number.label if call.number else "",
        url=reverse("numbers:e911_number", args=[call.number_id]) if call.number and call.number.is_here else "",
        when=when(call.called_at),
        length=length_of(call),
    )


def length_of(call: EmergencyCall) -> str:
    if call.answered is False:
        return _("not answered")
    return ngettext("%(seconds)s second", "%(seconds)s seconds", call.seconds) % {"seconds": call.seconds}


def last_test(call: EmergencyCall | None) -> str:
    """When a number was last tried with 933, "" when nobody knows of it."""
    return _("Last test call: %(time)s.") % {"time": when(call.called_at)} if call else ""
