"""One 911 address for many numbers: choosing, and the outcome per number (E6)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed
from accounts.actor import Actor
from accounts.presenting import phone
from accounts.roles import May
from numbering.forms.emergency import AssignForm
from numbering.models import (
    EmergencyAssignment,
    EmergencyAssignmentRow,
    EmergencyChange,
    EmergencyEndpoint,
    Number,
)
from numbering.presenters import emergency_book as presenters
from numbering.services import emergency_assign as services
from numbering.services import emergency_book as book
from numbering.services import emergency_terms as terms
from numbering.services.intents import IntentUsed, new_intent, read_intent

ALL_GAPS = "gaps"
SHOWN = 500


@allowed(May.CHANGE_E911)
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest) -> HttpResponse:
    """Which numbers, which address of the book, and the limits where they were not accepted yet."""
    numbers = _chosen(request)
    places = book.places_of(request.account)
    acceptance = terms.acceptance(request.account, request.user)
    asks = {"places": places, "acceptance": acceptance}
    if request.method != "POST":
        return _choose(request, numbers, AssignForm(initial=_first(request, places), **asks))
    form = AssignForm(request.POST, **asks)
    if not form.is_valid():
        return _choose(request, numbers, form, status=422)
    place, actor = form.cleaned_data["place"], Actor.of(request)
    try:
        row = services.assign(actor, numbers, place.address, read_intent(request.POST.get("intent", "")), place=place)
    except services.NoNumbers:
        return _choose(request, numbers, form, status=422, note=_("None of these numbers can have a 911 address here."))
    except IntentUsed:
        note = _("This form was already sent for other numbers or with another address. Check, then send it again.")
        return _choose(request, numbers, form, status=409, note=note)
    if not acceptance:
        terms.accept(actor)
    return redirect("numbers:e911_assignment", public_id=row.public_id)


def _chosen(request: HttpRequest) -> list[Number]:
    """The numbers that were checked, or all without an address; those that cannot have one here fall away."""
    sent = request.POST if request.method == "POST" else request.GET
    words = [word for value in sent.getlist("numbers") for word in value.split(",")]
    if ALL_GAPS in words:
        rows = services.without_address(request.account)
    else:
        pks = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 18]
        rows = services.eligible(request.account).filter(pk__in=pks[: services.MOST])
    return list(rows.order_by("number")[: services.MOST])


def _first(request: HttpRequest, places) -> dict:
    """A button for each entry; the one just written, else the usual one is chosen beforehand."""
    wanted = request.GET.get("place", "")
    usual = book.usual_place(request.account)
    return {"place": wanted if wanted.isdecimal() else usual.pk if usual else None}


def _choose(request: HttpRequest, numbers: list[Number], form: AssignForm, *, status: int = 200, note: str = ""):
    cards = [presenters.card_of(place) for place in form.fields["place"].queryset]
    context = {
        "numbers": [(number.pk, phone(number.number), number.label) for number in numbers],
        "joined": ",".join(str(number.pk) for number in numbers),
        "form": form,
        "cards": cards,
        "chosen": str(form["place"].value() or ""),
        "accepted": form.acceptance,
        "terms_version": terms.TERMS_VERSION,
        "intent": new_intent(),
        "note": note,
        "most": services.MOST,
    }
    return render(request, "numbers/e911_assign.html", context, status=status)


def _own(request: HttpRequest, public_id) -> EmergencyAssignment:
    rows = EmergencyAssignment.objects.for_account(request.account).select_related("place", "user")
    return get_object_or_404(rows, public_id=public_id)


@allowed(May.READ_E911)
@require_safe
def assignment(request: HttpRequest, public_id) -> HttpResponse:
    return _show(request, _own(request, public_id))


def _show(request: HttpRequest, row: EmergencyAssignment, *, status: int = 200, note: str = "") -> HttpResponse:
    """How far each number is. It looks again while a worker has something to do."""
    found = services.rows_of(row)[:SHOWN]
    numbers = [one.number.number for one in found]
    endpoints = {
        (one.connection_id, one.number): one
        for one in EmergencyEndpoint.objects.for_account(request.account).filter(number__in=numbers, gone_at=None)
    }
    offers = [one.change for one in found if _is_offered(one)]
    progress = services.progress_of(row)
    context = {
        "row": row,
        "address": presenters.lines(row.address),
        "rows": [presenters.row_of(one, endpoints.get((one.number.connection_id, one.number.number))) for one in found],
        "progress": progress,
        "busy": bool(progress.under_way),
        "questions": presenters.questions_of(offers) if not progress.under_way else [],
        "may_change": request.standing.may(May.CHANGE_E911),
        "intent": new_intent(),
        "note": note,
    }
    fragment = request.htmx.target == "e911_assignment"
    template = "numbers/_e911_assignment.html" if fragment else "numbers/e911_assignment.html"
    return render(request, template, context, status=status)


def _is_offered(one: EmergencyAssignmentRow) -> bool:
    """Whether the number still waits for a person to choose; a later wish has its own answer."""
    return bool(one.change) and one.change.state == EmergencyChange.State.ALTERNATES and one.newest == one.change_id


@allowed(May.CHANGE_E911)
@require_POST
def accept(request: HttpRequest, public_id) -> HttpResponse:
    """Take one offered address for all numbers of the assignment that were offered the same."""
    row, choice = _own(request, public_id), request.POST.get("choice", "")
    rows = [one for one in services.rows_of(row) if one.change and one.change.alternates]
    asked = next((one.change for one in rows if str(one.change.public_id) == request.POST.get("change")), None)
    if asked is None:
        raise Http404
    if not choice.isdecimal() or len(choice) > 3 or int(choice) >= len(asked.alternates):
        return _show(request, row, status=422, note=_("Choose one of the addresses."))
    same = [one.number for one in rows if _is_offered(one) and one.change.alternates == asked.alternates]
    try:
        actor, intent = Actor.of(request), read_intent(request.POST.get("intent", ""))
        new = services.earlier(actor, intent) or services.accept(actor, row, same, asked, int(choice), intent)
    except (IntentUsed, services.NoNumbers):
        return _show(request, row, status=409, note=_("These addresses are no longer on offer. Start again."))
    return redirect("numbers:e911_assignment", public_id=new.public_id)
