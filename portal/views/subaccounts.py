"""Sub-accounts of a reseller: the list, one account's page, and what can be done to it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts import services
from accounts.access import allowed
from accounts.actor import Actor
from accounts.models import Account, Membership, RemoteAccount, SubaccountChange
from accounts.roles import REACHING_ROLES, May
from numbering.services.numbers import CannotMove
from numbering.services.numbers import move_numbers as ask_to_move
from portal.forms import IntentForm, MoveForm, SuspendForm
from portal.presenters import subaccounts as presenters
from portal.presenters.subaccount_changes import unsettled
from portal.views.form_pages import form_page, reused
from providers.models import Connection

PAGE = 50
Kind = SubaccountChange.Kind


# --- the list ---------------------------------------------------------------------------------------------------------


@allowed(May.READ_SUBACCOUNTS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All accounts below this one, by name."""
    if not request.account.is_reseller:
        return render(request, "subaccounts/none.html")
    text, place = _typed(request, "q", 100), request.GET.get("after", "")
    found = _listed(request, text, place)
    first_page = not (text or place)
    connections = services.connections_for_subaccounts(request.account) if first_page else []
    context = {
        "rows": presenters.subaccount_rows(request.account, found[:PAGE]),
        "orphans": presenters.orphan_rows(connections),
        "next_url": f"?{urlencode({'q': text, 'after': found[PAGE - 1].pk})}" if len(found) > PAGE else "",
        "prev_url": f"?{urlencode({'q': text})}" if place else "",
        "q": text,
        "may_change": request.standing.may(May.CHANGE_SUBACCOUNTS),
    }
    fragment = request.htmx.target == "subaccount_list"
    return render(request, "subaccounts/_subaccount_list.html" if fragment else "subaccounts/index.html", context)


def _listed(request: HttpRequest, text: str, place: str) -> list[Account]:
    """A page and one more, following the account whose id the address names."""
    rows = Account.objects.under(request.account).select_related("parent").order_by("name", "pk")
    if text:
        rows = rows.filter(name__icontains=text)
    if pk := _pk(place):
        rows = rows.following(Account.objects.under(request.account).filter(pk=pk).first())
    return list(rows[: PAGE + 1])


# --- one account ------------------------------------------------------------------------------------------------------


@allowed(May.READ_SUBACCOUNTS)
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, _account(request, pk))


