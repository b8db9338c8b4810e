"""The person's own pages: account switcher, language, profile, activity."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed, public, signed_in
from accounts.activity import activity_row
from accounts.actor import Actor, audit
from accounts.forms import ProfileForm
from accounts.middleware import SESSION_KEY, set_language_cookie
from accounts.models import Account, AuditEntry, User
from accounts.roles import May, Role

ACTIVITY_PAGE = 50


def local_path(request: HttpRequest, wanted: str | None) -> str:
    """`wanted` when it is a path of this site, else the home page: no redirect ever leaves it."""
    safe = wanted and wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe else "/"


@signed_in
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Work in another account. One that the person does not reach does not exist."""
    try:
        pk = int(request.POST.get("account", ""))
    except ValueError:
        raise Http404 from None
    account = get_object_or_404(Account.objects.reachable_by(request.user), pk=pk)
    request.session[SESSION_KEY] = account.pk
    request.session.cycle_key()
    with transaction.atomic():
        audit(Actor.of(request), "account.entered", account.name, account=account)
    # Deep links belong to the account that was left: start at home, unless a page common to all was asked for.
    return redirect(local_path(request, request.POST.get("next")))


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language and stay on the page."""
    code = request.POST.get("language", "")
    response = redirect(local_path(request, request.POST.get("next")))
    if code in dict(settings.LANGUAGES):
        set_language_cookie(response, code)
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=code)
    return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            changed = {name: form.cleaned_data[name] for name in form.changed_data}
            audit(Actor.of(request), "person.changed", request.user.email, after=changed)
        translation.activate(request.user.language)
        messages.success(request, _("Your profile is saved."))
        response = redirect("accounts:profile")
        set_language_cookie(response, request.user.language)
        return response
    context = {"form": form, "role": Role(request.standing.role).label if request.standing else ""}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@allowed(May.READ_AUDIT)
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """Who did what in this account, newest first."""
    entries = AuditEntry.objects.for_account(request.account).select_related("acting_from").order_by("-at", "-id")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 18:
        entries = entries.filter(pk__lt=int(before))
    page = list(entries[: ACTIVITY_PAGE + 1])
    rows = [activity_row(entry) for entry in page[:ACTIVITY_PAGE]]
    next_url = f"?before={page[ACTIVITY_PAGE - 1].pk}" if len(page) > ACTIVITY_PAGE else ""
    return render(request, "accounts/activity.html", {"rows": rows, "next_url": next_url})
