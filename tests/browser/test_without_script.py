"""Everything works by plain links and forms when scripts are off."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_e911 import agree, fill_in
from tests.browser.test_people import sign_in
from tests.browser.test_texting import asked
from tests.browser.tour import OWNER, RESELLER, answerable, number_of, uncovered
from tests.stack import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(open_browser, size) -> Page:
    return open_browser(size, java_script_enabled=False)


def test_signing_in_and_finding_a_number(open_browser, size):
    page = open_browser(size, person="", java_script_enabled=False)
    sign_in(page, OWNER)
    expect(page.get_by_role("heading", level=1, name="Plomberie Lachance inc.")).to_be_visible()
    page.goto("/numbers/")
    page.get_by_role("searchbox", name="Find a number").fill("Soumissions")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("table").locator("tbody tr")).to_have_count(1)


def test_reading_and_answering_a_text(plain, stack, size):
    body = f"Without a script, {size} {uuid.uuid4().hex[:6]}"
    plain.goto("/messages/")
    expect(plain.get_by_role("region", name="Conversations").get_by_role("listitem").first).to_be_visible()
    plain.goto(f"/messages/{answerable(stack)[0]}/")
    plain.get_by_role("textbox", name=re.compile("^Text to")).fill(body)
    plain.get_by_role("button", name="Send", exact=True).click()
    expect(plain.get_by_role("log").get_by_text(body).first).to_be_visible()
    wait_until(lambda: asked(stack, body), 10, "the text at the sandbox")
    plain.get_by_role("textbox", name=re.compile("^Text to")).fill("  ")
    plain.get_by_role("button", name="Send", exact=True).click()
    expect(plain.get_by_role("alert").filter(has_text="Write a text")).to_be_visible()


def test_changing_a_setting_of_a_number(plain, stack, size):
    pk, _ = number_of(stack, OWNER, "Ligne Laval")
    to = {"wide": "8195550123", "phone": "8195550124"}[size]
    plain.goto(f"/numbers/{pk}/")
    plain.get_by_role("region", name="Calls").get_by_role("link", name=re.compile("^Edit")).click()
    expect(plain).to_have_url(re.compile("/calls/$"))
    plain.get_by_role("checkbox", name="Forward calls").check()
    plain.get_by_label("To this number").fill(to)
    plain.get_by_role("button", name="Save").click()
    expect(plain).to_have_url(re.compile(rf"/numbers/{pk}/"))
    expect(plain.get_by_role("region", name="Calls")).to_contain_text(f"819\xa0555-{to[-4:]}")
    wait_until(lambda: confirmed(plain), 15, "the confirmation")
    assert [row for row in stack.sandbox.journal("update_did") if to in str(row["params"])]


def confirmed(page: Page) -> bool:
    page.reload()
    return "Confirmed by VoiceMeUp" in page.get_by_role("region", name="Calls").inner_text()


def test_registering_a_911_address(open_browser, stack, size):
    page = open_browser(size, person=RESELLER, java_script_enabled=False)
    pk = uncovered(stack, RESELLER)[-1]
    page.goto(f"/numbers/e911/{pk}/")
    fill_in(page, Street="Rue Sherbrooke Ouest")
    agree(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Check and save").click()
    wait_until(lambda: in_force(page), 15, "the address in force")


def in_force(page: Page) -> bool:
    page.reload()
    return "Active" in page.get_by_role("region", name="Address in force").inner_text()


def test_changing_the_language(plain, size):
    plain.goto("/numbers/e911/")
    if size == "phone":
        plain.get_by_role("navigation", name="Main menu").get_by_text("More", exact=True).click()
    plain.get_by_role("button", name="Français").locator("visible=true").click()
    expect(plain.locator("html")).to_have_attribute("lang", "fr")
    expect(plain).to_have_url(re.compile("/numbers/e911/$"))
