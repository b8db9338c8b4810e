"""The directory (411), and giving up a number with undo, in the browser in two languages (B2, B6, B7)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.tour import OWNER, number_of, shown

pytestmark = pytest.mark.browser
LABEL = {"en": "Camion 2 - Steeve", "fr": "Camion 3 - Nadia"}
LISTING = {
    "en": {
        "card": "Directory (411)", "open": "List this number", "under": "Listed under", "rest": "Rest of the name",
        "civic": "Civic number", "street": "Street", "city": "City", "region": "Province or state",
        "code": "Postal or ZIP code", "state": "Being checked", "change": "Change the entry", "out": "Take it out of the directory…",
        "do": "Take it out", "gone": "Not listed",
    },
    "fr": {
        "card": "Annuaire (411)", "open": "Inscrire ce numéro", "under": "Classé sous", "rest": "Suite du nom",
        "civic": "Numéro d’immeuble", "street": "Rue", "city": "Ville", "region": "Province ou État",
        "code": "Code postal ou ZIP", "state": "En vérification", "change": "Modifier l’inscription", "out": "Retirer de l’annuaire…",
        "do": "Retirer", "gone": "Non inscrit",
    },
}  # fmt: skip
RELEASE = {
    "en": {"link": "Release this number…", "do": re.compile("^Release "), "type": "Type the number to confirm",
           "undo": "Undo: keep this number", "kept": "stays with you"},
    "fr": {"link": re.compile("^Libérer ce numéro"), "do": re.compile("^Libérer "), "type": re.compile("Tapez le numéro"),
           "undo": re.compile("^Annuler"), "kept": "Vous gardez le"},
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_number_is_listed_and_taken_out_again(open_browser, stack, language):
    page: Page = open_browser("wide" if language == "en" else "phone", language=language)
    words = LISTING[language]
    pk, number = number_of(stack, OWNER, LABEL[language])
    since = stack.sandbox.now()
    page.goto(f"/numbers/{pk}/")
    page.get_by_role("region", name=words["card"]).get_by_role("link", name=words["open"]).click()
    typed = {
        "under": "Lachance",
        "rest": "Plomberie",
        "civic": "1250",
        "street": "Rue Sherbrooke Ouest",
        "city": "Montréal",
    }
    for name, value in {**typed, "code": "V6B 1A1"}.items():
        page.get_by_label(words[name], exact=True).fill(value)
    page.get_by_label(words["region"]).select_option("QC")
    page.get_by_role("button", name=words["open"]).click()
    code = page.get_by_label(words["code"], exact=True)
    expect(code).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label(words["under"], exact=True)).to_have_value("Lachance")
    assert not findings(page)
    code.fill("H3G 1H6")
    page.get_by_role("button", name=words["open"]).click()
    expect(page.get_by_role("heading", name=words["change"])).to_be_visible()
    expect(page.locator("#directory_state .state").first).to_have_text(words["state"])
    assert not findings(page)
    sent = stack.sandbox.journal("update_whitepages", since=since)
    assert [row["params"]["phone_number"] for row in sent] == [number[2:]]
    shown(page).get_by_text(words["out"]).click()
    page.get_by_role("button", name=words["do"], exact=True).click()
    expect(page.locator("#directory_state .state").first).to_have_text(words["gone"])
    expect(page.get_by_role("button", name=words["open"])).to_be_visible()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_number_is_released_and_kept_after_all(open_browser, stack, language):
    page: Page = open_browser("wide" if language == "en" else "phone", language=language)
    words = RELEASE[language]
    pk, number = number_of(stack, OWNER, LABEL[language])
    since = stack.sandbox.now()
    page.goto(f"/numbers/{pk}/")
    page.get_by_role("link", name=words["link"]).click()
    if "/reauthenticate/" in page.url:
        page.locator("input[type=password]").fill("demo-portal-2026")
        page.locator("main form button").first.click()
    typed = page.get_by_label(words["type"])
    typed.fill("514 555-0199")
    page.get_by_role("button", name=words["do"]).click()
    expect(page.get_by_label(words["type"])).to_have_attribute("aria-invalid", "true")
    assert not findings(page)
    page.get_by_label(words["type"]).fill(number)
    page.get_by_role("button", name=words["do"]).click()
    undo = page.get_by_role("button", name=words["undo"])
    expect(undo).to_be_visible()
    assert not findings(page)
    undo.click()
    expect(shown(page).get_by_text(words["kept"]).first).to_be_visible()
    expect(page.get_by_role("button", name=words["undo"])).to_have_count(0)
    assert not stack.sandbox.journal("delete_did", since=since)
