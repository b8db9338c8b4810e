"""Giving up a number: what breaks, the number typed, and the undoing in the days after."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allowed, confirm_first, confirmed_lately
from accounts.actor import Actor
from accounts.presenting import phone
from accounts.roles import May
from numbering.forms.releases import ReleaseForm
from numbering.models import Number
from numbering.presenters.releases import consequences_of, leaving_of
from numbering.services import releases as services
from numbering.services.intents import Busy, IntentUsed, new_intent, read_intent
from numbering.views.numbers import own_number


@allowed(May.CHANGE_NUMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Consequences first, then the number typed, by somebody who has just shown who they are (J3)."""
    number = own_number(request, pk)
    if not confirmed_lately(request):
        return confirm_first(request, request.path)
    form = ReleaseForm(request.POST or None, number=number, region=request.account.country)
    if request.method == "POST" and services.is_releasable(number):
        if not form.is_valid():
            return _page(request, number, form, status=422)
        try:
            services.ask_release(Actor.of(request), number, read_intent(request.POST.get("intent", "")))
        except (Busy, IntentUsed):
            return _page(request, number, form, status=409)
        return redirect("numbers:detail", pk=number.pk)
    return _page(request, number, form)


def _page(request: HttpRequest, number: Number, form: ReleaseForm, *, status: int = 200) -> HttpResponse:
    under_way = services.open_release(number)
    context = {
        "number": number,
        "title": phone(number.number),
        "form": form,
        "intent": new_intent(),
        "releasable": services.is_releasable(number),
        "leaving": leaving_of(under_way, None, number.connection.label),
        "consequences": consequences_of(services.uses_of(number), services.grace().days, request.standing.may),
        "upstream": number.connection.label,
    }
    return render(request, "numbers/release.html", context, status=status)


@allowed(May.CHANGE_NUMBERS)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep it after all; asks for nothing, since it takes nothing away."""
    number = own_number(request, pk)
    if services.undo(Actor.of(request), number):
        messages.success(request, _("%(number)s stays with you.") % {"number": phone(number.number)})
    elif services.open_release(number):
        messages.error(request, _("It is too late: the number is being given back."))
    return redirect("numbers:detail", pk=number.pk)
