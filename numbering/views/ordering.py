"""Finding numbers for sale, the price before the order, and what became of each number."""

import uuid
from collections import defaultdict
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from billing import spending
from numbering.forms.finding import FindForm, OrderForm
from numbering.models import NumberOrder, OrderLine
from numbering.presenters import ordering as presenters
from numbering.presenters.back_orders import row_of as back_order_row
from numbering.services import back_orders, searches
from numbering.services import orders as services
from numbering.services.intents import IntentUsed, new_intent
from numbering.services.orders import CannotOrder
from numbering.services.questions import TooOften

PAGE = 50


# --- finding ----------------------------------------------------------------------------------------------------------


@allowed(May.CHANGE_NUMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """What kind of number is wanted. Every upstream that sells numbers is asked, by workers."""
    sellers = searches.sellers_for(request.account)
    if request.method != "POST":
        first = {name: request.GET.get(name, "") for name in ("kind", "area_code", "city")}
        return _found(request, FindForm(initial=first, sellers=sellers), sellers)
    form = FindForm(request.POST, sellers=sellers)
    if not sellers or not form.is_valid():
        return _found(request, form, sellers, status=422)
    try:
        search = searches.ask(Actor.of(request), sellers, form.wanted())
    except TooOften as error:
        form.add_error(None, error.words)
        return _found(request, form, sellers, status=422)
    return redirect("numbers:found", public_id=search)


@allowed(May.CHANGE_NUMBERS)
@require_safe
def found(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The answers so far, under the form that asked; the page looks again while one is missing."""
    search = _search(request, public_id)
    if request.htmx.target == "found":
        return render(request, "numbers/_found.html", {"search": search, "found": presenters.found_of(search)})
    sellers = searches.sellers_for(request.account)
    return _found(request, FindForm(initial=search.wanted, sellers=sellers), sellers, search=search)


def _search(request: HttpRequest, public_id: uuid.UUID) -> searches.Search:
    search = searches.found(request.account, public_id)
    if search is None:
        raise Http404
    return search


def _found(request: HttpRequest, form: FindForm, sellers: list, *, search=None, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "sellers": sellers,
        "search": search,
        "found": presenters.found_of(search) if search else None,
        "may_back_order": bool(search and back_orders.takers_for(request.account)),
    }
    return render(request, "numbers/find.html", context, status=status)


# --- ordering ---------------------------------------------------------------------------------------------------------


@allowed(May.CHANGE_NUMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def order_new(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What was chosen, what it costs now and each month, and one button that says so (A8)."""
    search = _search(request, public_id)
    posted = request.method == "POST"
    numbers = (request.POST if posted else request.GET).getlist("numbers")
    try:
        offers = services.chosen_from(search, numbers)
    except CannotOrder as error:
        context = {"search": search, "found": presenters.found_of(search), "note": presenters.cannot(error)}
        sellers = searches.sellers_for(request.account)
        form = FindForm(initial=search.wanted, sellers=sellers)
        return render(request, "numbers/find.html", {"form": form, "sellers": sellers, **context}, status=422)
    if posted:
        return _order(request, search, offers)
    note = presenters.cannot(CannotOrder("old")) if services.is_old(search) else ""
    return _review(request, search, offers, note=note)


def _order(request: HttpRequest, search: searches.Search, offers: list[services.Offer]) -> HttpResponse:
    form = OrderForm(request.POST, asks_consent=services.needs_consent(offers))
    if {"intent", "price"} & set(form.errors) or request.POST.get("price") != services.price_of(offers):
        note = _("The price is not the one you saw. Look at it, then confirm again.")
        return _review(request, search, offers, note=note, status=409)
    if not form.is_valid():
        return _review(request, search, offers, form=form, status=422)
    try:
        made = services.order(Actor.of(request), search, offers, str(form.cleaned_data["intent"]))
    except IntentUsed:
        note = _("This form was already sent with other numbers. Look at it, then confirm again.")
        return _review(request, search, offers, note=note, status=409)
    except CannotOrder as error:
        return _review(request, search, offers, note=presenters.cannot(error), status=422)
    except spending.TooMuch as error:
        note = presenters.too_much(error.left, error.currency, error.cap is not None)
        return _review(request, search, offers, note=note, status=422)
    return redirect("numbers:order", made[0].public_id) if len(made) == 1 else redirect("numbers:orders")


def _review(
    request: HttpRequest, search: searches.Search, offers: list, *, form=None, note: str = "", status: int = 200
) -> HttpResponse:
    bill = presenters.bill_of(offers)
    first = {"intent": new_intent(), "price": services.price_of(offers)}
    connections = {offer.connection for offer in offers}
    context = {
        "search": search,
        "rows": [presenters.offer_row(offer, len(connections) > 1) for offer in offers],
        "bill": bill,
        "button": presenters.button_of(offers, bill),
        "form": form or OrderForm(initial=first, asks_consent=services.needs_consent(offers)),
        "note": note,
        "is_old": services.is_old(search),
        "caps": presenters.caps_in_words(_caps(request)),
        "upstreams": ", ".join(sorted(connection.label for connection in connections)),
    }
    return render(request, "numbers/order_new.html", context, status=status)


def _caps(request: HttpRequest) -> list:
    """Only the account's own: what those above may spend is not its business."""
    caps = spending.caps_of(request.account).filter(account=request.account)
    return [(cap.account.name, cap.per_day, spending.left_of_cap(cap), cap.currency) for cap in caps]


# --- orders -----------------------------------------------------------------------------------------------------------


@allowed(May.READ_NUMBERS)
@require_safe
def order(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Each number of an order with its outcome; looks again while one is on its way."""
    rows = NumberOrder.objects.for_account(request.account).select_related("connection", "user")
    found = get_object_or_404(rows, public_id=public_id)
    lines = list(found.lines.select_related("operation").order_by("pk"))
    context = {"order": found, "page": presenters.page_of(found, lines)}
    template = "numbers/_order_lines.html" if request.htmx.target == "order_lines" else "numbers/order.html"
    return render(request, template, context)


@allowed(May.READ_NUMBERS)
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """All orders of the account, the newest first."""
    rows = NumberOrder.objects.for_account(request.account).select_related("connection", "user").newest_first()
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 18:
        rows = rows.filter(pk__lt=int(after))
    page = list(rows[: PAGE + 1])
    lines: dict[int, list[OrderLine]] = defaultdict(list)
    for line in OrderLine.objects.filter(order__in=page[:PAGE]).select_related("operation").order_by("pk"):
        lines[line.order_id].append(line)
    more = len(page) > PAGE
    context = {
        "rows": [presenters.order_row(row, lines[row.pk]) for row in page[:PAGE]],
        "next_url": f"{reverse('numbers:orders')}?{urlencode({'after': page[PAGE - 1].pk})}" if more else "",
        "first_url": reverse("numbers:orders") if after else "",
        "awaited": [] if after else [back_order_row(row) for row in back_orders.recent(request.account)],
    }
    return render(request, "numbers/orders.html", context)
