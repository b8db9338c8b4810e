"""R15 to R17: what upstreams post comes twice, late, in the wrong order, forged, huge, or never, and the inbox is right all the same.

All of it is posted by the sandbox or straight at the real web process; a real worker reads it.
"""

import json
import sqlite3
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.reliability import texting
from tests.stack import Stack, wait_until
from tests.stack_world import server

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(600)]
BIG = 256 * 1024
CONNECTION = (
    "SELECT c.{column} FROM providers_connection c JOIN accounts_remoteaccount r ON r.connection_id = c.id"
    " JOIN accounts_membership m ON m.account_id = r.account_id JOIN accounts_user u ON u.id = m.user_id"
    " WHERE u.email = ? AND c.slug = ?"
)


@pytest.fixture(scope="module")
def stack():
    with Stack(pace=0.2) as stack:
        stack.start()
        stack.sandbox.control(
            "settings", {"auto_answer": False, "sms_processing_s": 0.1, "sms_completed_s": 0.2, "webhook_delay_s": 0.05}
        )
        yield stack


@pytest.fixture(autouse=True)
def no_faults(stack):
    yield
    stack.sandbox.control("faults", method="DELETE")


def of_owner(stack, slug: str, column: str):
    return stack.value(CONNECTION.format(column=column), texting.OWNER, slug)


def door(stack, slug: str = "voicemeup", token: str = "") -> str:
    return f"{stack.base_url}/webhooks/{slug}/{token or of_owner(stack, slug, 'webhook_token')}/"


def come(stack, body: str, **more) -> str:
    """Somebody texts the owner's first number; returns who."""
    sender = texting.contact()
    stack.sandbox.control(
        "inbound-sms", {"to": texting.sender(stack), "from": sender, "message": body, "automatic": True, **more}
    )
    return sender


def told(stack, body: str) -> list[dict]:
    return [
        row for row in stack.sandbox.control("deliveries") if body in json.dumps(row["payload"], ensure_ascii=False)
    ]


def in_inbox(stack, body: str) -> list[tuple]:
    return stack.rows(
        "SELECT id, state, thread_id FROM messaging_message WHERE body = ? AND direction = 'inbound'", body
    )


def here(stack, *bodies: str, seconds: float = 30) -> None:
    for body in bodies:
        wait_until(lambda body=body: in_inbox(stack, body), seconds, f"{body!r} in the inbox")


def all_read(stack) -> None:
    waiting = "SELECT count(*) FROM providers_webhookrequest WHERE state = 'received'"
    wait_until(lambda: stack.value(waiting) == 0, 30, "a worker that has read everything")


def hush(stack) -> None:
    """No poll for a while: what is known now, a webhook told."""
    stack.rows(
        "UPDATE providers_feed SET due_at = ? WHERE name = 'messages'",
        "2999-01-01 00:00:00+00:00" if server() else "2999-01-01 00:00:00",
    )


def speak(stack) -> None:
    stack.rows(
        "UPDATE providers_feed SET due_at = ? WHERE name = 'messages'",
        "2000-01-01 00:00:00+00:00" if server() else "2000-01-01 00:00:00",
    )


# --- R15 --------------------------------------------------------------------------------------------------------------


def test_the_same_event_twenty_times_in_one_moment_is_one_text(stack):
    """R15: twenty at once, twenty more from the upstream, and the poll: one row, unread once."""
    body = f"Twenty times {uuid.uuid4().hex[:8]}"
    sender = come(stack, body)
    wait_until(lambda: told(stack, body), 20, "the webhook")
    payload, gate = told(stack, body)[0]["payload"], threading.Barrier(20)

    def post(_turn) -> int:
        gate.wait()
        return requests.post(door(stack), json=payload, timeout=20).status_code

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(post, range(20))) == {200}
    stack.sandbox.control("webhook", {"action": "dup", "delivery": told(stack, body)[0]["id"], "times": 20})
    wait_until(lambda: len(told(stack, body)) >= 21, 30, "twenty more")
    speak(stack)
    all_read(stack)
    assert len(in_inbox(stack, body)) == 1
    assert stack.value("SELECT unread FROM messaging_thread WHERE contact_number = ?", sender) == 1


