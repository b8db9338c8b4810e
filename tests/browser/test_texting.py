"""Texting as people do it: reading and answering, live arrival, what a form refuses, a double click."""

import re
import time
import uuid
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.tour import OWNER, answerable, number_of, shown
from tests.messaging.pictures import png
from tests.stack import wait_until

pytestmark = pytest.mark.browser
SOON = 5.0  # seconds in which an answer has to be on the screen once it reached the portal


def texts(page: Page) -> Locator:
    return page.get_by_role("log", name="Texts")


def answer_box(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^Text to"))


def bubble(page: Page, text: str) -> Locator:
    """The text with its time and state."""
    return texts(page).locator(".talk-item").filter(has_text=text)


def asked(stack, body: str) -> list[dict]:
    return [row for row in stack.sandbox.journal("queue_sms") if row["params"].get("message") == body]


def moment(stored) -> float:
    """A time of the database, which is a text in SQLite, in seconds."""
    value = datetime.fromisoformat(str(stored))
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()


def text_comes_in(stack, label: str, contact: str, body: str) -> None:
    _, number = number_of(stack, OWNER, label)
    stack.sandbox.control("inbound-sms", {"from": contact, "to": number, "message": body, "automatic": True})


def open_newest(page: Page, stack) -> None:
    page.goto(f"/messages/{answerable(stack)[0]}/")
    expect(answer_box(page)).to_be_focused()


def test_an_answer_goes_out_with_enter_and_the_next_one_comes_in_by_itself(page, stack, size, measured):
    """Done when 1 and 6: one text upstream, and the other side's answer in the open conversation within 5 seconds."""
    body = f"Are you still at the shop on {size}?"
    open_newest(page, stack)
    answer_box(page).fill(body)
    answer_box(page).press("Enter")
    sent_at = time.time()
    expect(bubble(page, body).first).to_be_visible()
    expect(answer_box(page)).to_have_value("")
    expect(answer_box(page)).to_be_focused()
    answer = texts(page).locator(".bubble:not(.bubble-out)").filter(has_text=body.rstrip("?"))
    expect(answer).to_be_visible()
    shown_at = time.time()
    expect(bubble(page, body).filter(has_text="Sent")).to_be_visible()
    assert len(asked(stack, body)) == 1

    came_at = stack.value("SELECT max(received_at) FROM providers_webhookrequest")
    since = shown_at - moment(came_at)
    measured[f"answer, {size}"] = f"{shown_at - sent_at:.1f} s after Enter, {since:.1f} s after it reached the portal"
    assert since < SOON


def test_a_text_that_comes_in_raises_the_count_on_every_page(page, stack, size):
    page.goto("/billing/")
    bell = page.get_by_role("link", name=re.compile(r"unread", re.IGNORECASE)).first
    expect(bell).to_have_attribute("data-unread", re.compile(r"\d"))
    before = int(bell.get_attribute("data-unread"))
    text_comes_in(
        stack, "Soumissions", "+15145550161" if size == "wide" else "+15145550162", f"Anybody there on {size}?"
    )
    expect(bell).to_have_attribute("data-unread", str(before + 1))
    expect(page).to_have_title(re.compile(rf"^\({before + 1}\) Billing"))
    expect(page.get_by_role("link", name=re.compile("^Messages")).first).to_contain_text(str(before + 1))
    bell.click()
    expect(shown(page).get_by_text(f"Anybody there on {size}?").first).to_be_visible()


def test_reading_lowers_the_count(page, stack, size):
    contact = "+15145550163" if size == "wide" else "+15145550164"
    text_comes_in(stack, "Rive-Sud", contact, f"Please call me, {size}")
    page.goto("/messages/?folder=unread")
    row = page.get_by_role("link").filter(has_text=f"Please call me, {size}")
    expect(row).to_be_visible()
    row.click()
    expect(bubble(page, f"Please call me, {size}")).to_be_visible()
    wait_until(
        lambda: stack.value("SELECT unread FROM messaging_thread WHERE contact_number = ?", contact) == 0,
        10,
        "the text being read",
    )


# --- what is refused, and where it says so ------------------------------------------------------------------------------


def test_an_empty_text_does_not_go_out(page, stack):
    open_newest(page, stack)
    before = len(stack.sandbox.journal("queue_sms"))
    answer_box(page).press("Enter")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="Write a text or add a picture.")).to_be_visible()
    expect(answer_box(page)).to_be_focused()
    assert len(stack.sandbox.journal("queue_sms")) == before


