"""What a port request says: its dates by name, what the losing carrier is told, its documents and numbers."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.presenting import day, phone, when
from numbering.models import PortDocument, PortRequest


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


def dates_of(port: PortRequest) -> list[Fact]:
    """All three dates by name, so that a proposed one is never taken for a firm one."""
    return [
        Fact(_("Port date (FOC)"), day(port.firm_on) if port.firm_on else _("Not firm yet")),
        Fact(_("Proposed by the carrier"), day(port.tentative_on) if port.tentative_on else "—"),
        Fact(_("You asked for"), day(port.wanted_on) if port.wanted_on else _("As soon as possible")),
    ]


def facts_of(port: PortRequest) -> list[Fact]:
    details, place = port.details, port.details.get("address", {})
    street = f"{place.get('civic_number', '')} {place.get('street', '')}".strip()
    address = ", ".join(
        filter(None, (street, place.get("unit"), place.get("city"), place.get("region"), place.get("postal_code")))
    )
    facts = [
        Fact(_("Name on the bill"), details.get("organization", "")),
        Fact(_("Current provider"), port.current_provider),
        Fact(_("Reseller"), details.get("current_reseller", "")),
        Fact(_("Account number there"), details.get("current_reseller_account", "")),
        Fact(_("Account number"), details.get("account_number", "")),
        Fact(_("Main number of the bill"), phone(details.get("billing_number"))),
        Fact(_("Who authorizes it"), details.get("authorized_by", "")),
        Fact(_("Service address"), address),
        Fact(_("Calls at the same time"), details.get("capacity", "")),
        Fact(_("Also tell"), ", ".join(details.get("recipients", []))),
        Fact(_("Instructions"), details.get("instructions", "")),
    ]
    return [fact for fact in facts if fact.value]


@dataclass(frozen=True, slots=True)
class Paper:
    url: str
    name: str
    kind: str
    size: str
    at: str


def papers_of(port: PortRequest, documents: list[PortDocument]) -> list[Paper]:
    return [
        Paper(
            reverse("numbers:port_document", args=[port.public_id, document.public_id]),
            document.name,
            document.get_kind_display(),
            _("%(size)s kB") % {"size": max(1, document.size // 1024)},
            when(document.uploaded_at),
        )
        for document in documents
    ]


def number_lines(port: PortRequest) -> list[str]:
    return [phone(number) for number in port.numbers]
