"""The least that a worker can be asked to do, for measuring the broker alone."""

from celery import shared_task


@shared_task
def nothing() -> None:
    pass
