"""Ports in the browser, within the clicks that USERS.md sets (tasks 7, 8 and 9): put together page by page in two languages,
followed from the home page, repaired from the mail that tells of its rejection."""

import email
import re
import time
from email import policy

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.test_ordering import Hand
from tests.browser.tour import shown
from tests.stack import Stack, wait_until
from tests.visitor import PASSWORD

pytestmark = pytest.mark.browser
BILL = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
PROVIDER = "Cablo-Est"
WORDS = {
    "en": {
        "start": "Start a port", "numbers": "Numbers to bring over", "good": "Leave the others out and go on with 1 number",
        "name": "Name of this request", "on": "Continue", "provider": "Current provider", "bill_name": "Name on the bill",
        "bill": "Recent bill", "sign": "Sign it on screen", "full_name": "Your full name", "agree": "I may decide",
        "do_sign": "Sign", "calls": "Calls at the same time", "keep": "I will not cancel my old service", "submit": "Submit",
        "handed": "Handed in.", "ports": "Ports under way", "waits": "Waiting on",
        "again": "Submit again", "refused": "Refused by the losing carrier", "ported": "Ported", "five": "Page 5 of 5",
        "tell": "Also tell", "waits_you": "Waiting on you",
    },
    "fr": {
        "start": "Demander un transfert", "numbers": "Numéros à transférer", "good": "Laisser les autres de côté et continuer avec 1 numéro",
        "name": "Nom de cette demande", "on": "Continuer", "provider": "Fournisseur actuel", "bill_name": "Nom sur la facture",
        "bill": "Facture récente", "sign": "La signer à l’écran", "full_name": "Votre nom complet", "agree": "Je peux décider",
        "do_sign": "Signer", "calls": "Appels simultanés", "keep": "Je n’annulerai pas mon ancien service", "submit": "Transmettre",
        "handed": "Demande transmise.", "ports": "Transferts en cours", "waits": "En attente de",
        "again": "Transmettre de nouveau", "refused": "Refusée par l’ancien fournisseur", "ported": "Transférée", "five": "Page 5 de 5",
        "tell": "Aviser aussi", "waits_you": "En attente de vous",
    },
}  # fmt: skip
NOT_OURS = range(184, 198)  # nobody here has these of 450 555-0xxx, and upstream would bring them over


def free_number(stack: Stack) -> str:
    """One that no other request has, not even that of an earlier try."""
    taken = str(stack.rows("SELECT numbers FROM numbers_portrequest"))
    taken += str(stack.rows("SELECT number FROM numbers_number"))
    return next(f"450 555-0{last}" for last in NOT_OURS if f"+14505550{last}" not in taken)


def confirm(page: Page, words: dict) -> None:
    """Who signed in long ago is asked who they are; everything is kept, what was ticked too."""
    page.wait_for_url(lambda url: "/review/" not in url)
    if "/reauthenticate/" in page.url:
        page.locator("input[type=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/review/")
        page.get_by_role("button", name=words["submit"], exact=True).click()


