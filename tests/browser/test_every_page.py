"""Every page, in both languages and themes, wide and on a phone: axe finds nothing, no script complains, nothing scrolls sideways."""

from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Page

from tests.browser.axe import findings
from tests.browser.conftest import SIZES
from tests.browser.tour import AGENT, NOBODY, OWNER, RESELLER, Stop, signed_in, stops
from tests.test_doors import GETTABLE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

# Answers that are no pages of their own: parts of a page (looked at where they stand), pictures, and what machines read.
NO_PAGES = {
    "brand_css", "brand_logo", "live", "ready", "messages:media", "messages:since", "messages:unread", "numbers:state", "numbers:e911_state",
    "numbers:port_state", "numbers:port_document", "messages:contact_options", "messages:import_bad_rows", "messages:campaign_rows", "numbers:e911_report",
    "messages:export_file", "numbers:batch_result", "numbers:export", "numbers:port_check_result", "numbers:port_letter", "numbers:directory_state",
    "numbers:e911_devices",
}  # fmt: skip


def test_the_tour_passes_through_every_door(stack):
    visited = {resolve(urlsplit(stop.path).path).view_name for stop in stops(stack) if stop.path != "/nowhere/"}
    assert set(GETTABLE) - NO_PAGES <= visited, "pages without a stop in tests/browser/tour.py"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("person", [NOBODY, OWNER, AGENT, RESELLER])
def test_every_page_is_for_everybody(open_browser, stack, person, language):
    page = open_browser(person="", language=language)
    if person:
        cookies = signed_in(stack, person, confirmed=True)
        page.context.add_cookies([one for one in cookies if one["name"] != "language"])
    troubles = [trouble for stop in stops(stack) if stop.person == person for trouble in look_at(page, stop, language)]
    assert not troubles, "\n".join(troubles)


def look_at(page: Page, stop: Stop, language: str) -> list[str]:
    """One page in both themes, then as a phone shows it. A theme changes colours and nothing else."""
    page.set_viewport_size(SIZES["wide"])
    page.emulate_media(color_scheme="light")
    answer = page.goto(stop.path)
    troubles = [] if answer.status == stop.status else [f"answers {answer.status}"]
    if urlsplit(page.url).path != urlsplit(stop.path).path:
        troubles.append(f"leads to {page.url}")
    if page.locator("html").get_attribute("lang") != language:
        troubles.append("is in another language")
    troubles += findings(page)
    page.emulate_media(color_scheme="dark")
    troubles += [f"dark: {found}" for found in findings(page, only="color-contrast")]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(SIZES["phone"])
    if language == "en":  # the same elements in either language; only their width differs
        troubles += [f"phone: {found}" for found in findings(page)]
    if wide := page.evaluate("Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"):
        troubles.append(f"scrolls sideways by {wide} px on a phone")
    return [f"{stop.name} ({language}): {trouble}" for trouble in troubles]


def test_axe_would_find_what_is_wrong(open_browser):
    page = open_browser(person="")
    page.goto("/accounts/login/")
    page.evaluate(
        "document.querySelector('main').append(document.createElement('button'), document.createElement('input'))"
    )
    assert {found.split(" ")[0] for found in findings(page)} >= {"button-name", "label"}
