"""A 911 address in the browser: task 10 within its clicks in two languages, alternates, green only when it was read back."""

import re
import time
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import findings
from tests.browser.tour import OWNER, RESELLER, shown, uncovered

pytestmark = pytest.mark.browser
TYPED = {"Civic number": "1250", "Street": "Sherbrooke Ouest", "City": "Montréal", "Postal or ZIP code": "H3G 1H6"}


LIMITS = re.compile("^(I have read these limits|J’ai lu ces limites)")
# Task 10 in two languages: the words of its buttons and fields.
WORDS = {
    "en": {
        "911": "911", "civic": "Civic number", "street": "Street", "city": "City", "region": "Province or state",
        "code": "Postal or ZIP code", "save": "Check and save", "question": "Which one is right?", "use": "Use 1250", "active": "Active",
        "in force": "Address in force",
    },
    "fr": {
        "911": "911", "civic": "Numéro d’immeuble", "street": "Rue", "city": "Ville", "region": "Province ou État",
        "code": "Code postal ou ZIP", "save": "Vérifier et enregistrer", "question": "Laquelle est la bonne?", "use": "Utiliser 1250",
        "active": "Actif", "in force": "Adresse en vigueur",
    },
}  # fmt: skip


def agree(page: Page) -> None:
    """The limits are asked of a person once."""
    page.get_by_role("button", name=re.compile("^(Check and save|Vérifier et enregistrer)$")).wait_for()
    if (limits := page.get_by_role("checkbox", name=LIMITS)).count():
        limits.check()


@dataclass
class Hand:
    """A person with a mouse, whose clicks are counted; filling in the form is not."""

    page: Page
    clicks: int = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1


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
    agree(page)
    page.get_by_role("button", name="Check and save").click()

    choice = page.get_by_role("region", name="Which one is right?")
    expect(choice).to_be_visible()
    expect(choice).to_contain_text("Sherbrooke Ouest")
    seen_green_early.append(shown(page).get_by_text("Active", exact=True).is_visible())
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
    if (limits := page.get_by_role("checkbox", name=LIMITS)).count():  # who accepted them before is not asked again
        expect(limits).to_have_accessible_description(re.compile("Accept the limits"))
    for label, value in {**TYPED, "Street": "PO Box 12", "Postal or ZIP code": "V6B 1A1"}.items():
        expect(page.get_by_label(label)).to_have_value(value)
    assert not findings(page)


def test_an_address_that_nobody_knows_is_refused_with_what_was_typed_kept(open_browser, stack, size):
    page = open_browser(size, person=RESELLER)
    pk = uncovered(stack, RESELLER)[2]
    page.goto(f"/numbers/e911/{pk}/")
    fill_in(page, Street="Rue de Nulle Part")
    agree(page)
    page.get_by_role("button", name="Check and save").click()
    expect(page.get_by_label("Street")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Street")).to_have_value("Rue de Nulle Part")
    expect(page.get_by_role("region", name="Address in force")).to_contain_text(
        re.compile("No 911 address|Not accepted")
    )
    assert not shown(page).get_by_text("Active", exact=True).is_visible()
    assert not findings(page)


def row_of(page: Page, pk: int) -> Locator:
    return page.get_by_role("row").filter(has=page.locator(f'a[href="/numbers/e911/{pk}/"]'))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_task_10_takes_three_clicks_and_the_form(open_browser, stack, language):
    """Task 10: 911, the number, the form, save. With an alternate it is one more, and less than a minute in all."""
    words, page = WORDS[language], open_browser("wide", person=RESELLER, language=language)
    pk = uncovered(stack, RESELLER)[-1]
    page.goto("/")
    hand, began = Hand(page), time.monotonic()
    hand.click(page.get_by_role("navigation").get_by_role("link", name=words["911"], exact=True).first)
    hand.click(row_of(page, pk).get_by_role("link").first)
    for name, value in {"civic": "1250", "street": "Sherbrooke Ouest", "city": "Montréal", "code": "H3G 1H6"}.items():
        page.get_by_label(words[name], exact=True).fill(value)
    page.get_by_label(words["region"]).select_option("QC")
    agree(page)
    hand.click(page.get_by_role("button", name=words["save"]))
    assert hand.clicks == 3
    choice = page.get_by_role("region", name=words["question"])
    hand.click(choice.get_by_role("button", name=re.compile(f"^{words['use']}")).first)
    in_force = page.get_by_role("region", name=words["in force"])
    expect(in_force.get_by_text(words["active"], exact=True)).to_be_visible()
    assert hand.clicks == 4 and time.monotonic() - began < 60
    assert not findings(page)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_task_10_takes_two_clicks_with_the_address_book(open_browser, stack, language):
    """Task 10 with the book: 911, and the button beside the number. The provider receives the words of the book."""
    words, page = WORDS[language], open_browser("wide", person=RESELLER, language=language)
    write_place(page, language)
    pk = uncovered(stack, RESELLER)[-1]
    asked = stack.sandbox.now()
    page.goto("/")
    hand = Hand(page)
    hand.click(page.get_by_role("navigation").get_by_role("link", name=words["911"], exact=True).first)
    assert not findings(page)
    hand.click(row_of(page, pk).get_by_role("button"))
    expect(page).to_have_url(re.compile(rf"/numbers/e911/{pk}/$"))
    in_force = page.get_by_role("region", name=words["in force"])
    expect(in_force.get_by_text(words["active"], exact=True)).to_be_visible()
    assert hand.clicks == 2
    (saved,) = [row["params"] for row in stack.sandbox.journal("update_e911", asked)]
    assert (saved["civic_number"], saved["street"]) == ("1250", "Rue Sherbrooke Ouest")


def write_place(page: Page, language: str) -> None:
    """An entry that is offered first; the person accepted the limits with the address before."""
    page.goto("/numbers/e911/book/new/")
    values = {
        "label": f"Siège {language}",
        "civic_number": "1250",
        "street": "Rue Sherbrooke Ouest",
        "city": "Montréal",
    }
    for name, value in (values | {"postal_code": "H3G 1H6"}).items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_region").select_option("QC")
    page.locator("#id_is_usual").check()
    page.locator("main form button.button-primary").click()
    expect(page).to_have_url(re.compile("/book/$"))


def test_one_address_for_several_numbers_is_told_for_each(open_browser, stack, size):
    """E6: checked in the list, one address, an outcome for each."""
    page = open_browser(size, person=RESELLER)
    pks = uncovered(stack, RESELLER)[3:5]
    write_place(page, size)
    page.goto("/numbers/e911/?only=gaps")
    for pk in pks:
        page.locator(f'input[name="numbers"][value="{pk}"]').check()
    page.get_by_role("button", name="One address for the checked numbers").click()
    assert not findings(page)
    page.get_by_role("radio", name=re.compile(f"^Siège {size}")).check()
    if (limits := page.get_by_role("checkbox", name=LIMITS)).count():
        limits.check()
    page.get_by_role("button", name="Check and save for 2 numbers").click()
    expect(page.get_by_role("main").get_by_text("Active for 2 of 2 numbers.")).to_be_visible(timeout=30_000)
    assert not findings(page)
