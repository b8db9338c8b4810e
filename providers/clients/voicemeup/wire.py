"""How a VoiceMeUp request is written and its answer read; the areas of the manual build on it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import ClassVar, TypeVar

from providers.clients import phones
from providers.clients.base import Capability, Observer
from providers.clients.errors import Cause, Problem, RateLimited, Rejected, Unclear, UpstreamError
from providers.clients.http import Answer, Request
from providers.clients.reading import JSON_TYPES, XML_TYPES, read_json, read_xml
from providers.clients.records import Attachment
from providers.clients.voicemeup import values
from providers.clients.voicemeup.document import DOCUMENT
from providers.clients.voicemeup.envelope import Meaning, open_envelope
from providers.clients.voicemeup.refusals import SOFT_LIMIT
from providers.clients.wired import Wired

SHARED_POOL = "shared_pool"
TIME_ZONE = "America/Toronto"
CURRENCY = "CAD"
UPLOAD_DEADLINE = 35.0  # seconds; documents of ten megabytes over a slow line, inside any worker's time limit
# Listings that the manual gives no pages to: all rows come in one answer, so the answer may be long and slow.
UNPAGED = frozenset(("get_dids", "get_new_dids", "get_billing_activity", "get_faxes", "get_peers"))
UNPAGED_CAP = 48_000_000  # bytes
LISTING_CAP = 12_000_000  # bytes of a page: a thousand messages are up to four
# Errors are thought to come with 200, which the manual does not say: a documented refusal counts whatever its status.
STATUSES = (200, 400, 401, 403, 404, 409, 422)
PAGE = 1000  # rows, the most that result_limit allows
_READERS = {"json": (read_json, JSON_TYPES), "xml": (read_xml, XML_TYPES)}
T = TypeVar("T")


class Wire(Wired):
    """Credentials: `auth_token` and `username`, or `client_user_id` in its place, which is preferred: `username` is
    also the name of an ordinary parameter. Optional keys beside them: `format` (json, xml), `time_zone` of the account
    (America/Toronto), `currency` (CAD, USD, EUR), `deadline` of a call in seconds (20).
    """

    slug: ClassVar[str] = "voicemeup"
    label: ClassVar[str] = "VoiceMeUp"
    capabilities: ClassVar[frozenset[Capability]] = frozenset(
        (
            Capability.BALANCE,
            Capability.LEDGER,
            Capability.INVOICES,
            Capability.PRICES,
            Capability.NUMBERS,
            Capability.NUMBER_SETTINGS,
            Capability.NUMBER_SEARCH,
            Capability.NUMBER_ORDER,
            Capability.NUMBER_RELEASE,
            Capability.BACK_ORDER,
            Capability.LOOKUP,
            Capability.MESSAGES,
            Capability.SEND_SMS,
            Capability.SEND_MMS,
            Capability.INBOUND_SMS,
            Capability.PORTS,
            Capability.PORT_REQUEST,
            Capability.PORT_CHECK,
            Capability.E911,
            Capability.DEVICES,
            Capability.DIRECTORY,
            Capability.SUBACCOUNTS,
            Capability.NETWORK_STATUS,
            Capability.CALLS,
            Capability.NEW_CALLS,
            Capability.RECORDINGS,
            Capability.VOICEMAIL,
            Capability.FAX,
            Capability.CALLBACKS,
        )
    )
    document: ClassVar[tuple[str, ...]] = DOCUMENT
    secret_names: ClassVar[tuple[str, ...]] = ("license_key", "web_key")
    time_zone: ClassVar[str] = TIME_ZONE
    # voicemeup.yaml: limits.per_hour
    buckets: ClassVar[dict[str, int]] = {
        "delete_faxes": 1500,
        "delete_recordings": 1500,
        "delete_voicemails": 1500,
        "dispatch_call": 900,
        "voicemail_broadcast": 900,
        "queue_fax": 600,
        "queue_sms": 600,
        SHARED_POOL: 1200,
    }
    bucket_of: ClassVar[dict[Capability, str]] = dict.fromkeys(capabilities, SHARED_POOL)
    sends_by: ClassVar[str] = "queue_sms"
    credential_fields: ClassVar[tuple[str, ...]] = ("username", "auth_token")
    open_fields: ClassVar[tuple[str, ...]] = (
        "username",
        "client_user_id",
        "notification_client_user_id",
        "format",
        "time_zone",
        "currency",
        "deadline",
    )
    default_base_url: ClassVar[str] = "https://clients.voicemeup.com"

    def __init__(
        self,
        base_url: str,
        credentials: dict,
        *,
        observer: Observer | None = None,
        language: str = "en",
        format: str = "",
        time_zone: str = "",
        currency: str = "",
        method: str = "POST",
    ):
        super().__init__(base_url, credentials, observer=observer, language=language, time_zone=time_zone)
        self.format = format or credentials.get("format") or "json"
        if self.format not in _READERS:
            raise ValueError("VoiceMeUp answers in json or xml")
        self.currency = currency or credentials.get("currency") or CURRENCY
        self.method = method
        self._places: dict[str, list] = {}  # states by country id, the countries under ""

    @classmethod
    def missing_credentials(cls, credentials: dict) -> list[str]:
        missing = super().missing_credentials(credentials)
        return [name for name in missing if name != "username" or not credentials.get("client_user_id")]

    def call(
        self,
        request_type: str,
        fields: dict[str, object] | None = None,
        *,
        files: Iterable[tuple[str, Attachment]] = (),
        meaning: Meaning | None = None,
        refused: Callable[[object, UpstreamError], UpstreamError] | None = None,
        then: Callable[[object], T] = lambda tree: tree,
    ) -> T:
        """Send one request and return what `then` makes of the answer (the whole structure), its envelope checked.

        Fields that are None are left out. `refused` may turn an error into a better one by what else the answer holds.
        """
        files = tuple(files)
        write = not request_type.startswith(("get_", "check_", "lookup_"))
        request = Request(
            call=request_type,
            bucket=self.bucket(request_type),
            url=f"{self.base_url}/api/v1.1/{self.format}/{request_type}",
            method="POST" if files else self.method,
            fields=(*self._identity(request_type, fields or {}), *_form(fields or {})),
            files=files,
            write=write,
            accept=STATUSES,
            deadline=UPLOAD_DEADLINE if files or request_type in UNPAGED else None,
            body_cap=_cap(request_type, fields or {}),
        )
        self.notices.items.clear()
        meaning = meaning or Meaning({})
        return self.http.call(request, lambda answer: then(self._read(answer, request, meaning, refused)))

    def bucket(self, request_type: str) -> str:
        """The hourly limit that a request counts against."""
        return request_type if request_type in self.buckets else SHARED_POOL

    def _identity(self, request_type: str, fields: dict) -> Iterator[tuple[str, str]]:
        user = "client_user_id" if self.credentials.get("client_user_id") else "username"
        yield user, str(self.credentials[user])
        yield "auth_token", str(self.credentials["auth_token"])
        # Some requests have a parameter of the same name; in update_e911 it is the old one of the caller's language.
        if self.language != "en" and request_type != "update_e911" and "language" not in fields:
            yield "language", self.language
        if self.currency != CURRENCY:
            yield "currency", self.currency

    def _read(self, answer: Answer, request: Request, meaning: Meaning, refused):
        parse, content_types = _READERS[self.format]
        answer.expect(content_types)
        tree = parse(answer.body)
        try:
            self.notices.items.extend(open_envelope(tree, meaning, self.redactor))
        except UpstreamError as error:
            if isinstance(error, RateLimited):
                self.http.limited(request.bucket, hard=error.retry_at is not None, until=error.retry_at)
            if refused is None:
                raise
            failure = refused(tree, error)
        else:
            if self.notices.has(SOFT_LIMIT):
                self.http.limited(request.bucket, hard=False)
            if answer.status != 200:
                raise Unclear(f"a success with HTTP status {answer.status}", code=f"http-{answer.status}")
            return tree
        raise failure

    def pages(self, request_type: str, fields: dict, row: str, id_field: str, meaning: Meaning) -> Iterator[list]:
        """The rows of a listing, page by page. No total is told: a page that is not full is the last one."""
        offset, before = 0, None
        while True:
            asked = fields | {"result_limit": PAGE, "result_offset": offset or None}
            rows = values.rows(self.call(request_type, asked, meaning=meaning), row, id_field)
            if rows == before:
                return  # the offset is not heeded: never ask for the same page for ever
            yield rows
            if len(rows) < PAGE:
                return
            offset, before = offset + len(rows), rows

    def stamp(self, moment: datetime) -> str:
        """An aware time as the account's clock shows it."""
        return moment.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")

    def ten_digits(self, e164: str, field: str = "number") -> str:
        """Ten digits for the wire, or `Rejected` before anything is sent: most requests know no other numbers."""
        return _written(phones.to_ten_digits, e164, field)

    def digits(self, e164: str, field: str = "number") -> str:
        """Ten digits, or all the digits of a foreign number, or `Rejected` before anything is sent."""
        return _written(phones.to_digits, e164, field)


