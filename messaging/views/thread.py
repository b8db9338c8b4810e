"""One conversation: reading it live, answering, trying again, and what can be done with it as a whole."""

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import allowed
from accounts.actor import Actor
from accounts.presenting import phone
from accounts.roles import May
from messaging import consent, reasons, senders, services
from messaging.forms import NameForm, TextForm
from messaging.models import Message, Thread
from messaging.pages import Place, moment, older, read_place, stamp
from messaging.presenters.conversations import panel as panel_of
from messaging.presenters.opt_outs import how
from messaging.presenters.texts import bubble, bubbles
from messaging.services import CannotSend, MayHaveGone
from messaging.views.inbox import threads_of
from numbering.models import Number
from numbering.services.intents import IntentUsed

PAGE = 50
OVERLAP = 5_000_000  # microseconds: what was committed late is sent once more
MOST_CHANGES = 50


def _thread(request: HttpRequest, pk: int) -> Thread:
    return get_object_or_404(Thread.objects.for_account(request.account).select_related("account"), pk=pk)


def _messages(thread: Thread):
    rows = Message.objects.filter(thread=thread, deleted_at=None)
    return rows.select_related("connection", "sent_by").prefetch_related("media", "retries")


@require_GET
@allowed(May.READ_MESSAGES)
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """The conversation beside the list; or only its older part."""
    row = _thread(request, pk)
    place = read_place(request.GET.get("before", ""))
    if place and request.htmx.target == "earlier":
        return render(request, "messages/_earlier.html", _talk(request, row, place))
    return _page(request, row, TextForm(), place=place)


def _page(
    request: HttpRequest, row: Thread, form: TextForm, *, status: int = 200, place: Place | None = None
) -> HttpResponse:
    context = {**threads_of(request, current=row.pk), **_talk(request, row, place), "form": form}
    return render(request, "messages/thread.html", context, status=status)


def _talk(request: HttpRequest, row: Thread, place: Place | None) -> dict:
    """One page of a conversation, the newest or the one before a place, and both of its sides."""
    found = list(older(_messages(row), "at", place)[: PAGE + 1])
    page = found[:PAGE][::-1]
    first = page[0] if len(found) > PAGE else None
    may_send = request.standing.may(May.SEND_MESSAGES)
    line = Number.objects.for_account(row.account).filter(number=row.our_number).order_by("gone_at", "-pk").first()
    sender = senders.sender(row.account, row.our_number) if may_send else None
    may_see = line.pk if line and request.standing.may(May.READ_NUMBERS) else 0
    panel = panel_of(row, row.account, label=line.label if line else "", may_see_number=may_see)
    return {
        "thread": row,
        "bubbles": bubbles(page, may_send=may_send),
        "earlier": str(Place(first.at, first.pk)) if first else "",
        "is_newest": place is None,
        "panel": panel,
        "contact": panel.title,
        "may_send": may_send,
        "opt_out": how(opt_out) if (opt_out := consent.thread_opt_out(row)) else "",
        "doubt": may_send and place is None and consent.sounds_like_stop(page),
        "may_answer": may_send and bool(sender) and (panel.answerable or sender.reaches_abroad),
        "can_picture": bool(sender and sender.mms),
        "after": _newest(row) if place is None else 0,
        "talk_mark": stamp(row.changed_at),
    }


def _newest(row: Thread) -> int:
    return Message.objects.filter(thread=row).aggregate(pk=Max("pk"))["pk"] or 0


@require_GET
@allowed(May.READ_MESSAGES)
def since(request: HttpRequest, pk: int) -> HttpResponse:
    """What came, and what took another state, since the page was drawn. Unchanged, it answers nothing."""
    row = _thread(request, pk)
    after, mark = _whole(request.GET.get("after")), _whole(request.GET.get("v"))
    if mark == stamp(row.changed_at):
        return HttpResponse(status=204)
    may_send = request.standing.may(May.SEND_MESSAGES)
    changed = _messages(row).filter(pk__lte=after, changed_at__gt=moment(max(0, mark - OVERLAP)))
    new = list(_messages(row).filter(pk__gt=after).order_by("at", "pk")[:PAGE])
    before = _messages(row).filter(pk__lte=after).aggregate(at=Max("at"))["at"] if new else None
    context = {
        "thread": row,
        "bubbles": bubbles(new, after=before, may_send=may_send),
        "changed": [bubble(message, may_send=may_send) for message in changed.order_by("-pk")[:MOST_CHANGES]],
        "after": max([after, *(message.pk for message in new)]),
        "talk_mark": stamp(row.changed_at),
        "may_send": may_send,
        "contact": row.contact_name or phone(row.contact_number, request.account.country),
    }
    return render(request, "messages/_since.html", context)


