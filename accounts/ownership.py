"""Which portal account owns what a connection brings home."""

from collections.abc import Callable

from django.db import models

from accounts.models import Account, RemoteAccount
from providers.models import Connection


class NoOwner(Exception):
    """The connection's main account belongs to no portal account yet: nothing can be brought home."""


def owner_of(connection: Connection) -> Callable[[str], int]:
    """A look-up from the upstream's sub-account id to the pk of the portal account; read once for a whole run.

    What is in no known sub-account, or in one that no portal account claims, belongs to the main account.
    """
    rows = RemoteAccount.objects.filter(connection=connection, account__isnull=False)
    owners = dict(rows.values_list("external_id", "account_id"))
    if "" not in owners:
        raise NoOwner(f"{connection} has no account of its own")
    return lambda subaccount_id: owners.get(subaccount_id, owners[""])


def connections_of(account: Account) -> models.QuerySet[Connection]:
    """The connections that serve an account, as main account or as one of its sub-accounts."""
    return Connection.objects.filter(remote_accounts__account=account, is_active=True).distinct()
