"""Which numbers texts have reached: a sign for the port-day checklist of the app below."""

from datetime import datetime

from accounts.models import Account
from messaging.models import Message


def texted(account: Account, numbers: list[str], since: datetime) -> set[str]:
    """Those of these numbers that a text has reached since then."""
    rows = Message.objects.filter(
        thread__account=account, our_number__in=numbers, direction=Message.Direction.INBOUND, at__gte=since
    )
    return set(rows.values_list("our_number", flat=True).distinct())
