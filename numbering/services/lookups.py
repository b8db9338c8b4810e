"""Asking who carries a number: the fee is announced by the page, and an answer of this week is shown instead of a new one."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.models import Account
from accounts.ownership import connections_of
from billing import spending
from numbering.models import NumberLookup
from numbering.services.intents import IntentUsed
from numbering.upstream.lookups import LOOKUP
from providers import operations
from providers.clients.base import Capability
from providers.models import Connection, Operation

FRESH = timedelta(days=7)  # for so long nobody has to pay for the same answer twice
RECENT = 10
AN_HOUR = timedelta(hours=1)
MOST = 30  # questions of an account in that time: each costs money, and a call that everybody at the upstream shares


class CannotLookUp(Exception):
    """`code` says why: unknown-price, too-many."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


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
    """Have a worker ask. The same form again is the same question; about another number it raises `IntentUsed`.

    Raises `CannotLookUp` too.
    """
    key = f"{LOOKUP}:{actor.account.pk}:{intent}"
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=actor.account.pk)
        if earlier := NumberLookup.objects.filter(key=key).first():
            if earlier.number != number:
                raise IntentUsed
            return earlier
        _may_ask(actor.account)
        arguments = {"account_id": actor.account.pk, "number": number}
        operation, _ = operations.ask(
            connection, LOOKUP, arguments, key=key, subject=f"lookup:{number}", actor_name=actor.name, asker=actor.asker
        )
        audit(actor, "number.looked_up", number)
        return NumberLookup.objects.create(
            account=actor.account, user=actor.user, number=number, key=key, operation=operation
        )


def why_not(account: Account) -> str:
    """No upstream tells what a look-up costs, so under a daily limit there is none; else only so many an hour."""
    if spending.caps_of(account).exists():
        return "unknown-price"
    lately = NumberLookup.objects.for_account(account).filter(created_at__gt=timezone.now() - AN_HOUR)
    return "too-many" if lately.count() >= MOST else ""


def _may_ask(account: Account) -> None:
    if code := why_not(account):
        raise CannotLookUp(code)


def recent(account: Account) -> list[NumberLookup]:
    rows = NumberLookup.objects.for_account(account).select_related("operation", "operation__connection", "user")
    return list(rows.order_by("-pk")[:RECENT])
