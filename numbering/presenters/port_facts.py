"""What a port request says: its dates by name, what the losing carrier is told, its documents and numbers."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.presenting import day, phone, when
from numbering.models import DocumentLook, PortDocument, PortRequest
from numbering.services.port_history import Forecast


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


def dates_of(port: PortRequest, forecast: Forecast | None = None) -> list[Fact]:
    """All three dates by name, so that a proposed one is never taken for a firm one; a guess is called one."""
    guess = []
    if forecast:
        text = _("%(first)s to %(last)s, from %(count)s earlier ports from there")
        words = {"first": day(forecast.first), "last": day(forecast.last), "count": forecast.count}
        guess = [Fact(_("Our guess"), text % words)]
    return [
        Fact(_("Port date (FOC)"), day(port.firm_on) if port.firm_on else _("Not firm yet")),
        Fact(_("Proposed by the carrier"), day(port.tentative_on) if port.tentative_on else "—"),
        Fact(_("You asked for"), day(port.wanted_on) if port.wanted_on else _("As soon as possible")),
        *guess,
    ]


def facts_of(port: PortRequest) -> list[Fact]:
    """What the losing carrier is told."""
    details = port.details
    facts = [
        Fact(_("Calls at the same time"), details.get("capacity", "")),
        Fact(_("Also tell"), ", ".join(details.get("recipients", []))),
        Fact(_("Instructions"), details.get("instructions", "")),
    ]
    return account_facts(port) + place_facts(port) + [fact for fact in facts if fact.value]


def account_facts(port: PortRequest) -> list[Fact]:
    details = port.details
    facts = [
        Fact(_("Name on the bill"), details.get("organization", "")),
        Fact(_("Current provider"), port.current_provider),
        Fact(_("Reseller"), details.get("current_reseller", "")),
        Fact(_("Account number there"), details.get("current_reseller_account", "")),
        Fact(_("Account number"), details.get("account_number", "")),
        Fact(_("PIN"), _("Given") if details.get("account_pin") else ""),
        Fact(_("Main number of the bill"), phone(details.get("billing_number"))),
        Fact(_("Who authorizes it"), details.get("authorized_by", "")),
        Fact(_("Numbers that stay there"), _listed(details.get("numbers_to_keep", []))),
        Fact(_("Their new main number"), phone(details.get("new_billing_number"))),
        Fact(_("Numbers to disconnect"), _listed(details.get("numbers_to_cancel", []))),
    ]
    return [fact for fact in facts if fact.value]


def place_facts(port: PortRequest) -> list[Fact]:
    place = port.details.get("address", {})
    street = f"{place.get('civic_number', '')} {place.get('street', '')}".strip()
    parts = (street, place.get("unit"), place.get("city"), place.get("region"), place.get("postal_code"))
    address = ", ".join(filter(None, parts))
    return [Fact(_("Service address"), address)] if address else []


def _listed(numbers: list[str]) -> str:
    return ", ".join(phone(number) for number in numbers)


@dataclass(frozen=True, slots=True)
class Paper:
    url: str
    name: str
    kind: str
    size: str
    at: str
    looks: str


def papers_of(port: PortRequest, documents: list[PortDocument]) -> list[Paper]:
    return [
        Paper(
            reverse("numbers:port_document", args=[port.public_id, document.public_id]),
            document.name,
            document.get_kind_display(),
            _measure(document),
            when(document.uploaded_at),
            _looks(document),
        )
        for document in documents
    ]


def _looks(document: PortDocument) -> str:
    """Who looked at it last, and how often it was looked at; `documents_of` has counted."""
    count = getattr(document, "look_count", 0)
    if not count:
        return _("Nobody has looked at it yet")
    seen = {"name": document.last_looker, "at": when(document.last_look), "count": count}
    text = ngettext("Seen once, by %(name)s, %(at)s", "Seen %(count)s times, last by %(name)s, %(at)s", count)
    return text % seen


def documents_of(port: PortRequest) -> list[PortDocument]:
    """The documents with how often and by whom they were last looked at."""
    last = DocumentLook.objects.filter(document=OuterRef("pk")).order_by("-at", "-id")
    rows = port.documents.annotate(
        look_count=Count("looks"),
        last_look=Subquery(last.values("at")[:1]),
        last_looker=Subquery(last.values("actor_name")[:1]),
    )
    return list(rows)


def _measure(document: PortDocument) -> str:
    size = _("%(size)s kB") % {"size": max(1, document.size // 1024)}
    pages = ngettext("%(count)s page", "%(count)s pages", document.pages) % {"count": document.pages}
    dated = _("of %(day)s") % {"day": day(document.dated_on)} if document.dated_on else ""
    signed = _("signed by %(name)s") % {"name": document.signed_by} if document.signed_by else ""
    return " · ".join(filter(None, (size, pages, dated, signed)))


def number_lines(port: PortRequest) -> list[str]:
    return [phone(number) for number in port.numbers]
