"""The embedded queue: a kombu transport on a SQLite file of its own, for one machine and no server.

URL: `portal-sqlite:////absolute/path/queue.sqlite3`.

A message is a row. To take it is one `UPDATE ... RETURNING` that writes a claim (a random token) and a lease into the
row; to acknowledge it deletes the row where id *and* claim still match, so that a worker that wakes up after its lease
cannot delete what another has taken meanwhile. A thread renews the leases of this process while it lives. A worker killed
by SIGKILL renews nothing, and its messages are delivered again when the lease ends. A claim as a whole is given up after
`visibility_timeout`, the same option and meaning as with Redis: a task that hangs does not keep its message for ever.

Transport options: `lease` (30 s), `visibility_timeout` (600 s), `polling_interval` (0.05 s), `busy_timeout` (5 s).

Its limits: one host (SQLite's locks do not travel over network file systems); about a thousand small tasks a second;
wake-up between processes in 5 to 55 ms; no fanout, so no remote control, no `inspect`, no `revoke`; no priorities inside
a queue (use queues); delivery at least once, like every broker; SQLite 3.35 or newer. Production on more than one host
wants RabbitMQ or Redis: set CELERY_BROKER_URL.
"""

import logging
import os
import sqlite3
import threading
import time
from pathlib import Path
from queue import Empty
from secrets import token_hex

from kombu.transport import base, virtual
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)

LEASE = 30.0
VISIBILITY_TIMEOUT = 600.0
POLLING_INTERVAL = 0.05
SHORTEST_WAIT = 0.005
BUSY_TIMEOUT = 5.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    payload TEXT NOT NULL,
    claim TEXT,
    lease_until REAL,
    deliveries INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS message_ready ON message (queue, id) WHERE claim IS NULL;
