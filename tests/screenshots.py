"""Pictures of every page in both languages and themes, at three widths, to lay side by side and look at.

    make screenshots                                   a portal of its own, all pictures into screenshots/
    make screenshots ARGS="--readme"                   the four of the README, into docs/pictures/
    make screenshots ARGS="--only inbox --width 360"   a few
    ... --url http://127.0.0.1:8000                    of a portal that runs already, with the demo world
"""

import argparse
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.stack import Stack

PASSWORD = "demo-portal-2026"  # noqa: S105 - the demo world's, printed by `make run`
HEIGHTS = {360: 780, 768: 1024, 1280: 860}
LANGUAGES, THEMES = ("en", "fr"), ("light", "dark")
SETTLE = 400  # ms: fonts, and the first answers of what asks by itself
QUIET_FLAGS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


@dataclass(frozen=True)
class Shot:
    """A page, by its path or by a link on another page (`follow`: a selector there), and who looks at it."""

    name: str
    path: str
    person: str = "owner@demo.test"
    follow: str = ""


RESELLER = "reseller@demo.test"
SHOTS = (
    Shot("sign-in", "/accounts/login/", person=""),
    Shot("reset", "/accounts/password/reset/", person=""),
    Shot("home", "/"),
    Shot("inbox", "/messages/"),
    Shot("conversation", "/messages/", follow=".threads a, #threads a"),
    Shot("compose", "/messages/compose/"),
    Shot("numbers", "/numbers/"),
    Shot("number", "/numbers/", follow="a.row-link"),
    Shot("ports", "/numbers/ports/"),
    Shot("port", "/numbers/ports/", follow="a.row-link"),
    Shot("port-new", "/numbers/ports/new/"),
    Shot("e911", "/numbers/e911/"),
    Shot("e911-number", "/numbers/e911/", follow="main a.row-link, main .list a"),
    Shot("billing", "/billing/"),
    Shot("search", "/search/?q=514"),
    Shot("not-found", "/nowhere/"),
    Shot("profile", "/accounts/profile/"),
    Shot("activity", "/accounts/activity/"),
    Shot("security", "/accounts/2fa/"),
    Shot("password", "/accounts/password/change/"),
    Shot("email", "/accounts/email/"),
    Shot("sessions", "/accounts/sessions/"),
    Shot("reseller-home", "/", person=RESELLER),
    Shot("subaccounts", "/subaccounts/", person=RESELLER),
    Shot("subaccount", "/subaccounts/", person=RESELLER, follow="a.row-link"),
    Shot("subaccount-new", "/subaccounts/new/", person=RESELLER),
)


# The README's pictures: file name -> (shot, language, theme), all 1280 wide.
README = {
    "home-en-light-1280": ("home", "en", "light"),
    "messages-fr-dark-1280": ("conversation", "fr", "dark"),
    "numbers-en-light-1280": ("numbers", "en", "light"),
    "e911-fr-light-1280": ("e911", "fr", "light"),
}
PICTURES = Path("docs/pictures")


def main() -> int:
    options = _options()
    if options.url:
        return _run(options)
    with Stack() as stack:  # the demo world in processes of its own
        stack.start()
        options.url = stack.base_url
        return _run(options)


def _run(options) -> int:
    options.out.mkdir(parents=True, exist_ok=True)
    if options.readme:
        options.only, options.width = [shot for shot, *_ in README.values()], [1280]
    status = _pictures(options)
    if options.readme:
        _keep_for_readme(options.out)
    return status


def _keep_for_readme(taken: Path) -> None:
    """In 256 colours, which a page of text and quiet surfaces bears, and a quarter of the weight."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, (shot, language, theme) in README.items():
        with Image.open(taken / f"{shot}-{language}-{theme}-1280.png") as picture:
            picture.convert("RGB").quantize(256).save(PICTURES / f"{name}.png", optimize=True)


def _pictures(options) -> int:
    wanted = [shot for shot in SHOTS if not options.only or shot.name in options.only]
    with sync_playwright() as playwright:
        as_root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium's own sandbox refuses root
        flags = [*QUIET_FLAGS, "--no-sandbox"] if as_root else QUIET_FLAGS
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        troubles = _all(browser, wanted, options)
        browser.close()
    for trouble in troubles:
        sys.stderr.write(f"{trouble}\n")
    return 1 if troubles else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="", help="where a portal runs; without it, one is started")
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--readme", action="store_true", help="the pictures of the README")
    parser.add_argument("--only", nargs="*", default=[], choices=[shot.name for shot in SHOTS], metavar="NAME")
    parser.add_argument("--language", nargs="*", default=LANGUAGES, choices=LANGUAGES)
    parser.add_argument("--theme", nargs="*", default=THEMES, choices=THEMES)
    parser.add_argument("--width", nargs="*", type=int, default=list(HEIGHTS), choices=list(HEIGHTS))
    parser.add_argument("--full", action="store_true", help="the whole page, not what a window shows")
    return parser.parse_args()


def _all(browser: Browser, shots: list[Shot], options) -> list[str]:
    """Signs in once for each person, then takes every picture of theirs."""
    troubles = []
    for person in dict.fromkeys(shot.person for shot in shots):
        state = _sign_in(browser, options.url, person)
        for language in options.language:
            for theme in options.theme:
                page = _page(browser, state, language, theme, options.url)
                for shot in shots:
                    if shot.person == person:
                        troubles += _take(page, shot, f"{shot.name}-{language}-{theme}", options)
                page.context.close()
    return troubles


def _page(browser: Browser, state: dict | None, language: str, theme: str, url: str) -> Page:
    looks = {"locale": f"{language}-CA", "color_scheme": theme, "reduced_motion": "reduce"}
    context = browser.new_context(storage_state=state, **looks)
    context.add_cookies([{"name": "language", "value": language, "url": url}])
    return context.new_page()


def _sign_in(browser: Browser, url: str, person: str) -> dict | None:
    if not person:
        return None
    context = browser.new_context()
    page = context.new_page()
    page.goto(urljoin(url, "/accounts/login/"))
    page.fill("[name=login]", person)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button:not([type=button])")
    page.wait_for_url(lambda address: "/login" not in urlsplit(address).path)
    state = context.storage_state()
    context.close()
    return state


def _take(page: Page, shot: Shot, name: str, options) -> list[str]:
    """The page at every width. A page that scrolls sideways, or whose scripts complain, is a trouble."""
    troubles, seen = [], []
    page.on("pageerror", lambda error: seen.append(f"{name}: {error}"))
    page.set_viewport_size({"width": 1280, "height": HEIGHTS[1280]})
    page.goto(urljoin(options.url, shot.path))
    if shot.follow:
        link = page.locator(shot.follow).first
        if not link.count():
            return [f"{shot.name}: nothing to follow at {shot.path}"]
        page.goto(urljoin(options.url, link.get_attribute("href")))
    for width in options.width:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        page.wait_for_timeout(SETTLE)
        page.screenshot(path=options.out / f"{name}-{width}.png", full_page=options.full)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            troubles.append(f"{name}: {wide} px wider than a window of {width}")
    return troubles + seen


if __name__ == "__main__":
    sys.exit(main())
