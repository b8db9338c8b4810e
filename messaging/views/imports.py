"""Importing contacts: the file, its columns, the check, the work and its result, each a state of one page."""

from itertools import chain

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import allowed
from accounts.actor import Actor
from accounts.csv_reading import NotReadable
from accounts.exporting import csv_response
from accounts.roles import May
from messaging import contact_imports, people
from messaging.contact_imports import NotNow
from messaging.import_forms import ColumnsForm
from messaging.models import ContactImport
from messaging.presenters import imports as presenters
from numbering.forms.uploads import UploadForm

SHOWN = 20
State = ContactImport.State


def own_import(request: HttpRequest, public_id) -> ContactImport:
    rows = ContactImport.objects.for_account(request.account).select_related("account", "group")
    return get_object_or_404(rows, public_id=public_id)


@require_http_methods(["GET", "POST"])
@allowed(May.SEND_MESSAGES)
def imports(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            job = contact_imports.take_in(Actor.of(request), request.account, data["file"], data["intent"])
        except NotReadable as error:
            form.refuse(error)
        else:
            return redirect("messages:import", public_id=job.public_id)
    rows = ContactImport.objects.for_account(request.account).order_by("-created_at", "-pk")[:SHOWN]
    context = {"form": form, "rows": [presenters.import_row(row) for row in rows]}
    return render(request, "messages/imports.html", context, status=422 if form.errors else 200)


@require_GET
@allowed(May.SEND_MESSAGES)
def contact_import(request: HttpRequest, public_id) -> HttpResponse:
    """Where the import stands; while a worker is at it, the page asks again by itself."""
    job = own_import(request, public_id)
    if request.htmx.target == "import_state":
        return render(request, "messages/_import_state.html", _shown(job))
    form = ColumnsForm(job=job) if _is_choosing(request, job) else None
    return render(request, "messages/import.html", {**_shown(job), "form": form})


def _is_choosing(request: HttpRequest, job: ContactImport) -> bool:
    again = job.state == State.CHECKED and "columns" in request.GET
    return bool(job.file) and (job.state == State.CHOOSING or again)


def _shown(job: ContactImport) -> dict:
    return {
        "job": job,
        "state": presenters.state_of(job),
        "working": job.is_working,
        "percent": presenters.percent(job),
        "checked": presenters.figures(job.checked),
        "done": presenters.figures(job.counts, done=True),
        "problems": presenters.problems(job),
        "bad": (job.counts or job.checked).get("bad", 0),
        "to_write": job.checked.get("new", 0) + job.checked.get("changed", 0) + job.checked.get("repeated", 0),
        "stopped": presenters.stopped(job) if job.state == State.FAILED else "",
    }


@require_POST
@allowed(May.SEND_MESSAGES)
def columns(request: HttpRequest, public_id) -> HttpResponse:
    """What the columns are; then every row is tried."""
    job = own_import(request, public_id)
    form = ColumnsForm(request.POST, job=job)
    if not form.is_valid():
        return render(request, "messages/import.html", {**_shown(job), "form": form}, status=422)
    group = form.cleaned_data["group"]
    if name := form.cleaned_data["new_group"]:
        group = people.create_group(Actor.of(request), request.account, name)
    try:
        contact_imports.choose(Actor.of(request), job, form.plan, group)
    except NotNow:
        messages.info(request, _("This import is past that step."))
    return redirect("messages:import", public_id=public_id)


@require_POST
@allowed(May.SEND_MESSAGES)
def begin(request: HttpRequest, public_id) -> HttpResponse:
    try:
        contact_imports.begin(Actor.of(request), own_import(request, public_id))
    except NotNow:
        messages.error(request, _("Check the file first."))
    return redirect("messages:import", public_id=public_id)


@require_POST
@allowed(May.SEND_MESSAGES)
def drop(request: HttpRequest, public_id) -> HttpResponse:
    try:
        contact_imports.drop(Actor.of(request), own_import(request, public_id))
    except NotNow:
        messages.error(request, _("The import is being written. Wait until it is done."))
        return redirect("messages:import", public_id=public_id)
    messages.success(request, _("The file is deleted."))
    return redirect("messages:imports")


@require_GET
@allowed(May.SEND_MESSAGES)
def bad_rows(request: HttpRequest, public_id) -> HttpResponse:
    """The rows that became no contact, with line and reason, to be mended and imported again."""
    job = own_import(request, public_id)
    if not job.file or job.state in (State.CHOOSING, State.CHECKING):
        raise Http404
    header = [_("Line"), _("Reason"), *job.headings]
    rows = ([line, presenters.why(bad), *cells] for line, bad, cells in contact_imports.bad_rows(job))
    try:
        first = next(rows, None)
    except OSError:
        raise Http404 from None  # the store has lost it
    return csv_response("bad-rows.csv", header, chain([first] if first else [], rows))
