"""Getting and giving up a number in the browser: within the clicks that USERS.md sets, with the mouse, in two languages (task 5)."""

import re
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import findings
from tests.browser.tour import shown
from tests.stack import wait_until

pytestmark = pytest.mark.browser
WORDS = {
    "en": {
        "numbers": "Numbers", "get": "Get a number", "code": "Area code", "order": "Order", "buy": "Buy",
        "yours": "The number is yours.", "now": "Charged now",
    },
    "fr": {
        "numbers": "Numéros", "get": "Obtenir un numéro", "code": "Indicatif régional", "order": "Commander", "buy": "Acheter",
        "yours": "Le numéro est à vous.", "now": "Facturé maintenant",
    },
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def money(stack):
    """Enough of it for every order here, a second try included, whatever was bought before."""

    def put(amount: str) -> None:
        stack.sandbox.control("account", {"slug": "voicemeup", "key": "lachance", "set": {"balance": amount}})
        due = stack.database.moment(datetime.now(UTC))
        stack.rows("UPDATE providers_feed SET due_at = ? WHERE name = 'balance'", due)

    put("150.00")
    wait_until(lambda: stack.rows("SELECT 1 FROM billing_balance WHERE amount BETWEEN 140 AND 150"), 30, "the money")
    yield
    put("18.42")  # so low that the pages warn, as the demo world has it


class Hand:
    """Counts its clicks."""

    def __init__(self):
        self.clicks = 0

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()


@pytest.mark.parametrize("language", list(WORDS))
def test_a_local_number_is_ordered_in_four_clicks_with_the_price_before(open_browser, stack, size, language):
    """B3, B4, A8: from the home page, under thirty seconds, and upstream was asked to sell it once."""
    words, hand, since = WORDS[language], Hand(), stack.sandbox.now()
    page: Page = open_browser(size, language=language)
    page.goto("/")
    begun = time.monotonic()
    hand.click(page.get_by_role("link", name=words["numbers"], exact=True).locator("visible=true").first)
    hand.click(page.get_by_role("link", name=words["get"]))
    page.get_by_label(words["code"]).fill("514")
    page.keyboard.press("Enter")
    row = page.get_by_role("row").filter(has_text="VoiceMeUp").first
    hand.click(row.get_by_role("link", name=re.compile(f"^{words['order']} ")))
    expect(shown(page).get_by_text(words["now"])).to_be_visible()
    assert not findings(page)
    button = page.get_by_role("button", name=re.compile(f"^{words['buy']} .*2[.,]25"))
    assert not stack.sandbox.journal("activate_new_did", since=since)
    hand.click(button)
    expect(page.get_by_role("status").filter(has_text=words["yours"])).to_be_visible()
    assert hand.clicks == 4 and time.monotonic() - begun < 30
    assert not findings(page)
    assert len(stack.sandbox.journal("activate_new_did", since=since)) == 1


def test_several_numbers_are_ticked_and_ordered_together(open_browser, stack):
    page: Page = open_browser()
    page.goto("/numbers/find/")
    page.get_by_label("Area code").fill("514")
    page.get_by_role("button", name="Find", exact=True).click()
    rows = page.get_by_role("row").filter(has_text="VoiceMeUp")
    for position in (0, 1):
        rows.nth(position).get_by_role("checkbox").check()
    assert not findings(page)
    page.get_by_role("button", name="Order the ticked ones").click()
    page.get_by_role("button", name=re.compile("^Buy 2 numbers for")).click()
    expect(page.get_by_role("status").filter(has_text="All 2 numbers are yours.")).to_be_visible()
