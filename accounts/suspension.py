"""What a suspended account may still do: read everything, pay, and say where 911 must come. It spends and changes nothing."""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Account


class Suspended(Exception):
    """The account, or one above it, is suspended: no service is ordered, changed or given up."""


def is_suspended(account: Account) -> bool:
    """Asked of the database: suspending an account holds those below it too."""
    return Account.objects.filter(pk__in=account.ancestor_ids(), status=Account.Status.SUSPENDED).exists()


def check(actor: Actor) -> None:
    """Before what spends or changes service. Our own staff act from outside. Raises `Suspended`."""
    if actor.user and actor.user.is_staff:
        return
    if actor.account and is_suspended(actor.account):
        raise Suspended


def sentence(account: Account | None) -> str:
    """For the people of an account that is suspended, or below one that is; empty while all is well.

    Answered from what the request has read where that is enough, for it stands on every page.
    """
    if account is None or not _is_suspended_as_read(account):
        return ""
    return _(
        "This account is suspended: you can read everything and correct 911 addresses, but nothing is sent, ordered or "
        "changed. Ask your provider."
    )


def _is_suspended_as_read(account: Account) -> bool:
    if account.status == Account.Status.SUSPENDED:
        return True
    if len(account.ancestor_ids()) <= 2:  # noqa: PLR2004 - itself and the one above
        return bool(account.parent and account.parent.status == Account.Status.SUSPENDED)
    return is_suspended(account)
