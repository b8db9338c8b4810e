"""The pages on which a port is put together: one thing per page, kept at once, to be gone on with on any device."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import allowed, confirm_first, confirmed_lately
from accounts.actor import Actor
from accounts.roles import May
from accounts.sources import names_of
from numbering.forms import number_lists, port_steps
from numbering.forms.port_steps import NumbersForm, PageForm
from numbering.forms.ports import initial_of
from numbering.models import PortRequest
from numbering.presenters import port_checks as check_presenters
from numbering.presenters import port_facts, port_form, problems
from numbering.presenters import port_pages as presenters
from numbering.presenters import ports as port_presenters
from numbering.services import port_checks, port_letters, port_pages
from numbering.services import ports as services
from numbering.services.intents import Busy, IntentUsed, new_intent, read_intent
from numbering.services.questions import TooOften
from numbering.uploads import MOST_FILES
from numbering.upstream.port_drafts import draft_of
from numbering.views import port_promises
from providers.clients.base import Capability
from providers.clients.records import PortDraft
from providers.models import Connection, Operation

JUST_NOW = timedelta(seconds=30)


@allowed(May.CHANGE_PORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def port_new(request: HttpRequest) -> HttpResponse:
    """The first page of a new port: its numbers."""
    carriers = services.carriers_for(request.account)
    if not carriers:
        status = 409 if request.method == "POST" else 200
        return render(request, "numbers/port_form.html", {"nowhere": True}, status=status)
    connection = picked(request, carriers)
    form = _numbers_form(request, connection)
    if request.method == "POST" and request.POST.get("act") != "carrier":
        return _begun(request, form, connection, carriers)
    return _shown(request, form, connection, port_steps.NUMBERS, carriers=carriers)


def picked(request: HttpRequest, carriers: list[Connection]) -> Connection:
    wanted = request.POST.get("connection") or request.GET.get("connection", "")
    return next((one for one in carriers if str(one.pk) == wanted), carriers[0])


def _numbers_form(request: HttpRequest, connection: Connection, port: PortRequest | None = None) -> NumbersForm:
    if request.POST.get("act") == "carrier":  # another upstream's page with what was typed; nothing is checked yet
        return NumbersForm(connection=connection, zone=_zone(request), initial=request.POST.dict())
    if request.method != "POST":
        return NumbersForm(connection=connection, zone=_zone(request), port=port, initial=_initial(port))
    return NumbersForm(
        request.POST,
        connection=connection,
        zone=_zone(request),
        port=port,
        submit=_goes_on(request),
        leave_out=request.POST.get("act") == "good",
        unportable=_unportable(request, connection),
    )


def _zone(request: HttpRequest) -> ZoneInfo:
    return ZoneInfo(request.account.time_zone)


def _initial(port: PortRequest | None) -> dict:
    if port is None:
        return {"features": ["sms"]}
    dates = [document.dated_on for document in port.documents.all() if document.kind == "bill" and document.dated_on]
    return initial_of(draft_of(port)) | {"title": port.title, "organization_kind": port.details.get("organization_kind") or "business",
                                         "bill_date": dates[0] if dates else None}  # fmt: skip


def _goes_on(request: HttpRequest) -> bool:
    """Whether the person wants the next page (or to hand in), and does not merely put the work aside."""
    return request.POST.get("act") != "later"


def _unportable(request: HttpRequest, connection: Connection) -> frozenset[str]:
    """What the upstream has said of these very numbers, if it was asked."""
    good, _bad = number_lists.read(request.POST.get("numbers", "")[: number_lists.LONGEST_TEXT])
    asked = port_checks.answer_for(request.account, connection, good)
    told = asked.result.get("portable", {}) if asked and asked.state == Operation.State.DONE else {}
    return frozenset(number for number, portable in told.items() if portable is False)


def _begun(request: HttpRequest, form: NumbersForm, connection: Connection, carriers: list) -> HttpResponse:
    actor = Actor.of(request)
    try:
        intent = read_intent(request.POST.get("intent", ""))
    except IntentUsed:
        return _shown(request, form, connection, port_steps.NUMBERS, carriers=carriers, status=409, note=_damaged())
    port = port_pages.begun_by(actor, intent)  # a second click: its numbers are not taken by somebody else
    if port is None:
        if not form.is_valid():
            return _shown(request, form, connection, port_steps.NUMBERS, carriers=carriers, status=422)
        told = (request.user.email,) if "recipients" in connection.client_class.port_rules.says else ()
        draft = form.draft(PortDraft(recipients=told), services.subaccount_of(connection, request.account))
        port = port_pages.begin(actor, connection, draft, form.by_kind(), intent)
        if port.bundle_id:
            messages.info(
                request, _("Local and toll-free numbers are handled apart: each has its own request, side by side.")
            )
    return _after_numbers(request, port)


def _damaged() -> str:
    return _("This form was incomplete. Please check it and save again.")


def _after_numbers(request: HttpRequest, port: PortRequest) -> HttpResponse:
    """On to the next page; first a look at what the upstream says of the numbers, where it can be asked."""
    if not _goes_on(request):
        return _put_aside(request, port)
    if port.connection.can(Capability.PORT_CHECK) and port.numbers:
        if not port_checks.answer_for(request.account, port.connection, port.numbers):
            try:
                asked = port_checks.ask(Actor.of(request), port.connection, port.numbers)
            except TooOften as error:
                messages.warning(request, error.words)
                return _on(request, port, port_steps.NUMBERS)
            return redirect(f"{presenters.page_url(port, port_steps.NUMBERS)}?asked={asked.public_id}")
    return _on(request, port, port_steps.NUMBERS)


def _put_aside(request: HttpRequest, port: PortRequest) -> HttpResponse:
    messages.success(request, _("Kept as a draft. Go on with it whenever you like, on any device."))
    return redirect("numbers:port", public_id=port.public_id)


def _on(request: HttpRequest, port: PortRequest, page: str) -> HttpResponse:
    following = presenters.neighbours(port_steps.pages_of(port.connection.client_class.port_rules), page)[1]
    return redirect("numbers:port_page", port.public_id, following)


# --- one page -------------------------------------------------------------------------------------------------------------


def drafted(request: HttpRequest, public_id) -> PortRequest:
    rows = PortRequest.objects.for_account(request.account).select_related("connection", "operation", "bundle")
    return get_object_or_404(rows, public_id=public_id)


@allowed(May.CHANGE_PORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def port_page(request: HttpRequest, public_id, page: str) -> HttpResponse:
    """One page of a request that is being put together."""
    port = drafted(request, public_id)
    if page not in port_steps.pages_of(port.connection.client_class.port_rules):
        raise Http404
    if why := why_not(port):
        messages.info(request, why)
        return redirect("numbers:port", public_id=port.public_id)
    if page == port_steps.NUMBERS and _is_just_answered(request, port):
        return _on(request, port, page)
    form = _page_form(request, port, page)
    if request.method != "POST":
        if port.operation and port.operation.state == Operation.State.FAILED:
            problems.put_on(form, _problems_of(port, form), port.connection.label)
        return _shown(request, form, port.connection, page, port=port)
    if sum(len(files) for _name, files in request.FILES.lists()) > MOST_FILES:
        form.add_error(None, _("At most %(most)s files at once.") % {"most": MOST_FILES})
    if not form.is_valid():
        return _shown(request, form, port.connection, page, port=port, status=422)
    return _kept(request, port, form, page)


def _is_just_answered(request: HttpRequest, port: PortRequest) -> bool:
    """Whether the question that brought the person here was answered with yes before the page was even shown."""
    if request.method != "GET" or not request.GET.get("asked"):
        return False
    asked = port_checks.answer_for(request.account, port.connection, port.numbers)
    if asked is None or str(asked.public_id) != request.GET["asked"] or asked.finished_at is None:
        return False  # who comes back to the page later wants to see it
    return check_presenters.check_of(asked).all_good and timezone.now() - asked.finished_at < JUST_NOW


def _problems_of(port: PortRequest, form: PageForm) -> list[dict]:
    """What upstream refused of this page; the other pages show theirs."""
    return [problem for problem in port.operation.problems if problems.field_of(problem, form.fields)]


def why_not(port: PortRequest) -> str:
    if port.operation and port.operation.is_open:
        return _("Your last change is still on its way. Wait for its outcome.")
    if port.status != PortRequest.Status.NOT_READY or port.gone_at or not port.is_editable:
        return _("This request is no draft any more.")
    return ""


def _page_form(request: HttpRequest, port: PortRequest, page: str) -> PageForm:
    if page == port_steps.NUMBERS:
        return _numbers_form(request, port.connection, port)
    about = {"connection": port.connection, "zone": _zone(request), "port": port, "page": page}
    if request.method != "POST":
        return PageForm(**about, initial=_initial(port) | {"keep_service": port_promises.is_made(request, port)})
    return PageForm(request.POST, request.FILES, **about, submit=_goes_on(request))


def _kept(request: HttpRequest, port: PortRequest, form: PageForm, page: str) -> HttpResponse:
    draft = form.draft(draft_of(port), services.subaccount_of(port.connection, request.account))
    by_kind = form.by_kind() if page == port_steps.NUMBERS else {}
    if by_kind:
        kind = port.kind if port.kind in by_kind else next(iter(by_kind))
        draft = services.with_numbers(draft, by_kind[kind], kind)
    if page == port_steps.REVIEW and request.POST.get("act") == "submit":
        return _handed_in(request, port, form, draft)
    pages = port_steps.pages_of(port.connection.client_class.port_rules)
    reached = presenters.neighbours(pages, page)[1] or page
    further = max(pages.index(reached), pages.index(port.step) if port.step in pages else 0)
    try:
        port = port_pages.save_page(Actor.of(request), port, draft, form.papers(), pages[further], version_of(request))
    except services.Stale:
        return _rivalled(request, port, form, page, draft)
    except (Busy, services.NotEditable):
        return _shown(request, form, port.connection, page, port=port, status=409, note=_locked())
    if by_kind:
        port_pages.move_kinds(Actor.of(request), port, by_kind)
        return _after_numbers(request, port)
    port_pages.fill_beside(Actor.of(request), port, port_steps.PAGES[page])
    return _on(request, port, page) if _goes_on(request) else _put_aside(request, port)


def version_of(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _locked() -> str:
    return _("This request cannot be changed just now. What you typed is still here.")


def _rivalled(request: HttpRequest, port: PortRequest, form: PageForm, page: str, draft: PortDraft) -> HttpResponse:
    port.refresh_from_db()
    theirs = port_form.differences_of(port, draft)
    note = _(
        "Somebody changed this request after you opened the form. Yours is below; what is stored now stands beside it."
    )
    return _shown(request, form, port.connection, page, port=port, status=409, note=note, theirs=theirs)


def _handed_in(request: HttpRequest, port: PortRequest, form: PageForm, draft: PortDraft) -> HttpResponse:
    """Check the whole once more, then hand it in; who is not confirmed does that first, with everything kept."""
    confirmed = confirmed_lately(request)
    actor = Actor.of(request)
    try:
        if not services.is_handed_in_by(actor, request.POST.get("intent", "")):
            port = port_pages.save_page(actor, port, draft, form.papers(), port_steps.REVIEW, version_of(request))
            port_pages.fill_beside(actor, port, ("wanted_on", "capacity", "recipients"))
            whole = port_steps.whole_form(port, _zone(request))
            if not whole.is_valid() or port_letters.is_outdated(port):
                gaps = presenters.gaps_of(port, whole) + presenters.letter_gap(port, port_letters.is_outdated(port))
                return _shown(request, form, port.connection, port_steps.REVIEW, port=port, status=422, gaps=gaps)
        if confirmed:
            wish = services.Wish(draft, [], submit=True)
            services.change_port(actor, port, wish, read_intent(request.POST.get("intent", "")), port.version)
    except services.Stale:
        return _rivalled(request, port, form, port_steps.REVIEW, draft)
    except IntentUsed:
        note = _(
            "This form was already sent with other words. What you typed is still here; send it again if you mean it."
        )
        return _shown(request, form, port.connection, port_steps.REVIEW, port=port, status=409, note=note)
    except (Busy, services.NotEditable):
        return _shown(request, form, port.connection, port_steps.REVIEW, port=port, status=409, note=_locked())
    if not confirmed:
        port_promises.note(request, port)
        messages.info(request, _("Everything is saved. Confirm that it is you, then submit."))
        return confirm_first(request, reverse("numbers:port_page", args=[port.public_id, port_steps.REVIEW]))
    messages.success(request, _("Handed in."))
    return redirect("numbers:port", public_id=port.public_id)


# --- what a page shows ------------------------------------------------------------------------------------------------------


def _shown(
    request, form, connection, page, *, port=None, carriers=(), status=200, note="", theirs=(), gaps=()
) -> HttpResponse:
    pages = port_steps.pages_of(connection.client_class.port_rules)
    before, after = presenters.neighbours(pages, page)
    context = {
        "form": form, "port": port, "connection": connection, "page": page, "note": note, "theirs": theirs, "gaps": gaps,
        "title": port_steps.TITLES[page], "lead": presenters.LEADS[page], "template": f"numbers/_port_page_{page}.html",
        "progress": presenters.progress(pages, page, port), "position": pages.index(page) + 1, "pages": len(pages),
        "back": presenters.page_url(port, before) if port and before else "", "is_last": not after,
        "carriers": list(names_of(carriers).items()) if len(carriers) > 1 else (),
        "intent": new_intent() if status in {200, 409} else request.POST.get("intent", ""),
        "version": port.version if port else 0,
        "summary": port_form.summary_of(form),
        "files_lost": form.is_bound and bool(request.FILES),
        **_of_page(request, form, connection, page, port, pages),
    }  # fmt: skip
    return render(request, "numbers/port_page.html", context, status=status)


def _of_page(request, form, connection, page: str, port: PortRequest | None, pages: list[str]) -> dict:
    if page == port_steps.NUMBERS:
        asked = port_checks.answer_for(request.account, connection, port.numbers) if port else None
        able = connection.can(Capability.PORT_CHECK)
        return {
            "sorting": presenters.sorting_of(form),
            "can_check": able,
            "check": check_presenters.check_of(asked) if asked else None,
        }
    if page == port_steps.ACCOUNT:
        return {"number_choices": list(zip(port.numbers, port_facts.number_lines(port), strict=True))}
    if page == port_steps.PLACE:
        return {"addresses": presenters.addresses_at_hand(request.account)}
    if page == port_steps.PAPERS:
        return {"papers": port_facts.papers_of(port, port_facts.documents_of(port))}
    siblings = port.bundle.ports.exclude(pk=port.pk).order_by("pk") if port.bundle else ()
    return {
        "parts": presenters.review_of(port, pages),
        "beside": [(port_presenters.numbers_of(one), presenters.page_url(one, port_steps.ACCOUNT)) for one in siblings],
    }
