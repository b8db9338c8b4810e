"""VoiceMeUp's words to ours: one function per kind of row, tables on top.

A word that is in no table raises `Unreadable` for its row.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from providers.clients import phones
from providers.clients.errors import Unreadable
from providers.clients.records import (
    AccountRecord,
    AvailableNumber,
    BalanceRecord,
    Direction,
    LedgerRecord,
    MediaRecord,
    MessageRecord,
    NetworkEvent,
    PlaceRecord,
    Transmission,
)
from providers.clients.voicemeup.values import (
    amount,
    balance,
    chosen,
    day,
    flag,
    moment,
    number,
    required,
    text,
    unreadable,
    whole,
)
from providers.clients.voicemeup.values import currency as currency_of

DIRECTIONS = {"inbound": Direction.INBOUND, "outbound": Direction.OUTBOUND}
# voicemeup.yaml: get_sms.transmission_status. "completed" says that VoiceMeUp is done with an outgoing message, not
# that a telephone showed it; an incoming one has arrived.
TRANSMISSIONS = {
    "pending": Transmission.PENDING,
    "processing": Transmission.PENDING,
    "paused": Transmission.PENDING,
    "completed": Transmission.SENT,
    "failed": Transmission.FAILED,
    "cancelled": Transmission.CANCELLED,
}
DELETED = {"enabled": False, "deleted": True, "purged": True}
# get_billing_activity: invoices, payments, credits, returns and refunds. A return is a payment that bounced and a
# refund money sent back, so both lower the balance.
LEDGER_SIGNS = {
    "charge": ("charge", -1),
    "invoice": ("invoice", -1),
    "payment": ("payment", 1),
    "credit": ("credit", 1),
    "refund": ("refund", -1),
    "return": ("return", -1),
}
WRAPPER = ".mms.html"
T = TypeVar("T")


def account(row: dict, raw: dict) -> AccountRecord:
    return AccountRecord(
        external_id=required(row, "client_account_id"),
        organization=text(row, "organization"),
        currency=text(row, "currency"),
        language=text(row, "language"),
        time_zone=text(row, "time_zone"),
        raw=raw,
    )


def funding(row: dict, currency: str, raw: dict) -> BalanceRecord:
    left, limit = text(row, "funds_left"), text(row, "credit_limit")
    return BalanceRecord(
        balance=balance(text(row, "account_balance")),
        currency=currency_of(row, currency),
        available=balance(left) if left else None,
        credit_limit=abs(balance(limit)) if limit else None,
        raw=raw,
    )


def ledger(row: dict, currency: str, raw: dict) -> LedgerRecord:
    kind, sign = chosen({"type": text(row, "type").lower()}, "type", LEDGER_SIGNS)
    occurred_on = day(row, "date")
    if occurred_on is None:
        raise unreadable("date", "there")
    after = text(row, "balance")
    return LedgerRecord(
        external_id=required(row, "transaction_id"),
        kind=kind,
        occurred_on=occurred_on,
        amount=signed(text(row, "amount"), sign),
        currency=currency_of(row, currency),
        description=text(row, "description"),
        balance_after=balance(after) if after else None,
        invoice_number=text(row, "invoice_number"),
        raw=raw,
    )


def signed(value: str, sign: int) -> Decimal:
    """The amount of a transaction: a written CR or minus decides, otherwise its kind does."""
    if value.upper().endswith("CR"):
        return balance(value)
    if value.startswith("-"):
        return -amount(value[1:])
    return sign * amount(value)


def message(row: dict, zone: ZoneInfo, raw: dict) -> MessageRecord:
    """A row of get_sms or the body of a webhook: they have the same keys."""
    direction = chosen(row, "direction", DIRECTIONS)
    transmission = chosen(row, "transmission_status", TRANSMISSIONS)
    if direction is Direction.INBOUND and transmission is Transmission.SENT:
        transmission = Transmission.DELIVERED
    sent_at = moment(text(row, "datetime_transmission"), zone) or moment(_logged(row), zone)
    if sent_at is None:
        raise unreadable("datetime", "there")
    media = _media(row)
    wrapper = any(item.url.split("?")[0].endswith(WRAPPER) for item in media)
    return MessageRecord(
        external_id=required(row, "sms_hash", "sms_log_id"),
        direction=direction,
        source=party(row, "source_number"),
        destination=party(row, "destination_number"),
        body=text(row, "message"),
        transmission=transmission,
        sent_at=sent_at,
        subaccount_id=object_id(row, "client_subaccount_id"),
        log_id=text(row, "sms_log_id"),
        deleted=chosen(row, "status", DELETED, blank=False),
        wrapper=wrapper,
        media=() if wrapper else media,
        price=_beside(lambda: amount(required(row, "billed_amount"))),
        failure=text(row, "failure_reason", "failure_code", "error"),
        raw=raw,
    )


def party(row: dict, key: str) -> str:
    """A telephone as E.164; a short code or the name of a sender as it is written, for such messages do arrive."""
    written = required(row, key)
    try:
        return phones.from_wire(written)
    except phones.PhoneError:
        if len(written) > 20 or not written.isprintable():
            raise unreadable(key, "a number or a sender's name") from None
        return written


def when(row: dict, zone: ZoneInfo, *keys: str) -> datetime:
    """When a row happened: its date and time, told together or apart."""
    found = moment(_logged(row) or text(row, *keys), zone)
    if found is None:
        raise unreadable("datetime", "there")
    return found


def _logged(row: dict) -> str:
    return text(row, "datetime") or f"{text(row, 'date')} {text(row, 'time')}".strip()


def _media(row: dict) -> tuple[MediaRecord, ...]:
    url = text(row, "attachment", "attachment_url")
    if not url:
        return ()
    if not url.lower().startswith(("https://", "http://")):
        raise unreadable("attachment", "an address")
    mime_type = text(row, "attachment_mime_type", "attachment_type")
    return (MediaRecord(url=url, mime_type=mime_type, size=_beside(lambda: whole(row, "attachment_size"))),)


def file_url(row: dict) -> str:
    """Where a recording or fax is served; "" when the row does not tell."""
    url = text(row, "url", "file_url", "media_url")
    if url and not url.lower().startswith(("https://", "http://")):
        raise unreadable("url", "an address")
    return url


def _beside(read: Callable[[], T]) -> T | None:
    """A value that stands beside the matter: unknown is better than a message that nobody sees."""
    try:
        return read()
    except Unreadable:
        return None


def object_id(row: dict, key: str) -> str:
    """Ids of nothing are written 0."""
    found = text(row, key)
    return "" if found == "0" else found


def available_number(row: dict, currency: str, raw: dict) -> AvailableNumber:
    fees = {name: text(row, name) for name in ("setup_fee", "monthly_fee")}
    return AvailableNumber(
        external_id=text(row, "did_id"),
        number=number(row, "phone_number", international=text(row, "type") == "international"),
        city=text(row, "district"),
        region=text(row, "state_code", "state"),
        rate_center=text(row, "ratecenter", "ratecenter_id"),
        sms=flag(row, "sms_support"),
        currency=currency_of(row, currency),
        raw=raw,
        **{name: amount(value) if value else None for name, value in fees.items()},
    )


def country(row: dict, raw: dict) -> PlaceRecord:
    code = text(row, "country_code")
    return PlaceRecord(external_id=required(row, "country_id"), code=code, name=text(row, "country"), raw=raw)


def state(row: dict, raw: dict) -> PlaceRecord:
    return PlaceRecord(
        external_id=required(row, "state_id"), code=text(row, "state_code"), name=text(row, "state"), raw=raw
    )


def network_event(row: dict, zone: ZoneInfo, raw: dict) -> NetworkEvent:
    return NetworkEvent(
        title=required(row, "title"),
        body=text(row, "description"),
        state=text(row, "status", "severity"),
        at=moment(text(row, "datetime_start"), zone),
        raw=raw,
    )


def only_row(found: list, name: str) -> dict:
    if len(found) != 1 or not isinstance(found[0], dict):
        raise Unreadable(f"the answer holds {len(found)} {name} where one belongs", code="no-rows")
    return found[0]
