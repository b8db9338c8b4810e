"""What an upstream tells by itself, beside texts and delivery reports."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from providers.clients.records.messages import MessageRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """One thing that happened to an account, as the upstream announced it: a hint, to be read again where it matters.

    `kind` is the upstream's word ("min_balance"). `details` holds what it carries under the upstream's names, as Python
    values. `external_id` is unique for the connection: an event that comes twice is one. Texts that came are `messages`.
    """

    external_id: str
    kind: str
    account_id: str
    at: datetime | None = None
    balance: Decimal | None = None  # of the account, at that moment
    currency: str = ""
    details: dict = field(default_factory=dict)
    messages: tuple[MessageRecord, ...] = ()
    raw: dict = field(default_factory=dict)
