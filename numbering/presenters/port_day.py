"""The port-day checklist for people: what is done, what is not yet, and where it is done. The system ticks it (row D18)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.states import State, Tone, state
from numbering.models import PortPlan, PortRequest
from numbering.port_day import Signs
from numbering.presenters.port_plans import is_set

SHOWN_IN = ("firm_confirm", "completed")


@dataclass(frozen=True, slots=True)
class Item:
    """One line: ticked when every number has it. Texts stand apart, they often come a day or two after the calls."""

    title: str
    state: State
    hint: str
    url: str = ""


def checklist_of(port: PortRequest, signs: Signs, plans: Sequence[PortPlan] = ()) -> list[Item]:
    numbers = port.numbers
    here = set(signs.here)
    items = [_item(_("The numbers are here"), here, numbers, _("They appear by themselves on the port day."))]
    first = next((signs.here[number] for number in numbers if number in here and number not in signs.with_911), None)
    url = reverse("numbers:e911_number", args=[first.pk]) if first else ""
    voiced = [number for number in numbers if number not in here or _has_place(signs, number)]
    if voiced:
        prepared = {plan.number for plan in plans if plan.address}
        todo = (
            _("Prepared: it is registered by itself.")
            if prepared >= set(voiced)
            else _("Register it as soon as the number is here.")
        )
        items.append(_item(_("911 address in force"), signs.with_911, voiced, todo, url))
    settings = [plan for plan in plans if plan.calls or plan.texts]
    if settings:
        done = {plan.number for plan in settings if is_set(plan)}
        hint = _("It is set by itself as soon as the number is here.")
        items.append(_item(_("Calls and texts as prepared"), done, [plan.number for plan in settings], hint))
    able = [number for number in numbers if number in here and signs.here[number].sms]
    if able or "sms" in port.details.get("features", []):
        hint = _("Texts often follow the calls by a day or two. Send one to the number from another phone.")
        items.append(_item(_("A text came in"), signs.texted, able or numbers, hint))
    return items


def _has_place(signs: Signs, number: str) -> bool:
    return signs.here[number].kind not in ("tollfree", "international")


def _item(title: str, seen: set[str], numbers: list[str], hint: str, url: str = "") -> Item:
    done = sum(number in seen for number in numbers)
    if numbers and done == len(numbers):
        return Item(title, state(Tone.FINE, _("Done")), "")
    if done:
        return Item(
            title, state(Tone.WAITING, _("%(done)s of %(count)s") % {"done": done, "count": len(numbers)}), hint, url
        )
    return Item(title, state(Tone.WAITING, _("Not yet")), hint, url)
