"""What a request may ask of contacts and groups. A conversation keeps a copy of its contact's name, for its lists."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.models import Account
from messaging.models import Consent, Contact, ContactGroup, Thread

EDITED = ("number", "name", "language", "birthday", "tags", "notes")
MERGED = (*EDITED, "blocked_at")
AT_ONCE = 500


class NumberTaken(Exception):
    """Another contact has this number: one number is one contact. `contact` may be merged with."""

    def __init__(self, contact: Contact):
        super().__init__(contact.pk)
        self.contact = contact


class ChangedMeanwhile(Exception):
    """Somebody else changed the contact since the form was made."""


# --- contacts ---------------------------------------------------------------------------------------------------------


def create(actor: Actor, account: Account, values: dict) -> Contact:
    """Safe to call twice with the same values. Raises `NumberTaken`."""
    try:
        with transaction.atomic():
            contact = Contact.objects.create(account=account, **values)
            show_name(account.pk, contact.number, contact.name)
            audit(actor, "contact.created", str(contact), account=account, after=_plain(values))
            return contact
    except IntegrityError:
        other = Contact.objects.for_account(account).filter(number=values["number"]).first()
        if other and all(getattr(other, name) == value for name, value in values.items()):
            return other
        raise NumberTaken(other) from None


def save(actor: Actor, contact: Contact, values: dict, *, seen: datetime | None = None) -> Contact:
    """Change a contact. `seen` is its `changed_at` when the form was made. Raises `NumberTaken`, `ChangedMeanwhile`."""
    with transaction.atomic():
        row = Contact.objects.select_for_update().get(pk=contact.pk)
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not changed:
            return row
        if seen and row.changed_at != seen:
            raise ChangedMeanwhile
        other = Contact.objects.filter(account=row.account_id, number=values.get("number", row.number))
        if other := other.exclude(pk=row.pk).first():
            raise NumberTaken(other)
        return _write(actor, row, changed)


def _write(actor: Actor, row: Contact, changed: dict) -> Contact:
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.changed_at = timezone.now()
    row.save(update_fields=[*changed, "folded", "changed_at"])
    if "number" in changed:
        show_name(row.account_id, before["number"], "")
    if {"number", "name"} & changed.keys():
        show_name(row.account_id, row.number, row.name)
    audit(actor, "contact.changed", str(row), account=row.account, before=_plain(before), after=_plain(changed))
    return row


def show_name(account_id: int, number: str, name: str) -> None:
    """Bring the copies of a contact's name in the conversations in step."""
    threads = Thread.objects.filter(account_id=account_id, contact_number=number).exclude(contact_name=name)
    threads.update(contact_name=name, changed_at=timezone.now())


def name_contact(actor: Actor, account: Account, number: str, name: str) -> None:
    """A conversation was named: that names its contact, who is made where there was none. "" takes the name away."""
    with transaction.atomic():
        contact = Contact.objects.select_for_update().filter(account=account, number=number).first()
        if contact and contact.name != name:
            _write(actor, contact, {"name": name})
        elif contact is None and name:
            create(actor, account, {"number": number, "name": name})
        else:
            show_name(account.pk, number, name)


def block(actor: Actor, contact: Contact, blocked: bool) -> None:
    """What a blocked contact writes makes no noise; see the inbox's folder of blocked conversations."""
    if bool(contact.blocked_at) != blocked:
        values = {"blocked_at": timezone.now() if blocked else None, "changed_at": timezone.now()}
        with transaction.atomic():
            Contact.objects.filter(pk=contact.pk).update(**values)
            threads = Thread.objects.filter(account=contact.account_id, contact_number=contact.number)
            threads.update(changed_at=timezone.now(), **({"unread": 0} if blocked else {}))
            audit(actor, "contact.blocked" if blocked else "contact.unblocked", str(contact), account=contact.account)


def merge(actor: Actor, keep: Contact, other: Contact, taken: Iterable[str]) -> Contact:
    """Two rows of one person become one: `keep`, with the fields `taken` from the other, the tags, fields, groups and
    consents of both. Opt-outs belong to numbers and stay where they are.
    """
    with transaction.atomic():
        rows = Contact.objects.select_for_update().filter(account=keep.account_id, pk__in=[keep.pk, other.pk])
        found = {row.pk: row for row in rows.order_by("pk")}
        if len(found) != 2:
            raise ChangedMeanwhile
        keep, other = found[keep.pk], found[other.pk]
        changed = {name: getattr(other, name) for name in MERGED if name in set(taken)}
        changed["tags"] = join_tags(keep.tags, other.tags)
        changed["fields"] = {**other.fields, **keep.fields}
        other.consents.update(contact=keep)
        keep.groups.add(*other.groups.all())
        audit(actor, "contact.merged", str(keep), account=keep.account, before=_plain(_all_of(other)))
        other.delete()
        show_name(keep.account_id, other.number, "")
        return _write(actor, keep, changed)


