"""What can go wrong with an upstream call, told apart by one question: can the request have been carried out?

Every error says three things a worker needs (`effect`, `retryable`, `retry_at`) and keeps three things staff need
(`code`, `http_status`, `words`). What the customer reads is chosen elsewhere, from `code`, never from raw `words`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Effect(StrEnum):
    """Whether the request may have been carried out upstream."""

    NONE = "none"  # known not to have been processed: trying again cannot double anything
    UNKNOWN = "unknown"  # it may have been read: only the upstream's own records can tell


class Cause(StrEnum):
    """Why, in the portal's words: what a page explains and advises by. Each client has a table from its codes to these."""

    UNREACHABLE = "unreachable"  # nobody answered
    NO_ANSWER = "no_answer"  # sent, and no answer that can be trusted
    UNREADABLE = "unreadable"  # an answer that means nothing to us
    WAITING = "waiting"  # we hold it back ourselves
    LIMIT = "limit"  # too many requests
    CREDENTIALS = "credentials"
    PERMISSION = "permission"  # signed in, but not allowed to do this
    ACCOUNT_CLOSED = "account_closed"  # suspended, frozen, deleted
    FUNDS = "funds"
    UNSUPPORTED = "unsupported"
    NOT_FOUND = "not_found"
    TAKEN = "taken"  # somebody else has it, or it is in use
    DUPLICATE = "duplicate"  # the same thing was done before
    INVALID = "invalid"  # a value was not accepted
    MISSING = "missing"  # a value is needed
    SOURCE = "source"  # the sender number cannot do this
    DESTINATION = "destination"  # the recipient's number is wrong or cannot be reached
    OPTED_OUT = "opted_out"
    CONTENT = "content"  # the text or picture was not accepted
    ADDRESS = "address"  # a 911 or service address
    FILE = "file"
    NOT_NOW = "not_now"  # not in this state: something else must come first
    NOT_ALLOWED = "not_allowed"  # who asked for it may no longer do so
    SUSPENDED = "suspended"  # the account in the portal, not at the upstream
    NOT_YOURS = "not_yours"  # it went to another account meanwhile
    THEIR_FAULT = "their_fault"  # the upstream itself failed
    UNKNOWN = "unknown"  # a code that we have no table entry for: reported, never guessed


class UpstreamError(Exception):
    """Root of every error a client raises.

    `call` is the request's name at the upstream, `code` its error code (or ours, with a dash), `words` what the
    upstream said, one string per message, already free of credentials, `cause` what it means in our words.
    """

    effect = Effect.NONE
    retryable = False
    retry_at: datetime | None = None
    cause: Cause = Cause.UNKNOWN

    def __init__(
        self,
        message: str,
        *,
        call: str = "",
        code: str = "",
        http_status: int | None = None,
        words: tuple[str, ...] = (),
        cause: Cause | None = None,
    ):
        super().__init__(message)
        if cause is not None:
            self.cause = cause
        self.call = call
        self.code = code
        self.http_status = http_status
        self.words = words


class Unreachable(UpstreamError):
    """No connection was made, so nothing was sent."""

    retryable = True
    cause = Cause.UNREACHABLE


class Held(UpstreamError):
    """We chose not to send now: the quota or the breaker says wait until `retry_at`."""

    retryable = True
    cause = Cause.WAITING

    def __init__(self, message: str, *, retry_at: datetime, **details):
        super().__init__(message, **details)
        self.retry_at = retry_at


class RateLimited(UpstreamError):
    """The upstream refused because of its own limits. `retry_at` is set where it is known; never retry sooner."""

    retryable = True
    cause = Cause.LIMIT

    def __init__(self, message: str, *, retry_at: datetime | None = None, **details):
        super().__init__(message, **details)
        self.retry_at = retry_at


class CredentialsRefused(UpstreamError):
    """The upstream does not accept our credentials. A person must mend them."""

    cause = Cause.CREDENTIALS


class Unsupported(UpstreamError):
    """This upstream cannot do that at all; pages must not offer it."""

    cause = Cause.UNSUPPORTED


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal: `code` is the upstream's, `field` the record field it is about ("" when it is about none)."""

    code: str
    field: str = ""
    words: str = ""
    cause: Cause = Cause.UNKNOWN


class Rejected(UpstreamError):
    """The upstream read the request and refused it for a documented reason. Nothing was changed.

    `problems` has one entry per reason, in the upstream's order.
    """

    def __init__(self, message: str, *, problems: tuple[Problem, ...] = (), **details):
        super().__init__(message, **details)
        self.problems = problems


class NotFound(Rejected):
    """The object named in the request does not exist upstream (or not for this account)."""

    cause = Cause.NOT_FOUND


class AddressRejected(Rejected):
    """A 911 address was not accepted. `alternates` are the addresses the upstream knows nearby, possibly none.

    The upstream "may return failed and still carry alternates": a question for a person, never an automatic choice.
    """

    cause = Cause.ADDRESS

    def __init__(self, message: str, *, alternates: tuple = (), **details):
        super().__init__(message, **details)
        self.alternates = alternates


class Unclear(UpstreamError):
    """The request was sent and no answer we can trust came back: it may or may not have been carried out."""

    effect = Effect.UNKNOWN
    cause = Cause.NO_ANSWER


class Unreadable(Unclear):
    """An answer arrived that we cannot read (truncated, not JSON, an HTML page, an unknown shape or word)."""

    cause = Cause.UNREADABLE


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the upstream said beside a good answer, such as a soft limit or a fee that will follow."""

    code: str
    words: str = ""


@dataclass(slots=True)
class Notices:
    """Collects notices of the last call so that the caller can react without every method returning a pair."""

    items: list[Notice] = field(default_factory=list)

    def has(self, code: str) -> bool:
        return any(notice.code == code for notice in self.items)
