"""Once in twelve months, the people of each account read the limits of 911 again and are asked whether addresses are right (E9)."""

from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import DateTimeField, Exists, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Account, Membership, User
from accounts.roles import ROLES, May
from numbering.models import EmergencyNotice, Number, TermsAcceptance
from numbering.services.emergency_terms import TERMS_VERSION

EVERY = timedelta(days=335)  # twelve months at most, with a month for what goes wrong
AT_ONCE = 50


def due() -> list[Account]:
    """Accounts with numbers that can call, whose people last heard of the limits (or began here) eleven months ago."""
    told = EmergencyNotice.objects.filter(account=OuterRef("pk")).order_by("-id").values("created_at")[:1]
    accepted = TermsAcceptance.objects.filter(account=OuterRef("pk")).values("account").annotate(at=Max("accepted_at"))
    numbers = Number.objects.filter(account=OuterRef("pk")).can_call()
    since = lambda rows: Coalesce(Subquery(rows), "created_at", output_field=DateTimeField())  # noqa: E731
    rows = Account.objects.filter(Exists(numbers)).annotate(
        heard_at=Greatest(since(told), since(accepted.values("at")))
    )
    return list(rows.filter(heard_at__lt=timezone.now() - EVERY).order_by("pk")[:AT_ONCE])


def send_due() -> int:
    """Write down what is due, then send what was not sent: a mail that was refused is tried again the next time."""
    for account in due():
        day = timezone.localdate()
        EmergencyNotice.objects.get_or_create(account=account, due_on=day, defaults={"terms_version": TERMS_VERSION})
    unsent = EmergencyNotice.objects.filter(sent_at=None).select_related("account").order_by("pk")[:AT_ONCE]
    return sum(_send(notice, timezone.localdate()) for notice in unsent)


def _send(notice: EmergencyNotice, today: date) -> bool:
    people = _people(notice.account)
    left = [person for person in people if person.email not in notice.recipients]
    for person in left:
        _mail(notice, person, today).send()
        notice.recipients = [*notice.recipients, person.email]
        notice.save(update_fields=["recipients"])  # one by one, so that nobody is written to twice
    if not people:
        return False
    return bool(EmergencyNotice.objects.filter(pk=notice.pk, sent_at=None).update(sent_at=timezone.now()))


def _people(account: Account) -> list[User]:
    """Those who may change an address of the account."""
    roles = [role for role, may in ROLES.items() if May.CHANGE_E911 in may]
    rows = Membership.objects.filter(account=account, role__in=roles, user__is_active=True).select_related("user")
    return [row.user for row in rows.order_by("pk")]


def _mail(notice: EmergencyNotice, person: User, today: date) -> EmailMessage:
    with translation.override(person.language):
        context = {
            "person": person,
            "account": notice.account,
            "url": settings.PORTAL_URL + reverse("numbers:e911_review"),
            "terms_version": notice.terms_version,
            "today": today,
        }
        subject = render_to_string("numbers/mail/e911_yearly_subject.txt", context)
        body = render_to_string("numbers/mail/e911_yearly.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[person.email])