def _whole(text: str | None) -> int:
    """A number from the page's own link; anything else is 0."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0


# --- sending ----------------------------------------------------------------------------------------------------------


@require_POST
@allowed(May.SEND_MESSAGES)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer in the conversation. A refusal stands at its field, with what was typed."""
    row = _thread(request, pk)
    form, status = TextForm(request.POST, request.FILES), 422
    if form.is_valid():
        try:
            _queue(request, row, form)
        except CannotSend as error:
            form.refuse(error)
        except IntentUsed:
            form.add_error(None, _("This form has sent another text already. Look above before you send this one too."))
            status = 409
        else:
            return _sent(request, row)
    form = form.again()
    if request.htmx:
        return render(request, "messages/_composer.html", {**_talk_sides(request, row), "form": form}, status=status)
    return _page(request, row, form, status=status)


def _queue(request: HttpRequest, row: Thread, form: TextForm) -> Message:
    data = form.cleaned_data
    key = f"sms:{request.user.pk}:{data['intent']}"
    what = (row.our_number, row.contact_number, data["body"], data["picture"])
    return services.queue_message(Actor.of(request), request.account, *what, key=key, send_at=data["send_at"])


def _sent(request: HttpRequest, row: Thread) -> HttpResponse:
    """An empty composer with a fresh key; the conversation is told to look for the new text at once."""
    if not request.htmx:
        return redirect("messages:thread", pk=row.pk)
    response = render(
        request, "messages/_composer.html", {**_talk_sides(request, row), "form": TextForm(), "focus": True}
    )
    response["HX-Trigger"] = "sent"
    return response


def _talk_sides(request: HttpRequest, row: Thread) -> dict:
    sender = senders.sender(request.account, row.our_number)
    return {
        "thread": row,
        "may_answer": True,
        "can_picture": bool(sender and sender.mms),
        "panel": panel_of(row, row.account, label=""),
    }


@require_POST
@allowed(May.SEND_MESSAGES)
def retry(request: HttpRequest, public_id) -> HttpResponse:
    """Send a failed text again. Where the first may have gone out, a person is asked before a second goes."""
    rows = Message.objects.for_account(request.account).select_related("thread", "account", "connection", "sent_by")
    message = get_object_or_404(rows, public_id=public_id)
    try:
        services.retry_message(
            Actor.of(request), message, key=f"retry:{message.public_id}", confirmed=request.POST.get("confirmed") == "1"
        )
    except MayHaveGone:
        shown = bubble(message)
        return render(request, "messages/retry.html", {"message": message, "bubble": shown, "thread": message.thread})
    except (CannotSend, IntentUsed) as error:
        messages.error(request, reasons.reason(getattr(error, "code", "nothing-to-retry")))
    else:
        messages.success(request, _("The text is on its way again."))
    return redirect("messages:thread", pk=message.thread_id)


# --- the conversation as a whole --------------------------------------------------------------------------------------


@require_POST
@allowed(May.SEND_MESSAGES)
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """The page says so by itself as soon as the newest text is on the screen."""
    row = _thread(request, pk)
    if row.unread:
        services.mark_read(Actor.of(request), row)
    return HttpResponse(status=204) if request.htmx else redirect("messages:thread", pk=pk)


@require_POST
@allowed(May.SEND_MESSAGES)
def mark_unread(request: HttpRequest, pk: int) -> HttpResponse:
    services.mark_unread(Actor.of(request), _thread(request, pk))
    return redirect("messages:inbox")


@require_POST
@allowed(May.SEND_MESSAGES)
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    services.archive(Actor.of(request), _thread(request, pk))
    messages.success(request, _("The conversation is in the archive. A new text brings it back."))
    return redirect("messages:inbox")


@require_POST
@allowed(May.SEND_MESSAGES)
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    services.restore(Actor.of(request), _thread(request, pk))
    return redirect("messages:thread", pk=pk)


@require_POST
@allowed(May.SEND_MESSAGES)
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the contact; an empty name takes it away."""
    row, form = _thread(request, pk), NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A name has at most 80 characters."))
    else:
        services.rename(Actor.of(request), row, form.cleaned_data["name"])
    return redirect("messages:thread", pk=pk)
