"""Texts as files: asking for one, watching it being written, fetching and deleting it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allowed
from accounts.actor import Actor
from accounts.roles import May
from messaging.export_forms import ExportForm
from messaging.exporting import asking, telling
from messaging.exporting.asking import MOST_OPEN, TooMany, Wish
from messaging.listing import Listing
from messaging.models import MessageExport, Thread
from messaging.pages import Place, older, read_place
from messaging.presenters import exports as presenters
from numbering.services.intents import IntentUsed

PAGE = 30
KINDS = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}
ASKED_BY = ("folder", "q", "since", "until")


@require_GET
@allowed(May.READ_MESSAGES)
def exports(request: HttpRequest) -> HttpResponse:
    """The account's exports; only their list, for the poll while one is being written."""
    found = MessageExport.objects.for_account(request.account).select_related("account", "thread", "created_by")
    rows = list(older(found, "created_at", read_place(request.GET.get("before", "")))[: PAGE + 1])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    shown = presenters.rows(rows[:PAGE], only_of=_only_of(request))
    context = {
        "rows": shown,
        "working": any(row.is_open for row in shown),
        "next_url": f"?before={Place(last.created_at, last.pk)}" if last else "",
    }
    page = "messages/_exports.html" if request.htmx.target == "exports" else "messages/exports.html"
    return render(request, page, context)


@require_http_methods(["GET", "POST"])
@allowed(May.READ_MESSAGES)
def export_new(request: HttpRequest) -> HttpResponse:
    """What of a conversation or a list goes into the file. The address says which, the form the rest."""
    thread, listing = _thread(request), Listing.of(request.account, request.user, request.GET)
    if request.method == "GET":
        days = {"since": listing.question.since, "until": listing.question.until}
        return _page(request, ExportForm(initial=days), thread, listing)
    form, status = ExportForm(request.POST), 422
    if form.is_valid():
        try:
            asking.ask(
                Actor.of(request), request.account, _wish(form, thread, request), intent=form.cleaned_data["intent"]
            )
        except TooMany:
            form.add_error(
                None, _("%(count)s files are being written already. Wait for one of them.") % {"count": MOST_OPEN}
            )
        except IntentUsed:
            form.add_error(None, _("This form has asked for another file already. Look at the list of files first."))
            status = 409
        else:
            messages.success(request, _("The file is being written. It stands here as soon as it is ready."))
            return redirect("messages:exports")
    return _page(request, form.again(), thread, listing, status=status)


def _thread(request: HttpRequest) -> Thread | None:
    text = request.GET.get("thread", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise Http404
    return get_object_or_404(Thread.objects.for_account(request.account).select_related("account"), pk=int(text))


def _wish(form: ExportForm, thread: Thread | None, request: HttpRequest) -> Wish:
    data = form.cleaned_data
    asked = {name: request.GET.get(name, "").replace("\0", "")[:100] for name in ASKED_BY}
    wanted = {} if thread else {name: value for name, value in asked.items() if value}
    chosen = {name: data[name] for name in ("since", "until", "direction", "only_failed")}
    return Wish(form=data["form"], thread=thread, wanted=wanted, **chosen)


def _page(
    request: HttpRequest, form: ExportForm, thread: Thread | None, listing: Listing, status: int = 200
) -> HttpResponse:
    wanted = {name: request.GET.get(name, "") for name in ASKED_BY}
    subject = telling.subject(MessageExport(account=request.account, thread=thread, wanted=wanted))
    zone = telling.zone(timezone.localtime())
    context = {"form": form, "thread": thread, "listing": listing, "subject": subject, "zone": zone}
    return render(request, "messages/export_new.html", context, status=status)


@require_GET
@allowed(May.READ_MESSAGES)
def export_file(request: HttpRequest, public_id) -> FileResponse:
    """The file itself, to its account only, for as long as it is kept."""
    export = get_object_or_404(_own(request).filter(state=MessageExport.State.DONE), public_id=public_id)
    if export.expires_at < timezone.now():
        raise Http404
    try:
        file = export.file.open("rb")
    except OSError:
        raise Http404 from None
    name = f"texts-{timezone.localtime(export.created_at):%Y-%m-%d-%H%M}.{export.form}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=KINDS[export.form])
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@allowed(May.READ_MESSAGES)
def export_delete(request: HttpRequest, public_id) -> HttpResponse:
    """Take the file away before its week is over; one that is being written is given up. Who only reads may drop their own."""
    export = get_object_or_404(_own(request), public_id=public_id)
    if _only_of(request) not in (None, export.created_by_id):
        raise PermissionDenied
    asking.delete(Actor.of(request), export)
    messages.success(request, _("The file is deleted."))
    return redirect("messages:exports")


def _own(request: HttpRequest):
    return MessageExport.objects.for_account(request.account)


def _only_of(request: HttpRequest) -> int | None:
    """Whose exports alone the person may delete: none but their own, unless they do more here than read."""
    return None if request.standing.may(May.SEND_MESSAGES) else request.user.pk
