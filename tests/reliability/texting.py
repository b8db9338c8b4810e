"""Texts as a customer writes them and as the sandbox got them: what the reliability tests talk about."""

import re
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import escape
from itertools import count

import requests

from tests.stack import Stack
from tests.visitor import Form, Visitor

OWNER = "owner@demo.test"
COMPOSE = "/messages/compose/"
AREAS = (367, 437, 365, 226, 249, 705, 807, 825, 431, 236)  # none of the sandbox's own numbers is there
_fresh = count()


def contact() -> str:
    """Somebody nobody has texted yet, with a number kept for fiction. Those that end in 0199 never get their texts."""
    number = next(_fresh)
    return f"+1{AREAS[number % len(AREAS)]}555{110 + number // len(AREAS) % 80:04d}"


def sender(stack: Stack, nth: int = 0) -> str:
    """A number of the owner's that can send, and has our address for what comes in."""
    return senders(stack)[nth]


def senders(stack: Stack) -> list[str]:
    rows = stack.rows(
        "SELECT n.number FROM numbers_number n JOIN accounts_membership m ON m.account_id = n.account_id"
        " JOIN accounts_user u ON u.id = m.user_id"
        " WHERE u.email = ? AND n.sms AND n.sms_enabled AND n.gone_at IS NULL AND n.status = 'active' ORDER BY n.id",
        OWNER,
    )
    return [number for (number,) in rows]


def filled(stack: Stack, to: str, body: str, *, nth: int = 0) -> Form:
    """The page's own form with its hidden one-time key, filled in."""
    form = stack.session(OWNER).form(COMPOSE, "to", "body", "intent")
    form.values |= {"sender": sender(stack, nth), "to": to, "body": body}
    return form


def send(stack: Stack, to: str, body: str, *, nth: int = 0) -> int:
    """Send through the page; returns the id of the conversation it leads to."""
    form = filled(stack, to, body, nth=nth)
    return thread_of(stack.session(OWNER).post(form.action, form.values))


def thread_of(answer: requests.Response) -> int:
    assert answer.status_code == 302, f"{answer.status_code}: {answer.text[:500]}"
    return int(re.fullmatch(r"/messages/(\d+)/", answer.headers["Location"])[1])


def write(visitor: Visitor, sender: str, to: str, body: str) -> requests.Response:
    """One form of many: without opening the page before each."""
    return visitor.post(COMPOSE, {"sender": sender, "to": to, "body": body, "intent": str(uuid.uuid4())})


def at_once(visitor: Visitor, form: Form, times: int = 20, files=None) -> list[requests.Response]:
    """The same form sent so often in one moment."""
    gate = threading.Barrier(times)

    def one(browser: Visitor) -> requests.Response:
        gate.wait()
        return browser.post(form.action, form.values, files=files)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, [visitor.twin() for _ in range(times)]))


# --- what the upstream got --------------------------------------------------------------------------------------------


def asked(stack: Stack, body: str) -> list[dict]:
    """The queue_sms requests with this text that the sandbox read."""
    return [row for row in stack.sandbox.journal("queue_sms") if row["params"].get("message") == body]


def effects(stack: Stack, body: str = "") -> list[dict]:
    """The texts that really went out of the sandbox."""
    rows = [row["data"] for row in stack.sandbox.control("ledger?kind=sms_sent")]
    return [row for row in rows if not body or row["message"] == body]


def state(stack: Stack, body: str) -> str:
    return stack.value("SELECT state FROM messaging_message WHERE body = ? AND direction = 'outbound'", body)


def states(stack: Stack) -> dict[str, int]:
    rows = stack.rows("SELECT state, count(*) FROM messaging_message WHERE idempotency_key IS NOT NULL GROUP BY state")
    return dict(rows)


# --- what the page shows ----------------------------------------------------------------------------------------------


def bubbles(html: str) -> list[str]:
    """Each text of a conversation with its foot: from one message's mark to the next."""
    return re.split(r'id="message-\d+"', html.partition('id="since"')[0])[1:]


def shown(stack: Stack, thread: int, body: str) -> list[str]:
    """The bubbles of a conversation in which we say this."""
    page = stack.session(OWNER).get(f"/messages/{thread}/")
    assert page.status_code == 200
    return [bubble for bubble in bubbles(page.text) if f">{escape(body)}<" in bubble and "bubble-out" in bubble]


def live(stack: Stack, thread: int, seconds: float, pause: float = 3.0) -> Iterator[tuple[float, str]]:
    """What an open conversation receives, with the moment it did: it asks as often as the page does."""
    visitor, give_up = stack.session(OWNER), time.time() + seconds
    html = visitor.get(f"/messages/{thread}/").text
    while time.time() < give_up:
        time.sleep(pause)
        poll = re.search(r'hx-get="(/messages/\d+/since/[^"]+)"', html)[1].replace("&amp;", "&")
        answer = visitor.get(poll, target="since")
        if answer.status_code == 200:
            html = answer.text
            yield time.time(), html
