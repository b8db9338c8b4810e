"""Texts that wait for their time: the list of them, and changing, cancelling or sending one at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allowed
from accounts.actor import Actor
from accounts.presenting import when
from accounts.roles import May
from messaging import scheduling, senders
from messaging.later_forms import ISO, ScheduledForm
from messaging.models import Message
from messaging.presenters.scheduled import ScheduledRow, scheduled_rows
from messaging.views.compose import typed_length

MOST_SHOWN = 200


@require_GET
@allowed(May.READ_MESSAGES)
def scheduled(request: HttpRequest) -> HttpResponse:
    rows = scheduling.waiting(request.account).select_related("thread", "account", "sent_by")
    found = list(rows[: MOST_SHOWN + 1])
    may_send = request.standing.may(May.SEND_MESSAGES)
    context = {
        "rows": scheduled_rows(found[:MOST_SHOWN], request.account, may_send=may_send),
        "has_more": len(found) > MOST_SHOWN,
        "may_send": may_send,
    }
    return render(request, "messages/scheduled.html", context)


def _message(request: HttpRequest, public_id) -> Message:
    rows = Message.objects.for_account(request.account).filter(send_at__isnull=False, direction="outbound")
    return get_object_or_404(rows.select_related("thread", "account"), public_id=public_id)


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def edit(request: HttpRequest, public_id) -> HttpResponse:
    row = _message(request, public_id)
    if not scheduling.is_waiting(row):
        return _too_late(request, row)
    form, status = _form(request, row), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            return _changed(request, row, form)
    return _page(request, row, form, status)


def _form(request: HttpRequest, row: Message) -> ScheduledForm:
    local = timezone.localtime(row.send_at)
    initial = {"body": row.body, "send_on": local.date(), "send_time": local.time()}
    initial["seen"] = row.changed_at.strftime(ISO)
    longest = row.connection.client_class.longest_text
    between = {"sender": row.our_number, "to": row.contact_number}
    return ScheduledForm(
        request.POST or None, initial=initial, **between, has_picture=row.media.exists(), longest=longest
    )


def _changed(request: HttpRequest, row: Message, form: ScheduledForm) -> HttpResponse:
    data = form.cleaned_data
    try:
        scheduling.change(Actor.of(request), row, data["body"], data["send_at"], seen=data["seen"])
    except scheduling.ChangedMeanwhile:
        row.refresh_from_db()
        theirs = {"time": when(row.send_at), "text": row.body}
        words = _("Somebody else changed it meanwhile. It goes out: %(time)s, with the words “%(text)s”.") % theirs
        form.add_error(None, words + " " + _("Save once more to put yours in their place."))
        form.show_again(row.changed_at)
        return _page(request, row, form, 409)
    except scheduling.TooLate:
        form.add_error(None, _("It went out, or was cancelled, before your change was saved."))
        return _page(request, row, form, 409)
    words = _("It goes out: %(time)s.") % {"time": when(data["send_at"])}
    if form.twice:
        words += " " + _("The clock shows that time twice that night; it goes out the first time.")
    messages.success(request, words)
    return redirect("messages:scheduled")


def _page(request: HttpRequest, row: Message, form: ScheduledForm, status: int) -> HttpResponse:
    shown: ScheduledRow = scheduled_rows([row], request.account, may_send=True)[0]
    length = typed_length(
        request, form["body"].value() or "", senders.sender(request.account, row.our_number), row.contact_number
    )
    context = {"form": form, "row": shown, "length": length, "lines": True}
    return render(request, "messages/scheduled_edit.html", context, status=status)


@require_POST
@allowed(May.SEND_MESSAGES)
def cancel(request: HttpRequest, public_id) -> HttpResponse:
    row = _message(request, public_id)
    try:
        scheduling.cancel(Actor.of(request), row)
    except scheduling.TooLate:
        row.refresh_from_db()
        return _too_late(request, row)
    messages.success(request, _("Cancelled. It will not go out."))
    return redirect("messages:scheduled")


@require_POST
@allowed(May.SEND_MESSAGES)
def send_now(request: HttpRequest, public_id) -> HttpResponse:
    row = _message(request, public_id)
    try:
        scheduling.send_now(Actor.of(request), row)
    except scheduling.TooLate:
        row.refresh_from_db()
        return _too_late(request, row)
    messages.success(request, _("It is on its way."))
    return redirect("messages:thread", pk=row.thread_id)


def _too_late(request: HttpRequest, row: Message) -> HttpResponse:
    """To the conversation, which says what became of it."""
    if row.state == Message.State.CANCELLED:
        messages.info(request, _("This text was cancelled already."))
    else:
        messages.error(request, _("Too late: this text is on its way or has gone out."))
    return redirect("messages:thread", pk=row.thread_id)
