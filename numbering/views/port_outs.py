"""A number and other carriers: the PIN that guards it where there is one, what to do where there is none, who is told (row D19)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import allowed, confirm_first, confirmed_lately
from accounts.actor import Actor
from accounts.presenting import phone
from accounts.roles import May
from accounts.sources import Sources
from numbering.forms.port_outs import PinForm
from numbering.models import Number
from numbering.presenters.port_outs import guard_of
from numbering.services import port_outs as services
from numbering.services.intents import Busy, IntentUsed, new_intent, read_intent
from numbering.views.numbers import own_number


@allowed(May.CHANGE_NUMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def port_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Setting the PIN asks who the person is (J3): it decides who may take the number."""
    number = own_number(request, pk)
    able, wants = services.can_set_pin(number), request.method == "POST" or "set" in request.GET
    if able and wants and not confirmed_lately(request):
        return confirm_first(request, request.path)
    if request.method != "POST" or not able:
        return _page(request, number, PinForm(), status=409 if request.method == "POST" else 200)
    form = PinForm(request.POST)
    if not form.is_valid():
        return _page(request, number, form, status=422)
    try:
        services.set_pin(
            Actor.of(request), number, form.cleaned_data["pin"], read_intent(request.POST.get("intent", ""))
        )
    except (Busy, IntentUsed):
        return _page(
            request,
            number,
            form,
            status=409,
            note=_("Another PIN is on its way. Wait for its outcome, then set yours."),
        )
    return redirect("numbers:port_out", pk=number.pk)


def _page(request: HttpRequest, number: Number, form: PinForm, *, status: int = 200, note: str = "") -> HttpResponse:
    """The form only for who has just shown who they are: what is typed is not lost on the way."""
    upstream, able = number.connection.label, services.can_set_pin(number)
    context = {
        "number": number,
        "title": phone(number.number),
        "note": note,
        "upstream": upstream,
        "able": able,
        "form": form if able and confirmed_lately(request) else None,
        "guard": guard_of(services.latest(number), upstream) if able else None,
        "intent": new_intent(),
        "people": services.people_told(number.account),
        "freshness": Sources.of_one(number.connection, "numbers").lines(),
    }
    return render(request, "numbers/port_out.html", context, status=status)
