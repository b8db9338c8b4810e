"""Calls and what calls leave behind: recordings, voicemail, faxes, registrations of devices."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from providers.clients.records.messages import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One leg of a call (CDR). `seconds` is talking time; `billed_seconds` what was paid for, where the two differ."""

    external_id: str
    direction: Direction
    source: str  # E.164 where it is a number, else what the upstream shows ("anonymous", a SIP address)
    destination: str
    started_at: datetime
    seconds: int = 0
    billed_seconds: int | None = None
    answered: bool | None = None
    outcome: str = ""  # the upstream's word
    cost: Decimal | None = None
    currency: str = ""
    caller_name: str = ""
    recording_id: str = ""
    subaccount_id: str = ""
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRecord:
    """A recorded call, a voicemail or a fax: where the upstream serves the file (`url`), never the file itself."""

    external_id: str
    kind: str  # recording | voicemail | fax
    at: datetime
    source: str = ""
    destination: str = ""
    seconds: int | None = None
    pages: int | None = None
    url: str = ""
    heard: bool | None = None
    mailbox: str = ""
    direction: Direction = Direction.INBOUND
    state: str = ""  # the upstream's word, for faxes on their way
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRecord:
    """A SIP registration: a device of ours at the upstream, or the upstream at a registrar of ours."""

    external_id: str
    user: str
    registered: bool
    address: str = ""
    agent: str = ""
    until: datetime | None = None
    error: str = ""
    raw: dict = field(default_factory=dict)
