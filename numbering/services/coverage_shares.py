"""911 coverage told apart: by province or state of the numbers, and by the accounts below a reseller (E4)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import Account
from numbering import places
from numbering.models import Number, NumberQuerySet
from numbering.services.coverage import ATTENTION, Counted, Coverage, callable_numbers, in_force, latest_state
from providers.clients.base import Capability
from providers.models import slugs_that

MOST_ACCOUNTS = 200


@dataclass(frozen=True, slots=True)
class Share(Counted):
    """Of the numbers of one place or account, how many have an address in force."""

    key: str | int
    name: str
    total: int
    covered: int


def _counted(numbers: NumberQuerySet, column: str) -> Iterable[tuple]:
    rows = numbers.with_911_kept().annotate(has_address=in_force()).order_by().values_list(column)
    return rows.annotate(total=Count("pk"), covered=Count("pk", filter=Q(has_address=True)))


def told_apart(account: Account) -> tuple[Coverage, list[Share]]:
    """The figure of the account, and each province or state once, however its upstreams write it, the largest first: every
    number is counted once for both."""
    kept = Q(connection__slug__in=slugs_that(Capability.E911))
    columns = {
        "total": Count("pk", filter=kept),
        "covered": Count("pk", filter=kept & Q(has_address=True)),
        "attention": Count("pk", filter=kept & Q(latest__in=ATTENTION)),
        "elsewhere": Count("pk", filter=~kept),
    }
    numbers = callable_numbers(account).annotate(has_address=in_force(), latest=latest_state())
    rows = list(numbers.order_by().values_list("region").annotate(**columns))
    whole = Coverage(*(sum(row[place] for row in rows) for place in range(1, 5)))
    return whole, _by_region(rows)


def _by_region(rows: list[tuple]) -> list[Share]:
    sums: dict[str, list[int]] = {}
    for told, total, covered, *_others in rows:
        if total:
            one = sums.setdefault(places.letters_of(told), [0, 0])
            one[0], one[1] = one[0] + total, one[1] + covered
    shares = [Share(key, places.region_name(key), *both) for key, both in sums.items()]
    return sorted(shares, key=lambda share: (-share.total, share.key))


def told_as(account: Account, letters: str) -> list[str]:
    """How the numbers of this account write a province or state."""
    told = callable_numbers(account).order_by().values_list("region", flat=True).distinct()
    return [one for one in told if places.letters_of(one) == letters]


def by_account(account: Account) -> list[Share]:
    """A reseller's own numbers and those of each account below it, the widest gaps first; for others, nothing to tell."""
    if not account.is_reseller:
        return []
    names = dict(Account.objects.under(account).values_list("pk", "name")) | {account.pk: account.name}
    counted = _counted(Number.objects.filter(account__in=list(names)).can_call(), "account")
    shares = [Share(pk, names[pk], total, covered) for pk, total, covered in counted]
    return sorted(shares, key=lambda share: (-share.gaps, share.name))[:MOST_ACCOUNTS]
