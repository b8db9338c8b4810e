"""Telephone numbers (DIDs): held, settable, for sale."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class NumberStatus(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"
    DELETED = "deleted"


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
class LookupRecord:
    """What an upstream knows of any number in the world. "" and None where it does not say."""

    number: str
    valid: bool | None = None
    carrier: str = ""
    line_type: str = ""  # wireless | landline | voip | ... in the upstream's word
    caller_name: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    routing_number: str = ""  # LRN
    raw: dict = field(default_factory=dict)
