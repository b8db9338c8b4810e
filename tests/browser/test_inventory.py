"""The inventory in the browser, in both languages: find by four digits, forward in two clicks, change several at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.tour import OWNER, number_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])
LABEL = {"en": "Camion 2 - Steeve", "fr": "Camion 3 - Nadia"}
FORWARD_TO = {"en": "4165550131", "fr": "6135550132"}
CALLS = {"en": "Calls", "fr": "Appels"}
SAVE = {"en": "Save", "fr": "Enregistrer"}
CONFIRMED = {"en": "Confirmed by VoiceMeUp", "fr": "Confirmé par VoiceMeUp"}


class Clicks:
    """Counts what a person presses with the mouse."""

    def __init__(self):
        self.count = 0

    def __call__(self, hit) -> None:
        self.count += 1
        hit.click()


@LANGUAGES
def test_a_number_is_found_by_its_last_four_digits(open_browser, stack, language):
    """USERS.md task 4: "/", four digits, Enter; no click."""
    pk, number = number_of(stack, OWNER, LABEL[language])
    page: Page = open_browser(language=language)
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type(number[-4:])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/numbers/{pk}/$|/search/"))
    if "/search/" in page.url:  # other numbers end alike: each says what it is for
        expect(page.get_by_role("main")).to_contain_text(LABEL[language])
    else:
        expect(page.get_by_role("heading", level=1)).to_contain_text(LABEL[language])


@LANGUAGES
def test_forwarding_is_changed_from_the_list_in_two_clicks(open_browser, stack, language):
    """USERS.md task 6: saved in place, and confirmed by the provider that was asked once."""
    pk, _number = number_of(stack, OWNER, LABEL[language])
    since = stack.sandbox.now()
    page: Page = open_browser(language=language)
    page.goto("/numbers/")
    click = Clicks()
    click(page.locator(f'a.number-calls[href$="/numbers/{pk}/calls/"]'))
    dialog = page.get_by_role("dialog")
    field = dialog.locator("#id_forward_to")
    expect(field).to_be_visible()
    expect(dialog).to_contain_text(LABEL[language])
    assert not findings(page)
    field.focus()
    page.keyboard.type(FORWARD_TO[language])
    click(dialog.get_by_role("button", name=SAVE[language]))
    expect(dialog.get_by_role("status")).to_contain_text(CONFIRMED[language])
    assert click.count == 2
    page.keyboard.press("Escape")
    row = page.locator("tr", has=page.locator(f'a[href="/numbers/{pk}/"]'))
    expect(row).to_contain_text(FORWARD_TO[language][-4:])
    sent = [
        row for row in stack.sandbox.journal("update_did", since=since) if FORWARD_TO[language] in str(row["params"])
    ]
    assert len(sent) == 1


@LANGUAGES
def test_several_numbers_are_ticked_changed_and_told_row_by_row(open_browser, stack, language):
    """B11."""
    page: Page = open_browser(language=language)
    page.goto("/numbers/?q=Camion")
    boxes = page.locator('input[name="n"]')
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.locator(".number-bulk-bar button").click()
    page.locator("#id_caller_id_name").fill(f"CAMION {language}".upper())
    assert not findings(page)
    page.locator("form.narrow button.button-primary").click()
    begin = page.locator("form[action$='/begin/'] button")
    expect(begin).to_be_visible()
    assert not findings(page)
    begin.click()
    done = {"en": "Done", "fr": "Terminé"}
    expect(page.locator("#batch_state .state").first).to_have_text(done[language], timeout=30_000)
    expect(page.locator("#batch_state tbody tr")).to_have_count(2)
    assert not findings(page)


def test_a_view_of_ones_own_is_saved_and_opened(open_browser):
    """L2."""
    page: Page = open_browser()
    page.goto("/numbers/?sort=city&col=name&col=city")
    page.locator(".number-views summary").click()
    page.get_by_label("Save this view as").fill("By city")
    page.locator(".number-views form button", has_text="Save").click()
    expect(page).to_have_url(re.compile("sort=city"))
    page.goto("/numbers/")
    page.locator(".number-views summary").click()
    page.get_by_role("link", name="By city").click()
    expect(page).to_have_url(re.compile("sort=city&col=name&col=city"))
    assert not findings(page)