def test_a_report_that_overtakes_the_answer_to_the_sending_is_kept_and_counts(stack):
    """R15: delivered before sent, and of an id that nobody knows yet. The poll is silent, so only the webhook can have told."""
    name = stack.value(
        "SELECT s.name FROM messaging_sendername s JOIN providers_connection c ON c.id = s.connection_id"
        " JOIN accounts_membership m ON m.account_id = s.account_id JOIN accounts_user u ON u.id = m.user_id"
        " WHERE c.slug = 'jomobile' AND u.email = ?", texting.OWNER,
    )  # fmt: skip
    stack.sandbox.control(
        "account", {"slug": "jomobile", "key": "lachance", "set": {"dlr_url": door(stack, "jomobile")}}
    )
    hush(stack)
    stack.sandbox.disturb("delay", slug="jomobile", phase="after", count=1, args={"seconds": 2})
    body = f"Delivered before sent {uuid.uuid4().hex[:8]}"
    answer = texting.write(stack.session(texting.OWNER), name, texting.contact(), body)
    assert answer.status_code == 302, answer.text[:500]
    wait_until(lambda: told(stack, body), 20, "the report", every=0.02)
    early = texting.state(stack, body)
    wait_until(lambda: texting.state(stack, body) == "delivered", 40, "the report to count")
    assert early == "sending", "it came while the sending had not been answered"
    assert (
        stack.value(
            "SELECT max(attempts) FROM providers_webhookrequest WHERE error LIKE '%not known here yet%' OR attempts > 1"
        )
        >= 2
    )
    speak(stack)


def test_reports_in_the_wrong_order_end_in_the_right_state(stack):
    """R15: after "delivered", an older "on its way" says nothing any more; and again, and again."""
    sent = stack.rows(
        "SELECT m.external_id, m.body FROM messaging_message m JOIN providers_connection c ON c.id = m.connection_id"
        " WHERE c.slug = 'jomobile' AND m.state = 'delivered' AND m.direction = 'outbound' AND c.id = ? ORDER BY m.id DESC LIMIT 1",
        of_owner(stack, "jomobile", "id"),
    )  # fmt: skip
    ((external_id, _body),) = sent
    for state in ("ACCEPTD", "ENROUTE", "DELIVRD", "ENROUTE", "ACCEPTD"):
        report = [{"id_state": external_id, "state": state, "time": "2026-11-20 12:00:00"}]
        assert requests.post(door(stack, "jomobile"), json=report, timeout=20).json() == [external_id]
    all_read(stack)
    assert stack.value("SELECT state FROM messaging_message WHERE external_id = ?", external_id) == "delivered"


def test_three_days_late_it_still_arrives_once(stack):
    """R15: its day is outside what the poll reads again, so nothing but this delivery brings it."""
    model = f"Model {uuid.uuid4().hex[:8]}"
    come(stack, model)
    wait_until(lambda: told(stack, model), 20, "a payload to alter")
    late = f"Three days late {uuid.uuid4().hex[:8]}"
    then = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() - 3 * 86_400))
    payload = told(stack, model)[0]["payload"]
    payload |= {name: then for name in payload if name.startswith("datetime") and payload[name]}
    payload |= {name: uuid.uuid4().hex for name in payload if name in ("sms_hash", "id", "hash", "unique_id")}
    payload |= {"message": late}
    for _ in range(3):
        stack.sandbox.control("webhook", {"action": "send", "url": door(stack), "payload": payload, "event": "late"})
    here(stack, late, model)
    all_read(stack)
    assert len(in_inbox(stack, late)) == 1
    moment = stack.value("SELECT transmitted_at FROM messaging_message WHERE body = ?", late)
    assert str(moment)[:10] < time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86_400))


# --- what is refused --------------------------------------------------------------------------------------------------


