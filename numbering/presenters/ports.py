"""Port requests for people: whom a request waits for, what its state means, and what to do."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.presenting import Fresh, ago, day, phone, when
from accounts.sources import Sources
from accounts.states import State, Tone, state
from numbering.models import PortRequest
from numbering.presenters import rejections
from numbering.presenters.port_pages import resume_url
from numbering.presenters.problems import stopped
from providers.models import Operation

S = PortRequest.Status
YOU, US, CARRIER, NOBODY = "you", "us", "carrier", ""

# status -> (tone, who has to act)
WHERE = {
    S.NOT_READY: (Tone.WAITING, YOU),
    S.SENT_TO_STAFF: (Tone.WORKING, US),
    S.MODIFIED_BY_STAFF: (Tone.WAITING, YOU),
    S.APPROVED_BY_STAFF: (Tone.WORKING, US),
    S.REJECTED_BY_STAFF: (Tone.FAILED, YOU),
    S.SENT_TO_PROVIDER: (Tone.WORKING, CARRIER),
    S.TENTATIVE_CONFIRM: (Tone.WORKING, CARRIER),
    S.FIRM_CONFIRM: (Tone.FINE, CARRIER),
    S.REJECTED_BY_PROVIDER: (Tone.FAILED, YOU),
    S.REJECTED_BY_CLIENT: (Tone.HELD, NOBODY),
    S.CANCELLED_BY_CLIENT: (Tone.HELD, NOBODY),
    S.EXPIRED: (Tone.HELD, NOBODY),
    S.COMPLETED: (Tone.FINE, NOBODY),
}
NEEDS_YOU = [status for status, (_tone, who) in WHERE.items() if who == YOU]
STUCK = {Operation.State.FAILED, Operation.State.PARKED}

# What a state means and what to do about it.
MEANINGS = {
    S.NOT_READY: gettext_lazy("Nobody works on this yet. Complete it and submit it."),
    S.SENT_TO_STAFF: gettext_lazy(
        "Our staff compare it with what the losing carrier will ask for. That takes up to two business days."
    ),
    S.MODIFIED_BY_STAFF: gettext_lazy("Our staff changed something. Look through it, then submit it again to agree."),
    S.APPROVED_BY_STAFF: gettext_lazy("Everything is in order. It goes to the losing carrier next."),
    S.REJECTED_BY_STAFF: gettext_lazy("Something has to be corrected before it can go to the losing carrier."),
    S.SENT_TO_PROVIDER: gettext_lazy(
        "The losing carrier answers within about five business days. Do not cancel your old service."
    ),
    S.TENTATIVE_CONFIRM: gettext_lazy(
        "The losing carrier proposed a date. It may still change, so plan nothing on it. Do not cancel your old service."
    ),
    S.FIRM_CONFIRM: gettext_lazy(
        "The date is firm. Prepare routing, texting and 911 now. Do not cancel your old service before the port completes."
    ),
    S.REJECTED_BY_PROVIDER: gettext_lazy("The losing carrier refused it. Correct what it names and submit it again."),
    S.REJECTED_BY_CLIENT: gettext_lazy("The changes were declined, so the request was closed."),
    S.CANCELLED_BY_CLIENT: gettext_lazy("The request was cancelled. Your numbers stay where they are."),
    S.EXPIRED: gettext_lazy("Nobody acted for too long, so the request was closed. Your numbers stay where they are."),
    S.COMPLETED: gettext_lazy(
        "The numbers are here. Check a call in, a call out, a text and the 911 address; then you may cancel the old service."
    ),
}


def port_state(port: PortRequest) -> State:
    """The pill: what upstream says, unless our own request to it has not come through."""
    operation = port.operation
    if port.is_lost:
        return state(Tone.STALE, _("No longer listed"))
    if operation and operation.is_open:
        return _under_way(operation)
    if operation and operation.state in STUCK and port.is_editable:
        parked = operation.state == Operation.State.PARKED
        return state(Tone.UNKNOWN if parked else Tone.FAILED, _("Not known") if parked else _("Not accepted"))
    if port.review_since:
        return state(Tone.WORKING, label_of(S.SENT_TO_STAFF))
    if port.has_remark:
        return state(Tone.WAITING, label_of(port.status))
    tone, _who = WHERE.get(S(port.status), (Tone.UNKNOWN, US)) if port.status in S.values else (Tone.UNKNOWN, US)
    return state(tone, label_of(port.status))


def label_of(status: str) -> str:
    return str(S(status).label) if status in S.values else status


def _under_way(operation: Operation) -> State:
    if operation.state == Operation.State.UNKNOWN:
        return state(Tone.UNKNOWN, _("Being checked"))
    return state(Tone.WORKING, _("Submitting") if operation.arguments.get("submit") else _("Saving"))


def who(port: PortRequest) -> str:
    """Who has to act next: "you", "us", "carrier" or "" when nobody has."""
    operation = port.operation
    if (operation and operation.is_open) or port.review_since:
        return US
    if operation and operation.state in STUCK and port.is_editable:
        return YOU
    if port.has_remark:
        return YOU
    return WHERE[S(port.status)][1] if port.status in S.values else US


def waiting_on(port: PortRequest, customer: str = "") -> str:
    """The words for it, "" for a closed request."""
    if port.gone_at:
        return ""
    return {YOU: customer or _("you"), US: _("us"), CARRIER: _("the losing carrier"), NOBODY: ""}[who(port)]


# --- lists ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    url: str
    title: str
    pon: str
    state: State
    waiting_on: str
    on_you: bool
    since: str
    numbers: str
    carrier: str
    date: str
    date_kind: str
    source: Fresh | None  # which upstream and how fresh, where there are several


def row_of(port: PortRequest, sources: Sources | None = None) -> Row:
    kind, moment = date_of(port)
    return Row(
        url=reverse("numbers:port", args=[port.public_id]),
        title=title_of(port),
        pon=port.pon,
        state=port_state(port),
        waiting_on=waiting_on(port),
        on_you=who(port) == YOU,
        since=ago(port.status_since),
        numbers=numbers_of(port) if port.title else "",  # else they are its title
        carrier=port.current_provider,
        date=day(moment) if moment else "",
        date_kind=kind,
        source=sources.mark(port.connection) if sources else None,
    )


def title_of(port: PortRequest) -> str:
    return port.title or numbers_of(port) or _("New port request")


def numbers_of(port: PortRequest) -> str:
    if not port.numbers:
        return ""
    first, others = phone(port.numbers[0]), len(port.numbers) - 1
    if not others:
        return first
    return ngettext("%(first)s and %(count)s other", "%(first)s and %(count)s others", others) % {
        "first": first,
        "count": others,
    }


def date_of(port: PortRequest) -> tuple[str, date | None]:
    """The date that counts now, and which kind it is: a firm one is never shown like a proposed or a wished-for one."""
    if port.firm_on:
        return _("firm"), port.firm_on
    if port.tentative_on and port.status not in PortRequest.REJECTED:
        return _("proposed, not firm"), port.tentative_on
    return (_("wanted"), port.wanted_on) if port.wanted_on else ("", None)


# --- one request --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Banner:
    """The state in words: what it means, what was said, and where to mend it."""

    state: State
    text: str
    quote: str = ""
    hint: str = ""
    link: str = ""
    link_text: str = ""


def banner_of(port: PortRequest, may_change: bool) -> Banner:
    shown, operation = port_state(port), port.operation
    editable = may_change and port.is_editable and not port.gone_at
    edit = reverse("numbers:port_edit", args=[port.public_id]) if editable else ""
    if port.is_lost:
        return _lost(port, shown)
    if operation and (operation.is_open or (operation.state in STUCK and port.is_editable)):
        return _of_operation(port, shown, operation, edit)
    if port.status in PortRequest.REJECTED and port.rejection and not port.review_since:
        return _rejected(port, shown, edit)
    if port.has_remark:
        return _remarked(port, shown)
    text = (
        str(MEANINGS[S.SENT_TO_STAFF if port.review_since else S(port.status)])
        if port.status in S.values
        else _("We do not know this state yet; our staff look into it.")
    )
    quote = port.details.get("comments", "") if port.status == S.MODIFIED_BY_STAFF else ""
    return Banner(
        shown,
        text,
        quote=quote,
        link=resume_url(port) if edit and port.status == S.NOT_READY else edit,
        link_text=_("Go on") if port.status == S.NOT_READY else _("Look through it"),
    )


def hint_of(port: PortRequest) -> rejections.Hint | None:
    """Which field mends a rejection, None where nothing was rejected."""
    if port.status not in PortRequest.REJECTED or not port.rejection:
        return None
    return rejections.hint(port.rejection, port.connection.client_class.port_rules.says)


def _rejected(port: PortRequest, shown: State, edit: str) -> Banner:
    hint = hint_of(port)
    link = f"{edit}#id_{hint.field}" if edit else ""
    text = str(MEANINGS[S(port.status)])
    return Banner(shown, text, quote=port.rejection, hint=hint.text, link=link, link_text=_("Correct it"))


def _lost(port: PortRequest, shown: State) -> Banner:
    text = _(
        "%(upstream)s has not listed this request since %(time)s, and never said how it ended. Do not cancel your old service. "
        "Ask with a comment below: our staff find out."
    )
    return Banner(shown, text % {"upstream": port.connection.label, "time": when(port.gone_at)})


def _remarked(port: PortRequest, shown: State) -> Banner:
    text = _(
        "%(upstream)s says this about it. The request cannot be changed from here: ask your provider to correct what it "
        "names."
    )
    hint = rejections.hint(port.rejection)
    return Banner(shown, text % {"upstream": port.connection.label}, quote=port.rejection, hint=hint.text)


def _of_operation(port: PortRequest, shown: State, operation: Operation, edit: str) -> Banner:
    upstream = port.connection.label
    if operation.state == Operation.State.UNKNOWN:
        text = _(
            "The answer of %(upstream)s was lost. We are looking whether your request arrived; do not send it again."
        )
        return Banner(shown, text % {"upstream": upstream})
    if operation.is_open:
        text = _("Waiting for %(upstream)s. You can leave this page.")
        return Banner(shown, text % {"upstream": upstream})
    if operation.state == Operation.State.PARKED:
        text = _(
            "The answer of %(upstream)s was lost, and its list does not show what you sent. It has not been sent again. "
            "Ask your provider, or submit it once more if you are sure."
        )
        return Banner(shown, text % {"upstream": upstream}, link=edit, link_text=_("Open the form"))
    refused = _("%(upstream)s did not accept it. Nothing that you typed is lost: the form shows what to change.")
    text = stopped(operation) or refused % {"upstream": upstream}
    return Banner(shown, text, link=edit, link_text=_("Correct it"))
