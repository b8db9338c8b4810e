"""The portal in a real browser: one stack for the session, people who are signed in already, pages that tell their troubles."""

import functools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.browser.tour import OWNER, signed_in
from tests.stack import Stack

SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}
PATIENCE = 10_000  # ms, on a machine that others use too
# What the browser itself says about answers that a test asks for; the page's own words are looked at by that test.
EXPECTED = re.compile(r"^Failed to load resource: .* status of (401|403|404|409|422)")
expect.set_options(timeout=PATIENCE)


@dataclass
class Troubles:
    """Everything that a page's console complains about, the content policy included."""

    found: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))
        page.on("console", partial(self._heard, page))

    def _heard(self, page: Page, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and not EXPECTED.match(said.text):
            self.found.append(f"{page.url}: {said.text}")

    def check(self) -> None:
        assert not self.found, "\n".join(self.found)


@pytest.fixture(scope="session")
def stack():
    with Stack() as running:
        yield running.start()


@pytest.fixture(scope="session")
def cookies_of(stack) -> Callable[[str], list[dict]]:
    """The cookies of somebody signed in: they sign in once, by the form, and browsers share what they got."""
    return functools.cache(lambda person: signed_in(stack, person))


@pytest.fixture
def open_browser(browser: Browser, stack, cookies_of, troubles):
    """Windows of this test: `open_browser(size, person=..., language=...)`; nobody is signed in where `person` is empty."""
    contexts: list[BrowserContext] = []

    def open_one(size: str = "wide", *, person: str = OWNER, language: str = "en", url: str = "", **looks) -> Page:
        context = browser.new_context(
            base_url=url or stack.base_url,
            viewport=SIZES[size],
            reduced_motion="reduce",
            locale=f"{language}-CA",
            **looks,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if person:
            context.add_cookies([one for one in cookies_of(person) if one["name"] != "language"])
        context.add_cookies([{"name": "language", "value": language, "url": url or stack.base_url, "httpOnly": True}])
        page = context.new_page()
        page.on(
            "filechooser", lambda _: None
        )  # caught from the start: a chooser that opens before it is awaited is lost
        troubles.watch(page)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def troubles():
    """A test passes only if no page of it had anything to complain about."""
    seen = Troubles()
    yield seen
    seen.check()


@pytest.fixture(params=list(SIZES))
def size(request) -> str:
    return request.param


@pytest.fixture
def page(open_browser, size) -> Page:
    """The owner at the demo company, at both sizes of window."""
    return open_browser(size)


@pytest.fixture(scope="session")
def measured(request):
    """Figures for people: printed at the end of the run."""
    figures: dict[str, object] = {}
    yield figures
    if figures:
        print(f"\nmeasured: {json.dumps(figures)}")
