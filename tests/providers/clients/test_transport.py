"""What the transport makes of peers that are absent, slow, broken or too generous."""

import gzip
import socket
import time
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from providers.clients.errors import Effect, Held, RateLimited, Unclear, Unreachable, Unreadable, UpstreamError
from providers.clients.http import Http, Request, retry_at
from providers.clients.redaction import Redactor

CANARY = "canary-0123456789abcdef"


def read_request(connection):
    seen = b""
    while b"\r\n\r\n" not in seen:
        part = connection.recv(65536)
        if not part:
            raise OSError
        seen += part
    return seen


def call(url, notebook=None, *, write=True, deadline=5.0, read=lambda answer: answer, **details):
    http = Http(Redactor([CANARY]), notebook, deadline=deadline)
    fields = (("auth_token", CANARY), ("message", "hello"))
    return http.call(
        Request(call="queue_sms", bucket="queue_sms", url=url, fields=fields, write=write, **details), read
    )


def drip(head):
    def script(connection):
        read_request(connection)
        connection.sendall(head)
        while True:
            connection.sendall(b"x")
            time.sleep(0.3)

    return script


def reset(connection):
    read_request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def test_a_refused_connection_is_unreachable_and_nothing_was_sent(notebook):
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    with pytest.raises(Unreachable) as caught:
        call(f"http://127.0.0.1:{port}/", notebook)
    assert caught.value.effect is Effect.NONE and caught.value.retryable
    assert [exchange.outcome for exchange in notebook.exchanges] == ["unreachable"]


def test_a_tls_handshake_that_fails_is_unreachable(peer):
    plain = peer(b"HTTP/1.1 200 OK\r\n\r\n")
    with pytest.raises(Unreachable):
        call(plain.url.replace("http:", "https:"), deadline=1.0)


def test_a_tls_handshake_that_hangs_ends_at_the_deadline_and_is_unreachable(peer):
    silent = peer(lambda connection: time.sleep(5))
    started = time.monotonic()
    with pytest.raises(Unreachable):
        call(silent.url.replace("http:", "https:"), deadline=0.6)
    assert time.monotonic() - started < 1.1


