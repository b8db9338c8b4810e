"""Writing a new text, and counting it while it is typed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from messaging import costs, senders, services
from messaging.forms import ComposeForm, longest_of
from messaging.models import Message
from messaging.presenters.senders import hint_of
from messaging.presenters.texts import length_typed
from messaging.senders import Sender
from messaging.services import CannotSend
from messaging.views.insert import inserted, number_typed
from numbering.services.intents import IntentUsed

LAST_SENDER = "last_sender"
LONGEST_COUNTED = 4000


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def compose(request: HttpRequest) -> HttpResponse:
    found = senders.senders(request.account)
    if request.method == "GET" or not found:
        return _page(request, _form(request, found, initial=_initial(request)), found)
    form, status = _form(request, found, request.POST, request.FILES), 422
    if form.is_valid():
        try:
            message = _queue(request, form)
        except CannotSend as error:
            form.refuse(error)
        except IntentUsed:
            form.add_error(
                None, _("This form has sent another text already. Look in the inbox before you send this one too.")
            )
            status = 409
        else:
            request.session[LAST_SENDER] = message.our_number
            return redirect("messages:thread", pk=message.thread_id)
    return _page(request, form.again(), found, status=status)


def _form(request: HttpRequest, found: list[Sender], *args, **kwargs) -> ComposeForm:
    return ComposeForm(*args, senders=found, account=request.account, **kwargs)


def _initial(request: HttpRequest) -> dict:
    """The number used last; a link may name both sides."""
    sender = request.GET.get("from") or request.session.get(LAST_SENDER, "")
    to = request.GET.get("to", "")[:60]
    return {"sender": sender, "to": to, "body": inserted(request, to)}


def _queue(request: HttpRequest, form: ComposeForm) -> Message:
    data = form.cleaned_data
    key = f"sms:{request.user.pk}:{data['intent']}"
    what = (data["sender"], data["to"], data["body"], data["picture"])
    alt = data["picture_alt"]
    return services.queue_message(Actor.of(request), request.account, *what, key=key, alt=alt, send_at=data["send_at"])


def _page(request: HttpRequest, form: ComposeForm, found: list[Sender], status: int = 200) -> HttpResponse:
    sender = form.chosen_sender()
    context = {
        "form": form,
        "has_numbers": bool(found),
        "length": typed_length(request, form["body"].value() or "", sender, form["to"].value() or ""),
        "sender_hint": hint_of(sender, pictures=form.takes_pictures),
    }
    return render(request, "messages/compose.html", context, status=status)


def typed_length(request: HttpRequest, body: str, sender: Sender | None, to: str) -> dict:
    """With the price where it goes; until that is known, where the account is at home."""
    price = costs.of(sender, number_typed(request, to), request.account.country) if body and sender else None
    return length_typed(body, longest_of(sender), price)


@require_POST
@allowed(May.SEND_MESSAGES)
def count(request: HttpRequest) -> HttpResponse:
    """Parts, what is left and the letters that cost, for what is typed so far and whoever sends it."""
    wanted = request.POST.get("sender", "")[:20].replace("\0", "")
    sender = senders.sender(request.account, wanted) if wanted else None
    to = request.POST.get("to", "").replace("\0", "")[:120]
    length = typed_length(request, request.POST.get("body", "")[:LONGEST_COUNTED], sender, to)
    context = {"length": length, "lines": "lines" in request.POST}
    if "hint" in request.POST:
        context |= {"sender_hint": hint_of(sender, pictures=request.POST["hint"] == "pictures"), "oob": True}
        return render(request, "messages/_count_and_hint.html", context)
    return render(request, "messages/_count.html", context)
