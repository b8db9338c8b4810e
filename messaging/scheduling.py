"""Texts that wait for a time that a person chose: change them, cancel them, send them now.

Every change is one conditional update of a row that is still waiting, as the worker's claim is: of the two exactly one
wins, so a text that was cancelled never goes out and one that is on its way is never called cancelled.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.models import Account
from messaging import segments
from messaging.models import Message, Thread
from messaging.services import picture_of, subject_of
from providers import outbox


class TooLate(Exception):
    """It is on its way, or was cancelled meanwhile."""


class ChangedMeanwhile(Exception):
    """Somebody else changed it since the form was made."""


def waiting(account: Account) -> QuerySet[Message]:
    """What goes out later, the next one first."""
    rows = Message.objects.for_account(account).filter(
        state=Message.State.QUEUED, direction="outbound", deleted_at=None
    )
    return rows.filter(send_at__isnull=False).order_by("send_at", "pk")


def is_waiting(message: Message) -> bool:
    return bool(message.send_at) and message.state == Message.State.QUEUED


def change(actor: Actor, message: Message, body: str, send_at: datetime, *, seen: datetime | None = None) -> None:
    """`seen` is its `changed_at` when the form was made. Raises `TooLate`, `ChangedMeanwhile`."""
    picture = picture_of(message)
    values = {
        "body": body,
        "parts": max(1, segments.count(body).parts),
        "subject": subject_of(message.our_number, message.contact_number, body, picture.content if picture else b""),
        "send_at": send_at,
        "due_at": send_at,
        "at": send_at,
    }
    after = {"send_at": send_at.isoformat(), "body": body != message.body}
    _move(actor, message, "message.rescheduled", values, after, seen)


def cancel(actor: Actor, message: Message) -> None:
    """Raises `TooLate`. It stays in the conversation, where it was cancelled."""
    values = {"state": Message.State.CANCELLED, "due_at": None, "at": timezone.now()}
    _move(actor, message, "message.cancelled", values, {})


def send_now(actor: Actor, message: Message) -> None:
    """Raises `TooLate`."""
    now = timezone.now()
    _move(actor, message, "message.sent_early", {"send_at": now, "due_at": now, "at": now}, {})
    outbox.wake_on_commit(message)


def _move(actor: Actor, message: Message, action: str, values: dict, after: dict, seen: datetime | None = None) -> None:
    with transaction.atomic():
        rows = Message.objects.filter(pk=message.pk, state=Message.State.QUEUED, send_at__isnull=False)
        as_seen = rows.filter(changed_at=seen) if seen else rows
        if not as_seen.update(**values, changed_at=timezone.now()):
            raise ChangedMeanwhile if rows.exists() else TooLate
        Thread.objects.filter(pk=message.thread_id).update(changed_at=timezone.now())
        before = {"send_at": message.send_at.isoformat()} if message.send_at else {}
        subject = f"{message.our_number} → {message.contact_number}"
        audit(actor, action, subject, account=message.account, before=before, after=after)
