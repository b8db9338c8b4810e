"""One conversation: reading it live, answering, trying again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import allowed
from accounts.actor import Actor
from accounts.models import User
from accounts.presenting import phone
from accounts.roles import May
from messaging import blocking, consent, costs, reasons, senders, services, talks, teamwork
from messaging.forms import TextForm, longest_of
from messaging.models import Message, Thread
from messaging.note_forms import NoteForm
from messaging.pages import read_place, stamp
from messaging.presenters.conversations import assigned
from messaging.presenters.conversations import panel as panel_of
from messaging.presenters.opt_outs import how
from messaging.presenters.senders import one_way
from messaging.presenters.texts import bubble, length_typed
from messaging.presenters.timeline import Reader, timeline
from messaging.searching import Question
from messaging.senders import Sender
from messaging.services import CannotSend, MayHaveGone
from messaging.views.conversation import thread_of
from messaging.views.inbox import sources_of, threads_of
from numbering.models import Number
from numbering.services.intents import IntentUsed


@require_GET
@allowed(May.READ_MESSAGES)
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """The conversation beside the list; or only its older part; or where the text stands that was searched for."""
    row = thread_of(request, pk)
    place = read_place(request.GET.get("before", ""))
    part = talks.part_before(row, place) if place else talks.part_around(row, _whole(request.GET.get("hit")))
    if place and request.htmx.target == "earlier":
        return render(request, "messages/_earlier.html", _talk(request, row, part))
    typed = teamwork.draft_of(request.user, row) if request.standing.may(May.SEND_MESSAGES) else ""
    return _page(request, row, _form(request, row, initial={"body": typed}), part=part)


def _form(request: HttpRequest, row: Thread, *args, **kwargs) -> TextForm:
    return TextForm(*args, sender=_sender_of(request, row), to=row.contact_number, **kwargs)


def _sender_of(request: HttpRequest, row: Thread) -> Sender | None:
    """Whose number or name the conversation is, if it may still send; asked once for a page."""
    if not hasattr(request, "text_sender"):
        request.text_sender = senders.sender(row.account, row.our_number)
    return request.text_sender


def _page(
    request: HttpRequest, row: Thread, form: TextForm, *, status: int = 200, part: talks.Part | None = None
) -> HttpResponse:
    talk = _talk(request, row, part or talks.part_before(row, None))
    context = {**threads_of(request, current=row.pk), **talk, "form": form, "note_form": NoteForm()}
    if typed := form["body"].value():
        price = costs.of(form.sender, row.contact_number)
        context["length"] = length_typed(typed, longest_of(form.sender), price)
    return render(request, "messages/thread.html", context, status=status)


def _talk(request: HttpRequest, row: Thread, part: talks.Part) -> dict:
    """A part of a conversation, and both of its sides."""
    may_send = request.standing.may(May.SEND_MESSAGES)
    line = Number.objects.for_account(row.account).filter(number=row.our_number).order_by("gone_at", "-pk").first()
    sender = _sender_of(request, row) if may_send else None
    may_see = line.pk if line and request.standing.may(May.READ_NUMBERS) else 0
    side = line.connection_id if line else sender.connection.pk if sender else None
    source = sources_of(request).tag(side)
    panel = panel_of(row, row.account, label=line.label if line else "", may_see_number=may_see, source=source)
    after, after_note = talks.newest(row) if part.is_newest else (0, 0)
    return {
        "thread": row,
        "bubbles": timeline(part.rows, _reader(request)),
        "earlier": str(part.earlier) if part.earlier else "",
        "is_newest": part.is_newest,
        "panel": panel,
        "contact": panel.title,
        "may_send": may_send,
        "is_blocked": blocking.is_blocked(row),
        "assigned": assigned(row, request.user),
        "colleagues": teamwork.colleagues(row.account) if may_send else (),
        "opt_out": how(opt_out) if (opt_out := consent.thread_opt_out(row)) else "",
        "doubt": may_send and part.is_newest and consent.sounds_like_stop(part.texts),
        "may_answer": may_send and bool(sender) and (panel.answerable or sender.reaches_abroad),
        "can_picture": bool(sender and sender.mms),
        "one_way": one_way(sender) if sender and sender.is_name else "",
        "after": after,
        "after_note": after_note,
        "talk_mark": stamp(row.changed_at),
        "replying": _replying(row),
    }


def _reader(request: HttpRequest) -> Reader:
    """Who reads; words that were searched for are marked while the search is in the address."""
    may_send = request.standing.may(May.SEND_MESSAGES)
    words = Question.read(request.GET.get("q", "")).words
    return Reader(request.user, may_send, words, _whole(request.GET.get("hit")))


def _replying(row: Thread) -> str:
    person = User.objects.filter(pk=row.replying).first() if row.replying else None
    return teamwork.first_name(person) if person else ""


@require_GET
@allowed(May.READ_MESSAGES)
def since(request: HttpRequest, pk: int) -> HttpResponse:
    """What came, and what took another state, since the page was drawn. Unchanged, it answers nothing."""
    row = thread_of(request, pk)
    after, after_note, mark, seen = (_whole(request.GET.get(name)) for name in ("after", "note", "v", "by"))
    if mark == stamp(row.changed_at) and seen == (row.replying or 0):
        return HttpResponse(status=204)
    news = talks.news(row, after, after_note, mark)
    reader = _reader(request)
    context = {
        "thread": row,
        "bubbles": timeline(news.new, reader, after=news.before),
        "changed": timeline(news.changed, reader),
        "gone": news.gone,
        "deleted": news.deleted,
        "after": news.after,
        "after_note": news.after_note,
        "talk_mark": stamp(row.changed_at),
        "replying": _replying(row),
        "assigned": assigned(row, request.user),
        "may_send": reader.may_send,
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
    row = thread_of(request, pk)
    form, status = _form(request, row, request.POST, request.FILES), 422
    if form.is_valid():
        try:
            _queue(request, row, form)
        except CannotSend as error:
            form.refuse(error)
        except IntentUsed:
            form.add_error(None, _("This form has sent another text already. Look above before you send this one too."))
            status = 409
        else:
            teamwork.forget_draft(request.user, row)
            return _sent(request, row)
    form = form.again()
    if request.htmx:
        return render(request, "messages/_composer.html", {**_talk_sides(request, row), "form": form}, status=status)
    return _page(request, row, form, status=status)


def _queue(request: HttpRequest, row: Thread, form: TextForm) -> Message:
    data = form.cleaned_data
    key = f"sms:{request.user.pk}:{data['intent']}"
    what = (row.our_number, row.contact_number, data["body"], data["picture"])
    alt = data["picture_alt"]
    return services.queue_message(Actor.of(request), request.account, *what, key=key, alt=alt, send_at=data["send_at"])


def _sent(request: HttpRequest, row: Thread) -> HttpResponse:
    """An empty composer with a fresh key; the conversation is told to look for the new text at once."""
    if not request.htmx:
        return redirect("messages:thread", pk=row.pk)
    response = render(
        request, "messages/_composer.html", {**_talk_sides(request, row), "form": _form(request, row), "focus": True}
    )
    response["HX-Trigger"] = "sent"
    return response


def _talk_sides(request: HttpRequest, row: Thread) -> dict:
    sender = _sender_of(request, row)
    return {
        "thread": row,
        "may_answer": True,
        "can_picture": bool(sender and sender.mms),
        "one_way": one_way(sender) if sender and sender.is_name else "",
        "panel": panel_of(row, row.account, label=""),
    }


@require_POST
@allowed(May.SEND_MESSAGES)
def retry(request: HttpRequest, public_id) -> HttpResponse:
    """Send a failed text again. Where the first may have gone out, a person is asked before a second goes."""
    rows = Message.objects.for_account(request.account).shown()
    rows = rows.select_related("thread", "account", "connection", "sent_by")
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
