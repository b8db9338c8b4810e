"""Several requests that belong together as one: the state that counts, and the requests below it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.states import State, Tone, state
from numbering.models import PortBundle, PortRequest
from numbering.presenters import ports as presenters

# How far a request is: the whole is where its last part is.
ORDER = [
    "not_ready", "sent_to_staff", "modified_by_staff", "approved_by_staff", "sent_to_provider", "tentative_confirm",
    "firm_confirm", "completed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Whole:
    """The bundle for people."""

    title: str
    state: State
    sentence: str
    rows: list[presenters.Row]


def whole_of(bundle: PortBundle, ports: list[PortRequest]) -> Whole:
    shown, sentence = state_of(ports)
    title = bundle.title or (presenters.title_of(ports[0]) if ports else _("Port requests"))
    return Whole(title, shown, sentence, [presenters.row_of(port) for port in ports])


def state_of(ports: list[PortRequest]) -> tuple[State, str]:
    """One state for all: what waits for the person comes first, else where the slowest part is."""
    on_you = [port for port in ports if presenters.who(port) == presenters.YOU]
    done = sum(port.status == "completed" for port in ports)
    open_ports = [port for port in ports if port.status not in PortRequest.CLOSED]
    sentence = ngettext(
        "%(done)s of %(count)s request is complete.", "%(done)s of %(count)s requests are complete.", len(ports)
    )
    sentence = sentence % {"done": done, "count": len(ports)}
    if on_you:
        return state(Tone.WAITING, _("Waiting on you")), sentence
    if open_ports:
        slowest = min(open_ports, key=lambda port: ORDER.index(port.status) if port.status in ORDER else 0)
        return presenters.port_state(slowest), sentence
    if done:
        word = _("Ported") if done == len(ports) else _("Partly ported")
        return state(Tone.FINE if done == len(ports) else Tone.HELD, word), sentence
    return state(Tone.HELD, _("Closed")), sentence


@dataclass(frozen=True, slots=True)
class Mark:
    """For the list: to which whole a request belongs, and the one state of that whole."""

    name: str
    url: str
    word: str


def marks_of(ports: list[PortRequest]) -> dict[int, Mark]:
    """By bundle; the parts of a whole that the page does not show count as well."""
    bundles = {port.bundle_id for port in ports if port.bundle_id}
    if not bundles:
        return {}
    found: dict[int, list[PortRequest]] = {pk: [] for pk in bundles}
    rows = PortRequest.objects.filter(bundle__in=bundles, account=ports[0].account_id, gone_at=None).order_by("pk")
    for port in rows.select_related("connection", "operation", "bundle").defer("raw"):
        found[port.bundle_id].append(port)
    return {pk: Mark(*link_of(parts[0]), state_of(parts)[0].word) for pk, parts in found.items() if len(parts) > 1}


def link_of(port: PortRequest) -> tuple[str, str]:
    """Name and address of the whole that a request is part of; two empty words when it stands alone."""
    if port.bundle is None:
        return "", ""
    return port.bundle.title or _("Port requests"), reverse("numbers:port_bundle", args=[port.bundle.public_id])
