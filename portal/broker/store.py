"""The file of the embedded queue: messages as rows, claims and their leases."""

import logging
import os
import sqlite3
import threading
import time
from pathlib import Path
from secrets import token_hex

log = logging.getLogger(__name__)

LEASE = 30.0
VISIBILITY_TIMEOUT = 600.0
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
