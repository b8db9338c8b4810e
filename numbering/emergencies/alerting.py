"""Staff are told of 911 addresses that nobody can be sure of, within five minutes (R25)."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from numbering.models import EmergencyChange
from numbering.models.numbers import OPEN

State = EmergencyChange.State
PATIENCE = timedelta(minutes=3)  # most lost answers are found again by then; five minutes are promised
AT_ONCE = 100
log = logging.getLogger(__name__)


def waiting():
    """Doubts that staff were not told of: at once where nobody looks any more, after some minutes where a worker does."""
    rows = EmergencyChange.objects.filter(alerted_at=None, state__in=[State.UNKNOWN, State.DIFFERS])
    settling = Q(operation__state__in=OPEN, created_at__gt=timezone.now() - PATIENCE)
    return rows.exclude(settling).order_by("pk")


def tell_staff() -> int:
    """One mail to each of the staff about all of them. Claimed first; a mail that was refused is tried again."""
    pks = list(waiting().values_list("pk", flat=True)[:AT_ONCE])
    staff = list(User.objects.filter(is_staff=True, is_active=True).exclude(email=""))
    if not pks or not staff:
        if pks:
            log.error("911 addresses in doubt, and no staff with an address to tell: %s", len(pks))
        return 0
    moment = timezone.now()
    EmergencyChange.objects.filter(pk__in=pks, alerted_at=None).update(alerted_at=moment)
    changes = list(
        EmergencyChange.objects.filter(pk__in=pks, alerted_at=moment).select_related("number__connection", "account")
    )
    try:
        for person in staff if changes else ():
            _mail(person, changes).send()
    except Exception:
        EmergencyChange.objects.filter(pk__in=pks, alerted_at=moment).update(alerted_at=None)
        raise
    return len(changes)


def _mail(person: User, changes: list[EmergencyChange]) -> EmailMessage:
    url = settings.PORTAL_URL + reverse("admin:numbers_emergencychange_changelist")
    with translation.override(person.language):
        context = {"person": person, "changes": changes, "count": len(changes), "url": url}
        subject = render_to_string("numbers/mail/e911_doubt_subject.txt", context)
        body = render_to_string("numbers/mail/e911_doubt.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[person.email])
