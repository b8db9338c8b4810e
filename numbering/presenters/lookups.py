"""What was told of a number, as facts; and what a look-up costs, as far as anybody says."""

from dataclasses import dataclass, field

import phonenumbers
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.presenting import listed, phone, when
from accounts.states import State, Tone, state
from numbering import places
from numbering.models import NumberLookup
from numbering.services.lookups import MOST
from providers.causes import explain
from providers.clients.errors import Cause
from providers.models import Operation

LINES = {
    "mobile": "mobile", "wireless": "mobile", "cell": "mobile", "landline": "landline", "fixed": "landline",
    "voip": "voip", "tollfree": "tollfree",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    number: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""
    tone: str = ""
    is_open: bool = False


def told_of(lookup: NumberLookup) -> Told:
    operation, upstream = lookup.operation, lookup.operation.connection.label
    number, named = phone(lookup.number), {"upstream": upstream}
    if operation.is_open:
        slow = _("%(upstream)s has not answered yet.") % named if operation.returned else _("Asking…")
        return Told(number, note=slow, tone=Tone.WORKING, is_open=True)
    if operation.state == Operation.State.DONE and operation.result.get("told"):
        return Told(number, _facts(operation.result["told"]))
    if operation.state == Operation.State.DONE:
        text = _("%(upstream)s gave no clear answer. It may have charged for it; asking again is charged again.")
        return Told(number, note=text % named, tone=Tone.UNKNOWN)
    if operation.error_cause in (Cause.INVALID, Cause.NOT_FOUND, Cause.DESTINATION):
        text = _("%(upstream)s knows nothing of this number. It may have charged for the question.")
        return Told(number, note=text % named, tone=Tone.HELD)
    return Told(number, note=str(explain(operation.error_cause, upstream)), tone=Tone.FAILED)


def _facts(told: dict) -> list[tuple[str, str]]:
    place = ", ".join(part for part in (told["city"], places.region_name(told["region"])) if part)
    valid = {True: _("Yes"), False: _("No")}.get(told["valid"], "")
    facts = [
        (_("Carrier"), told["carrier"]),
        (_("Kind of line"), _line(told["line_type"])),
        (_("Caller name"), told["caller_name"]),
        (_("Place"), place or told["country"]),
        (_("In service"), valid),
        (_("Routing number"), _routing(told["routing_number"])),
    ]
    return [(label, value) for label, value in facts if value]


def _line(word: str) -> str:
    words = {"mobile": _("Mobile"), "landline": _("Landline"), "voip": _("Internet (VoIP)"), "tollfree": _("Toll-free")}
    return words.get(LINES.get(word.casefold(), ""), word)


def _routing(number: str) -> str:
    try:
        return phone(phonenumbers.format_number(phonenumbers.parse(number, "CA"), phonenumbers.PhoneNumberFormat.E164))
    except phonenumbers.NumberParseException:
        return number


@dataclass(frozen=True, slots=True)
class Row:
    url: str
    number: str
    summary: str
    state: State
    when: str
    who: str


def row_of(lookup: NumberLookup) -> Row:
    told = told_of(lookup)
    summary = lookup.operation.result.get("told") or {}
    return Row(
        url=reverse("numbers:lookup_result", args=[lookup.public_id]),
        number=told.number,
        summary=summary.get("carrier", ""),
        state=_state(told),
        when=when(lookup.created_at),
        who=str(lookup.user or ""),
    )


def _state(told: Told) -> State:
    if told.facts:
        return state(Tone.FINE, _("Answered"))
    return state(told.tone, _("Waiting") if told.is_open else _("No answer"))


def cannot(code: str) -> str:
    """Why nothing can be looked up just now; "" where it can."""
    return {
        "": "",
        "unknown-price": _("This account has a daily limit, and what this costs is not told. Ask your provider."),
        "too-many": _("At most %(count)s look-ups an hour. Try again in a while.") % {"count": MOST},
    }[code]


def fee_of(labels: list[str]) -> str:
    """No upstream tells by its programs what a look-up costs, so the page says that it costs, and where the price stands."""
    text = _("Each look-up is charged by %(upstream)s at the price of your contract, also when nothing is known.")
    return text % {"upstream": listed(labels)}
