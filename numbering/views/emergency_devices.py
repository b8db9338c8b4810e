"""The devices that call from a number's 911 address: which they are, tying and untying them (E6)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from numbering.forms.devices import DevicesForm
from numbering.forms.intent import DAMAGED
from numbering.models import Number
from numbering.presenters.devices import panel_of
from numbering.services import devices as services
from numbering.services.emergency import Stale
from numbering.services.intents import Busy, IntentUsed
from numbering.views.emergency import own_number, show


@allowed(May.READ_E911)
@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest, pk: int) -> HttpResponse:
    """A part of the number's page. Without HTMX it is that page."""
    number = own_number(request, pk)
    if request.method == "POST":
        if not request.standing.may(May.CHANGE_E911):
            raise PermissionDenied(May.CHANGE_E911)
        return _save(request, number)
    if request.htmx.target != "e911_devices":
        return redirect("numbers:e911_number", pk=number.pk)
    return _part(request, number)


def _save(request: HttpRequest, number: Number) -> HttpResponse:
    if not services.can_tie(number):
        return _part(request, number, 409)
    form = DevicesForm(request.POST, devices=services.devices_of(number))
    if not form.is_valid():
        return _part(request, number, 422, str(DAMAGED) if form.is_damaged else "")
    sent = form.cleaned_data
    try:
        services.ask(Actor.of(request), number, set(sent["devices"]), str(sent["intent"]), version=sent["version"])
    except IntentUsed:
        note = _("This form was already sent with other values. Please check it and save again.")
    except Busy:
        note = _("Another change of these devices is on its way. Wait for its outcome.")
    except Stale:
        note = _(
            "Somebody changed these devices while you were at it. Your ticks are kept; save again if they are right."
        )
    except services.NoAddress:
        note = _("Register the address first; then devices can be tied to it.")
    else:
        return _done(request, number)
    return _part(request, number, 409, note)


def _done(request: HttpRequest, number: Number) -> HttpResponse:
    if request.htmx.target == "e911_devices":
        return _part(request, number)
    return redirect("numbers:e911_number", pk=number.pk)


def _part(request: HttpRequest, number: Number, status: int = 200, conflict: str = "") -> HttpResponse:
    data = request.POST if status != 200 else None
    panel = panel_of(number, may_change=request.standing.may(May.CHANGE_E911), data=data, conflict=conflict)
    if request.htmx.target == "e911_devices":
        context = {"number": number, "devices": panel}
        return render(request, "numbers/_e911_devices.html", context, status=status)
    return show(request, number, devices=panel, status=status)
