"""The list of numbers, a number's page, and the cards on it that are edited in place."""

from functools import partial
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import trigger_client_event

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from accounts.services import IntentUsed
from accounts.sources import Sources
from numbering.forms.intent import CHANGED, DAMAGED
from numbering.forms.number_filter import KEPT, NumberFilter
from numbering.forms.numbers import FORMS
from numbering.models import Number, PortRequest
from numbering.presenters import directory as directory_presenters
from numbering.presenters import number_page, routing
from numbering.presenters import numbers as presenters
from numbering.presenters.releases import leaving_of
from numbering.services import directory as directory_services
from numbering.services import numbers as services
from numbering.services import saved_views
from numbering.services.inventory import Porting
from numbering.services.numbers import SECTIONS, Stale
from numbering.services.ports import may_start
from numbering.services.releases import is_releasable, last_refused, open_release
from providers.clients.base import Capability

SAVED_BEFORE = gettext_lazy("This form was saved before with other values. Please check it and save again.")
MOST_ARRIVING = 500
SETTLED = "number-settled"  # tells the page's header and history to look again


@allowed(May.READ_NUMBERS)
@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    """The inventory: search, filters, a page of rows."""
    narrow = NumberFilter(request.GET, standing=request.standing)
    rows, after = _arriving(narrow) if narrow.chosen("state") == "porting_in" else _listed(request, narrow)
    context = {
        "filter": narrow,
        "columns": narrow.columns,
        "rows": rows,
        "freshness": narrow.sources.lines(),
        "next_url": _with(request, after=after) if after else "",
        "may_port": partial(may_start, request.standing),  # asked only by an empty list
        "coming": _coming(request, narrow),
        "first_url": _with(request, after=None) if narrow.chosen("after") else "",
        "may_change": request.standing.may(May.CHANGE_NUMBERS),
        "views": saved_views.views_of(request.account, request.user),
        "query": saved_views.tidy_query(request.GET.urlencode(), KEPT),
        "home": narrow.home.pk,
        "together": narrow.is_together,
        "elsewhere": narrow.account if narrow.is_elsewhere else None,
    }
    template = "numbers/_number_list.html" if request.htmx.target == "number_list" else "numbers/list.html"
    return render(request, template, context)


def _listed(request: HttpRequest, narrow: NumberFilter) -> tuple[list, int | None]:
    found, after = narrow.page()
    may_change, home, names = request.standing.may(May.CHANGE_NUMBERS), narrow.home.pk, narrow.names
    rows = [
        presenters.row_of(
            number, narrow.sources, narrow.porting, may_change=may_change, is_elsewhere=number.account_id != home,
            account=(number.account_id, names[number.account_id]) if narrow.is_together else None,
        )
        for number in found
    ]  # fmt: skip
    return rows, after


def _arriving(narrow: NumberFilter) -> tuple[list, None]:
    arriving = narrow.porting.arriving()[:MOST_ARRIVING]
    names = narrow.names if narrow.is_together else {}
    return [
        presenters.arriving_row(
            number, port, narrow.sources, is_elsewhere=port.account_id != narrow.home.pk,
            account=(port.account_id, names[port.account_id]) if names else None,
        )
        for number, port in arriving
    ], None  # fmt: skip


def _coming(request: HttpRequest, narrow: NumberFilter) -> int:
    """Port requests under way: numbers that are on their way here and in no list yet."""
    if narrow.is_elsewhere or not request.standing.may(May.READ_PORTS):
        return 0
    return PortRequest.objects.for_account(request.account).under_way().count()


def _with(request: HttpRequest, **changes) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


def own_number(request: HttpRequest, pk: int) -> Number:
    rows = Number.objects.for_account(request.account).select_related("connection")
    return get_object_or_404(rows.annotate(has_411=directory_services.is_listed()), pk=pk)


@allowed(May.READ_NUMBERS)
@require_GET
def number(request: HttpRequest, pk: int) -> HttpResponse:
    """All of a number on one page; its header and history alone when HTMX asks for them."""
    row = own_number(request, pk)
    if request.htmx.target == "number_history":
        return render(request, "numbers/_number_history.html", _history(row))
    if request.htmx.target == "number_header":
        return render(request, "numbers/_number_header.html", _header(request, row))
    return render(request, "numbers/detail.html", _page(request, row))


def _header(request: HttpRequest, row: Number) -> dict:
    texts = f"{reverse('messages:inbox')}?{urlencode({'q': row.number})}"
    emergency, porting = number_page.emergency_of(row), Porting.of(row.account)
    return {
        "number": row,
        "formatted": presenters.phone(row.number),
        "state": presenters.state_of(row, porting.port_of(row)),
        "routes": routing.routes_of(row, porting),
        "gone_note": presenters.gone_note(row),
        "place": presenters.place_of(row),
        "badges": presenters.badges_of(row, emergency.is_covered, row.has_411, unproved=porting.texts_unproved(row)),
        "freshness": Sources.of_one(row.connection, "numbers").lines(),
        "emergency": emergency,
        "leaving": leaving_of(open_release(row), last_refused(row), row.connection.label),
        "may_release": request.standing.may(May.CHANGE_NUMBERS) and is_releasable(row),
        "texts_url": texts if request.standing.may(May.READ_MESSAGES) and row.sms else "",
    }


