"""Giving an account an upstream: the connection, whose main account it is, and the feeds that will fill it."""

from django.db import transaction

from accounts.models import Account, RemoteAccount
from providers import sync
from providers.clients.registry import client_class
from providers.models import Connection


def connect(
    account: Account, *, slug: str, name: str, base_url: str, credentials: dict, time_zone: str = "America/Toronto"
) -> Connection:
    """Connect `account` to an upstream, or renew the connection of that name. Safe to repeat.

    Raises ValueError when the upstream's client refuses the credentials' shape; nothing is sent.
    """
    client_class(slug)(base_url, credentials)
    with transaction.atomic():
        connection = Connection.objects.filter(slug=slug, name=name).first() or Connection(slug=slug, name=name)
        connection.base_url, connection.time_zone, connection.credentials = base_url, time_zone, credentials
        connection.health, connection.retry_at, connection.blocked_until = Connection.Health.NEW, None, None
        connection.save()
        RemoteAccount.objects.update_or_create(
            connection=connection, external_id="", defaults={"account": account, "name": account.name}
        )
        sync.ensure_feeds(connection)
    return connection
