"""Recordings made from their names: a telephone's tone for as long as the name says, in eight bits at 8 kHz."""

import functools
import hashlib
import math
import re
import struct

RATE = 8000
HEADER = 44
LONGEST = 3600
NAME = re.compile(r"([0-9a-f]{32})\.(\d{1,4})\.(?:rec|vm|media)\.wav")


def make(name):
    """The bytes behind a name such as <32 hex>.<seconds>.rec.wav, or None when it is no name of ours."""
    found = NAME.fullmatch(name)
    if not found or int(found[2]) > LONGEST:
        return None
    pitch = 220 + hashlib.sha256(found[1].encode()).digest()[0] * 2
    return header(int(found[2])) + second(pitch) * int(found[2])


def size(seconds):
    return HEADER + RATE * min(seconds, LONGEST)


def header(seconds):
    length = RATE * seconds
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE, 1, 8)
    return b"RIFF" + struct.pack("<I", 36 + length) + b"WAVE" + form + b"data" + struct.pack("<I", length)


@functools.lru_cache(maxsize=64)
def second(pitch):
    """Half a second of a quiet tone, half of silence."""
    half = RATE // 2
    return bytes(128 + round(24 * math.sin(2 * math.pi * pitch * i / RATE)) for i in range(half)) + b"\x80" * half
