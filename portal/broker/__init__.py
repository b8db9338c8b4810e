"""The embedded queue: a kombu transport on a SQLite file of its own, for one machine and no server.

URL: `portal-sqlite:////absolute/path/queue.sqlite3`.

A message is a row. To take it is one `UPDATE ... RETURNING` that writes a claim (a random token) and a lease into the
row; to acknowledge it deletes the row where id *and* claim still match, so that a worker that wakes up after its lease
cannot delete what another has taken meanwhile. A thread renews the leases of this process while it lives. A worker
killed by SIGKILL renews nothing, and its messages are delivered again when the lease ends. A claim as a whole is given
up after `visibility_timeout`, the same option and meaning as with Redis: a task that hangs does not keep its message
for ever.

Transport options: `lease` (30 s), `visibility_timeout` (600 s), `polling_interval` (0.05 s), `busy_timeout` (5 s).

Its limits: one host (SQLite's locks do not travel over network file systems); about a thousand small tasks a second;
wake-up between processes in 5 to 55 ms; no fanout, so no remote control, no `inspect`, no `revoke`; no priorities
inside a queue (use queues); delivery at least once, like every broker; SQLite 3.35 or newer. Production on more than
one host wants RabbitMQ or Redis: set CELERY_BROKER_URL.
"""

import logging
import sqlite3
import time
from queue import Empty

from celery.signals import worker_shutting_down
from kombu.transport import base, virtual
from kombu.utils.json import dumps, loads

from portal.broker.store import BUSY_TIMEOUT, LEASE, VISIBILITY_TIMEOUT, Store, store_for

log = logging.getLogger(__name__)

POLLING_INTERVAL = 0.05
SHORTEST_WAIT = 0.005


class QoS(virtual.QoS):
    """Acknowledgements that reach the file; called by the pool's threads as well as by the consumer's."""

    def ack(self, delivery_tag):
        self.channel.finish(delivery_tag)
        super().ack(delivery_tag)

    def reject(self, delivery_tag, requeue=False):
        (self.channel.release if requeue else self.channel.finish)(delivery_tag)
        self._quick_ack(delivery_tag)


class Channel(virtual.Channel):
    QoS = QoS

    def __init__(self, connection, **kwargs):
        super().__init__(connection, **kwargs)
        options = connection.client.transport_options
        self._store_key = (
            connection.client.virtual_host,
            float(options.get("lease", LEASE)),
            float(options.get("visibility_timeout", VISIBILITY_TIMEOUT)),
            float(options.get("busy_timeout", BUSY_TIMEOUT)),
        )
        self._no_ack: set[str] = set()

    @property
    def store(self) -> Store:
        return store_for(*self._store_key)

    def basic_consume(self, queue, no_ack, *args, **kwargs):
        if no_ack:
            self._no_ack.add(queue)
        return super().basic_consume(queue, no_ack, *args, **kwargs)

    def basic_get(self, queue, no_ack=False, **kwargs):
        message = super().basic_get(queue, no_ack=no_ack, **kwargs)
        if message is not None and no_ack:
            self.finish(message.delivery_tag)
        return message

    def finish(self, delivery_tag: str) -> None:
        if not self.store.finish(*_claim_of(delivery_tag)):
            log.warning("message %s ended after its lease; whoever holds it now will answer for it", delivery_tag)

    def release(self, delivery_tag: str) -> None:
        self.store.release(*_claim_of(delivery_tag))

    def _put(self, queue, message, **kwargs):
        self.store.put(queue, dumps(message))

    def _get(self, queue, timeout=None):
        taken = self.store.take(queue)
        if taken is None:
            raise Empty
        message_id, claim, payload, deliveries = taken
        if queue in self._no_ack:
            self.store.finish(message_id, claim)
        message = loads(payload)
        properties = message["properties"]
        properties["delivery_tag"] = f"{message_id}.{claim}"
        properties["delivery_info"]["redelivered"] = deliveries > 1
        return message

    def _restore(self, message):
        self.release(message.delivery_tag)

    def _purge(self, queue):
        return self.store.purge(queue)

    def _size(self, queue):
        return self.store.size(queue)


def _claim_of(delivery_tag: str) -> tuple[int, str]:
    message_id, claim = delivery_tag.split(".")
    return int(message_id), claim


class Transport(virtual.Transport):
    Channel = Channel
    polling_interval = POLLING_INTERVAL
    driver_type = "portal-sqlite"
    driver_name = "sqlite3"
    connection_errors = (*base.Transport.connection_errors, sqlite3.OperationalError)
    recoverable_connection_errors = connection_errors
    # No fanout: Celery then leaves out remote control by itself.
    implements = virtual.Transport.implements.extend(exchange_type=frozenset(["direct", "topic"]))

    # No host either; kombu would warn in every process that it makes one up.
    default_connection_params = {}

    worker_is_stopping = False
    _wait = SHORTEST_WAIT

    def driver_version(self):
        return sqlite3.sqlite_version

    def drain_events(self, connection, timeout=None):
        """Deliver one message. After one we look again at once, for work comes in bursts; then ever more slowly."""
        give_up = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                self.cycle.get(self._deliver, timeout=timeout)
                self._wait = SHORTEST_WAIT
                return
            except Empty:
                if self.worker_is_stopping or (give_up is not None and time.monotonic() >= give_up):
                    raise TimeoutError from None
                time.sleep(self._wait)
                self._wait = min(self._wait * 1.3, self.polling_interval)


@worker_shutting_down.connect
def stop_waiting(**kwargs):
    """Celery sees that it was asked to stop only between two waits, which are 2 s long."""
    Transport.worker_is_stopping = True
