"""One HTTP call to an upstream: bounded in time and size, observed, never repeated, its failures told apart.

A failure before a connection stood is `Unreachable`: nothing was sent. Any failure after that is `Unclear`, because the
upstream may have read the request.
"""

import http.client
import json
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

import requests
import urllib3

from providers.clients.base import Exchange, Observer
from providers.clients.errors import CredentialsRefused, RateLimited, Unclear, Unreachable, Unreadable, UpstreamError
from providers.clients.records import Attachment
from providers.clients.redaction import Redactor
from providers.clients.transport import Watch, open_session

DEADLINE = 20.0  # seconds for a whole call
CONNECT = 5.0
LATER = 1.0  # requests' own time-out between bytes comes after the watch's, which knows that it was the deadline
BODY_CAP = 2_000_000  # bytes
LONGEST_WAIT = timedelta(hours=24)  # what we believe of a Retry-After
USER_AGENT = "telecom-customer-portal/1.0"
_CHUNK = 65_536
T = TypeVar("T")
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to send. `fields` go into the query of a GET and into the form body of any other method."""

    call: str
    bucket: str
    url: str
    method: str = "POST"
    query: tuple[tuple[str, str], ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, Attachment], ...] = ()
    json: object = None  # sent as a JSON body instead of `fields`
    headers: dict[str, str] = field(default_factory=dict)
    write: bool = True
    accept: tuple[int, ...] = (200,)  # statuses whose body the client wants to read
    deadline: float | None = None
    body_cap: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content_type: str  # lower case, without parameters
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def expect(self, content_types: tuple[str, ...]) -> None:
        """Raises `Unreadable` when the body claims to be something else, such as an HTML page."""
        if self.content_type not in content_types:
            raise Unreadable("the answer is not of the type that was asked for", code="content-type")


class Http:
    """Sends requests for one connection. Reads share a kept-alive connection; each write opens its own.

    A kept-alive connection can be closed by the peer while our request is under way, and nobody can tell then
    whether it was read: worth the risk for a read, never for a write.
    """

    def __init__(self, redactor: Redactor, observer: Observer | None = None, *, deadline: float = DEADLINE):
        self.redactor = redactor
        self.observer = observer
        self.deadline = deadline
        self._session = open_session()

    def call(self, request: Request, read: Callable[[Answer], T]) -> T:
        """Send once and return what `read` makes of the answer. Raises only `UpstreamError`s; the observer is told."""
        if self.observer is not None:
            self.observer.before(request.call, request.bucket)
        seen = _Seen(datetime.now(UTC), time.monotonic())
        try:
            value = self._attempt(request, read, seen)
        finally:
            if self.observer is not None:
                self.observer.after(self._exchange(request, seen))
        if seen.error is not None:
            # An error raised while another was handled would carry it, and requests' errors hold the whole URL.
            seen.error.__cause__ = seen.error.__context__ = None
            raise seen.error
        return value

    def limited(self, bucket: str, *, hard: bool, until: datetime | None = None) -> None:
        if self.observer is not None:
            self.observer.limited(bucket, hard=hard, until=until)

    def close(self) -> None:
        self._session.close()

    def _attempt(self, request: Request, read: Callable[[Answer], T], seen: "_Seen") -> T | None:
        try:
            seen.answer = self.send(request)
            self._judge(request, seen.answer)
            value = read(seen.answer)
        except UpstreamError as error:
            error.call = error.call or request.call
            error.http_status = seen.answer.status if seen.answer else None
            seen.error = error
            return None
        seen.outcome = "ok"
        return value

    def send(self, request: Request) -> Answer:
        """The bare exchange: whatever status came back, or `Unreachable`, `Unclear`, `Unreadable`."""
        with Watch(request.deadline or self.deadline) as watch:
            try:
                return self._open(request, watch)
            except _FAILURES as problem:
                reason = type(problem).__name__
        raise _failure(watch, reason)

    def _open(self, request: Request, watch: Watch) -> Answer:
        session = open_session() if request.write else self._session
        left = watch.left()
        try:
            with session.request(
                request.method,
                request.url,
                params=list(request.query) + (list(request.fields) if request.method == "GET" else []),
                data=list(request.fields) if request.method != "GET" and request.json is None else None,
                files=[(name, (file.name, file.content, file.mime_type)) for name, file in request.files] or None,
                json=request.json,
                headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"} | request.headers,
                timeout=(min(CONNECT, left), left + LATER),
                allow_redirects=False,
                stream=True,
            ) as response:
                return _receive(response, request.body_cap or BODY_CAP, watch)
        finally:
            if request.write:
                session.close()

    def _judge(self, request: Request, answer: Answer) -> None:
        if answer.status == 429:
            wait = retry_at(answer.headers.get("retry-after", ""), datetime.now(UTC))
            self.limited(request.bucket, hard=True, until=wait)
            raise RateLimited("the upstream asks us to slow down", code="http-429", retry_at=wait)
        if answer.status not in request.accept:
            raise Unclear(f"the upstream answered with HTTP status {answer.status}", code=f"http-{answer.status}")

    def _exchange(self, request: Request, seen: "_Seen") -> Exchange:
        answer, error = seen.answer, seen.error
        return Exchange(
            call=request.call,
            bucket=request.bucket,
            method=request.method,
            url=self.redactor.text(request.url),
            request=self._request_text(request),
            started_at=seen.started_at,
            duration_ms=round((time.monotonic() - seen.clock) * 1000),
            http_status=answer.status if answer else None,
            response=self.redactor.text(answer.body.decode("utf-8", "replace")) if answer else "",
            outcome=_outcome(error) if error else seen.outcome,
            code=error.code if error else "",
        )

    def _request_text(self, request: Request) -> str:
        files = [(name, f"<{file.name}, {len(file.content)} bytes>") for name, file in request.files]
        text = self.redactor.fields([*request.query, *request.fields, *files])
        return text if request.json is None else f"{text}\n{self.redactor.text(_json_text(request.json))}".strip()


@dataclass(slots=True)
class _Seen:
    started_at: datetime
    clock: float
    answer: Answer | None = None
    error: UpstreamError | None = None
    outcome: str = "unclear"  # also what stays when something foreign, such as a worker's time limit, ends the call


def _outcome(error: UpstreamError) -> str:
    if isinstance(error, Unreachable):
        return "unreachable"
    if isinstance(error, CredentialsRefused):
        return "denied"
    if isinstance(error, RateLimited):
        return "limited"
    return "unclear" if isinstance(error, Unclear) else "refused"


def _failure(watch: Watch, reason: str) -> UpstreamError:
    if not watch.connected:
        return Unreachable(f"no connection to the upstream ({reason})", code="unreachable")
    if watch.expired:
        return Unclear("no whole answer before the deadline", code="deadline")
    return Unclear(f"the connection failed before a whole answer came ({reason})", code="connection-lost")


def _receive(response: requests.Response, cap: int, watch: Watch) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    content_type = headers.get("content-type", "").split(";")[0].strip().lower()
    body = _body(response.raw, cap, watch)
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("gzip", "x-gzip"):
        body = _gunzip(body, cap)
    elif encoding not in ("", "identity"):
        raise Unreadable("the answer is packed in a way we did not ask for", code="encoding")
    return Answer(response.status_code, content_type, body, headers)


def _body(raw, cap: int, watch: Watch) -> bytes:
    parts, size = [], 0
    while part := raw.read(_CHUNK, decode_content=False):
        size += len(part)
        if size > cap:
            raise Unreadable(f"the answer is larger than {cap} bytes", code="too-large")
        if watch.expired:
            break
        parts.append(part)
    if watch.expired:
        # A body without a length just seems to end when the watch shuts the socket.
        raise Unclear("no whole answer before the deadline", code="deadline")
    return b"".join(parts)


def _gunzip(body: bytes, cap: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, cap + 1)
    except zlib.error:
        plain = None
    if plain is None or (not unpacker.eof and len(plain) <= cap):
        raise Unreadable("the answer is packed and broken", code="encoding")
    if len(plain) > cap:
        raise Unreadable(f"the answer is larger than {cap} bytes", code="too-large")
    return plain


def retry_at(header: str, now: datetime) -> datetime | None:
    """When a Retry-After allows the next try: seconds or a date, None when it says nothing sensible."""
    header = header.strip()
    if header.isascii() and header.isdigit():
        wait = timedelta(seconds=min(int(header[:9]), LONGEST_WAIT.total_seconds()))
        return now + wait
    try:
        when = parsedate_to_datetime(header)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    return min(when, now + LONGEST_WAIT) if when > now else None


def _json_text(value) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)
