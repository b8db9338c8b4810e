"""HTTP/1.1 over sockets: reads requests, hands them to the sandbox, lets faults spoil the answers."""

import contextlib
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from .mischief import Wire, reset
from .request import MAX_BODY, Request, Response, pairs


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
        if first and b" /_control" not in first and sandbox.faults.refuse_unread(sandbox.clock.now()):
            reset(self.connection)
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
            response, rule, memory = sandbox.answer(self.to_request(body))
        except Exception:  # a bug here must never look like a fault that was asked for
            trace = traceback.format_exc()
            print(trace, flush=True)
            response, rule, memory = Response(500, f"sandbox bug\n{trace}".encode(), "text/plain"), None, None
        try:
            alive = wire.spoil(response, rule, memory) if rule else wire.whole(response)
        except OSError:
            alive = False  # the client has gone; the effect stays
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


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address, sandbox):
        self.sandbox = sandbox
        super().__init__(address, Handler)
        host, port = self.server_address[:2]
        sandbox.base_url = f"http://{host}:{port}"

    def handle_error(self, request, client_address):
        """A client that went away is no news; anything else is a bug worth a trace."""
        with contextlib.suppress(OSError):
            super().handle_error(request, client_address)


def serve(sandbox, host="127.0.0.1", port=0):
    server = Server((host, port), sandbox)
    sandbox.start()
    return server
