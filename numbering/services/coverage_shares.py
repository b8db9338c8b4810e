"""911 coverage told apart: by province or state of the numbers, and by the accounts below a reseller (E4)."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from accounts.models import Account
from numbering import places
from numbering.models import Number
from numbering.services.coverage import Counted, Coverage, callable_numbers, in_force, open_wishes
from providers.clients.base import Capability
from providers.models import slugs_that

MOST_ACCOUNTS = 200


@dataclass(frozen=True, slots=True)
class Share(Counted):
    """Of the numbers of one place or account, how many have an address in force, and how many wait for a person: their
    newest address has to be chosen or checked, whatever is in force meanwhile."""

    key: str | int
    name: str
    total: int
    covered: int
    attention: int = 0


def told_apart(account: Account) -> tuple[Coverage, list[Share]]:
    """The figure of the account, and each province or state once, however its upstreams write it, the largest first: every
    number is counted once for both."""
    kept = Q(connection__slug__in=slugs_that(Capability.E911))
    columns = {
        "total": Count("pk", filter=kept),
        "covered": Count("pk", filter=kept & Q(has_address=True)),
        "attention": Count("pk", filter=kept & Q(pk__in=open_wishes([account.pk]).values("number"))),
        "elsewhere": Count("pk", filter=~kept),
    }
    numbers = callable_numbers(account).annotate(has_address=in_force())
    rows = list(numbers.order_by().values_list("region").annotate(**columns))
    whole = Coverage(*(sum(row[place] for row in rows) for place in range(1, 5)))
    return whole, _by_region(rows)


def _by_region(rows: list[tuple]) -> list[Share]:
    sums: dict[str, list[int]] = {}
    for told, *counts, _elsewhere in rows:
        if counts[0]:
            before = sums.get(places.letters_of(told), (0, 0, 0))
            sums[places.letters_of(told)] = [one + more for one, more in zip(before, counts, strict=True)]
    shares = [Share(key, places.region_name(key), *counts) for key, counts in sums.items()]
    return sorted(shares, key=lambda share: (-share.total, share.key))


def told_as(account: Account, letters: str) -> list[str]:
    """How the numbers of this account write a province or state."""
    told = callable_numbers(account).order_by().values_list("region", flat=True).distinct()
    return [one for one in told if places.letters_of(one) == letters]


def by_account(account: Account) -> list[Share]:
    """A reseller's own numbers and those of each account below it, the widest gaps first, then what waits; for others, nothing
    to tell."""
    if not account.is_reseller:
        return []
    names = dict(Account.objects.under(account).values_list("pk", "name")) | {account.pk: account.name}
    waiting = waiting_by_account(list(names))
    numbers = Number.objects.filter(account__in=list(names)).can_call().with_911_kept()
    rows = numbers.annotate(has_address=in_force()).order_by().values_list("account")
    counted = rows.annotate(total=Count("pk"), covered=Count("pk", filter=Q(has_address=True)))
    shares = [Share(pk, names[pk], total, covered, waiting.get(pk, 0)) for pk, total, covered in counted]
    return sorted(shares, key=lambda share: (-share.gaps, -share.attention, share.name))[:MOST_ACCOUNTS]


def waiting_by_account(accounts: list[int]) -> dict[int, int]:
    """How many numbers of each account wait for a person. A number that went to another account waits there for nothing."""
    here = Number.objects.filter(account__in=accounts).can_call().with_911_kept()
    wishes = open_wishes(accounts).filter(account=F("number__account"), number__in=here.values("pk"))
    return dict(wishes.order_by().values_list("account").annotate(Count("number", distinct=True)))
