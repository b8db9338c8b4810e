"""What can be done with a conversation as a whole: read, archive, name, give to a colleague, block."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from messaging import blocking, services, teamwork
from messaging.forms import NameForm
from messaging.models import Thread


def thread_of(request: HttpRequest, pk: int) -> Thread:
    rows = Thread.objects.for_account(request.account).select_related("account", "assigned_to")
    return get_object_or_404(teamwork.with_replying(rows, request.user), pk=pk)


@require_POST
@allowed(May.SEND_MESSAGES)
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """The page says so by itself as soon as the newest text is on the screen."""
    row = thread_of(request, pk)
    if row.unread:
        services.mark_read(Actor.of(request), row)
    return HttpResponse(status=204) if request.htmx else redirect("messages:thread", pk=pk)


@require_POST
@allowed(May.SEND_MESSAGES)
def mark_unread(request: HttpRequest, pk: int) -> HttpResponse:
    services.mark_unread(Actor.of(request), thread_of(request, pk))
    return redirect("messages:inbox")


@require_POST
@allowed(May.SEND_MESSAGES)
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    services.archive(Actor.of(request), thread_of(request, pk))
    messages.success(request, _("The conversation is in the archive. A new text brings it back."))
    return redirect("messages:inbox")


@require_POST
@allowed(May.SEND_MESSAGES)
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    services.restore(Actor.of(request), thread_of(request, pk))
    return redirect("messages:thread", pk=pk)


@require_POST
@allowed(May.SEND_MESSAGES)
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the contact; an empty name takes it away."""
    row, form = thread_of(request, pk), NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A name has at most 80 characters."))
    else:
        services.rename(Actor.of(request), row, form.cleaned_data["name"])
    return redirect("messages:thread", pk=pk)


@require_POST
@allowed(May.SEND_MESSAGES)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """To a colleague, to oneself, or to nobody in particular."""
    row = thread_of(request, pk)
    try:
        person = teamwork.colleague(request.account, request.user, request.POST.get("person", ""))
    except teamwork.NotOneOfUs:
        messages.error(request, _("This person cannot read messages here, so nothing was changed."))
    else:
        teamwork.assign(Actor.of(request), row, person)
    return redirect("messages:thread", pk=pk)


@require_POST
@allowed(May.SEND_MESSAGES)
def block(request: HttpRequest, pk: int) -> HttpResponse:
    blocking.block(Actor.of(request), thread_of(request, pk), True)
    messages.success(request, _("Blocked. What they write is kept in the folder Blocked and makes no noise."))
    return redirect("messages:inbox")


@require_POST
@allowed(May.SEND_MESSAGES)
def unblock(request: HttpRequest, pk: int) -> HttpResponse:
    blocking.block(Actor.of(request), thread_of(request, pk), False)
    messages.success(request, _("No longer blocked. New texts come to the inbox again."))
    return redirect("messages:thread", pk=pk)
