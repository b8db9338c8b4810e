"""The pages of a port that is being put together: progress, what is still missing, what was typed, addresses at hand."""

import json
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.presenting import phone
from numbering.forms import port_steps
from numbering.forms.number_lists import Bad
from numbering.models import EmergencyEndpoint, PortRequest
from numbering.presenters import port_facts

LEADS = {
    port_steps.NUMBERS: gettext_lazy("Which numbers come over? Paste them as they are; we look at each of them."),
    port_steps.ACCOUNT: gettext_lazy("Have your last bill at hand: carriers compare every letter with their records."),
    port_steps.PLACE: gettext_lazy("Where the line is, as the losing carrier has it on record; not where the bill goes."),
    port_steps.PAPERS: gettext_lazy("Most carriers refuse a port without a signed letter of authorization and a recent bill."),
    port_steps.REVIEW: gettext_lazy("When it shall happen, who is told, and everything once more before it goes out."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """One mark of the progress line; a link once the person has been there."""

    title: str
    position: int
    url: str
    here: bool
    done: bool


def page_url(port: PortRequest, page: str) -> str:
    return reverse("numbers:port_page", args=[port.public_id, page])


def resume_url(port: PortRequest) -> str:
    """Where the person left off."""
    pages = port_steps.pages_of(port.connection.client_class.port_rules)
    return page_url(port, port.step if port.step in pages else pages[0])


def progress(pages: list[str], here: str, port: PortRequest | None) -> list[Page]:
    reached = pages.index(port.step) if port and port.step in pages else 0
    at = pages.index(here)
    return [
        Page(
            str(port_steps.TITLES[page]),
            index + 1,
            page_url(port, page) if port and index <= reached and page != here else "",
            page == here,
            index < at or index < reached,
        )
        for index, page in enumerate(pages)
    ]


def neighbours(pages: list[str], here: str) -> tuple[str, str]:
    """The page before and the page after, "" where there is none."""
    at = pages.index(here)
    return (pages[at - 1] if at else "", pages[at + 1] if at + 1 < len(pages) else "")


@dataclass(frozen=True, slots=True)
class Sorting:
    """The numbers as they were sorted: those that go on, and those that cannot with the reason."""

    good: list[str]
    bad: list[Bad]


def sorting_of(form) -> Sorting | None:
    found = getattr(form, "sorting", None)
    return Sorting([phone(number) for number in found.good], found.bad) if found and found.bad else None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that keeps the request from being handed in, with the page and field that mend it."""

    url: str
    label: str
    text: str


def gaps_of(port: PortRequest, form) -> list[Gap]:
    found = []
    for name, errors in form.errors.items():
        label = str(form.fields[name].label) if name in form.fields else ""
        page = port_steps.PAGE_OF.get(name, port_steps.NUMBERS)
        found.append(Gap(f"{page_url(port, page)}#id_{name}", label.rstrip("."), " ".join(errors)))
    return found


def letter_gap(port: PortRequest, outdated: bool) -> list[Gap]:
    """A letter that was signed for other numbers or names than the request has now."""
    text = _("It was signed before you changed the request. Sign it again.")
    return (
        [Gap(reverse("numbers:port_letter_sign", args=[port.public_id]), _("Letter of authorization"), text)]
        if outdated
        else []
    )


@dataclass(frozen=True, slots=True)
class Part:
    """What one page holds, for the review."""

    title: str
    url: str
    facts: list[port_facts.Fact]


def review_of(port: PortRequest, pages: list[str]) -> list[Part]:
    """Everything that was said before the last page."""
    facts = {
        port_steps.NUMBERS: [port_facts.Fact(_("Numbers"), ", ".join(port_facts.number_lines(port)))],
        port_steps.ACCOUNT: port_facts.account_facts(port),
        port_steps.PLACE: port_facts.place_facts(port),
        port_steps.PAPERS: [
            port_facts.Fact(paper.get_kind_display(), paper.name) for paper in port.documents.all()
        ]
        or [port_facts.Fact(_("Documents"), _("None yet"))],
    }  # fmt: skip
    return [Part(str(port_steps.TITLES[page]), page_url(port, page), facts[page]) for page in pages[:-1]]


@dataclass(frozen=True, slots=True)
class AddressAtHand:
    """An address that this account has on file: one press copies it into the form."""

    line: str
    fill: str


def addresses_at_hand(account) -> list[AddressAtHand]:
    rows = EmergencyEndpoint.objects.for_account(account).filter(gone_at=None).order_by("-confirmed_at", "pk")[:40]
    found = {}
    for row in rows:
        place = {
            name: str(row.address.get(name, ""))
            for name in ("civic_number", "street", "unit", "city", "region", "postal_code")
        }
        line = ", ".join(
            filter(None, (f"{place['civic_number']} {place['street']}".strip(), place["city"], place["region"]))
        )
        found.setdefault(line, AddressAtHand(line, json.dumps({f"id_{name}": value for name, value in place.items()})))
    return list(found.values())[:4]
