"""The same done to several conversations at once. One transaction and one entry in the activity log for all of them."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.models import Account, User
from messaging import people
from messaging.models import Contact, Thread

MOST = 200  # conversations at once


def _archive(rows: QuerySet[Thread]) -> int:
    return rows.filter(archived_at=None).update(archived_at=timezone.now(), changed_at=timezone.now())


def _restore(rows: QuerySet[Thread]) -> int:
    return rows.filter(archived_at__isnull=False).update(archived_at=None, changed_at=timezone.now())


def _read(rows: QuerySet[Thread]) -> int:
    return rows.filter(unread__gt=0).update(unread=0, read_at=timezone.now(), changed_at=timezone.now())


def _unread(rows: QuerySet[Thread]) -> int:
    return rows.filter(unread=0).update(unread=1, changed_at=timezone.now())


ACTS: dict[str, Callable[[QuerySet[Thread]], int]] = {
    "archive": _archive,
    "restore": _restore,
    "read": _read,
    "unread": _unread,
}


RECORDED = {"archive": "archived", "restore": "restored", "read": "read", "unread": "marked_unread"}


def act(actor: Actor, account: Account, pks: Iterable[int], name: str) -> int:
    """One of ACTS. Returns how many conversations changed."""
    with transaction.atomic():
        rows, chosen = _chosen(account, pks)
        changed = ACTS[name](rows)
        _on_record(actor, account, f"threads.{RECORDED[name]}", chosen, changed)
    return changed


def assign(actor: Actor, account: Account, pks: Iterable[int], person: User | None) -> int:
    with transaction.atomic():
        rows, chosen = _chosen(account, pks)
        others = rows.exclude(pk__in=rows.filter(assigned_to=person).values("pk")) if chosen else rows
        changed = others.update(assigned_to=person, changed_at=timezone.now())
        _on_record(actor, account, "threads.assigned", chosen, changed, person=str(person or ""))
    return changed


def block(actor: Actor, account: Account, pks: Iterable[int], blocked: bool) -> int:
    """Their contacts, each by name in the activity log: a blocked sender is not heard any more."""
    with transaction.atomic():
        rows, _ = _chosen(account, pks)
        names = dict(rows.values_list("contact_number", "contact_name"))
        missing = set(names) - set(_contacts(account, names).values_list("number", flat=True))
        Contact.objects.bulk_create(
            [Contact(account=account, number=number, name=names[number]) for number in sorted(missing)],
            ignore_conflicts=True,
        )
        found = list(_contacts(account, names).filter(blocked_at__isnull=blocked).select_related("account"))
        for contact in found:
            people.block(actor, contact, blocked)
    return len(found)


def _contacts(account: Account, numbers: Iterable[str]) -> QuerySet[Contact]:
    return Contact.objects.for_account(account).filter(number__in=list(numbers))


def _chosen(account: Account, pks: Iterable[int]) -> tuple[QuerySet[Thread], list[int]]:
    """What of the ids is this account's; the others are passed over as if they did not exist."""
    rows = Thread.objects.for_account(account).filter(pk__in=list(pks)[:MOST])
    return rows, sorted(rows.values_list("pk", flat=True))


def _on_record(actor: Actor, account: Account, action: str, chosen: list[int], changed: int, **after) -> None:
    if changed:
        audit(actor, action, f"{changed}", account=account, after={"threads": chosen, **after})
