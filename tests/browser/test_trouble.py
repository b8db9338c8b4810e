"""When something is wrong: a session that ended, a portal that does not answer, an upstream that is away."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.test_texting import answer_box, asked, bubble, open_newest
from tests.browser.tour import OWNER, number_of, shown, signed_in
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.browser


def test_an_ended_session_leads_to_the_sign_in_page_never_into_a_fragment(open_browser, stack, size):
    page = open_browser(size, person="")
    page.context.add_cookies([one for one in signed_in(stack, OWNER) if one["name"] != "language"])
    pk, _ = number_of(stack, OWNER, "Bureau")
    page.goto(f"/numbers/{pk}/")
    page.get_by_role("region", name="Calls").get_by_role("link", name=re.compile("^Edit")).click()
    expect(page.get_by_role("checkbox", name="Forward calls")).to_be_visible()
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main menu")).to_have_count(0)
    assert "state" not in page.url and "name/" not in page.url  # back to a page, not to a part of one


def test_a_page_that_refreshes_itself_leads_there_too(open_browser, stack):
    page = open_browser(person="")
    page.context.add_cookies([one for one in signed_in(stack, OWNER) if one["name"] != "language"])
    page.goto("/billing/")
    page.context.clear_cookies(name="session")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))


def test_what_was_typed_stays_when_the_portal_does_not_answer(open_browser, stack, size, troubles):
    page = open_browser(size)
    body = f"Still here, {size} {uuid.uuid4().hex[:6]}"
    open_newest(page, stack)
    answer_box(page).fill(body)
    page.context.set_offline(True)
    answer_box(page).press("Enter")
    expect(shown(page).get_by_text("The portal is not answering").first).to_be_visible()
    expect(answer_box(page)).to_have_value(body)
    page.context.set_offline(False)
    expect(
        shown(page).get_by_text("The portal answers again.").first
    ).to_be_visible()  # one of the page's own requests tells
    answer_box(page).press("Enter")
    expect(bubble(page, body).filter(has_text="Sent").first).to_be_visible()
    assert len(asked(stack, body)) == 1
    troubles.found = [one for one in troubles.found if "ERR_INTERNET_DISCONNECTED" not in one and "htmx:" not in one]


def test_two_tabs_do_not_overwrite_each_other(open_browser, stack):
    pk, _ = number_of(stack, OWNER, "Camion 1 - Marc")
    first = open_browser()
    second = first.context.new_page()
    for page in (first, second):
        page.goto(f"/numbers/{pk}/")
        page.get_by_role("region", name="Name and caller ID").get_by_role("link", name=re.compile("^Edit")).click()
        expect(page.get_by_role("textbox", name=re.compile("^Name"))).to_be_visible()
    first.get_by_role("textbox", name=re.compile("^Name")).fill("Camion 1 - Marc B.")
    first.get_by_role("button", name="Save").click()
    expect(first.get_by_role("region", name="Name and caller ID")).to_contain_text("Camion 1 - Marc B.")
    second.get_by_role("textbox", name=re.compile("^Name")).fill("Camion 1")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_role("alert").filter(has_text="changed while you were typing")).to_be_visible()
    expect(second.get_by_role("textbox", name=re.compile("^Name"))).to_have_value("Camion 1")
    expect(second.get_by_role("region", name="Name and caller ID")).to_contain_text("Camion 1 - Marc B.")
    assert not findings(second)


# --- the upstream is away -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_with_the_upstream_away_pages_stay_readable_and_a_text_waits_until_it_is_back(open_browser):
    body = f"Written while it was away {uuid.uuid4().hex[:6]}"
    with Stack(pace=0.05) as stack:
        stack.start()
        page = open_browser(person="", url=stack.base_url)
        page.context.add_cookies([one for one in signed_in(stack, OWNER) if one["name"] != "language"])
        page.goto("/")
        stack.stop("sandbox")
        wait_until(
            lambda: "has not answered since" in reloaded(page), 45, "the banner that the upstream is away", every=1
        )
        assert not findings(page)
        for path in ("/numbers/", "/numbers/ports/", "/numbers/e911/", "/billing/", "/messages/"):
            assert page.goto(path).status == 200
            expect(shown(page).get_by_text("has not answered since").first).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        open_newest(page, stack)
        answer_box(page).fill(body)
        answer_box(page).press("Enter")
        expect(bubble(page, body).filter(has_text="It waits until VoiceMeUp is back").first).to_be_visible(
            timeout=30_000
        )
        assert not findings(page)
        stack.start("sandbox")
        expect(bubble(page, body).filter(has_text="Sent").first).to_be_visible(timeout=60_000)
        assert len(asked(stack, body)) == 1
        page.context.close()


def reloaded(page: Page) -> str:
    page.reload()
    return page.content()
