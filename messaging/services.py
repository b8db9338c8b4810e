"""What a request may ask of messages: send one, try one again, read, archive and name conversations. Rows first."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.models import Account
from accounts.suspension import is_suspended
from messaging import consent, people, quiet, segments, senders
from messaging.models import Media, Message, Thread
from messaging.senders import Sender
from messaging.upstream import hooks, threading
from numbering.services.intents import IntentUsed, fingerprint
from providers import outbox
from providers.clients import phones
from providers.clients.records import Attachment

State = Message.State


class CannotSend(Exception):
    """The text cannot go out as it stands: `code` says why (see `reasons`), `field` where on the form; `longest` is what
    would be taken of one that is too long."""

    def __init__(self, code: str, field: str = "", longest: int = 0):
        super().__init__(code)
        self.code, self.field, self.longest = code, field, longest


class MayHaveGone(Exception):
    """The first one may have gone out already, so a person must say that a second one is wanted."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A text that was found fit to send."""

    sender: Sender
    to: str
    body: str
    picture: Attachment | None = None
    alt: str = ""  # what the picture shows

    send_at: datetime | None = None  # chosen by a person; None is at once

    @property
    def subject(self) -> str:
        return subject_of(self.sender.number, self.to, self.body, self.picture.content if self.picture else b"")


def subject_of(our_number: str, contact_number: str, body: str, picture: bytes = b"") -> str:
    """A text's fingerprint: two with the same one are never on their way together."""
    seen = hashlib.blake2b(picture, digest_size=16).hexdigest() if picture else ""
    return fingerprint(our_number, contact_number, body, seen)


def queue_message(
    actor: Actor,
    account: Account,
    from_number: str,
    to: str,
    body: str,
    attachment: Attachment | None = None,
    *,
    key: str,
    alt: str = "",
    retry_of: Message | None = None,
    send_at: datetime | None = None,
) -> Message:
    """Write the text and wake the worker once it is committed; with `send_at` it waits until then. Safe to call twice
    with one `key`.

    Raises `CannotSend`, and `IntentUsed` when `key` was used for another text.
    """
    draft = replace(_checked(account, from_number, to, body, attachment), alt=alt, send_at=send_at)
    try:
        with transaction.atomic():
            return _write(actor, account, draft, key, retry_of)
    except IntegrityError:
        return _earlier(account, draft, key)


def _checked(account: Account, from_number: str, to: str, body: str, picture: Attachment | None) -> _Draft:
    if is_suspended(account):
        raise CannotSend("account-suspended")
    sender = senders.sender(account, from_number)
    if sender is None:
        raise CannotSend("number-gone", "sender")
    body = segments.clean(body)
    if not body and picture is None:
        raise CannotSend("empty", "body")
    if segments.count(body).longer_than(sender.longest):
        raise CannotSend("too-long", "body", sender.longest)
    if picture and not sender.mms:
        raise CannotSend("no-mms", "picture")
    number = destination(to, sender, account.country)
    if consent.is_opted_out(account.pk, number):
        raise CannotSend("opted-out", "to")
    return _Draft(sender, number, body, picture)


def destination(text: str, sender: Sender | None, region: str = "CA") -> str:
    """E.164 of a number that a text of this sender may go to. Raises `CannotSend`."""
    try:
        number = phones.parse(text, region)
    except phones.PhoneError as error:
        raise CannotSend(error.reason.value, "to") from None
    if sender and number == sender.number:
        raise CannotSend("same-number", "to")
    if phones.is_premium(number):
        raise CannotSend("premium", "to")
    if not phones.is_nanp(number) and not (sender and sender.reaches_abroad):
        raise CannotSend("abroad", "to")
    return number


def _write(actor: Actor, account: Account, draft: _Draft, key: str, retry_of: Message | None) -> Message:
    sides = {"our_number": draft.sender.number, "contact_number": draft.to}
    named = {"contact_name": lambda: threading.name_of(account.pk, draft.to)}
    thread, _ = Thread.objects.get_or_create(account=account, **sides, defaults=named)
    # What was written to many is so also when it is sent again: in the lanes of campaigns, and never at night.
    is_bulk = bool(retry_of) and retry_of.kind == Message.Kind.CAMPAIGN
    kind, now = Message.Kind.CAMPAIGN if is_bulk else Message.Kind.PERSON, timezone.now()
    message = Message.objects.create(
        connection=draft.sender.connection,
        account=account,
        thread=thread,
        **sides,
        direction=Message.Direction.OUTBOUND,
        state=State.QUEUED,
        subject=draft.subject,
        body=draft.body,
        parts=max(1, segments.count(draft.body).parts),
        at=draft.send_at or _place(thread),
        send_at=draft.send_at,
        kind=kind,
        due_at=draft.send_at or quiet.next_window(draft.to, now, kind),
        idempotency_key=key,
        sent_by=actor.user,
        retry_of=retry_of,
    )
    _keep_picture(message, draft, retry_of)
    if draft.send_at is None:
        _show_last(thread, message)
    else:  # the last line of the conversation only once it goes out
        Thread.objects.filter(pk=thread.pk).update(changed_at=timezone.now())
    after = {"message": str(message.public_id), "parts": message.parts, "picture": draft.picture is not None}
    audit(
        actor,
        "message.resent" if retry_of else "message.scheduled" if draft.send_at else "message.sent",
        f"{draft.sender.number} → {draft.to}",
        account=account,
        after=after,
    )
    if draft.sender.line:
        hooks.arm(draft.sender.line)  # an answer should be here at once, not with the next poll
    if draft.send_at is None and not is_bulk:
        outbox.wake_on_commit(message)
    return message


