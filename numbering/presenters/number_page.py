"""A number's page as ready words: its header, a card per group of settings, its history."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.presenting import ago, when
from accounts.states import State, Tone, state
from numbering.models import Number, NumberChange
from numbering.presenters import emergency
from numbering.presenters.addresses import one_line
from numbering.presenters.settings import LABELS, LINES, say_reason, say_setting
from numbering.services.emergency import endpoint_of, latest_change
from numbering.services.numbers import SECTIONS, Overlay, overlay
from providers.models import Operation

TITLES = {
    "name": gettext_lazy("Name and caller ID"),
    "calls": gettext_lazy("Calls"),
    "texts": gettext_lazy("Texts"),
}
RECENT = timedelta(hours=24)  # how long "confirmed" stays on a card
IMPATIENT = timedelta(seconds=60)  # after this, the page asks less often
HISTORY = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card. `was` is what the upstream still has while another value waits."""

    label: str
    value: str
    waits: bool = False
    was: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    key: str
    title: str
    lines: list[Line]
    edit_url: str
    state_url: str
    status: State | None = None
    note: str = ""
    poll: int = 0  # seconds between looks while a change is on its way; 0 = it is settled
    stuck: bool = False


def cards_of(number: Number) -> list[Card]:
    seen = overlay(number)
    latest = _latest_done(number)
    return [card_of(number, section, seen, latest) for section in SECTIONS if _has(number, section)]


def card_of(number: Number, section: str, seen: Overlay | None = None, latest: list | None = None) -> Card:
    mine = (seen or overlay(number)).of(section)
    changes = _latest_done(number) if latest is None else latest
    done = next((change for change in changes if _concerns(change, section)), None)
    status, note = _status(number, mine, done)
    return Card(
        key=section,
        title=str(TITLES[section]),
        lines=_lines(number, section, mine),
        edit_url=reverse("numbers:edit", args=[number.pk, section]),
        state_url=f"{reverse('numbers:state', args=[number.pk])}?section={section}",
        status=status,
        note=note,
        poll=_poll(mine),
        stuck=bool(mine.stuck),
    )


def _has(number: Number, section: str) -> bool:
    """Whether the number's upstream has any setting of the card; a number that cannot text has no card for it."""
    can = number.sms or number.settings.get("sms") if section == "texts" else True
    return bool(can) and not set(SECTIONS[section]).isdisjoint(number.settings)


def _concerns(change: NumberChange, section: str) -> bool:
    return not set(change.wanted).isdisjoint(SECTIONS[section])


def _latest_done(number: Number) -> list[NumberChange]:
    since = timezone.now() - RECENT
    done = number.changes.asked_by(number.account_id).filter(
        operation__state=Operation.State.DONE, operation__finished_at__gte=since
    )
    return list(done.select_related("operation").order_by("-pk")[:HISTORY])


def _lines(number: Number, section: str, mine: Overlay) -> list[Line]:
    typed, problems = mine.typed, problems_of(mine, number.connection.label)
    lines = []
    for kind in LINES[section]:
        if not set(kind.names) & set(number.settings) or not kind.shown(typed):
            continue
        now, then = kind.say(typed), kind.say(mine.truth)
        waits = any(name in change.wanted for change in mine.open for name in kind.names)
        problem = next((problems[name] for name in kind.names if name in problems), "")
        lines.append(Line(str(kind.label), now, waits, then if now != then else "", problem))
    return lines


def problems_of(mine: Overlay, upstream: str) -> dict[str, str]:
    """Setting -> why upstream refused it. A refusal about no field is said of every field that was asked for."""
    found = {}
    for change in mine.stuck:
        problems = [problem for problem in change.operation.problems if problem["field"] in change.wanted]
        named = {problem["field"]: say_reason(problem["code"], upstream) for problem in problems}
        whole = say_reason(change.operation.error_code, upstream)
        found |= named or dict.fromkeys(change.wanted, whole)
    return found


def _status(number: Number, mine: Overlay, done: NumberChange | None) -> tuple[State | None, str]:
    upstream = number.connection.label
    if mine.stuck:
        return _stuck_status(mine, upstream)
    if mine.open:
        return _open_status(number, mine, upstream)
    if done is None:
        return None, ""
    if differs := done.operation.result.get("differs"):
        names = ", ".join(str(LABELS.get(name, name)) for name in differs)
        words = _("%(upstream)s took the change but keeps another value for: %(names)s.")
        return state(Tone.WAITING, _("Not as asked")), words % {"upstream": upstream, "names": names}
    confirmed = _("Confirmed by %(upstream)s") % {"upstream": upstream}
    return state(Tone.FINE, confirmed), ago(done.operation.finished_at)


