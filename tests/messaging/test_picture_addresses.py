"""B.1 38, B.4: addresses of pictures come from outside; none of these is ever asked."""

import _socket
import socket
import threading
import time
import zlib

import pytest
from django.utils import timezone

from messaging.models import Media
from messaging.upstream import pictures
from tests.factories import MessageFactory
from tests.messaging.pictures import picture, png

BASE = "https://clients.voicemeup.example/api"

REFUSED = [
    "http://127.0.0.1/", "http://localhost/", "http://127.1/", "http://0/", "http://0.0.0.0/", "http://2130706433/",
    "http://0x7f000001/", "http://017700000001/", "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/",
    "http://[fe80::1]/", "http://[fc00::1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b:1::7f00:1]/",
    "http://[fec0::1]/", "http://[::127.0.0.1]/", "http://[2002:7f00:1::]/", "http://[ff02::1]/", "http://10.0.0.1/", "http://172.16.0.1/",
    "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://192.0.0.1/",
    "http://198.18.0.1/", "http://224.0.0.1/", "http://255.255.255.255/", "http://user:pw@clients.voicemeup.example/",
    "https://clients.voicemeup.example@127.0.0.1/", "http://clients.voicemeup.example\\@127.0.0.1/",
    "http://127.0.0.1%2eexample/", "http:/\\/127.0.0.1/", "http://12\t7.0.0.1/", "http://127。0。0。1/",
    "http://１２７.0.0.1/",
    "ftp://files.example/", "file:///etc/passwd", "gopher://x.example/", "dict://x.example/",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)", "http://93.184.216.34:22/", "http://93.184.216.34:6379/", "http://93.184.216.34:5432/",
    "https://clients.voicemeup.example:8000/", "http://x.example/" + "a" * 2049, "", "//x.example/a", "http:///a",
    "http://a:99999/",
]  # fmt: skip


@pytest.fixture
def resolver(monkeypatch):
    """Every name has a public address, unless it is written as one already."""

    def look_up(host, port, *args, **kwargs):
        if host.endswith(".example"):
            found = {"mixed.example": ["93.184.216.34", "10.0.0.1"], "inside.example": ["127.0.0.1"]}.get(
                host, ["93.184.216.34"]
            )
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]
        numeric = _socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
        return [(*found[:4], (str(found[4][0]), port)) for found in numeric]

    monkeypatch.setattr(pictures.socket, "getaddrinfo", look_up)


@pytest.fixture
def asked(monkeypatch):
    """Who was asked, instead of asking them."""
    found = []

    class Answer:
        status = 200

        def stream(self, *args, **kwargs):
            yield png()

        def close(self):
            pass

    class Pool:
        def __init__(self, parts, address):
            found.append((parts.hostname, address))

        def urlopen(self, *args, **kwargs):
            return Answer()

        def close(self):
            pass

    monkeypatch.setattr(pictures, "_pool", Pool)
    return found


@pytest.mark.parametrize("url", [*REFUSED, "http://inside.example/a.png", "http://mixed.example/a.png"])
def test_an_address_inside_or_odd_is_refused_before_a_byte_leaves(url, resolver, asked):
    with pytest.raises((pictures.Refused, pictures.NotNow)):
        pictures.download(url, BASE)
    assert not asked


def test_a_public_address_is_asked_at_the_address_that_was_checked(resolver, asked):
    assert pictures.download("https://cdn.example/a.png", BASE) == png()
    assert asked == [("cdn.example", "93.184.216.34")]


def test_the_upstreams_own_host_is_asked_wherever_it_is(asked):
    assert pictures.download("http://127.0.0.1:9100/voicemeup/file/a.png", "http://127.0.0.1:9100/voicemeup") == png()
    with pytest.raises(pictures.Refused):
        pictures.download("http://127.0.0.1:9101/a.png", "http://127.0.0.1:9100/voicemeup")


@pytest.mark.parametrize(
    "kind, mime", [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"), ("WEBP", "image/webp")]
)
def test_the_kind_is_told_by_the_first_bytes(kind, mime):
    assert pictures.kind_of(picture(kind)) == mime


@pytest.mark.parametrize("content", [b"<html>", b"<svg/>", b"MZ\x90", b"PK\x03\x04", b"x"])
def test_what_is_no_known_kind_is_refused(content):
    with pytest.raises(pictures.Refused):
        pictures.kind_of(content)


def test_an_answer_that_does_not_end_is_cut(asked, monkeypatch, db):
    monkeypatch.setattr(pictures, "LARGEST", 10)
    with pytest.raises(pictures.Refused):
        pictures.download("http://127.0.0.1:1/a", "http://127.0.0.1:1/")


@pytest.fixture
def speaker():
    """A host that says what it is told to, piece by piece, as slowly as it likes."""
    server = socket.create_server(("127.0.0.1", 0))
    running = threading.Event()

    def speak(pieces, pause: float = 0.0) -> str:
        def answer():
            peer, _ = server.accept()
            with peer:
                peer.recv(65536)
                for piece in pieces:
                    try:
                        peer.sendall(piece)
                    except OSError:
                        return
                    if running.wait(pause):
                        return

        threading.Thread(target=answer, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}/a"

    yield speak
    running.set()
    server.close()


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "], ids=["body", "head"])
def test_an_answer_that_drips_holds_a_worker_no_longer_than_the_deadline(speaker, monkeypatch, head):
    """Time-outs count from byte to byte, so a byte a second never meets them."""
    monkeypatch.setattr(pictures, "DEADLINE", 0.5)
    url = speaker([head, *[b"x"] * 100], pause=0.1)
    began = time.monotonic()
    with pytest.raises(pictures.NotNow, match="deadline"):
        pictures.download(url, url)
    assert time.monotonic() - began < 3


def test_a_packed_answer_is_not_unpacked(speaker):
    """A hundred megabytes fit into a hundred kilobytes."""
    bomb = zlib.compress(b"0" * 100_000_000)
    url = speaker([b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n" + bomb])
    assert pictures.download(url, url) == bomb


def test_an_answer_that_is_no_http_comes_another_time(speaker):
    url = speaker([b"HTTP/1.1 999999999 \r\n\r\n"])
    with pytest.raises(pictures.NotNow):
        pictures.download(url, url)


def test_a_picture_is_tried_a_few_times_and_then_given_up(db, monkeypatch):
    def fail(*args):
        raise pictures.NotNow("status-503")

    monkeypatch.setattr(pictures, "download", fail)
    media = Media.objects.create(message=MessageFactory(), remote_url="http://127.0.0.1/x", due_at=timezone.now())
    for _ in range(9):
        pictures.fetch(media.pk)
        Media.objects.exclude(due_at=None).update(due_at=timezone.now())
    media.refresh_from_db()
    assert media.attempts == pictures.MOST_TRIES and media.due_at is None and media.error == "status-503"
