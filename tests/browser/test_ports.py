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
from tests.stack import Stack, wait_until
from tests.visitor import PASSWORD

pytestmark = pytest.mark.browser
BILL = b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
NUMBERS = {"wide": ("450 555-0141", "+14505550141"), "phone": ("450 555-0142", "+14505550142")}
PROVIDER = "Cablo-Est"
WORDS = {
    "en": {
        "start": "Start a port", "numbers": "Numbers to bring over", "good": "Leave the others out and go on with 1 number",
        "name": "Name of this request", "on": "Continue", "provider": "Current provider", "bill_name": "Name on the bill",
        "bill": "Recent bill", "sign": "Sign it on screen", "full_name": "Your full name", "agree": "I may decide",
        "do_sign": "Sign", "calls": "Calls at the same time", "keep": "I will not cancel my old service", "submit": "Submit",
        "handed": "Handed in.", "checked": "Submitted, being checked", "ports": "Ports under way", "waits": "Waiting on us",
        "again": "Submit again", "refused": "Refused by the losing carrier", "ported": "Ported", "five": "Page 5 of 5",
        "tell": "Also tell", "waits_you": "Waiting on you",
    },
    "fr": {
        "start": "Demander un transfert", "numbers": "Numéros à transférer", "good": "Laisser les autres de côté et continuer avec 1 numéro",
        "name": "Nom de cette demande", "on": "Continuer", "provider": "Fournisseur actuel", "bill_name": "Nom sur la facture",
        "bill": "Facture récente", "sign": "La signer à l’écran", "full_name": "Votre nom complet", "agree": "Je peux décider",
        "do_sign": "Signer", "calls": "Appels simultanés", "keep": "Je n’annulerai pas mon ancien service", "submit": "Transmettre",
        "handed": "Demande transmise.", "checked": "Transmise, en vérification", "ports": "Transferts en cours", "waits": "En attente de nous",
        "again": "Transmettre de nouveau", "refused": "Refusée par l’ancien fournisseur", "ported": "Transférée", "five": "Page 5 de 5",
        "tell": "Aviser aussi", "waits_you": "En attente de vous",
    },
}  # fmt: skip
EACH = pytest.mark.parametrize(
    ("language", "size", "number"), [("en", "wide", "450 555-0181"), ("fr", "phone", "450 555-0182")]
)


