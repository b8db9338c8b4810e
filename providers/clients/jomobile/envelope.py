"""What an answer of Jo Mobile means: `status` is true and there is `data`, or it is a refusal.

`errors` is a word, a text, a list of them, or an object of field -> texts; older answers call it `error`. A refusal that
names fields was read and not carried out, and so was one of a known word; any other may have been: `Unclear`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from providers.clients.errors import (
    Cause,
    CredentialsRefused,
    NotFound,
    Problem,
    RateLimited,
    Rejected,
    Unclear,
    Unreadable,
    UpstreamError,
)
from providers.clients.redaction import Redactor

WAIT = timedelta(minutes=1)  # no limit is documented, nor how long one lasts
SUCCESSES = (200, 201, 202)
# The HTTP status repeats error_code; only 400 and 401 have been seen.
STATUSES = (*SUCCESSES, 400, 401, 402, 403, 404, 405, 406, 409, 410, 413, 415, 422)
DENIED = (401, 403)


class TokenRefused(Rejected):
    """The token is not, or no longer, accepted: nothing was done, and a new one may help.

    With `foreign`, a page that is not their envelope says so, and whoever made it may not know what was done.
    """

    cause = Cause.CREDENTIALS
    foreign = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a word of theirs means: our class and cause, and the field it is about."""

    error: type[UpstreamError]
    cause: Cause
    field: str = ""


# jomobile.yaml: provider.errors.known. The last four are assumptions: no word for an empty balance is documented.
REFUSALS = {
    "no_client_price": Refusal(Rejected, Cause.DESTINATION, "destination"),
    "no_active_aggregator": Refusal(Rejected, Cause.DESTINATION, "destination"),
    "not_registr_originator": Refusal(Rejected, Cause.SOURCE, "source"),
    "unauthorized": Refusal(TokenRefused, Cause.CREDENTIALS),
    "invalid_credentials": Refusal(CredentialsRefused, Cause.CREDENTIALS),
    "Incorrect username or password.": Refusal(CredentialsRefused, Cause.CREDENTIALS),
    "insufficient_balance": Refusal(Rejected, Cause.FUNDS),
    "insufficient_funds": Refusal(Rejected, Cause.FUNDS),
    "not_enough_money": Refusal(Rejected, Cause.FUNDS),
    "no_money": Refusal(Rejected, Cause.FUNDS),
}
BY_STATUS = {
    402: Refusal(Rejected, Cause.FUNDS),
    404: Refusal(NotFound, Cause.NOT_FOUND),
}
# Their parameters and our fields.
FIELDS = {
    "number": "destination",
    "numbers": "numbers",
    "phone": "destination",
    "senderID": "source",
    "originator_birth": "source",
    "sender": "source",
    "text": "body",
    "text_sms": "body",
    "text_birth": "body",
    "beginDate": "begin",
    "beginTime": "begin",
    "dateStart": "begin",
    "timeStart": "begin",
    "timeStop": "end",
    "time_period": "since",
    "id_group": "group_id",
    "name_group": "name",
    "email": "email",
    "login": "login",
    "company_name": "organization",
}
_MISSING = ("required", "missing", "cannot be blank", "can not be blank", "empty")


def opened(tree, status: int, redactor: Redactor):
    """The `data` of a good answer. Raises the error that any other answer means."""
    if not isinstance(tree, dict) or not isinstance(tree.get("status"), bool):
        if status in DENIED:
            error = denied(status)
            error.foreign = True
            raise error
        raise Unreadable("the answer has no status", code="no-status")
    if tree["status"]:
        if status not in SUCCESSES:
            raise Unclear(f"a success with HTTP status {status}", code=f"http-{status}")
        return tree.get("data")
    raise refusal_of(tree, status, redactor)


def denied(status: int, words: tuple[str, ...] = ()) -> TokenRefused:
    cause = Cause.PERMISSION if status == 403 else Cause.CREDENTIALS
    return TokenRefused("Jo Mobile does not accept the token", code=f"http-{status}", words=words, cause=cause)


def refusal_of(tree: dict, status: int, redactor: Redactor) -> UpstreamError:
    """Our error for an answer that says no; what it says is kept free of credentials."""
    said = [(name, redactor.text(word, 500)) for name, word in told(tree.get("errors", tree.get("error")))]
    code = tree.get("error_code")
    code = code if isinstance(code, int) and not isinstance(code, bool) and code >= 400 else status
    words = tuple(word for _, word in said)
    known = next((REFUSALS[word] for word in words if word in REFUSALS), None)
    if code == 429:
        wait = datetime.now(UTC) + WAIT
        return RateLimited("Jo Mobile refuses more requests for now", retry_at=wait, code="http-429", words=words)
    if known is None and code in DENIED:
        return denied(code, words)
    if known is None and code < 500:
        known = BY_STATUS.get(code) or (Refusal(Rejected, cause_of(words[0])) if _named(said) else None)
    if known is None:
        return Unclear(
            "Jo Mobile failed for a reason that it does not document",
            code="undocumented",
            words=words,
            cause=Cause.UNKNOWN,
        )
    return _error(known, said, words)


def _named(said: list[tuple[str, str]]) -> bool:
    return bool(said) and all(name for name, _ in said)


def _error(known: Refusal, said: list[tuple[str, str]], words: tuple[str, ...]) -> UpstreamError:
    problems = tuple(problem(name, word) for name, word in said)
    code = problems[0].code if problems else "refused"
    details = {"code": code, "words": words, "cause": known.cause}
    if issubclass(known.error, Rejected):
        details["problems"] = problems
    return known.error("Jo Mobile refused the request", **details)


def problem(name: str, word: str) -> Problem:
    """One reason. A word of the table is its own code; a text about a field gets one of ours."""
    known = REFUSALS.get(word)
    if known is not None:
        return Problem(word if word.islower() else "invalid_credentials", known.field, word, known.cause)
    return Problem("invalid-value", FIELDS.get(name, name), word, cause_of(word))


def cause_of(word: str) -> Cause:
    return Cause.MISSING if any(part in word.lower() for part in _MISSING) else Cause.INVALID


def told(errors, name: str = "", depth: int = 3) -> list[tuple[str, str]]:
    """(field or "", text) of everything that `errors` says, in its order."""
    if isinstance(errors, str):
        return [(name, errors.strip())] if errors.strip() else []
    if depth and isinstance(errors, list):
        return [pair for one in errors for pair in told(one, name, depth - 1)]
    if depth and isinstance(errors, dict):
        return [pair for key, one in errors.items() for pair in told(one, name or str(key), depth - 1)]
    return []


def refused_here(code: str, field: str, cause: Cause = Cause.INVALID, words: str = "") -> Rejected:
    """A refusal of our own, before anything was sent; its code has a dash where theirs have underscores."""
    problems = (Problem(code, field, words, cause),)
    return Rejected("not sent: Jo Mobile would refuse it", code=code, problems=problems, cause=cause)
