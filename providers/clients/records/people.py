"""People an upstream keeps for us: contacts, groups, and those who asked to be left alone."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOutRecord:
    """Somebody who asked not to be texted. `list_id` is the upstream's list, "" where it has only one."""

    number: str
    at: datetime | None = None
    list_id: str = ""
    word: str = ""  # STOP, ARRET, ...
    our_number: str = ""  # E.164 of the number it was said to, "" where it counts for all
    external_id: str = ""
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecord:
    external_id: str
    number: str
    name: str = ""
    group_id: str = ""
    email: str = ""
    birthday: date | None = None
    raw: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactGroupRecord:
    external_id: str
    name: str
    size: int | None = None
    raw: dict = field(default_factory=dict)
