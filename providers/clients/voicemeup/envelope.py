"""VoiceMeUp's envelope: success or error, with messages. Decides what an answer means before its rows are read."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from providers.clients.errors import (
    Cause,
    CredentialsRefused,
    NotFound,
    Notice,
    Problem,
    RateLimited,
    Rejected,
    Unclear,
    Unreadable,
    Unsupported,
    UpstreamError,
)
from providers.clients.reading import CONTENT
from providers.clients.redaction import Redactor
from providers.clients.voicemeup.refusals import (
    HARD_LIMIT,
    NOTICES,
    SOFT_LIMIT,
    cause_of,
    means,
    refuses,
    stem_of,
)
from providers.clients.voicemeup.values import as_list, text

BAN = timedelta(minutes=60)
_SUCCESSES = frozenset(("queued_sms_hash", "queued_fax_hash"))
# The manual speaks of E911 answers that "return failed"; public clients know "error" only.
_ERROR_WORDS = ("error", "failed")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the caller of an endpoint knows: which record field a code is about, and which id names the object."""

    fields: dict[str, str]
    identity: tuple[str, ...] = ()


def open_envelope(tree, meaning: Meaning, redactor: Redactor) -> list[Notice]:
    """The messages of a good answer. Raises the error that any other answer means."""
    details = tree.get("response_details") if isinstance(tree, dict) else None
    if not isinstance(details, dict):
        raise Unreadable("the answer has no envelope", code="no-envelope")
    status = text(details, "response_status")
    messages = _messages(details, redactor)
    codes = {message.code for message in messages}
    if status == "success":
        if strange := sorted(code for code in codes if refuses(code)):
            raise Unreadable(f"a success that says {strange[0]}", code="contradiction")
        return messages
    if status not in _ERROR_WORDS:
        raise Unreadable("the answer has no status that we know", code="no-status")
    if codes & _SUCCESSES:
        raise Unreadable("an error that says it was done", code="contradiction")
    raise refusal(messages, meaning)


def _messages(details: dict, redactor: Redactor) -> list[Notice]:
    holder = details.get("response_messages")
    found = as_list(holder.get("message")) if isinstance(holder, dict) else []
    messages = []
    for item in found:
        row = item if isinstance(item, dict) else {CONTENT: item}
        messages.append(Notice(redactor.text(text(row, "code"), 100), redactor.text(text(row, CONTENT), 1000)))
    return messages


def refusal(messages: list[Notice], meaning: Meaning) -> UpstreamError:
    """Our error for an error answer. Only documented refusals are known not to have been carried out."""
    codes = [message.code for message in messages]
    said = {"code": codes[0] if codes else "", "words": tuple(message.words for message in messages if message.words)}
    if HARD_LIMIT in codes or set(codes) == {SOFT_LIMIT}:
        said["code"] = HARD_LIMIT if HARD_LIMIT in codes else SOFT_LIMIT
        wait = datetime.now(UTC) + BAN if HARD_LIMIT in codes else None
        return RateLimited("VoiceMeUp refuses more requests for now", retry_at=wait, **said)
    if auth := next((code for code in codes if means(code, CredentialsRefused)), ""):
        return CredentialsRefused("VoiceMeUp refused the credentials", **said | {"code": auth})
    problems = tuple(_problem(message, meaning) for message in messages if message.code not in NOTICES)
    doubtful = [problem.code for problem in problems if not refuses(problem.code)]
    if doubtful or not problems:
        cause = cause_of(doubtful[0]) if doubtful else Cause.UNKNOWN
        return Unclear("VoiceMeUp failed for a reason that leaves open what it did", cause=cause, **said)
    said["code"] = problems[0].code
    if any(means(problem.code, Unsupported) for problem in problems):
        return Unsupported("VoiceMeUp does not know this request", **said)
    if any(_names_object(problem.code, meaning) for problem in problems):
        return NotFound("VoiceMeUp does not know this object", problems=problems, **said)
    return Rejected("VoiceMeUp refused the request", problems=problems, cause=cause_of(said["code"]), **said)


def _problem(message: Notice, meaning: Meaning) -> Problem:
    cause = Cause.NOT_FOUND if _names_object(message.code, meaning) else cause_of(message.code)
    return Problem(message.code, field_of(message.code, meaning), message.words, cause)


def field_of(code: str, meaning: Meaning) -> str:
    """The record field that a code is about: codes are a parameter's name with an ending."""
    return meaning.fields.get(code) or meaning.fields.get(stem_of(code), "")


def _names_object(code: str, meaning: Meaning) -> bool:
    return means(code, NotFound) or any(code in (f"{name}_invalid", f"{name}_not_found") for name in meaning.identity)
