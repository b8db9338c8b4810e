"""Pages of billing: balances, the ledger, its export, and the threshold of the warning."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import allowed
from accounts.actor import Actor
from accounts.exporting import csv_response
from accounts.roles import May
from billing import ledger, presenters, services
from billing.forms import LedgerFilterForm, ThresholdForm
from billing.models import Balance
from providers.clients.base import Capability


@allowed(May.READ_BILLING)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Balances and the ledger. The address holds the filter, the place in the list and which card is being edited."""
    target = request.htmx.target or ""
    editing = _pk(request.GET.get("edit", ""))
    if target == "ledger":
        return render(request, "billing/_ledger.html", _ledger(request))
    if target.startswith("balance-"):
        return _card(request, _pk(target.removeprefix("balance-")), editing=bool(editing))
    return _page(request, editing)


@allowed(May.CHANGE_BILLING)
@require_POST
def threshold(request: HttpRequest, pk: int) -> HttpResponse:
    """Change below which amount the customer is warned."""
    balance = get_object_or_404(Balance.objects.for_account(request.account).select_related("connection"), pk=pk)
    form = ThresholdForm(request.POST)
    in_place = request.htmx.target == f"balance-{pk}"
    if not form.is_valid():
        return _card(request, pk, form, status=422) if in_place else _page(request, pk, form, status=422)
    services.set_threshold(Actor.of(request), balance, form.cleaned_data["warn_below"])
    return _card(request, pk, saved=True) if in_place else redirect("billing:overview")


@allowed(May.READ_BILLING)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The whole filter as a CSV file. A POST, because it leaves an entry in the activity log."""
    chosen = LedgerFilterForm(request.GET).filter()
    services.note_export(Actor.of(request), chosen)
    rows = ledger.lines(request.account, chosen).select_related("connection").iterator(chunk_size=1000)
    name = f"ledger-{timezone.localdate().isoformat()}.csv"
    return csv_response(name, presenters.EXPORT_HEADER, map(presenters.export_row, rows))


def _page(
    request: HttpRequest, editing: int | None = None, form: ThresholdForm | None = None, status: int = 200
) -> HttpResponse:
    balances = list(services.balances_of(request.account))
    cards = presenters.balance_cards(balances, editing, form)
    covered = [] if cards else services.covering_accounts(request.account)
    context = {
        "cards": cards,
        "covered": covered,
        "may_change": request.standing.may(May.CHANGE_BILLING),
        **_ledger(request, balances),
    }
    return render(request, "billing/overview.html", context, status=status)


def _card(request: HttpRequest, pk: int, form=None, *, editing: bool = False, saved: bool = False, status: int = 200):
    """One balance alone, for the place on the page where it stands."""
    cards = presenters.balance_cards(services.balances_of(request.account), pk if editing or form else None, form)
    card = next((card for card in cards if card.pk == pk), None)
    if card is None:
        raise Http404
    context = {"card": card, "saved": saved, "may_change": request.standing.may(May.CHANGE_BILLING)}
    return render(request, "billing/_balance.html", context, status=status)


def _ledger(request: HttpRequest, balances: list[Balance] | None = None) -> dict:
    balances = list(services.balances_of(request.account)) if balances is None else balances
    form = LedgerFilterForm(request.GET)
    chosen = form.filter()
    page = ledger.page(request.account, chosen, ledger.Place.read(request.GET.get("after", "")))
    query = urlencode({name: value for name in form.fields if (value := request.GET.get(name))})
    return {
        "filter_form": form,
        "filtered": bool(chosen),
        "currency": presenters.one_currency(page),
        "rows": presenters.ledger_rows(page),
        "totals": presenters.total_rows(ledger.totals(request.account, chosen)),
        "has_balance": bool(page.running),
        "without_ledger": presenters.without_ledger(balances),
        "any_ledger": any(balance.connection.can(Capability.LEDGER) for balance in balances) or not balances,
        "several": len({row.connection_id for row in page.rows}) > 1,
        "query": query,
        "older_url": f"?{urlencode({'after': page.older})}{'&' + query if query else ''}" if page.older else "",
        "newest_url": f"?{query}" if "after" in request.GET else "",
        "is_first": "after" not in request.GET,
    }


def _pk(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
