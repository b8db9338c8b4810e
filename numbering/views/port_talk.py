"""What people say about a port: comments, and the wish to cancel or change it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allowed, confirm_first, confirmed_lately
from accounts.actor import Actor
from accounts.roles import May
from numbering.forms.port_talk import AskForm, CommentForm
from numbering.models import PortAsk, PortRequest
from numbering.presenters import port_talk as presenters
from numbering.presenters import ports as port_presenters
from numbering.services import port_talk as services
from numbering.services.intents import Busy, IntentUsed, new_intent, read_intent
from numbering.services.ports import NotEditable
from numbering.views.port_pages import drafted


@allowed(May.CHANGE_PORTS)
@require_POST
def comment(request: HttpRequest, public_id) -> HttpResponse:
    """A comment, in every state: also after completion there may be something to say."""
    port = drafted(request, public_id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _talk(request, port, form, status=422)
    try:
        intent = read_intent(request.POST.get("intent", ""))
    except IntentUsed:
        return _talk(request, port, form, status=409)
    try:
        services.comment(Actor.of(request), port, services.Remark(form.cleaned_data["body"]), intent)
    except services.TooMany:
        form.add_error(
            "body", _("At most %(count)s comments an hour. Try again in a while.") % {"count": services.MOST}
        )
        return _talk(request, port, form, status=422)
    if request.htmx.target == "port_talk":
        return _talk(request, port, CommentForm())
    return redirect(f"{reverse('numbers:port', args=[port.public_id])}#port_talk")


def _talk(request: HttpRequest, port: PortRequest, form: CommentForm, status: int = 200) -> HttpResponse:
    context = {"port": port, "talk": presenters.talk_of(port), "comment_form": form, "comment_intent": new_intent()}
    template = "numbers/_port_talk.html" if request.htmx.target == "port_talk" else "numbers/port_talk.html"
    return render(request, template, context, status=status)


@allowed(May.CHANGE_PORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, public_id) -> HttpResponse:
    """Cancel a draft, or ask staff to cancel or change what upstream has; before the port day."""
    port = drafted(request, public_id)
    if not services.may_be_asked(port):
        messages.info(request, _("This port can be neither cancelled nor changed any more."))
        return redirect("numbers:port", public_id=port.public_id)
    if services.is_only_here(port):
        return _drop(request, port)
    form = AskForm(request.POST if request.method == "POST" else None, port=port, initial=_initial(request))
    if request.method != "POST":
        return _asking(request, port, form)
    if not form.is_valid():
        return _asking(request, port, form, status=422)
    return _asked(request, port, form)


def _initial(request: HttpRequest) -> dict:
    kind = request.GET.get("kind", "")
    return {"kind": kind} if kind in PortAsk.Kind.values else {}


def _drop(request: HttpRequest, port: PortRequest) -> HttpResponse:
    if request.method != "POST":
        return _asking(request, port, None)
    try:
        services.drop(Actor.of(request), port)
    except (Busy, NotEditable):
        messages.warning(request, _("This request cannot be changed just now. What you typed is still here."))
    else:
        messages.success(request, _("The draft is closed. Your numbers stay where they are."))
    return redirect("numbers:port", public_id=port.public_id)


def _asked(request: HttpRequest, port: PortRequest, form: AskForm) -> HttpResponse:
    said = form.cleaned_data
    if said["kind"] == PortAsk.Kind.CANCEL and not confirmed_lately(request):
        messages.info(request, _("Confirm that it is you, then ask again."))
        return confirm_first(request, f"{reverse('numbers:port_ask', args=[port.public_id])}?kind=cancel")
    try:
        intent = read_intent(request.POST.get("intent", ""))
        services.ask(Actor.of(request), port, said["kind"], said["wanted_on"], said["words"], intent)
    except (services.TooLate, IntentUsed):
        messages.warning(request, _("This port can be neither cancelled nor changed any more."))
        return redirect("numbers:port", public_id=port.public_id)
    messages.success(request, _("Our staff have your wish and answer here. Until then the port goes on as it is."))
    return redirect("numbers:port", public_id=port.public_id)


def _asking(request: HttpRequest, port: PortRequest, form: AskForm | None, status: int = 200) -> HttpResponse:
    context = {
        "port": port, "title": port_presenters.title_of(port), "form": form,
        "intent": new_intent() if status == 200 else request.POST.get("intent", ""),
    }  # fmt: skip
    return render(request, "numbers/port_ask.html", context, status=status)
