"""Saving a view of the list of numbers, and forgetting one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import allowed
from accounts.roles import May
from numbering.forms.number_filter import KEPT
from numbering.models import SavedView
from numbering.services import saved_views as services


@allowed(May.READ_NUMBERS)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it stands under a name of the person's own."""
    name = " ".join(request.POST.get("name", "").replace("\0", "").split())[:40]
    query = services.tidy_query(request.POST.get("query", "").replace("\0", ""), KEPT)
    if not name:
        messages.error(request, _("Give the view a name."))
    else:
        try:
            services.save_view(request.account, request.user, name, query)
        except services.TooMany:
            messages.error(request, _("You have 20 views. Delete one of them first."))
        else:
            messages.success(request, _("The view “%(name)s” is saved.") % {"name": name})
    return redirect(list_url(query))


@allowed(May.READ_NUMBERS)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.for_account(request.account).filter(user=request.user), pk=pk)
    view.delete()
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return redirect(list_url(view.query))


def list_url(query: str) -> str:
    return f"{reverse('numbers:list')}?{query}" if query else reverse("numbers:list")
