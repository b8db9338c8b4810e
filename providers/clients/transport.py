"""Sockets under requests: knows whether a connection was made, and ends a call at its deadline whatever the peer does.

requests' own time-outs count from byte to byte, so an answer that drips one byte at a time never meets them. Here a
timer shuts the socket down at the deadline, which wakes whatever read or write is waiting.

What urllib3 logs names whole addresses, and some upstreams want their credentials there: its loggers are silenced here.
The exchange that an observer is told says the same, masked.
"""

import logging
import os
import socket
import threading
import time
from http.cookiejar import DefaultCookiePolicy

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_current = threading.local()
_TALKATIVE = ("connection", "connectionpool", "poolmanager", "response", "util.retry")


def _silent(record: logging.LogRecord) -> bool:
    return False


for _name in _TALKATIVE:
    logging.getLogger(f"urllib3.{_name}").addFilter(_silent)


class Watch:
    """One call on its way: `connected` once bytes of the request may have left, `expired` once the deadline passed."""

    def __init__(self, seconds: float):
        self.connected = False
        self.expired = False
        self._ends = time.monotonic() + seconds
        self._handle: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def __enter__(self) -> "Watch":
        _current.watch = self
        self._timer.start()
        return self

    def __exit__(self, *_):
        self._timer.cancel()
        _current.watch = None
        with self._lock:
            self._drop()

    def left(self) -> float:
        return max(0.0, self._ends - time.monotonic())

    def hold(self, fileno: int) -> None:
        """Keep a handle of our own on the connection: TLS takes the first socket object away."""
        with self._lock:
            self._drop()
            self._handle = socket.socket(fileno=os.dup(fileno))
            if self.expired:
                self._shut()

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            self._shut()

    def _shut(self) -> None:
        if self._handle is not None:
            try:
                self._handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the peer was faster

    def _drop(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


def _watch() -> Watch | None:
    return getattr(_current, "watch", None)


class _Watched:
    """What both kinds of connection tell the watch of their thread."""

    def _new_conn(self):
        sock = super()._new_conn()
        if (watch := _watch()) is not None:
            watch.hold(sock.fileno())
        return sock

    def connect(self) -> None:
        super().connect()
        if (watch := _watch()) is not None:
            watch.connected = True

    def request(self, *args, **kwargs) -> None:
        if (watch := _watch()) is not None and self.sock is not None:
            watch.hold(self.sock.fileno())
            watch.connected = True
        super().request(*args, **kwargs)


class _Connection(_Watched, HTTPConnection):
    pass


class _SecureConnection(_Watched, HTTPSConnection):
    pass


class WatchedPool(HTTPConnectionPool):
    ConnectionCls = _Connection


class WatchedSecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": WatchedPool, "https": WatchedSecurePool}


def open_session() -> requests.Session:
    """A session without retries, proxies, .netrc, cookies or redirects; certificates are checked as usual."""
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(max_retries=0, pool_maxsize=1))
    return session
