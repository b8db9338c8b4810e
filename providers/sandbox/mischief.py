"""Puts an answer on the wire, whole or spoilt as a fault rule says."""

import functools
import itertools
import socket
import struct
import time
import zlib

from . import schema_faults
from .rewrites import CONTENT, MIXED_UP
from .statuses import BODILESS, REASONS, REDIRECTS, STATUSES
from .trouble import says

MEGABYTE = 1024 * 1024
REWRITES = {**STATUSES, **REDIRECTS, **CONTENT, **MIXED_UP}
REWRITES.update(dict.fromkeys(schema_faults.SCHEMA, schema_faults.apply))


def head(response, length=None, close=False):
    length = len(response.body) if length is None else length
    lines = [status_line(response.status), f"Content-Type: {response.content_type}"]
    if length >= 0 and response.status not in BODILESS:
        lines.append(f"Content-Length: {length}")
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    lines.append("Connection: close" if close else "Connection: keep-alive")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def status_line(status):
    return f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}"


def reset(connection):
    """Close with a TCP reset: lingering for zero seconds throws away what was not sent."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@functools.lru_cache(maxsize=2)
def bomb(megabytes):
    """That many megabytes of zeros as gzip: one compressed block repeated, for speed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = bytes(MEGABYTE)
    block = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    check = functools.reduce(lambda crc, _: zlib.crc32(zeros, crc), range(megabytes), 0)
    trailer = struct.pack("<II", check, megabytes * MEGABYTE & 0xFFFFFFFF)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + block * megabytes + packer.flush() + trailer


