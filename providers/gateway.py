"""The one door from the portal to a client: quota before a call, health and the masked exchange after it."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from providers import incidents, quota
from providers.clients.base import Client, Exchange
from providers.clients.errors import CredentialsRefused, Held
from providers.models import Connection, ExchangeLog, Incident
from providers.quota import Priority

log = logging.getLogger(__name__)

OPEN_AFTER = 7  # failures in a row; where a quarter of all answers is spoilt, five come by chance once a minute
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(seconds=30)
TRY_DEADLINE = 8.0  # seconds; somebody looks at the form meanwhile
WORDS = {"paused": "this connection is paused", "limited": "over their limit", "breaker_open": "not answering"}
HARD_LIMIT_PAUSE = timedelta(minutes=60)


def client_for(connection: Connection, priority: Priority) -> Client:
    """A client whose every call is counted, paced and recorded. Raises `vault.CannotDecrypt`."""
    credentials = {"time_zone": connection.time_zone, "deadline": settings.UPSTREAM_DEADLINE, **connection.credentials}
    meter = Meter(connection, priority)
    meter.client = connection.client_class(connection.base_url, credentials, observer=meter)
    meter.client.latest = lambda: Connection.objects.get(pk=connection.pk).credentials
    return meter.client


def requests_of(client: Client) -> int:
    """How many requests a client of ours has made so far."""
    meter = getattr(client, "observer", None)
    return meter.made if isinstance(meter, Meter) else 1


def changed_credentials(connection: Connection, old: dict, given: dict) -> dict:
    """The old credentials with those that a person gave in their place; an empty one is removed.

    What the client got for the old ones (a token, a key) goes: it could still be taken when the new ones are wrong.
    """
    client = connection.client_class
    others = [name for name in given if name in client.credential_fields or name not in client.open_fields]
    stale = client.learns if others else ()
    kept = {name: value for name, value in old.items() if name not in stale}
    return {name: value for name, value in {**kept, **given}.items() if value}


def try_credentials(connection: Connection, credentials: dict, *, call: bool = True) -> dict:
    """See whether the upstream takes these credentials, before they are kept. The call is counted like any other.

    Returns them with what was learned on the way.
    Raises `ValueError` when their shape is wrong, and the client's errors when they are not accepted.
    """
    values = {"time_zone": connection.time_zone, "deadline": TRY_DEADLINE, **credentials}
    meter = Meter(connection, Priority.INTERACTIVE) if connection.pk else None
    client = connection.client_class(connection.base_url, values, observer=meter)
    if call:
        client.probe()
    return {**credentials, **client.learned}


class Meter:
    """Watches one client. `before` may hold a call back; nothing here is done inside a transaction of the caller."""

    def __init__(self, connection: Connection, priority: Priority):
        self.connection = connection
        self.priority = priority
        self.client: Client | None = None
        self.made = 0  # requests let through
        self.seen: Connection | None = None  # as it stood before the call

    def before(self, call: str, bucket: str) -> None:
        """Raise `Held` while the upstream has shut us out, while the breaker is open, or when the hour is used up."""
        now = timezone.now()
        row = self.seen = Connection.objects.get(pk=self.connection.pk)
        if shut := row.shut(now):
            code, until = shut
            raise Held(WORDS[code], call=call, code=code, retry_at=until)
        if row.retry_at and not self._may_probe(row, now):
            raise Held(WORDS["breaker_open"], call=call, code="breaker_open", retry_at=now + FIRST_PAUSE)
        try:
            quota.take(row, bucket, self.priority)
        except quota.Exhausted as exhausted:
            raise Held("the hour is used up", call=call, code="quota", retry_at=exhausted.retry_at) from None
        self.made += 1

    def after(self, exchange: Exchange) -> None:
        self._record(exchange)
        self._keep_learned()
        if exchange.outcome in {"ok", "refused"}:
            self._healthy()
        elif exchange.outcome in {"unreachable", "unclear"}:
            self._failed(exchange)

    def limited(self, bucket: str, *, hard: bool, until: datetime | None = None) -> None:
        """Stay away as long as they say, or an hour; from the one bucket where the limit is an address's, else from all."""
        if not hard:
            quota.slow_down(self.connection)
            return
        until = until or timezone.now() + HARD_LIMIT_PAUSE
        if bucket in self.connection.client_class.address_buckets:
            quota.block(self.connection, bucket, until)
        else:
            self._update(blocked_until=until, health=Connection.Health.LIMITED)
            incidents.open_one(self.connection, Incident.Kind.LIMITED, f"{bucket}: over their limit")

    def _keep_learned(self) -> None:
        """A token the upstream gave us is kept with the credentials, so that no other worker need ask for one."""
        if self.client is None or not self.client.learned:
            return
        learned, self.client.learned = self.client.learned, {}
        with transaction.atomic():
            row = Connection.objects.select_for_update(no_key=True).get(pk=self.connection.pk)
            row.credentials = {**row.credentials, **learned}
            row.save(update_fields=["sealed_credentials"])

    def _may_probe(self, row: Connection, now) -> bool:
        """After the pause one caller tries; the others wait for what it finds."""
        won = Connection.objects.filter(pk=row.pk, retry_at=row.retry_at).update(retry_at=now + FIRST_PAUSE)
        return won == 1

    def _healthy(self) -> None:
        row, now = Connection.objects.filter(pk=self.connection.pk), timezone.now()
        # As it is now: calls beside this one may have failed since it left, and a good answer ends their row.
        health, failures, last_ok_at = row.values_list("health", "failures", "last_ok_at").get()
        lately = last_ok_at and last_ok_at > now - timedelta(seconds=10)  # no need to write the clock at every call
        if lately and health == Connection.Health.OK and not failures:
            return
        changed = row.update(
            health=Connection.Health.OK, failures=0, failing_since=None, retry_at=None, last_ok_at=now, last_error=""
        )
        if changed:
            incidents.close_all(self.connection)

    def _failed(self, exchange: Exchange) -> None:
        row = Connection.objects.filter(pk=self.connection.pk)
        if self._came_late(row):
            return
        row.update(failures=F("failures") + 1, last_error=f"{exchange.call}: {exchange.code or exchange.outcome}"[:300])
        now = timezone.now()
        row.filter(failing_since=None).update(failing_since=now)
        failures = row.values_list("failures", flat=True).get()
        if failures >= OPEN_AFTER:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - OPEN_AFTER, 5))
            row.update(health=Connection.Health.FAILING, retry_at=now + pause)
            incidents.open_one(
                row.get(), Incident.Kind.FAILING, f"{exchange.call}: {exchange.code or exchange.outcome}"
            )

    def _came_late(self, row: QuerySet[Connection]) -> bool:
        """Whether the call had left before the breaker opened: of several on their way then, none says more than the first.

        Only what was tried since makes the pause longer.
        """
        left_open = self.seen is not None and self.seen.retry_at is None
        return left_open and row.filter(retry_at__gt=timezone.now()).exists()

    def _update(self, **values) -> None:
        Connection.objects.filter(pk=self.connection.pk).update(**values)

    def _record(self, exchange: Exchange) -> None:
        ExchangeLog.objects.create(
            connection=self.connection,
            call=exchange.call,
            url=exchange.url[:300],
            request=exchange.request,
            response=exchange.response,
            http_status=exchange.http_status,
            outcome=exchange.outcome,
            code=exchange.code,
            started_at=exchange.started_at,
            duration_ms=exchange.duration_ms,
        )


def credentials_refused(connection: Connection, error: CredentialsRefused) -> None:
    """Say so on the connection: only a person can mend this."""
    Connection.objects.filter(pk=connection.pk).update(
        health=Connection.Health.REFUSED, last_error=str(error)[:300], failing_since=timezone.now()
    )
    incidents.open_one(connection, Incident.Kind.REFUSED, str(error))
