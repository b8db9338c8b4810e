"""Done when 3: pages answer from the store and say how old the data is; when the upstream is back, everything catches up."""

import os
import re
import signal
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from tests.reliability import texting
from tests.stack import Stack, wait_until
from tests.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(600)]
START = (
    "/",
    "/messages/",
    "/messages/compose/",
    "/numbers/",
    "/numbers/ports/",
    "/numbers/ports/new/",
    "/numbers/e911/",
    "/billing/",
    "/search/?q=514",
)
WITH_DATA = ("/", "/numbers/", "/numbers/ports/", "/numbers/e911/", "/billing/")
MOST_OF_A_KIND = 3
SLOWEST = 1.0
TROUBLE = "has not answered since"


def pages_of(visitor: Visitor) -> dict[str, float]:
    """Every page that can be reached by links, a few of each kind, with the seconds that it took."""
    took, waiting, kinds = {}, list(START), {}
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"\d+|[0-9a-f-]{36}", "N", urlsplit(path).path)
        kinds[kind] = kinds.get(kind, 0) + 1
        if (
            path in took
            or kinds[kind] > MOST_OF_A_KIND
            or kind.startswith(("/admin", "/static", "/accounts/logout", "/numbers/ports/N/documents"))
        ):
            continue
        started = time.monotonic()
        answer = visitor.get(path)
        took[path] = time.monotonic() - started
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        waiting += [link.replace("&amp;", "&") for link in re.findall(r'<a [^>]*href="(/[^"#]*)"', answer.text)]
    return took


def test_no_page_waits_for_an_upstream_that_hangs(make_stack):
    """The sandbox takes connections and says nothing, which is worse than being gone."""
    stack = make_stack(deadline=6.0, pace=0.02)
    stack.start()
    owner = stack.session()
    os.kill(stack.sandbox.process.pid, signal.SIGSTOP)
    try:
        time.sleep(4)  # by now the worker's own calls hang
        took = pages_of(owner)
    finally:
        os.kill(stack.sandbox.process.pid, signal.SIGCONT)
    slowest = max(took, key=took.get)
    print(f"{len(took)} pages while the upstream hung; the slowest, {slowest}, took {took[slowest]:.2f} s")
    assert len(took) > 25
    assert took[slowest] < SLOWEST, f"{slowest} took {took[slowest]:.2f} s"


def test_with_the_upstream_gone_everything_is_readable_and_later_catches_up(make_stack):
    stack = make_stack(pace=0.02)
    stack.start()
    owner = stack.session()
    wait_until(
        lambda: (
            stack.value("SELECT count(*) FROM providers_syncrun WHERE trigger = 'schedule' AND state = 'done'") > 10
        ),
        30,
        "feeds",
    )
    assert TROUBLE not in owner.get("/").text
    stack.kill9("sandbox")
    wait_until(lambda: TROUBLE in owner.get("/").text, 45, "the note that the upstream is away", every=0.5)

    took = pages_of(owner)
    slowest = max(took, key=took.get)
    print(f"{len(took)} pages while the upstream was away; the slowest, {slowest}, took {took[slowest]:.2f} s")
    assert took[slowest] < SLOWEST
    for path in took:
        answer = owner.get(path)
        is_page = answer.headers["Content-Type"].startswith("text/html")  # a file says nothing of the kind
        assert TROUBLE in answer.text or not is_page, f"{path} says nothing"
    for path in WITH_DATA:
        assert re.search(r"VoiceMeUp, (stale: )?(just now|\d)", owner.get(path).text), (
            f"{path} does not say how old its data is"
        )

    body = "Written while nobody was there"
    thread = texting.send(stack, texting.contact(), body)
    wait_until(
        lambda: "It waits until VoiceMeUp is back" in "".join(texting.shown(stack, thread, body)),
        30,
        "the text that says why it waits",
    )
    number = stack.value("SELECT id FROM numbers_number WHERE number = ?", texting.sender(stack, 1))
    form = owner.form(f"/numbers/{number}/name/", "label", "intent")
    assert owner.post(form.action, form.values | {"label": "Named meanwhile"}).status_code == 302

    back = datetime.now(UTC)
    stack.sandbox.start()
    _everything_catches_up(stack, back, body, number)
    assert TROUBLE not in owner.get("/").text
    assert len(texting.asked(stack, body)) == 1
    assert len([row for row in stack.sandbox.journal("update_did") if "Named meanwhile" in str(row["params"])]) == 1


def _everything_catches_up(stack: Stack, back: datetime, body: str, number: int) -> None:
    started = time.monotonic()
    wait_until(lambda: texting.state(stack, body) in {"sent", "delivered"}, 60, "sending the text")
    wait_until(
        lambda: stack.value("SELECT label FROM numbers_number WHERE id = ?", number) == "Named meanwhile",
        60,
        "the change of the number",
    )
    behind = "SELECT name FROM providers_feed WHERE failures > 0 OR (name IN ('messages', 'ports', 'balance') AND last_ok_at < ?)"
    wait_until(lambda: stack.rows(behind, stack.database.moment(back)) == [], 60, "fresh feeds", every=0.5)
    print(f"everything was fresh {time.monotonic() - started:.0f} s after the upstream came back")


def test_a_session_that_ended_moves_the_page_and_never_lands_in_a_fragment(shared_stack):
    """An expired session in the middle of an HTMX call."""
    thread = texting.send(shared_stack, texting.contact(), "Before the session ends")
    visitor = Visitor(shared_stack.base_url).sign_in("owner@demo.test")
    form = visitor.form(f"/messages/{thread}/", "body", "intent")
    visitor.http.cookies.set("session", "0" * 32, domain="127.0.0.1", path="/")
    answers = [
        visitor.get(f"/messages/{thread}/since/?after=0&v=0", target="since"),
        visitor.get("/numbers/", target="number_list"),
        visitor.post(form.action, form.values | {"body": "Never sent"}, target="composer"),
    ]
    for answer in answers:
        assert answer.status_code == 401
        assert answer.headers["HX-Redirect"].startswith("/accounts/login/")
        assert answer.text == ""
    assert texting.state(shared_stack, "Never sent") is None
