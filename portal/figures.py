"""Counts over many accounts at once, so that a page of fifty costs as many queries as a page of one."""

from datetime import timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone

from messaging.models import Message
from numbering.models import Number, NumberQuerySet
from numbering.services.coverage import in_force

FAILED_WITHIN = timedelta(days=7)


def without_911(numbers: NumberQuerySet) -> NumberQuerySet:
    """Those that could have a 911 address here and have none in force."""
    return numbers.can_call().with_911_kept().filter(~in_force())


def unknown_911(numbers: NumberQuerySet) -> NumberQuerySet:
    """Those whose upstream keeps no 911 addresses that it would tell: nobody here knows."""
    return numbers.can_call().with_911_elsewhere()


def numbers_by_account(accounts: list[int]) -> dict[int, int]:
    return _counts(Number.objects.present().filter(account__in=accounts))


def gaps_by_account(accounts: list[int]) -> dict[int, int]:
    return _counts(without_911(Number.objects.filter(account__in=accounts)))


def unknown_by_account(accounts: list[int]) -> dict[int, int]:
    return _counts(unknown_911(Number.objects.filter(account__in=accounts)))


def failures_by_account(accounts: list[int]) -> dict[int, int]:
    """Texts of the last week that did not go out and that nobody has tried again."""
    since = timezone.now() - FAILED_WITHIN
    return _counts(Message.objects.shown().failed().filter(account__in=accounts, at__gt=since))


def _counts(rows: QuerySet) -> dict[int, int]:
    return dict(rows.order_by().values_list("account").annotate(total=Count("pk")))
