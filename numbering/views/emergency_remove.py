"""Taking a number's 911 address away: what follows from it, and consent that was typed (E5, J3)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import allowed, confirm_first, confirmed_lately
from accounts.actor import Actor
from accounts.presenting import phone
from accounts.roles import May
from numbering.forms.emergency import RemoveForm
from numbering.models import EmergencyEndpoint, Number
from numbering.presenters import addresses
from numbering.services import emergency as services
from numbering.services.intents import Busy, IntentUsed, new_intent, read_intent
from numbering.views.emergency import own_number
from providers.clients import phones


@allowed(May.CHANGE_E911)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Consequences first, then the number typed as a confirmation; with the last address, that there will be none."""
    number = own_number(request, pk)
    if not confirmed_lately(request):
        return confirm_first(request, request.path)
    endpoint = services.endpoint_of(number)
    is_last = bool(endpoint) and services.is_last(endpoint)
    form = RemoveForm(request.POST or None, matches=lambda text: _same_number(text, number), is_last=is_last)
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_address(Actor.of(request), number, read_intent(request.POST.get("intent", "")))
        except (IntentUsed, Busy):
            note = _("Another change of this address is on its way. Wait for its outcome.")
            return _show(request, number, endpoint, form, 409, note)
        except (services.IsDefault, services.NothingToRemove):
            return _show(request, number, endpoint, form, 409)
        return redirect("numbers:e911_number", pk=number.pk)
    return _show(request, number, endpoint, form, 422 if form.is_bound else 200)


def _same_number(text: str, number: Number) -> bool:
    try:
        return phones.parse(text, number.account.country) == number.number
    except phones.PhoneError:
        return False


def _show(
    request: HttpRequest,
    number: Number,
    endpoint: EmergencyEndpoint | None,
    form: RemoveForm,
    status: int,
    note: str = "",
) -> HttpResponse:
    context = {
        "number": number,
        "title": phone(number.number),
        "endpoint": endpoint,
        "lines": addresses.lines(endpoint.address) if endpoint else [],
        "blocked": bool(endpoint) and services.is_default(endpoint),
        "form": form,
        "intent": new_intent(),
        "note": note,
    }
    return render(request, "numbers/e911_remove.html", context, status=status)