CREATE INDEX IF NOT EXISTS message_leased ON message (lease_until) WHERE claim IS NOT NULL;
"""
READY = "SELECT id FROM message WHERE queue = ? AND claim IS NULL ORDER BY id LIMIT 1"
CLAIM = f"""
UPDATE message SET claim = ?, lease_until = ?, deliveries = deliveries + 1
WHERE id = ({READY}) RETURNING id, payload, deliveries
"""  # noqa: S608  constants only
# Leases are told on the monotonic clock, which all processes of a host share and nobody sets. It starts again at boot:
# a lease further ahead than any lease can be is one from before it.
ANY_EXPIRED = "SELECT 1 FROM message WHERE claim IS NOT NULL AND (lease_until <= ? OR lease_until > ?) LIMIT 1"
EXPIRE = "UPDATE message SET claim = NULL WHERE claim IS NOT NULL AND (lease_until <= ? OR lease_until > ?)"
LONGEST_LEASE = 3600.0


class Store:
    """The file, as one process sees it. Every method may be called by any thread."""

    def __init__(self, path: str, lease: float = LEASE, hold: float = VISIBILITY_TIMEOUT, busy: float = BUSY_TIMEOUT):
        self.path, self.lease, self.hold, self.busy = path, min(lease, LONGEST_LEASE), hold, busy
        self.held: dict[tuple[int, str], float] = {}  # (id, claim) -> when we give it up
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None
        self._inode = None
        self._next_expiry = 0.0
        self._keeper: threading.Thread | None = None

    # --- the file ---
    def _run(self, sql: str, *values) -> sqlite3.Cursor:
        if self._db is None or self._inode != _inode(self.path):
            self._open()
        return self._db.execute(sql, values)

    def _open(self) -> None:
        """Open the file, or open it again where somebody removed it: both ends must look at the same one."""
        self.close()
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self.path, timeout=self.busy, isolation_level=None, check_same_thread=False)
        _into_wal(db, self.busy)
        db.execute("PRAGMA synchronous=NORMAL")
        db.executescript(SCHEMA)
        self._db, self._inode = db, _inode(self.path)

    def close(self) -> None:
        with self._lock:
            if self._db is not None:
                self._db.close()
            self._db = None

    # --- messages ---
    def put(self, queue: str, payload: str) -> None:
        with self._lock:
            self._run("INSERT INTO message (queue, payload) VALUES (?, ?)", queue, payload)

    def take(self, queue: str) -> tuple[int, str, str, int] | None:
        """The oldest ready message as (id, claim, payload, deliveries), now ours; or None."""
        now = time.monotonic()
        with self._lock:
            self._expire(now)
            # A look first: an idle worker polls without ever asking for the write lock.
            if self._run(READY, queue).fetchone() is None:
                return None
            claim = token_hex(8)
            # All rows are fetched, because the statement commits only when it has run to its end.
            rows = self._run(CLAIM, claim, now + self.lease, queue).fetchall()
            if not rows:
                return None
            self._keep(rows[0][0], claim, now)
        message_id, payload, deliveries = rows[0]
        return message_id, claim, payload, deliveries

    def finish(self, message_id: int, claim: str) -> bool:
        """Delete the message; False where the claim is no longer ours."""
        with self._lock:
            self.held.pop((message_id, claim), None)
            return self._run("DELETE FROM message WHERE id = ? AND claim = ?", message_id, claim).rowcount == 1

    def release(self, message_id: int, claim: str) -> bool:
        """Give the message back, at the place in the queue that it had."""
        with self._lock:
            self.held.pop((message_id, claim), None)
            sql = "UPDATE message SET claim = NULL WHERE id = ? AND claim = ?"
            return self._run(sql, message_id, claim).rowcount == 1

    def purge(self, queue: str) -> int:
        with self._lock:
            return self._run("DELETE FROM message WHERE queue = ? AND claim IS NULL", queue).rowcount

    def size(self, queue: str) -> int:
        with self._lock:
            return self._run("SELECT COUNT(*) FROM message WHERE queue = ? AND claim IS NULL", queue).fetchone()[0]

    # --- leases ---
    def _expire(self, now: float) -> None:
        if now < self._next_expiry:
            return
        self._next_expiry = now + min(1.0, self.lease / 4)
        limit = now + LONGEST_LEASE
        if self._run(ANY_EXPIRED, now, limit).fetchone() and (count := self._run(EXPIRE, now, limit).rowcount):
            log.warning("%s message(s) whose worker went away are delivered again", count)

    def _keep(self, message_id: int, claim: str, now: float) -> None:
        self.held[message_id, claim] = now + self.hold
        if self._keeper is None:
            self._keeper = threading.Thread(target=self._renew_while_held, name="queue-leases", daemon=True)
            self._keeper.start()

    def _renew_while_held(self) -> None:
        while True:
            time.sleep(self.lease / 3)
            with self._lock:
                if not self.held:
                    self._keeper = None
                    return
                try:
                    self._renew(time.monotonic())
                except sqlite3.Error:
                    log.exception("could not renew the leases; trying again")

    def _renew(self, now: float) -> None:
        for (message_id, claim), give_up in list(self.held.items()):
            if now >= give_up:
                log.warning("message %s was held for %.0f s; it may now be delivered again", message_id, self.hold)
                del self.held[message_id, claim]
                continue
            sql = "UPDATE message SET lease_until = ? WHERE id = ? AND claim = ?"
            if not self._run(sql, min(now + self.lease, give_up), message_id, claim).rowcount:
                del self.held[message_id, claim]


def _inode(path: str) -> int | None:
    try:
        return os.stat(path).st_ino
    except FileNotFoundError:
        return None


def _into_wal(db: sqlite3.Connection, busy: float) -> None:
    """Switch to WAL; SQLite does not wait for others at this step, whatever its time-out says."""
    give_up = time.monotonic() + busy
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)


_stores: dict[tuple, Store] = {}
_stores_lock = threading.Lock()
_inherited: list[Store] = []


def store_for(path: str, lease: float, hold: float, busy: float) -> Store:
    key = (path, lease, hold, busy)
    with _stores_lock:
        if key not in _stores:
            _stores[key] = Store(*key)
        return _stores[key]


def _forget_stores_of_parent() -> None:
    """SQLite connections must not cross a fork, not even to be closed: that would drop the parent's locks."""
    global _stores_lock
    _stores_lock = threading.Lock()
    _inherited.extend(_stores.values())
    _stores.clear()


os.register_at_fork(after_in_child=_forget_stores_of_parent)


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
                if give_up is not None and time.monotonic() >= give_up:
                    raise TimeoutError from None
                time.sleep(self._wait)
                self._wait = min(self._wait * 1.3, self.polling_interval)
