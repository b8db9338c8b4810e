"""Preparing the numbers of a port before its day: calls, texts and 911, and once more what was refused (row D16)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from numbering.forms.port_plans import PlanForm, first_values
from numbering.models import PortPlan, PortRequest
from numbering.presenters import ports as port_presenters
from numbering.services import emergency_book, emergency_terms
from numbering.services import port_plans as services
from numbering.services.intents import Busy, IntentUsed, read_intent
from numbering.services.ports import Stale
from numbering.views.port_pages import drafted
from providers.clients.base import Capability


@allowed(May.CHANGE_PORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, public_id) -> HttpResponse:
    """One form for one number or for several of them at once."""
    port = drafted(request, public_id)
    numbers, plans = services.to_prepare(port), services.plans_of(port)
    if not numbers:
        messages.info(request, _("There is nothing to prepare: set numbers that are here on their own pages."))
        return redirect("numbers:port", public_id=port.public_id)
    form = _form(request, port, numbers, plans)
    if request.method != "POST":
        return _shown(request, port, form, plans)
    if not form.is_valid():
        return _shown(request, port, form, plans, status=422)
    return _kept(request, port, form, plans)


def _form(request: HttpRequest, port: PortRequest, numbers: list[str], plans: list[PortPlan]) -> PlanForm:
    standing = request.standing
    with_911 = standing.may(May.CHANGE_E911) and port.connection.can(Capability.E911) and port.kind != "tollfree"
    places = emergency_book.places_of(request.account) if with_911 else None
    about = {
        "numbers": numbers,
        "names": services.settable_names(port.connection) if standing.may(May.CHANGE_NUMBERS) else frozenset(),
        "places": places,
        "acceptance": emergency_terms.acceptance(request.account, request.user),
        "known": {plan.number: {plan.calls.get("forward_to"), plan.texts.get("sms_forward_to")} for plan in plans},
    }
    if request.method == "POST":
        return PlanForm(request.POST, **about)
    wanted = f"+{request.GET.get('number', '')}"
    chosen = [wanted] if wanted in numbers else numbers
    plan = next((one for one in plans if one.number in chosen), None)
    initial = first_values(plan, places, "sms" in port.details.get("features", []))
    return PlanForm(initial=initial | {"numbers": chosen}, **about)


def _kept(request: HttpRequest, port: PortRequest, form: PlanForm, plans: list[PortPlan]) -> HttpResponse:
    actor = Actor.of(request)
    try:
        services.prepare(actor, port, form.cleaned_data["numbers"], form.wish(), request.POST.get("version", ""))
    except Stale:
        note = _(
            "Somebody prepared something for this port after you opened the form. Yours is below; save it if you mean it."
        )
        return _shown(request, port, form, services.plans_of(port), status=409, note=note)
    if form.cleaned_data.get("terms"):
        emergency_terms.accept(actor)
    messages.success(request, _("Prepared. It is set by itself as soon as the number is here."))
    return redirect("numbers:port", public_id=port.public_id)


def _shown(request, port: PortRequest, form: PlanForm, plans: list[PortPlan], *, status=200, note="") -> HttpResponse:
    context = {
        "port": port, "title": port_presenters.title_of(port), "form": form, "note": note,
        "version": services.version_of(plans) if status != 422 else request.POST.get("version", ""),
        "keeps_911": port.connection.can(Capability.E911), "terms_version": emergency_terms.TERMS_VERSION,
        "accepted": form.acceptance, "may_911": request.standing.may(May.CHANGE_E911),
    }  # fmt: skip
    return render(request, "numbers/port_prepare.html", context, status=status)


@allowed(May.CHANGE_PORTS)
@require_POST
def retry(request: HttpRequest, public_id, pk: int) -> HttpResponse:
    """Once more what the upstream refused of a plan."""
    port = drafted(request, public_id)
    plan = get_object_or_404(
        port.plans.select_related("port", "calls_change__operation", "texts_change__operation"), pk=pk
    )
    may_911 = request.standing.may(May.CHANGE_E911)
    try:
        intent = read_intent(request.POST.get("intent", ""))
        asked = services.try_again(Actor.of(request), plan, intent, with_911=may_911)
    except (Busy, IntentUsed):
        asked = False
    if asked:
        messages.success(request, _("Asked for once more."))
    else:
        messages.info(request, _("There is nothing to ask for again just now."))
    return redirect("numbers:port", public_id=port.public_id)
