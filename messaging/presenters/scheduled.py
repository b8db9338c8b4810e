"""Texts that wait for their time, as rows of a list."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.presenting import NBSP, clock, phone, when
from messaging import quiet
from messaging.models import Message
from messaging.presenters.conversations import labels_of


@dataclass(frozen=True, slots=True)
class ScheduledRow:
    when: str
    iso: str
    theirs: str  # what their clock shows then, where it shows something else
    to: str
    line: str
    body: str
    by: str
    thread_url: str
    edit_url: str
    cancel_url: str
    now_url: str


def scheduled_rows(messages: list[Message], account: Account, *, may_send: bool) -> list[ScheduledRow]:
    labels = labels_of(account, [message.our_number for message in messages])
    return [_row(message, account, labels, may_send) for message in messages]


def _row(message: Message, account: Account, labels: dict, may_send: bool) -> ScheduledRow:
    def url(name: str) -> str:
        return reverse(f"messages:{name}", args=[message.public_id]) if may_send else ""

    return ScheduledRow(
        when=when(message.send_at),
        iso=message.send_at.isoformat(),
        theirs=their_clock(message.contact_number, message.send_at),
        to=message.thread.contact_name or phone(message.contact_number, account.country),
        line=labels.get(message.our_number) or phone(message.our_number, account.country),
        body=message.body or _("Picture"),
        by=str(message.sent_by) if message.sent_by else "",
        thread_url=reverse("messages:thread", args=[message.thread_id]),
        edit_url=url("scheduled_edit"),
        cancel_url=url("scheduled_cancel"),
        now_url=url("scheduled_now"),
    )


def their_clock(number: str, moment: datetime) -> str:
    """ "11:30 for them", both ends where they may be in several zones; "" where it is the clock of the page."""
    zones, _rules = quiet.place_of(number)
    shown = sorted(zones, key=lambda zone: moment.astimezone(ZoneInfo(zone)).utcoffset())
    clocks = []
    for zone in dict.fromkeys([shown[0], shown[-1]]):
        with timezone.override(ZoneInfo(zone)):
            clocks.append(clock(moment))
    clocks = list(dict.fromkeys(clocks))
    if clocks == [clock(moment)]:
        return ""
    return _("%(time)s for them") % {"time": f"{NBSP}–{NBSP}".join(clocks)}