def delete(actor: Actor, contact: Contact) -> None:
    """The conversations stay, and so does an opt-out: it is the number that asked to be left alone."""
    with transaction.atomic():
        audit(actor, "contact.deleted", str(contact), account=contact.account, before=_plain(_all_of(contact)))
        show_name(contact.account_id, contact.number, "")
        contact.delete()


def record_consent(actor: Actor, contact: Contact, values: dict) -> Consent:
    """Add that a contact agreed. The same consent recorded twice is one row."""
    with transaction.atomic():
        Contact.objects.select_for_update().only("pk").get(pk=contact.pk)
        consent, is_new = contact.consents.get_or_create(**values, defaults={"recorded_by": actor.name[:160]})
        if is_new:
            audit(actor, "consent.recorded", str(contact), account=contact.account, after=_plain(values))
        return consent


def join_tags(*texts: str) -> str:
    """Tags as they are kept: each once, however it is written, separated by a comma and a blank."""
    found: dict[str, str] = {}
    for tag in ",".join(texts).replace(";", ",").split(","):
        plain = " ".join(tag.split())[:40]
        if plain:
            found.setdefault(plain.casefold(), plain)
    return ", ".join(found.values())[:200].rstrip(", ")


def _all_of(contact: Contact) -> dict:
    return {name: value for name in MERGED if (value := getattr(contact, name)) not in ("", None)}


def _plain(values: dict) -> dict:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


# --- groups -----------------------------------------------------------------------------------------------------------


class NameTaken(Exception):
    """There is a group of this name already."""


def create_group(actor: Actor, account: Account, name: str) -> ContactGroup:
    """The group of that name, made where there is none."""
    with transaction.atomic():
        group, is_new = ContactGroup.objects.get_or_create(account=account, name=name)
        if is_new:
            audit(actor, "group.created", name, account=account)
        return group


def rename_group(actor: Actor, group: ContactGroup, name: str) -> None:
    """Raises `NameTaken`."""
    if name == group.name:
        return
    try:
        with transaction.atomic():
            ContactGroup.objects.filter(pk=group.pk).update(name=name)
            audit(actor, "group.renamed", name, account=group.account, before={"name": group.name})
    except IntegrityError:
        raise NameTaken from None


def delete_group(actor: Actor, group: ContactGroup) -> None:
    """Its contacts stay."""
    with transaction.atomic():
        audit(actor, "group.deleted", group.name, account=group.account, before={"contacts": group.contacts.count()})
        group.delete()


def add_to_group(actor: Actor, group: ContactGroup, contacts) -> int:
    """Put contacts (a query of the same account) into a group, a slice at a time. Returns how many were not in it."""
    through, added = ContactGroup.contacts.through, 0
    with transaction.atomic():
        new = contacts.exclude(pk__in=through.objects.filter(contactgroup=group).values("contact_id"))
        slice_: list[int] = []
        for pk in new.order_by().values_list("pk", flat=True).iterator(AT_ONCE):
            slice_.append(pk)
            if len(slice_) == AT_ONCE:
                added += _put(group, slice_)
                slice_ = []
        added += _put(group, slice_)
        if added:
            audit(actor, "group.added_to", group.name, account=group.account, after={"contacts": added})
    return added


def _put(group: ContactGroup, pks: list[int]) -> int:
    through = ContactGroup.contacts.through
    through.objects.bulk_create([through(contactgroup_id=group.pk, contact_id=pk) for pk in pks], ignore_conflicts=True)
    return len(pks)


def remove_from_group(actor: Actor, group: ContactGroup, contacts) -> int:
    through = ContactGroup.contacts.through
    with transaction.atomic():
        gone = through.objects.filter(contactgroup=group, contact__in=contacts).delete()[0]
        if gone:
            audit(actor, "group.removed_from", group.name, account=group.account, after={"contacts": gone})
    return gone
