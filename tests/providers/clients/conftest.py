"""A peer that misbehaves on a real socket, a client whose answers the test gives, and an observer that notes all."""

import json
import socket
import threading
from collections.abc import Callable

import pytest

from providers.clients.base import Exchange
from providers.clients.http import Answer, Request
from providers.clients.voicemeup.client import VoiceMeUp

TOKEN = "deadbeefcafe0123456789abcdef4242"


class Notebook:
    """An observer."""

    def __init__(self):
        self.befores: list[tuple[str, str]] = []
        self.exchanges: list[Exchange] = []
        self.limits: list[tuple[str, bool]] = []

    def before(self, call, bucket):
        self.befores.append((call, bucket))

    def after(self, exchange):
        self.exchanges.append(exchange)

    def limited(self, bucket, *, hard, until=None):
        self.limits.append((bucket, hard))


@pytest.fixture
def notebook():
    return Notebook()


def read_request(connection: socket.socket) -> bytes:
    """Head and body of one request, b"" when the peer is gone."""
    seen = b""
    while b"\r\n\r\n" not in seen:
        part = connection.recv(65536)
        if not part:
            return b""
        seen += part
    head, _, body = seen.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


class Peer:
    """Listens on a free port; `script` is run with every connection that comes."""

    def __init__(self, script: Callable[[socket.socket], None]):
        self.script = script
        self.connections = 0
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            self.script(connection)
        except OSError:
            pass
        finally:
            connection.close()

    def close(self):
        self._listener.close()


@pytest.fixture
def peer():
    """`peer(answer_bytes_or_script)` starts one; a script that only answers first reads the request."""
    peers = []

    def start(answer):
        started = Peer(answer if callable(answer) else lambda connection: answer_once(connection, answer))

        def answer_once(connection, content):
            started.requests.append(read_request(connection))
            connection.sendall(content)

        peers.append(started)
        return started

    yield start
    for started in peers:
        started.close()


class Scripted(VoiceMeUp):
    """A client without a network: `answers` are given out in turn, `sent` has every request as a dict of its fields."""

    def __init__(self, *answers, **options):
        credentials = {"client_user_id": "123456", "auth_token": TOKEN} | options.pop("credentials", {})
        super().__init__("http://sandbox.invalid", credentials, **options)
        self.answers = list(answers)
        self.requests: list[Request] = []
        self.http.send = self._answer

    @property
    def sent(self) -> list[dict]:
        return [{"call": request.call, **dict(request.fields)} for request in self.requests]

    def _answer(self, request: Request) -> Answer:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(answer):
            answer = answer(dict(request.fields) | {"call": request.call})
        if isinstance(answer, Answer):
            return answer
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return Answer(200, "application/json" if self.format == "json" else "text/xml", body)


@pytest.fixture
def client():
    return Scripted


@pytest.fixture
def success():
    """An answer of VoiceMeUp: success(wrapper=rows, ...) or success(messages=[(code, words)])."""

    def make(messages=(), **body):
        found = [{"code": code, "_content": words} for code, words in messages]
        return {"response_details": {"response_status": "success", "response_messages": {"message": found}}, **body}

    return make


@pytest.fixture
def error():
    def make(*codes, words="no", **body):
        found = [{"code": code, "_content": words} for code in codes]
        message = found[0] if len(found) == 1 else found
        return {"response_details": {"response_status": "error", "response_messages": {"message": message}}, **body}

    return make
