"""Small pictures and wrappers made from their names, so that demo media needs no files; sounds and faxes likewise."""

import hashlib
import re
import struct
import zlib

from . import papers, sounds

WIDTH, HEIGHT = 160, 120
NAME = re.compile(r"[0-9a-f]{32}\.mms\.(png|html)")


def make(name):
    """The bytes behind a media name, or None when it is no name of ours."""
    found = NAME.fullmatch(name)
    if not found:
        return sounds.make(name) or papers.make(name)
    return wrapper(name) if found[1] == "html" else png(hashlib.sha256(name.encode()).digest())


def wrapper(name):
    return (
        f"<!DOCTYPE html><html><head><title>MMS</title></head><body><p>Multimedia message {name[:8]}</p></body></html>"
    ).encode()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(seed):
    """A landscape of sky, hill and sun in colours of its own."""
    sky, hill, sun = seed[0:3], bytes(c // 2 for c in seed[3:6]), bytes(200 + c % 56 for c in seed[6:9])
    sun_x, sun_y, slope = 20 + seed[9] % 120, 15 + seed[10] % 30, 0.2 + seed[11] / 512
    lines = []
    for y in range(HEIGHT):
        line = bytearray(b"\0")
        for x in range(WIDTH):
            ridge = 75 + slope * abs(x - WIDTH / 2) * (1 if seed[12] % 2 else -0.6)
            if (x - sun_x) ** 2 + (y - sun_y) ** 2 < 120:
                line += sun
            elif y > ridge:
                line += hill
            else:
                line += bytes(min(255, c + y // 2) for c in sky)
        lines.append(bytes(line))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(lines), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
