"""The search box above every page, and its page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.access import signed_in
from portal.presenters.search import find, only_number

LONGEST = 100


@signed_in
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Everything in the account that fits, of what the person may see."""
    if request.account is None:
        return render(request, "no_account.html", status=403)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    groups = find(request.standing, text)
    fragment = request.htmx.target == "search-results"
    if not fragment and (url := only_number(groups, text)):
        return redirect(url)
    context = {"q": text, "groups": groups}
    return render(request, "_search_results.html" if fragment else "search.html", context)
