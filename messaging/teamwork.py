"""Several people at one inbox: who answers a conversation, notes between colleagues, drafts, and who is typing just now."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.models import Account, User
from accounts.roles import ROLES, May
from messaging.models import Draft, Message, Note, Thread

REPLYING = timedelta(seconds=15)  # how long a draft that changed means that somebody is typing
READERS = [role for role, allowed in ROLES.items() if May.READ_MESSAGES in allowed]


class NotOneOfUs(Exception):
    """The person may not read messages in this account."""


# --- who answers ------------------------------------------------------------------------------------------------------


def colleagues(account: Account) -> QuerySet[User]:
    """Whom a conversation may be given to: who may read it, and has come since they were invited."""
    here = {
        "memberships__account": account,
        "memberships__role__in": READERS,
        "memberships__created_at__lte": F("last_login"),
    }
    return User.objects.filter(is_active=True, **here).order_by("name", "email")


def colleague(account: Account, asking: User, pk: str) -> User | None:
    """The one of that id; None for "", which is nobody. Raises `NotOneOfUs`."""
    if pk in ("", str(asking.pk)):
        return asking if pk else None
    known = pk.isascii() and pk.isdigit() and len(pk) < 18
    person = colleagues(account).filter(pk=pk).first() if known else None
    if person is None:
        raise NotOneOfUs
    return person


def assign(actor: Actor, thread: Thread, person: User | None) -> None:
    before = thread.assigned_to
    if before == person:
        return
    with transaction.atomic():
        Thread.objects.filter(pk=thread.pk).update(assigned_to=person, changed_at=timezone.now())
        audit(
            actor, "thread.assigned", str(thread), account=thread.account,
            before={"person": str(before or "")}, after={"person": str(person or "")},
        )  # fmt: skip


# --- notes ------------------------------------------------------------------------------------------------------------


def add_note(actor: Actor, thread: Thread, body: str) -> Note:
    """It stands after everything that is there; open pages are told by the conversation's own mark."""
    now = timezone.now()
    with transaction.atomic():
        note = Note.objects.create(thread=thread, author=actor.user, body=body, at=max(now, thread.last_at))
        Thread.objects.filter(pk=thread.pk).update(changed_at=now)
        audit(actor, "note.added", str(thread), account=thread.account, after={"note": note.pk})
    return note


def take_back(actor: Actor, note: Note) -> None:
    """Its words are gone; the row stays so that open pages hear of it."""
    now = timezone.now()
    with transaction.atomic():
        Note.objects.filter(pk=note.pk).update(body="", deleted_at=now)
        Thread.objects.filter(pk=note.thread_id).update(changed_at=now)
        audit(actor, "note.deleted", str(note.thread), account=note.thread.account, before={"note": note.pk})


# --- drafts -----------------------------------------------------------------------------------------------------------


def keep_draft(person: User, thread: Thread, body: str, key: str = "") -> None:
    """What was typed so far; nothing typed is no draft. `key` is that of the text: one that went out leaves no draft,
    whichever of the two requests comes first.
    """
    if not body.strip() or (key and Message.objects.filter(idempotency_key=key).exists()):
        forget_draft(person, thread)
        return
    Draft.objects.update_or_create(
        thread=thread, user=person, defaults={"body": body[:4000], "changed_at": timezone.now()}
    )


def forget_draft(person: User, thread: Thread) -> None:
    Draft.objects.filter(thread=thread, user=person).delete()


def draft_of(person: User, thread: Thread) -> str:
    return Draft.objects.filter(thread=thread, user=person).values_list("body", flat=True).first() or ""


def with_replying(threads: QuerySet[Thread], person: User) -> QuerySet[Thread]:
    """Adds to each conversation the id of a colleague who is typing in it just now."""
    fresh = Draft.objects.filter(thread=OuterRef("pk"), changed_at__gt=timezone.now() - REPLYING)
    others = fresh.exclude(user=person).exclude(body="").order_by("-changed_at")
    return threads.annotate(replying=Subquery(others.values("user")[:1]))


def first_name(person: User) -> str:
    return person.name.split()[0] if person.name.split() else str(person)
