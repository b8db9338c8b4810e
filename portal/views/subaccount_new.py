"""New sub-accounts of a reseller: created here and upstream, or linked to one that upstream has already."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.access import allowed
from accounts.actor import Actor
from accounts.models import Account, RemoteAccount
from accounts.roles import May
from portal.forms import LinkForm, NewSubaccountForm, SubaccountForm
from portal.views.form_pages import form_page, reused


@allowed(May.CHANGE_SUBACCOUNTS)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A customer on one page: there at once, upstream follows, the owner gets a mail."""
    if not request.account.is_reseller:
        return redirect("subaccounts")
    connections = services.connections_for_subaccounts(request.account)
    form = NewSubaccountForm(request.POST or None, connections=connections, initial=_language(request))
    if not form.is_valid():
        return form_page(request, "subaccounts/new.html", form)
    upstream = form.cleaned_data.get("connection")
    try:
        change = services.create_subaccount(Actor.of(request), form.wanted(), upstream, form.key)
    except services.IntentUsed:
        return reused(request, "subaccounts/new.html", form)
    messages.success(request, _("%(name)s is created. The owner gets a mail.") % {"name": change.account.name})
    return redirect("subaccount", pk=change.account_id)


@allowed(May.CHANGE_SUBACCOUNTS)
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whose an upstream sub-account is that nobody claims: a new customer's, or one's that is here already."""
    remote = _orphan(request, pk)
    customers = Account.objects.under(request.account).order_by("name")
    existing = "account" in request.POST
    choose = LinkForm(request.POST if existing else None, accounts=customers)
    fresh = SubaccountForm(
        None if existing else request.POST or None, initial={**_language(request), "name": remote.name}
    )
    form = choose if existing else fresh
    if form.is_valid() and (account := _linked(request, remote, form)):
        messages.success(request, _("%(name)s is linked.") % {"name": account.name})
        return redirect("subaccount", pk=account.pk)
    words = {"remote": remote, "upstream": remote.connection.label, "has_customers": customers.exists()}
    status = 422 if form.is_bound else 200
    return form_page(request, "subaccounts/link.html", fresh, {**words, "link_form": choose}, status=status)


def _orphan(request: HttpRequest, pk: int) -> RemoteAccount:
    """A sub-account on the viewer's own connections that no customer claims; any other does not exist."""
    if not request.account.is_reseller:
        raise Http404  # a customer with an upstream of its own has no customers
    rows = RemoteAccount.objects.filter(connection__in=services.connections_for_subaccounts(request.account))
    rows = rows.filter(account=None, gone_at=None).exclude(external_id="")
    return get_object_or_404(rows.select_related("connection"), pk=pk)


def _linked(request: HttpRequest, remote: RemoteAccount, form: LinkForm | SubaccountForm) -> Account | None:
    actor = Actor.of(request)
    try:
        if isinstance(form, LinkForm):
            return services.link_subaccount(actor, remote, None, form.cleaned_data["account"])
        return services.link_subaccount(actor, remote, form.wanted(), None)
    except services.NotNow as taken:
        form.add_error(None, str(taken))
        return None


def _language(request: HttpRequest) -> dict:
    return {"language": request.account.language}
