"""The mails about a port: what changed, in the recipient's language, with a link to where it is mended or read (row D12)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.invitations import brand_name
from accounts.models import User
from numbering.models import PortNotice, PortRequest
from numbering.presenters import port_clock, ports, rejections

TRY_AGAIN = timedelta(minutes=5)
GIVEN_UP = timedelta(days=2)  # old news is worse than none; the page has it all


def due(limit: int = 50) -> list[int]:
    """Mails that are owed now."""
    rows = PortNotice.objects.filter(due_at__lte=timezone.now()).order_by("due_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def send(pk: int) -> bool:
    """Send one, claimed before it goes out; tried again when the mail server refuses."""
    now = timezone.now()
    if not PortNotice.objects.filter(pk=pk, due_at__lte=now).update(due_at=now + TRY_AGAIN):
        return False
    rows = PortNotice.objects.select_related(
        "port__account", "port__connection", "port__operation", "port__created_by", "event", "comment"
    )
    notice = rows.get(pk=pk)
    said_at = (notice.event or notice.comment).at
    is_late = now - said_at > GIVEN_UP
    if not is_late:
        _mail(notice).send()
    PortNotice.objects.filter(pk=pk).update(due_at=None, sent_at=None if is_late else timezone.now())
    return not is_late


def _mail(notice: PortNotice) -> EmailMessage:
    port = notice.port
    with translation.override(_language(notice)), timezone.override(ZoneInfo(port.account.time_zone)):
        context = _said(port) | {"notice": notice, "comment": notice.comment, "brand": brand_name(port.account)}
        subject = render_to_string("numbers/mail/port_subject.txt", context)
        body = render_to_string("numbers/mail/port.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[notice.to])


def _language(notice: PortNotice) -> str:
    """The recipient's own, where they are one of our people; else the language of who started the port."""
    person = User.objects.filter(email__iexact=notice.to).first() or notice.port.created_by
    return person.language if person and person.language else settings.LANGUAGE_CODE


def _said(port: PortRequest) -> dict:
    banner = ports.banner_of(port, may_change=True)
    kind, moment = ports.date_of(port)
    rejected = port.status in PortRequest.REJECTED and bool(port.rejection)
    return {
        "title": ports.title_of(port),
        "numbers": ports.numbers_of(port),
        "state": banner.state.word,
        "text": banner.text,
        "quote": banner.quote,
        "hint": rejections.hint(port.rejection).text if rejected else "",
        "date": ports.day(moment) if moment else "",
        "date_kind": kind,
        "waiting_on": ports.waiting_on(port),
        "clock": port_clock.clock_of(port).text,
        "url": settings.PORTAL_URL + (banner.link if rejected else reverse("numbers:port", args=[port.public_id])),
        "mends": rejected and bool(banner.link),
    }
