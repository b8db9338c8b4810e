"""Money comes home: the balance of each connection's main account, and the upstream's ledger."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.ownership import owner_of
from billing.models import Balance, LedgerEntry
from providers.clients.base import Client
from providers.clients.records import BalanceRecord, LedgerRecord
from providers.mirroring import mirror
from providers.models import Connection, Feed
from providers.tally import Tally

FIRST_LOOK = timedelta(days=400)  # a year of it, and the month before for comparison
OVERLAP = timedelta(days=35)  # upstreams date corrections and returned payments back into the last month


def read_balance(client: Client, feed: Feed, tally: Tally) -> None:
    record = client.balance()
    tally.seen = 1
    _keep_balance(feed.connection, owner_of(feed.connection)(""), record, tally)


def _keep_balance(connection: Connection, account_pk: int, record: BalanceRecord, tally: Tally) -> None:
    """Store what was read; the customer's own threshold stays as it is."""
    now = timezone.now()
    values = {
        "account_id": account_pk,
        "amount": record.balance,
        "available": record.available,
        "credit_limit": record.credit_limit,
        "currency": record.currency,
        "read_at": now,
    }
    with transaction.atomic():
        balance = Balance.objects.select_for_update().filter(connection=connection).first()
        if balance is None:
            balance, tally.created = Balance(connection=connection), 1
        elif (balance.amount, balance.available) != (record.balance, record.available):
            tally.changed = 1
        for name, value in values.items():
            setattr(balance, name, value)
        balance.note_level(now)
        balance.save()


def read_ledger(client: Client, feed: Feed, tally: Tally) -> None:
    """Everything since the last run and a month before it. Old lines are never removed: a ledger only grows."""
    owner = owner_of(feed.connection)("")
    today = timezone.localdate()
    records = _oldest_first(list(client.ledger(since=_since(feed, today))))
    mirror(
        LedgerEntry, feed, ((record.external_id, _columns(record, owner)) for record in records), tally, complete=False
    )
    tally.unread = len(client.unread)
    tally.cursor = {"read_through": today.isoformat()}


def _since(feed: Feed, today: date) -> date:
    known = feed.cursor.get("read_through")
    return date.fromisoformat(known) - OVERLAP if known else today - FIRST_LOOK


def _oldest_first(records: list[LedgerRecord]) -> list[LedgerRecord]:
    """Lines of one day keep the upstream's order only by the order in which we store them."""
    if records and records[0].occurred_on > records[-1].occurred_on:
        records.reverse()
    return records


def _columns(record: LedgerRecord, account_pk: int) -> dict:
    return {
        "account_id": account_pk,
        "kind": record.kind,
        "occurred_on": record.occurred_on,
        "description": record.description[:300],
        "amount": record.amount,
        "currency": record.currency,
        "balance_after": record.balance_after,
        "invoice_number": record.invoice_number[:40],
        "raw": record.raw,
    }
