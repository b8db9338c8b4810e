"""Who carries a number, anybody's: the fee first, then the question, then the answer."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import allowed
from accounts.actor import Actor
from accounts.presenting import phone, when
from accounts.roles import May
from accounts.sources import names_of
from numbering.forms.lookups import LookupForm
from numbering.models import NumberLookup
from numbering.presenters import lookups as presenters
from numbering.services import lookups as services
from numbering.services.intents import IntentUsed, new_intent


@allowed(May.CHANGE_NUMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """The number, the fee, and the questions of before."""
    askable = services.askable_for(request.account)
    made_from = {"askable": askable, "names": names_of(askable), "region": request.account.country}
    if request.method != "POST" or not askable:
        first = {"intent": new_intent(), "connection": askable[0].pk if askable else "", "number": _asked(request)}
        return _page(request, LookupForm(initial=first, **made_from), askable)
    form = LookupForm(request.POST, **made_from)
    if not form.is_valid():
        return _page(request, form, askable, status=422)
    return _ask(request, form, askable)


def _asked(request: HttpRequest) -> str:
    return request.GET.get("number", "").replace("\0", "")[:40]


def _ask(request: HttpRequest, form: LookupForm, askable: list) -> HttpResponse:
    number = form.cleaned_data["number"]
    before = None if form.cleaned_data["again"] else services.known(request.account, number)
    if before:
        words = {"number": phone(number), "time": when(before.created_at)}
        messages.info(request, _("%(number)s was looked up before (%(time)s), so nothing new was charged.") % words)
        return redirect("numbers:lookup_result", public_id=before.public_id)
    connection = next(one for one in askable if one.pk == form.cleaned_data["connection"])
    try:
        row = services.ask(Actor.of(request), connection, number, str(form.cleaned_data["intent"]))
    except services.CannotLookUp as error:
        return _page(request, form, askable, note=presenters.cannot(error.code), status=422)
    except IntentUsed:
        form = LookupForm(
            initial={**form.cleaned_data, "intent": new_intent()},
            askable=askable, names=names_of(askable), region=request.account.country,
        )  # fmt: skip
        note = _("This form was already sent with another number. Look at it, then send it again.")
        return _page(request, form, askable, note=note, status=409)
    return redirect("numbers:lookup_result", public_id=row.public_id)


def _page(request: HttpRequest, form: LookupForm, askable: list, *, note: str = "", status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "askable": askable,
        "note": note or presenters.cannot(services.why_not(request.account)),
        "fee": presenters.fee_of([one.label for one in askable]),
        "rows": [presenters.row_of(row) for row in services.recent(request.account)],
    }
    return render(request, "numbers/lookup.html", context, status=status)


@allowed(May.CHANGE_NUMBERS)
@require_safe
def result(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What was told; looks again while nothing was."""
    rows = NumberLookup.objects.for_account(request.account).select_related("operation__connection", "user")
    row = get_object_or_404(rows, public_id=public_id)
    context = {
        "lookup": row,
        "told": presenters.told_of(row),
        "intent": new_intent(),
        "upstream": row.operation.connection.label,
        "fee": presenters.fee_of([row.operation.connection.label]),
    }
    template = "numbers/_lookup_told.html" if request.htmx.target == "lookup_told" else "numbers/lookup_result.html"
    return render(request, template, context)
