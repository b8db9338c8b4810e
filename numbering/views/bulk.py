"""One change for many numbers: what is wanted, of a selection or of all that the list shows."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import allowed
from accounts.actor import Actor
from accounts.presenting import phone
from accounts.roles import May
from numbering.batches import asking
from numbering.batches.asking import MOST_CHOSEN
from numbering.forms.batches import BulkForm
from numbering.forms.number_filter import KEPT, NumberFilter
from numbering.models import Number
from numbering.services.intents import IntentUsed
from numbering.services.saved_views import tidy_query

NAMED = 6  # numbers that the page names
SAMPLE = 50  # numbers whose settings say what may be changed, where a whole list is meant


@allowed(May.CHANGE_NUMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """The numbers stand in the address: `n` for each, or `all` with the list's own filters."""
    rows, chosen, query = _meant(request)
    count = rows.count()
    if not count:
        messages.info(request, _("Tick the numbers to change first."))
        return redirect("numbers:list")
    form = BulkForm(request.POST or None, settings=_settings(rows))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return redirect("numbers:batch", public_id=_ask(request, form, chosen, query).public_id)
            except IntentUsed:
                form.add_error(None, _("This form was sent before with something else in it. Open it again."))
                status = 409
    context = {
        "form": form,
        "count": count,
        "named": [phone(number) for number in rows.order_by("number").values_list("number", flat=True)[:NAMED]],
        "more": max(0, count - NAMED),
    }
    return render(request, "numbers/bulk.html", context, status=status)


def _meant(request: HttpRequest) -> tuple:
    """The numbers, their ids where some were ticked, else the list's query."""
    if "all" in request.GET:
        query = tidy_query(request.GET.urlencode(), KEPT)
        narrow = NumberFilter(request.GET, standing=request.standing)
        return narrow.own_rows(), [], query
    ticked = [int(text) for text in request.GET.getlist("n") if text.isascii() and text.isdigit() and len(text) < 18]
    rows = Number.objects.for_account(request.account).present().filter(pk__in=ticked[:MOST_CHOSEN])
    return rows, sorted(rows.values_list("pk", flat=True)), ""


def _settings(rows) -> set[str]:
    """What can be set on at least one of them, told by the first of each upstream."""
    found: set[str] = set()
    connections = list(rows.order_by().values_list("connection", flat=True).distinct()[:20])
    for connection in connections:
        sample = rows.filter(connection=connection).order_by("pk").values_list("settings", flat=True)
        for settings in sample[:SAMPLE]:
            found |= set(settings)
    return found


def _ask(request: HttpRequest, form: BulkForm, chosen: list[int], query: str):
    data = form.cleaned_data
    return asking.edit(
        Actor.of(request), request.standing, form.told, abroad=bool(data.get("abroad")), chosen=chosen, query=query,
        intent=data["intent"],
    )  # fmt: skip
