"""Staff's desk for one port: approve or give back, note dates, answer a wish, write to the customer or to each other (D13)."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import DATETIME_CLASSES, UnfoldAdminTextareaWidget, UnfoldBooleanWidget

from accounts.actor import Actor
from accounts.presenting import day, phone, when
from accounts.states import Tone
from numbering.forms.port_fields import DateInput
from numbering.models import PortAsk, PortDocument, PortRequest
from numbering.presenters import port_clock
from numbering.presenters.port_timeline import timeline_of
from numbering.presenters.ports import WHERE, waiting_on
from numbering.services import port_review, port_talk
from numbering.services.intents import Busy, new_intent, read_intent
from numbering.services.ports import NotEditable, note_look

CUSTOMER = _("the customer")
_VARIANTS = {Tone.FINE: "success", Tone.FAILED: "danger", Tone.WAITING: "warning", Tone.WORKING: "info"}
COLOURS = {str(status): _VARIANTS.get(tone, "default") for status, (tone, _who) in WHERE.items()}


def _area(rows: int) -> forms.Textarea:
    return UnfoldAdminTextareaWidget(attrs={"rows": rows})


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason, as the customer reads it"), max_length=1000, widget=_area(2))


class DatesForm(forms.Form):
    tentative_on = forms.DateField(
        label=_("Proposed date"), required=False, widget=DateInput(attrs={"class": " ".join(DATETIME_CLASSES)})
    )
    firm_on = forms.DateField(
        label=_("Port date (FOC)"), required=False, widget=DateInput(attrs={"class": " ".join(DATETIME_CLASSES)})
    )


class RemarkForm(forms.Form):
    body = forms.CharField(label=_("Comment"), max_length=2000, widget=_area(3))
    private = forms.BooleanField(label=_("For staff only"), required=False, widget=UnfoldBooleanWidget)


class AnswerForm(forms.Form):
    words = forms.CharField(label=_("Answer to the customer"), required=False, max_length=1000, widget=_area(2))


FORMS = {"reject": ReasonForm, "dates": DatesForm, "comment": RemarkForm}
ANSWERS = {"grant", "refuse"}


def desk(model_admin, request: HttpRequest, object_id: str) -> HttpResponse:
    """One page: every act is one button away, and says afterwards what it did."""
    if not request.user.has_perm("numbers.change_portrequest"):
        raise PermissionDenied
    port = get_object_or_404(PortRequest.objects.select_related("connection", "account", "operation"), pk=object_id)
    act = request.POST.get("act", "")
    shown = {name: kind() for name, kind in FORMS.items()} | {
        "dates": DatesForm(initial={"tentative_on": port.tentative_on, "firm_on": port.firm_on})
    }
    refusal = ""
    if request.method == "POST" and act in _ACTS:
        form = AnswerForm(request.POST) if act in ANSWERS else FORMS[act](request.POST) if act in FORMS else None
        if form is None or form.is_valid():
            refusal = _refusal(request, port, act, form.cleaned_data if form else {})
            if not refusal:
                messages.success(request, _("Done."))
                return redirect(request.path)
            port.refresh_from_db()
        shown[act] = form
    typed = next((shown[name] for name in ANSWERS if name in shown), None)
    context = model_admin.admin_site.each_context(request) | {
        "port": port, "forms": shown, "intent": new_intent(), "title": str(port), "opts": PortRequest._meta,
        "asks": [_asked(ask, typed) for ask in port.asks.filter(answered_at=None)], "comments": list(port.comments.all()),
        "documents": list(port.documents.all()), "timeline": timeline_of(list(port.events.all()[:50]), str(CUSTOMER)),
        "colour": COLOURS.get(port.status, "default"), "facts": _facts(port),
        "back": reverse("admin:numbers_portrequest_changelist"), "row": reverse("admin:numbers_portrequest_change", args=[port.pk]),
        "refusal": refusal, "unsaid": _words_of(act, request) if refusal else "",
    }  # fmt: skip
    return render(request, "admin/port_desk.html", context, status=409 if refusal else 200)


def _words_of(act: str, request: HttpRequest) -> str:
    """What was typed into a form that may be gone from the page, so that nobody has to type it again."""
    return request.POST.get({"reject": "reason", "comment": "body"}.get(act, "words"), "").strip()


def wait_of(port: PortRequest) -> str:
    """Who has to act, as staff say it, and until when."""
    return " · ".join(filter(None, (waiting_on(port, str(CUSTOMER)), port_clock.clock_of(port).text)))


def _facts(port: PortRequest) -> list[tuple[str, str]]:
    facts = [
        (_("Account"), str(port.account)),
        (_("Upstream"), port.connection.label),
        (_("Losing carrier"), port.current_provider),
        (_("Numbers"), ", ".join(phone(one) for one in port.numbers)),
        (_("Waiting on"), wait_of(port)),
        (_("Wanted date"), day(port.wanted_on)),
    ]
    return [(label, value or "—") for label, value in facts]


def _asked(ask: PortAsk, typed: AnswerForm | None) -> dict:
    """A wish with a form of its own; what was typed and refused stands in the form it came from."""
    mine = typed if typed and typed.data.get("ask") == str(ask.public_id) else None
    form = AnswerForm(mine.data if mine else None, auto_id=f"id_{ask.pk}_%s")
    title = ask.get_kind_display() + (f" · {day(ask.wanted_on)}" if ask.wanted_on else "")
    return {
        "public_id": ask.public_id, "title": title, "words": ask.words, "by": ask.asked_by, "at": when(ask.asked_at),
        "form": form,
    }  # fmt: skip


def _refusal(request: HttpRequest, port: PortRequest, act: str, said: dict) -> str:
    """Do it, or say why it cannot be done any more."""
    try:
        _ACTS[act](request, Actor.of(request), port, said)
    except port_review.NothingWaits:
        return _("Somebody else has seen to it meanwhile.")
    except (Busy, NotEditable):
        return _("It cannot be changed just now.")
    return ""


def _approve(request, actor, port, said) -> None:
    port_review.approve(actor, port)


def _reject(request, actor, port, said) -> None:
    port_review.reject(actor, port, said["reason"])


def _dates(request, actor, port, said) -> None:
    port_review.set_dates(actor, port, said["tentative_on"], said["firm_on"])


def _comment(request, actor, port, said) -> None:
    remark = port_talk.Remark(said["body"], by_staff=True, private=said["private"])
    port_talk.comment(actor, port, remark, read_intent(request.POST.get("intent", "")))


def _answer(request, actor, port, said) -> None:
    granted = request.POST.get("act") == "grant"
    wanted = request.POST.get("ask", "")
    ask = next((one for one in port.asks.filter(answered_at=None) if str(one.public_id) == wanted), None)
    if ask is None or not port_talk.answer(actor, ask, granted, said["words"]):
        raise port_review.NothingWaits


_ACTS = {
    "approve": _approve,
    "reject": _reject,
    "dates": _dates,
    "comment": _comment,
    "grant": _answer,
    "refuse": _answer,
}


def paper(request: HttpRequest, document_id: str) -> HttpResponse:
    """A document for staff; that they looked is on record as it is for everybody."""
    if not request.user.has_perm("numbers.view_portdocument"):
        raise PermissionDenied
    document = get_object_or_404(PortDocument.objects.select_related("port"), pk=document_id)
    note_look(Actor.of(request), document)
    response = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=document.name, content_type=document.mime_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
