"""Orders of what is not in stock, in words: what was asked, what has come, what is awaited."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.presenting import money, phone, when
from accounts.states import State, Tone, state
from numbering.models import BackOrder
from providers.causes import explain
from providers.models import Operation


@dataclass(frozen=True, slots=True)
class Row:
    """One order as a line of a list, and as a page: `numbers` is one entry for each number ordered."""

    url: str
    title: str
    when: str
    who: str
    state: State
    words: str
    is_open: bool
    numbers: list[tuple[str, str, State]]  # number, its page, its state


def row_of(order: BackOrder) -> Row:
    arrived = [arrival.number for arrival in order.arrivals.all()]
    mark, words = _state(order, len(arrived))
    came = [(phone(one.number), reverse("numbers:detail", args=[one.pk]), _came()) for one in arrived]
    rest = [("", "", mark)] * max(order.quantity - len(arrived), 0)
    title = ngettext("%(count)s number in %(place)s", "%(count)s numbers in %(place)s", order.quantity)
    return Row(
        url=reverse("numbers:back_order_made", args=[order.public_id]),
        title=title % {"count": order.quantity, "place": f"{order.place.title()} ({order.area_code})"},
        when=when(order.created_at),
        who=str(order.user or ""),
        state=mark if len(arrived) < order.quantity else state(Tone.FINE, _("Done")),
        words=words,
        is_open=order.operation.is_open,
        numbers=[*came, *rest],
    )


def _came() -> State:
    return state(Tone.FINE, _("Yours"))


def _state(order: BackOrder, arrived: int) -> tuple[State, str]:
    """The state of what has not come, and a sentence about the order as a whole."""
    operation, upstream = order.operation, order.connection.label
    words = {"upstream": upstream, "arrived": arrived, "count": order.quantity}
    if arrived >= order.quantity:
        return state(Tone.FINE, _("Done")), _("All of it has come.")
    if operation.state == Operation.State.WITHDRAWN:
        return state(Tone.HELD, _("Withdrawn")), _("You withdrew it before %(upstream)s heard of it.") % words
    if operation.state == Operation.State.FAILED:
        return state(Tone.FAILED, _("Refused")), str(explain(operation.error_cause, upstream))
    if operation.state in (Operation.State.UNKNOWN, Operation.State.PARKED):
        text = _(
            "%(upstream)s gave no clear answer. Ask its staff whether they have the order before you send another."
        )
        return state(Tone.UNKNOWN, _("Not known")), text % words
    if operation.is_open:
        return state(Tone.WORKING, _("Being ordered")), _("On its way to %(upstream)s.") % words
    if order.stopped_at:
        text = _("%(arrived)s of %(count)s came before you stopped waiting. %(upstream)s may still bring the others.")
        return state(Tone.HELD, _("Put away")), text % words
    if order.closed_at:
        text = _("%(arrived)s of %(count)s came within three months. Ask the staff of %(upstream)s about the others.")
        return state(Tone.STALE, _("No longer awaited")), text % words
    text = _("The staff of %(upstream)s have it: %(arrived)s of %(count)s so far. Numbers appear here when they come.")
    return state(Tone.WORKING, _("Awaited")), text % words


def too_late(order: BackOrder) -> str:
    """Why it cannot be withdrawn any more."""
    words = {"upstream": order.connection.label}
    if order.operation.is_open:
        return _("It is being sent already. In a moment you see here whether %(upstream)s took it.") % words
    return _("It was sent to %(upstream)s before you withdrew it.") % words


def price_of(upstream: str, known: tuple[Decimal, str] | None) -> str:
    """What is known of the price: what numbers of the area code cost in stock, and that nothing is promised by it."""
    text = _("Nothing is charged now. What %(upstream)s charges when the numbers come is what your contract says.")
    if known is None:
        return text % {"upstream": upstream}
    stock = _("In stock, a number of this area code costs up to %(price)s at first.")
    return f"{stock % {'price': money(*known)}} {text % {'upstream': upstream}}"
