"""The 911 address book: the list, one entry, and giving an entry's address to a number with one click (E6)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from numbering import places
from numbering.forms.emergency import PlaceForm
from numbering.models import EmergencyPlace
from numbering.presenters import emergency_book as presenters
from numbering.services import emergency as services
from numbering.services import emergency_book as book
from numbering.services import emergency_terms as terms
from numbering.views.emergency import asked, blank, can_change, own_number, show


@allowed(May.READ_E911)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    rows = [presenters.card_of(place) for place in book.places_of(request.account)]
    return render(
        request, "numbers/e911_book.html", {"rows": rows, "may_change": request.standing.may(May.CHANGE_E911)}
    )


@allowed(May.CHANGE_E911)
@require_http_methods(["GET", "HEAD", "POST"])
def place_new(request: HttpRequest) -> HttpResponse:
    account = request.account
    region = "QC" if account.language == "fr" else ""
    initial = {"name": account.name[:32], "region": region, "language": account.language}
    form = PlaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            place = book.write(
                Actor.of(request), form.cleaned_data["label"], form.address(), is_usual=form.cleaned_data["is_usual"]
            )
        except book.NameTaken:
            form.add_error("label", _("Another address of the book has this name."))
        except book.Full:
            form.add_error(None, _("The address book is full."))
        else:
            return _written(request, place, _("The address is in the book. No number has it yet."))
    return _form(request, form)


def _form(request: HttpRequest, form: PlaceForm, place: EmergencyPlace | None = None, **more) -> HttpResponse:
    status = more.pop("status", 422 if form.errors else 200)
    context = {"form": form, "place": place, "back": _back(request), **more}
    return render(request, "numbers/e911_place.html", context, status=status)


def _back(request: HttpRequest) -> str:
    """The numbers that wait for an address to be written, as the page of many numbers named them."""
    wanted = request.POST.get("numbers", request.GET.get("numbers", ""))
    return wanted if len(wanted) < 8000 and all(one.isdecimal() or one == "gaps" for one in wanted.split(",")) else ""


def _written(request: HttpRequest, place: EmergencyPlace, words: str) -> HttpResponse:
    messages.success(request, words)
    if back := _back(request):
        response = redirect("numbers:e911_assign")
        response["Location"] += f"?numbers={back}&place={place.pk}"
        return response
    return redirect("numbers:e911_book")


def _place(request: HttpRequest, pk) -> EmergencyPlace:
    return get_object_or_404(book.places_of(request.account), pk=pk)


@allowed(May.CHANGE_E911)
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """An entry as a form. Numbers that have its address keep the old one until they are given the new."""
    row = _place(request, pk)
    if request.method != "POST":
        return _form(request, PlaceForm(initial=_values(row)), row)
    form = PlaceForm(request.POST)
    if form.is_valid():
        sent = form.cleaned_data
        try:
            row = book.change(
                Actor.of(request), row.pk, sent["label"], form.address(), is_usual=sent["is_usual"],
                version=sent["version"] or 0,
            )  # fmt: skip
        except book.NameTaken:
            form.add_error("label", _("Another address of the book has this name."))
        except book.Changed:
            return _again(request, row.pk)
        else:
            return _written(request, row, _("The book is changed. Numbers that have this address keep the old one."))
    return _form(request, form, row)


def _values(row: EmergencyPlace) -> dict:
    return {**row.address, "label": row.label, "is_usual": row.is_usual, "version": row.version}


def _again(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody was quicker: what was typed stays, what stands there now is shown, and sending again is a decision."""
    row = _place(request, pk)
    data = request.POST.copy()
    data["version"] = str(row.version)
    form = PlaceForm(data)
    form.is_valid()
    return _form(request, form, row, status=409, now=presenters.card_of(row))


@allowed(May.CHANGE_E911)
@require_http_methods(["GET", "HEAD", "POST"])
def place_delete(request: HttpRequest, pk: int) -> HttpResponse:
    row = _place(request, pk)
    if request.method == "POST":
        book.remove(Actor.of(request), row)
        messages.success(request, _("The address is out of the book. Numbers that have it keep it."))
        return redirect("numbers:e911_book")
    return render(request, "numbers/e911_place_delete.html", {"place": presenters.card_of(row)})


@allowed(May.CHANGE_E911)
@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a number an address of the book with one click; who has not accepted the limits yet is asked for that first.

    `sent` is the button's own: a one-time intent and the version of what the page showed.
    """
    number = own_number(request, pk)
    chosen = request.POST.get("place", "")
    row = _place(request, chosen if chosen.isdecimal() and len(chosen) < 18 else 0)
    if not can_change(number):
        return show(request, number, status=409, note=_("This number cannot have a 911 address."))
    form = blank(request, number, initial=row.address)
    if not form.acceptance and not request.POST.get("terms"):
        form.cleaned_data = {}
        form.add_error("terms", form.fields["terms"].error_messages["required"])
        return show(request, number, form=form, status=422)
    actor, (intent, _blank, version) = Actor.of(request), request.POST.get("sent", "").partition(" ")
    if not form.acceptance:
        terms.accept(actor)
    address = {**row.address, "language": row.address.get("language", "") if _in_canada(row) else ""}
    return asked(
        request,
        number,
        form,
        lambda key: services.ask_for_address(actor, number, address, key, version=version),
        intent,
    )


def _in_canada(row: EmergencyPlace) -> bool:
    return places.country_of(row.address.get("region", "")) == "CA"
