"""Pictures of every page in both languages and themes, at three widths, to lay side by side and look at.

    make screenshots                                   all into screenshots/, and the README's four into docs/pictures/
    make screenshots ARGS=--readme                     those four alone
    make screenshots ARGS="--only home number --width 360 --language fr"

A portal of its own is started on the demo world. Also says which page scrolls sideways or has a script that complains.
"""

import argparse
import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.tour import Stop, signed_in, stops
from tests.services import chromium
from tests.stack import Stack

HEIGHTS = {360: 780, 768: 1024, 1280: 860}
LANGUAGES, THEMES = ("en", "fr"), ("light", "dark")
README = ("home-en-light-1280", "messages-fr-dark-1280", "numbers-en-light-1280", "e911-fr-light-1280")
PICTURES = Path("docs/pictures")
SETTLE = 250  # ms: fonts, and the first answers of what asks by itself
FLAGS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


def main() -> int:
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    with Stack() as stack, sync_playwright() as playwright:
        stack.start()
        as_root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's own sandbox refuses root
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *as_root])
        troubles = _all(browser, stack, options)
        browser.close()
    _keep_for_readme(options.out)
    for trouble in troubles:
        sys.stderr.write(f"{trouble}\n")
    return 1 if troubles else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="names of tests/browser/tour.py")
    parser.add_argument("--language", nargs="*", default=LANGUAGES, choices=LANGUAGES)
    parser.add_argument("--theme", nargs="*", default=THEMES, choices=THEMES)
    parser.add_argument("--width", nargs="*", type=int, default=list(HEIGHTS), choices=list(HEIGHTS))
    parser.add_argument("--full", action="store_true", help="the whole page, not what a window shows")
    parser.add_argument("--readme", action="store_true", help="the README's four alone")
    options = parser.parse_args()
    if options.readme:
        options.only = [name.split("-")[0] for name in README]
    return options


def _all(browser: Browser, stack: Stack, options) -> list[str]:
    """Signs in once for each person, then takes every picture of theirs."""
    wanted = [stop for stop in stops(stack) if not options.only or stop.name in options.only]
    troubles = []
    for person in dict.fromkeys(stop.person for stop in wanted):
        cookies = signed_in(stack, person, confirmed=True) if person else []
        for language in options.language:
            page = _page(browser, stack, cookies, language, troubles)
            for stop in wanted:
                if stop.person == person:
                    _take(page, stop, language, options, troubles)
            page.context.close()
    return troubles


def _page(browser: Browser, stack: Stack, cookies: list[dict], language: str, troubles: list[str]) -> Page:
    context = browser.new_context(base_url=stack.base_url, locale=f"{language}-CA", reduced_motion="reduce")
    context.add_cookies([one for one in cookies if one["name"] != "language"])
    context.add_cookies([{"name": "language", "value": language, "url": stack.base_url}])
    page = context.new_page()
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.goto("/")  # where the greeting shows, once
    return page


def _take(page: Page, stop: Stop, language: str, options, troubles: list[str]) -> None:
    page.set_viewport_size({"width": 1280, "height": HEIGHTS[1280]})
    for theme in options.theme:
        page.emulate_media(color_scheme=theme)
        page.goto(stop.path)  # anew: a page that changes its colours is not painted anew as a whole
        for width in options.width:
            name = f"{stop.name}-{language}-{theme}-{width}"
            if options.readme and name not in README:
                continue
            page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
            page.wait_for_timeout(SETTLE)
            page.screenshot(path=options.out / f"{name}.png", full_page=options.full)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 0:
                troubles.append(f"{name}: {wide} px wider than the window")


def _keep_for_readme(taken: Path) -> None:
    """In 256 colours, which a page of text and quiet surfaces bears, and a quarter of the weight."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in README:
        if (taken / f"{name}.png").exists():
            with Image.open(taken / f"{name}.png") as picture:
                picture.convert("RGB").quantize(256).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
