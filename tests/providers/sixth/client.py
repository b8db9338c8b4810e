"""TinyTel: a made-up upstream of five calls, its client written step by step as docs/adding-a-provider.md says.

Its document: POST JSON to /<call> with `Authorization: Bearer TOKEN`. An answer is {"ok": true, ...} or {"ok": false,
"code": N, "text": "..."}; 600 requests an hour. A text that comes in is posted to its number's hook as a row of listTexts.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from providers.clients import phones
from providers.clients.base import Capability
from providers.clients.errors import (
    Cause,
    CredentialsRefused,
    NotFound,
    Problem,
    RateLimited,
    Rejected,
    Unclear,
    Unreadable,
)
from providers.clients.http import Answer, Request
from providers.clients.reading import JSON_TYPES, read_json
from providers.clients.records import (
    AccountRecord,
    Attachment,
    BalanceRecord,
    Delivery,
    Direction,
    MessageRecord,
    News,
    NumberRecord,
    NumberStatus,
    SentMessage,
    Transmission,
)
from providers.clients.speaking import Repeat, speaks
from providers.clients.wired import Wired

REFUSALS = {
    1: ("bad-token", CredentialsRefused, Cause.CREDENTIALS),
    2: ("slow-down", RateLimited, Cause.LIMIT),
    3: ("no-money", Rejected, Cause.FUNDS),
    4: ("not-your-number", Rejected, Cause.SOURCE),
    5: ("bad-recipient", Rejected, Cause.DESTINATION),
    6: ("bad-value", Rejected, Cause.INVALID),
}
STATES = {"out": Transmission.SENT, "there": Transmission.DELIVERED, "lost": Transmission.FAILED}
DIRECTIONS = {"in": Direction.INBOUND, "out": Direction.OUTBOUND}


class TinyTel(Wired):
    slug = "tinytel"
    label = "TinyTel"
    capabilities = frozenset(
        (
            Capability.BALANCE,
            Capability.NUMBERS,
            Capability.NUMBER_SETTINGS,
            Capability.MESSAGES,
            Capability.SEND_SMS,
            Capability.INBOUND_SMS,
        )
    )
    document = ("getBalance", "listNumbers", "listTexts", "sendText", "setHook")
    buckets = {"all": 600}
    bucket_of = dict.fromkeys(capabilities, "all")
    credential_fields = ("token",)
    default_base_url = "https://api.tinytel.example"

    @speaks("getBalance")
    def account(self) -> AccountRecord:
        """(TinyTel: getBalance, which names the company too)"""
        row = self.ask("getBalance")
        return AccountRecord(
            external_id=_text(row, "account"), organization=_text(row, "company"), currency="USD", raw=self.raw(row)
        )

    @speaks("getBalance")
    def balance(self) -> BalanceRecord:
        row = self.ask("getBalance")
        return BalanceRecord(balance=_amount(row, "balance"), currency="USD", raw=self.raw(row))

    @speaks("listNumbers")
    def numbers(self, **filters) -> Iterator[NumberRecord]:
        yield from self.listing(_rows(self.ask("listNumbers"), "numbers"), self._number)

    def number(self, external_id: str | None = None, number: str | None = None) -> NumberRecord:
        for record in self.numbers():
            if record.number in (external_id, number):
                return record
        raise NotFound("no such number", call="listNumbers", code="not-found")

    @speaks("setHook", Repeat.SAFE, settle="listNumbers tells the hook")
    def update_number(self, external_id: str, changes: dict) -> None:
        if set(changes) - {"sms_webhook", "sms_webhook_retry"}:  # it always tries again
            raise Rejected("no such setting", code="unknown-setting", cause=Cause.INVALID)
        self.ask("setHook", {"number": external_id, "url": changes["sms_webhook"]}, write=True)

    @speaks("listTexts")
    def messages(
        self,
        since: date,
        until: date | None = None,
        direction: Direction | str | None = None,
        source: str | None = None,
        destination: str | None = None,
    ) -> Iterator[MessageRecord]:
        """Texts of whole days, UTC. (TinyTel: listTexts, oldest first, unpaged)"""
        days = {"since": since.isoformat(), "until": (until or self.today() + timedelta(days=1)).isoformat()}
        for record in self.listing(_rows(self.ask("listTexts", days), "texts"), self._message):
            sides = source in (None, record.source) and destination in (None, record.destination)
            if sides and direction in (None, record.direction):
                yield record

    @speaks("sendText", Repeat.NEVER, settle="listTexts of the day: same numbers, same text")
    def send_message(
        self, source: str, destination: str, body: str, attachment: Attachment | None = None
    ) -> SentMessage:
        if attachment is not None:
            self.require(Capability.SEND_MMS)
        fields = {"from": source, "to": destination, "text": body}
        sent = lambda row: SentMessage(external_id=_text(row, "id"), raw=self.raw(row))  # noqa: E731
        return self.ask("sendText", fields, write=True, then=sent)

    @classmethod
    def read_webhook(cls, delivery: Delivery, credentials: dict, time_zone: str) -> News:
        row = read_json(delivery.body)
        return News(messages=(_message_of(row if isinstance(row, dict) else {}, {}),))

    def ask(self, call: str, fields: dict | None = None, *, write: bool = False, then: Callable = dict):
        request = Request(
            call=call,
            bucket="all",
            url=f"{self.base_url}/{call}",
            json=fields or {},
            headers={"Authorization": f"Bearer {self.credentials['token']}"},
            write=write,
        )
        return self.http.call(request, lambda answer: then(self._good(answer, request)))

    def _good(self, answer: Answer, request: Request) -> dict:
        answer.expect(JSON_TYPES)
        row = read_json(answer.body)
        if not isinstance(row, dict) or row.get("ok") not in (True, False):
            raise Unreadable("the answer says neither yes nor no", code="no-envelope")
        if row["ok"]:
            return row
        words = (self.redactor.text(str(row.get("text", ""))),)
        code, error, cause = REFUSALS.get(
            row.get("code") if isinstance(row.get("code"), int) else 0, ("", Unclear, None)
        )
        if error is RateLimited:
            self.http.limited(request.bucket, hard=False)
        problems = {"problems": (Problem(code, "", words[0], cause),)} if error is Rejected else {}
        raise error("TinyTel refused it", code=code or "unknown-code", words=words, cause=cause, **problems)

    def _number(self, row: dict) -> NumberRecord:
        number = _phone(row, "number")
        settings = {"sms_webhook": str(row.get("hook") or "")}
        return NumberRecord(
            external_id=number, number=number, status=NumberStatus.ACTIVE, city=_text(row, "city"), country="US",
            sms=row.get("texts") is True, settings=settings, raw=self.raw(row),
        )  # fmt: skip

    def _message(self, row: dict) -> MessageRecord:
        return _message_of(row, self.raw(row))


def _message_of(row: dict, raw: dict) -> MessageRecord:
    way, state = _text(row, "way"), _text(row, "state")
    if way not in DIRECTIONS or state not in STATES:
        raise Unreadable("a word that is in no table", code="unknown-word")
    return MessageRecord(
        external_id=_text(row, "id"), direction=DIRECTIONS[way], source=_phone(row, "from"),
        destination=_phone(row, "to"), body=_text(row, "text"), transmission=STATES[state],
        sent_at=_moment(row), raw=raw,
    )  # fmt: skip


def _rows(tree: dict, name: str) -> list:
    if not isinstance(tree.get(name), list):
        raise Unreadable(f"no list of {name}", code="no-rows")
    return tree[name]


def _text(row: dict, name: str) -> str:
    if not isinstance(row.get(name), str) or not row[name]:
        raise Unreadable(f"{name} is not told", code=f"no-{name}")
    return row[name]


def _amount(row: dict, name: str) -> Decimal:
    try:
        found = Decimal(_text(row, name))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Unreadable(f"{name} is no amount", code=f"no-{name}")
    return found


def _phone(row: dict, name: str) -> str:
    try:
        return phones.from_wire(_text(row, name))
    except phones.PhoneError:
        raise Unreadable(f"{name} is no number", code=f"no-{name}") from None


def _moment(row: dict) -> datetime:
    try:
        return datetime.fromisoformat(_text(row, "at")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable("at is no moment", code="no-at") from None
