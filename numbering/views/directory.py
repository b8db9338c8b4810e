"""A number in the public directory (411): how it stands there, listing it, changing its entry, taking it out."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed
from accounts.actor import Actor
from accounts.presenting import phone
from accounts.roles import May
from numbering import places
from numbering.forms.directory import ListingForm, as_listed
from numbering.forms.intent import CHANGED, DAMAGED
from numbering.models import DirectoryChange, DirectoryListing, Number
from numbering.presenters import directory as presenters
from numbering.presenters import problems
from numbering.services import directory as services
from numbering.services.intents import Busy, IntentUsed, new_intent, read_intent
from numbering.views.numbers import own_number
from providers.models import Operation


def listable_number(request: HttpRequest, pk: int) -> Number:
    """Upstreams without a directory have no such page."""
    number = own_number(request, pk)
    if not services.can_list(number):
        raise Http404
    return number


@allowed(May.CHANGE_NUMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def directory(request: HttpRequest, pk: int) -> HttpResponse:
    """The entry as it is, and the form to list the number or change its entry."""
    number = listable_number(request, pk)
    if request.method != "POST":
        return _page(request, number)
    form = _blank(number, request.POST)
    if not form.is_valid():
        return _page(request, number, form, status=422, note=str(DAMAGED) if form.is_damaged else "")
    actor, sent = Actor.of(request), form.cleaned_data
    try:
        services.ask_to_list(actor, number, form.entry(), str(sent["intent"]), version=sent["version"])
    except services.Stale as stale:
        differs = presenters.differences(stale.now, form.entry())
        return _page(request, number, form, status=409, note=str(CHANGED), differs=differs)
    except IntentUsed:
        note = _("This form was already sent with other values. Please check it and save again.")
        return _page(request, number, form, status=409, note=note)
    except Busy:
        return _page(request, number, form, status=409, note=_busy())
    return _done(request, number)


def _busy() -> str:
    return _("Another change of this entry is on its way. Wait for its outcome.")


@allowed(May.CHANGE_NUMBERS)
@require_safe
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes by itself while a worker is at it; the page asks until it is final."""
    number = listable_number(request, pk)
    if request.htmx.target != "directory_state":
        return redirect("numbers:directory", pk=number.pk)
    return _page(request, number)


@allowed(May.CHANGE_NUMBERS)
@require_POST
def unlist(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it out. Who wants it back lists it again."""
    number = listable_number(request, pk)
    try:
        services.ask_to_unlist(Actor.of(request), number, read_intent(request.POST.get("intent", "")))
    except (Busy, IntentUsed):
        return _page(request, number, status=409, note=_busy())
    return _done(request, number)


def _done(request: HttpRequest, number: Number) -> HttpResponse:
    if request.htmx.target == "directory_state":
        return _page(request, number)
    return redirect("numbers:directory", pk=number.pk)


def _page(
    request: HttpRequest, number: Number, form: ListingForm | None = None, *, status: int = 200, note: str = "",
    differs: list | None = None,
) -> HttpResponse:  # fmt: skip
    listing, change = services.listing_of(number), services.latest_change(number)
    standing = presenters.standing_of(number, listing, change)
    if form is None and not standing.busy:
        form = _form(number, listing, change)
    context = {
        "number": number,
        "title": phone(number.number),
        "upstream": number.connection.label,
        "standing": standing,
        "listing": listing,
        "form": form,
        "intent": new_intent(),
        "version": services.version_of(listing, change),
        "conflict": note,
        "differs": differs,
    }
    fragment = request.htmx.target == "directory_state"
    return render(request, f"numbers/{'_directory_state' if fragment else 'directory'}.html", context, status=status)


def _blank(number: Number, data=None, **more) -> ListingForm:
    return ListingForm(data, rules=number.connection.client_class.emergency_rules, **more)


def _form(number: Number, listing: DirectoryListing | None, change: DirectoryChange | None) -> ListingForm:
    """As it starts: what was refused, the entry as it is, or what we can guess."""
    refused = (
        change and not change.removal and change.operation.state in (Operation.State.FAILED, Operation.State.PARKED)
    )
    if refused:
        initial = change.wanted
    else:
        initial = listing.entry if listing else _guess(number)
    form = _blank(number, initial=initial)
    if refused:
        problems.put_on(form, change.operation.problems, number.connection.label)
    return form


def _guess(number: Number) -> dict:
    words = as_listed(number.account.name).split()
    return {
        "kind": "business",
        "sort_name": words[0][:30] if words else "",
        "rest": " ".join(words[1:])[:106],
        "city": number.city,
        "region": places.letters_of(number.region) if places.country_of(places.letters_of(number.region)) else "",
    }
