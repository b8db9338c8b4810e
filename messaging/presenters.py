"""Conversations and messages as pages show them: plain rows of ready strings, made once for a page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Account
from accounts.presenting import clock, day, phone, when
from accounts.states import State as Shown
from accounts.states import Tone, state
from messaging import reasons
from messaging.models import Media, Message, Thread
from numbering.models import Number
from providers.clients import phones

State = Message.State
SHOWN_AS_PICTURE = {"image/jpeg", "image/png", "image/gif", "image/webp"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text; `hit` where it is what was searched for."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class ThreadRow:
    pk: int
    url: str
    name: list[Piece]
    initials: str
    line: str
    text: list[Piece]
    when: str
    iso: str
    unread: int
    failed: bool
    current: bool


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


@dataclass(frozen=True, slots=True)
class Panel:
    """Both sides of a conversation."""

    name: str
    title: str
    initials: str
    contact: str
    contact_e164: str
    line: str
    line_label: str
    line_e164: str
    line_url: str
    answerable: bool
    facts: list[tuple[str, str]] = field(default_factory=list)


def labels_of(account: Account, numbers: Iterable[str]) -> dict[str, str]:
    """What our numbers are called, in one question."""
    rows = Number.objects.for_account(account).filter(number__in=set(numbers))
    return dict(rows.values_list("number", "label"))


def pieces(text: str, search: str) -> list[Piece]:
    """The text with the places marked where the search is found."""
    if not search:
        return [Piece(text)]
    parts = re.split(f"({re.escape(search)})", text, flags=re.IGNORECASE)
    return [Piece(part, hit=index % 2 == 1) for index, part in enumerate(parts) if part]


def around(text: str, search: str, width: int = 90) -> str:
    """The part of a long text that has what was searched for."""
    found = text.casefold().find(search.casefold())
    if found < 0 or len(text) <= width:
        return text
    start = max(0, found - width // 3)
    return ("…" if start else "") + text[start : start + width]


def thread_rows(
    threads: list[Thread], account: Account, *, query: str = "", search: str = "", hits: dict[int, str] | None = None, current: int = 0
) -> list[ThreadRow]:
    labels = labels_of(account, [thread.our_number for thread in threads])
    return [_row(thread, account, labels, query, search, (hits or {}).get(thread.pk), current) for thread in threads]


def _row(thread: Thread, account: Account, labels: dict, query: str, search: str, hit: str | None, current: int) -> ThreadRow:
    name = thread.contact_name or phone(thread.contact_number, account.country)
    text = around(hit, search) if hit is not None else _last_line(thread)
    return ThreadRow(
        pk=thread.pk,
        url=reverse("messages:thread", args=[thread.pk]) + query,
        name=pieces(name, search),
        initials=initials(thread),
        line=labels.get(thread.our_number) or phone(thread.our_number, account.country),
        text=pieces(" ".join(text.split()), search),
        when=short(thread.last_at),
        iso=thread.last_at.isoformat(),
        unread=0 if thread.pk == current else thread.unread,
        failed=thread.last_state in (State.FAILED, State.PARKED),
        current=thread.pk == current,
    )


def _last_line(thread: Thread) -> str:
    text = thread.last_text or (_("Picture") if thread.last_direction else "")
    return _("You: %(text)s") % {"text": text} if thread.last_direction == Message.Direction.OUTBOUND else text


def initials(thread: Thread) -> str:
    words = [word for word in thread.contact_name.split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or thread.contact_number[-2:]


def short(moment: datetime) -> str:
    """The time of a day that is today, else the day: what fits beside a name."""
    local = timezone.localtime(moment)
    return clock(moment) if local.date() == timezone.localdate() else day(local.date())


# --- messages ---------------------------------------------------------------------------------------------------------


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
    )


def _day(value: date) -> str:
    if value == timezone.localdate():
        return _("Today")
    return day(value)


def _state(message: Message) -> tuple[Shown, str]:
    """The state of a text of ours, and the sentence that says why and what now."""
    upstream = message.connection.label
    if message.state == State.QUEUED and message.error_code:
        return state(Tone.HELD, _("Held")), reasons.held(message.error_code, upstream)
    if message.state == State.UNKNOWN:
        note = _("%(upstream)s did not answer clearly, so we are looking it up there. Do not send it again.") % {"upstream": upstream}
        return state(Tone.UNKNOWN, _("Being checked")), note
    if message.state == State.PARKED:
        return state(Tone.WAITING, _("Needs a person")), reasons.reason(message.error_code)
    if message.state == State.FAILED:
        return state(Tone.FAILED, _("Not sent") if not message.external_id else _("Not delivered")), reasons.reason(message.error_code)
    tone, word = _PLAIN[message.state]
    return state(tone, word()), ""


_PLAIN = {
    State.QUEUED: (Tone.WORKING, lambda: _("Waiting")),
    State.SENDING: (Tone.WORKING, lambda: _("Sending")),
    State.SENT: (Tone.FINE, lambda: _("Sent")),
    State.DELIVERED: (Tone.FINE, lambda: _("Delivered")),
    State.RECEIVED: (Tone.FINE, lambda: _("Received")),
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


def panel(thread: Thread, account: Account, *, label: str, may_see_number: int = 0) -> Panel:
    """`may_see_number` is the pk of our number where the person may open its page."""
    contact = phone(thread.contact_number, account.country)
    return Panel(
        name=thread.contact_name,
        title=thread.contact_name or contact,
        initials=initials(thread),
        contact=contact,
        contact_e164=thread.contact_number,
        line=phone(thread.our_number, account.country),
        line_label=label,
        line_e164=thread.our_number,
        line_url=reverse("numbers:detail", args=[may_see_number]) if may_see_number else "",
        answerable=phones.is_nanp(thread.contact_number),
    )


# --- counting ---------------------------------------------------------------------------------------------------------


def length_of(count) -> dict:
    """What a text costs, in words: parts, what is left, and the letters that make it dear."""
    kind = _("plain letters") if count.encoding == "GSM-7" else _("special letters")
    parts = ngettext("%(count)s part", "%(count)s parts", count.parts) % {"count": count.parts}
    left = ngettext("%(count)s character left", "%(count)s characters left", count.left) % {"count": count.left}
    return {"parts": parts, "left": left, "kind": kind, "forcing": [_visible(char) for char in count.forcing[:8]], "too_long": count.too_long}


def _visible(char: str) -> str:
    return {"\t": _("tab"), "\u00a0": _("hard space"), "\u202f": _("hard space")}.get(char, char if char.isprintable() else f"U+{ord(char):04X}")
