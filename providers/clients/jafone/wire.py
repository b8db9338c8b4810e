"""How a JaFone request is written and its answer read; the areas of the document build on it.

Everything travels in the query of a GET, user id and key included: neither may ever stand in a log or an exception.
"""

import re
from collections.abc import Callable
from typing import ClassVar, TypeVar

from providers.clients import phones
from providers.clients.base import Capability, Observer
from providers.clients.errors import RateLimited
from providers.clients.http import Answer, Request
from providers.clients.jafone import refusals, repair
from providers.clients.wired import Wired

GENERAL = "general"
CURRENCY = "CAD"
DIVISOR = 100_000
PATH = "/v3/rest.php"
# The HTTP status of an error is not documented; one of these counts as the document's envelope, if it holds one.
STATUSES = (200, 400, 401, 402, 403, 404, 405, 409, 422)
# One action has three spellings in the document; the wire takes the one of its usage line.
WIRE_NAMES = {"setCallBacknumber": "setCallbackNumber"}
_SEPARATORS = re.compile(r"[,;\s]+")
T = TypeVar("T")


class Wire(Wired):
    """Credentials: `user_id` (six digits) and `key`. Optional beside them: `time_zone` (America/Toronto), `currency`
    (CAD), `ledger_divisor` (100000: how many units of a ledger's whole numbers make one dollar), `numbers` (the
    account's own, with commas: no call lists them), `deadline` of a call in seconds (20).
    """

    slug: ClassVar[str] = "jafone"
    label: ClassVar[str] = "JaFone"
    capabilities: ClassVar[frozenset[Capability]] = frozenset(
        (
            Capability.BALANCE,
            Capability.LEDGER,
            Capability.LOW_BALANCE_ALERT,
            Capability.NUMBERS,
            Capability.LOOKUP,
            Capability.MESSAGES,
            Capability.SEND_SMS,
            Capability.INBOUND_SMS,
            Capability.OPT_OUTS,
            Capability.OPT_OUT_PUSH,
            Capability.CONTACTS,
            Capability.CALLBACKS,
            Capability.FORWARDING,
            Capability.CONFERENCES,
        )
    )
    longest_text: ClassVar[int] = 670  # ten parts in any alphabet; the document states no limit
    document: ClassVar[tuple[str, ...]] = (
        "getApiVersion",
        "getAccountInfo",
        "sendSMS",
        "getSMS",
        "getPhoneNumberInfo",
        "setDoNotContact",
        "getStops",
        "createCallback",
        "getCallBackNumbers",
        "setCallBacknumber",
        "getCallForwardingInfo",
        "setCallForwarding",
        "getTransactions",
        "getCallRoutingType",
        "setCallRoutingType",
        "getBalance",
        "getLowBalanceAlertInfo",
        "setLowBalanceAlert",
        "getVoicemailEmails",
        "setVoicemailEmails",
        "getConferencesInfo",
        "scheduleConference",
        "getContacts",
        "createTtsCallSvt",
    )
    time_zone: ClassVar[str] = "America/Toronto"
    buckets: ClassVar[dict[str, int]] = {GENERAL: 0}
    credential_fields: ClassVar[tuple[str, ...]] = ("user_id", "key")
    open_fields: ClassVar[tuple[str, ...]] = ("time_zone", "deadline", "currency", "ledger_divisor", "numbers")
    secret_names: ClassVar[tuple[str, ...]] = ("userId", "key", "AdminPin")
    default_base_url: ClassVar[str] = "https://api.myownaccount.net"

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
        self.currency = credentials.get("currency") or CURRENCY
        self.divisor = _divisor(credentials.get("ledger_divisor") or DIVISOR)
        self.said_numbers = _said_numbers(credentials.get("numbers"))

    def ask(
        self,
        call: str,
        fields: dict[str, str] | None = None,
        *,
        write: bool = False,
        then: Callable[[dict], T] = lambda tree: tree,
    ) -> T:
        """Send one action and return what `then` makes of its answer, whose Status was checked."""
        query = {
            "userId": str(self.credentials["user_id"]),
            "key": str(self.credentials["key"]),
            "action": WIRE_NAMES.get(call, call),
            **(fields or {}),
        }
        request = Request(
            call=call,
            bucket=GENERAL,
            url=self.base_url + PATH,
            method="GET",
            query=tuple(query.items()),
            write=write,
            accept=STATUSES,
        )
        return self.http.call(request, lambda answer: then(self._read(answer, request)))

    def _read(self, answer: Answer, request: Request) -> dict:
        """The content type is not documented and not looked at: what is no JSON is no answer."""
        try:
            return refusals.check(repair.read(answer.body), answer.status, self.redactor)
        except RateLimited as refused:
            self.http.limited(request.bucket, hard=True, until=refused.retry_at)
            raise


def _said_numbers(said) -> list[str]:
    """The numbers of a connection's option as E.164: a list, or a text with commas or blanks."""
    words = _SEPARATORS.split(said) if isinstance(said, str) else list(said or ())
    try:
        return list(dict.fromkeys(phones.from_wire(str(word)) for word in words if word))
    except phones.PhoneError:
        raise ValueError("the numbers of a JaFone connection are ten digits each, with commas between") from None


def _divisor(value) -> int:
    """A power of ten, so that no amount is ever rounded."""
    written = str(value)
    if not written.isascii() or not written.isdigit() or written.rstrip("0") != "1" or len(written) > 10:
        raise ValueError("JaFone's ledger_divisor is a power of ten, such as 100000")
    return int(written)
