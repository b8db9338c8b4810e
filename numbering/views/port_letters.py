"""The letter of authorization of a port: to look at, to print, or to sign on screen."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from numbering import letters
from numbering.forms import port_steps
from numbering.forms.port_letters import LetterForm
from numbering.models import PortRequest
from numbering.presenters import port_facts, port_pages
from numbering.services import port_letters as services
from numbering.services.intents import Busy, IntentUsed, new_intent, read_intent
from numbering.services.ports import NotEditable
from numbering.views.port_pages import drafted

LANGUAGES = ("en", "fr")


@allowed(May.CHANGE_PORTS)
@require_safe
def letter(request: HttpRequest, public_id) -> HttpResponse:
    """The letter filled in and not signed, to print or to look at."""
    port = drafted(request, public_id)
    language = request.GET.get("lang", "")
    content = letters.write(port, language if language in LANGUAGES else get_language()[:2])
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{services.file_name(port)}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@allowed(May.CHANGE_PORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, public_id) -> HttpResponse:
    port = drafted(request, public_id)
    if not port.is_editable or port.gone_at or not port.connection.client_class.port_rules.documents:
        messages.info(request, _("No letter can be added to this request any more."))
        return redirect("numbers:port", public_id=port.public_id)
    if request.method != "POST":
        initial = {"language": get_language()[:2], "name": port.details.get("authorized_by", "")}
        return _shown(request, port, LetterForm(initial=initial))
    form = LetterForm(request.POST)
    if not form.is_valid():
        return _shown(request, port, form, status=422)
    return _signed(request, port, form)


def _signed(request: HttpRequest, port: PortRequest, form: LetterForm) -> HttpResponse:
    actor, said = Actor.of(request), form.cleaned_data
    signature = letters.Signature(said["name"], timezone.now(), actor.name, actor.ip or "", said["drawn"])
    try:
        services.sign(actor, port, said["language"], signature, read_intent(request.POST.get("intent", "")))
    except (Busy, NotEditable, IntentUsed):
        note = _("The letter was not added: this request cannot be changed just now.")
        return _shown(request, port, form, status=409, note=note)
    messages.success(request, _("Signed. The letter is with your documents."))
    return redirect(_back(port))


def _back(port: PortRequest) -> str:
    if port.status == PortRequest.Status.NOT_READY:
        return port_pages.page_url(port, port_steps.PAPERS)
    return reverse("numbers:port", args=[port.public_id])


def _shown(
    request: HttpRequest, port: PortRequest, form: LetterForm, status: int = 200, note: str = ""
) -> HttpResponse:
    context = {
        "port": port, "form": form, "note": note, "back": _back(port), "number_lines": port_facts.number_lines(port),
        "facts": port_facts.account_facts(port) + port_facts.place_facts(port),
        "intent": new_intent() if status in {200, 409} else request.POST.get("intent", ""),
    }  # fmt: skip
    return render(request, "numbers/port_letter.html", context, status=status)
