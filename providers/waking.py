"""Waking a worker: a hint that may get lost, because sweeps find all work by its rows."""

import logging
from collections.abc import Callable

from django.db import transaction

log = logging.getLogger(__name__)


def wake(publish: Callable[[int], object], pk: int) -> None:
    """Publish a wake-up for a row. Whatever is wrong with the broker never fails the request that wrote the row."""
    try:
        publish(pk)
    except Exception as error:  # noqa: BLE001 - every broker has errors of its own, and none of them matters here
        log.warning("wake-up not published, the sweep will find the row: %s", type(error).__name__)


def wake_on_commit(publish: Callable[[int], object], pk: int) -> None:
    transaction.on_commit(lambda: wake(publish, pk))
