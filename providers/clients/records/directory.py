"""Entries of the public directory (411)."""

from dataclasses import dataclass, field
from enum import StrEnum


class ListingState(StrEnum):
    """Where a listing stands with the directory."""

    PENDING = "pending"
    ACTIVE = "active"
    REJECTED = "rejected"
    REMOVED = "removed"


# What an entry says. `kind` is business, residential or government; it is sorted by `sort_name`, and `rest` follows it.
ENTRY_FIELDS = (
    "kind", "sort_name", "rest", "civic_number", "street", "unit_type", "unit", "city", "region", "country", "postal_code",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryRecord:
    """How a number stands in the directory. `entry` has the names of `ENTRY_FIELDS`; capitals of regions are ours."""

    external_id: str
    number: str
    state: ListingState
    entry: dict[str, str] = field(default_factory=dict)
    raw: dict = field(default_factory=dict)
