"""What giving up a number means, in words, and where a release stands."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.presenting import listed, phone, when
from accounts.roles import May
from numbering.models import NumberRelease
from numbering.presenters.addresses import one_line
from numbering.services.releases import Uses
from providers.causes import explain

State = NumberRelease.State


@dataclass(frozen=True, slots=True)
class Consequence:
    text: str
    url: str = ""
    link: str = ""


def consequences_of(uses: Uses, days: int, may: Callable[[May], bool]) -> list[Consequence]:
    """What breaks, the most dangerous first. What a person may not open is told without a link."""
    found = []
    if uses.endpoint:
        text = _("Its 911 address goes with it: %(address)s. Devices that use it reach 911 without an address.")
        found.append(Consequence(text % {"address": one_line(uses.endpoint.address)}))
    for port in uses.ports:
        url = reverse("numbers:port", args=[port.public_id])
        found.append(Consequence(_("A port request with this number is under way."), url, _("Open it")))
    if uses.texts:
        found.append(Consequence(_("Nobody can text it any more, and replies to texts you sent from it are lost.")))
    found += [Consequence(use.text, use.url, use.link) if may(use.may) else Consequence(use.text) for use in uses.above]
    if uses.texts_go_to:
        copies = listed([phone(one) for one in uses.texts_go_to])
        found.append(Consequence(_("Its texts stop going to %(targets)s.") % {"targets": copies}))
    if uses.calls_go_to:
        text = _("Its calls stop going to %(number)s.")
        found.append(Consequence(text % {"number": phone(uses.calls_go_to)}))
    if uses.voicemail:
        found.append(Consequence(_("Callers can leave no more messages.")))
    if uses.is_listed:
        found.append(
            Consequence(_("Who finds it in the directory (411) reaches nobody, until the directory drops it."))
        )
    return [*found, *_always(days)]


def _always(days: int) -> list[Consequence]:
    kept = ngettext(
        "For %(days)s day it goes on as now, and you can undo this.",
        "For %(days)s days it goes on as now, and you can undo this.",
        days,
    )
    after = _("Then it is given back for good: somebody else may get it, and nobody can bring it back.")
    return [Consequence(kept % {"days": days}), Consequence(after)]


@dataclass(frozen=True, slots=True)
class Leaving:
    """A banner on a number's page."""

    tone: str
    text: str
    may_undo: bool = False
    may_retry: bool = False


def leaving_of(release: NumberRelease | None, refused: NumberRelease | None, upstream: str) -> Leaving | None:
    named = {"upstream": upstream}
    if release and release.state == State.WAITING:
        words = {"day": when(release.release_at), "person": release.actor_name}
        text = _("%(person)s released this number. It works until %(day)s and is given back then.")
        return Leaving("held", text % words, may_undo=True)
    if release:
        slow = release.operation and release.operation.returned
        text = _("This number is being given back. %(why)s") if slow else _("This number is being given back.")
        why = str(explain(release.operation.error_cause, upstream)) if slow else ""
        return Leaving("working", text % {"why": why} if slow else text)
    if refused and refused.operation:
        text = _("%(upstream)s did not take this number back, so you still have it. %(why)s")
        why = str(explain(refused.operation.error_cause, upstream))
        return Leaving("failed", text % {**named, "why": why}, may_retry=True)
    return None
