"""How a Voximplant request is written, signed and paged, and its answer read; the areas of the reference build on it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import ClassVar, TypeVar

from providers.clients import phones
from providers.clients.base import Observer
from providers.clients.capability import Capability
from providers.clients.errors import Cause, CredentialsRefused, Problem, RateLimited, Rejected, Unclear, Unreadable
from providers.clients.http import Answer, Request
from providers.clients.reading import JSON_TYPES, read_json
from providers.clients.records import ResourceRecord
from providers.clients.voximplant import structures, values
from providers.clients.voximplant.calls import DOCUMENT, SIBLINGS, writes
from providers.clients.voximplant.envelope import Meaning, done, open_envelope
from providers.clients.voximplant.refusals import TOKEN
from providers.clients.voximplant.signing import Signer
from providers.clients.wired import Wired

BUCKET = "platform_api"
PAGE = 1000  # rows, the most that a history gives at once
PAGE_CAP = 20_000_000  # bytes; a page of call sessions with their calls and recordings is long
FILE_CAP = 50_000_000
UNPAGED = frozenset(("GetResourcePrice", "GetPhoneNumberRegions", "GetPhoneNumberCategories"))  # and yet long
FILE_TYPES = ("application/octet-stream", "application/pdf", "application/gzip", "text/csv")
# Errors come with 200; the official client reads the body whatever the status, so a documented refusal counts anyway.
STATUSES = (200, 400, 401, 402, 403, 404, 409, 422)
WHO = ("account_id", "account_email", "account_name")
NAMING_THE_PARENT = ("AddAccount", "CloneAccount")
_RESENT = frozenset(("484", "515"))  # "the same request again": for a read it means no more than "slower"
T = TypeVar("T")


class Wire(Wired):
    """Credentials: `account_id` with `key_id` and `private_key` (PEM) of a service account, which is preferred, or with
    the older `api_key`, where `account_email` or `account_name` may stand for the id. With a service account the
    `api_key` is still what callbacks are proved with, together with the `callback_salt`. Optional beside them: `currency`,
    `time_zone`, `deadline`.
    """

    slug: ClassVar[str] = "voximplant"
    label: ClassVar[str] = "Voximplant"
    document: ClassVar[tuple[str, ...]] = DOCUMENT
    siblings: ClassVar[tuple[str, ...]] = SIBLINGS
    capabilities: ClassVar[frozenset[Capability]] = frozenset(
        (
            Capability.BALANCE,
            Capability.LEDGER,
            Capability.CHARGES,
            Capability.INVOICES,
            Capability.PRICES,
            Capability.LOW_BALANCE_ALERT,
            Capability.NUMBERS,
            Capability.NUMBER_SETTINGS,
            Capability.NUMBER_SEARCH,
            Capability.NUMBER_ORDER,
            Capability.NUMBER_RELEASE,
            Capability.MESSAGES,
            Capability.SEND_SMS,
            Capability.INBOUND_SMS,
            Capability.SUBACCOUNTS,
            Capability.CALLS,
            Capability.RECORDINGS,
            Capability.SIP_REGISTRATIONS,
        )
    )
    buckets: ClassVar[dict[str, int]] = {BUCKET: 0}
    credential_fields: ClassVar[tuple[str, ...]] = ("account_id", "api_key", "key_id", "private_key", "callback_salt")
    open_fields: ClassVar[tuple[str, ...]] = (
        "account_id",
        "account_email",
        "account_name",
        "key_id",
        "currency",
        "time_zone",
        "deadline",
    )
    default_base_url: ClassVar[str] = "https://api.voximplant.com"
    texts_abroad: ClassVar[bool] = True
    longest_text: ClassVar[int] = 765  # of a two-way text; one under a name may be longer

    def __init__(
        self,
        base_url: str,
        credentials: dict,
        *,
        observer: Observer | None = None,
        language: str = "en",
        time_zone: str = "",
    ):
        super().__init__(base_url, credentials, observer=observer, language=language, time_zone=time_zone)
        self.signer: Signer | None = None
        if credentials.get("key_id") and credentials.get("private_key"):
            who = str(credentials["account_id"])
            self.signer = Signer(who, str(credentials["key_id"]), str(credentials["private_key"]))
        self._currency = str(credentials.get("currency") or "")

    @classmethod
    def missing_credentials(cls, credentials: dict) -> list[str]:
        """`account_id` and `api_key`, or `account_id`, `key_id` and `private_key`."""
        has = {name for name, value in credentials.items() if value}
        if has & {"key_id", "private_key"} and "api_key" not in has:
            return [name for name in ("account_id", "key_id", "private_key") if name not in has]
        missing = [] if "api_key" in has else ["api_key"]
        return missing if has & set(WHO) else ["account_id", *missing]

    def call(
        self,
        name: str,
        fields: dict[str, object] | None = None,
        *,
        meaning: Meaning | None = None,
        member: str = "result",
        then: Callable[[dict], T] = lambda tree: tree,
    ) -> T:
        """Send one request and return what `then` makes of the answer. Fields that are None are left out."""
        fields = fields or {}
        request = self._request(name, fields, PAGE_CAP if "count" in fields or name in UNPAGED else None)
        return self._send(request, lambda answer: then(self._read(answer, request, meaning or Meaning(), member)))

    def command(self, name: str, fields: dict[str, object], *, meaning: Meaning | None = None) -> None:
        """A call that answers 1 when it was done."""
        self.call(name, fields, meaning=meaning, then=done)

    def download(self, name: str, fields: dict[str, object]) -> bytes:
        """The bytes of a file, which come without an envelope; an error has one."""
        request = self._request(name, fields, FILE_CAP)
        return self._send(request, lambda answer: self._file(answer, request))

    def pages(
        self, name: str, fields: dict[str, object], *, meaning: Meaning | None = None, page: int = PAGE
    ) -> Iterator[list]:
        """The rows of a listing, page by page, by `count` and `offset`.

        A listing that ends before its own total is `Unreadable`: what is missing from it would seem to have vanished.
        """
        offset, before = 0, None
        while True:
            tree = self.call(name, fields | {"count": page, "offset": offset}, meaning=meaning)
            rows, total = values.rows(tree), values.whole(tree, "total_count")
            if rows and rows == before:
                return  # the offset is not heeded: never ask for the same page for ever
            yield rows
            offset += len(rows)
            if total is not None and offset >= total:
                return
            if not rows and total is not None:
                raise Unreadable("the listing ended before its total", code="short-listing", call=name)
            if not rows:
                return
            before = rows

    def resources(
        self,
        name: str,
        kind: "Kind",
        fields: dict[str, object] | None = None,
        *,
        paged: bool = True,
    ) -> Iterator[ResourceRecord]:
        """The configuration objects of a listing; rows that cannot be read go to `unread`."""
        pages = self.pages(name, fields or {}) if paged else iter([self.call(name, fields, then=values.rows)])
        for rows in pages:
            yield from self.listing(rows, lambda row: self.resource(row, kind))

    def resource(self, row: dict, kind: "Kind") -> ResourceRecord:
        raw = self.raw(row)
        return ResourceRecord(
            kind=kind.ours,
            external_id=values.identity(row, kind.id) if kind.id else "",
            name=values.text(raw, kind.name) if kind.name else "",
            fields=structures.read(kind.structure, raw, UTC),
            raw=raw,
        )

    def currency(self) -> str:
        """The account's currency, asked for once: most amounts do not say theirs."""
        if not self._currency:
            row = self.call("GetAccountInfo", then=values.one)
            self._currency = values.currency(row)
        return self._currency

    def digits(self, e164: str, field: str = "number") -> str:
        """Country code and number without the plus, or `Rejected` before anything is sent."""
        try:
            phones.to_digits(e164)
            return e164[1:]
        except phones.PhoneError as problem:
            reason = problem.reason
        raise refused_here(reason.replace("_", "-"), field)

    def _request(self, name: str, fields: dict[str, object], cap: int | None) -> Request:
        return Request(
            call=name,
            bucket=BUCKET,
            url=f"{self.base_url.removesuffix('/platform_api')}/platform_api/{name}/",
            fields=(*_form(fields), *self._identity(name, fields)),
            headers={"Authorization": f"Bearer {self.signer.token()}"} if self.signer else {},
            write=writes(name),
            accept=STATUSES,
            body_cap=cap,
        )

    def _identity(self, name: str, fields: dict[str, object]) -> Iterator[tuple[str, str]]:
        """Who asks, in the older way. Two calls name the parent by parameters of their own; others may have an
        `account_id` that they are about, so that we are named by something else.
        """
        if self.signer is not None or name in NAMING_THE_PARENT:
            return
        ours = {who: str(self.credentials[who]) for who in WHO if self.credentials.get(who)}
        about = fields.get("account_id")
        if about is not None and ours.pop("account_id", None) != about:
            if not ours:
                raise refused_here("needs-service-account", "account_id")
            about = None
        if about is None:
            yield next(iter(ours.items()))
        yield "api_key", str(self.credentials["api_key"])

    def _send(self, request: Request, read: Callable[[Answer], T]) -> T:
        try:
            return self.http.call(request, read)
        except CredentialsRefused as problem:
            if self.signer is not None and problem.code in map(str, TOKEN):
                self.signer.forget()
            raise

    def _read(self, answer: Answer, request: Request, meaning: Meaning, member: str) -> dict:
        answer.expect(JSON_TYPES)
        try:
            tree = open_envelope(read_json(answer.body), meaning, self.redactor, member)
        except RateLimited as problem:
            self.http.limited(request.bucket, hard=problem.retry_at is not None, until=problem.retry_at)
            raise
        except Rejected as problem:
            if request.write or problem.code not in _RESENT:
                raise
            words, code = problem.words, problem.code
        else:
            if answer.status != 200:
                raise Unclear(f"a success with HTTP status {answer.status}", code=f"http-{answer.status}")
            return tree
        raise RateLimited("Voximplant takes it for the same request sent again", code=code, words=words)

    def _file(self, answer: Answer, request: Request) -> bytes:
        if answer.content_type in JSON_TYPES:
            self._read(answer, request, Meaning(), "error")
        if answer.status != 200:
            raise Unclear(f"a file with HTTP status {answer.status}", code=f"http-{answer.status}")
        answer.expect(FILE_TYPES)
        return answer.body


@dataclass(frozen=True, slots=True)
class Kind:
    """How the rows of a configuration object are read: our word, its structure, and which fields are its id and name."""

    ours: str
    structure: str
    id: str = ""
    name: str = ""


def refused_here(code: str, field: str, words: str = "", cause: Cause = Cause.INVALID) -> Rejected:
    """A refusal of our own, before anything was sent; its code has a dash where upstream's is a number."""
    problem = Problem(code, field, words, cause)
    return Rejected("not sent: Voximplant would refuse it", code=code, problems=(problem,), cause=cause)


def _form(fields: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Flags as true and false, lists with semicolons, moments in UTC, days as YYYY-MM-DD, all else as text."""
    for key, value in fields.items():
        if value is not None:
            yield key, _written(key, value)


def _written(key: str, value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return values.stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (list, tuple, set, frozenset)):
        return _joined(key, value)
    return str(value)


def _joined(key: str, items: Iterable) -> str:
    words = [str(item) for item in items]
    if any(";" in word for word in words):
        raise refused_here("invalid-character", key)
    return ";".join(words)
