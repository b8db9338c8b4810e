"""Who an account is, its sub-accounts, and where things are."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    external_id: str
    organization: str = ""
    currency: str = ""
    language: str = ""
    time_zone: str = ""
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedAccountRecord:
    """An account that was opened for us. `password` is told once, here, and shown nowhere: not in `repr`, not in `raw`."""

    external_id: str
    password: str = field(default="", repr=False)
    name: str = ""
    email: str = ""
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