def _page(request: HttpRequest, row: Number) -> dict:
    may = request.standing.may
    return {
        "cards": number_page.cards_of(row),
        "may_change": may(May.CHANGE_NUMBERS) and _is_changeable(row),
        "may_note": may(May.CHANGE_NUMBERS),
        "may_911": may(May.READ_E911),
        "tags": presenters.tags_of(row),
        **_directory(row, may(May.CHANGE_NUMBERS)),
        **_header(request, row),
        **_history(row),
    }


def _directory(row: Number, may_change: bool) -> dict:
    can = directory_services.can_list(row)
    known = (directory_services.listing_of(row), directory_services.latest_change(row)) if can else (None, None)
    return {"directory": directory_presenters.card_of(row, *known), "may_list": may_change and can}


def _history(row: Number) -> dict:
    return {"number": row, "events": number_page.history_of(row)}


def _is_changeable(row: Number) -> bool:
    return not presenters.gone_note(row) and row.connection.can(Capability.NUMBER_SETTINGS)


@allowed(May.READ_NUMBERS)
@require_GET
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """A card as it is now; the page asks while a change is on its way."""
    row, section = own_number(request, pk), request.GET.get("section", "")
    if section not in SECTIONS or request.htmx.target != f"card-{section}":
        return redirect("numbers:detail", pk=row.pk)
    return _card(request, row, section, focus="back" in request.GET)


def _card(request: HttpRequest, row: Number, section: str, *, focus: bool) -> HttpResponse:
    """`focus` puts the hand back where it was before the form; a card that only looked again must not take it."""
    card = number_page.card_of(row, section)
    may_change = request.standing.may(May.CHANGE_NUMBERS) and _is_changeable(row)
    context = {"number": row, "card": card, "may_change": may_change, "focus": focus}
    response = render(request, "numbers/_number_card.html", context)
    return response if card.poll else trigger_client_event(response, SETTLED)


# --- editing ----------------------------------------------------------------------------------------------------------


@allowed(May.CHANGE_NUMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """A card as a form, in its place on the page or, without JavaScript, on a page of its own."""
    row = own_number(request, pk)
    if section not in FORMS:
        raise Http404
    if not _is_changeable(row):
        return redirect("numbers:detail", pk=row.pk)
    if request.method == "POST":
        return ACTIONS.get(request.POST.get("action", ""), _save)(request, row, section)
    seen = services.overlay(row)
    form = FORMS[section](**_made_from(request, row, seen))
    form.show_refusals(number_page.problems_of(seen.of(section), row.connection.label))
    return _form(request, row, section, form)


def _made_from(request: HttpRequest, row: Number, seen: services.Overlay) -> dict:
    return {"number": row, "overlay": seen, "region": request.account.country}


def _save(request: HttpRequest, row: Number, section: str) -> HttpResponse:
    form = FORMS[section](request.POST, **_made_from(request, row, services.overlay(row)))
    if form.is_damaged:
        return _again(request, row, section, DAMAGED)
    if not form.is_valid():
        return _form(request, row, section, form, status=422)
    sent = form.cleaned_data
    try:
        services.change_number(
            Actor.of(request), row, section, form.values(), version=sent["version"], intent=str(sent["intent"])
        )
    except Stale as stale:
        return _again(request, row, section, CHANGED, stale.now)
    except IntentUsed:
        return _again(request, row, section, SAVED_BEFORE)
    return _saved(request, row, section)


def _again(request: HttpRequest, row: Number, section: str, why: str, now: dict | None = None) -> HttpResponse:
    """Both versions side by side, the person's still in the form: saving once more is a decision, not an accident."""
    seen = services.overlay(row)
    made_from = _made_from(request, row, seen)
    form = FORMS[section].renewed(request.POST, version=seen.version(section), **made_from)
    differs = number_page.differences(now, form.values()) if now and form.is_valid() else []
    return _form(request, row, section, form, status=409, conflict=why, differs=differs)


def _retry(request: HttpRequest, row: Number, section: str) -> HttpResponse:
    services.retry_changes(Actor.of(request), row, section)
    return _saved(request, row, section)


def _discard(request: HttpRequest, row: Number, section: str) -> HttpResponse:
    services.discard_changes(Actor.of(request), row, section)
    return _saved(request, row, section)


ACTIONS = {"retry": _retry, "discard": _discard}


def _saved(request: HttpRequest, row: Number, section: str) -> HttpResponse:
    if request.htmx.target == f"card-{section}":
        return trigger_client_event(_card(request, row, section, focus=True), SETTLED)
    return redirect("numbers:detail", pk=row.pk)


def _form(request: HttpRequest, row: Number, section: str, form, *, status: int = 200, **more) -> HttpResponse:
    in_place = request.htmx.target == f"card-{section}"
    form.focus_first()
    context = {
        "number": row,
        "section": section,
        "title": number_page.TITLES[section],
        "form": form,
        "in_place": in_place,
        "upstream": row.connection.label,
        "full_title": presenters.phone(row.number),
        **more,
    }
    template = "numbers/_number_form.html" if in_place else "numbers/edit.html"
    return render(request, template, context, status=status)
