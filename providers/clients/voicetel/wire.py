"""How a VoiceTel request is signed, written and read; the areas of the documents build on it."""

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar, TypeVar

from providers.clients.base import Capability, Observer
from providers.clients.errors import (
    CredentialsRefused,
    Held,
    RateLimited,
    Rejected,
    Unclear,
    Unreadable,
    UpstreamError,
)
from providers.clients.http import Answer, Request
from providers.clients.reading import JSON_TYPES, read_json
from providers.clients.voicetel import partial
from providers.clients.voicetel.partial import Outcome
from providers.clients.voicetel.refusals import STATUSES, check, refusal_of, refused_here
from providers.clients.voicetel.routes import DOCUMENT, GENERAL, LIMITED, ROUTES, SIBLINGS, Route
from providers.clients.wired import Wired

CURRENCY = "USD"
TRIAL = "gatewaysList"  # every account has some, and no limit counts it
HOURLY = 6  # of each limited bucket, for everybody behind one IP address
LONG_LISTING = 32_000_000  # bytes; nothing is paged
UNPAGED = frozenset(
    (
        *("accountCdr", "accountMrc", "numbersList", "tnInventory", "tnInventoryCoverage", "portStatus"),
        *("dlr", "mdr-mms", "mdr-sms", "status", "e911QueryAll"),
    )
)
_ACCEPTED = (200, *STATUSES)
T = TypeVar("T")


