"""Starting a port in the browser, on one page: wrong numbers, a draft, coming back to it, the bill, handing it in."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.tour import shown
from tests.visitor import PASSWORD

pytestmark = pytest.mark.browser
BILL = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
NUMBERS = {"wide": ("450 555-0141", "+14505550141"), "phone": ("450 555-0142", "+14505550142")}
PROVIDER = "Cablo-Est"


def fill_in(page: Page) -> None:
    for label, value in {"Current provider": PROVIDER, "Name on the bill": "Plomberie Lachance inc.", "Civic number": "4583",
                         "Street": "Rue Saint-Denis", "City": "Montréal", "Postal or ZIP code": "H2J 2L1"}.items():  # fmt: skip
        page.get_by_label(label).fill(value)
    page.get_by_label("Province or state").select_option("QC")
    page.get_by_label("Calls at the same time").select_option("1-2")


def test_a_port_from_wrong_numbers_to_handed_in(page: Page, stack, size):
    """Done when 6: nothing typed is lost on the way, and the sandbox has the numbers and the bill."""
    typed, number = NUMBERS[size]
    title = f"Warehouse {size}"
    page.goto("/numbers/ports/")
    page.get_by_role("link", name="Start a port").first.click()
    page.get_by_role("link", name="All of it on one page").click()
    page.get_by_label("Numbers to bring over").fill(f"{typed}\n514 555-01\n011 44 20 7946 0000")
    page.get_by_label("Name of this request").fill(title)
    fill_in(page)
    page.get_by_role("button", name="Save draft").click()

    field = page.get_by_label("Numbers to bring over")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("514 555-01.*needs ten digits", re.DOTALL))
    expect(page.get_by_role("alert")).to_contain_text("Please look at these")
    assert typed in field.input_value()
    expect(page.get_by_label("Current provider")).to_have_value(PROVIDER)
    expect(page.get_by_label("City")).to_have_value("Montréal")
    expect(page.get_by_label("Province or state")).to_have_value("QC")
    assert not findings(page)

    field.fill(typed)
    page.get_by_role("button", name="Save draft").click()
    expect(shown(page).get_by_text("Draft saved.")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    expect(shown(page).get_by_text("Draft", exact=True).first).to_be_visible()

    page.goto("/numbers/ports/")
    page.get_by_role("link", name=title).click()
    expect(shown(page).get_by_text("Draft", exact=True).first).to_be_visible()
    page.get_by_role("link", name="Edit", exact=True).click(timeout=20_000)
    expect(page.get_by_label("Current provider")).to_have_value(PROVIDER)
    page.get_by_label("Recent bill").set_input_files(
        {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": BILL}
    )
    page.get_by_role("checkbox", name="I will not cancel my old service").check()
    page.get_by_role("button", name="Submit").click()
    if "/reauthenticate/" in page.url:  # handing in is asked to be confirmed; everything is saved already
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_label("Current provider")).to_have_value(PROVIDER)
        page.get_by_role("checkbox", name="I will not cancel my old service").check()
        page.get_by_role("button", name="Submit").click()
    expect(shown(page).get_by_text("Handed in.")).to_be_visible()
    expect(page.get_by_role("heading", name="Submitted, being checked")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("link", name="bill.pdf")).to_be_visible()
    assert not findings(page)

    sent = [
        row["params"]
        for row in stack.sandbox.journal()
        if row["call"].endswith("port_request") and number[2:] in str(row["params"])
    ]
    assert sent and PROVIDER in str(sent[-1])


def test_what_is_missing_is_named_when_it_is_handed_in(page: Page):
    page.goto("/numbers/ports/new/whole/")
    page.get_by_label("Current provider").fill(PROVIDER)
    page.get_by_role("button", name="Submit").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Please look at these")
    summary.get_by_role("link", name="Street").click()
    expect(page.get_by_label("Street")).to_be_focused()
    expect(page.get_by_label("Current provider")).to_have_value(PROVIDER)
    assert not findings(page)


def test_a_file_that_is_no_document_is_refused_at_its_field(page: Page):
    page.goto("/numbers/ports/new/whole/")
    page.get_by_label("Numbers to bring over").fill("450 555-0149")
    page.get_by_label("Recent bill").set_input_files(
        {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": b"MZ not a bill"}
    )
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_label("Recent bill")).to_have_accessible_description(re.compile("Only PDF"))
    expect(page.get_by_label("Numbers to bring over")).to_have_value("450 555-0149")