@pytest.mark.parametrize("write", (True, False))
@pytest.mark.parametrize(
    "script",
    (
        pytest.param(reset, id="reset"),
        pytest.param(lambda connection: read_request(connection), id="closed without a byte"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc", id="shorter than said"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nhe", id="chunk cut"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", id="chunk length odd"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot packed", id="not packed"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nabc", id="packed otherwise"),
        pytest.param(b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno", id="500"),
        pytest.param(b"HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno", id="503"),
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", id="204"),
        pytest.param(b"HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno", id="404"),
        pytest.param(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", id="redirect"),
    ),
)
def test_whatever_goes_wrong_once_connected_is_unclear(peer, notebook, script, write):
    broken = peer(script)
    with pytest.raises(Unclear) as caught:
        call(broken.url, notebook, write=write)
    assert caught.value.effect is Effect.UNKNOWN
    assert broken.connections == 1, "a retry could send twice"
    assert [exchange.outcome for exchange in notebook.exchanges] == ["unclear"]


@pytest.mark.parametrize("write", (True, False))
@pytest.mark.parametrize(
    "head",
    (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "),
    ids=("body of known length", "body until the end", "head"),
)
def test_a_dripping_answer_ends_at_the_deadline(peer, head, write):
    slow = peer(drip(head))
    started = time.monotonic()
    with pytest.raises(Unclear) as caught:
        call(slow.url, write=write, deadline=1.0)
    assert caught.value.code == "deadline"
    assert 0.9 < time.monotonic() - started < 1.5


def test_an_endless_answer_is_cut_at_the_cap(peer):
    def pour(connection):
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 100_000)

    with pytest.raises(Unreadable) as caught:
        call(peer(pour).url, body_cap=300_000)
    assert caught.value.code == "too-large"


def test_a_packed_answer_is_unpacked_within_the_cap(peer):
    packed = gzip.compress(b"a" * 5_000_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    with pytest.raises(Unreadable) as caught:
        call(peer(head % len(packed) + packed).url)
    assert caught.value.code == "too-large"
    small = gzip.compress(b"good")
    assert call(peer(head % len(small) + small).url).body == b"good"


def test_a_429_says_when_to_come_back_and_tells_the_observer(peer, notebook):
    busy = peer(b"HTTP/1.1 429 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(RateLimited) as caught:
        call(busy.url, notebook)
    wait = caught.value.retry_at - datetime.now(UTC)
    assert timedelta(seconds=110) < wait <= timedelta(seconds=120)
    assert notebook.limits == [("queue_sms", True)]
    assert notebook.exchanges[0].outcome == "limited"


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    (
        ("30", 30),
        (" 30 ", 30),
        ("0", 0),
        (format_datetime(NOW + timedelta(minutes=5)), 300),
        ("315360000", 86400),
        ("99999999999999999999999", 86400),
        (format_datetime(NOW + timedelta(days=3650)), 86400),
        ("-5", None),
        ("", None),
        ("soon", None),
        ("1e3", None),
        ("٣", None),
        (format_datetime(NOW - timedelta(days=1)), None),
        ("Wed, 99 Foo 20261 99:99:99 GMT", None),
    ),
)
def test_retry_after_is_believed_within_reason(header, seconds):
    assert retry_at(header, NOW) == (None if seconds is None else NOW + timedelta(seconds=seconds))


def answer_for_ever(connection):
    while True:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def test_reads_share_a_connection_and_writes_open_their_own(peer):
    good = peer(answer_for_ever)
    http = Http(Redactor())
    for write in (False, False, True, True):
        request = Request(call="get_dids", bucket="shared_pool", url=good.url, method="GET", write=write)
        assert http.send(request).body == b"ok"
    assert good.connections == 3


def test_the_environment_cannot_send_calls_through_a_proxy(peer, monkeypatch):
    good, proxy = peer(answer_for_ever), peer(answer_for_ever)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    call(good.url)
    assert (good.connections, proxy.connections) == (1, 0)


def test_it_says_who_it_is_and_keeps_credentials_out_of_the_address(peer):
    good = peer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    call(good.url + "/api")
    head, _, body = good.requests[0].partition(b"\r\n\r\n")
    assert b"User-Agent: telecom-customer-portal/" in head
    assert CANARY.encode() not in head and CANARY.encode() in body


def test_an_observer_can_hold_a_call_back_before_anything_is_sent(peer, notebook):
    good = peer(answer_for_ever)

    def hold(call, bucket):
        raise Held("later", retry_at=NOW)

    notebook.before = hold
    with pytest.raises(Held):
        call(good.url, notebook)
    assert good.connections == 0 and notebook.exchanges == []


def test_a_refusal_found_while_reading_is_part_of_the_exchange(peer, notebook):
    def refuse(answer):
        raise RateLimited("no", code="requests_hard_limit_exceeded")

    with pytest.raises(RateLimited) as caught:
        call(peer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno").url, notebook, read=refuse)
    assert (caught.value.call, caught.value.http_status) == ("queue_sms", 200)
    assert (notebook.exchanges[0].outcome, notebook.exchanges[0].code) == ("limited", "requests_hard_limit_exceeded")


def test_a_foreign_exception_leaves_an_unclear_exchange(peer, notebook):
    class TimeIsUp(Exception):
        pass

    def stop(answer):
        raise TimeIsUp

    with pytest.raises(TimeIsUp):
        call(peer(answer_for_ever).url, notebook, read=stop)
    assert notebook.exchanges[0].outcome == "unclear"


ECHO = f'{{"auth_token": "{CANARY}", "url": "https://x/?auth_token={CANARY}", "note": "{CANARY.upper()}"}}'.encode()


@pytest.mark.parametrize(
    "answer",
    (
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(ECHO) + ECHO,
        b"HTTP/1.1 500 No\r\nContent-Length: %d\r\n\r\n" % len(ECHO) + ECHO,
        b"HTTP/1.1 302 Found\r\nLocation: https://x/?auth_token=" + CANARY.encode() + b"\r\nContent-Length: 0\r\n\r\n",
        b"",
    ),
)
@pytest.mark.parametrize("method", ("GET", "POST"))
def test_a_secret_is_in_no_exchange_and_no_error(peer, notebook, answer, method):
    url = peer(answer).url + f"/?auth_token={CANARY}"
    shown = ""
    try:
        call(url, notebook, method=method)
    except UpstreamError as failure:
        assert failure.__cause__ is None and failure.__context__ is None
        shown = str(failure) + repr(failure) + repr(vars(failure)) + traceback.format_exc()
    assert CANARY not in shown.lower()
    assert CANARY not in repr(notebook.exchanges).lower()
    assert "hello" in notebook.exchanges[0].request


@pytest.mark.parametrize("url", ("http://127.0.0.1:1", "http://nowhere.localhost.:x", "nonsense", "http://exa mple/"))
def test_an_address_that_cannot_be_called_shows_no_secret(url):
    with pytest.raises(Unreachable) as caught:
        call(f"{url}/?auth_token={CANARY}", method="GET")
    shown = "".join(traceback.format_exception(caught.value))
    assert CANARY not in shown and caught.value.__context__ is None
