"""Port requests: the list, one request with its timeline, the form that starts or corrects one, and its documents."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import allowed, confirm_first, confirmed_lately
from accounts.actor import Actor
from accounts.roles import May
from accounts.sources import Sources, names_of
from numbering.forms.port_filter import TABS, PortFilter
from numbering.forms.port_talk import CommentForm
from numbering.forms.ports import DocumentForm, PortForm, initial_of
from numbering.models import PortRequest
from numbering.presenters import port_bundles, port_facts, port_form, port_talk, problems
from numbering.presenters import ports as presenters
from numbering.services import port_talk as talk_services
from numbering.services import ports as services
from numbering.services.intents import Busy, IntentUsed, new_intent, read_intent
from numbering.uploads import MOST_FILES
from numbering.upstream.port_drafts import draft_of
from numbering.views import port_promises
from numbering.views.port_states import state_of
from providers.clients.base import Capability
from providers.clients.records import PortDraft
from providers.models import Connection, Operation


@allowed(May.READ_PORTS)
@require_safe
def ports(request: HttpRequest) -> HttpResponse:
    """Every request with whom it waits for; those under way come first."""
    narrow = PortFilter(request.GET, request.account)
    found, after = narrow.page()
    sources, marks = Sources.of(request.account, "ports"), port_bundles.marks_of(found)
    context = {
        "filter": narrow,
        "tabs": TABS.items(),
        "rows": [(presenters.row_of(port, sources), marks.get(port.bundle_id)) for port in found],
        "after": after,
        "freshness": sources.lines(),
        "may_start": services.may_start(request.standing),
    }
    template = "numbers/_port_list.html" if request.htmx.target == "port_list" else "numbers/ports.html"
    return render(request, template, context)


def _port(request: HttpRequest, public_id) -> PortRequest:
    rows = PortRequest.objects.for_account(request.account).select_related("connection", "operation", "bundle")
    return get_object_or_404(rows, public_id=public_id)


@allowed(May.READ_PORTS)
@require_safe
def port(request: HttpRequest, public_id) -> HttpResponse:
    return _detail(request, _port(request, public_id))


@allowed(May.READ_PORTS)
@require_safe
def port_state(request: HttpRequest, public_id) -> HttpResponse:
    """State, dates and timeline: what changes by itself while the page is open."""
    row = _port(request, public_id)
    if request.htmx.target != "port_state":
        return redirect("numbers:port", public_id=row.public_id)
    return render(request, "numbers/_port_state.html", state_of(request, row))


def _detail(
    request: HttpRequest, row: PortRequest, document_form=None, note: str = "", status: int = 200
) -> HttpResponse:
    may_change = request.standing.may(May.CHANGE_PORTS)
    editable = may_change and row.is_editable and not row.gone_at and not (row.operation and row.operation.is_open)
    takes_documents = row.connection.client_class.port_rules.documents
    context = state_of(request, row) | {
        "title": presenters.title_of(row),
        "bundle": port_bundles.link_of(row),
        "facts": port_facts.facts_of(row),
        "number_lines": port_facts.number_lines(row),
        "papers": port_facts.papers_of(row, port_facts.documents_of(row)),
        "editable": editable,
        "document_form": document_form or (DocumentForm() if editable and takes_documents else None),
        "takes_documents": takes_documents,
        "askable": may_change and talk_services.may_be_asked(row),
        "talk": port_talk.talk_of(row),
        "comment_form": CommentForm() if may_change else None,
        "comment_intent": new_intent(),
        "intent": new_intent(),
        "note": note,
    }
    return render(request, "numbers/port.html", context, status=status)


# --- the form -------------------------------------------------------------------------------------------------------------


@allowed(May.CHANGE_PORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def port_whole(request: HttpRequest) -> HttpResponse:
    carriers = services.carriers_for(request.account)
    if not carriers:
        return render(
            request, "numbers/port_form.html", {"nowhere": True}, status=409 if request.method == "POST" else 200
        )
    connection = _picked(request, carriers)
    if request.POST.get("act") == "carrier":
        return _render_form(request, _moved_form(request, connection), carriers=carriers, connection=connection)
    form = _new_form(request, connection)
    if request.method == "POST" and _is_good(request, form):
        return _started(request, form, connection, carriers)
    return _render_form(request, form, carriers=carriers, connection=connection, status=422 if form.is_bound else 200)


def _moved_form(request: HttpRequest, connection: Connection) -> PortForm:
    """The form of another upstream, with what was typed so far. Nothing is checked yet."""
    zone = ZoneInfo(request.account.time_zone)
    typed = {name: value for name, value in request.POST.items() if name in PortForm.base_fields}
    return PortForm(connection=connection, zone=zone, initial=typed)


def _new_form(request: HttpRequest, connection: Connection) -> PortForm:
    """Between two looks a twin of this very form may have been stored: then it is the one that took the numbers."""
    initial = {"organization_kind": "business"}
    before = _started_before(request)
    form = _form(request, connection, port=before, initial=initial)
    if before is None and form.is_bound and not form.is_valid() and (twin := _started_before(request)):
        return _form(request, connection, port=twin, initial=initial)
    return form


def _started_before(request: HttpRequest) -> PortRequest | None:
    if request.method != "POST":
        return None
    try:
        return services.started_by(Actor.of(request), _intent(request))
    except IntentUsed:
        return None


def _picked(request: HttpRequest, carriers: list[Connection]) -> Connection:
    wanted = request.POST.get("connection") or request.GET.get("connection", "")
    return next((one for one in carriers if str(one.pk) == wanted), carriers[0])


def _form(request: HttpRequest, connection: Connection, **more) -> PortForm:
    sent = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    zone = ZoneInfo(request.account.time_zone)
    return PortForm(**sent, connection=connection, zone=zone, submit=request.POST.get("act") == "submit", **more)


def _is_good(request: HttpRequest, form: PortForm) -> bool:
    if sum(len(files) for _name, files in request.FILES.lists()) > MOST_FILES:
        form.add_error(None, _("At most %(most)s files at once.") % {"most": MOST_FILES})
    return form.is_valid()


def _started(request: HttpRequest, form: PortForm, connection: Connection, carriers: list[Connection]) -> HttpResponse:
    try:
        row = services.start_port(
            Actor.of(request), connection, _wish(request, form, PortDraft(), connection), _intent(request)
        )
    except IntentUsed:
        return _render_form(request, form, carriers=carriers, connection=connection, status=409, note=_sent_before())
    return _saved(request, row, form)


def _wish(request: HttpRequest, form: PortForm, before: PortDraft, connection: Connection) -> services.Wish:
    subaccount = services.subaccount_of(connection, request.account)
    return services.Wish(form.draft(before, subaccount), form.papers(), form.submit and confirmed_lately(request))


def _intent(request: HttpRequest) -> str:
    return read_intent(request.POST.get("intent", ""))


def _sent_before() -> str:
    return _("This form was already sent with other words. What you typed is still here; send it again if you mean it.")


def _saved(request: HttpRequest, row: PortRequest, form: PortForm) -> HttpResponse:
    if form.submit and not confirmed_lately(request):
        port_promises.note(request, row)
        messages.info(request, _("Everything is saved. Confirm that it is you, then submit."))
        return confirm_first(request, reverse("numbers:port_edit", kwargs={"public_id": row.public_id}))
    messages.success(request, _("Handed in.") if form.submit else _("Draft saved."))
    return redirect("numbers:port", public_id=row.public_id)


@allowed(May.CHANGE_PORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def port_edit(request: HttpRequest, public_id) -> HttpResponse:
    """A draft goes on, or a rejected request is corrected; only in the states in which upstream takes changes."""
    row = _port(request, public_id)
    if _started_before(request) != row and (note := _why_locked(row)):
        return _locked(request, row, note)
    hint = presenters.hint_of(row)
    initial = initial_of(draft_of(row)) | {
        "title": row.title,
        "keep_service": bool(hint) or port_promises.is_made(request, row),
    }  # it was promised before
    form = _form(request, row.connection, port=row, initial=initial)
    if hint and hint.field in form.fields:
        form.fields[hint.field].widget.attrs["autofocus"] = True
    if request.method == "POST":
        return _changed(request, row, form) if _is_good(request, form) else _render_form(request, form, row, status=422)
    if row.operation and row.operation.state == Operation.State.FAILED:
        problems.put_on(form, row.operation.problems, row.connection.label)
    return _render_form(request, form, row)


def _why_locked(row: PortRequest) -> str:
    if not row.is_editable or row.gone_at:
        return _("%(upstream)s takes no changes in this state.") % {"upstream": row.connection.label}
    if row.operation and row.operation.is_open:
        return _("Your last change is still on its way. Wait for its outcome.")
    return ""


def _locked(request: HttpRequest, row: PortRequest, note: str) -> HttpResponse:
    if request.method == "POST":
        return _detail(request, row, note=note, status=409)
    messages.info(request, note)
    return redirect("numbers:port", public_id=row.public_id)


def _changed(request: HttpRequest, row: PortRequest, form: PortForm) -> HttpResponse:
    wish = _wish(request, form, draft_of(row), row.connection)
    try:
        services.change_port(Actor.of(request), row, wish, _intent(request), _version(request))
    except services.Stale:
        note = _(
            "Somebody changed this request after you opened the form. Yours is below; what is stored now stands beside it."
        )
        return _render_form(request, form, row, status=409, note=note, theirs=port_form.differences_of(row, wish.draft))
    except IntentUsed:
        return _render_form(request, form, row, status=409, note=_sent_before())
    except (Busy, services.NotEditable):
        return _render_form(
            request,
            form,
            row,
            status=409,
            note=_("This request cannot be changed just now. What you typed is still here."),
        )
    return _saved(request, row, form)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _render_form(
    request, form, row=None, *, carriers=(), connection=None, status=200, note="", theirs=()
) -> HttpResponse:
    context = {
        "form": form,
        "port": row,
        "title": presenters.title_of(row) if row else "",
        "rejection": row.rejection if row and row.status in PortRequest.REJECTED else "",
        "hint": presenters.hint_of(row) if row else None,
        "papers": port_facts.papers_of(row, port_facts.documents_of(row)) if row else [],
        "carriers": list(names_of(carriers).items()) if len(carriers) > 1 else (),
        "connection": connection or row.connection,
        "can_check": (connection or row.connection).can(Capability.PORT_CHECK),
        "intent": new_intent() if status in {200, 409} else request.POST.get("intent", ""),
        "version": row.version if row else 0,
        "note": note,
        "theirs": theirs,
        "summary": port_form.summary_of(form),
        "files_lost": form.is_bound and bool(request.FILES),
    }
    return render(request, "numbers/port_form.html", context, status=status)


# --- documents --------------------------------------------------------------------------------------------------------------


@allowed(May.CHANGE_PORTS)
@require_POST
def document_add(request: HttpRequest, public_id) -> HttpResponse:
    row = _port(request, public_id)
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return _detail(request, row, document_form=form, status=422)
    try:
        services.add_document(Actor.of(request), row, form.cleaned_data["file"], _intent(request))
    except (IntentUsed, Busy, services.NotEditable):
        note = _("The document was not added: this request cannot be changed just now.")
        return _detail(request, row, document_form=form, note=note, status=409)
    messages.success(request, _("Document added."))
    return redirect("numbers:port", public_id=row.public_id)
