"""What an answer of JaFone means before its payload is read: `Status` says Success, or it is a refusal.

No error is documented, neither codes nor texts. The texts of the table are assumptions; any other is `Unclear`, because
nobody can say then whether the request was carried out.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from providers.clients.errors import (
    Cause,
    CredentialsRefused,
    Problem,
    RateLimited,
    Rejected,
    Unclear,
    Unreadable,
    Unsupported,
    UpstreamError,
)
from providers.clients.redaction import Redactor

WAIT = timedelta(minutes=1)  # no limit is documented, nor how long one lasts


@dataclass(frozen=True, slots=True)
class Refusal:
    """Our code, class and cause for the texts that `pattern` finds; its group "name" is the parameter meant."""

    code: str
    pattern: re.Pattern
    error: type[UpstreamError]
    cause: Cause
    field: str = ""


def _refusal(code: str, pattern: str, error: type[UpstreamError], cause: Cause, field: str = "") -> Refusal:
    return Refusal(code, re.compile(pattern, re.IGNORECASE), error, cause, field)


# jafone.yaml: provider.errors.sandbox_cases, and what is near to them. The first that is found counts.
REFUSALS = (
    _refusal("credentials-refused", r"parameter:? (?:userId|key)\b", CredentialsRefused, Cause.CREDENTIALS),
    _refusal("missing-parameter", r"missing parameter:? *(?P<name>\w+)", Rejected, Cause.MISSING),
    _refusal("invalid-parameter", r"invalid parameter:? *(?P<name>\w+)", Rejected, Cause.INVALID),
    _refusal("unknown-action", r"(?:missing|unknown|invalid) action", Unsupported, Cause.UNSUPPORTED),
    _refusal(
        "credentials-refused",
        r"invalid (?:credentials|key|user|userId|account)\b|authentication failed",
        CredentialsRefused,
        Cause.CREDENTIALS,
    ),
    _refusal("opted-out", r"do not (?:contact|call) list", Rejected, Cause.OPTED_OUT, "destination"),
    _refusal("insufficient-balance", r"insufficient (?:balance|funds)", Rejected, Cause.FUNDS),
    _refusal("too-many-requests", r"too many requests|rate limit", RateLimited, Cause.LIMIT),
)
# Their parameters and our fields.
FIELDS = {
    "didNumber": "source",
    "receiver": "destination",
    "message": "body",
    "from": "since",
    "to": "until",
    "caller": "caller",
    "dnclId": "list_id",
    "msgId": "message_id",
    "emails": "emails",
    "isEnabled": "enabled",
    "type": "premium",
    "duration": "minutes",
    "date": "day",
    "lang": "language",
}
_WORDS = ("Message", "message", "Error", "error")


def check(tree, status: int, redactor: Redactor) -> dict:
    """The answer, when it says Success. Raises the error that any other means."""
    said = tree.get("Status") if isinstance(tree, dict) else None
    if not isinstance(said, str) or not said.strip():
        raise Unreadable("the answer has no Status", code="no-status")
    if said.strip().casefold() == "success":
        if status != 200:
            raise Unclear(f"a success with HTTP status {status}", code=f"http-{status}")
        return tree
    told = next((tree[name] for name in _WORDS if isinstance(tree.get(name), str) and tree[name].strip()), "")
    raise refusal_of(told or said, redactor)


def refusal_of(told: str, redactor: Redactor) -> UpstreamError:
    """Our error for their text, which is kept free of credentials."""
    words = redactor.text(told.strip(), 500)
    for row in REFUSALS:
        if found := row.pattern.search(told):
            return _error(row, found, words)
    return Unclear(
        "JaFone failed for a reason that it does not document",
        code="undocumented",
        words=(words,),
        cause=Cause.UNKNOWN,
    )


def _error(row: Refusal, found: re.Match, words: str) -> UpstreamError:
    said = {"code": row.code, "words": (words,), "cause": row.cause}
    if row.error is RateLimited:
        return RateLimited("JaFone refuses more requests for now", retry_at=datetime.now(UTC) + WAIT, **said)
    if row.error is not Rejected:
        return row.error("JaFone refused the request", **said)
    name = found.groupdict().get("name") or ""
    problem = Problem(row.code, row.field or FIELDS.get(name, name), words)
    return Rejected("JaFone refused the request", problems=(problem,), **said)


def refused_here(code: str, field: str, cause: Cause = Cause.INVALID, words: str = "") -> Rejected:
    """A refusal of our own, before anything was sent."""
    problems = (Problem(code, field, words),)
    return Rejected("not sent: JaFone would refuse it", code=code, problems=problems, cause=cause)
