"""Voximplant's envelope: an object with `result` when it was done, one with `error` when it was not."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from providers.clients.errors import (
    Cause,
    NotFound,
    Problem,
    RateLimited,
    Rejected,
    Unclear,
    Unreadable,
    UpstreamError,
)
from providers.clients.redaction import Redactor
from providers.clients.voximplant.refusals import FIELDS, PARAMETERS, RETRY_LATER, TABLE
from providers.clients.voximplant.values import text, whole

LONGEST_WAIT = 24 * 3600  # seconds that we believe a "repeat after N seconds"
_QUOTED = re.compile(r"['‘]([a-z0-9_]{2,60})['’]")
_SECONDS = re.compile(r"(\d{1,9}) seconds?")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the caller of one method knows: codes that here mean "there is no such thing", and fields of its own."""

    absent: frozenset[int] = frozenset()
    fields: dict[str, str] | None = None


def open_envelope(tree, meaning: Meaning, redactor: Redactor, member: str = "result") -> dict:
    """The good answer. Raises the error that any other answer means.

    Only the key `error` tells: its absence is success, whatever the HTTP status (voximplant.yaml: envelope).
    """
    if not isinstance(tree, dict):
        raise Unreadable("the answer is not an object", code="no-envelope")
    if "error" in tree:
        raise refusal(tree["error"], meaning, redactor)
    if member not in tree:
        raise Unreadable(f"the answer has neither {member} nor error", code="no-envelope")
    return tree


def done(tree: dict) -> dict:
    """A command's answer, which is 1 (or true). Anything else says nothing that we understand."""
    result = tree.get("result")
    if result is True or (result == 1 and result is not False):
        return tree
    raise Unreadable("the answer does not say that it was done", code="contradiction")


def refusal(error, meaning: Meaning, redactor: Redactor) -> UpstreamError:
    """Our error for theirs. A code that is not documented is no proof that nothing was done."""
    if not isinstance(error, dict):
        return Unreadable("the answer has an error that we cannot read", code="no-envelope")
    try:
        code, words = whole(error, "code"), text(error, "msg")
    except Unreadable:
        code, words = None, ""
    if code is None:
        return Unreadable("the answer has an error without a code", code="no-envelope")
    said = {"code": str(code), "words": (redactor.text(words, 1000),) if words else ()}
    kind, cause = TABLE.get(code, (Unclear, Cause.UNKNOWN))
    if code in meaning.absent:
        kind, cause = NotFound, Cause.NOT_FOUND
    if issubclass(kind, RateLimited):
        return kind("Voximplant refuses more requests for now", retry_at=_wait(code, words), **said)
    if not issubclass(kind, Rejected):
        return kind(_SENTENCES.get(kind, "Voximplant failed"), cause=cause, **said)
    problem = Problem(said["code"], _field(code, words, meaning), " ".join(said["words"]), cause)
    return kind("Voximplant refused the request", cause=cause, problems=(problem,), **said)


_SENTENCES: dict[type, str] = {Unclear: "Voximplant failed, perhaps after it had begun"}


def _field(code: int, words: str, meaning: Meaning) -> str:
    named = _QUOTED.search(words)
    if not named:
        return FIELDS.get(code, "")
    parameter = named.group(1)
    own = meaning.fields or {}
    return own.get(parameter) or PARAMETERS.get(parameter, parameter)


def _wait(code: int, words: str) -> datetime | None:
    found = _SECONDS.search(words)
    if code != RETRY_LATER or not found:
        return None
    return datetime.now(UTC) + timedelta(seconds=min(int(found.group(1)), LONGEST_WAIT))
