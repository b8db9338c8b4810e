"""Taking a text out of the portal (C21). Its row stays, unseen, so that reading the upstream's log again brings nothing back."""

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor, audit
from messaging.models import Message, Thread

State = Message.State
# What is on its way, or waits for a person's word, is cancelled or decided first.
SETTLED = (State.RECEIVED, State.SENT, State.DELIVERED, State.FAILED, State.BLOCKED, State.CANCELLED)


class NotSettled(Exception):
    """It is still on its way."""


def delete(actor: Actor, message: Message) -> None:
    """Safe to call twice. Raises `NotSettled`."""
    with transaction.atomic():
        thread = Thread.objects.select_for_update(of=("self",)).get(pk=message.thread_id)
        row, now = Message.objects.get(pk=message.pk), timezone.now()
        if row.deleted_at:
            return
        # Against a worker, or somebody who tries it again, one of the two wins.
        if not Message.objects.filter(pk=row.pk, state__in=SETTLED).update(deleted_at=now, changed_at=now):
            raise NotSettled
        Thread.objects.filter(pk=thread.pk).update(**_without(thread, row, now), changed_at=now)
        after = {"message": str(row.public_id), "direction": row.direction}
        sides = f"{row.our_number} → {row.contact_number}"
        audit(actor, "message.deleted", sides, account=message.account, after=after)


def _without(thread: Thread, row: Message, now) -> dict:
    """The conversation as it is now: its last line, and what is unread. One without any text is put away."""
    left = Message.objects.shown().filter(thread=thread)
    newest = left.exclude(state=State.QUEUED, send_at__isnull=False).order_by("-at", "-pk").first()
    values = {"unread": thread.unread}
    if row.direction == Message.Direction.INBOUND and thread.unread:
        newer = left.filter(direction=row.direction, at__gt=row.at).count()
        values["unread"] -= newer < thread.unread
    if newest:
        return values | {
            "last_at": newest.at, "last_text": newest.body[:160], "last_direction": newest.direction,
            "last_state": newest.state,
        }  # fmt: skip
    values |= {"last_text": "", "last_direction": "", "last_state": ""}
    return values if left.exists() else values | {"archived_at": now, "unread": 0}