def _cap(request_type: str, fields: dict) -> int | None:
    if request_type in UNPAGED:
        return UNPAGED_CAP
    return LISTING_CAP if "result_limit" in fields else None


def refused_here(code: str, field: str, words: str = "", cause: Cause = Cause.INVALID) -> Rejected:
    """A refusal of our own, before anything was sent; its code has a dash where upstream's have underscores."""
    return not_sent([Problem(code, field, words, cause)])


def not_sent(problems: Iterable[Problem]) -> Rejected:
    """The same for several problems at once; the first one says the cause."""
    found = tuple(problems)
    first = found[0]
    return Rejected("not sent: VoiceMeUp would refuse it", code=first.code, problems=found, cause=first.cause)


def _written(write: Callable[[str], str], e164: str, field: str) -> str:
    try:
        return write(e164)
    except phones.PhoneError as problem:
        reason = problem.reason
    raise refused_here(reason.replace("_", "-"), field)


def _form(fields: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Flags as 1 and 0, lists with commas, dates as YYYY-MM-DD, all else as text."""
    for key, value in fields.items():
        if value is None:
            continue
        if isinstance(value, bool):
            value = "1" if value else "0"
        elif isinstance(value, (list, tuple)):
            value = ",".join(map(str, value))
        yield key, str(value)