def put_together(page: Page, words: dict, number: str, hand: Hand, title: str) -> None:
    """Five pages: what is not typed is clicked, and each click counts."""
    hand.click(page.get_by_role("link", name=words["start"]).first)
    page.get_by_label(words["numbers"]).fill(f"{number}\n450 555-01")
    page.get_by_label(words["name"]).fill(title)
    hand.click(page.get_by_role("button", name=words["on"]))
    assert not findings(page)
    hand.click(page.get_by_role("button", name=words["good"]))  # the good one goes on alone
    page.get_by_label(words["provider"]).fill(PROVIDER)  # the page opens by itself once the upstream has answered
    page.get_by_label(words["bill_name"]).fill("Plomberie Lachance inc.")
    assert not findings(page)
    hand.click(page.get_by_role("button", name=words["on"]))
    page.wait_for_url("**/address/")  # loaded, with its script
    hand.click(page.locator(".port-addresses button").first)  # the address is copied from file
    hand.click(page.get_by_role("button", name=words["on"]))
    hand.click(page.get_by_role("link", name=words["sign"]))
    page.get_by_label(words["full_name"]).fill("Marie Lachance")
    hand.click(page.get_by_role("checkbox", name=re.compile(f"^{words['agree']}")))
    assert not findings(page)
    hand.click(page.get_by_role("button", name=words["do_sign"], exact=True))
    page.get_by_label(words["bill"]).set_input_files(
        {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": BILL}
    )
    hand.click(page.get_by_role("button", name=words["on"]))
    expect(shown(page).get_by_text(words["five"])).to_be_visible()
    page.get_by_label(words["calls"]).select_option("1-2")
    hand.click(page.get_by_role("checkbox", name=re.compile(f"^{words['keep']}")))
    assert not findings(page)
    hand.click(page.get_by_role("button", name=words["submit"], exact=True))
    confirm(page, words)


@pytest.mark.parametrize("language", list(WORDS))
def test_a_port_is_started_followed_refused_repaired_and_done(open_browser, stack, language):
    """USERS tasks 7, 8 and 9: five pages; no click to see where it is; two clicks from the mail to handed in again."""
    words, hand, number = WORDS[language], Hand(), free_number(stack)
    title = f"Atelier {number[-3:]}"
    page: Page = open_browser("wide" if language == "en" else "phone", language=language)
    page.goto("/numbers/ports/")
    begun, since = time.monotonic(), stack.sandbox.now()
    put_together(page, words, number, hand, title)
    expect(shown(page).get_by_text(words["handed"])).to_be_visible()
    assert time.monotonic() - begun < 240 and hand.clicks <= 12
    there, pon = page.url, named(page)
    (sent,) = [row["params"] for row in stack.sandbox.journal("update_port_request", since=since)]
    assert sent["phone_numbers"] == re.sub(r"\D", "", number) and sent["current_provider"] == PROVIDER

    page.goto("/")  # where is my port?
    card = page.get_by_role("region", name=words["ports"])
    expect(card.get_by_role("listitem").filter(has_text=title)).to_contain_text(words["waits"])

    reason = f"Account name mismatch: {title} is not the name on file with the current provider."
    stack.sandbox.control("port-request", {"pon": pon, "status": "rejected_by_provider", "rejection_reason": reason})
    link = wait_until(lambda: link_in_mail(stack, reason, there), 60, "the mail of the rejection")
    repairing = Hand()
    repairing.clicks += 1  # the link in the mail
    page.goto(link)
    field = page.get_by_label(words["bill_name"])
    expect(field).to_be_focused()
    expect(shown(page).get_by_text(reason)).to_be_visible()
    assert not findings(page)
    field.fill("Plomberie Lachance")
    repairing.click(page.get_by_role("button", name=words["again"]).first)
    expect(shown(page).get_by_text(words["handed"])).to_be_visible()
    assert repairing.clicks == 2
    (again,) = [row["params"] for row in stack.sandbox.journal("update_port_request", since=since)][1:]
    assert again["organization"] == "Plomberie Lachance" and again["phone_numbers"] == sent["phone_numbers"]

    for status in ("sent_to_provider", "completed"):
        stack.sandbox.control("port-request", {"pon": pon, "status": status})
    expect(page.get_by_role("heading", name=words["ported"], exact=True)).to_be_visible(timeout=60_000)
    assert not findings(page)


def named(page: Page) -> str:
    """Its PON, once upstream has it."""
    for _again in range(20):
        if found := re.search(r"PON\d{8}", page.locator(".page-head").inner_text()):
            return found[0]
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError("upstream gave it no PON")


def link_in_mail(stack: Stack, reason: str, port_url: str) -> str:
    """The link of the mail that tells of this very port's rejection, "" while there is none."""
    path = port_url.split("/numbers/")[1]
    for file in sorted((stack.folder / "var" / "mail").glob("*")) if (stack.folder / "var" / "mail").exists() else ():
        for raw in file.read_bytes().split(b"\n" + b"-" * 79):
            body = email.message_from_bytes(raw.strip(), policy=policy.default).get_content()
            found = re.search(r"http\S+/edit/#id_\w+", body)
            if found and reason in body and path in body:
                return found[0]
    return ""
