"""Asking who carries a number: the fee is announced by the page, and an answer of this week is shown instead of a new one."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.models import Account
from accounts.ownership import connections_of
from numbering.models import NumberLookup
from numbering.services.intents import IntentUsed
from numbering.upstream.lookups import LOOKUP
from providers import operations
from providers.clients.base import Capability
from providers.models import Connection, Operation

FRESH = timedelta(days=7)  # for so long nobody has to pay for the same answer twice
RECENT = 10


def askable_for(account: Account) -> list[Connection]:
    """The upstreams that can be asked about any number."""
    return [one for one in connections_of(account).order_by("pk") if one.can(Capability.LOOKUP)]


def known(account: Account, number: str) -> NumberLookup | None:
    """An answer of this week, or a question that is still open."""
    rows = NumberLookup.objects.for_account(account).filter(number=number, created_at__gt=timezone.now() - FRESH)
    newest = rows.select_related("operation").order_by("-pk").first()
    if newest is None:
        return None
    answered = newest.operation.state == Operation.State.DONE and newest.operation.result.get("told")
    return newest if answered or newest.operation.is_open else None


def ask(actor: Actor, connection: Connection, number: str, intent: str) -> NumberLookup:
    """Have a worker ask. The same form again is the same question; about another number it raises `IntentUsed`."""
    key = f"{LOOKUP}:{actor.account.pk}:{intent}"
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=actor.account.pk)
        if earlier := NumberLookup.objects.filter(key=key).first():
            if earlier.number != number:
                raise IntentUsed
            return earlier
        arguments = {"account_id": actor.account.pk, "number": number}
        operation, _ = operations.ask(
            connection, LOOKUP, arguments, key=key, subject=f"lookup:{number}", actor_name=actor.name
        )
        audit(actor, "number.looked_up", number)
        return NumberLookup.objects.create(
            account=actor.account, user=actor.user, number=number, key=key, operation=operation
        )


def recent(account: Account) -> list[NumberLookup]:
    rows = NumberLookup.objects.for_account(account).select_related("operation", "operation__connection", "user")
    return list(rows.order_by("-pk")[:RECENT])
