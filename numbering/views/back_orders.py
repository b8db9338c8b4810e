"""Ordering numbers that are not in stock: an area code, its rate centres, and what has come since."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from accounts.sources import names_of
from billing import spending
from numbering.forms.back_orders import BackOrderForm, PlacesForm
from numbering.models import BackOrder
from numbering.presenters import back_orders as presenters
from numbering.presenters.ordering import cannot, too_much
from numbering.services import back_orders as services
from numbering.services.intents import IntentUsed, new_intent
from numbering.services.orders import CannotOrder
from numbering.services.questions import TooOften
from providers.causes import explain
from providers.models import Operation


@allowed(May.CHANGE_NUMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Which area code; a worker asks for its rate centres."""
    takers = services.takers_for(request.account)
    made_from = {"takers": takers, "names": names_of(takers)}
    first = {"area_code": request.GET.get("area_code", "")[:3], "connection": takers[0].pk if takers else ""}
    form = PlacesForm(request.POST if request.method == "POST" else None, initial=first, **made_from)
    if request.method != "POST" or not takers:
        return render(request, "numbers/back_order.html", {"form": form, "takers": takers})
    if not form.is_valid():
        return render(request, "numbers/back_order.html", {"form": form, "takers": takers}, status=422)
    connection = next(one for one in takers if one.pk == form.cleaned_data["connection"])
    try:
        asked = services.ask_places(Actor.of(request), connection, form.cleaned_data["area_code"])
    except TooOften as error:
        form.add_error(None, error.words)
        return render(request, "numbers/back_order.html", {"form": form, "takers": takers}, status=422)
    return redirect("numbers:back_order_new", public_id=asked.public_id)


@allowed(May.CHANGE_NUMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A rate centre and how many, with what is known of the price."""
    asked = services.places_asked(request.account, public_id)
    if asked is None:
        raise Http404
    places = asked.result.get("places", [])
    if request.method != "POST" or not places:
        return _page(request, asked, BackOrderForm(initial={"intent": new_intent()}, places=places))
    form = BackOrderForm(request.POST, places=places)
    if not form.is_valid():
        return _page(request, asked, form, status=422)
    try:
        made = services.order(Actor.of(request), asked, form.cleaned_data, str(form.cleaned_data["intent"]))
    except IntentUsed:
        again = BackOrderForm(initial={**form.cleaned_data, "intent": new_intent()}, places=places)
        note = _("This form was already sent with other wishes. Look at it, then send it again.")
        return _page(request, asked, again, note=note, status=409)
    except spending.TooMuch as error:
        note = too_much(error.left, error.currency, error.cap is not None)
        return _page(request, asked, form, note=note, status=422)
    except CannotOrder as error:
        return _page(request, asked, form, note=cannot(error), status=422)
    return redirect("numbers:back_order_made", public_id=made.public_id)


def _page(request: HttpRequest, asked: Operation, form: BackOrderForm, *, note: str = "", status: int = 200):
    label = asked.connection.label
    failed = not asked.is_open and asked.state != Operation.State.DONE
    context = {
        "asked": asked,
        "form": form,
        "places": asked.result.get("places", []),
        "trouble": str(explain(asked.error_cause, label)) if failed else "",
        "upstream": label,
        "price": presenters.price_of(label, services.known_price(asked.connection, asked.arguments["area_code"])),
        "note": note,
    }
    template = "_back_order_form.html" if request.htmx.target == "back_order" else "back_order_new.html"
    return render(request, f"numbers/{template}", context, status=status)


@allowed(May.READ_NUMBERS)
@require_safe
def made(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Each number of the order: come, or awaited."""
    return _shown(request, own_order(request, public_id))


def _shown(request: HttpRequest, row: BackOrder, *, note: str = "", status: int = 200) -> HttpResponse:
    template = "_back_order_state.html" if request.htmx.target == "back_order_state" else "back_order_made.html"
    may_change = request.standing.may(May.CHANGE_NUMBERS)
    context = {
        "order": row,
        "row": presenters.row_of(row),
        "upstream": row.connection.label,
        "may_stop": may_change and services.stoppable(row),
        "may_withdraw": may_change and services.withdrawable(row),
        "note": note,
    }
    return render(request, f"numbers/{template}", context, status=status)


def own_order(request: HttpRequest, public_id: uuid.UUID) -> BackOrder:
    rows = BackOrder.objects.for_account(request.account).select_related("operation", "connection", "user")
    return get_object_or_404(rows.prefetch_related("arrivals__number"), public_id=public_id)


@allowed(May.CHANGE_NUMBERS)
@require_POST
def stop(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Wait for it no longer; the upstream itself is told by its staff, not by us."""
    row = own_order(request, public_id)
    services.stop(Actor.of(request), row)
    return redirect("numbers:back_order_made", public_id=row.public_id)


@allowed(May.CHANGE_NUMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take back what no worker has sent yet, after a look at what that means; too late is said, with what became of it."""
    row = own_order(request, public_id)
    there = redirect("numbers:back_order_made", public_id=row.public_id)
    if request.method != "POST":
        context = {"order": row, "row": presenters.row_of(row), "upstream": row.connection.label}
        return render(request, "numbers/back_order_withdraw.html", context) if services.withdrawable(row) else there
    if services.withdraw(Actor.of(request), row):
        return there
    row = own_order(request, public_id)
    if row.operation.state == Operation.State.WITHDRAWN:
        return there
    return _shown(request, row, note=presenters.too_late(row), status=409)
