"""What every upstream client is: capabilities declared as data, calls observed, one constructor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from providers.clients.errors import Notices, Unsupported


class Capability(StrEnum):
    """What a page may offer. A client lists the ones its upstream has."""

    BALANCE = "balance"
    LEDGER = "ledger"
    NUMBERS = "numbers"
    NUMBER_SETTINGS = "number_settings"
    NUMBER_SEARCH = "number_search"
    NUMBER_ORDER = "number_order"
    MESSAGES = "messages"
    SEND_SMS = "send_sms"
    SEND_MMS = "send_mms"
    PORTS = "ports"
    E911 = "e911"
    SUBACCOUNTS = "subaccounts"
    NETWORK_STATUS = "network_status"


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
    outcome: str = "ok"  # ok | refused | unreachable | unclear
    code: str = ""


class Observer(Protocol):
    """Told of every exchange. `before` may raise `Held` to keep a request from being sent."""

    def before(self, call: str, bucket: str) -> None: ...

    def after(self, exchange: Exchange) -> None: ...

    def limited(self, bucket: str, *, hard: bool) -> None:
        """The upstream warned of (soft) or enforced (hard) a limit of `bucket`."""


class Client:
    """Base of all clients. A subclass declares `slug`, `capabilities`, `buckets` and `credential_fields`.

    `credentials` is a plain dict with the keys of `credential_fields`. Nothing is sent by constructing one.
    """

    slug: ClassVar[str] = ""
    label: ClassVar[str] = ""
    capabilities: ClassVar[frozenset[Capability]] = frozenset()
    buckets: ClassVar[dict[str, int]] = {}  # bucket -> requests an hour (0 = the document states none)
    credential_fields: ClassVar[tuple[str, ...]] = ()
    open_fields: ClassVar[tuple[str, ...]] = ("username", "time_zone", "deadline")  # shown to staff; the rest is masked
    default_base_url: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
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

    @classmethod
    def missing_credentials(cls, credentials: dict) -> list[str]:
        """Names of `credential_fields` without a value. A client whose fields can replace each other overrides it."""
        return [name for name in cls.credential_fields if not credentials.get(name)]

    def secrets(self) -> list[str]:
        """The credential values that must never be shown, logged or raised."""
        return [str(value) for name, value in self.credentials.items() if name not in self.open_fields]

    def require(self, capability: Capability) -> None:
        """The one place where `Unsupported` is raised."""
        if capability not in self.capabilities:
            raise Unsupported(f"{self.label} cannot do {capability}", code="unsupported")


def supported(client: type[Client] | Client, wanted: Iterable[Capability]) -> bool:
    return set(wanted) <= set(client.capabilities)
