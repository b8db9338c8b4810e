"""Many texts at once, written in a few statements in the caller's transaction: those of campaigns, and greetings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Account, User
from messaging import segments
from messaging.models import Message, Thread
from messaging.senders import Sender
from messaging.services import subject_of
from messaging.upstream import threading


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text to be written; `key` makes it one, however often it is asked for."""

    key: str
    number: str
    body: str


def write(
    account: Account, sender: Sender, wanted: Iterable[Wanted], now: datetime, *, sent_by: User | None = None
) -> dict[str, Message]:
    """The text of each key, those that are there already included. No worker is woken: lanes find them."""
    wanted = list(wanted)
    keys = [one.key for one in wanted]
    made = {message.idempotency_key: message for message in Message.objects.filter(idempotency_key__in=keys)}
    missing = [one for one in wanted if one.key not in made]
    threads = threading.of_pairs({(account.pk, sender.number, one.number) for one in missing})
    new = [
        _message(account, sender, one, threads[(account.pk, sender.number, one.number)], now, sent_by)
        for one in missing
    ]
    _keep_out_of_inbox(new, now)
    Message.objects.bulk_create(new)
    threading.arrived(new, history=True, now=now)
    return made | {message.idempotency_key: message for message in new}


def _message(account, sender: Sender, one: Wanted, thread: Thread, now: datetime, sent_by: User | None) -> Message:
    return Message(
        connection=sender.connection,
        account=account,
        thread=thread,
        kind=Message.Kind.CAMPAIGN,
        direction=Message.Direction.OUTBOUND,
        our_number=sender.number,
        contact_number=one.number,
        body=one.body,
        parts=max(1, segments.count(one.body).parts),
        at=max(now, thread.last_at + timedelta(milliseconds=1)) if thread.last_direction else now,
        due_at=now,
        subject=subject_of(sender.number, one.number, one.body),
        idempotency_key=one.key,
        sent_by=sent_by,
    )


def _keep_out_of_inbox(messages: list[Message], now: datetime) -> None:
    """A conversation that begins with such a text comes to the inbox when somebody answers."""
    new = [message.thread_id for message in messages if not message.thread.last_direction]
    Thread.objects.filter(pk__in=new, last_direction="").update(archived_at=now)
