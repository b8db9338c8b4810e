"""Counts over many accounts at once, so that a page of fifty costs as many queries as a page of one."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from messaging.models import Message
from numbering.models import EmergencyEndpoint, Number
from numbering.presenters.emergency import WITHOUT_911

FAILED_WITHIN = timedelta(days=7)


def without_911(numbers: QuerySet[Number]) -> QuerySet[Number]:
    """Those that could have a 911 address and have none in force."""
    in_force = EmergencyEndpoint.objects.filter(
        account=OuterRef("account"), number=OuterRef("number"), provisioned=True, gone_at=None
    )
    return numbers.present().filter(voice=True).exclude(kind__in=WITHOUT_911).filter(~Exists(in_force))


def numbers_by_account(accounts: list[int]) -> dict[int, int]:
    return _counts(Number.objects.present().filter(account__in=accounts))


def gaps_by_account(accounts: list[int]) -> dict[int, int]:
    return _counts(without_911(Number.objects.filter(account__in=accounts)))


def failures_by_account(accounts: list[int]) -> dict[int, int]:
    """Texts of the last week that did not go out and that nobody has tried again."""
    since = timezone.now() - FAILED_WITHIN
    return _counts(Message.objects.shown().failed().filter(account__in=accounts, at__gt=since))


def _counts(rows: QuerySet) -> dict[int, int]:
    return dict(rows.order_by().values_list("account").annotate(total=Count("pk")))
