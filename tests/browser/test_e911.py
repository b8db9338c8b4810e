"""A 911 address in the browser: registered through an alternate, green only when it was read back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.tour import OWNER, RESELLER, uncovered

pytestmark = pytest.mark.browser
TYPED = {"Civic number": "1250", "Street": "Sherbrooke Ouest", "City": "Montréal", "Postal or ZIP code": "H3G 1H6"}


def fill_in(page: Page, **more: str) -> None:
    for label, value in {**TYPED, **more}.items():
        page.get_by_label(label).fill(value)
    page.get_by_label("Province or state").select_option("QC")


@pytest.fixture
def bare(open_browser, stack, size) -> tuple[Page, int]:
    """A page and a number without an address: the owner's one, or one of the reseller's many."""
    person = OWNER if size == "wide" else RESELLER
    return open_browser(size, person=person), uncovered(stack, person)[0]


def test_an_address_is_registered_through_an_alternate(bare, stack):
    """Done when 6. While it is checked, and while a person has to choose, nothing is green."""
    page, pk = bare
    seen_green_early = []
    page.goto(f"/numbers/e911/{pk}/")
    in_force = page.get_by_role("region", name="Address in force")
    expect(in_force).to_contain_text("No 911 address")
    fill_in(page)
    page.get_by_role("checkbox", name=re.compile("^I have read these limits")).check()
    page.get_by_role("button", name="Check and save").click()

    choice = page.get_by_role("region", name="Which one is right?")
    expect(choice).to_be_visible()
    expect(choice).to_contain_text("Sherbrooke Ouest")
    seen_green_early.append(page.get_by_text("Active", exact=True).is_visible())
    alternate = (
        choice.get_by_role("listitem").filter(has_text="1250 Rue Sherbrooke Ouest").filter(has_text="Montréal").first
    )
    expect(alternate.locator("mark").first).to_have_text("Rue")
    assert not findings(page)
    page.emulate_media(color_scheme="dark")
    assert not findings(page, only="color-contrast")
    page.emulate_media(color_scheme="light")
    asked = stack.sandbox.now()
    alternate.get_by_role("button", name=re.compile("^Use 1250")).click()

    expect(in_force.get_by_text("Active", exact=True)).to_be_visible()
    expect(in_force).to_contain_text("1250 Rue Sherbrooke Ouest")
    expect(in_force).to_contain_text("read back")
    assert not any(seen_green_early)
    calls = [row["call"] for row in stack.sandbox.journal(since=asked) if "e911" in row["call"]]
    assert calls.index(next(call for call in calls if "update" in call)) < len(calls) - 1, f"never read back: {calls}"
    assert not findings(page)


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(open_browser, stack, size):
    page = open_browser(size, person=RESELLER)
    pk = uncovered(stack, RESELLER)[1]
    page.goto(f"/numbers/e911/{pk}/")
    fill_in(page, **{"Street": "PO Box 12", "Postal or ZIP code": "V6B 1A1"})
    page.get_by_role("button", name="Check and save").click()
    expect(page.get_by_label("Street")).to_have_accessible_description(re.compile("post office box"))
    expect(page.get_by_label("Postal or ZIP code")).to_have_accessible_description(re.compile("not in the province"))
    expect(page.get_by_role("checkbox", name=re.compile("^I have read"))).to_have_accessible_description(
        re.compile("Accept the limits")
    )
    for label, value in {**TYPED, "Street": "PO Box 12", "Postal or ZIP code": "V6B 1A1"}.items():
        expect(page.get_by_label(label)).to_have_value(value)
    assert not findings(page)


def test_an_address_that_nobody_knows_is_refused_with_what_was_typed_kept(open_browser, stack, size):
    page = open_browser(size, person=RESELLER)
    pk = uncovered(stack, RESELLER)[2]
    page.goto(f"/numbers/e911/{pk}/")
    fill_in(page, Street="Rue de Nulle Part")
    page.get_by_role("checkbox", name=re.compile("^I have read these limits")).check()
    page.get_by_role("button", name="Check and save").click()
    expect(page.get_by_label("Street")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Street")).to_have_value("Rue de Nulle Part")
    expect(page.get_by_role("region", name="Address in force")).to_contain_text(
        re.compile("No 911 address|Not accepted")
    )
    assert not page.get_by_text("Active", exact=True).is_visible()
    assert not findings(page)
