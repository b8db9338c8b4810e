"""How a text goes out, and how an unclear one is looked up in the upstream's log."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Case, F, QuerySet, Value, When
from django.utils import timezone

from accounts.access import standing_of
from accounts.roles import May
from accounts.suspension import is_suspended
from messaging.models import Message, OptOut, Thread
from messaging.senders import may_still_send
from messaging.upstream import binding, optouts, threading
from messaging.upstream.likeness import TOLERANCE, same_text, similar_text
from providers.clients.base import Client
from providers.clients.errors import Cause, Rejected, Unclear
from providers.clients.records import Attachment, Direction, MessageRecord
from providers.outbox import Settlement, Sight
from providers.quota import Priority

OPTED_OUT = "opted-out"


class MessageHandler:
    """Sends and settles messages for the outbox."""

    def __init__(self, publish: Callable[[int], object]):
        self.publish = publish

    def priority(self, row: Message) -> Priority:
        return Priority.BULK if row.kind == Message.Kind.CAMPAIGN else Priority.INTERACTIVE

    def execute(self, client: Client, row: Message) -> dict:
        _check_again(row)
        try:
            sent = client.send_message(row.our_number, row.contact_number, row.body, _attachment(row))
        except Rejected as refusal:
            if row.was_unknown and refusal.code == "duplicate_entry":
                # They have it already: the first try went through after all, so the log will show it.
                raise Unclear("the first try was taken", code=refusal.code, words=refusal.words) from None
            raise
        _make_room(row, sent.external_id)
        return {"external_id": sent.external_id}

    def settle(self, client: Client, row: Message) -> Settlement:
        """Look for it in the log: same numbers, same text, in time, and bound to no other row of ours."""
        since = (row.created_at - TOLERANCE).date()
        records = client.messages(
            since,
            until=timezone.now().date() + timedelta(days=1),
            direction=Direction.OUTBOUND,
            source=row.our_number,
            destination=row.contact_number,
        )
        records = list(records)
        binding.bind_sent(
            row.connection, records
        )  # another text of ours with the same words must not be taken for this one
        found = _the_one(row, records)
        if found is None:
            return Settlement(Sight.ABSENT)
        return Settlement(Sight.FOUND, {"external_id": found.external_id, "log_id": binding.log_id_of(found)})

    def repeatable(self, row: Message) -> bool:
        return True

    def changed(self, row: Message) -> None:
        now = row.changed_at
        if row.state == Message.State.FAILED and row.error_cause == Cause.OPTED_OUT:
            row.state = Message.State.BLOCKED
            Message.objects.filter(pk=row.pk).update(state=row.state)
            if row.error_code != OPTED_OUT:  # the upstream knows something that we did not
                optouts.learn(row.connection, row.account_id, row.our_number, row.contact_number)
        threads = Thread.objects.filter(pk=row.thread_id)
        last_state = Case(When(last_at=row.at, then=Value(row.state)), default=F("last_state"))
        threads.update(changed_at=now, last_state=last_state)
        if row.send_at and row.state != Message.State.QUEUED:
            threading.came_due(row, now)

    def line_up(self, due: QuerySet) -> QuerySet:
        """What people wait for. A campaign's texts go out by lanes of their own (see `campaigns.handing`)."""
        return due.exclude(kind=Message.Kind.CAMPAIGN).order_by("due_at")

    def wake(self, pk: int) -> None:
        self.publish(pk)


def _check_again(row: Message) -> None:
    """The number may have been moved, the account suspended, and the role taken away, since the text was written."""
    if not may_still_send(row.account_id, row.connection, row.our_number):
        raise Rejected("the number is no longer a sender of this account", code="number-gone")
    if row.kind != Message.Kind.CONSENT and OptOut.objects.of(row.account_id, row.contact_number).exists():
        raise Rejected("the contact asked to be left alone", code=OPTED_OUT, cause=Cause.OPTED_OUT)
    if is_suspended(row.account):
        raise Rejected("the account is suspended", code="account-suspended")
    if row.sent_by and not _may_send(row):
        raise Rejected("who wrote it may no longer send texts here", code="not-allowed")


def _may_send(row: Message) -> bool:
    """A text may have waited for hours; who was sent away meanwhile sends nothing any more. Staff act from outside."""
    standing = standing_of(row.sent_by, row.account)
    allowed = row.sent_by.is_staff or bool(standing and standing.may(May.SEND_MESSAGES))
    return row.sent_by.is_active and allowed


def _attachment(row: Message) -> Attachment | None:
    media = row.media.first()
    if media is None:
        return None
    try:
        with media.file.open("rb") as file:
            content = file.read()
    except (OSError, ValueError):
        content = b""
    if not content:
        raise Rejected("the picture is not in our store", code="picture-lost")
    return Attachment(name=media.name, content=content, mime_type=media.mime_type)


def _make_room(row: Message, external_id: str) -> None:
    """The log may have been read before their answer was: what came home as a stranger is this very message."""
    same = Message.objects.filter(connection=row.connection, external_id=external_id, idempotency_key=None)
    if (strangers := same.exclude(pk=row.pk)).exists():  # hardly ever, and deleting nothing costs three times as much
        strangers.delete()


def _the_one(row: Message, records: list[MessageRecord]) -> MessageRecord | None:
    """Of several that could be it, the one nearest in time; one with the exact text before one that was altered."""
    bound = Message.objects.filter(
        connection=row.connection, external_id__in=[record.external_id for record in records]
    )
    taken = set(bound.exclude(pk=row.pk).values_list("external_id", flat=True))
    sent = row.claimed_at or row.created_at
    first, last = row.created_at - TOLERANCE, sent + TOLERANCE
    free = [record for record in records if record.external_id not in taken and first < record.sent_at < last]
    for same in (same_text, similar_text):
        fitting = [record for record in free if same(row.body, record.body)]
        if fitting:
            return min(fitting, key=lambda record: abs(record.sent_at - sent))
    return None
