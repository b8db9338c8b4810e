"""The question whether numbers can be brought over, beside the form of a port request."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from numbering.forms import number_lists, port_steps
from numbering.models import PortRequest
from numbering.presenters import port_checks as presenters
from numbering.services import port_checks as services
from numbering.services.ports import carriers_for
from numbering.services.questions import TooOften
from providers.clients.base import Capability


@allowed(May.CHANGE_PORTS)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Ask about the numbers that stand in the form. Nothing else of it is looked at."""
    wanted = request.POST.get("connection", "")
    able = [one for one in carriers_for(request.account) if one.can(Capability.PORT_CHECK)]
    connection = next((one for one in able if str(one.pk) == wanted), None)
    if connection is None:
        raise Http404
    numbers, _bad = number_lists.read(request.POST.get("numbers", "")[: number_lists.LONGEST_TEXT])
    if not numbers:
        return _shown(request, presenters.none_to_ask())
    try:
        asked = services.ask(Actor.of(request), connection, numbers)
    except TooOften as error:
        return _shown(request, presenters.not_asked(error.words))
    return _shown(request, presenters.check_of(asked))


@allowed(May.CHANGE_PORTS)
@require_safe
def result(request: HttpRequest, public_id) -> HttpResponse:
    """The answer, as soon as a worker has it."""
    operation = services.asked_by(request.account, public_id)
    if operation is None:
        raise Http404
    if request.htmx.target != "port_check":
        return redirect("numbers:port_new")
    check, port = presenters.check_of(operation), _waiting(request)
    if port and check.all_good:
        return HttpResponseClientRedirect(reverse("numbers:port_page", args=[port.public_id, port_steps.ACCOUNT]))
    return render(request, "numbers/_port_check.html", {"check": check, "waiting": port})


def _waiting(request: HttpRequest) -> PortRequest | None:
    """The request whose first page waits for the answer: when all is well, it goes on by itself."""
    rows = PortRequest.objects.for_account(request.account)
    try:
        return rows.filter(public_id=uuid.UUID(request.GET.get("port", ""))).first()
    except ValueError:
        return None


def _shown(request: HttpRequest, check: presenters.Check) -> HttpResponse:
    return render(request, "numbers/_port_check.html", {"check": check})