class Wire(Wired):
    """Credentials: `apikey`, or `username` (ten digits) and `password`, from which a key is had. With all three a key
    that was changed is fetched anew. What is fetched is kept, and offered in `learned`: fetching is limited to six an
    hour. Optional beside them: `time_zone` for what counts as a day (UTC), `deadline` of a call in seconds (20).
    """

    slug: ClassVar[str] = "voicetel"
    label: ClassVar[str] = "VoiceTel"
    capabilities: ClassVar[frozenset[Capability]] = frozenset(
        (
            Capability.BALANCE,
            Capability.CHARGES,
            Capability.NUMBERS,
            Capability.NUMBER_SETTINGS,
            Capability.NUMBER_SEARCH,
            Capability.NUMBER_ORDER,
            Capability.NUMBER_RELEASE,
            Capability.LOOKUP,
            Capability.MESSAGES,
            Capability.SEND_SMS,
            Capability.INBOUND_SMS,
            Capability.PORTS,
            Capability.PORT_REQUEST,
            Capability.PORT_CHECK,
            Capability.PORT_OUT_PIN,
            Capability.E911,
            Capability.CALLS,
            Capability.SIP_REGISTRATIONS,
        )
    )
    document: ClassVar[tuple[str, ...]] = tuple(route.call for route in DOCUMENT)
    siblings: ClassVar[tuple[str, ...]] = tuple(route.call for route in SIBLINGS)
    buckets: ClassVar[dict[str, int]] = dict.fromkeys(LIMITED.values(), HOURLY) | {GENERAL: 0}
    address_buckets: ClassVar[frozenset[str]] = frozenset(LIMITED.values())
    bucket_of: ClassVar[dict[Capability, str]] = {
        Capability.BALANCE: "info",
        Capability.CHARGES: "mrc",
        Capability.CALLS: "cdr",
    }
    # What changes here within minutes was changed over the portal and is read back at once. The rest is changed by people
    # in office hours, and the requests it would take are better spent on texts: reading those takes two for each number.
    paces: ClassVar[dict[Capability, timedelta]] = {
        Capability.NUMBERS: timedelta(minutes=15),
        Capability.PORTS: timedelta(minutes=15),
        Capability.E911: timedelta(minutes=15),
    }
    credential_fields: ClassVar[tuple[str, ...]] = ("username", "password", "apikey")
    learns: ClassVar[tuple[str, ...]] = ("apikey",)
    secret_names: ClassVar[tuple[str, ...]] = ("pin", "portOutPin", "accountPin")
    longest_text: ClassVar[int] = 160  # what the first version of its document states, and no later one more
    sent_ids_in_log: ClassVar[bool] = False  # sending answers a GUID, the records have ids of their own
    default_base_url: ClassVar[str] = "https://api.voicetel.com"

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
        self._key = str(credentials.get("apikey") or "")
        self._password = str(credentials.get("password") or "")
        self._fetched = False  # a key is fetched at most once by one client: fetching is what runs out first

    @classmethod
    def missing_credentials(cls, credentials: dict) -> list[str]:
        """A key suffices, or a user name with its password."""
        if credentials.get("apikey"):
            return []
        missing = [name for name in ("username", "password") if not credentials.get(name)]
        return missing if len(missing) < 2 else ["apikey"]

    def ask(
        self,
        call: str,
        body: dict | None = None,
        *,
        write: bool = False,
        then: Callable[[dict], T] = lambda tree: tree,
    ) -> T:
        """Send one call and return what `then` makes of its answer, a success."""
        read = lambda tree, route, status: then(self._good(tree, route, status))  # noqa: E731
        return self._send(ROUTES[call], body or {}, write, read)

    def batch(
        self,
        call: str,
        body: dict,
        kind: str,
        payload: str,
        *,
        write: bool = True,
        then: Callable[[Outcome], Outcome] = lambda outcome: outcome,
    ) -> Outcome:
        """Send a call that takes a list. Raises `Rejected` when nothing of it was done."""

        def read(tree, route: Route, status: int) -> Outcome:
            partly = status == 409 and partial.lists_of(tree)
            told = tree if partly else self._good(tree, route, status)
            return then(partial.outcome(told, kind, payload, self.raw, partly=partly))

        return self._send(ROUTES[call], body, write, read)

    def _good(self, tree, route: Route, status: int) -> dict:
        if status != 200:
            raise refusal_of(tree, route, status, self.redactor)
        return check(tree, route, status, self.redactor)

    def _send(self, route: Route, body: dict, write: bool, read: Callable[[object, Route, int], T]) -> T:
        """Once, or twice when the first key was refused and another is to be had: a refused one did nothing."""
        if not route.signed:
            return self._once(route, body, write, read, "")
        key = self._key or self._sign_in()
        try:
            return self._once(route, body, write, read, key)
        except (CredentialsRefused, Rejected) as refusal:
            if refusal.http_status != 401:
                raise
            other = self._instead(key, refusal)
            if not other:
                raise
        return self._once(route, body, write, read, other)

    def _instead(self, key: str, refusal: UpstreamError) -> str:
        """Another key to try, "" when the refusal stands. One that may be about a number only is put to the test by a
        listing that names none: if that is refused too, it was the key.
        """
        if isinstance(refusal, Rejected):
            try:
                self._once(ROUTES[TRIAL], {}, False, self._good, key)
            except CredentialsRefused:
                return self._other_key(key)
            except UpstreamError:
                pass
            return ""
        return self._other_key(key)

    def _once(self, route: Route, body: dict, write: bool, read, key: str):
        request = Request(
            call=route.call,
            bucket=route.bucket,
            url=self.base_url + route.path,
            method=route.method,
            json=body,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            write=write,
            accept=_ACCEPTED,
            body_cap=LONG_LISTING if route.call in UNPAGED else None,
        )
        return self.http.call(request, lambda answer: read(_tree(answer), route, answer.status))

    def _other_key(self, refused: str) -> str:
        """The key that another process has learned, or a new one for the password; "" when there is none."""
        latest = str(self.latest().get("apikey") or "")
        if latest and latest != refused:
            self._keep(latest)
            return latest
        if self._fetched or not (self.credentials.get("username") and self._password):
            return ""
        try:
            fetched = self._sign_in()
        except (Held, RateLimited):
            return ""  # the refusal tells more than that we may not ask now
        return fetched if fetched != refused else ""

    def _sign_in(self) -> str:
        raise NotImplementedError

    def _keep(self, key: str) -> None:
        self._key = key
        self.redactor.learn(key)

    def username(self) -> int:
        """The account's name, ten digits, as the number that calls want."""
        written = str(self.credentials.get("username") or "")
        if not written.isascii() or not written.isdigit() or len(written) != 10:
            raise refused_here("not-a-username", "username")
        return int(written)


def _tree(answer: Answer):
    """The body. Of an error without one, or with one that is not VoiceTel's, only the status is left: None."""
    if answer.status == 200:
        answer.expect(JSON_TYPES)
        return read_json(answer.body)
    if not answer.body.strip():
        return None
    try:
        tree = read_json(answer.body)
    except Unreadable:
        tree = None
    if tree is None:
        raise Unclear(f"HTTP status {answer.status} and a page that is not VoiceTel's", code=f"http-{answer.status}")
    return tree if isinstance(tree, dict) and not {"status", "statusCode"}.isdisjoint(tree) else None
