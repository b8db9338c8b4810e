"""A number's settings in the browser: edited in place, carried out upstream, confirmed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.tour import OWNER, number_of, shown

pytestmark = pytest.mark.browser
LABEL = {"wide": "Camion 2 - Steeve", "phone": "Camion 3 - Nadia"}
FORWARD_TO = {"wide": "4165550123", "phone": "6135550124"}


def test_forwarding_is_changed_in_place_and_confirmed(page: Page, stack, size):
    """Done when 6: the card waits, then says that upstream has it; upstream was asked once, with this value."""
    pk, _ = number_of(stack, OWNER, LABEL[size])
    since = stack.sandbox.now()
    page.goto("/numbers/")
    page.get_by_role("searchbox", name="Find a number").fill(LABEL[size][-6:])
    expect(shown(page).get_by_text(re.compile(r"^1 number"))).to_be_visible()
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(LABEL[size])

    card = page.get_by_role("region", name="Calls")
    card.get_by_role("link", name=re.compile("^Edit")).click()
    expect(card.get_by_role("heading", name="Calls")).to_be_focused()
    page.keyboard.press("Tab")
    expect(card.get_by_role("checkbox", name="Forward calls")).to_be_focused()
    card.get_by_role("checkbox", name="Forward calls").check()
    card.get_by_label("To this number").fill(FORWARD_TO[size])
    card.get_by_role("combobox", name="When").select_option("20")
    assert not findings(page)
    card.get_by_role("button", name="Save").click()

    expect(card.get_by_role("status")).to_contain_text(re.compile("Waiting|Being|On its way|Confirmed|Sav"))
    expect(card.get_by_role("status")).to_contain_text("Confirmed by VoiceMeUp")
    pretty = f"{FORWARD_TO[size][:3]} {FORWARD_TO[size][3:6]}-{FORWARD_TO[size][6:]}"
    expect(card).to_contain_text(f"To {pretty.replace(' ', chr(160))}, after 20 seconds".replace(chr(160), " "))
    assert page.url.endswith(f"/numbers/{pk}/")
    sent = [row for row in stack.sandbox.journal("update_did", since=since) if FORWARD_TO[size] in str(row["params"])]
    assert len(sent) == 1


def test_a_wrong_number_is_named_at_the_field_and_the_rest_kept(page: Page, stack, size):
    pk, _ = number_of(stack, OWNER, LABEL[size])
    before = stack.value("SELECT count(*) FROM numbers_numberchange")
    page.goto(f"/numbers/{pk}/")
    card = page.get_by_role("region", name="Calls")
    card.get_by_role("link", name=re.compile("^Edit")).click()
    card.get_by_role("checkbox", name="Forward calls").check()
    card.get_by_label("To this number").fill("514 555")
    card.get_by_role("combobox", name="When").select_option("30")
    card.get_by_role("button", name="Save").click()
    field = card.get_by_label("To this number")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(field).to_have_value("514 555")
    expect(card.get_by_role("combobox", name="When")).to_have_value("30")
    assert not findings(page)
    card.get_by_role("link", name="Cancel").click()
    expect(card.get_by_role("link", name=re.compile("^Edit"))).to_be_focused()
    assert stack.value("SELECT count(*) FROM numbers_numberchange") == before


def test_a_note_stays_here(page: Page, stack, size):
    pk, _ = number_of(stack, OWNER, LABEL[size])
    page.goto(f"/numbers/{pk}/")
    card = page.get_by_role("region", name="Notes and tags")
    card.get_by_role("link", name=re.compile("Edit")).click()
    card.get_by_label("Note").fill(f"In the {size} truck.")
    card.get_by_label("Tags").fill("truck, rental")
    card.get_by_role("button", name="Save").click()
    expect(card).to_contain_text(f"In the {size} truck.")
    expect(card).to_contain_text("rental")
    assert f"In the {size} truck." not in str(stack.sandbox.journal())
