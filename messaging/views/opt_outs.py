"""Who asked to be left alone: the list over all upstreams, recording one, and undoing one with a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from messaging import consent
from messaging.models import OptOut
from messaging.opt_out_forms import OptOutForm, UndoForm
from messaging.pages import Place, older, read_place
from messaging.presenters.opt_outs import row_of

PAGE = 50


@require_http_methods(["GET", "POST"])
@allowed(May.READ_MESSAGES)
def opt_outs(request: HttpRequest) -> HttpResponse:
    """The list, and the form that records one."""
    initial = {"number": request.GET.get("number", "")[:40]}
    form = OptOutForm(country=request.account.country, initial=initial)
    if request.method == "POST":
        if not request.standing.may(May.SEND_MESSAGES):
            return render(request, "403.html", status=403)
        form = OptOutForm(request.POST, country=request.account.country)
        if form.is_valid():
            _record(request, form.cleaned_data)
            return redirect("messages:opt_outs")
    return _page(request, form, status=422 if form.errors else 200)


def _record(request: HttpRequest, data: dict) -> None:
    if consent.record(Actor.of(request), request.account, data["number"], data["reason"]):
        messages.success(request, _("No more texts go to this number."))
    else:
        messages.info(request, _("This number is on the list already."))


def _page(request: HttpRequest, form: OptOutForm, status: int) -> HttpResponse:
    found = OptOut.objects.for_account(request.account).select_related("message", "connection")
    everyone = request.GET.get("show") == "all"
    found = found if everyone else found.in_force()
    rows = list(older(found, "at", read_place(request.GET.get("before", "")))[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    context = {
        "form": form,
        "rows": [row_of(row, request.account) for row in rows[:PAGE]],
        "everyone": everyone,
        "may_change": request.standing.may(May.SEND_MESSAGES),
        "next_url": _next(last, everyone) if last else "",
    }
    return render(request, "messages/opt_outs.html", context, status=status)


def _next(last: OptOut, everyone: bool) -> str:
    return f"?before={Place(last.at, last.pk)}{'&show=all' if everyone else ''}"


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Texts may go there again: only with a reason that is kept."""
    row = get_object_or_404(OptOut.objects.for_account(request.account).in_force(), pk=pk)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        consent.undo(Actor.of(request), row.account, row.number, form.cleaned_data["reason"])
        messages.success(request, _("Texts may go to this number again."))
        return redirect("messages:opt_outs")
    shown = {"form": form, "row": row_of(row, request.account)}
    return render(request, "messages/opt_out_undo.html", shown, status=422 if form.errors else 200)
