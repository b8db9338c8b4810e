"""The yearly question and its report, in ready words."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.presenting import day, phone
from numbering.models import EmergencyNotice, TermsAcceptance
from numbering.presenters.addresses import one_line
from numbering.presenters.emergency import emergency_state
from numbering.services.emergency_review import Reviewed


@dataclass(frozen=True, slots=True)
class Row:
    url: str
    number: str
    label: str
    name: str
    address: str
    language: str
    seen: str
    said: str  # "confirmed on … by …", or what is to be said
    is_confirmed: bool


LANGUAGES = {"en": "English", "fr": "Français"}


def row_of(one: Reviewed) -> Row:
    number, endpoint = one.line.number, one.line.endpoint
    return Row(
        reverse("numbers:e911_number", args=[number.pk]),
        phone(number.number),
        number.label,
        endpoint.address.get("name", ""),
        one_line(endpoint.address),
        LANGUAGES.get(endpoint.address.get("language", ""), ""),
        one.seen,
        _said(one),
        one.is_confirmed,
    )


def _said(one: Reviewed) -> str:
    if one.confirmation is None:
        return _("Not confirmed yet")
    words = {"day": day(one.confirmation.confirmed_at), "name": one.confirmation.user}
    if one.is_confirmed:
        return _("Confirmed on %(day)s by %(name)s") % words
    return _("Last confirmed on %(day)s by %(name)s, for another address or more than a year ago") % words


def report_header() -> list[str]:
    return [
        _("Number"), _("Name"), _("State"), _("911 name"), _("911 address"), _("Language of 911 calls"), _("Read back (UTC)"),
        _("Asked by"), _("Terms accepted"), _("Accepted by"), _("Accepted (UTC)"), _("IP address"), _("Yearly notice sent (UTC)"),
        _("Notice sent to"), _("Confirmed (UTC)"), _("Confirmed by"),
    ]  # fmt: skip


def report_rows(
    rows: Iterator[Reviewed], acceptance: TermsAcceptance | None, notice: EmergencyNotice | None
) -> Iterator[list]:
    """A line for each number. The acceptance is the latest of the account."""
    told = [_stamp(notice.sent_at), " ".join(notice.recipients)] if notice else ["", ""]
    for one in rows:
        number, endpoint, change = one.line.number, one.line.endpoint, one.line.change
        address, said = (endpoint.address if endpoint else {}), one.confirmation
        yield [
            number.number, number.label, emergency_state(number, endpoint, change).word, address.get("name", ""),
            one_line(address), LANGUAGES.get(address.get("language", ""), ""), _stamp(endpoint.confirmed_at if endpoint else None),
            *_consent(change, acceptance), *told,
            _stamp(said.confirmed_at if said else None), said.user if said else "",
        ]  # fmt: skip


def _consent(change, acceptance: TermsAcceptance | None) -> list:
    asked_by = change.user if change else ""
    if acceptance is None:
        return [asked_by or "", change.terms_version if change else "", "", "", ""]
    return [asked_by or "", acceptance.version, acceptance.user, _stamp(acceptance.accepted_at), acceptance.ip or ""]


def _stamp(moment) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""
