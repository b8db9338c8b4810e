"""VoiceMeUp's envelope: success or error, with messages. Decides what an answer means before its rows are read."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from providers.clients.errors import (
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
from providers.clients.voicemeup.values import as_list, text

SOFT_LIMIT = "requests_soft_limit_reached"
HARD_LIMIT = "requests_hard_limit_exceeded"
BAN = timedelta(minutes=60)
ALTERNATES = "alternate_address_provided"
LAST_ENDPOINT = "last_endpoint_was_deleted"

# voicemeup.yaml: auth.errors
CREDENTIALS = frozenset(
    (
        "authentication_failed",
        "authentication_token_required",
        "auth_username_invalid",
        "auth_username_required",
        "client_account_id_invalid",
        "client_account_id_required",
    )
)
# voicemeup.yaml: error_notices. They ride on good answers.
NOTICES = frozenset((SOFT_LIMIT, "callerid_rejection_notice", "peer_excluded_from_sync", LAST_ENDPOINT))
UNSUPPORTED = frozenset(("request_type_invalid", "request_type_not_implemented", "request_type_required"))
# Documented refusals whose name has none of the endings below. Not among them: internal_error-database_error,
# socket_error and could_not_send, after which the request may have been half carried out.
REFUSALS = frozenset(
    (
        "alternate_address_provided",
        "duplicate_entry",
        "entry_is_default_endpoint",
        "extension_already_in_use",
        "forward_number_used_by_did",
        "global_callerid_infos_undefined",
        "global_callerid_name_undefined",
        "no_e911_endpoint_found",
        "password_mismatch",
        "peer_exist",
        "permission_refused",
        "required_parameter_not_found",
        "internal_error-invalid_argument",
        "request_type_not_implemented",
    )
)
_REFUSAL_ENDINGS = ("_required", "_invalid", "_not_found", "_limit_reached", "_dependency")
_SUCCESSES = frozenset(("queued_sms_hash",))
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
        if strange := sorted(code for code in codes if _refuses(code)):
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
    if auth := next((code for code in codes if code in CREDENTIALS), ""):
        return CredentialsRefused("VoiceMeUp refused the credentials", **said | {"code": auth})
    problems = tuple(Problem(m.code, field_of(m.code, meaning), m.words) for m in messages if m.code not in NOTICES)
    if not problems or not all(_refuses(problem.code) for problem in problems):
        return Unclear("VoiceMeUp failed for a reason that it does not document", **said)
    said["code"] = problems[0].code
    if any(problem.code in UNSUPPORTED for problem in problems):
        return Unsupported("VoiceMeUp does not know this request", **said)
    if any(_names_object(problem.code, meaning) for problem in problems):
        return NotFound("VoiceMeUp does not know this object", problems=problems, **said)
    return Rejected("VoiceMeUp refused the request", problems=problems, **said)


def field_of(code: str, meaning: Meaning) -> str:
    """The record field that a code is about: codes are a parameter's name with an ending."""
    if code in meaning.fields:
        return meaning.fields[code]
    stem = next((code.removesuffix(ending) for ending in _REFUSAL_ENDINGS if code.endswith(ending)), code)
    return meaning.fields.get(stem, "")


def _refuses(code: str) -> bool:
    if code in NOTICES:
        return False
    return code in REFUSALS or code in CREDENTIALS or code == HARD_LIMIT or code.endswith(_REFUSAL_ENDINGS)


def _names_object(code: str, meaning: Meaning) -> bool:
    return code == "no_e911_endpoint_found" or any(
        code in (f"{name}_invalid", f"{name}_not_found") for name in meaning.identity
    )
