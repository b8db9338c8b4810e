"""Everything that was ever asked for a number's 911 address (E10)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import allowed
from accounts.presenting import phone
from accounts.roles import May
from numbering.presenters.emergency_history import entry_of
from numbering.services.emergency import changes_of
from numbering.views.emergency import own_number

PAGE = 50


@allowed(May.READ_E911)
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Newest first, fifty at a time; older ones follow the id that the address names."""
    number, place = own_number(request, pk), request.GET.get("after", "")
    rows = changes_of(number).select_related("user", "operation")
    following = rows.filter(pk__lt=int(place)) if place.isdecimal() and len(place) < 18 else rows
    found = list(following[: PAGE + 1])
    newest = rows.values_list("pk", flat=True).first()
    context = {
        "number": number,
        "title": phone(number.number),
        "entries": [
            entry_of(change, is_latest=change.pk == newest, for_staff=request.user.is_staff) for change in found[:PAGE]
        ],
        "confirmations": number.emergency_confirmations.filter(account=number.account_id).select_related("user")[:PAGE],
        "after": found[PAGE - 1].pk if len(found) > PAGE else "",
    }
    return render(request, "numbers/e911_history.html", context)
