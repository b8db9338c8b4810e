"""What a first visit costs, and what stays behind in the browser."""

import pytest
from playwright.sync_api import Page

from tests.browser.test_people import sign_in
from tests.browser.tour import OWNER, stops

pytestmark = pytest.mark.browser
HEAVIEST = 150 * 1024  # bytes over the wire, compressed, with nothing in the cache


def transferred(page: Page, path: str) -> int:
    """What the network carried for this page, headers included."""
    sizes: list[float] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(path, wait_until="load")
    page.wait_for_timeout(300)
    session.detach()
    return int(sum(sizes))


def test_a_first_visit_is_light(open_browser, stack, measured):
    wanted = ("home", "inbox", "messages", "numbers", "number", "billing", "port-new")
    paths = {stop.name: stop.path for stop in stops(stack) if stop.name in wanted}
    page = open_browser()
    weights = {name: transferred(page, path) for name, path in paths.items()}
    measured["kB of a first visit"] = {name: round(weight / 1024) for name, weight in weights.items()}
    assert max(weights.values()) <= HEAVIEST, weights


def test_nothing_of_the_account_stays_in_the_browser(open_browser, stack):
    """Storage holds the theme at most; session and language are cookies, the session's out of reach of scripts."""
    page = open_browser(person="")
    sign_in(page, OWNER)
    page.wait_for_url("**/")
    for stop in stops(stack):
        if stop.person == OWNER and stop.name in {"home", "messages", "compose", "number", "e911-active", "billing"}:
            page.goto(stop.path)
    kept = page.evaluate("""async () => ({local: {...localStorage}, session: {...sessionStorage},
        caches: await caches.keys(), databases: (await indexedDB.databases()).length, cookies: document.cookie})""")
    assert set(kept["local"]) <= {"theme"}
    assert set(kept["session"]) <= {"htmx-current-path-for-history"}  # a path, for this tab alone
    assert kept["caches"] == [] and kept["databases"] == 0
    assert kept["cookies"] == ""


def test_every_page_asks_only_the_portal(open_browser, stack):
    page = open_browser()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/messages/", "/numbers/", "/billing/"):
        page.goto(path)
    assert asked and all(url.startswith((stack.base_url, "data:")) for url in asked)
