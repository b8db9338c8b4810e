"""Calls that take a list: what was done of it, and what was not.

A 409 carries two lists whose names differ from call to call (numbers_success and numbers_fail, foward_failed,
update_error, added_success ...); their endings are what they have in common.
"""

from dataclasses import dataclass

from providers.clients.errors import Cause, Problem, Rejected, Unreadable
from providers.clients.records import ResourceRecord

NONE_DONE = "http-409"
_DONE, _FAILED = ("_success",), ("_failed", "_fail", "_error")
_REASONS = ("error", "reason", "message")
_NAMES = ("number", "cidr", "gateway", "route", "tn", "IP")
# What the lists are known to say.
CAUSES = {
    "invalid mask": Cause.INVALID,
    "cidr range must be routable": Cause.INVALID,
    "invalid route": Cause.INVALID,
    "invalid number or route": Cause.INVALID,
    "gateway should be a routable ip or hostname and optional port": Cause.INVALID,
    "db insert failed": Cause.THEIR_FAULT,
    "db delete failed": Cause.THEIR_FAULT,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a list: the items that were done, and a problem for each that was not (its words name it)."""

    done: tuple[ResourceRecord, ...] = ()
    problems: tuple[Problem, ...] = ()


def outcome(tree: dict, kind: str, payload: str, mask, *, partly: bool) -> Outcome:
    """What a good answer (`partly` false) or a 409 says. Raises `Rejected` when nothing at all was done."""
    if not partly:
        return Outcome(tuple(_record(item, kind, mask) for item in items(tree.get(payload), payload)))
    done = _listed(tree, _DONE) + ([*items(tree[payload], payload)] if _told(tree, payload) else [])
    failed = _listed(tree, _FAILED)
    if not done and not failed:
        raise Unreadable("a part was not done, and no list says which", code="no-rows")
    problems = tuple(_problem(item, mask) for item in failed)
    if not done:
        causes = {problem.cause for problem in problems}
        cause = causes.pop() if len(causes) == 1 else Cause.INVALID
        words = tuple(problem.words for problem in problems)
        raise Rejected("VoiceTel did none of it", code=NONE_DONE, problems=problems, words=words, cause=cause)
    return Outcome(tuple(_record(item, kind, mask) for item in done), problems)


def lists_of(tree) -> bool:
    """Whether a 409 tells item by item."""
    return isinstance(tree, dict) and any(key.endswith((*_DONE, *_FAILED)) for key in tree)


def items(value, name: str) -> list[dict]:
    """The rows of a list in any of its forms: objects, bare texts, or an object whose keys are numbers; null is none."""
    if value is None:
        return []
    if isinstance(value, dict):
        return [
            {"number": key, "error": told} if isinstance(told, str) else {"number": key} for key, told in value.items()
        ]
    if not isinstance(value, list) or not all(isinstance(item, (dict, str)) for item in value):
        raise Unreadable(f"{name} is no list", code="no-rows")
    return [item if isinstance(item, dict) else {"gateway": item} for item in value]


def _told(tree: dict, payload: str) -> bool:
    return bool(tree.get(payload)) and isinstance(tree[payload], (dict, list))


def _listed(tree: dict, endings: tuple[str, ...]) -> list[dict]:
    return [item for key in sorted(tree) if key.endswith(endings) for item in items(tree[key], key)]


def name_of(item: dict) -> str:
    """What an item is about: its number (without a leading 1), block, gateway or route."""
    found = next((str(item[name]) for name in _NAMES if item.get(name) not in (None, "")), "")
    return found[1:] if len(found) == 11 and found.isdigit() and found[0] == "1" else found


def _record(item: dict, kind: str, mask) -> ResourceRecord:
    masked = mask(item)
    return ResourceRecord(kind=kind, external_id=name_of(item), name=name_of(item), fields=masked, raw=masked)


def _problem(item: dict, mask) -> Problem:
    reason = next((word for name in _REASONS if isinstance(word := mask(item).get(name), str) and word), "")
    cause = CAUSES.get(reason.strip().rstrip(".").casefold(), Cause.UNKNOWN)
    return Problem("http-409", "", f"{name_of(item)}: {reason}" if reason else name_of(item), cause)
