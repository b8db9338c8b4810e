"""Pictures that came with a message are copied at once: upstream keeps them where anybody with the address sees them.

The address comes from outside, so it is a request that a stranger makes us send: only the upstream's own host, or a
public address that is checked and then connected to as checked, is ever asked.
"""

import http.client
import ipaddress
import logging
import socket
from datetime import timedelta
from urllib.parse import urlsplit

import urllib3
from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone

from messaging.models import Media, Message, Thread
from providers.clients.transport import Watch, WatchedPool, WatchedSecurePool

log = logging.getLogger(__name__)

LARGEST = 5 * 1024 * 1024
MOST_TRIES = 5
DEADLINE = 20.0
LEASE = timedelta(seconds=60)
BACK_OFF = (10, 60, 300, 1800)
PUBLIC_PORTS = {80, 443, 8443}
LONGEST_URL = 500
EVERYBODYS = ipaddress.ip_network("2000::/3")  # outside it, IPv6 is local, translated, or given to nobody
# First bytes of what we keep; what a stranger calls the file counts for nothing.
KINDS = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftyp3g", "video/3gpp"),
    (4, b"ftyp", "video/mp4"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"BEGIN:VCARD", "text/vcard"),
)


class Refused(Exception):
    """The address or the file is nothing we take, now or later. The text is a word for `Media.error`."""


class NotNow(Exception):
    """It may work another time."""


def fetch(pk: int) -> bool:
    """Copy one picture into our store, once. True when it is there."""
    now = timezone.now()
    if not Media.objects.to_fetch().filter(pk=pk).update(due_at=now + LEASE, attempts=F("attempts") + 1):
        return False
    media = Media.objects.select_related("message__connection").get(pk=pk)
    try:
        content = download(media.remote_url, media.message.connection.base_url)
        kind = kind_of(content)
    except Refused as refusal:
        _give_up(media, str(refusal))
    except NotNow as problem:
        _later(media, str(problem))
    else:
        _keep(media, content, kind)
        return True
    return False


def kind_of(content: bytes) -> str:
    for offset, mark, kind in KINDS:
        if content[offset : offset + len(mark)] == mark:
            return kind
    raise Refused("kind")


def download(url: str, base_url: str) -> bytes:
    """The file at `url`. No redirect is followed, and nothing larger or slower than our limits is read."""
    parts = _parts(url)
    address = None if _origin(url) == _origin(base_url) else _public_address(parts.hostname, _port(parts))
    pool = _pool(parts, address)
    with Watch(DEADLINE) as watch:  # an answer that drips ends too
        try:
            return _ask(pool, parts, watch)
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as problem:
            raise NotNow("deadline" if watch.expired else type(problem).__name__) from None
        finally:
            pool.close()


def _ask(pool, parts, watch: Watch) -> bytes:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Host": parts.netloc, "User-Agent": "telecom-customer-portal/1.0"}
    answer = pool.urlopen(
        "GET", path, headers=headers, redirect=False, retries=False, preload_content=False, assert_same_host=False
    )
    try:
        return _read(answer, watch)
    finally:
        answer.close()


def _read(answer, watch: Watch) -> bytes:
    if answer.status in (404, 410):
        raise Refused("gone")
    if answer.status != 200:
        raise NotNow(f"status-{answer.status}") if answer.status >= 500 or answer.status == 429 else Refused("status")
    content = b""
    for chunk in answer.stream(65536, decode_content=False):  # we ask for nothing packed, so nothing is unpacked
        content += chunk
        if len(content) > LARGEST:
            raise Refused("too-large")
    if watch.expired:  # a body without a length just seems to end when the watch shuts the socket
        raise NotNow("deadline")
    if not content:
        raise NotNow("empty")
    return content


def _parts(url: str):
    """The pieces of an address we may ask at all. Raises `Refused`."""
    plain = url.isascii() and url.isprintable() and not set(url) & set(" \\\t\r\n") and len(url) < LONGEST_URL
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("address") from None
    if (
        not plain
        or parts.scheme not in ("http", "https")
        or not parts.hostname
        or "@" in parts.netloc
        or port == 0
        or "%" in parts.netloc
    ):
        raise Refused("address")
    return parts


def _port(parts) -> int:
    return parts.port or {"http": 80, "https": 443}[parts.scheme]


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", _port(parts)


def _public_address(host: str, port: int) -> str:
    """One address of a host all of whose addresses are public. The caller connects to this very address."""
    if port not in PUBLIC_PORTS:
        raise Refused("address")
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError:
        raise NotNow("name") from None
    if not found or not all(_is_public(address) for address in found):
        raise Refused("address")
    return sorted(found)[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.split("%")[0])
    if address.version == 6:
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None or address not in EVERYBODYS:
            return False
    return address.is_global and not address.is_multicast


def _pool(parts, address: str | None):
    """A connection to the address that was checked, whatever the name resolves to by now."""
    timeout = urllib3.Timeout(connect=5.0, read=10.0)
    host, port = address or parts.hostname, _port(parts)
    if parts.scheme == "http":
        return WatchedPool(host, port, timeout=timeout, maxsize=1)
    return WatchedSecurePool(
        host,
        port,
        timeout=timeout,
        maxsize=1,
        cert_reqs="CERT_REQUIRED",
        assert_hostname=parts.hostname,
        server_hostname=parts.hostname,
    )


def _keep(media: Media, content: bytes, kind: str) -> None:
    media.file.save("picture", ContentFile(content), save=False)
    values = {
        "file": media.file.name,
        "mime_type": kind,
        "size": len(content),
        "fetched_at": timezone.now(),
        "due_at": None,
        "error": "",
    }
    Media.objects.filter(pk=media.pk).update(**values)
    _changed(media)


def _give_up(media: Media, reason: str) -> None:
    log.info("picture %s is not taken: %s", media.pk, reason)
    Media.objects.filter(pk=media.pk).update(due_at=None, error=reason[:80])
    _changed(media)


def _later(media: Media, reason: str) -> None:
    if media.attempts >= MOST_TRIES:
        _give_up(media, reason)
        return
    wait = timedelta(seconds=BACK_OFF[min(media.attempts, len(BACK_OFF)) - 1])
    Media.objects.filter(pk=media.pk).update(due_at=timezone.now() + wait, error=reason[:80])


def _changed(media: Media) -> None:
    """Open pages show the picture as soon as it is here."""
    now = timezone.now()
    Message.objects.filter(pk=media.message_id).update(changed_at=now)
    Thread.objects.filter(pk=media.message.thread_id).update(changed_at=now)