class Wire:
    """The ways to end an exchange; each returns True when the connection may be used again."""

    def __init__(self, connection, running, close=False):
        self.connection, self.running, self.wants_close = connection, running, close

    def whole(self, response):
        body = b"" if response.status in BODILESS else response.body
        self.connection.sendall(head(response, close=self.wants_close) + body)
        return not self.wants_close

    def spoil(self, response, trouble):
        if trouble.name in REWRITES:
            return self.whole(REWRITES[trouble.name](response, trouble))
        return getattr(self, trouble.name)(response, trouble)

    def wait(self, seconds):
        """Sleep, but not beyond the end of the server."""
        end = time.monotonic() + seconds
        while self.running() and time.monotonic() < end:
            time.sleep(min(0.1, max(0.0, end - time.monotonic())))

    def trickle(self, pieces, trouble, interval):
        """Piece by piece with pauses. False when the time for it (`max_s`) is over first."""
        gap, end = float(trouble.arg("interval", interval)), time.monotonic() + float(trouble.arg("max_s", 60))
        for piece in pieces:
            if not self.running() or time.monotonic() > end:
                return False
            self.connection.sendall(piece)
            time.sleep(gap)
        return True

    # -- no answer

    def refuse(self, response, trouble):
        """The connection is reset; a rule without slug, call and match does so before a byte is read."""
        reset(self.connection)
        return False

    def close_unread(self, response, trouble):
        """The connection is closed without an answer; likewise before a byte is read if the rule is for everything."""
        return False

    def hang_unread(self, response, trouble):
        """Nothing is read or answered for a while (`seconds`), then the connection is closed."""
        return self.no_answer(response, trouble)

    def no_answer(self, response, trouble):
        """The request is read, but no answer comes for a while (`seconds`), then the connection is closed."""
        self.wait(float(trouble.arg("seconds", 60)))
        return False

    def close(self, response, trouble):
        """The request is read and the connection closed."""
        return False

    def closed_when_kept(self, response, trouble):
        """A proper answer on a connection that is said to be kept open, and is closed."""
        self.wants_close = False
        self.whole(response)
        return False

    # -- slow

    def delay(self, response, trouble):
        """A proper answer, later (`seconds`, or `median` with chance)."""
        self.wait(trouble.seconds)
        return self.whole(response)

    def slow_bytes(self, response, trouble):
        """The body byte by byte (`interval`, `max_s`)."""
        self.connection.sendall(head(response))
        return self.trickle((bytes([byte]) for byte in response.body), trouble, 0.3)

    def slow_headers(self, response, trouble):
        """The header byte by byte (`interval`, `max_s`)."""
        return self.trickle((bytes([byte]) for byte in head(response)), trouble, 0.05) and bool(
            self.connection.sendall(response.body) or True
        )

    def endless(self, response, trouble):
        """A body of blanks without end (`interval`, `max_s`)."""
        response.headers["Transfer-Encoding"] = "chunked"
        self.connection.sendall(head(response, length=-1))
        self.trickle(itertools.repeat(b"400\r\n" + b" " * 1024 + b"\r\n"), trouble, 0.01)
        return False

    def endless_headers(self, response, trouble):
        """A header without end (`interval`, `max_s`)."""
        self.connection.sendall(f"{status_line(200)}\r\n".encode())
        self.trickle((f"X-More-{i}: {'x' * 200}\r\n".encode() for i in itertools.count()), trouble, 0.01)
        return False

    # -- broken

    def reset_mid_body(self, response, trouble):
        """The connection is reset after half of the body."""
        self.connection.sendall(head(response) + response.body[: max(1, len(response.body) // 2)])
        time.sleep(0.05)  # let the half arrive, or the reset would overtake it
        reset(self.connection)
        return False

    def truncated(self, response, trouble):
        """The connection is closed after half of the body."""
        self.connection.sendall(head(response) + response.body[: len(response.body) // 2])
        return False

    def wrong_length(self, response, trouble):
        """A length that is not the body's (`delta`, ten more); too short leaves rubbish on the connection."""
        length = max(0, len(response.body) + int(trouble.arg("delta", 10)))
        self.connection.sendall(head(response, length) + response.body)
        return length < len(response.body)

    def no_length(self, response, trouble):
        """A body that ends with the connection."""
        self.connection.sendall(head(response, -1, close=True) + response.body)
        return False

    def chunk_error(self, response, trouble):
        """A chunk whose size is no number."""
        response.headers["Transfer-Encoding"] = "chunked"
        half = response.body[: len(response.body) // 2 or 1]
        first = f"{len(half):x}\r\n".encode() + half + b"\r\n"
        self.connection.sendall(head(response, length=-1) + first + b"zz\r\n" + response.body + b"\r\n0\r\n\r\n")
        return False

    def broken_status_line(self, response, trouble):
        """Something that is not HTTP."""
        self.connection.sendall(b"SSH-2.0-OpenSSH_9.9\r\n" + response.body)
        return False

    def huge_header(self, response, trouble):
        """One header of a hundred kilobytes (`kb`)."""
        response.headers["X-Trace"] = "x" * int(trouble.arg("kb", 100)) * 1024
        return self.whole(response)

    def many_headers(self, response, trouble):
        """Two hundred headers (`count`)."""
        response.headers.update({f"X-Trace-{i}": "x" for i in range(int(trouble.arg("count", 200)))})
        return self.whole(response)

    def gzip_bomb(self, response, trouble):
        """A small compressed body that grows to a gigabyte (`mb`)."""
        response.headers["Content-Encoding"] = "gzip"
        response.body = bomb(int(trouble.arg("mb", 1024)))
        return self.whole(response)

    # -- too much

    def double_answer(self, response, trouble):
        """The same answer twice; the second waits on the connection for the next request."""
        answer = head(response) + response.body
        self.connection.sendall(answer + answer)
        return True

    def continue_hang(self, response, trouble):
        """ "100 Continue" and then nothing for a while (`seconds`)."""
        self.connection.sendall(f"{status_line(100)}\r\n\r\n".encode())
        return self.no_answer(response, trouble)

    def many_continues(self, response, trouble):
        """ "100 Continue" a thousand times (`count`), then the proper answer."""
        self.connection.sendall(f"{status_line(100)}\r\n\r\n".encode() * int(trouble.arg("count", 1000)))
        return self.whole(response)

    def early_hints(self, response, trouble):
        """ "103 Early Hints", then the proper answer."""
        self.connection.sendall(f"{status_line(103)}\r\nLink: </x.css>; rel=preload\r\n\r\n".encode())
        return self.whole(response)

    def switching_protocols(self, response, trouble):
        """ "101 Switching Protocols", which nobody asked for."""
        self.connection.sendall(f"{status_line(101)}\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n".encode())
        return False


UNREAD = ("refuse", "close_unread", "hang_unread")
TRANSPORT = {
    name: says(method)
    for name, method in vars(Wire).items()
    if callable(method) and not name.startswith("_") and name not in ("whole", "spoil", "wait", "trickle", *UNREAD)
}
