"""Asking for an export, and deleting one."""

from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from accounts.actor import Actor, audit
from accounts.models import Account
from messaging import tasks
from messaging.exporting.writing import discard
from messaging.models import MessageExport, Thread
from numbering.services.intents import IntentUsed
from providers import waking

MOST_OPEN = 3  # of an account at a time


class TooMany(Exception):
    """The account has as many exports on their way as it may have."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for. `wanted` is the query of the list it was opened from."""

    form: str
    thread: Thread | None = None
    wanted: dict = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    direction: str = ""
    only_failed: bool = False

    def values(self) -> dict:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def ask(actor: Actor, account: Account, wish: Wish, *, intent: str) -> MessageExport:
    """Write the wish down and wake a worker. Safe to call twice with one `intent`. Raises `TooMany`, `IntentUsed`."""
    try:
        with transaction.atomic():
            return _write(actor, account, wish, intent)
    except IntegrityError:
        earlier = MessageExport.objects.for_account(account).filter(intent=intent).first()
        if earlier is None or any(getattr(earlier, name) != value for name, value in wish.values().items()):
            raise IntentUsed from None
        return earlier


def _write(actor: Actor, account: Account, wish: Wish, intent: str) -> MessageExport:
    Account.objects.select_for_update().only("pk").get(pk=account.pk)  # two forms at once count each other
    mine = MessageExport.objects.for_account(account)
    if mine.open().exclude(intent=intent).count() >= MOST_OPEN:
        raise TooMany
    export = MessageExport.objects.create(
        account=account, intent=intent, created_by=actor.user, language=translation.get_language() or "en",
        time_zone=timezone.get_current_timezone_name(), **wish.values(),
    )  # fmt: skip
    what = {"form": wish.form, "list": wish.wanted, "since": str(wish.since or ""), "until": str(wish.until or "")}
    audit(actor, "messages.exported", str(wish.thread or ""), account=account, after=what)
    waking.wake_on_commit(tasks.write_export.delay, export.pk)
    return export


def delete(actor: Actor, export: MessageExport) -> None:
    with transaction.atomic():
        audit(actor, "export.deleted", str(export), account=export.account)
        discard(export)
