"""Requests that belong together: split by losing carrier and kind, and seen as one (row D3)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from numbering.forms import port_steps
from numbering.models import PortBundle
from numbering.presenters import port_bundles as presenters
from numbering.services import port_pages
from numbering.services import ports as services
from numbering.services.intents import Busy
from numbering.views.port_pages import drafted, version_of, why_not


@allowed(May.READ_PORTS)
@require_safe
def bundle(request: HttpRequest, public_id) -> HttpResponse:
    """The requests that were begun together, under one state."""
    found = get_object_or_404(PortBundle.objects.for_account(request.account), public_id=public_id)
    ports = list(found.ports.filter(gone_at=None).select_related("connection", "operation").order_by("pk"))
    return render(request, "numbers/port_bundle.html", {"whole": presenters.whole_of(found, ports)})


@allowed(May.CHANGE_PORTS)
@require_POST
def port_split(request: HttpRequest, public_id) -> HttpResponse:
    """Some of the numbers are with another provider: they go on beside, in a request of their own."""
    port = drafted(request, public_id)
    carrier = " ".join(request.POST.get("other_provider", "").split())[:60]
    numbers = request.POST.getlist("other_numbers")
    if why := why_not(port):
        messages.info(request, why)
        return redirect("numbers:port", public_id=port.public_id)
    back = redirect("numbers:port_page", port.public_id, port_steps.ACCOUNT)
    if not set(numbers) & set(port.numbers) or set(port.numbers) <= set(numbers):
        messages.warning(request, _("Choose some of the numbers, and leave at least one here."))
        return back
    try:
        port_pages.move_to_other_carrier(Actor.of(request), port, numbers, carrier, version_of(request))
    except (services.Stale, Busy, services.NotEditable):
        messages.warning(request, _("Nothing was split: somebody changed this request meanwhile. Look and try again."))
        return back
    messages.success(request, _("They have a request of their own now, beside this one."))
    return back
