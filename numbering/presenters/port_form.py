"""The port form for people: what is wrong with it, listed with links, and how it differs from what is stored."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from accounts.presenting import phone
from numbering.models import PortRequest
from numbering.upstream.port_drafts import plain_draft
from providers.clients.records import PortDraft


@dataclass(frozen=True, slots=True)
class Mistake:
    """One line of the summary above the form, linking to its field."""

    anchor: str
    label: str
    text: str


def summary_of(form) -> list[Mistake]:
    found = []
    for name, errors in form.errors.items():
        label = str(form.fields[name].label) if name in form.fields else ""
        anchor = f"#id_{name}" if label else ""
        found.append(Mistake(anchor, label.rstrip("."), " ".join(errors)))
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    label: str
    stored: str
    yours: str


DRAFT_LABELS = {
    "title": gettext_lazy("Name of this request"), "kind": gettext_lazy("Kind of numbers"), "numbers": gettext_lazy("Numbers"),
    "organization": gettext_lazy("Name on the bill"), "current_provider": gettext_lazy("Current provider"),
    "current_reseller": gettext_lazy("Reseller"), "current_reseller_account": gettext_lazy("Account number there"),
    "account_number": gettext_lazy("Account number"), "billing_number": gettext_lazy("Main number of the bill"),
    "authorized_by": gettext_lazy("Who authorizes it"), "numbers_to_keep": gettext_lazy("Numbers that stay there"),
    "new_billing_number": gettext_lazy("Their new main number"), "numbers_to_cancel": gettext_lazy("Numbers to disconnect"),
    "features": gettext_lazy("What they shall do here, besides calls"),
    "address": gettext_lazy("Service address"), "capacity": gettext_lazy("Calls at the same time"),
    "wanted_on": gettext_lazy("Wanted date"), "recipients": gettext_lazy("Also tell"), "instructions": gettext_lazy("Instructions"),
}  # fmt: skip


def differences_of(port: PortRequest, yours: PortDraft) -> list[Difference]:
    """What is stored now beside what the person typed, field by field."""
    mine = plain_draft(yours)
    pairs = [(label, port.details.get(name, ""), mine[name]) for name, label in DRAFT_LABELS.items()]
    return [
        Difference(str(label), _written(stored), _written(typed)) for label, stored, typed in pairs if stored != typed
    ]


def _written(value) -> str:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part) or "—"
    if isinstance(value, list):
        return ", ".join(phone(item) if item.startswith("+") else item for item in value) or "—"
    return str(value) or "—"
