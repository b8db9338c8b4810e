"""Numbers for sale and orders as ready words: what is there, what it costs, and what became of each number."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.presenting import money, phone, when
from accounts.states import State, Tone, state
from numbering import places
from numbering.models import NumberOrder, OrderLine
from numbering.services.orders import CannotOrder, Offer, offers_of, totals
from numbering.services.searches import Search
from numbering.upstream.orders import ABSENT
from providers.causes import explain
from providers.clients.errors import Cause
from providers.models import Operation


@dataclass(frozen=True, slots=True)
class OfferRow:
    value: str
    number: str
    place: str
    centre: str
    texts: bool
    now: str  # the setup and the first month
    detail: str
    monthly: str
    source: str


@dataclass(frozen=True, slots=True)
class Found:
    """What all upstreams answered so far. `waiting` names those that have not, `notes` says what went wrong."""

    rows: list[OfferRow]
    waiting: str
    notes: list[str]
    several: bool
    is_more: bool

    @property
    def is_open(self) -> bool:
        return bool(self.waiting)


def found_of(search: Search) -> Found:
    several = len(search.operations) > 1
    rows, waiting, notes = [], [], []
    for operation in search.operations:
        if operation.is_open:
            waiting.append(operation.connection.label)
        elif operation.state != Operation.State.DONE:
            notes.append(str(explain(operation.error_cause, operation.connection.label)))
        rows += [offer_row(offer, several) for offer in offers_of(operation)]
    more = any(operation.result.get("more") for operation in search.operations)
    return Found(rows, ", ".join(waiting), notes, several, more)


def offer_row(offer: Offer, several: bool) -> OfferRow:
    centre = offer.rate_center.title()
    return OfferRow(
        value=offer.number,
        number=phone(offer.number),
        place=_place(offer.town, offer.region),
        centre=centre if centre.casefold() != offer.city.casefold() else "",
        texts=offer.sms,
        now=money(offer.first, offer.currency) if offer.is_priced else _("not told"),
        detail=_detail(offer),
        monthly=money(offer.monthly_fee, offer.currency) if offer.is_priced else _("not told"),
        source=offer.connection.label if several else "",
    )


def _place(town: str, region: str) -> str:
    return ", ".join(part for part in (town, places.region_name(region)) if part)


def _detail(offer: Offer) -> str:
    if not offer.is_priced or not offer.setup_fee:
        return ""
    return _("%(setup)s of it for setting up") % {"setup": money(offer.setup_fee, offer.currency, show_currency=False)}


# --- the review -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bill:
    """Sums as words. `now` is also what the button says."""

    now: str
    monthly: str
    unknown: str


def bill_of(offers: list[Offer]) -> Bill:
    sums = totals(offers)
    unpriced = [offer for offer in offers if not offer.is_priced]
    labels = sorted({offer.connection.label for offer in unpriced})
    text = _("%(upstream)s does not tell its prices here: what your contract says is charged.")
    return Bill(
        now=" + ".join(money(first, currency) for currency, (first, _monthly) in sums.items()),
        monthly=" + ".join(money(monthly, currency) for currency, (_first, monthly) in sums.items()),
        unknown=text % {"upstream": ", ".join(labels)} if unpriced else "",
    )


def button_of(offers: list[Offer], bill: Bill) -> str:
    """The act by its name and price."""
    if len(offers) == 1:
        words = {"number": phone(offers[0].number), "price": bill.now}
        return _("Buy %(number)s for %(price)s") % words if bill.now else _("Buy %(number)s") % words
    words = {"count": len(offers), "price": bill.now}
    text = _("Buy %(count)s numbers for %(price)s") if bill.now else _("Buy %(count)s numbers")
    return text % words


def too_much(left: Decimal, currency: str, is_cap: bool) -> str:
    words = {"left": money(left, currency)}
    if is_cap:
        return (
            _("This is more than may be spent today: %(left)s is left of the daily limit. Nothing was ordered.") % words
        )
    return _("There is not enough money: %(left)s may still be spent. Nothing was ordered.") % words


def cannot(error: CannotOrder) -> str:
    return {
        "nothing": _("Choose at least one number."),
        "too-many": _("Order at most 25 numbers at a time."),
        "old": _("These prices were read half an hour ago or more. Search again to see what is there now."),
        "nowhere": _("This account cannot order there. Ask your provider."),
        "suspended": _("This account is suspended, so nothing can be ordered."),
        "unknown-price": _("This account has a daily limit, and what this costs is not told. Ask your provider."),
    }[error.code]


def caps_in_words(left: Iterable[tuple[str, Decimal, Decimal, str]]) -> list[str]:
    text = _("%(left)s of the daily limit of %(cap)s is left.")
    return [text % {"left": money(rest, currency), "cap": money(cap, currency)} for _name, cap, rest, currency in left]


# --- orders -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LineRow:
    number: str
    url: str
    place: str
    price: str
    state: State
    words: str


def line_row(line: OrderLine, upstream: str) -> LineRow:
    price = "" if line.monthly_fee is None else money((line.setup_fee or 0) + line.monthly_fee, line.currency)
    mark, words = _line_state(line, upstream)
    url = reverse("numbers:detail", args=[line.bought_id]) if line.bought_id else ""
    return LineRow(phone(line.number), url, _place(line.city, line.region), price, mark, words)


def _line_state(line: OrderLine, upstream: str) -> tuple[State, str]:
    operation, named = line.operation, {"upstream": upstream}
    if operation.state == Operation.State.DONE:
        return state(Tone.FINE, _("Yours")), ""
    if operation.state == Operation.State.FAILED:
        return state(Tone.FAILED, _("Not bought")), why_not(operation, upstream)
    if operation.state == Operation.State.PARKED and operation.error_code == ABSENT:
        text = _("%(upstream)s gave no clear answer and has no trace of it. Nothing was bought.")
        return state(Tone.FAILED, _("Not bought")), text % named
    if operation.state == Operation.State.PARKED:
        text = _("Nobody can say yet whether it was bought. Your provider looks into it.")
        return state(Tone.UNKNOWN, _("Not known")), text
    if operation.state == Operation.State.UNKNOWN:
        text = _("%(upstream)s gave no clear answer. We look whether it was bought, and do not order it twice.")
        return state(Tone.UNKNOWN, _("Being checked")), text % named
    text = str(explain(operation.error_cause, upstream)) if operation.returned else ""
    return state(Tone.WORKING, _("Being ordered")), text


def why_not(operation: Operation, upstream: str) -> str:
    if operation.error_code == "money-gone":
        return _("The balance went down in the meantime. Nothing was bought.")
    if operation.error_cause in (Cause.NOT_FOUND, Cause.TAKEN, Cause.INVALID):
        return _("It just became unavailable. Nothing was charged for it.")
    return str(explain(operation.error_cause, upstream))


@dataclass(frozen=True, slots=True)
class OrderPage:
    lines: list[LineRow]
    is_open: bool
    done: int
    summary: str
    tone: str


def page_of(order: NumberOrder, lines: list[OrderLine]) -> OrderPage:
    upstream = order.connection.label
    states = [line.operation.state for line in lines]
    done = states.count(Operation.State.DONE)
    is_open = any(line.operation.is_open for line in lines)
    summary, tone = _summary(done, len(lines), is_open, upstream)
    return OrderPage([line_row(line, upstream) for line in lines], is_open, done, summary, tone)


def _summary(done: int, count: int, is_open: bool, upstream: str) -> tuple[str, str]:
    words = {"done": done, "count": count, "upstream": upstream}
    if is_open:
        return _("%(upstream)s is being asked: %(done)s of %(count)s so far.") % words, Tone.WORKING
    if done == count:
        text = ngettext("The number is yours.", "All %(count)s numbers are yours.", count)
        return text % words, Tone.FINE
    if not done:
        return _("Nothing was bought."), Tone.FAILED
    return _("%(done)s of %(count)s numbers are yours. The others are told apart below.") % words, Tone.WAITING


@dataclass(frozen=True, slots=True)
class OrderRow:
    url: str
    title: str
    when: str
    who: str
    state: State


def order_row(order: NumberOrder, lines: list[OrderLine]) -> OrderRow:
    first = phone(lines[0].number) if lines else ""
    rest = len(lines) - 1
    title = first if rest < 1 else _("%(first)s and %(count)s more") % {"first": first, "count": rest}
    page = page_of(order, lines)
    return OrderRow(
        url=reverse("numbers:order", args=[order.public_id]),
        title=title,
        when=when(order.created_at),
        who=str(order.user or ""),
        state=_order_state(page, len(lines)),
    )


def _order_state(page: OrderPage, count: int) -> State:
    if page.is_open:
        return state(Tone.WORKING, _("Being ordered"))
    if page.done == count:
        return state(Tone.FINE, _("Done"))
    return state(Tone.WAITING, _("In part")) if page.done else state(Tone.FAILED, _("Not bought"))
