"""The list of numbers as ready words: rows, badges, how fresh it is, and the links of its filters."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.presenting import Fresh, ago, fresh, phone, when
from accounts.states import State, Tone, state
from numbering import places
from numbering.models import Number
from numbering.presenters.emergency import can_have_address
from providers.models import Connection, Feed

LATE = timedelta(minutes=20)  # four missed beats of the feed


@dataclass(frozen=True, slots=True)
class Badge:
    """Something a number can do, or, when `off`, could do and does not."""

    word: str
    title: str
    off: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    url: str
    number: str
    label: str
    place: str
    state: State
    badges: list[Badge]
    tags: list[str]
    upstream: str
    waits: str


def row_of(number: Number, several_upstreams: bool = False) -> Row:
    upstream = number.connection.label
    return Row(
        url=reverse("numbers:detail", args=[number.pk]),
        number=phone(number.number),
        label=number.label,
        place=place_of(number),
        state=state_of(number),
        badges=badges_of(number, number.has_911),
        tags=tags_of(number),
        upstream=number.connection.name if several_upstreams else "",
        waits=_("You changed this, waiting for %(upstream)s.") % {"upstream": upstream} if number.waits else "",
    )


def place_of(number: Number) -> str:
    return ", ".join(part for part in (number.city, places.region_name(number.region)) if part)


def tags_of(number: Number) -> list[str]:
    return [tag.strip() for tag in number.tags.split(",") if tag.strip()]


def state_of(number: Number) -> State:
    """What the upstream still lists decides: nothing is active because we once had it."""
    if number.status == Number.Status.DELETED:
        return state(Tone.HELD, _("Released"))
    if number.gone_at:
        return state(Tone.STALE, _("Gone"))
    if number.status == Number.Status.DISABLED:
        return state(Tone.HELD, _("Disabled"))
    return state(Tone.FINE, _("Active"))


def gone_note(number: Number) -> str:
    """What it means that a number is gone, "" while it is here."""
    words = {"upstream": number.connection.label, "time": when(number.gone_at) if number.gone_at else ""}
    if number.status == Number.Status.DELETED:
        return _("%(upstream)s says that this number was released. Nothing can be changed on it.") % words
    if number.gone_at:
        return _("%(upstream)s has not listed this number since %(time)s: it was released or ported away.") % words
    return ""


def badges_of(number: Number, has_911: bool) -> list[Badge]:
    badges = [Badge(_("Voice"), _("Takes calls"))] if number.voice else []
    if number.sms:
        title = _("Sends and receives texts") if number.sms_enabled else _("Could text, but texting is off")
        badges.append(Badge(_("SMS"), title, not number.sms_enabled))
    if number.mms:
        badges.append(Badge(_("MMS"), _("Sends and receives pictures"), not number.sms_enabled))
    if number.fax:
        badges.append(Badge(_("Fax"), _("Takes faxes (T.38)")))
    if can_have_address(number):
        badges.append(Badge(_("911"), _("Has a 911 address") if has_911 else _("Has no 911 address"), not has_911))
    return badges


def freshness_of(connections: list[Connection], feed: str = "numbers") -> list[Fresh]:
    """A line for each connection; a troubled one says until when."""
    feeds = Feed.objects.filter(connection__in=connections, name=feed)
    read = dict(feeds.values_list("connection_id", "last_ok_at"))
    return [_freshness(connection, read.get(connection.pk), len(connections) > 1) for connection in connections]


def _freshness(connection: Connection, read_at: datetime | None, several: bool) -> Fresh:
    name, now = connection.name if several else connection.label, timezone.now()
    if read_at and connection.blocked_until and connection.blocked_until > now:
        words = {"upstream": name, "ago": ago(read_at), "time": when(connection.blocked_until)}
        text = _("stale: from %(upstream)s, %(ago)s, their limit resets %(time)s") % words
        return Fresh(text, when(read_at), stale=True)
    troubled = connection.health in (Connection.Health.FAILING, Connection.Health.REFUSED)
    return fresh(name, read_at, late_after=timedelta(seconds=1) if troubled else LATE)
