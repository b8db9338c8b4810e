"""Error pages. They say what happened and what to do, never what broke inside."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import public
from accounts.roles import May, roles_that


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or cookies switched off."""
    return render(request, "csrf.html", status=403)


@public
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says who can, so that the person knows whom to ask."""
    permission = str(exception)
    known = permission in May.values
    context = {"act": May(permission).label, "roles": roles_that(permission)} if known else {}
    return render(request, "403.html", context, status=403)


@public
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


@public
def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", {"request_id": getattr(request, "request_id", "")}, status=500)