def test_too_long_a_text_is_told_while_typing_and_stays_in_the_box(page, stack, size):
    body = f"{size} " * 205
    open_newest(page, stack)
    answer_box(page).fill(body)
    expect(page.locator("#count").filter(has_text="Too long: at most 1,000 characters")).to_be_visible()
    answer_box(page).press("Enter")
    expect(page.get_by_role("alert").filter(has_text="too long")).to_be_visible()
    expect(answer_box(page)).to_have_value(body)


def test_parts_and_their_cause_are_told_while_typing(page, stack):
    open_newest(page, stack)
    answer_box(page).fill("Merci, c’est noté ê")
    status = page.locator("#count").filter(has_text="Parts are shorter because of")
    expect(status).to_contain_text("ê")
    page.get_by_role("button", name="Use plain letters").click()
    expect(answer_box(page)).to_have_value("Merci, c'est noté e")


def test_only_numbers_that_can_text_are_offered(page):
    page.goto("/messages/compose/")
    offered = page.get_by_role("combobox", name="From").locator("option").all_inner_texts()
    assert any("Bureau" in one for one in offered)
    assert not any(word in one for one in offered for word in ("Comptabilité", "Sans frais", "Entrepôt"))


def test_a_wrong_number_is_told_at_its_field_and_nothing_typed_is_lost(page):
    page.goto("/messages/compose/")
    page.get_by_label("Text", exact=True).fill("This stays here")
    for typed, said in (
        ("514 555-01", "too few digits"),
        ("911", "short numbers such as 911"),
        ("514 000-0000", "cannot be right"),
    ):
        page.get_by_label("To", exact=True).fill(typed)
        page.get_by_role("button", name="Send", exact=True).click()
        field = page.get_by_label("To", exact=True)
        expect(field).to_have_accessible_description(re.compile(said))
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_be_focused()
        expect(field).to_have_value(typed)
        expect(page.get_by_label("Text", exact=True)).to_have_value("This stays here")


def test_a_file_that_is_no_picture_is_refused_and_the_text_kept(page, stack):
    body = "Here is the plan"
    open_newest(page, stack)
    answer_box(page).fill(body)
    page.get_by_text("Add a picture").click()
    page.get_by_label("Picture", exact=True).set_input_files(
        {"name": "plan.docx", "mimeType": "application/msword", "buffer": b"PK\3\4 no picture"}
    )
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="not a JPEG, PNG or GIF")).to_be_visible()
    expect(answer_box(page)).to_have_value(body)
    assert not asked(stack, body)


# --- sent once -----------------------------------------------------------------------------------------------------------


PASTE = """(area, bytes) => {
  const held = new DataTransfer();
  held.items.add(new File([new Uint8Array(bytes)], "leak.png", { type: "image/png" }));
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }));
}"""


def test_a_picture_is_pasted_seen_described_and_goes_out(page, stack, size):
    """C8, task 3: pasted into the text, with a preview, asked what it shows."""
    body = f"Look at this leak on {size}"
    open_newest(page, stack)
    answer_box(page).evaluate(PASTE, list(png()))
    expect(page.get_by_role("img", name="leak.png")).to_be_visible()
    page.get_by_label("What the picture shows").fill("A pipe that drips")
    answer_box(page).fill(body)
    answer_box(page).press("Enter")
    expect(bubble(page, body).get_by_role("img", name="A pipe that drips")).to_be_visible()
    expect(page.get_by_role("img", name="leak.png")).to_have_count(0)
    (sent,) = wait_until(lambda: asked(stack, body))
    assert [one["filename"] for one in sent["params"]["attachments"]] == ["leak.png"]


def test_a_double_click_sends_one_text(page, stack, size):
    body = f"Once only, {size} {uuid.uuid4().hex[:6]}"
    page.goto("/messages/compose/")
    page.get_by_role("combobox", name="From").select_option(number_of(stack, OWNER, "Bureau")[1])
    page.get_by_label("To", exact=True).fill("438 555-0171" if size == "wide" else "438 555-0172")
    page.get_by_label("Text", exact=True).fill(body)
    page.get_by_role("button", name="Send", exact=True).dblclick()
    expect(bubble(page, body).filter(has_text="Sent").first).to_be_visible()
    time.sleep(1)
    assert len(asked(stack, body)) == 1


def test_two_clicks_in_an_open_conversation_send_one_text(page, stack, size):
    body = f"Only once here, {size} {uuid.uuid4().hex[:6]}"
    open_newest(page, stack)
    answer_box(page).fill(body)
    page.get_by_role("button", name="Send", exact=True).dblclick()
    expect(bubble(page, body).filter(has_text="Sent").first).to_be_visible()
    time.sleep(1)
    assert len(asked(stack, body)) == 1
