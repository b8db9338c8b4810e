"""Is this still right? The yearly question with one click for an answer, who accepted the limits, and the report (E8, E9)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.access import allowed
from accounts.actor import Actor
from accounts.exporting import csv_response
from accounts.roles import May
from numbering.models import EmergencyNotice, TermsAcceptance
from numbering.presenters import emergency_review as presenters
from numbering.services import emergency_review as services
from numbering.services.emergency_terms import TERMS_VERSION

ACCEPTANCES = 50


@allowed(May.READ_E911)
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """Every address in force with whether somebody said lately that it is right."""
    found, after = services.page(request.account, request.GET.get("after", ""))
    rows = [presenters.row_of(one) for one in found]
    accepted = TermsAcceptance.objects.for_account(request.account).select_related("user")[:ACCEPTANCES]
    notice = EmergencyNotice.objects.for_account(request.account).exclude(sent_at=None).first()
    context = {
        "rows": rows,
        "open": [row for row in rows if not row.is_confirmed],
        "after": after,
        "accepted": accepted,
        "notice": notice,
        "terms_version": TERMS_VERSION,
        "may_change": request.standing.may(May.CHANGE_E911),
    }
    return render(request, "numbers/e911_review.html", context)


@allowed(May.CHANGE_E911)
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """One click for one address, or for all that the page shows."""
    kept, changed = services.confirm(Actor.of(request), request.POST.getlist("seen")[:60])
    if kept:
        words = ngettext("%(n)s address confirmed. Thank you.", "%(n)s addresses confirmed. Thank you.", kept)
        messages.success(request, words % {"n": kept})
    if changed:
        words = ngettext(
            "%(n)s address changed while you were looking. Look at it again.",
            "%(n)s addresses changed while you were looking. Look at them again.",
            changed,
        )
        messages.warning(request, words % {"n": changed})
    if not kept and not changed:
        messages.warning(request, _("Nothing was confirmed."))
    return redirect("numbers:e911_review")


@allowed(May.READ_E911)
@require_GET
def report(request: HttpRequest) -> StreamingHttpResponse:
    """What a regulator asks for: each number, its address, consent, notice and confirmation, as CSV."""
    account = request.account
    acceptance = TermsAcceptance.objects.for_account(account).select_related("user").first()
    notice = EmergencyNotice.objects.for_account(account).exclude(sent_at=None).first()
    rows = presenters.report_rows(services.everything(account), acceptance, notice)
    return csv_response(f"911-{timezone.localdate():%Y-%m-%d}.csv", presenters.report_header(), rows)
