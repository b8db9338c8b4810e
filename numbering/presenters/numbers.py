"""The list of numbers as ready words: rows and badges."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.presenting import Fresh, phone, when
from accounts.sources import Sources
from accounts.states import State, Tone, state
from numbering import places
from numbering.models import Number
from numbering.presenters.emergency import can_have_address, elsewhere, keeps_addresses


@dataclass(frozen=True, slots=True)
class Badge:
    """Something a number can do; `off` where it could and does not, `unsure` where nobody here knows."""

    word: str
    title: str
    off: bool = False
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    url: str
    number: str
    label: str
    place: str
    state: State
    badges: list[Badge]
    tags: list[str]
    source: Fresh | None  # which upstream and how fresh, where there are several
    waits: str


def row_of(number: Number, sources: Sources) -> Row:
    upstream = number.connection.label
    return Row(
        url=reverse("numbers:detail", args=[number.pk]),
        number=phone(number.number),
        label=number.label,
        place=place_of(number),
        state=state_of(number),
        badges=badges_of(number, number.has_911),
        tags=tags_of(number),
        source=sources.mark(number.connection),
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
        badges.append(_badge_of_911(number, has_911))
    return badges


def _badge_of_911(number: Number, has_911: bool) -> Badge:
    if not keeps_addresses(number):
        return Badge(_("911?"), elsewhere(number.connection.label), unsure=True)
    return Badge(_("911"), _("Has a 911 address") if has_911 else _("Has no 911 address"), not has_911)
