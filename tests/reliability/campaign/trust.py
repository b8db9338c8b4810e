"""Lets the clients of one thread trust a certificate of the sandbox's own authority."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from providers.clients import http, transport

_here = threading.local()


def session(path: str | None = None) -> requests.Session:
    """A session as clients open it, which trusts the file."""
    opened = transport.open_session()
    opened.verify = path or getattr(_here, "file", None) or True
    return opened


@contextmanager
def in_file(path: str) -> Iterator[None]:
    """Whatever session this thread opens meanwhile trusts that file; those open already do not."""
    _here.file = path
    try:
        yield
    finally:
        _here.file = None


def install(patch) -> None:
    """Put it between client and transport, with pytest's monkeypatch."""
    patch.setattr(http, "open_session", session)
