"""Deleting a text: asked first, because it does not come back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import allowed
from accounts.actor import Actor
from accounts.presenting import when
from accounts.roles import May
from messaging import deleting
from messaging.models import Message
from messaging.presenters.texts import bubble


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def delete(request: HttpRequest, public_id) -> HttpResponse:
    rows = (
        Message.objects.for_account(request.account)
        .shown()
        .select_related("thread", "account", "connection", "sent_by")
    )
    message = get_object_or_404(rows.prefetch_related("media", "retries"), public_id=public_id)
    if request.method == "GET":
        context = {"message": message, "bubble": bubble(message), "when": when(message.at), "thread": message.thread}
        return render(request, "messages/delete.html", context)
    try:
        deleting.delete(Actor.of(request), message)
    except deleting.NotSettled:
        messages.error(request, _("This text is still on its way. It can be deleted once that is settled."))
    else:
        messages.success(request, _("Deleted."))
    return redirect("messages:thread", pk=message.thread_id)
