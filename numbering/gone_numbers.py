"""Telling people that a provider no longer lists a number of theirs: nobody here released it, so somebody may have taken it."""

from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Account, Membership
from accounts.presenting import phone
from accounts.roles import ROLES, May
from numbering.models import Number, NumberRelease

SETTLED = timedelta(minutes=10)  # a listing may be short by mistake; the next one, five minutes on, has it again
LATELY = timedelta(days=2)
NAMED = 20
TOLD_AT_ONCE = 1000


def untold() -> QuerySet[Number]:
    """Gone for a while, not by an act of ours, and not told yet. What came back and went again is told again."""
    now = timezone.now()
    gone = Number.objects.filter(is_here=False, gone_at__lt=now - SETTLED, gone_at__gt=now - LATELY)
    ours = NumberRelease.objects.filter(state__in=["asked", "done"]).values("number")
    gone = gone.exclude(status=Number.Status.DELETED).exclude(pk__in=ours)
    back = Number.objects.present().filter(number=OuterRef("number"))
    return gone.filter(Q(gone_told_at=None) | Q(gone_told_at__lt=F("gone_at"))).exclude(Exists(back))


def accounts_to_tell() -> list[int]:
    return list(untold().order_by().values_list("account", flat=True).distinct()[:50])


def tell(account_pk: int) -> int:
    """One mail to each person who may change the account's numbers. Claimed first, so that two workers send it once; given back
    where the mail server refuses. Returns how many numbers were told of."""
    rows = untold().filter(account=account_pk).select_related("connection").order_by("number")
    numbers = {number.pk: number for number in rows[:TOLD_AT_ONCE]}
    claimed = [pk for pk in numbers if untold().filter(pk=pk).update(gone_told_at=timezone.now())]
    if not claimed:
        return 0
    account = Account.objects.get(pk=account_pk)
    told = [numbers[pk] for pk in claimed]
    roles = [role for role, allowed in ROLES.items() if May.CHANGE_NUMBERS in allowed]
    people = Membership.objects.for_account(account).filter(role__in=roles, user__is_active=True)
    try:
        for membership in people.select_related("user"):
            _mail(account, membership.user, told).send()
    except (SMTPException, OSError):
        Number.objects.filter(pk__in=claimed).update(gone_told_at=None)
        raise
    return len(told)


def _mail(account: Account, user, numbers: list[Number]) -> EmailMessage:
    with translation.override(user.language):
        context = {
            "name": str(user),
            "account": account.name,
            "count": len(numbers),
            "numbers": [(phone(number.number), number.label, number.connection.label) for number in numbers[:NAMED]],
            "more": max(0, len(numbers) - NAMED),
            "url": f"{settings.PORTAL_URL}{reverse('numbers:list')}?state=gone",
        }
        subject = render_to_string("numbers/mail/gone_subject.txt", context).strip()
        body = render_to_string("numbers/mail/gone.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[user.email])
