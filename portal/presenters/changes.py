"""What changed lately in an account, from all apps, newest first; what is new since the last visit is marked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Standing
from accounts.models import Account
from accounts.presenting import ago, money, phone
from accounts.roles import May
from accounts.states import State, Tone, state
from billing.models import Balance
from messaging.models import Message
from numbering.models import EmergencyChange, Number, NumberChange, PortEvent
from numbering.presenters.port_timeline import timeline_of
from numbering.presenters.ports import title_of
from providers.models import Operation

SHOWN = 10
LOOK_BACK = timedelta(days=14)
E911_TONES = {
    EmergencyChange.State.PROVISIONED: Tone.FINE,
    EmergencyChange.State.REMOVED: Tone.HELD,
    EmergencyChange.State.CHECKING: Tone.WORKING,
    EmergencyChange.State.ALTERNATES: Tone.WAITING,
    EmergencyChange.State.UNKNOWN: Tone.UNKNOWN,
}
NUMBER_TONES = {
    Operation.State.DONE: Tone.FINE,
    Operation.State.FAILED: Tone.FAILED,
    Operation.State.PARKED: Tone.HELD,
    Operation.State.UNKNOWN: Tone.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Change:
    at: datetime
    state: State
    subject: str
    url: str
    ago: str
    is_new: bool = False


def latest_changes(standing: Standing, balances: list[Balance], last_visit: datetime | None) -> list[Change]:
    """The ten newest changes that this role may see. A first visit marks nothing: everything would be new."""
    since = timezone.now() - LOOK_BACK
    sources = [
        (May.READ_PORTS, _ports),
        (May.READ_MESSAGES, _failed_texts),
        (May.READ_NUMBERS, _numbers),
        (May.READ_NUMBERS, _gone_numbers),
        (May.READ_E911, _emergency),
    ]
    found = [change for need, source in sources if standing.may(need) for change in source(standing.account, since)]
    found += _low_balances(balances, since)
    latest: dict[str, Change] = {}  # one line for each thing: what it came to, not every step of the way
    for change in sorted(found, key=attrgetter("at"), reverse=True):
        latest.setdefault(change.url, change)
    return [_marked(change, last_visit) for change in list(latest.values())[:SHOWN]]


def _change(at: datetime, shown: State, subject: str, url: str) -> Change:
    return Change(at, shown, subject, url, ago(at))


def _marked(change: Change, last_visit: datetime | None) -> Change:
    is_new = last_visit is not None and change.at > last_visit
    return Change(change.at, change.state, change.subject, change.url, change.ago, is_new)


def _ports(account: Account, since: datetime) -> Iterator[Change]:
    mine = PortEvent.objects.filter(port__account=account, at__gt=since)
    events = mine.filter(Q(port__gone_at=None) | Q(kind="gone")).select_related("port")
    for event in events.order_by("-at", "-pk")[:SHOWN]:
        entry = timeline_of([event])[0]
        subject = _("Port: %(name)s") % {"name": title_of(event.port)}
        url = reverse("numbers:port", args=[event.port.public_id])
        yield _change(event.at, state(entry.tone, entry.title), subject, url)


def _failed_texts(account: Account, since: datetime) -> Iterator[Change]:
    failed = Message.objects.for_account(account).shown().failed().filter(at__gt=since).select_related("thread")
    for message in failed.order_by("-at", "-pk")[:SHOWN]:
        to = message.thread.contact_name or phone(message.contact_number, account.country)
        subject = _("Text to %(contact)s") % {"contact": to}
        url = reverse("messages:thread", args=[message.thread_id])
        yield _change(message.at, state(Tone.FAILED, _("Not sent")), subject, url)


def _numbers(account: Account, since: datetime) -> Iterator[Change]:
    changes = NumberChange.objects.asked_by(account.pk).filter(number__account=account, created_at__gt=since)
    for change in changes.select_related("number", "operation").order_by("-created_at", "-pk")[:SHOWN]:
        step = change.operation.state
        shown = state(NUMBER_TONES.get(step, Tone.WORKING), _number_words(step))
        subject = phone(change.number.number, account.country)
        yield _change(change.created_at, shown, subject, reverse("numbers:detail", args=[change.number_id]))


def _gone_numbers(account: Account, since: datetime) -> Iterator[Change]:
    """What an upstream lists no more: released, or ported away without anybody here having asked (B15)."""
    gone = Number.objects.for_account(account).filter(is_here=False, gone_at__gt=since).select_related("connection")
    for number in gone.order_by("-gone_at", "-pk")[:SHOWN]:
        words = _("No longer at %(upstream)s") % {"upstream": number.connection.label}
        subject = phone(number.number, account.country)
        yield _change(number.gone_at, state(Tone.FAILED, words), subject, reverse("numbers:detail", args=[number.pk]))


def _number_words(step: str) -> str:
    if step == Operation.State.DONE:
        return _("Settings changed")
    if step in {Operation.State.FAILED, Operation.State.PARKED}:
        return _("Settings not accepted")
    return _("Settings being saved")


def _emergency(account: Account, since: datetime) -> Iterator[Change]:
    changes = EmergencyChange.objects.for_account(account).filter(changed_at__gt=since).select_related("number")
    for change in changes.order_by("-changed_at", "-pk")[:SHOWN]:
        shown = state(E911_TONES.get(change.state, Tone.FAILED), change.get_state_display())
        subject = _("911 address of %(number)s") % {"number": phone(change.number.number, account.country)}
        yield _change(change.changed_at, shown, subject, reverse("numbers:e911_number", args=[change.number_id]))


def _low_balances(balances: list[Balance], since: datetime) -> Iterator[Change]:
    """`balances` are only those that the person may see."""
    for balance in balances:
        if balance.low_since and balance.low_since > since:
            words = {"threshold": money(balance.warn_below, balance.currency)}
            shown = state(Tone.WAITING, _("Below %(threshold)s") % words)
            subject = _("Balance at %(upstream)s") % {"upstream": balance.connection.label}
            yield _change(balance.low_since, shown, subject, reverse("billing:overview"))
