"""HTTP/1.1 over sockets: reads requests, hands them to the sandbox, lets faults spoil the answers."""

import contextlib
import ssl
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from .faults import TLS
from .mischief import Wire
from .request import MAX_BODY, Request, Response, pairs
from .trouble import Trouble

HANDSHAKE_S = 10


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 300
    rbufsize = 65536

    def handle_one_request(self):
        sandbox = self.server.sandbox
        try:
            first = self.rfile.peek(32)
        except OSError:
            first = b""
        rule = None
        if first and b" /_control" not in first:
            rule = sandbox.faults.pick_unread(sandbox.clock.now())
        if rule:
            Wire(self.connection, lambda: sandbox.running).spoil(None, Trouble(rule))
            self.close_connection = True
            return
        super().handle_one_request()

    def exchange(self):
        sandbox = self.server.sandbox
        wire = Wire(self.connection, lambda: sandbox.running, close=self.close_connection)
        body = self.read_body()
        if body is None:
            wire.wants_close = True
            wire.whole(Response(413, b"request body refused", "text/plain"))
            self.close_connection = True
            return
        try:
            response, trouble = sandbox.answer(self.to_request(body))
        except Exception:  # a bug here must never look like a fault that was asked for
            response, trouble = Response(500, f"sandbox bug\n{reported()}".encode(), "text/plain"), None
        try:
            alive = wire.spoil(response, trouble) if trouble else wire.whole(response)
        except OSError:
            alive = False  # the client has gone; the effect stays
        except Exception:  # nor must a bug of a fault
            alive = wire.whole(Response(500, f"sandbox bug\n{reported()}".encode(), "text/plain"))
        self.close_connection = not alive

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = exchange

    def to_request(self, body):
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        client = f"{self.client_address[0]}:{self.client_address[1]}"
        return Request(self.command, unquote(parts.path), pairs(parts.query), headers, body, client)

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self.read_chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MAX_BODY:
            return None
        return self.rfile.read(int(length))

    def read_chunks(self):
        body = b""
        while True:
            try:
                size = int(self.rfile.readline(1024).split(b";")[0], 16)
            except ValueError:
                return None
            if len(body) + size > MAX_BODY:
                return None
            body += self.rfile.read(size)
            self.rfile.readline(1024)
            if size == 0:
                return body

    def log_message(self, *args):
        """Silent: the journal has everything, without the credentials."""


def reported():
    """The traceback of the moment, also to the sandbox's own log."""
    trace = traceback.format_exc()
    print(trace, flush=True)
    return trace


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    scheme = "http"

    def __init__(self, address, sandbox):
        self.sandbox = sandbox
        super().__init__(address, Handler)

    @property
    def url(self):
        host, port = self.server_address[:2]
        return f"{self.scheme}://{host}:{port}"

    def handle_error(self, request, client_address):
        """A client that went away is no news; anything else is a bug worth a trace."""
        with contextlib.suppress(OSError):
            super().handle_error(request, client_address)


class SecureServer(Server):
    """The same sandbox over TLS. The handshake is the connection's own thread's, for clients that never finish it."""

    scheme = "https"

    def __init__(self, address, sandbox, authority):
        self._authority = authority
        self._contexts = {None: authority.context()}
        super().__init__(address, sandbox)

    def finish_request(self, request, client_address):
        rule = self.sandbox.faults.pick_unread(self.sandbox.clock.now(), TLS)
        if rule and rule.fault in ("tls_hang", "tls_not_spoken"):
            self.leave_in_the_clear(request, rule)
            return
        request.settimeout(HANDSHAKE_S)
        try:
            secured = self.context(rule).wrap_socket(request, server_side=True)
        except (OSError, ssl.SSLError):
            return  # the client does not want it, which is right for a wrong certificate
        with contextlib.closing(secured):
            super().finish_request(secured, client_address)

    def context(self, rule):
        wanted = rule.fault if rule else None
        if wanted not in self._contexts:
            self._contexts[wanted] = self._authority.context(wanted)
        return self._contexts[wanted]

    def leave_in_the_clear(self, request, rule):
        if rule.fault == "tls_not_spoken":
            request.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            return
        end = time.monotonic() + float(rule.args.get("seconds", 60))
        while self.sandbox.running and time.monotonic() < end:
            time.sleep(0.05)


def serve(sandbox, host="127.0.0.1", port=0):
    server = Server((host, port), sandbox)
    sandbox.base_url = server.url
    sandbox.start()
    return server


def serve_securely(sandbox, authority, host="127.0.0.1", port=0):
    """A second door to a sandbox that is served already."""
    server = SecureServer((host, port), sandbox, authority)
    sandbox.tls_url, sandbox.ca_pem = server.url, authority.ca_pem
    return server
