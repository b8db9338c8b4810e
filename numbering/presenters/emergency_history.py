"""The whole history of a number's 911 addresses: old and new side by side, and for staff the raw answer (E10)."""

import json
from dataclasses import dataclass

from accounts.presenting import when
from accounts.states import State
from numbering.models import EmergencyChange
from numbering.presenters.addresses import Part, differences, one_line
from numbering.presenters.emergency import past_state


@dataclass(frozen=True, slots=True)
class Entry:
    at: str
    by: str
    where: str  # the IP address it was asked from
    terms: str
    state: State
    removal: bool
    before: str
    after: str
    parts: list[Part]
    raw: str  # empty for all but staff


def entry_of(change: EmergencyChange, *, is_latest: bool, for_staff: bool) -> Entry:
    return Entry(
        when(change.created_at),
        str(change.user or "—"),
        change.ip or "",
        change.terms_version,
        past_state(change, is_latest=is_latest),
        change.removal,
        one_line(change.before),
        one_line(change.wanted),
        differences(change.before, change.wanted) if change.before and change.wanted else [],
        _raw(change) if for_staff else "",
    )


def _raw(change: EmergencyChange) -> str:
    """Everything the upstream answered, as it came."""
    answer = {"read_back": change.read_back, "alternates": change.alternates, "problems": change.problems}
    if operation := change.operation:
        answer |= {"result": operation.result, "code": operation.error_code, "words": operation.error_words}
    return json.dumps(answer, ensure_ascii=False, indent=2, sort_keys=True)
