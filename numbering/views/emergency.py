"""911: coverage of the account, the address of a number, and choosing among alternates."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.access import allowed
from accounts.actor import Actor
from accounts.ownership import connections_of
from accounts.presenting import colon, phone
from accounts.roles import May
from accounts.sources import Sources
from numbering import places
from numbering.forms.addresses import tidy
from numbering.forms.emergency import CopyForm, EmergencyAddressForm
from numbering.models import EmergencyChange, Number
from numbering.presenters import addresses, coverage_map, problems
from numbering.presenters import devices as device_presenters
from numbering.presenters import emergency as presenters
from numbering.presenters import emergency_book as book_presenters
from numbering.presenters import emergency_calls as call_presenters
from numbering.services import coverage as cover
from numbering.services import coverage_shares as shares
from numbering.services import devices as device_services
from numbering.services import emergency as services
from numbering.services import emergency_book as book
from numbering.services import emergency_calls as calls
from numbering.services import emergency_terms as terms
from numbering.services.intents import Busy, IntentUsed, new_intent, read_intent

Step = EmergencyChange.State
HISTORY = 20
PLACES = 12  # entries of the book that a number's page offers at once
CHANGED_MEANWHILE = gettext_lazy(
    "Somebody changed the address of this number while you were at it. What is in force now is shown beside; nothing that you "
    "typed is lost. Send it again if it is still right."
)


@allowed(May.READ_E911)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """How many numbers are covered, and every number with its state, those without an address first."""
    search, only = tidy(request.GET.get("q", ""))[:60], request.GET.get("only", "")
    region = request.GET.get("region", "")[:40]
    regions = shares.told_as(request.account, region) if region else None
    lines, after = cover.page(
        request.account, search=search, only=only, after=request.GET.get("after", ""), regions=regions
    )
    sources = Sources.of(request.account, "e911")
    may_change = request.standing.may(May.CHANGE_E911)
    place = book.usual_place(request.account) if may_change else None
    usual = book_presenters.card_of(place) if place else None
    whole, by_region = shares.told_apart(request.account)
    context = {
        "search": search,
        "region": region,
        "region_name": places.region_name(region),
        "only": only,
        "rows": [_row(line, sources, offers=bool(usual)) for line in lines],
        "usual": usual,
        "may_change": may_change,
        "after": after,
        "coverage": whole,
        "freshness": sources.lines(),
        "is_first": not request.GET.get("after"),
    }
    if request.htmx.target == "e911_list":
        return render(request, "numbers/_e911_list.html", context)
    return render(request, "numbers/e911.html", context | _told_apart(request, by_region))


def _told_apart(request: HttpRequest, regions: list[shares.Share]) -> dict:
    """The map and its table, and for a reseller the accounts below."""
    may_look_down = request.standing.may(May.READ_SUBACCOUNTS)
    return {
        "watch": call_presenters.watch_of(
            calls.recent(request.account), connections_of(request.account).order_by("pk")
        ),
        "maps": coverage_map.maps_of(regions),
        "regions": regions,
        "tied_nowhere": device_services.tied_nowhere(request.account),
        "accounts": shares.by_account(request.account) if may_look_down else [],
    }


def _row(line: cover.Line, sources: Sources, *, offers: bool) -> presenters.Row:
    sent = f"{new_intent()} {services.version_from(line.change, line.endpoint)}" if offers else ""
    return presenters.row_of(line.number, line.endpoint, line.change, sources, sent=sent)


def own_number(request: HttpRequest, pk: int) -> Number:
    return get_object_or_404(
        Number.objects.for_account(request.account).present().select_related("connection", "account"), pk=pk
    )


@allowed(May.READ_E911)
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """A number's address: what is in force, what is under way, and the form."""
    number = own_number(request, pk)
    if request.method == "POST":
        if not request.standing.may(May.CHANGE_E911):
            raise PermissionDenied(May.CHANGE_E911)
        return _save(request, number)
    return show(request, number)


