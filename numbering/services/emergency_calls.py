"""Which calls to 911 a page shows."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Account
from numbering.models import EmergencyCall, Number

LATELY = timedelta(days=90)
SHOWN = 6


def recent(account: Account) -> list[EmergencyCall]:
    rows = EmergencyCall.objects.for_account(account).filter(called_at__gt=timezone.now() - LATELY)
    return list(rows.select_related("number").order_by("-called_at", "-pk")[:SHOWN])


def last_test(number: Number) -> EmergencyCall | None:
    """The newest test of a number by the account that has it."""
    rows = EmergencyCall.objects.filter(number=number, account=number.account_id, is_test=True)
    return rows.order_by("-called_at").first()
