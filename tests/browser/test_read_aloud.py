"""What somebody hears and reaches who does not see the page: focus after a swap, live regions, languages, sizes under a thumb."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.tour import OWNER, account_of, answerable, number_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
NBSP = "\N{NO-BREAK SPACE}"
HEARD = """() => {
    const live = document.getElementById("live");
    window.heard = [];
    new MutationObserver(() => { if (live.textContent) window.heard.push(live.textContent); }).observe(live, {childList: true});
}"""
LOW = """() => [...document.querySelectorAll("main :is(.button, .icon-button, input, select)")]
    .filter(one => one.getClientRects().length && !one.closest(".visually-hidden, .button-small, .search, .thread-check"))
    .filter(one => one.getBoundingClientRect().height < (/checkbox|radio/.test(one.type) ? 24 : 44))
    .map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def page(open_browser) -> Page:
    return open_browser("wide", language="fr")


def refused_port(stack) -> uuid.UUID:
    of_owner = (
        "SELECT public_id FROM numbers_portrequest WHERE account_id = ? AND status = 'rejected_by_provider' ORDER BY id"
    )
    return uuid.UUID(str(stack.value(of_owner, account_of(stack, OWNER))))


# --- the focus ---------------------------------------------------------------------------------------------------------


def test_after_asking_for_more_conversations_the_focus_is_on_the_first_of_them(page):
    page.goto("/messages/")
    last = page.locator("#threads .thread").last.get_attribute("id")
    page.locator("#older a").press("Enter")
    expect(page.locator("#threads + ol .thread").first).to_be_focused()
    assert page.evaluate("document.activeElement.id") != last


def test_keeping_and_deleting_a_note_leaves_the_focus_where_it_was(page, stack):
    page.goto(f"/messages/{answerable(stack)[0]}/")
    summary, notes = page.locator("#note-form > summary"), page.get_by_role("log").locator(".note")
    before = notes.count()
    summary.press("Enter")
    page.get_by_role("textbox", name=re.compile("^Note")).fill("Il paie comptant")
    page.get_by_role("button", name="Garder la note").press("Enter")
    expect(summary).to_be_focused()
    expect(notes).to_have_count(before + 1)
    page.get_by_role("button", name="Supprimer la note").last.press("Enter")
    expect(notes).to_have_count(before)
    expect(page.get_by_role("log")).to_be_focused()


# --- what is said ------------------------------------------------------------------------------------------------------


def test_parts_of_a_text_are_told_when_they_change_and_not_at_every_letter(page):
    page.goto("/messages/compose/")
    page.evaluate(HEARD)
    body = page.get_by_role("textbox", name="Texto")
    for more, parts in (("a" * 60, "1 partie"), ("b" * 60, "1 partie"), ("c" * 60, "2 parties")):
        body.press_sequentially(more[:1])
        body.fill(body.input_value() + more[1:])
        expect(page.locator("#count")).to_contain_text(parts)
        page.wait_for_timeout(600)
    assert page.evaluate("window.heard") == ["1 partie", "2 parties"]


def test_how_many_a_search_found_is_told(page):
    page.goto("/numbers/")
    page.evaluate(HEARD)
    page.get_by_role("searchbox", name="Trouver un numéro").fill("zebra")
    expect(page.locator("#live")).to_have_text("Aucun numéro ne correspond")


def test_a_text_that_takes_another_state_is_not_read_out_again(page, stack):
    """The log is live: only the state comes into it a second time."""
    page.goto(f"/messages/{answerable(stack)[1]}/")
    said = "Une seule fois, merci"
    page.get_by_role("textbox", name=re.compile("^Texto à")).fill(said)
    page.keyboard.press("Enter")
    item = page.get_by_role("log").locator(".talk-item").filter(has_text=said).filter(has=page.locator(".bubble-out"))
    expect(item).to_have_count(1)
    item.locator(".bubble").evaluate("bubble => { bubble.dataset.heard = ''; }")
    expect(item.locator(".bubble-foot")).to_contain_text(re.compile("Envoyé|Remis|Livré"))
    expect(item.locator(".bubble")).to_have_attribute("data-heard", "")


def test_words_of_the_losing_carrier_are_marked_as_english_on_a_french_page(page, stack):
    page.goto(f"/numbers/ports/{refused_port(stack)}/")
    for place in ("blockquote", ".timeline"):
        expect(page.locator(f"{place} [lang=en]").first).to_contain_text("Account name mismatch")
    assert not findings(page)


def test_an_error_summary_is_punctuated_as_french_is(page, stack):
    page.goto("/numbers/ports/new/")
    page.evaluate("document.querySelectorAll('main form').forEach(form => { form.noValidate = true; })")
    page.get_by_role("button", name="Continuer").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    assert f"Numéros à transférer{NBSP}: " in summary.locator("li").first.text_content()


# --- what is seen ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?edit=1"])
def test_the_first_cards_of_a_911_page_begin_on_the_same_line(page, stack, query):
    pk, _ = number_of(stack, OWNER, "Urgences 24 h")
    page.goto(f"/numbers/e911/{pk}/{query}")
    tops = page.evaluate(
        "[...document.querySelectorAll('#e911_state > .stack')].map(side => side.querySelector('.card').getBoundingClientRect().top)"
    )
    assert len(tops) == 2 and abs(tops[0] - tops[1]) < 1, tops


@pytest.mark.parametrize("path", ["/messages/", "/messages/compose/", "/numbers/", "/numbers/find/", "/numbers/e911/"])
def test_under_a_thumb_what_acts_is_large_enough(open_browser, path):
    page = open_browser("phone", language="fr", has_touch=True, is_mobile=True, color_scheme="dark")
    page.goto(path)
    assert page.evaluate(LOW) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
