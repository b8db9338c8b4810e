"""What goes out when an upstream calls its customer, and the ways in which it may be wrong."""

import dataclasses
import http.client
import json
import time
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

TIMEOUT_S = 10
KEPT = 65536  # of the receiver's answer
WRONG = "0" * 32


@dataclasses.dataclass
class Parcel:
    """One HTTP request of ours."""

    url: str
    body: bytes = b""
    method: str = "POST"
    content_type: str = "application/json"
    headers: dict = dataclasses.field(default_factory=dict)
    gap: float = 0.0  # between its bytes

    @classmethod
    def of(cls, job):
        """`raw`, `method`, `content_type` and `headers` of a job are optional; the body is the payload as JSON."""
        raw = job.get("raw")
        body = raw.encode() if raw is not None else json.dumps(job["payload"]).encode()
        kind = job.get("content_type", "application/json")
        return cls(job["url"], body, job.get("method", "POST"), kind, dict(job.get("headers") or {}))


def exchange(parcel, timeout=TIMEOUT_S):
    """One request, redirects not followed. Returns (status or None, body, error or None)."""
    parts = urlsplit(parcel.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=timeout)
    headers = {"Content-Type": parcel.content_type, "User-Agent": "sandbox-webhook/1", **parcel.headers}
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        body = slowly(parcel) if parcel.gap else parcel.body
        if parcel.gap:
            headers["Content-Length"] = str(len(parcel.body))
        connection.request(parcel.method, target, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(KEPT), None
    except (OSError, http.client.HTTPException, ValueError) as error:
        return None, b"", f"{type(error).__name__}: {error}"
    finally:
        connection.close()


def slowly(parcel):
    for byte in parcel.body:
        yield bytes([byte])
        time.sleep(parcel.gap)


def post(url, body, content_type="application/json", timeout=TIMEOUT_S):
    """(status or None, error or None) of a plain POST."""
    status, _, error = exchange(Parcel(url, body, content_type=content_type), timeout)
    return status, error


# -- how it may be wrong


def corrupt(parcel, args):
    parcel.body = parcel.body[:-7]


def wrong_secret(parcel, args):
    """Whatever looks like a secret: long values in the query, long last parts of the path, headers of our own."""
    parts = urlsplit(parcel.url)
    query = [(name, WRONG[: max(6, len(value))]) for name, value in parse_qsl(parts.query)]
    path = parts.path
    if not query:
        stem, _, last = path.rstrip("/").rpartition("/")
        path = f"{stem}/{WRONG}" + ("/" if path.endswith("/") else "") if last else path
    parcel.url = urlunsplit(parts._replace(query=urlencode(query), path=path))
    parcel.headers = dict.fromkeys(parcel.headers, WRONG)


def no_secret(parcel, args):
    parcel.url, parcel.headers = urlunsplit(urlsplit(parcel.url)._replace(query="")), {}


def altered(parcel, args):
    """The same message with some fields changed, at any depth."""
    changes = args.get("set") or {"message": "Please pay at http://elsewhere.invalid"}
    document = change(json.loads(parcel.body), changes)
    parcel.body = json.dumps(document).encode()


def change(value, changes):
    if isinstance(value, list):
        return [change(one, changes) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: changes[name] if name in changes else change(one, changes) for name, one in value.items()}


def as_get(parcel, args):
    parcel.method, parcel.body = "GET", b""


def as_form(parcel, args):
    document = json.loads(parcel.body)
    fields = document if isinstance(document, dict) else {"data": document}
    pairs = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    parcel.body, parcel.content_type = urlencode(pairs).encode(), "application/x-www-form-urlencoded"


def content_type(parcel, args):
    parcel.content_type = args.get("content_type", "text/plain")


def big(parcel, args):
    parcel.body += b" " * int(float(args.get("mb", 1)) * 1024 * 1024)


def slow(parcel, args):
    parcel.gap = float(args.get("interval", 0.02))


SPOILERS = {
    "webhook_corrupt": corrupt,
    "webhook_wrong_secret": wrong_secret,
    "webhook_no_secret": no_secret,
    "webhook_altered": altered,
    "webhook_get": as_get,
    "webhook_form": as_form,
    "webhook_content_type": content_type,
    "webhook_big": big,
    "webhook_slow": slow,
}