def confirm(page: Page) -> None:
    """Where somebody signed in long ago, they are asked who they are; everything is kept."""
    if "/reauthenticate/" in page.url:
        page.locator("input[type=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)
        page.get_by_role("button", name=re.compile("^(Submit|Transmettre)")).last.click()


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
    expect(page.get_by_text(words["five"])).to_be_visible()
    page.get_by_label(words["calls"]).select_option("1-2")
    hand.click(page.get_by_role("checkbox", name=re.compile(f"^{words['keep']}")))
    assert not findings(page)
    hand.click(page.get_by_role("button", name=words["submit"], exact=True))
    confirm(page)


@EACH
def test_a_port_is_started_followed_refused_repaired_and_done(open_browser, stack, language, size, number):
    """USERS tasks 7, 8 and 9, done when 1 and 3."""
    words, hand, title = WORDS[language], Hand(), f"Atelier {language}"
    page: Page = open_browser(size, language=language)
    page.goto("/numbers/ports/")
    begun, since = time.monotonic(), stack.sandbox.now()
    put_together(page, words, number, hand, title)
    expect(page.get_by_text(words["handed"])).to_be_visible()
    assert time.monotonic() - begun < 240 and hand.clicks <= 12
    expect(page.get_by_role("heading", name=words["checked"])).to_be_visible(timeout=20_000)
    (sent,) = [row["params"] for row in stack.sandbox.journal("update_port_request", since=since)]
    assert sent["phone_numbers"] == re.sub(r"\D", "", number) and sent["current_provider"] == PROVIDER
    there = page.url

    page.goto("/")  # task 8: where is my port? No click at all
    card = page.get_by_role("region", name=words["ports"])
    expect(card.get_by_role("listitem").filter(has_text=title)).to_contain_text(words["waits"])

    pon = stack.value("SELECT pon FROM numbers_portrequest WHERE title = ?", title)
    reason = "Account name mismatch: the name on file with the current provider is different."
    stack.sandbox.control("port-request", {"pon": pon, "status": "rejected_by_provider", "rejection_reason": reason})
    link = wait_until(lambda: link_in_mail(stack, reason, there), 60, "the mail of the rejection")
    repairing = Hand()
    repairing.clicks += 1  # the link in the mail
    page.goto(link)
    field = page.get_by_label(words["bill_name"])
    expect(field).to_be_focused()
    expect(page.get_by_text(reason)).to_be_visible()
    assert not findings(page)
    field.fill("Plomberie Lachance")
    repairing.click(page.get_by_role("button", name=words["again"]).first)
    confirm(page)
    expect(page.get_by_role("heading", name=words["checked"])).to_be_visible(timeout=20_000)
    assert repairing.clicks == 2
    for status in ("sent_to_provider", "completed"):
        stack.sandbox.control("port-request", {"pon": pon, "status": status})
    expect_after_reloading(page, words["ported"])
    assert not findings(page)


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


def expect_after_reloading(page: Page, word: str) -> None:
    for _again in range(20):
        page.reload()
        if page.get_by_role("heading", name=word, exact=True).is_visible():
            return
        page.wait_for_timeout(1500)
    expect(page.get_by_role("heading", name=word, exact=True)).to_be_visible()


def fill_in(page: Page) -> None:
    for label, value in {"Current provider": PROVIDER, "Name on the bill": "Plomberie Lachance inc.", "Civic number": "4583",
                         "Street": "Rue Saint-Denis", "City": "Montréal", "Postal or ZIP code": "H2J 2L1"}.items():  # fmt: skip
        page.get_by_label(label).fill(value)
    page.get_by_label("Province or state").select_option("QC")
    page.get_by_label("Calls at the same time").select_option("1-2")


def test_a_port_from_wrong_numbers_to_handed_in(page: Page, stack, size):
    """Done when 6: nothing typed is lost on the way, and the sandbox has the numbers and the bill."""
    typed, number = NUMBERS[size]
    title = f"Warehouse {size}"
    page.goto("/numbers/ports/")
    page.get_by_role("link", name="Start a port").first.click()
    page.get_by_role("link", name="All of it on one page").click()
    page.get_by_label("Numbers to bring over").fill(f"{typed}\n514 555-01\n011 44 20 7946 0000")
    page.get_by_label("Name of this request").fill(title)
    fill_in(page)
    page.get_by_role("button", name="Save draft").click()

    field = page.get_by_label("Numbers to bring over")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("514 555-01.*needs ten digits", re.DOTALL))
    expect(page.get_by_role("alert")).to_contain_text("Please look at these")
    assert typed in field.input_value()
    expect(page.get_by_label("Current provider")).to_have_value(PROVIDER)
    expect(page.get_by_label("City")).to_have_value("Montréal")
    expect(page.get_by_label("Province or state")).to_have_value("QC")
    assert not findings(page)

    field.fill(typed)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    expect(page.get_by_text("Draft", exact=True).first).to_be_visible()

    page.goto("/numbers/ports/")
    page.get_by_role("link", name=title).click()
    expect(page.get_by_text("Draft", exact=True).first).to_be_visible()
    page.get_by_role("link", name="Edit", exact=True).click(timeout=20_000)
    expect(page.get_by_label("Current provider")).to_have_value(PROVIDER)
    page.get_by_label("Recent bill").set_input_files(
        {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": BILL}
    )
    page.get_by_role("checkbox", name="I will not cancel my old service").check()
    page.get_by_role("button", name="Submit").click()
    if "/reauthenticate/" in page.url:  # handing in is asked to be confirmed; everything is saved already
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_label("Current provider")).to_have_value(PROVIDER)
        page.get_by_role("checkbox", name="I will not cancel my old service").check()
        page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Handed in.")).to_be_visible()
    expect(page.get_by_role("heading", name="Submitted, being checked")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("link", name="bill.pdf")).to_be_visible()
    assert not findings(page)

    sent = [
        row["params"]
        for row in stack.sandbox.journal()
        if row["call"].endswith("port_request") and number[2:] in str(row["params"])
    ]
    assert sent and PROVIDER in str(sent[-1])


def test_what_is_missing_is_named_when_it_is_handed_in(page: Page):
    page.goto("/numbers/ports/new/whole/")
    page.get_by_label("Current provider").fill(PROVIDER)
    page.get_by_role("button", name="Submit").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Please look at these")
    summary.get_by_role("link", name="Street").click()
    expect(page.get_by_label("Street")).to_be_focused()
    expect(page.get_by_label("Current provider")).to_have_value(PROVIDER)
    assert not findings(page)


def test_a_file_that_is_no_document_is_refused_at_its_field(page: Page):
    page.goto("/numbers/ports/new/whole/")
    page.get_by_label("Numbers to bring over").fill("450 555-0149")
    page.get_by_label("Recent bill").set_input_files(
        {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": b"MZ not a bill"}
    )
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_label("Recent bill")).to_have_accessible_description(re.compile("Only PDF"))
    expect(page.get_by_label("Numbers to bring over")).to_have_value("450 555-0149")