@allowed(May.CHANGE_SUBACCOUNTS)
@require_http_methods(["GET", "POST"])
def suspend(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for a reason; the account is suspended when upstream confirms."""
    account = _account(request, pk)
    form, context = SuspendForm(request.POST or None), {"account": account}
    if not form.is_valid():
        return form_page(request, "subaccounts/suspend.html", form, context)
    try:
        services.switch_subaccount(Actor.of(request), account, Kind.SUSPEND, form.cleaned_data["reason"], form.key)
    except services.IntentUsed:
        return reused(request, "subaccounts/suspend.html", form, context)
    except services.NotNow as wait:
        form.add_error(None, str(wait))
        return form_page(request, "subaccounts/suspend.html", form, context)
    return redirect("subaccount", pk=pk)


@allowed(May.CHANGE_SUBACCOUNTS)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    form = IntentForm(request.POST)
    if not form.is_valid():
        return _detail(request, account, status=422)
    try:
        services.switch_subaccount(Actor.of(request), account, Kind.RESUME, "", form.key)
    except services.IntentUsed:
        return _detail(request, account, status=409)
    except services.NotNow as wait:
        messages.error(request, str(wait))
    return redirect("subaccount", pk=pk)


@allowed(May.CHANGE_SUBACCOUNTS)
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try again what upstream refused, or what nobody knows the outcome of: a person has looked."""
    account = _account(request, pk)
    change = unsettled([account.pk]).get(account.pk)
    if change is None or not services.retry_change(Actor.of(request), change):
        messages.error(request, _("There is nothing to try again."))
    return redirect("subaccount", pk=pk)


@allowed(May.CHANGE_SUBACCOUNTS)
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail the link again to somebody who has not come yet."""
    account = _account(request, pk)
    people = Membership.objects.for_account(account).select_related("user")
    membership = get_object_or_404(people, pk=_pk(request.POST.get("person", "")))
    if membership.has_come:
        raise Http404
    if not services.invite_again(Actor.of(request), membership):
        messages.info(request, _("The invitation is on its way. Give it some minutes, then try again."))
        return redirect("subaccount", pk=pk)
    messages.success(request, _("The invitation goes out to %(email)s again.") % {"email": membership.user.email})
    return redirect("subaccount", pk=pk)


@allowed(May.CHANGE_SUBACCOUNTS)
@require_POST
def move_numbers(request: HttpRequest, pk: int) -> HttpResponse:
    """Give numbers of one's own, or of another sub-account, to this one; those it has stay with it (B13)."""
    account = _account(request, pk)
    posted = [pk for text in request.POST.getlist("numbers") if (pk := _pk(text))]
    own = presenters.movable(request.account, account).filter(pk__in=posted)
    form = MoveForm(request.POST, choices=presenters.number_choices(own, request.account))
    if not form.is_valid():
        return _detail(request, account, form, status=422)
    chosen = form.cleaned_data["numbers"]
    connection = own.filter(pk__in=chosen).select_related("connection").first().connection
    try:
        ask_to_move(Actor.of(request), connection, chosen, account, form.key)
    except services.IntentUsed:
        return _detail(request, account, form, status=409)
    except CannotMove:
        form.add_error(
            "numbers", _("These numbers cannot go to this account: it has no sub-account at their upstream.")
        )
        return _detail(request, account, form, status=422)
    text = ngettext("%(count)s number is on its way.", "%(count)s numbers are on their way.", len(chosen))
    messages.success(request, text % {"count": len(chosen)})
    return redirect("subaccount", pk=pk)


# --- shared by the views above ----------------------------------------------------------------------------------------


def _pk(text: str) -> int:
    """An id from the page's own form or link; anything else is 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _typed(request: HttpRequest, name: str, longest: int) -> str:
    """What is searched for. No database looks for a NUL."""
    return request.GET.get(name, "").replace("\0", "").strip()[:longest]


def _account(request: HttpRequest, pk: int) -> Account:
    """An account below one's own; any other does not exist."""
    return get_object_or_404(Account.objects.under(request.account).select_related("parent"), pk=pk)


def _detail(
    request: HttpRequest, account: Account, move_form: MoveForm | None = None, status: int = 200
) -> HttpResponse:
    may_change = request.standing.may(May.CHANGE_SUBACCOUNTS)
    find = _typed(request, "find", 40)
    context = {
        "page": presenters.subaccount_page(
            request.account, account, with_activity=request.standing.may(May.READ_AUDIT)
        ),
        "may_change": may_change,
        "may_open": request.standing.role in REACHING_ROLES,
        "reused": status == 409,
        "resume_form": IntentForm(),
        "find": find,
    }
    if may_change:
        connections = _shared_connections(request.account, account)
        choices = presenters.movable_numbers(request.account, account, connections, find)
        context |= {"can_move": bool(connections), "move_form": _with_choices(move_form, choices)}
    if request.htmx.target == "subaccount_state" and not (context["page"].note and context["page"].note.is_open):
        return HttpResponseClientRefresh()  # settled: the buttons above change with it
    fragments = {"subaccount_state": "_subaccount_state.html", "movable_numbers": "_movable_numbers.html"}
    template = fragments.get(request.htmx.target, "detail.html")
    return render(request, f"subaccounts/{template}", context, status=status)


def _with_choices(form: MoveForm | None, choices: list[tuple[int, str]]) -> MoveForm:
    """The form with the numbers to choose from; one that was sent also keeps those that were ticked."""
    if form is None:
        return MoveForm(choices=choices)
    field = form.fields["numbers"]
    field.choices = list(dict([*field.choices, *choices]).items())
    return form


def _shared_connections(viewer: Account, account: Account) -> list[Connection]:
    """Connections of the viewer at which the account is a sub-account: numbers can move along those."""
    own = Connection.objects.filter(remote_accounts__account=viewer, remote_accounts__external_id="")
    below = RemoteAccount.objects.for_account(account).filter(gone_at=None).exclude(external_id="")
    return list(own.filter(pk__in=below.values("connection")))