def _place(thread: Thread) -> datetime:
    """After everything that is there, even where the upstream's clock is ahead of ours."""
    return max(timezone.now(), thread.last_at + timedelta(milliseconds=1)) if thread.last_direction else timezone.now()


def _keep_picture(message: Message, draft: _Draft, retry_of: Message | None) -> None:
    if (picture := draft.picture) is None:
        return
    media = Media(
        message=message,
        name=picture.name[:120],
        mime_type=picture.mime_type,
        size=len(picture.content),
        alt=draft.alt,
        fetched_at=timezone.now(),
    )
    earlier = retry_of.media.first() if retry_of else None
    if earlier:
        media.file, media.alt = earlier.file.name, earlier.alt
    else:
        media.file.save("picture", ContentFile(picture.content), save=False)
    media.save()


def _show_last(thread: Thread, message: Message) -> None:
    Thread.objects.filter(pk=thread.pk).update(
        last_at=message.at, last_text=message.body[:160], last_direction=message.direction, last_state=message.state,
        archived_at=None, changed_at=timezone.now(),
    )  # fmt: skip


def _earlier(account: Account, draft: _Draft, key: str) -> Message:
    message = Message.objects.for_account(account).filter(idempotency_key=key).first()
    if message is None or (message.subject, message.send_at) != (draft.subject, draft.send_at):
        raise IntentUsed
    return message


# --- again ------------------------------------------------------------------------------------------------------------


def may_have_gone(message: Message) -> bool:
    return message.state == State.PARKED or message.was_unknown


def retry_message(actor: Actor, message: Message, *, key: str, confirmed: bool = False) -> Message:
    """Send the same text anew, as a row of its own. A second try of the same row leads to the first.

    Raises `MayHaveGone` until a person has `confirmed`, `CannotSend` where there is nothing to try again.
    """
    with transaction.atomic():
        message = Message.objects.select_for_update(of=("self",)).select_related("account").get(pk=message.pk)
        if retried := message.retries.order_by("pk").first():
            return retried
        if message.direction != Message.Direction.OUTBOUND or message.state not in (State.FAILED, State.PARKED):
            raise CannotSend("nothing-to-retry")
        if may_have_gone(message) and not confirmed:
            raise MayHaveGone
        picture = picture_of(message)
        return queue_message(
            actor,
            message.account,
            message.our_number,
            message.contact_number,
            message.body,
            picture,
            key=key,
            retry_of=message,
        )


def picture_of(message: Message) -> Attachment | None:
    media = message.media.first()
    if media is None:
        return None
    try:
        with media.file.open("rb") as file:
            return Attachment(name=media.name, content=file.read(), mime_type=media.mime_type)
    except (OSError, ValueError):
        raise CannotSend("picture-lost") from None


# --- conversations ----------------------------------------------------------------------------------------------------


def mark_read(actor: Actor, thread: Thread) -> None:
    _change(actor, thread, "thread.read", unread=0, read_at=timezone.now())


def mark_unread(actor: Actor, thread: Thread) -> None:
    if not thread.unread:
        _change(actor, thread, "thread.marked_unread", unread=1)


def archive(actor: Actor, thread: Thread) -> None:
    _change(actor, thread, "thread.archived", archived_at=timezone.now())


def restore(actor: Actor, thread: Thread) -> None:
    _change(actor, thread, "thread.restored", archived_at=None)


def rename(actor: Actor, thread: Thread, name: str) -> None:
    """The name is the contact's: every conversation with that number bears it."""
    if name != thread.contact_name:
        people.name_contact(actor, thread.account, thread.contact_number, name)


def _change(actor: Actor, thread: Thread, action: str, **values) -> None:
    with transaction.atomic():
        Thread.objects.filter(pk=thread.pk).update(**values, changed_at=timezone.now())
        before = {name: _plain(getattr(thread, name)) for name in values}
        after = {name: _plain(value) for name, value in values.items()}
        audit(actor, action, str(thread), account=thread.account, before=before, after=after)


def _plain(value):
    return value.isoformat() if isinstance(value, datetime) else value
