"""Telling people, and staff, that 911 was dialled (E11). A test call to 933 is told to the account alone, and as a test."""

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Account, Membership, User
from accounts.roles import ROLES, May
from numbering.models import EmergencyCall, EmergencyEndpoint

AT_ONCE = 50  # accounts of one sweep
TOLD_AT_ONCE = 100  # calls of one mail


def accounts_to_tell() -> list[tuple[int, bool]]:
    """Accounts with calls that nobody was told of, tests apart from the others."""
    rows = EmergencyCall.objects.filter(told_at=None).order_by("account", "is_test")
    return list(rows.values_list("account", "is_test").distinct()[:AT_ONCE])


def tell(account_pk: int, is_test: bool) -> int:
    """One mail to each person. Claimed first, so that two workers send it once; given back where the mail server refuses.
    Returns how many calls were told of."""
    untold = EmergencyCall.objects.filter(account=account_pk, is_test=is_test, told_at=None)
    pks = list(untold.order_by("pk").values_list("pk", flat=True)[:TOLD_AT_ONCE])
    moment = timezone.now()
    claimed = [pk for pk in pks if EmergencyCall.objects.filter(pk=pk, told_at=None).update(told_at=moment)]
    if not claimed:
        return 0
    calls = list(
        EmergencyCall.objects.filter(pk__in=claimed).select_related("number", "connection").order_by("called_at")
    )
    account = Account.objects.get(pk=account_pk)
    try:
        for person in _people(account, is_test):
            _mail(account, person, calls, is_test).send()
    except (SMTPException, OSError):
        EmergencyCall.objects.filter(pk__in=claimed).update(told_at=None)
        raise
    return len(calls)


def _people(account: Account, is_test: bool) -> list[User]:
    """Those who may change the account's addresses, and for a call that was no test our staff, each once."""
    roles = [role for role, may in ROLES.items() if May.CHANGE_E911 in may]
    rows = Membership.objects.filter(account=account, role__in=roles, user__is_active=True).select_related("user")
    people = [row.user for row in rows.order_by("pk")]
    staff = [] if is_test else list(User.objects.filter(is_staff=True, is_active=True).order_by("pk"))
    return [person for person in dict.fromkeys([*people, *staff]) if person.email]


def _mail(account: Account, person: User, calls: list[EmergencyCall], is_test: bool) -> EmailMessage:
    with translation.override(person.language):
        context = {
            "person": person,
            "account": account.name,
            "count": len(calls),
            "calls": [(call, _has_address(call)) for call in calls],
            "is_test": is_test,
            "url": settings.PORTAL_URL + reverse("numbers:e911"),
        }
        subject = render_to_string("numbers/mail/e911_called_subject.txt", context)
        body = render_to_string("numbers/mail/e911_called.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[person.email])


def _has_address(call: EmergencyCall) -> bool:
    there = EmergencyEndpoint.objects.filter(connection=call.connection_id, number=call.source, gone_at=None)
    return there.filter(provisioned=True).exists()
