"""Port-in requests."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class PortStatus(StrEnum):
    """The thirteen states of a port-in request (voicemeup.yaml: enums.port_request_statuses)."""

    NOT_READY = "not_ready"
    SENT_TO_STAFF = "sent_to_staff"
    MODIFIED_BY_STAFF = "modified_by_staff"
    APPROVED_BY_STAFF = "approved_by_staff"
    REJECTED_BY_STAFF = "rejected_by_staff"
    SENT_TO_PROVIDER = "sent_to_provider"
    TENTATIVE_CONFIRM = "tentative_confirm"
    FIRM_CONFIRM = "firm_confirm"
    REJECTED_BY_PROVIDER = "rejected_by_provider"
    REJECTED_BY_CLIENT = "rejected_by_client"
    CANCELLED_BY_CLIENT = "cancelled_by_client"
    EXPIRED = "expired"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAddress:
    """Where a line is (for ports) as the losing carrier has it on record."""

    civic_number: str = ""
    street: str = ""
    unit: str = ""
    city: str = ""
    region: str = ""  # two letters in Canada and the US
    country: str = ""  # two letters
    postal_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortDraft:
    """What a port request says, for creating or editing one. Empty values are left out of a draft."""

    title: str = ""
    kind: str = "local"  # local | tollfree
    numbers: tuple[str, ...] = ()
    numbers_to_keep: tuple[str, ...] = ()
    numbers_to_cancel: tuple[str, ...] = ()
    features: tuple[str, ...] = ()  # sms | mms | t38
    capacity: str = ""
    wanted_on: date | None = None
    organization: str = ""
    organization_kind: str = ""  # personal | business
    current_provider: str = ""
    current_reseller: str = ""
    current_reseller_account: str = ""
    account_number: str = ""  # ours at the losing carrier
    account_pin: str = field(default="", repr=False)
    billing_number: str = ""  # the main number of that account, E.164
    new_billing_number: str = ""  # the main number of what stays there, when the old one leaves
    authorized_by: str = ""  # the person who signs for it
    address: ServiceAddress = ServiceAddress()
    instructions: str = ""
    recipients: tuple[str, ...] = ()
    comments: str = ""
    subaccount_id: str = ""
    reference: str = ""  # our own key, kept in the upstream's metadata so that a lost answer can be settled


@dataclass(frozen=True, slots=True, kw_only=True)
class PortRules:
    """What a port request at an upstream can say. Its form shows no more and asks for no less."""

    says: frozenset[str]  # fields of PortDraft and of ServiceAddress
    needs: frozenset[str]  # those without which none is handed in
    kinds: tuple[str, ...] = ("local", "tollfree")
    countries: tuple[str, ...] = ("CA", "US")  # of the service address
    drafts: bool = True  # kept and changed upstream; elsewhere one is handed in whole, and is then as it is
    documents: bool = True
    repeats: bool = True  # listings repeat what was said and our reference; elsewhere state, date and numbers only
    charged: bool = False  # handing one in costs at once


@dataclass(frozen=True, slots=True, kw_only=True)
class PortRecord:
    external_id: str
    pon: str
    status: PortStatus
    draft: PortDraft
    created_on: date | None = None
    tentative_on: date | None = None
    firm_on: date | None = None
    rejection: str = ""
    reference: str = ""
    raw: dict = field(default_factory=dict)
