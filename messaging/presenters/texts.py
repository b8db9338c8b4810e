"""Texts as bubbles with their state and reason, and the length of one that is being written."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.presenting import clock, day, money, when
from accounts.states import State as Shown
from accounts.states import Tone, state
from messaging import reasons
from messaging.deleting import SETTLED
from messaging.models import Media, Message
from messaging.segments import GSM7, LONGEST, Count, clean, plain
from messaging.segments import count as counted
from messaging.upstream.prices import Price

State = Message.State
SHOWN_AS_PICTURE = {"image/jpeg", "image/png", "image/gif", "image/webp"}


@dataclass(frozen=True, slots=True)
class Picture:
    url: str
    alt: str
    name: str
    is_image: bool
    pending: bool
    error: str


@dataclass(frozen=True, slots=True)
class Bubble:
    pk: int
    out: bool
    failed: bool
    body: str
    pictures: list[Picture]
    day: str  # only where a new day begins
    time: str
    iso: str
    title: str
    state: Shown | None
    note: str
    by: str
    retry_url: str = ""
    asks_first: bool = False
    change_url: str = ""  # of a text that waits for its time
    delete_url: str = ""


def bubbles(messages: list[Message], *, after: datetime | None = None, may_send: bool = False) -> list[Bubble]:
    """Oldest first. `after` is the moment of the message before them, so that a day is announced once."""
    last = timezone.localdate(after) if after else None
    shown = []
    for message in messages:
        today = timezone.localdate(message.at)
        shown.append(bubble(message, new_day=today if today != last else None, may_send=may_send))
        last = today
    return shown


def bubble(message: Message, *, new_day: date | None = None, may_send: bool = False) -> Bubble:
    out = message.direction == Message.Direction.OUTBOUND
    stuck = out and message.state in (State.FAILED, State.PARKED)
    shown, note = _state(message) if out else (None, "")
    retried = bool(stuck and list(message.retries.all()))
    return Bubble(
        pk=message.pk,
        out=out,
        failed=stuck,
        body=message.body,
        pictures=[_picture(media, out) for media in message.media.all()],
        day=_day(new_day) if new_day else "",
        time=clock(message.at),
        iso=message.at.isoformat(),
        title=when(message.at),
        state=shown,
        note=_("It was sent again.") if retried else note,
        by=str(message.sent_by) if message.sent_by else "",
        retry_url=reverse("messages:retry", args=[message.public_id]) if stuck and may_send and not retried else "",
        asks_first=message.state == State.PARKED or message.was_unknown,
        change_url=reverse("messages:scheduled_edit", args=[message.public_id])
        if may_send and _is_later(message)
        else "",
        delete_url=reverse("messages:text_delete", args=[message.public_id])
        if may_send and message.state in SETTLED
        else "",
    )


def _is_later(message: Message) -> bool:
    """Waits for a time that a person chose, and has not been tried yet."""
    return bool(message.send_at) and message.state == State.QUEUED and not message.error_code


def _sleeps(message: Message) -> bool:
    """Written to many, and held until nobody is woken by it."""
    held = message.kind == Message.Kind.CAMPAIGN and not message.error_code
    return held and bool(message.due_at) and message.due_at > timezone.now()


def _day(value: date) -> str:
    if value == timezone.localdate():
        return _("Today")
    return day(value)


def _state(message: Message) -> tuple[Shown, str]:
    """The state of a text of ours, and the sentence that says why and what now."""
    upstream = message.connection.label
    if _is_later(message):
        return state(Tone.WAITING, _("Scheduled")), _("It goes out: %(time)s.") % {"time": when(message.send_at)}
    if message.state == State.QUEUED and _sleeps(message):
        note = _("These are quiet hours where they are. It goes out: %(time)s.") % {"time": when(message.due_at)}
        return state(Tone.HELD, _("Held")), note
    if message.state == State.QUEUED and message.error_code:
        return state(Tone.HELD, _("Held")), reasons.held(message.error_code, upstream)
    if message.state == State.UNKNOWN:
        note = _("%(upstream)s did not answer clearly, so we are looking it up there. Do not send it again.") % {
            "upstream": upstream
        }
        return state(Tone.UNKNOWN, _("Being checked")), note
    if message.state == State.PARKED:
        return state(Tone.WAITING, _("Needs a person")), reasons.reason(
            message.error_code, message.error_cause, upstream
        )
    if message.state == State.FAILED:
        word = _("Not sent") if not message.external_id else _("Not delivered")
        return state(Tone.FAILED, word), reasons.reason(message.error_code, message.error_cause, upstream)
    if message.state == State.BLOCKED:
        return state(Tone.HELD, _("Blocked by opt-out")), reasons.reason("opted-out")
    tone, word = _PLAIN[message.state]
    return state(tone, word()), ""


_PLAIN = {
    State.QUEUED: (Tone.WORKING, lambda: _("Waiting")),
    State.SENDING: (Tone.WORKING, lambda: _("Sending")),
    State.SENT: (Tone.FINE, lambda: _("Sent")),
    State.DELIVERED: (Tone.FINE, lambda: _("Delivered")),
    State.RECEIVED: (Tone.FINE, lambda: _("Received")),
    State.CANCELLED: (Tone.STALE, lambda: _("Cancelled")),
}


def _picture(media: Media, out: bool) -> Picture:
    is_image = media.mime_type in SHOWN_AS_PICTURE
    here = bool(media.file)
    return Picture(
        url=reverse("messages:media", args=[media.public_id]) if here else "",
        alt=media.alt or (_("Picture you sent") if out else _("Picture you received")),
        name=media.name or _("File"),
        is_image=is_image,
        pending=not here and media.due_at is not None,
        error="" if here or media.due_at else _("The picture could not be fetched."),
    )


def length_of(count: Count, longest: int = LONGEST) -> dict:
    """What a text costs, in words: parts, what is left, and the letters that make it dear."""
    parts = ngettext("%(count)s part", "%(count)s parts", count.parts) % {"count": count.parts}
    left = ngettext("%(count)s character left", "%(count)s characters left", count.left) % {"count": count.left}
    encoding = count.encoding if count.encoding == GSM7 else _("Unicode")
    return {
        "encoding": encoding,
        "parts": parts,
        "left": left,
        "forcing": [_visible(char) for char in count.forcing[:8]],
        "too_long": reasons.too_long(longest) if count.longer_than(longest) else "",
    }


def length_typed(text: str, longest: int, price: Price | None = None) -> dict:
    """The same of what stands in a field, with what portal.js puts there when the plain letters are chosen, and the cost
    of all its parts where the `price` of one is known.
    """
    cleaned = clean(text)
    plain_text = plain(cleaned)
    found = counted(cleaned)
    length = length_of(found, longest)
    fill = (
        json.dumps({"id_body": plain_text}, ensure_ascii=False) if length["forcing"] and plain_text != cleaned else ""
    )
    return {**length, "empty": not cleaned, "fill": fill, "cost": cost_of(price, found.parts)}


def cost_of(price: Price | None, parts: int) -> str:
    """In money, with the tenths of a cent that a text may cost; "" where no price is told."""
    if price is None:
        return ""
    amount = (price.amount * parts).normalize()
    return money(amount, price.currency, decimals=min(4, max(2, -amount.as_tuple().exponent)))


def _visible(char: str) -> str:
    return {"\t": _("tab"), "\u00a0": _("hard space"), "\u202f": _("hard space")}.get(
        char, char if char.isprintable() else f"U+{ord(char):04X}"
    )