@allowed(May.READ_E911)
@require_safe
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes by itself while a worker is at it; the page asks until it is final."""
    number = own_number(request, pk)
    if request.htmx.target != "e911_state":
        return redirect("numbers:e911_number", pk=number.pk)
    response = show(request, number)
    if not presenters.is_open(services.latest_change(number)):
        trigger_client_event(response, "e911-settled")  # with an address, or without, devices can do other things
    return response


def show(request: HttpRequest, number: Number, **more) -> HttpResponse:
    fragment = request.htmx.target == "e911_state"
    context = _page(request, number, **more)
    if not fragment:
        may_change = request.standing.may(May.CHANGE_E911)
        context["devices"] = more.get("devices") or device_presenters.panel_of(number, may_change=may_change)
    template = "numbers/_e911_state.html" if fragment else "numbers/e911_number.html"
    return render(request, template, context, status=more.get("status", 200))


def _page(request: HttpRequest, number: Number, *, form=None, note: str = "", **_more) -> dict:
    endpoint, change = services.endpoint_of(number), services.latest_change(number)
    busy = presenters.is_open(change)
    editable = request.standing.may(May.CHANGE_E911) and not busy and can_change(number)
    choosing = bool(change and change.state == Step.ALTERNATES and form is None and "edit" not in request.GET)
    if form is None and editable and not choosing and _wants_form(request, endpoint, change):
        form = _form(request, number, endpoint, change)
    past = services.changes_of(number).select_related("user")[:HISTORY]
    return {
        "number": number,
        "title": phone(number.number),
        "state": presenters.emergency_state(number, endpoint, change),
        "since": presenters.since(endpoint, change),
        "endpoint": endpoint,
        "kept": presenters.keeps_addresses(number),
        "lines": addresses.lines(endpoint.address) if endpoint else [],
        "story": presenters.story_of(number, endpoint, change),
        "change": change,
        "busy": busy,
        "editable": editable,
        "alternates": addresses.alternates_of(change) if choosing else [],
        "asked": addresses.one_line(change.wanted) if choosing else "",
        "form": form,
        "copy_form": _copy_form(request, number) if form else None,
        "places": [book_presenters.card_of(place) for place in book.places_of(request.account)[:PLACES]]
        if form
        else [],
        "intent": new_intent(),
        "version": services.version_from(change, endpoint),
        "note": note,
        "accepted": form.acceptance if form else None,
        "terms_version": terms.TERMS_VERSION,
        "history": presenters.history_of(past),
        "last_test": call_presenters.last_test(calls.last_test(number)),
    }


def can_change(number: Number) -> bool:
    return presenters.can_have_address(number) and presenters.keeps_addresses(number)


def _wants_form(request: HttpRequest, endpoint, change) -> bool:
    """At once where something is missing or went wrong; otherwise when the person asks for it."""
    went_wrong = bool(change and change.state in {Step.FAILED, Step.DIFFERS, Step.UNKNOWN} and not change.removal)
    return endpoint is None or went_wrong or "edit" in request.GET or "copy" in request.GET


def _form(request: HttpRequest, number: Number, endpoint, change) -> EmergencyAddressForm:
    """The form as it starts: a copied address, what was typed last, what is in force, or what we can guess."""
    copied = _copied(request, number)
    unsettled = change and change.wanted and change.state not in {Step.PROVISIONED, Step.REMOVED}
    if copied:
        initial = copied
    elif unsettled:
        initial = change.wanted
    else:
        initial = endpoint.address if endpoint else _guess(number)
    form = blank(request, number, initial=initial)
    if change and change.state == Step.FAILED and not copied:
        problems.put_on(form, change.problems, number.connection.label)
    return form


def blank(request: HttpRequest, number: Number, data=None, **more) -> EmergencyAddressForm:
    """The form in the words of the number's upstream, without the terms for who accepted them before."""
    rules = number.connection.client_class.emergency_rules
    return EmergencyAddressForm(data, rules=rules, acceptance=terms.acceptance(request.account, request.user), **more)


def _copied(request: HttpRequest, number: Number) -> dict | None:
    wanted = request.GET.get("copy", "")
    others = cover.addresses_to_copy(request.account, number) if wanted else ()
    return next((endpoint.address for endpoint in others if str(endpoint.pk) == wanted), None)


def _copy_form(request: HttpRequest, number: Number) -> CopyForm | None:
    """Each address once, by the first number that has it."""
    choices = {
        addresses.one_line(one.address): one for one in reversed(cover.addresses_to_copy(request.account, number))
    }
    pairs = [(one.pk, f"{phone(one.number)}{colon()}{address}") for address, one in choices.items()]
    return CopyForm({"copy": request.GET.get("copy", "")}, choices=reversed(pairs)) if pairs else None


def _guess(number: Number) -> dict:
    account = number.account
    region = number.region if places.country_of(number.region) else ""
    return {"name": account.name[:32], "region": region, "language": account.language}


def _save(request: HttpRequest, number: Number) -> HttpResponse:
    form = blank(request, number, request.POST)
    if not can_change(number):
        return show(request, number, status=409, note=_("This number cannot have a 911 address."))
    label = form.cleaned_data.get("keep_as", "") if form.is_valid() else ""
    if label and book.is_taken(request.account, label, form.address()):
        form.add_error("keep_as", _("Another address of the book has this name."))
    if not form.is_valid():
        return show(request, number, form=form, status=422)
    actor, version = Actor.of(request), request.POST.get("version", "")
    if form.cleaned_data.get("terms"):
        terms.accept(actor)
    return asked(
        request,
        number,
        form,
        lambda intent: services.ask_and_keep(actor, number, form.address(), intent, version=version, label=label),
    )


def asked(request: HttpRequest, number: Number, form, ask, intent: str | None = None) -> HttpResponse:
    """Ask, and tell the person where the same form or another change is in the way."""
    try:
        ask(read_intent(request.POST.get("intent", "") if intent is None else intent))
    except IntentUsed:
        note = _(
            "This form was already sent with another address. Check what is in force, then send it again if you must."
        )
        return show(request, number, form=form, status=409, note=note)
    except Busy:
        return show(
            request,
            number,
            form=form,
            status=409,
            note=_("Another change of this address is on its way. Wait for its outcome."),
        )
    except services.Stale:
        return show(request, number, form=form, status=409, note=CHANGED_MEANWHILE)
    except book.Full:
        return show(request, number, form=form, status=409, note=_("The address book is full."))
    except services.NotAnAlternate:
        return show(request, number, status=409, note=_("These addresses are no longer on offer. Start again."))
    if request.htmx.target == "e911_state":
        return show(request, number)
    return redirect("numbers:e911_number", pk=number.pk)


@allowed(May.CHANGE_E911)
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one of the addresses that upstream offered, with exactly its words."""
    number = own_number(request, pk)
    change = services.changes_of(number).filter(public_id=_uuid(request.POST.get("change"))).first()
    choice = request.POST.get("choice", "")
    if change is None:
        raise Http404
    if not choice.isdecimal() or len(choice) > 3:
        return show(request, number, status=422, note=_("Choose one of the addresses."))
    actor = Actor.of(request)
    return asked(
        request, number, None, lambda intent: services.accept_alternate(actor, number, change, int(choice), intent)
    )


def _uuid(text: str | None) -> str:
    try:
        return read_intent(text or "")
    except IntentUsed:
        raise Http404 from None
