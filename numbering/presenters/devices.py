"""The devices that call from a number's 911 address, in words: one state for each, and why none can be changed.

Green means that the address was read back with the device among its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.presenting import Fresh, phone
from accounts.sources import Sources
from accounts.states import State, Tone, state
from numbering.forms.devices import DevicesForm
from numbering.models import Device, EmergencyEndpoint, Number
from numbering.services import devices as services
from numbering.services.emergency import endpoint_of
from numbering.upstream.devices import FEED, TIE, is_tied_as_asked
from providers.causes import explain
from providers.models import Operation

Done = Operation.State


@dataclass(frozen=True, slots=True)
class Row:
    """`other` is another number of the account, to whose address the device is tied."""

    pk: int
    name: str
    username: str
    state: State
    note: str
    is_ticked: bool
    other: str = ""
    other_url: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """The section of a number's page. Without a form nothing can be changed now, and `note` may say why."""

    rows: list[Row] = field(default_factory=list)
    form: DevicesForm | None = None
    note: str = ""
    conflict: str = ""
    busy: bool = False
    is_full: bool = False
    freshness: list[Fresh] = field(default_factory=list)


def panel_of(number: Number, *, may_change: bool, data=None, conflict: str = "") -> Panel | None:
    """`data` is what a form sent that came back, its ticks kept. None where the page says already that nothing can be
    known of the number's address, or that it has none."""
    if not services.can_tie(number):
        return _elsewhere(number)
    endpoint, devices = endpoint_of(number), services.devices_of(number)
    busy = services.is_busy(devices)
    offers = may_change and devices and not busy and endpoint is not None
    form = _form(number, devices, data) if offers else None
    others, ticked = services.numbers_of(number, devices), form.ticked() if form else set()
    return Panel(
        rows=[_row(number, one, endpoint, others, is_ticked=one.pk in ticked) for one in devices],
        form=form,
        note=_("Register the address first; then devices can be tied to it.") if devices and endpoint is None else "",
        conflict=conflict,
        busy=busy,
        is_full=len(devices) == services.MOST,
        freshness=Sources.of_one(number.connection, FEED).lines(),
    )


def _elsewhere(number: Number) -> Panel | None:
    if not services.could_tie_elsewhere(number):
        return None
    note = _("At %(upstream)s the address belongs to the number; this portal cannot tie devices to it one by one.")
    return Panel(note=note % {"upstream": number.connection.label})


def _form(number: Number, devices: Iterable[Device], data) -> DevicesForm:
    about = {"version": services.version_of(number, devices), "devices": devices}
    if data is not None:
        return DevicesForm.renewed(data, **about)
    return DevicesForm(initial={"devices": [one.pk for one in devices if one.number == number.number]}, **about)


def _row(
    number: Number,
    device: Device,
    endpoint: EmergencyEndpoint | None,
    others: dict[str, Number],
    *,
    is_ticked: bool,
) -> Row:
    mark, note = _told(number, device, endpoint)
    other = others.get(device.number or "")
    return Row(
        pk=device.pk,
        name=device.name,
        username=device.username,
        state=mark,
        note=note,
        is_ticked=is_ticked,
        other=phone(other.number) if other else "",
        other_url=reverse("numbers:e911_number", args=[other.pk]) if other else "",
    )


def _told(number: Number, device: Device, endpoint: EmergencyEndpoint | None) -> tuple[State, str]:
    operation = device.operation
    if operation is None or (not operation.is_open and operation.arguments["number"] != number.number):
        return _as_read(number, device, endpoint), ""
    if operation.is_open:
        return _on_its_way(number, operation), ""
    if is_tied_as_asked(operation, device.number == number.number) or _was_done(operation):
        return _as_read(number, device, endpoint), ""
    return _stuck(number, operation)


def _was_done(operation: Operation) -> bool:
    """Read back as asked: what is otherwise since then came from elsewhere, and is the truth."""
    return operation.state == Done.DONE and is_tied_as_asked(operation, operation.result["tied"])


def _as_read(number: Number, device: Device, endpoint: EmergencyEndpoint | None) -> State:
    if device.number is None:
        return state(Tone.UNKNOWN, _("Not known"))
    if device.number == "":
        return state(Tone.HELD, _("No address"))
    if device.number != number.number:
        return state(Tone.HELD, _("Another address"), "map-pin")
    if endpoint is None or not endpoint.provisioned:
        return state(Tone.FAILED, _("Not in force"))
    return state(Tone.FINE, _("This address"))


def _on_its_way(number: Number, operation: Operation) -> State:
    if operation.state == Done.UNKNOWN:
        return state(Tone.UNKNOWN, _("Not known yet"))
    if operation.arguments["number"] != number.number:
        return state(Tone.WORKING, _("Being changed"))
    return state(Tone.WORKING, _("Being tied") if operation.verb == TIE else _("Being untied"))


def _stuck(number: Number, operation: Operation) -> tuple[State, str]:
    upstream = number.connection.label
    if operation.state == Done.PARKED:
        note = _("We could not find out whether %(upstream)s did it. Look again later, then send it once more.")
        return state(Tone.UNKNOWN, _("Not known")), note % {"upstream": upstream}
    word = _("Not tied") if operation.verb == TIE else _("Still tied")
    if operation.state == Done.DONE:
        note = _("%(upstream)s took the change, but what we read back is not so. Send it again or call your provider.")
        return state(Tone.FAILED, word), note % {"upstream": upstream}
    return state(Tone.FAILED, word), str(explain(operation.error_cause, upstream))
