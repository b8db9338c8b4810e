"""The list of numbers as ready words: rows and badges."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.presenting import Fresh, day, phone, when
from accounts.sources import Sources
from accounts.states import State, Tone, state
from numbering import places
from numbering.models import Number, PortRequest
from numbering.presenters.emergency import can_have_address, elsewhere, keeps_addresses
from numbering.presenters.settings import forwarding, on_off
from numbering.services.inventory import Porting

NOTE_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Badge:
    """Something a number can do; `off` where it could and does not, `unsure` where nobody here knows."""

    word: str
    title: str
    off: bool = False
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list; `url` is "" where the number is opened from another account."""

    url: str
    number: str
    label: str
    place: str
    state: State
    badges: list[Badge]
    tags: list[str]
    source: Fresh | None  # which upstream and how fresh, where there are several
    waits: str
    pk: int = 0
    calls: str = ""
    calls_url: str = ""
    account: tuple[int, str] | None = None  # whose it is, where numbers of several accounts stand together
    cost: str = ""
    since: str = ""
    note: str = ""


def row_of(
    number: Number, sources: Sources, porting: Porting, *, may_change: bool = False, is_elsewhere: bool = False,
    account: tuple[int, str] | None = None,
) -> Row:  # fmt: skip
    upstream = number.connection.label
    can_change = may_change and not is_elsewhere and "forward_to" in number.settings
    return Row(
        url="" if is_elsewhere else reverse("numbers:detail", args=[number.pk]),
        number=phone(number.number),
        label=number.label,
        place=place_of(number),
        state=state_of(number, porting.port_of(number)),
        badges=badges_of(number, number.has_911, number.has_411, unproved=porting.texts_unproved(number)),
        tags=tags_of(number),
        source=sources.mark(number.connection),
        waits=_waits(number, upstream),
        pk=number.pk,
        account=account,
        calls=calls_of(number),
        calls_url=reverse("numbers:edit", args=[number.pk, "calls"]) if can_change else "",
        cost=number.cost_center,
        since=day(number.activated_on),
        note=number.note[:NOTE_SHOWN],
    )


def _waits(number: Number, upstream: str) -> str:
    if number.leaves_at:
        return _("Released: given back %(day)s unless you undo it.") % {"day": when(number.leaves_at)}
    return _("You changed this, waiting for %(upstream)s.") % {"upstream": upstream} if number.waits else ""


def arriving_row(
    number: str, port: PortRequest, sources: Sources, *, is_elsewhere: bool = False,
    account: tuple[int, str] | None = None,
) -> Row:  # fmt: skip
    """A number that a port request is bringing: it is in no listing yet."""
    url = "" if is_elsewhere else reverse("numbers:port", args=[port.public_id])
    arrives = state(Tone.WORKING, _("Porting in"))
    return Row(
        url,
        phone(number),
        port.title or port.pon,  # its numbers stand beside it already
        "",
        arrives,
        [],
        [],
        sources.mark(port.connection),
        port.get_status_display(),
        account=account,
    )


def calls_of(number: Number) -> str:
    """Where a call to the number goes, as the upstream has it; "" where it does not say."""
    settings = number.settings
    if settings.get("forwarding"):
        return forwarding(settings)
    if settings.get("voicemail"):
        return _("Voicemail")
    return on_off(False) if "forwarding" in settings else ""


def place_of(number: Number) -> str:
    return ", ".join(part for part in (number.city, places.region_name(number.region)) if part)


def tags_of(number: Number) -> list[str]:
    return [tag.strip() for tag in number.tags.split(",") if tag.strip()]


def state_of(number: Number, port: PortRequest | None = None) -> State:
    """What the upstream still lists decides: nothing is active because we once had it. `port` is one under way with it."""
    if number.status == Number.Status.DELETED:
        return state(Tone.HELD, _("Released"))
    if number.gone_at:
        return state(Tone.STALE, _("Gone"))
    if port is not None:
        arrives = port.connection_id == number.connection_id
        return state(Tone.WORKING, _("Porting in") if arrives else _("Porting out"))
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


def badges_of(number: Number, has_911: bool, has_411: bool = False, *, unproved: bool = False) -> list[Badge]:
    badges = [Badge(_("Voice"), _("Takes calls"))] if number.voice else []
    if unproved and number.sms_enabled:
        badges.append(Badge(_("SMS?"), _("No text has come in since the port"), unsure=True))
    elif number.sms:
        title = _("Sends and receives texts") if number.sms_enabled else _("Could text, but texting is off")
        badges.append(Badge(_("SMS"), title, not number.sms_enabled))
    if number.mms:
        badges.append(Badge(_("MMS"), _("Sends and receives pictures"), not number.sms_enabled))
    if number.fax:
        badges.append(Badge(_("Fax"), _("Takes faxes (T.38)")))
    if can_have_address(number):
        badges.append(_badge_of_911(number, has_911))
    if has_411:
        badges.append(Badge(_("411"), _("Is listed in the directory")))
    return badges


def _badge_of_911(number: Number, has_911: bool) -> Badge:
    if not keeps_addresses(number):
        return Badge(_("911?"), elsewhere(number.connection.label), unsure=True)
    return Badge(_("911"), _("Has a 911 address") if has_911 else _("Has no 911 address"), not has_911)
