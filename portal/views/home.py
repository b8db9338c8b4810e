"""The first page after signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts import visits
from accounts.access import signed_in
from portal.presenters.home import home_of


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Cards for what the person may see in the account. Staff without an account of their own work in the admin."""
    if request.account is None and request.user.is_staff:
        return redirect("admin:index")
    if request.account is None:
        return render(request, "no_account.html", status=403)
    page = home_of(request.standing, visits.last_visit(request))
    visits.seen(request.user)
    return render(request, "home.html", {"home": page})
