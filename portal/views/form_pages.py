"""The page of a form: as it is first, with its mistakes, or sent again under a key that was used."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.forms import IntentForm


def form_page(request: HttpRequest, template: str, form, context: dict | None = None, status: int = 0) -> HttpResponse:
    context = {**(context or {}), "form": form}
    return render(request, template, context, status=status or (422 if form.is_bound else 200))


def reused(request: HttpRequest, template: str, form, context: dict | None = None) -> HttpResponse:
    """The key of the form was used for something else: keep what was typed, and give it a new key."""
    typed = request.POST.copy()
    typed["intent"] = str(IntentForm().initial["intent"])
    form.data = typed
    form.add_error(None, _("This form was sent before with something else in it. Check it, then send it again."))
    return form_page(request, template, form, context, status=409)
