"""The portal's own words for what upstreams tell: frozen records, the same for all five.

Phone numbers are E.164 (`+15145550134`), money is Decimal with its currency beside it, times are aware UTC, ids are the
upstream's own strings. `raw` keeps the row exactly as read (credentials removed) so that nothing unknown is dropped.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Transmission(StrEnum):
    """How far an upstream has brought a message."""

    PENDING = "pending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class NumberStatus(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"
    DELETED = "deleted"


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
class AccountRecord:
    external_id: str
    organization: str = ""
    currency: str = ""
    language: str = ""
    time_zone: str = ""
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRecord:
    """Positive `balance` is money the customer has; negative is money owed. `available` is what may still be spent."""

    balance: Decimal
    currency: str
    available: Decimal | None = None
    credit_limit: Decimal | None = None
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRecord:
    """A line of the upstream's billing. `amount` is signed: charges negative, payments and credits positive."""

    external_id: str
    kind: str  # charge | payment | credit | refund | return | invoice
    occurred_on: date
    amount: Decimal
    currency: str
    description: str = ""
    balance_after: Decimal | None = None
    invoice_number: str = ""
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRecord:
    """A DID as the upstream holds it. `settings` has every changeable setting under our names (NUMBER_SETTINGS)."""

    external_id: str
    number: str
    status: NumberStatus
    kind: str = "local"  # local | tollfree | international | other
    subaccount_id: str = ""  # "" when it belongs to the main account
    city: str = ""
    region: str = ""
    country: str = ""
    rate_center: str = ""
    voice: bool = True
    sms: bool = False
    mms: bool = False
    fax: bool = False
    label: str = ""
    activated_on: date | None = None
    settings: dict = field(default_factory=dict)
    raw: dict = field(default_factory=dict)


# Our names for what can be set on a number, and the type of each value. A client maps them to its words; a name that
# is missing from `NumberRecord.settings` cannot be set at that upstream.
NUMBER_SETTINGS = {
    "label": str,  # a name people recognise
    "forwarding": bool,
    "forward_to": str,  # E.164 or ""
    "forward_after": int,  # seconds of ringing, 0 = at once
    "voicemail": bool,
    "caller_id_name": str,  # at most 15 characters
    "sms": bool,
    "sms_email": str,  # "" = off
    "sms_forward_to": str,  # E.164, "" = off
    "sms_webhook": str,  # URL, "" = off
    "sms_webhook_retry": bool,
    "sms_autoreply": str,  # at most 160 characters, "" = off
    "comments": str,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailableNumber:
    external_id: str
    number: str
    city: str = ""
    region: str = ""
    rate_center: str = ""
    sms: bool = False
    setup_fee: Decimal | None = None
    monthly_fee: Decimal | None = None
    currency: str = ""
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRecord:
    """A picture or file that came with a message: where the upstream serves it, and what it says it is."""

    url: str
    mime_type: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecord:
    """One SMS or MMS in the upstream's log or webhook. `external_id` is unique per connection."""

    external_id: str
    direction: Direction
    source: str
    destination: str
    body: str
    transmission: Transmission
    sent_at: datetime
    subaccount_id: str = ""
    log_id: str = ""  # the upstream's growing log number, where it has one
    deleted: bool = False
    wrapper: bool = False  # the text half of an MMS that came in two parts (voicemeup.md section 9)
    media: tuple[MediaRecord, ...] = ()
    price: Decimal | None = None
    failure: str = ""  # the upstream's words
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """The upstream accepted a message and named it."""

    external_id: str
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file to send: `name` as the person called it, already checked."""

    name: str
    content: bytes
    mime_type: str


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
    address: ServiceAddress = ServiceAddress()
    instructions: str = ""
    recipients: tuple[str, ...] = ()
    comments: str = ""
    subaccount_id: str = ""
    reference: str = ""  # our own key, kept in the upstream's metadata so that a lost answer can be settled


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


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyAddress:
    """A 911 address. Equality of two of them (see `same_as`) is what makes a number green."""

    name: str = ""  # 2 to 32 characters
    civic_number: str = ""
    street: str = ""
    unit_type: str = ""  # one of UNIT_TYPES or ""
    unit: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    postal_code: str = ""
    language: str = ""  # en | fr, Canada only

    def same_as(self, other: "EmergencyAddress") -> bool:
        """True when every field is equal but for case, blanks around words and blanks in the postal code."""
        return self._normal() == other._normal()

    def _normal(self) -> tuple[str, ...]:
        plain = [" ".join(getattr(self, name).split()).casefold() for name in ADDRESS_FIELDS]
        return (*plain, self.postal_code.replace(" ", "").casefold())


ADDRESS_FIELDS = ("name", "civic_number", "street", "unit_type", "unit", "city", "region", "country", "language")

# voicemeup.yaml: enums.address_types
UNIT_TYPES = (
    "apartment basement building department floor front hanger key lobby lot lower office penthouse pier rear room "
    "side slip space stop suite trailer unit upper"
).split()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyRecord:
    """A provisioned 911 endpoint."""

    external_id: str
    number: str
    address: EmergencyAddress
    peer_ids: tuple[str, ...] = ()
    is_default: bool = False
    provisioned: bool = True
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubaccountRecord:
    external_id: str
    name: str
    status: str  # enabled | disabled | deleted
    organization: str = ""
    language: str = ""
    custom_id: str = ""
    number_ids: tuple[str, ...] | None = None  # None when associations were not asked for
    reference: str = ""
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRecord:
    """A country or a state/province."""

    external_id: str
    code: str
    name: str
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEvent:
    title: str
    body: str = ""
    state: str = ""
    at: datetime | None = None
    raw: dict = field(default_factory=dict)
