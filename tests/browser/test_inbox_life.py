"""An inbox that people live in: tasks 2 and 3 within their clicks, by mouse and by keyboard alone; two people at once; nothing typed is lost."""

import re
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import findings
from tests.browser.tour import AGENT, OWNER, account_of, answerable, shown
from tests.messaging.pictures import png
from tests.stack import wait_until
from tests.visitor import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
SOON = 5.0  # seconds until colleagues see each other
# Clicks that a hand makes; a key that presses a button is one of the same name without a place.
COUNT_CLICKS = """addEventListener("click", event => {
    if (event.isTrusted && event.detail > 0) sessionStorage.setItem("clicks", Number(sessionStorage.getItem("clicks") || 0) + 1);
}, true)"""


@pytest.fixture
def conversations(stack) -> list[int]:
    return answerable(stack)


def answer_box(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^Text to"))


def talk(page: Page) -> Locator:
    return page.get_by_role("log", name="Texts")


def list_of(page: Page) -> Locator:
    return page.get_by_role("region", name="Conversations")


def focused(page: Page) -> str:
    return page.evaluate(
        "document.activeElement.id || document.activeElement.name || document.activeElement.textContent.trim()"
    )


def tab_to(page: Page, wanted: Locator, most: int = 60) -> None:
    """With the Tab key alone, as somebody without a mouse."""
    for _ in range(most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {wanted}; it is at {focused(page)}")


def down_to(page: Page, row: str, most: int = 10) -> None:
    """With j alone: the answer to a text of an earlier test may have come in above it."""
    for _ in range(most):
        page.keyboard.press("j")
        if focused(page) == row:
            return
    raise AssertionError(f"j does not reach {row}; it is at {focused(page)}")


def asked(stack, body: str) -> list[dict]:
    return [row for row in stack.sandbox.journal("queue_sms") if row["params"].get("message") == body]


def unread(stack, pk: int) -> None:
    """A new text to read: this conversation alone is unread."""
    stack.rows("UPDATE messaging_thread SET unread = 0 WHERE account_id = ?", account_of(stack, OWNER))
    now = stack.database.moment(datetime.now(UTC))
    stack.rows("UPDATE messaging_thread SET unread = 1, changed_at = ? WHERE id = ?", now, pk)


# --- task 2: read a new text and answer -------------------------------------------------------------------------------


def test_reading_a_new_text_and_answering_takes_two_clicks_and_enter(
    open_browser, stack, conversations, size, measured
):
    """Bell, conversation with the pen in the box, Enter: 8 seconds for a hand."""
    page, body = open_browser(size), f"Task two by mouse on {size}"
    unread(stack, conversations[0 if size == "wide" else 1])
    page.add_init_script(COUNT_CLICKS)
    page.goto("/")
    began = time.monotonic()
    page.locator("#unread-badge").click()
    list_of(page).get_by_role("listitem").first.get_by_role("link").click()
    expect(answer_box(page)).to_be_focused()
    page.keyboard.type(body)
    page.keyboard.press("Enter")
    expect(talk(page).locator(".bubble-out").filter(has_text=body)).to_be_visible()
    measured[f"task 2 by mouse, {size}"] = f"{time.monotonic() - began:.1f} s"
    assert page.evaluate("Number(sessionStorage.getItem('clicks'))") == 2
    wait_until(lambda: len(asked(stack, body)) == 1, 15, "the text upstream")


def test_reading_and_answering_by_keyboard_alone(open_browser, stack, conversations):
    page, body = open_browser("wide"), "Task two by keyboard"
    unread(stack, conversations[2])
    page.goto("/")
    tab_to(page, page.locator("#unread-badge"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/messages/?folder=unread")
    down_to(page, f"thread-{conversations[2]}")
    page.keyboard.press("Enter")
    expect(answer_box(page)).to_be_focused()
    page.keyboard.type(body)
    page.keyboard.press("Enter")
    expect(talk(page).locator(".bubble-out").filter(has_text=body)).to_be_visible()
    assert page.evaluate("location.pathname") == f"/messages/{conversations[2]}/"


# --- task 3: a new text with a picture ----------------------------------------------------------------------------------


def send_from(page: Page, label: str, to: str) -> None:
    """A first text, so that the portal knows which number this person texts from."""
    page.goto("/messages/compose/")
    sender = page.get_by_role("combobox", name="From")
    sender.select_option(sender.locator("option").filter(has_text=label).first.get_attribute("value"))
    page.get_by_label("To", exact=True).fill(to)
    page.get_by_label("Text", exact=True).fill(f"The first from {label}")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(talk(page)).to_contain_text("The first from")


def test_a_new_text_with_a_picture_takes_four_clicks(open_browser, stack, size):
    """The number used last is chosen already."""
    page, body = open_browser(size), f"Task three by mouse on {size}"
    send_from(page, "Camion 1", "438 555-0176")
    page.add_init_script(COUNT_CLICKS)
    page.goto("/messages/")
    page.get_by_role("link", name="New message").click()
    expect(page.get_by_label("To", exact=True)).to_be_focused()
    page.keyboard.type("438 555-0177" if size == "wide" else "438 555-0178")
    page.get_by_label("Text", exact=True).click()
    page.keyboard.type(body)
    with page.expect_file_chooser() as chooser:
        page.get_by_label(re.compile("^Picture")).click()
    chooser.value.set_files({"name": "leak.png", "mimeType": "image/png", "buffer": png()})
    expect(shown(page).get_by_text(re.compile("1 part"))).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(talk(page).locator(".bubble-out").filter(has_text=body).locator("img")).to_be_visible()
    assert page.evaluate("Number(sessionStorage.getItem('clicks'))") <= 4


def test_a_new_text_with_a_picture_by_keyboard_alone(open_browser, stack):
    page, body = open_browser("wide"), "Task three by keyboard"
    send_from(page, "Camion 1", "438 555-0175")
    page.goto("/messages/")
    page.keyboard.press("c")
    expect(page.get_by_label("To", exact=True)).to_be_focused()
    page.keyboard.type("438 555-0179")
    tab_to(page, page.get_by_label("Text", exact=True))
    page.keyboard.type(body)
    tab_to(page, page.get_by_label(re.compile("^Picture")))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files({"name": "leak.png", "mimeType": "image/png", "buffer": png()})
    tab_to(page, page.get_by_role("button", name="Send", exact=True))
    page.keyboard.press("Enter")
    expect(talk(page).locator(".bubble-out").filter(has_text=body).locator("img")).to_be_visible()


# --- two people ---------------------------------------------------------------------------------------------------------


def test_two_people_see_each_others_texts_notes_and_who_is_replying(open_browser, stack, conversations, measured):
    """Done when 4: within five seconds, in both directions."""
    pk = conversations[3]
    owner, agent = open_browser("wide"), open_browser("wide", person=AGENT)
    for page in (owner, agent):
        page.goto(f"/messages/{pk}/")
    for writer, reader, name in ((agent, owner, "Théo"), (owner, agent, "Camille")):
        body = f"From {name}, to be seen by both"
        answer_box(writer).press_sequentially(body[:9])
        began = time.monotonic()
        expect(talk(reader).get_by_text(f"{name} is replying…")).to_be_visible(timeout=SOON * 1000)
        measured[f"{name} is replying"] = f"{time.monotonic() - began:.1f} s"
        assert not shown(writer).get_by_text("is replying…").is_visible()
        answer_box(writer).fill(body)
        answer_box(writer).press("Enter")
        expect(talk(writer).locator(".bubble-out").filter(has_text=body)).to_be_visible()
        began = time.monotonic()
        expect(talk(reader).locator(".bubble-out").filter(has_text=body)).to_be_visible(timeout=SOON * 1000)
        measured[f"text of {name}"] = f"{time.monotonic() - began:.1f} s"
        expect(reader.get_by_text(f"{name} is replying…")).to_be_hidden()

    owner.get_by_text("Add a note for colleagues").click()
    owner.get_by_role("textbox", name=re.compile("^Note")).fill("He pays cash")
    owner.get_by_role("button", name="Keep the note").click()
    note = talk(agent).locator(".note")
    expect(note).to_contain_text("He pays cash", timeout=SOON * 1000)
    expect(note).to_contain_text("Note by Camille Lachance, never sent")
    assert not findings(agent) and not findings(owner)
    assert "He pays cash" not in str(stack.sandbox.journal())
    talk(owner).get_by_role("button", name="Delete note").click()
    expect(note).to_have_count(0, timeout=SOON * 1000)
    answer_box(agent).fill("After the note")  # what the next look tells also speaks of a note that neither page has now
    answer_box(agent).press("Enter")
    expect(talk(owner).locator(".bubble-out").filter(has_text="After the note")).to_be_visible(timeout=SOON * 1000)


def test_a_conversation_is_given_to_a_colleague_who_sees_it(open_browser, stack, conversations):
    owner, agent = open_browser("wide"), open_browser("wide", person=AGENT)
    agent.goto(f"/messages/{conversations[4]}/")
    owner.goto(f"/messages/{conversations[4]}/")
    owner.locator(".assign summary").click()
    owner.get_by_role("button", name="Théo Girard").click()
    expect(owner.locator("#assigned")).to_have_text("Théo Girard")
    expect(agent.locator("#assigned")).to_have_text("Assigned to you", timeout=SOON * 1000)
    expect(agent.locator(f"#thread-{conversations[4]}")).to_contain_text("Assigned to you")
    agent.goto("/messages/?folder=mine")
    expect(agent.locator(f"#thread-{conversations[4]}")).to_be_visible()


# --- nothing typed is lost -----------------------------------------------------------------------------------------------


def test_a_draft_is_there_again_in_another_browser_and_gone_once_sent(open_browser, stack, conversations):
    pk, body = conversations[5], "I will look it up and"
    first, second = open_browser("wide"), open_browser("phone")
    first.goto(f"/messages/{pk}/")
    answer_box(first).press_sequentially(body)
    first.goto("/billing/")  # at once: what was typed last is kept on leaving
    wait_until(
        lambda: stack.rows("SELECT 1 FROM messaging_draft WHERE thread_id = ? AND body = ?", pk, body), 10, "the draft"
    )
    second.goto(f"/messages/{pk}/")
    expect(answer_box(second)).to_have_value(body)
    answer_box(second).press_sequentially(" call you")
    answer_box(second).press("Enter")
    expect(talk(second).locator(".bubble-out").filter(has_text=f"{body} call you")).to_be_visible()
    first.goto(f"/messages/{pk}/")
    expect(answer_box(first)).to_have_value("")


def sign_in_again(page: Page) -> None:
    page.get_by_label("E-mail").fill(OWNER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def end_session(page: Page) -> None:
    """As if it ran out elsewhere: the page knows nothing of it yet."""
    page.context.clear_cookies(name="session")


@pytest.fixture
def alone(browser, stack, troubles) -> Page:
    """A session of this test's own, which it may end."""
    context = browser.new_context(base_url=stack.base_url, viewport={"width": 1280, "height": 900}, locale="en-CA")
    context.set_default_timeout(10_000)
    page = context.new_page()
    troubles.watch(page)
    page.goto("/accounts/login/")
    sign_in_again(page)
    page.wait_for_url(re.compile(r"/$"))
    yield page
    context.close()


def test_what_is_typed_outlives_the_end_of_a_session_in_a_conversation(alone, stack, conversations):
    alone.goto(f"/messages/{conversations[6]}/")
    alone.get_by_label("Name of the contact").fill("Typed, never saved")
    end_session(alone)
    answer_box(alone).fill("Half a sentence, and th")
    alone.wait_for_url("**/accounts/login/**")
    sign_in_again(alone)
    alone.wait_for_url(f"**/messages/{conversations[6]}/")
    expect(answer_box(alone)).to_have_value("Half a sentence, and th")
    expect(alone.get_by_label("Name of the contact")).to_have_value("Typed, never saved")
    expect(shown(alone).get_by_text("What you typed is here again.")).to_be_visible()


def test_what_is_typed_outlives_the_end_of_a_session_in_a_form(alone):
    alone.goto("/messages/compose/")
    alone.get_by_label("To", exact=True).fill("438 555-0180")
    alone.get_by_label("Text", exact=True).fill("A long text that took a while")
    end_session(alone)
    alone.get_by_role("button", name="Send", exact=True).click()
    alone.wait_for_url("**/accounts/login/**")
    sign_in_again(alone)
    alone.wait_for_url(re.compile(r"/(messages/compose/)?$"))
    if not alone.url.endswith("/compose/"):
        alone.goto("/messages/compose/")
    expect(alone.get_by_label("Text", exact=True)).to_have_value("A long text that took a while")
    expect(alone.get_by_label("To", exact=True)).to_have_value("438 555-0180")


# --- keys ---------------------------------------------------------------------------------------------------------------


def test_keys_move_check_archive_and_are_told(open_browser, stack):
    page = open_browser("wide")
    page.goto("/messages/")
    rows = list_of(page).locator(".thread")
    ids = [row.get_attribute("id") for row in rows.all()[:4]]
    for key, index in (("j", 0), ("j", 1), ("ArrowDown", 2), ("k", 1), ("ArrowUp", 0), ("k", 0)):
        page.keyboard.press(key)
        expect(page.locator(f"#{ids[index]}")).to_be_focused()
    assert page.evaluate("document.querySelectorAll('.thread[tabindex=\"0\"]').length") == 1
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(shown(page).get_by_text("2 chosen")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert not findings(page)
    page.keyboard.press("j")  # a dialog is read, the list behind it rests
    page.keyboard.press("Escape")
    expect(page.locator(f"#{ids[1]}")).to_be_focused()
    page.keyboard.press("u")
    expect(shown(page).get_by_text(re.compile("conversations? marked as unread"))).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("e")
    expect(shown(page).get_by_text("1 conversation archived.")).to_be_visible()
    gone = next(pk for pk in ids if not page.locator(f"#{pk}").count())
    expect(page.locator(".thread:focus")).to_have_count(1)  # the hand stays in the list
    page.goto("/messages/?folder=archived")
    page.locator(f"#{gone}").focus()
    page.keyboard.press("e")
    expect(shown(page).get_by_text("1 conversation is back.")).to_be_visible()


def test_no_key_does_anything_while_somebody_types(open_browser, conversations):
    page = open_browser("wide")
    page.goto(f"/messages/{conversations[0]}/")
    expect(answer_box(page)).to_be_focused()
    page.keyboard.type("jke?u/rx")
    expect(answer_box(page)).to_have_value("jke?u/rx")
    assert page.url.endswith(f"/messages/{conversations[0]}/") and not page.get_by_role("dialog").is_visible()
    answer_box(page).fill("")
    talk(page).focus()
    page.keyboard.press("r")
    expect(answer_box(page)).to_be_focused()
    expect(answer_box(page)).to_have_value("")
    talk(page).focus()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search texts, names and numbers")).to_be_focused()


def test_checked_rows_outlive_a_refresh_of_the_list(open_browser, stack, conversations):
    page = open_browser("wide")
    page.goto("/messages/")
    box = list_of(page).get_by_role("checkbox").nth(1)
    box.check()
    mark = page.locator("#threads").get_attribute("hx-vals")
    stack.rows(
        "UPDATE messaging_thread SET changed_at = ? WHERE id = ?",
        stack.database.moment(datetime.now(UTC)),
        conversations[0],
    )
    expect(page.locator("#threads")).not_to_have_attribute("hx-vals", mark)
    expect(box).to_be_checked()
    expect(shown(page).get_by_text("1 chosen")).to_be_visible()
    assert not findings(page)


# --- search -------------------------------------------------------------------------------------------------------------


def test_a_hit_is_marked_and_in_sight(open_browser, size):
    page = open_browser(size)
    page.goto("/messages/")
    search = page.get_by_role("searchbox", name="Search texts, names and numbers")
    search.fill("facture")
    search.press("Enter")
    expect(list_of(page).locator("mark").first).to_have_text(re.compile("facture", re.IGNORECASE))
    list_of(page).get_by_role("listitem").first.get_by_role("link").click()
    hit = talk(page).locator("#hit")
    expect(hit).to_be_in_viewport()
    expect(hit.locator("mark").first).to_have_text(re.compile("facture", re.IGNORECASE))
    assert not findings(page)


def test_days_are_picked(open_browser, size):
    page = open_browser(size)
    page.goto("/messages/")
    page.get_by_label("Days", exact=True).click()
    page.get_by_label("From", exact=True).fill("2001-01-01")
    page.get_by_label("To", exact=True).fill("2001-01-02")
    assert not findings(page)
    page.get_by_role("search").get_by_role("button", name="Search").click()
    expect(shown(page).get_by_text("Nothing found")).to_be_visible()


# --- without script -------------------------------------------------------------------------------------------------------


def test_without_script_rows_are_checked_and_a_note_is_kept(open_browser, conversations):
    page = open_browser("wide", java_script_enabled=False)
    page.goto("/messages/")
    bar = page.get_by_role("form", name="Checked conversations")
    expect(bar).to_be_hidden()
    list_of(page).get_by_role("checkbox").first.check()
    bar.get_by_role("button", name="Mark as unread").click()
    expect(shown(page).get_by_text("1 conversation marked as unread.")).to_be_visible()
    page.goto(f"/messages/{conversations[7]}/")
    page.get_by_text("Add a note for colleagues").click()
    page.get_by_role("textbox", name=re.compile("^Note")).fill("Kept without script")
    page.get_by_role("button", name="Keep the note").click()
    expect(talk(page).locator(".note").filter(has_text="Kept without script")).to_be_visible()
    talk(page).get_by_role("button", name="Delete note").click()
    expect(talk(page).locator(".note").filter(has_text="Kept without script")).to_have_count(0)
