"""Giving an account an upstream: the connection, whose main account it is, and the feeds that will fill it."""

from django.db import transaction

from accounts.models import Account, RemoteAccount
from providers import outbox, sync
from providers.clients.registry import client_class
from providers.models import Connection


def connect(
    account: Account, *, slug: str, name: str, base_url: str, credentials: dict, time_zone: str = ""
) -> Connection:
    """Connect `account` to an upstream, or renew the connection of that name. Safe to repeat.

    Without a `time_zone` the upstream's dates are read in the zone that its document gives them.
    Raises ValueError when the upstream's client refuses the credentials' shape; nothing is sent.
    """
    client_class(slug)(base_url, credentials)
    with transaction.atomic():
        connection = Connection.objects.filter(slug=slug, name=name).first() or Connection(slug=slug, name=name)
        connection.base_url, connection.credentials = base_url, credentials
        connection.time_zone = time_zone or client_class(slug).time_zone
        connection.health, connection.retry_at, connection.blocked_until = Connection.Health.NEW, None, None
        connection.save()
        RemoteAccount.objects.update_or_create(
            connection=connection, external_id="", defaults={"account": account, "name": account.name}
        )
        sync.ensure_feeds(connection)
        sync.start_over(connection)
        outbox.let_go(connection)
    return connection
