"""Texts and pictures."""

from dataclasses import dataclass, field
from datetime import datetime
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
class DeliveryReport:
    """News of a message that was sent earlier, found by the upstream's own id of it."""

    external_id: str
    transmission: Transmission
    at: datetime | None = None
    part: int = 1  # long texts are reported part by part at some upstreams
    parts: int = 1
    failure: str = ""  # the upstream's words
    raw: dict = field(default_factory=dict)
