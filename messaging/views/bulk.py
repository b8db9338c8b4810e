"""Several conversations at once, and all failed texts of some days at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from messaging import again, teamwork
from messaging import bulk as several
from messaging.again_forms import AgainForm
from messaging.listing import Listing


@require_POST
@allowed(May.SEND_MESSAGES)
def bulk(request: HttpRequest) -> HttpResponse:
    """What the bar below the list says, done to the rows that are checked; back to the same list."""
    back = Listing.of(request.account, request.user, QueryDict(request.POST.get("back", "")[:500].lstrip("?")))
    pks = [int(pk) for pk in request.POST.getlist("thread") if pk.isascii() and pk.isdigit() and len(pk) < 18]
    if not pks:
        messages.warning(request, _("Check the conversations first."))
    elif len(pks) > several.MOST:
        messages.warning(request, _("At most 200 conversations at once."))
    else:
        _do(request, pks)
    return redirect(reverse("messages:inbox") + back.query())


def _do(request: HttpRequest, pks: list[int]) -> None:
    actor, name = Actor.of(request), request.POST.get("act", "")
    if name in several.ACTS:
        changed = several.act(actor, request.account, pks, name)
    elif name in ("block", "unblock"):
        changed = several.block(actor, request.account, pks, name == "block")
    elif name == "assign":
        try:
            person = teamwork.colleague(request.account, request.user, request.POST.get("person", ""))
        except teamwork.NotOneOfUs:
            messages.error(request, _("This person cannot read messages here, so nothing was changed."))
            return
        changed = several.assign(actor, request.account, pks, person)
    else:
        messages.error(request, _("Choose what to do with them."))
        return
    messages.success(request, _said(name, changed))


def _said(name: str, count: int) -> str:
    words = {
        "archive": ngettext("%(count)s conversation archived.", "%(count)s conversations archived.", count),
        "restore": ngettext("%(count)s conversation is back.", "%(count)s conversations are back.", count),
        "read": ngettext("%(count)s conversation marked as read.", "%(count)s conversations marked as read.", count),
        "unread": ngettext(
            "%(count)s conversation marked as unread.", "%(count)s conversations marked as unread.", count
        ),
        "assign": ngettext("%(count)s conversation assigned.", "%(count)s conversations assigned.", count),
        "block": ngettext("%(count)s contact blocked.", "%(count)s contacts blocked.", count),
        "unblock": ngettext("%(count)s contact unblocked.", "%(count)s contacts unblocked.", count),
    }
    return words[name] % {"count": count}


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def retry_failed(request: HttpRequest) -> HttpResponse:
    """First how many there are, then, confirmed, each of them once."""
    form = AgainForm(request.POST or request.GET) if request.POST or "since" in request.GET else AgainForm.week()
    if not form.is_valid():
        return render(request, "messages/retry_failed.html", {"form": form}, status=422)
    if request.POST.get("confirmed") == "1":
        _tell(
            request, again.retry(Actor.of(request), request.account, form.days, unsure_too=form.cleaned_data["unsure"])
        )
        return redirect(reverse("messages:inbox") + "?folder=failed")
    return render(request, "messages/retry_failed.html", {"form": form, **again.count(request.account, form.days)})


def _tell(request: HttpRequest, outcome: again.Outcome) -> None:
    sent = ngettext("%(count)s text is on its way again.", "%(count)s texts are on their way again.", outcome.sent)
    messages.success(request, sent % {"count": outcome.sent})
    if outcome.refused:
        refused = ngettext(
            "%(count)s cannot go out: open its conversation to see why.",
            "%(count)s cannot go out: open their conversations to see why.",
            outcome.refused,
        )
        messages.warning(request, refused % {"count": outcome.refused})
    if outcome.left:
        left = ngettext("%(count)s is left: do it once more.", "%(count)s are left: do it once more.", outcome.left)
        messages.info(request, left % {"count": outcome.left})
