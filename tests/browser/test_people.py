"""Coming in, changing the language, two-step sign-in, and working without a mouse."""

import base64
import hmac
import re
import struct
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.tour import OWNER, RESELLER, shown
from tests.visitor import PASSWORD

pytestmark = pytest.mark.browser


def sign_in(page: Page, person: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(person)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_signing_in_shows_the_balance_and_its_age(open_browser, size):
    page = open_browser(size, person="")
    sign_in(page, OWNER, "not the password")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value(OWNER)
    assert not findings(page)
    sign_in(page, OWNER)
    expect(page.get_by_role("heading", level=1, name="Plomberie Lachance inc.")).to_be_visible()
    balance = page.get_by_role("region", name="Balances").get_by_role("listitem").filter(has_text="VoiceMeUp")
    expect(balance).to_contain_text(re.compile(r"\$\d+\.\d\d\sCAD"))
    expect(balance).to_contain_text(re.compile(r"just now|\d+ min ago"))
    assert not findings(page)


def test_the_language_changes_and_the_page_stays(page, size):
    page.goto("/numbers/?q=Camion")
    if size == "phone":
        page.get_by_role("navigation", name="Main menu").get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Français").locator("visible=true").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page).to_have_url(re.compile(r"/numbers/\?q=Camion$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Numéros")
    expect(page.get_by_role("link", name="Accueil").locator("visible=true")).to_be_visible()
    page.goto("/billing/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Facturation")
    expect(shown(page).get_by_text(re.compile(r"\d+,\d\d\s\$ CAD|\d+,\d\d\s\$")).first).to_be_visible()
    if size == "phone":
        page.get_by_role("navigation", name="Menu principal").get_by_text("Plus", exact=True).click()
    page.get_by_role("button", name="English").locator("visible=true").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


# --- without a mouse -----------------------------------------------------------------------------------------------------


def test_everything_can_be_reached_with_the_keyboard(page, size):
    page.goto("/numbers/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    for _ in range(4):  # past the page's own buttons
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "id_q":
            break
    expect(page.get_by_role("searchbox", name="Find a number")).to_be_focused()
    page.get_by_role("main").focus()
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name=re.compile("^Search numbers"))
    expect(search).to_be_focused()
    page.keyboard.type("Soumissions")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Numbers").get_by_role("link").first).to_contain_text(
        "514 555-0105".replace(" ", "\xa0")
    )


def test_a_text_is_written_and_sent_with_the_keyboard_alone(page, stack, size):
    body = f"Typed by hand, {size}"
    page.goto("/messages/")
    page.get_by_role("main").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        if "/messages/" in (page.evaluate("document.activeElement.getAttribute('href')") or "") and page.evaluate(
            "document.activeElement.id"
        ).startswith("thread-"):
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/messages/\d+/"))
    box = page.get_by_role("textbox", name=re.compile("^Text to"))
    expect(box).to_be_focused()
    page.keyboard.type(body[:6])
    page.keyboard.press("Shift+Enter")
    page.keyboard.type(body[6:])
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text(body[6:].strip()).first).to_be_visible()
    expect(box).to_have_value("")
    expect(box).to_be_focused()


def test_focus_is_seen_wherever_it_goes(page):
    page.goto("/messages/compose/")
    page.get_by_role("main").focus()
    for _ in range(6):
        page.keyboard.press("Tab")
        shown = page.evaluate("""() => { const style = getComputedStyle(document.activeElement.closest('.search') || document.activeElement);
            return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }""")
        assert shown, page.evaluate("document.activeElement.outerHTML")


# --- two-step sign-in ----------------------------------------------------------------------------------------------------


def code_of(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def test_two_step_sign_in_from_setting_it_up_to_turning_it_off(open_browser):
    """Every page of it, as people meet them; axe looks at each."""
    page = open_browser(person="")
    sign_in(page, RESELLER)
    expect(page.get_by_role("heading", level=1, name="Boréal Communications")).to_be_visible()
    page.goto("/accounts/2fa/totp/activate/")
    confirm(page)
    secret = page.locator(".secret, [data-secret]").first.text_content().strip()
    page.get_by_label("Code").fill("000000")
    page.get_by_label("Code").press("Enter")
    expect(page.get_by_label("Code")).to_have_attribute("aria-invalid", "true")
    assert not findings(page)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_label("Code").press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes").first).to_be_visible()
    assert not findings(page)
    page.goto("/accounts/2fa/")
    assert not findings(page)
    page.goto("/accounts/2fa/recovery-codes/generate/")
    assert not findings(page)

    again = open_browser(person="")
    sign_in(again, RESELLER)
    expect(again.get_by_label("Code")).to_be_visible()
    assert not findings(again)
    again.get_by_label("Code").fill(code_of(secret))
    again.get_by_label("Code").press("Enter")
    expect(again.get_by_role("heading", level=1, name="Boréal Communications")).to_be_visible()
    page.goto("/accounts/2fa/totp/deactivate/")
    assert not findings(page)
    page.get_by_role("main").get_by_role("button").last.click()
    page.goto("/accounts/2fa/")
    expect(page.get_by_role("link", name="Set it up")).to_be_visible()


def confirm(page: Page) -> None:
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
