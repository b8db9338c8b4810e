"""Bringing a list of contacts in (C19): upload, columns, check, import, bad rows; and writing to one of them with a template."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.tour import shown

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def csv_of(mark: str) -> bytes:
    rows = [f"Prénom{n};Nom {mark};438 555-{n:04d};{'FR' if n % 2 else 'anglais'};Lévis" for n in range(100, 180)]
    text = "Prénom;Nom;N° de téléphone;Langue;Ville\r\n" + "\r\n".join(
        [*rows, "Sans;Numéro;911;fr;", "De;Klingon;438 555-0181;tlh;"]
    )
    return text.encode("cp1252")


def test_a_list_from_a_french_spreadsheet_comes_in(page, size):
    mark = uuid.uuid4().hex[:6]
    page.goto("/messages/contacts/")
    page.get_by_role("link", name=re.compile("Import")).first.click()
    file = {"name": f"clients {mark}.csv", "mimeType": "text/csv", "buffer": csv_of(mark)}
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_label("N° de téléphone")).to_have_value("number")
    expect(page.get_by_label("Nom", exact=True)).to_have_value("last")
    assert not findings(page)
    page.get_by_label("or into a new group").fill(f"Import {mark}")
    page.get_by_role("button", name="Check every row").click()
    expect(page.get_by_role("heading", name="Nothing is written yet")).to_be_visible()
    expect(shown(page).get_by_text("The language is not understood")).to_be_visible()
    expect(shown(page).get_by_text("short numbers such as 911")).to_be_visible()
    assert not findings(page)
    page.get_by_role("button", name="Import the good rows").click()
    expect(page.get_by_role("heading", name="The contacts are imported")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="All of them as CSV").click()
    assert "Klingon" in download.value.path().read_text("utf-8")
    page.get_by_role("link", name="See the contacts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Import {mark}")
    expect(shown(page).get_by_text("80 contacts")).to_be_visible()


def test_what_is_no_list_is_refused_at_its_field(page):
    page.goto("/messages/contacts/import/")
    page.get_by_label("CSV file").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": b"PK\3\4" + b"\0" * 99}
    )
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_label("CSV file")).to_have_accessible_description(re.compile("save it as CSV"))


def test_a_text_is_written_to_a_name_with_a_template_in_their_language(page):
    page.goto("/messages/compose/")
    page.get_by_label("To", exact=True).fill("Élise Côté")
    page.get_by_label("Text", exact=True).fill("Allô! ")
    page.get_by_text("Insert template").click()
    page.get_by_role("button", name=re.compile("Thanks")).click()
    expect(page.get_by_label("Text", exact=True)).to_have_value(
        "Allô! Merci de votre confiance, Élise! Appelez en tout temps."
    )
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
