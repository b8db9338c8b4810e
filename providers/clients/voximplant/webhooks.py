"""What Voximplant posts to us: account callbacks, each with a hash that proves who sent it.

The hash covers the salt, the account, its api key and the callback's id, and nothing of what the callback says. So an
id counts once, and what matters is read again through the interface.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime

from providers.clients.errors import Unreadable
from providers.clients.reading import JSON_TYPES, read_json
from providers.clients.records import Delivery, Direction, EventRecord, MessageRecord, News, Transmission
from providers.clients.redaction import Redactor
from providers.clients.voximplant import structures, values
from providers.clients.voximplant.happenings import PAYLOADS, TYPES

BODY_CAP = 256_000  # bytes
MOST = 500  # callbacks in one delivery
INBOUND = "sms_inbound"
_MASK = Redactor(keys=("hash",))
# Structures of the callbacks may hold plain ones too.
_KNOWN = structures.STRUCTURES | PAYLOADS
_MONEY = ("balance", "ledger")
# Which feeds have something to fetch after an event of a type.
FEEDS = {
    "sms_inbound": ("messages",),
    "min_balance": _MONEY,
    "next_charge_alert": _MONEY,
    "card_payment": _MONEY,
    "robokassa_payment": _MONEY,
    "wire_transfer": _MONEY,
    "invoice_received": _MONEY,
    "account_is_frozen": ("balance", "numbers"),
    "account_is_unfrozen": ("balance", "numbers"),
    "phone_number_activation_status_changed": ("numbers",),
    "renewed_subscriptions": (*_MONEY, "numbers"),
    "subscription_is_frozen": (*_MONEY, "numbers"),
    "subscription_is_detached": (*_MONEY, "numbers"),
    "unverified_subscription_detached": (*_MONEY, "numbers"),
}


def expected_hash(salt: str, account_id: str, api_key: str, callback_id: str) -> str:
    """md5 of salt, account, key and id one after another, in lower-case hex (voximplant.yaml: callbacks.verify)."""
    joined = f"{salt}{account_id}{api_key}{callback_id}".encode()
    return hashlib.md5(joined, usedforsecurity=False).hexdigest()


def parse_callbacks(
    body: bytes,
    content_type: str,
    query: dict,
    *,
    key_of: Callable[[str], str],
    salt: str,
    received_at: datetime,
) -> list[EventRecord]:
    """The events of one delivery. `key_of` tells the api key of an account that may speak (ours, or a child), else "".

    Raises `Unreadable` for anything that is not a delivery, and ("bad-hash") when one callback of it does not prove
    itself. A type that we don't know is an event without details. A text has the callback's id ("callback-1002"), since
    the callback does not tell the id of the log, and is of `received_at` when it does not say when it came.
    (voximplant.yaml: callbacks)
    """
    rows = _rows(body, content_type)
    for row in rows:
        _check_hash(row, key_of, salt)
    return [_event(row, received_at) for row in rows]


def read_news(delivery: Delivery, credentials: dict) -> News:
    """Which feeds a delivery makes due. The texts themselves come with the log: a callback does not tell their id, and
    one text must not be in the inbox twice. Raises `Unreadable` as `parse_callbacks`, and when the connection has no
    api key or salt to prove a delivery by.
    """
    ours, key = str(credentials.get("account_id") or ""), str(credentials.get("api_key") or "")
    events = parse_callbacks(
        delivery.body,
        delivery.content_type,
        delivery.query,
        key_of=lambda account: key if ours in ("", account) else "",
        salt=str(credentials.get("callback_salt") or ""),
        received_at=datetime.now(UTC),
    )
    due = dict.fromkeys(feed for event in events for feed in FEEDS.get(event.kind, ()))
    return News(feeds=tuple(due))


def _rows(body: bytes, content_type: str) -> list[dict]:
    if len(body) > BODY_CAP:
        raise Unreadable("the delivery is too large", code="too-large")
    if content_type.split(";")[0].strip().lower() not in JSON_TYPES:
        raise Unreadable("the delivery is not of a type that we read", code="content-type")
    tree = read_json(body)
    rows = tree.get("callbacks") if isinstance(tree, dict) else None
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST or not all(isinstance(row, dict) for row in rows):
        raise Unreadable("the delivery holds no callbacks", code="no-rows")
    return rows


def _check_hash(row: dict, key_of: Callable[[str], str], salt: str) -> None:
    account_id = values.identity(row, "account_id")
    told = values.text(row, "hash").lower()
    key = key_of(account_id)
    wanted = expected_hash(salt, account_id, key, values.identity(row, "callback_id"))
    same = hmac.compare_digest(wanted.encode(), told.encode())
    if not same or not key or not salt:
        raise Unreadable("a callback does not prove that Voximplant sent it", code="bad-hash")


def _event(row: dict, received_at: datetime) -> EventRecord:
    kind, callback_id = values.required(row, "type"), values.identity(row, "callback_id")
    raw = _MASK.tree(row)
    return EventRecord(
        external_id=callback_id,
        kind=kind,
        account_id=values.identity(row, "account_id"),
        at=received_at,
        balance=values.beside(lambda: values.money(row, "balance")),
        currency=values.text(row, "currency"),
        details={} if kind == INBOUND else _details(kind, raw),
        messages=_messages(row, callback_id, received_at) if kind == INBOUND else (),
        raw=raw,
    )


def _details(kind: str, row: dict) -> dict:
    structure, payload = TYPES.get(kind, ""), row.get(kind)
    if not structure:
        return {}
    if not isinstance(payload, dict):
        raise values.unreadable(kind, "a structure")
    # Two types are wrapped once more in a member of the same name, or not.
    nested = f"{kind}:" in _KNOWN[structure]
    return structures.read(structure, payload if not nested or kind in payload else {kind: payload}, known=_KNOWN)


def _messages(row: dict, callback_id: str, received_at: datetime) -> tuple[MessageRecord, ...]:
    """The texts of a callback, which may hold one, one wrapped in a member of the same name, or a list."""
    payload = row.get(INBOUND)
    if isinstance(payload, dict) and INBOUND in payload:
        payload = payload[INBOUND]
    items = payload if isinstance(payload, list) else [payload]
    if not items or not all(isinstance(item, dict) for item in items):
        raise values.unreadable(INBOUND, "a text")
    return tuple(_message(item, _name(callback_id, place), received_at) for place, item in enumerate(items))


def _name(callback_id: str, place: int) -> str:
    return f"callback-{callback_id}" + (f"-{place}" if place else "")


def _message(item: dict, external_id: str, received_at: datetime) -> MessageRecord:
    return MessageRecord(
        external_id=external_id,
        direction=Direction.INBOUND,
        source=values.required({"source_number": values.party(item, "source_number")}, "source_number"),
        destination=values.number(item, "destination_number"),
        body=values.text(item, "sms_body"),
        transmission=Transmission.DELIVERED,
        sent_at=values.moment(item, "receival_date") or received_at,
        raw=_MASK.tree(item),
    )
