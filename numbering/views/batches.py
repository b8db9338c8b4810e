"""Changes of many numbers: the file, its columns, the check, and what became of each row; the list as a file."""

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
from numbering.batches import asking, results
from numbering.batches.asking import NotNow
from numbering.batches.items import NotAllowed
from numbering.forms.batches import BatchColumnsForm
from numbering.forms.number_filter import NumberFilter
from numbering.forms.uploads import UploadForm
from numbering.models import NumberBatch
from numbering.presenters import batches as presenters

SHOWN, PAGE = 20, 50
State = NumberBatch.State


def own_batch(request: HttpRequest, public_id) -> NumberBatch:
    rows = NumberBatch.objects.for_account(request.account).select_related("account", "created_by")
    return get_object_or_404(rows, public_id=public_id)


@allowed(May.CHANGE_NUMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def batches(request: HttpRequest) -> HttpResponse:
    """A file is uploaded here; earlier changes stand below."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            job = asking.take_in(Actor.of(request), request.account, data["file"], data["intent"])
        except NotReadable as error:
            form.refuse(error)
        else:
            return redirect("numbers:batch", public_id=job.public_id)
    rows = NumberBatch.objects.for_account(request.account).order_by("-created_at", "-pk")[:SHOWN]
    context = {"form": form, "rows": [presenters.job_row(job) for job in rows]}
    return render(request, "numbers/batches.html", context, status=422 if form.errors else 200)


@allowed(May.CHANGE_NUMBERS)
@require_GET
def batch(request: HttpRequest, public_id) -> HttpResponse:
    """Where it stands; while workers are at it, the page asks again by itself."""
    job = own_batch(request, public_id)
    if request.htmx.target == "batch_state":
        return render(request, "numbers/_batch_state.html", _shown(request, job))
    form = BatchColumnsForm(job=job) if _is_choosing(request, job) else None
    return render(request, "numbers/batch.html", {**_shown(request, job), "form": form})


def _is_choosing(request: HttpRequest, job: NumberBatch) -> bool:
    again = job.state == State.CHECKED and "columns" in request.GET
    return bool(job.file) and (job.state == State.CHOOSING or again)


def _shown(request: HttpRequest, job: NumberBatch) -> dict:
    standing = asking.standing_of_changes(job)
    is_open = any(standing.get(step) for step in presenters.OPEN)
    rows, next_line = results.page(job, request.GET.get("after", ""), PAGE)
    return {
        "job": job,
        "name": presenters.name_of(job),
        "state": presenters.state_of(job, standing),
        "working": job.is_working,
        "polls": job.is_working or is_open,
        "percent": presenters.percent(job),
        "checked": presenters.checked(job),
        "done": presenters.done(job, standing) if job.counts else [],
        "to_change": job.checked.get("change", 0),
        "bad": job.checked.get("bad", 0),
        "problems": presenters.problems(job) if job.state == State.CHECKED else [],
        "stopped": presenters.STOPPED.get(job.error, "") if job.state == State.FAILED else "",
        "rows": [presenters.line_of(row) for row in rows],
        "next_url": f"?after={next_line}" if next_line else "",
        "may_drop": job.state in (*asking.MENDABLE, State.FAILED) and not job.counts,
    }


@allowed(May.CHANGE_NUMBERS)
@require_POST
def columns(request: HttpRequest, public_id) -> HttpResponse:
    """What the columns are; then every row is tried."""
    job = own_batch(request, public_id)
    form = BatchColumnsForm(request.POST, job=job)
    if not form.is_valid():
        return render(request, "numbers/batch.html", {**_shown(request, job), "form": form}, status=422)
    try:
        asking.choose(Actor.of(request), job, form.chosen, abroad=form.cleaned_data["abroad"])
    except NotNow:
        messages.info(request, _("This change is past that step."))
    return redirect("numbers:batch", public_id=public_id)


@allowed(May.CHANGE_NUMBERS)
@require_POST
def begin(request: HttpRequest, public_id) -> HttpResponse:
    try:
        asking.begin(Actor.of(request), own_batch(request, public_id))
    except NotNow:
        messages.error(request, _("Check it first."))
    return redirect("numbers:batch", public_id=public_id)


@allowed(May.CHANGE_NUMBERS)
@require_POST
def drop(request: HttpRequest, public_id) -> HttpResponse:
    try:
        asking.drop(Actor.of(request), own_batch(request, public_id))
    except NotNow:
        messages.error(request, _("This change was begun and stays here."))
        return redirect("numbers:batch", public_id=public_id)
    messages.success(request, _("The change is dropped. Nothing was changed."))
    return redirect("numbers:batches")


@allowed(May.CHANGE_NUMBERS)
@require_GET
def result(request: HttpRequest, public_id) -> HttpResponse:
    """What became of every row; before it was begun, the rows that cannot be changed, with the reason."""
    job = own_batch(request, public_id)
    if job.state in (State.CHOOSING, State.CHECKING):
        raise Http404
    if job.counts:
        return csv_response("numbers-result.csv", results.header(), results.rows(job))
    try:
        return csv_response("numbers-not-possible.csv", results.bad_header(job), results.bad_rows(job))
    except (OSError, NotAllowed):
        raise Http404 from None  # the store has lost the file, or its owner their place


@allowed(May.READ_NUMBERS)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """All numbers that the list shows, as a file that can be changed and imported again."""
    narrow = NumberFilter(request.GET, standing=request.standing)
    return csv_response(
        "numbers.csv", results.export_header(), chain.from_iterable(map(results.export_rows, narrow.by_account()))
    )
