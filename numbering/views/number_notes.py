"""Our own note and tags on a number: saved at once, no upstream knows them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from numbering.forms.intent import CHANGED, DAMAGED
from numbering.forms.numbers import NotesForm
from numbering.models import Number
from numbering.presenters import numbers as presenters
from numbering.services import numbers as services
from numbering.services.numbers import Stale
from numbering.views.numbers import own_number


@allowed(May.CHANGE_NUMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, pk: int) -> HttpResponse:
    """The form in its card's place, or on a page of its own."""
    row = own_number(request, pk)
    if request.method != "POST":
        if "cancel" in request.GET:
            return _notes_card(request, row)
        return _notes_form(request, row, NotesForm(number=row))
    form = NotesForm(request.POST, number=row)
    if form.is_damaged:
        return _notes_again(request, row, DAMAGED)
    if not form.is_valid():
        return _notes_form(request, row, form, status=422)
    try:
        services.save_notes(Actor.of(request), row, form.values(), version=form.cleaned_data["version"])
    except Stale as stale:
        return _notes_again(request, row, CHANGED, stale.now)
    return _notes_card(request, own_number(request, pk))


def _notes_again(request: HttpRequest, row: Number, why: str, now: dict | None = None) -> HttpResponse:
    row = own_number(request, row.pk)
    form = NotesForm.renewed(request.POST, version=services.notes_version(row), number=row)
    return _notes_form(request, row, form, status=409, conflict=why, now=now)


def _notes_form(request: HttpRequest, row: Number, form: NotesForm, *, status: int = 200, **more) -> HttpResponse:
    in_place = request.htmx.target == "number_notes"
    form.focus_first()
    context = {"number": row, "form": form, "in_place": in_place, "full_title": presenters.phone(row.number), **more}
    return render(request, "numbers/_notes_form.html" if in_place else "numbers/notes.html", context, status=status)


def _notes_card(request: HttpRequest, row: Number) -> HttpResponse:
    if request.htmx.target != "number_notes":
        return redirect("numbers:detail", pk=row.pk)
    context = {"number": row, "tags": presenters.tags_of(row), "may_note": True, "focus": True}
    return render(request, "numbers/_number_notes.html", context)
