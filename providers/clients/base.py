"""What every upstream client is: capabilities declared as data, calls observed, one constructor."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Protocol

from providers.clients.capability import Capability
from providers.clients.errors import Notices, Unreadable, Unsupported
from providers.clients.records import Delivery, EmergencyRules, News, PortRules
from providers.clients.speaking import Spoken, spoken_by
from providers.clients.surface import Surface


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP exchange as staff may see it: every secret already masked, bodies cut at 16 kB."""

    call: str
    bucket: str
    method: str
    url: str
    request: str
    started_at: datetime
    duration_ms: int
    http_status: int | None = None
    response: str = ""
    outcome: str = "ok"  # ok | refused | denied (credentials) | limited | unreachable | unclear
    code: str = ""


class Observer(Protocol):
    """Told of every exchange. `before` may raise `Held` to keep a request from being sent."""

    def before(self, call: str, bucket: str) -> None: ...

    def after(self, exchange: Exchange) -> None: ...

    def limited(self, bucket: str, *, hard: bool, until: datetime | None = None) -> None:
        """The upstream warned of (soft) or enforced (hard) a limit of `bucket`; `until` when it says how long."""


class Client(Surface):
    """Base of all clients. A subclass declares `slug`, `capabilities`, `document`, `buckets` and `credential_fields`.

    `credentials` is a plain dict with the keys of `credential_fields`. Nothing is sent by constructing one.
    """

    slug: ClassVar[str] = ""
    label: ClassVar[str] = ""
    capabilities: ClassVar[frozenset[Capability]] = frozenset()
    document: ClassVar[tuple[str, ...]] = ()  # every call that the upstream's own document names, in its order
    siblings: ClassVar[tuple[str, ...]] = ()  # calls of its other public documents that the portal needs
    buckets: ClassVar[dict[str, int]] = {}  # bucket -> requests an hour (0 = the document states none)
    bucket_of: ClassVar[dict[Capability, str]] = {}  # the limited bucket that a feed of this capability lives by
    sends_by: ClassVar[str] = ""  # the bucket that a text counts against
    address_buckets: ClassVar[frozenset[str]] = frozenset()  # those counted per IP address, over all our connections
    # Where no limit is stated, what feeds ask for in an hour over all our connections: two requests a second.
    courtesy: ClassVar[int] = 7200
    paces: ClassVar[dict[Capability, timedelta]] = {}  # what need not be read as often as a feed would; with the reason
    credential_fields: ClassVar[tuple[str, ...]] = ()
    learns: ClassVar[tuple[str, ...]] = ()  # those it may get for the others; worth nothing once the others are changed
    open_fields: ClassVar[tuple[str, ...]] = ("username", "time_zone", "deadline")  # shown to staff; the rest is masked
    default_base_url: ClassVar[str] = ""
    sent_ids_in_log: ClassVar[bool] = True  # whether the log shows a text under the id that sending it returned
    time_zone: ClassVar[str] = "UTC"  # what zone-less stamps mean unless the connection says otherwise
    texts_abroad: ClassVar[bool] = False  # whether texts go beyond country code +1
    longest_text: ClassVar[int] = 1000  # UTF-16 units of one text that are taken for sure
    port_rules: ClassVar[PortRules] = PortRules(says=frozenset(), needs=frozenset())
    emergency_rules: ClassVar[EmergencyRules] = EmergencyRules()
    finds_by: ClassVar[frozenset[str]] = frozenset()  # words of `available_numbers` that the upstream itself narrows by
    sells: ClassVar[tuple[str, ...]] = ("local",)  # kinds of numbers that can be searched
    webhook_methods: ClassVar[tuple[str, ...]] = ("POST",)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "slug" not in vars(cls) and not cls.slug:
            return  # a step on the way, such as `wired.Wired`
        for name in ("slug", "label", "capabilities", "credential_fields"):
            if not getattr(cls, name):
                raise TypeError(f"{cls.__name__} must declare {name}")

    def __init__(self, base_url: str, credentials: dict, *, observer: Observer | None = None, language: str = "en"):
        missing = self.missing_credentials(credentials)
        if missing:
            raise ValueError(f"{self.label} needs the credentials {', '.join(missing)}")
        self.base_url = base_url.rstrip("/")
        self.credentials = credentials
        self.observer = observer
        self.language = language
        self.notices = Notices()
        self.learned: dict[
            str, str
        ] = {}  # credentials the upstream gave us on the way (a token): the caller may keep them
        self.latest: Callable[[], dict] = dict  # credentials that other processes have learned since

    @classmethod
    def missing_credentials(cls, credentials: dict) -> list[str]:
        """Names of `credential_fields` without a value. A client whose fields can replace each other overrides it."""
        return [name for name in cls.credential_fields if not credentials.get(name)]

    @classmethod
    def spoken(cls) -> tuple[Spoken, ...]:
        """Which method makes which upstream call, and how far it may be repeated."""
        return spoken_by(cls)

    @classmethod
    def read_webhook(cls, delivery: Delivery, credentials: dict, time_zone: str) -> News:
        """What a webhook request says. Raises `Unreadable` for anything it does not know, also for a forged one."""
        raise Unreadable(f"{cls.label} sends no webhooks", code="no-webhooks")

    @classmethod
    def webhook_answer(cls, delivery: Delivery) -> tuple[bytes, str]:
        """Body and content type the upstream wants to see in return; made from the request alone, at once."""
        return b"", "text/plain"

    def secrets(self) -> list[str]:
        """The credential values that must never be shown, logged or raised."""
        return [str(value) for name, value in self.credentials.items() if name not in self.open_fields]

    def require(self, capability: Capability) -> None:
        """The one place where `Unsupported` is raised."""
        if capability not in self.capabilities:
            raise Unsupported(f"{self.label} cannot do {capability}", code="unsupported")


def supported(client: type[Client] | Client, wanted: Iterable[Capability]) -> bool:
    return set(wanted) <= set(client.capabilities)
