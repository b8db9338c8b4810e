"""Inbound webhooks: stored raw first, read by a worker, handed up through a registry."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from providers import waking
from providers.clients.errors import UpstreamError
from providers.models import Connection, WebhookRequest

log = logging.getLogger(__name__)

MOST_TRIES = 5
LEASE = timedelta(seconds=60)
LARGEST_BODY = 256 * 1024
KEPT_OPEN = timedelta(minutes=10)  # what speaks of something that we do not know yet
LONGEST_PAUSE = 120  # seconds between its readings

READERS: dict[
    str, Callable[[WebhookRequest], None]
] = {}  # who wants to read them all, filled by each app's AppConfig.ready


class TooEarly(Exception):
    """It speaks of something that is not here yet, such as the report of a text whose sending has not been answered.

    What could be read of it was stored; it is read again until all of it is known, or nobody waits for it any more.
    """


def connection_of(slug: str, token: str) -> Connection | None:
    """The connection a token belongs to; the token before the last rotation still opens."""
    if len(token) < 16:
        return None
    rows = Connection.objects.filter(Q(webhook_token=token) | Q(old_webhook_token=token), slug=slug)
    return rows.first()


def store(
    connection: Connection, *, body: bytes, content_type: str, query: dict, ip: str | None, wake: Callable[[int], None]
) -> WebhookRequest:
    """Keep the request as it came; a worker reads it. A lost wake-up only costs time: the sweep finds the row."""
    row = WebhookRequest.objects.create(
        connection=connection, body=body, content_type=content_type[:120], query=query, ip=ip
    )
    waking.wake_on_commit(wake, row.pk)
    return row


def to_read(limit: int = 200) -> list[int]:
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    rows = WebhookRequest.objects.filter(free, state=WebhookRequest.State.RECEIVED)
    return list(rows.order_by("id").values_list("pk", flat=True)[:limit])


def read(pk: int) -> bool:
    """Read one stored request, once. An unreadable one is kept with its reason."""
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    rows = WebhookRequest.objects.filter(free, pk=pk, state=WebhookRequest.State.RECEIVED)
    if not rows.update(claimed_until=now + LEASE, attempts=F("attempts") + 1):
        return False
    row = WebhookRequest.objects.select_related("connection").get(pk=pk)
    try:
        for reader in READERS.values():
            reader(row)
    except UpstreamError as error:
        _close(row, WebhookRequest.State.FAILED, str(error))
    except TooEarly as reason:
        _once_more(row, str(reason))
    except Exception as error:
        log.exception("webhook request %s could not be read", pk)
        _failed(row, f"{type(error).__name__}: {error}")
    else:
        _close(row, WebhookRequest.State.DONE, "")
    return True


def _once_more(row: WebhookRequest, reason: str) -> None:
    if timezone.now() - row.received_at > KEPT_OPEN:
        _close(row, WebhookRequest.State.DONE, reason)
    else:
        pause = timedelta(seconds=min(2**row.attempts, LONGEST_PAUSE))
        WebhookRequest.objects.filter(pk=row.pk).update(claimed_until=timezone.now() + pause, error=reason[:300])


def _failed(row: WebhookRequest, error: str) -> None:
    if row.attempts >= MOST_TRIES:
        _close(row, WebhookRequest.State.FAILED, error)
    else:
        WebhookRequest.objects.filter(pk=row.pk).update(
            claimed_until=timezone.now() + timedelta(seconds=5 * row.attempts), error=error[:300]
        )


def _close(row: WebhookRequest, state: str, error: str) -> None:
    WebhookRequest.objects.filter(pk=row.pk).update(state=state, claimed_until=None, error=error[:300])
