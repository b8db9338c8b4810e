"""Conversations in the list, and the two sides of an open one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.presenting import clock, day, phone
from messaging.models import Message, Thread
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
    threads: list[Thread],
    account: Account,
    *,
    query: str = "",
    search: str = "",
    hits: dict[int, str] | None = None,
    current: int = 0,
) -> list[ThreadRow]:
    labels = labels_of(account, [thread.our_number for thread in threads])
    return [_row(thread, account, labels, query, search, (hits or {}).get(thread.pk), current) for thread in threads]


def _row(
    thread: Thread, account: Account, labels: dict, query: str, search: str, hit: str | None, current: int
) -> ThreadRow:
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