def kept(stack) -> int:
    return stack.value("SELECT count(*) FROM providers_webhookrequest")


def texts(stack) -> int:
    return stack.value("SELECT count(*) FROM messaging_message")


def test_a_wrong_token_is_told_nothing_and_leaves_nothing(stack):
    before = kept(stack)
    body = f"Wrong secret {uuid.uuid4().hex[:8]}"
    stack.sandbox.disturb("webhook_wrong_secret", slug="voicemeup", count=1)
    come(stack, body)
    wait_until(lambda: told(stack, body), 20, "the forged webhook")
    assert told(stack, body)[0]["status"] == 404
    for slug in ("voicemeup", "jafone", "voicetel", "jomobile", "voximplant", "nobody"):
        for token in ("x", "0" * 43, of_owner(stack, "voicemeup", "webhook_token")[:-1]):
            answer = requests.post(door(stack, slug, token), json={"message": "hello"}, timeout=20)
            assert answer.status_code == 404 and "hello" not in answer.text
    assert kept(stack) == before


def test_a_callback_that_does_not_prove_itself_moves_nothing(stack):
    """Voximplant signs: a hash that is wrong is kept with its reason for staff, and hurries no feed."""
    forged = {"callbacks": [{"callback_id": 7, "account_id": 1, "hash": "0" * 32, "type": "sms_inbound", "sms_inbound": {
        "source_number": "14385550142", "destination_number": "15145550134", "sms_body": "forged"}}]}  # fmt: skip
    before = (
        texts(stack),
        stack.rows(
            "SELECT id, due_at FROM providers_feed WHERE connection_id = ? AND name = 'messages'",
            of_owner(stack, "voximplant", "id"),
        ),
    )
    hush(stack)
    assert requests.post(door(stack, "voximplant"), json=forged, timeout=20).status_code == 200
    all_read(stack)
    ((state, error),) = stack.rows("SELECT state, error FROM providers_webhookrequest ORDER BY id DESC LIMIT 1")
    assert state == "failed" and "prove" in error
    assert texts(stack) >= before[0] and in_inbox(stack, "forged") == []
    assert str(
        stack.value(
            "SELECT due_at FROM providers_feed WHERE connection_id = ? AND name = 'messages'",
            of_owner(stack, "voximplant", "id"),
        )
    ).startswith("2999")
    speak(stack)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"message": 1}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"a": NaN}',
        b"<xml/>",
        b"a=1&a=2",
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain", ""])
def test_what_is_malformed_is_kept_for_staff_and_makes_no_text(stack, body, kind):
    before = texts(stack), kept(stack)
    answer = requests.post(door(stack), data=body, headers={"Content-Type": kind}, timeout=20)
    assert answer.status_code == 200 and answer.content == b""
    assert kept(stack) == before[1] + 1
    all_read(stack)
    assert stack.value("SELECT state FROM providers_webhookrequest ORDER BY id DESC LIMIT 1") == "failed"
    assert in_inbox(stack, "1") == [] and texts(stack) - before[0] < 3, "the poll may bring some, this brings none"


def test_huge_ones_and_wrong_methods_are_refused_before_anything_is_kept(stack):
    before = kept(stack)
    for size in (BIG + 1, 4 * 1024 * 1024):
        assert (
            requests.post(
                door(stack), data=b"x" * size, headers={"Content-Type": "application/json"}, timeout=20
            ).status_code
            == 413
        )
    for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        assert requests.request(method, door(stack), timeout=20).status_code == 405
    assert kept(stack) == before


# --- pictures ---------------------------------------------------------------------------------------------------------


