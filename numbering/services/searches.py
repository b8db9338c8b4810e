"""Looking for numbers to buy: one question to every upstream that sells some, each answered in its own time."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from accounts.actor import Actor
from accounts.models import Account, RemoteAccount
from accounts.ownership import connections_of
from billing import spending
from numbering.services import questions
from numbering.upstream.searching import SEARCH
from providers.clients.base import Capability
from providers.models import Connection, Operation

NEEDED = (Capability.NUMBER_SEARCH, Capability.NUMBER_ORDER, Capability.NUMBERS)


@dataclass(frozen=True, slots=True)
class Search:
    """A question, and what each upstream has answered so far."""

    public_id: uuid.UUID
    wanted: dict
    operations: tuple[Operation, ...]

    @property
    def is_open(self) -> bool:
        return any(operation.is_open for operation in self.operations)


def sellers_for(account: Account) -> list[Connection]:
    """The upstreams at which this account may buy numbers.

    A sub-account buys on the money of the account above: only where it was given a spend cap, and where what it
    buys can be moved to it.
    """
    able = [one for one in connections_of(account).order_by("pk") if all(one.can(what) for what in NEEDED)]
    mains = set(
        RemoteAccount.objects.filter(account=account, external_id="", connection__in=able).values_list(
            "connection", flat=True
        )
    )
    below = [one for one in able if one.pk not in mains]
    may_below = bool(below) and spending.caps_of(account).filter(account=account).exists()
    return [one for one in able if one.pk in mains or (may_below and one.can(Capability.SUBACCOUNTS))]


def ask(actor: Actor, connections: list[Connection], wanted: dict) -> uuid.UUID:
    """Have workers ask. Returns the id under which the answers are found. Raises `questions.TooOften`."""
    search = uuid.uuid4()
    with transaction.atomic():
        for connection in connections:
            key = _key(search, connection)
            questions.ask(actor, connection, SEARCH, {"wanted": wanted}, key=key, subject=key)
    return search


def _key(search: uuid.UUID, connection: Connection) -> str:
    return f"{SEARCH}:{search}:{connection.pk}"


def found(account: Account, public_id: uuid.UUID) -> Search | None:
    """A question that somebody of this account asked."""
    keys = [_key(public_id, connection) for connection in connections_of(account)]
    rows = Operation.objects.filter(idempotency_key__in=keys).select_related("connection").order_by("connection_id")
    rows = [row for row in rows if row.arguments["account_id"] == account.pk]
    return Search(public_id, rows[0].arguments["wanted"], tuple(rows)) if rows else None
