"""Doors for the workers: thin tasks that take ids, and the sweeps that find work by rows."""

from celery import shared_task
from django.utils import timezone

from providers import forgetting, inbound, outbox, sync
from providers.models import Heartbeat, Operation


@shared_task
def run_operation(pk: int) -> None:
    outbox.run(Operation, pk)


@shared_task
def sweep_operations() -> int:
    return outbox.sweep(Operation)


@shared_task
def wake_feeds() -> int:
    """Wake every feed that is due."""
    feeds = sync.due_feeds()
    for pk in feeds:
        run_feed.delay(pk)
    return len(feeds)


@shared_task(soft_time_limit=500, time_limit=540)
def run_feed(pk: int, trigger: str = "schedule", force: bool = False) -> None:
    sync.run_feed(pk, trigger=trigger, force=force)


@shared_task
def read_webhook(pk: int) -> None:
    inbound.read(pk)


@shared_task
def sweep_webhooks() -> int:
    waiting = inbound.to_read()
    for pk in waiting:
        read_webhook.delay(pk)
    return len(waiting)


@shared_task
def heartbeat() -> None:
    """Beat published this and a worker ran it, so both were alive now."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"seen_at": timezone.now()})


@shared_task(soft_time_limit=500, time_limit=540)
def forget_old_exchanges() -> int:
    return forgetting.forget()
