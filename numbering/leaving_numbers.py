"""Telling people that a port request takes numbers of theirs away: weeks before they are gone, while it can still be stopped (B15).

No upstream tells of port-outs. But where the other provider's connection is one of this portal, its requests name the numbers.
"""

from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.actor import Actor, audit
from accounts.models import Account, Membership, User
from accounts.presenting import phone
from accounts.roles import ROLES, May
from numbering.models import Number, PortRequest

AT_ONCE = 50


def unlooked() -> QuerySet[PortRequest]:
    """Requests that went out, are still open, and whose numbers nobody has looked for here."""
    rows = PortRequest.objects.under_way().filter(owners_told_at=None)
    return rows.exclude(status=PortRequest.Status.NOT_READY).exclude(status__in=PortRequest.REJECTED).order_by("pk")


def tell_all() -> int:
    """Returns how many numbers were told of."""
    return sum(_tell(port) for port in list(unlooked().select_related("connection")[:AT_ONCE]))


def _tell(port: PortRequest) -> int:
    """One mail to each person who may change the numbers. Claimed first; given back where the mail server refuses."""
    if not PortRequest.objects.filter(pk=port.pk, owners_told_at=None).update(owners_told_at=timezone.now()):
        return 0
    leaving = Number.objects.present().filter(~Q(connection=port.connection_id), number__in=port.numbers)
    by_account: dict[Account, list[Number]] = {}
    for number in leaving.select_related("account", "connection").order_by("account", "number"):
        by_account.setdefault(number.account, []).append(number)
    try:
        for account, numbers in by_account.items():
            for person in _people(account):
                _mail(account, person, numbers, port).send()
    except (SMTPException, OSError):
        PortRequest.objects.filter(pk=port.pk).update(owners_told_at=None)
        raise
    for account, numbers in by_account.items():
        after = {"numbers": [number.number for number in numbers], "to": port.connection.label}
        audit(Actor(account=account), "numbers.leaving", account=account, after=after)
    return sum(map(len, by_account.values()))


def _people(account: Account) -> Iterable[User]:
    roles = [role for role, allowed in ROLES.items() if May.CHANGE_NUMBERS in allowed]
    people = Membership.objects.for_account(account).filter(role__in=roles, user__is_active=True)
    return [row.user for row in people.select_related("user").order_by("pk") if row.user.email]


def _mail(account: Account, person: User, numbers: list[Number], port: PortRequest) -> EmailMessage:
    """Who asked for it is not said: it may be somebody else's request."""
    with translation.override(person.language):
        context = {
            "name": str(person),
            "account": account.name,
            "count": len(numbers),
            "numbers": [(phone(number.number), number.label, number.connection.label) for number in numbers],
            "to": port.connection.label,
            "url": settings.PORTAL_URL + reverse("numbers:port_out", args=[numbers[0].pk]),
        }
        subject = render_to_string("numbers/mail/leaving_subject.txt", context)
        body = render_to_string("numbers/mail/leaving.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[person.email])