def _stuck_status(mine: Overlay, upstream: str) -> tuple[State, str]:
    if mine.stuck[-1].operation.state == Operation.State.PARKED:
        note = _("We could not find out whether %(upstream)s made this change. Try again, or discard it.")
        return state(Tone.UNKNOWN, _("Needs you")), note % {"upstream": upstream}
    note = _("%(upstream)s refused this change. What you typed is kept.")
    return state(Tone.FAILED, _("Refused")), note % {"upstream": upstream}


def _open_status(number: Number, mine: Overlay, upstream: str) -> tuple[State, str]:
    if any(change.operation.state == Operation.State.UNKNOWN for change in mine.open):
        note = _("%(upstream)s has not answered clearly. We are checking; you need not do anything.")
        return state(Tone.UNKNOWN, _("Being checked")), note % {"upstream": upstream}
    connection, now = number.connection, timezone.now()
    if connection.blocked_until and connection.blocked_until > now:
        note = _("%(upstream)s takes no more requests until %(time)s. Your change goes out then.")
        return state(Tone.HELD, _("Waiting")), note % {"upstream": upstream, "time": when(connection.blocked_until)}
    if connection.failing_since:
        note = _("%(upstream)s does not answer at the moment. Your change goes out when it is back.")
        return state(Tone.HELD, _("Waiting")), note % {"upstream": upstream}
    note = _("You changed this, waiting for %(upstream)s.")
    return state(Tone.WORKING, _("Saving")), note % {"upstream": upstream}


def _poll(mine: Overlay) -> int:
    if not mine.open:
        return 0
    oldest = min(change.operation.created_at for change in mine.open)
    return 2 if timezone.now() - oldest < IMPATIENT else 15


def differences(now: dict, typed: dict) -> list[tuple[str, str, str]]:
    """What a form would replace: each setting with its value now and the value that was typed."""
    names = [name for name in typed if typed[name] != now.get(name)]
    return [(str(LABELS[name]), say_setting(name, now.get(name)), say_setting(name, typed[name])) for name in names]


# --- 911 --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Emergency:
    state: State
    address: str
    note: str
    is_possible: bool
    is_covered: bool
    elsewhere: str = ""  # its upstream keeps no addresses that it would tell: what that means


def emergency_of(number: Number) -> Emergency:
    """The number's 911 card: the stored address decides, an unsettled change is told first."""
    endpoint = endpoint_of(number)
    change = latest_change(number)
    kept = emergency.keeps_addresses(number) or not emergency.can_have_address(number)
    return Emergency(
        state=emergency.emergency_state(number, endpoint, change),
        address=one_line(endpoint.address) if endpoint else "",
        note=emergency.since(endpoint, change) if kept else "",
        is_possible=emergency.can_have_address(number),
        is_covered=bool(endpoint and endpoint.provisioned),
        elsewhere="" if kept else f"{emergency.elsewhere(number.connection.label)}. {emergency.ask_them()}",
    )


# --- history ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """One saved form: who, when, what became of it, and each value before and after."""

    who: str
    at: str
    state: State
    changes: list[tuple[str, str, str]]


TONES = {
    Operation.State.QUEUED: Tone.WORKING,
    Operation.State.SENDING: Tone.WORKING,
    Operation.State.UNKNOWN: Tone.UNKNOWN,
    Operation.State.DONE: Tone.FINE,
    Operation.State.FAILED: Tone.FAILED,
    Operation.State.PARKED: Tone.HELD,
}


def history_of(number: Number) -> list[Event]:
    changes = number.changes.asked_by(number.account_id).select_related("operation", "user")[:HISTORY]
    return [_event(change) for change in changes]


def _event(change: NumberChange) -> Event:
    operation = change.operation
    discarded = change.discarded_at and operation.state != Operation.State.DONE
    word = _("Discarded") if discarded else Operation.State(operation.state).label
    tone = Tone.HELD if discarded else TONES[operation.state]
    pairs = [
        (str(LABELS.get(name, name)), say_setting(name, change.before.get(name)), say_setting(name, value))
        for name, value in change.wanted.items()
    ]
    return Event(str(change.user or operation.actor_name), when(change.created_at), state(tone, word), pairs)
