"""Conversations in the list, and the two sides of an open one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account, User
from accounts.presenting import Fresh, clock, day, phone
from accounts.sources import Sources
from messaging.models import Message, Thread
from messaging.senders import OurSide, our_sides
from numbering.models import Number
from providers.clients import phones

State = Message.State


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
    title: str
    assigned: str
    source: Fresh | None  # which upstream and how fresh, where there are several


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
    is_name: bool  # texts go out under a name that nobody can answer to
    source: Fresh | None


def labels_of(account: Account, numbers: Iterable[str]) -> dict[str, str]:
    """What our numbers are called, in one question."""
    rows = Number.objects.for_account(account).filter(number__in=set(numbers))
    return dict(rows.values_list("number", "label"))


def pieces(text: str, words: Iterable[str]) -> list[Piece]:
    """The text with the places marked where one of the words stands."""
    if not words:
        return [Piece(text)]
    longest_first = sorted(words, key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, longest_first))})", text, flags=re.IGNORECASE)
    return [Piece(part, hit=index % 2 == 1) for index, part in enumerate(parts) if part]


LEAD = 20  # letters before a hit that still let it be seen in a narrow list


def around(text: str, words: Iterable[str], width: int = 90) -> str:
    """The part of a long text that has what was searched for."""
    places = [place for word in words if (place := text.casefold().find(word.casefold())) >= 0]
    found = min(places, default=-1)
    if found < LEAD and len(text) <= width:
        return text
    start = max(0, found - LEAD // 2)
    return ("…" if start else "") + text[start : start + width]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the rows of a list depend on beside the conversations."""

    account: Account
    person: User | None = None
    query: str = ""
    words: tuple[str, ...] = ()
    hits: dict[int, tuple[int, str]] = field(default_factory=dict)
    current: int = 0
    sources: Sources | None = None


def thread_rows(threads: list[Thread], shown: Shown) -> list[ThreadRow]:
    sides = our_sides(shown.account, [thread.our_number for thread in threads])
    return [_row(thread, shown, sides.get(thread.our_number)) for thread in threads]


def _row(thread: Thread, shown: Shown, side: OurSide | None) -> ThreadRow:
    name = thread.contact_name or phone(thread.contact_number, shown.account.country)
    hit, body = shown.hits.get(thread.pk, (0, None))
    text = around(body, shown.words) if body is not None else _last_line(thread)
    return ThreadRow(
        pk=thread.pk,
        url=_url(thread, shown.query, hit),
        name=pieces(name, shown.words),
        initials=initials(thread),
        line=(side and side.label) or phone(thread.our_number, shown.account.country),
        text=pieces(" ".join(text.split()), shown.words),
        when=short(thread.last_at),
        iso=thread.last_at.isoformat(),
        unread=0 if thread.pk == shown.current else thread.unread,
        failed=thread.last_state in (State.FAILED, State.PARKED),
        current=thread.pk == shown.current,
        title=name,
        assigned=assigned(thread, shown.person),
        source=shown.sources.tag(side.connection) if side and shown.sources else None,
    )


def _url(thread: Thread, query: str, hit: int) -> str:
    """A hit is opened where it stands."""
    url = reverse("messages:thread", args=[thread.pk]) + query
    return f"{url}{'&' if query else '?'}hit={hit}#hit" if hit else url


def assigned(thread: Thread, person: User | None) -> str:
    """Who answers it, in words; "" for nobody in particular."""
    if thread.assigned_to is None:
        return ""
    return _("Assigned to you") if thread.assigned_to == person else str(thread.assigned_to)


def _last_line(thread: Thread) -> str:
    if not thread.last_direction:
        return _("Scheduled text")
    text = thread.last_text or _("Picture")
    return _("You: %(text)s") % {"text": text} if thread.last_direction == Message.Direction.OUTBOUND else text


def initials(thread: Thread) -> str:
    words = [word for word in thread.contact_name.split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or thread.contact_number[-2:]


def short(moment: datetime) -> str:
    """The time of a day that is today, else the day: what fits beside a name."""
    local = timezone.localtime(moment)
    return clock(moment) if local.date() == timezone.localdate() else day(local.date())


def panel(
    thread: Thread, account: Account, *, label: str, may_see_number: int = 0, source: Fresh | None = None
) -> Panel:
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
        is_name=not thread.our_number.startswith("+"),
        source=source,
    )
