"""Puts an answer on the wire, whole or spoilt as a fault rule says."""

import socket
import struct
import time

HTML = (
    b"<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>We will be right back</h1>"
    b"<form action='/login'><input name='username'></form></body></html>"
)
REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    413: "Payload Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def head(response, length=None, close=False):
    length = len(response.body) if length is None else length
    lines = [
        f"HTTP/1.1 {response.status} {REASONS.get(response.status, 'Status')}",
        f"Content-Type: {response.content_type}",
    ]
    if length >= 0:
        lines.append(f"Content-Length: {length}")
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    lines.append("Connection: close" if close else "Connection: keep-alive")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def reset(connection):
    """Close with a TCP reset: lingering for zero seconds throws away what was not sent."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Wire:
    """The few ways to end an exchange; each returns True when the connection may be used again."""

    def __init__(self, connection, running, close=False):
        self.connection, self.running, self.wants_close = connection, running, close

    def whole(self, response):
        self.connection.sendall(head(response, close=self.wants_close) + response.body)
        return not self.wants_close

    def spoil(self, response, rule, memory):
        name, args = rule.fault, rule.args
        if name.startswith("http_"):
            return self.whole(http_error(response, int(name[5:]), args))
        if name == "delay":
            self.wait(float(args.get("seconds", 2)))
            return self.whole(response)
        if name in REWRITES:
            return self.whole(REWRITES[name](response, args, memory))
        return getattr(self, name)(response, args)

    def wait(self, seconds):
        """Sleep, but not beyond the end of the server."""
        end = time.monotonic() + seconds
        while self.running() and time.monotonic() < end:
            time.sleep(min(0.1, max(0.0, end - time.monotonic())))

    def refuse(self, response, args):
        reset(self.connection)
        return False

    def no_answer(self, response, args):
        self.wait(float(args.get("seconds", 60)))
        return False

    def close(self, response, args):
        return False

    def reset_mid_body(self, response, args):
        self.connection.sendall(head(response) + response.body[: max(1, len(response.body) // 2)])
        time.sleep(0.05)  # let the half arrive, or the reset would overtake it
        reset(self.connection)
        return False

    def truncated(self, response, args):
        self.connection.sendall(head(response) + response.body[: len(response.body) // 2])
        return False

    def slow_bytes(self, response, args):
        gap, end = float(args.get("interval", 0.3)), time.monotonic() + float(args.get("max_s", 120))
        self.connection.sendall(head(response))
        for byte in response.body:
            if not self.running() or time.monotonic() > end:
                return False
            self.connection.sendall(bytes([byte]))
            time.sleep(gap)
        return True

    def endless(self, response, args):
        end = time.monotonic() + float(args.get("max_s", 60))
        response.headers["Transfer-Encoding"] = "chunked"
        self.connection.sendall(head(response, length=-1))
        while self.running() and time.monotonic() < end:
            self.connection.sendall(b"400\r\n" + b" " * 1024 + b"\r\n")
            time.sleep(float(args.get("interval", 0.01)))
        return False


def http_error(response, status, args):
    response.status, response.content_type, response.body = status, "text/html; charset=utf-8", HTML
    if status in (429, 503) and args.get("retry_after") is not None:
        response.headers["Retry-After"] = str(args["retry_after"])
    return response


def body_of(response, body, content_type=None):
    response.body = body
    response.content_type = content_type or response.content_type
    return response


def big_body(response, args, memory):
    size = int(float(args.get("mb", 10)) * 1024 * 1024)
    return body_of(response, b" " * size + response.body)


REWRITES = {
    "invalid_json": lambda r, a, m: body_of(r, b'{"Enabled": yes, ' + r.body[1:-1]),
    "invalid_xml": lambda r, a, m: body_of(r, r.body.replace(b"</", b"<", 1) + b"<unclosed>"),
    "wrong_content_type": lambda r, a, m: body_of(r, r.body, a.get("content_type", "text/html; charset=utf-8")),
    "html_page": lambda r, a, m: body_of(r, HTML, "text/html; charset=utf-8"),
    "empty": lambda r, a, m: body_of(r, b""),
    "big_body": big_body,
    "byte_order_mark": lambda r, a, m: body_of(r, b"\xef\xbb\xbf" + r.body),
    "invalid_utf8": lambda r, a, m: body_of(r, r.body.replace(b"e", b"\xe9", 3)),
    "duplicate_of_previous": lambda r, a, m: m.previous or r,
    "stale_answer": lambda r, a, m: m.stale or r,
}