def test_a_picture_is_copied_at_once_and_shown_to_its_account_alone(stack):
    """Of the upstreams only VoiceMeUp brings pictures; theirs may be gone tomorrow, ours stays."""
    body = f"With a picture {uuid.uuid4().hex[:8]}"
    come(stack, body, media=True)
    here(stack, body)
    picture = "SELECT d.public_id FROM messaging_media d JOIN messaging_message m ON m.id = d.message_id WHERE m.body = ? AND d.file <> ''"
    public_id = str(uuid.UUID(str(wait_until(lambda: stack.value(picture, body), 30, "the copy"))))
    stack.sandbox.disturb("http_404", slug="voicemeup")
    path = f"/messages/media/{public_id}/"
    answer = stack.session(texting.OWNER).get(path)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("image/")
    assert requests.get(stack.base_url + path, allow_redirects=False, timeout=20).status_code == 302, (
        "to the sign-in page"
    )


# --- R17, R16: these come last, for they stop the feeds and move the sandbox's clock ----------------------------------


def test_an_hour_without_webhooks_is_made_up_for_by_the_poll_without_a_double(stack):
    """R17: every one is dropped; the poll brings all; then the upstream posts them after all."""
    stack.sandbox.disturb("webhook_drop", slug="voicemeup")
    bodies = [f"Dropped {turn} {uuid.uuid4().hex[:8]}" for turn in range(12)]
    for body in bodies:
        come(stack, body)
    started = time.monotonic()
    here(stack, *bodies, seconds=60)
    print(
        f"12 texts whose webhooks were dropped were home after {time.monotonic() - started:.0f} s, with a poll every 12 s"
    )
    assert {row["error"] for body in bodies for row in told(stack, body)} == {"dropped"}
    stack.sandbox.control("faults", method="DELETE")
    for body in bodies:
        stack.sandbox.control("webhook", {"action": "send", "delivery": told(stack, body)[0]["id"]})
    wait_until(lambda: all(len(told(stack, body)) > 1 for body in bodies), 30, "the late ones")
    all_read(stack)
    assert [len(in_inbox(stack, body)) for body in bodies] == [1] * len(bodies)


def test_while_the_database_is_away_the_upstream_is_asked_to_come_again_and_nothing_is_lost(stack):
    """R16: no answer is 200 while nothing can be kept; after recovery each text is there once. The poll stays silent."""
    hush(stack)
    time.sleep(1.5)  # a poll that runs now
    bodies = [f"While it was away {turn} {uuid.uuid4().hex[:8]}" for turn in range(8)]
    with away(stack):
        for body in bodies[:4]:
            come_without_looking(stack, body)
        wait_until(lambda: sum(len(told(stack, body)) for body in bodies[:4]) >= 4, 40, "four tries")
        answers = [row["status"] for body in bodies[:4] for row in told(stack, body)]
        assert set(answers) <= {None, 503}, "never as if it had been kept"
    for body in bodies[4:]:
        come(stack, body)
    stack.sandbox.control("clock", {"advance": 70})  # the upstream tries again after a minute
    here(stack, *bodies, seconds=60)
    all_read(stack)
    assert [len(in_inbox(stack, body)) for body in bodies] == [1] * len(bodies)
    speak(stack)


def come_without_looking(stack, body: str) -> None:
    """As `come`, without asking our database which number is ours."""
    number = getattr(stack, "first_number", "")
    stack.sandbox.control("inbound-sms", {"to": number, "from": texting.contact(), "message": body, "automatic": True})


class away:
    """Our database refuses every write (SQLite) or every connection (PostgreSQL)."""

    def __init__(self, stack: Stack):
        self.stack = stack
        stack.first_number = texting.sender(stack)

    def __enter__(self):
        if server():
            self.stack.database._at_server(f'ALTER DATABASE "{self.stack.database.name}" ALLOW_CONNECTIONS false')
            self.stack.database._at_server(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.stack.database.name}'"
            )
        else:
            self.lock = sqlite3.connect(self.stack.database.path, timeout=20, isolation_level=None)
            self.lock.execute("BEGIN EXCLUSIVE")

    def __exit__(self, *_):
        if server():
            self.stack.database._at_server(f'ALTER DATABASE "{self.stack.database.name}" ALLOW_CONNECTIONS true')
        else:
            self.lock.execute("ROLLBACK")
            self.lock.close()
