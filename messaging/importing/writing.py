"""Rows become contacts, a batch in a few statements: what is new is added, what is there is completed, nothing is emptied."""

from dataclasses import asdict, dataclass
from datetime import date

from django.utils import timezone

from accounts.models import Account
from messaging.importing.plan import Plan
from messaging.importing.rows import Row
from messaging.models import Consent, Contact, ContactGroup, ContactImport, Thread

COLUMNS = ["name", "folded", "language", "birthday", "tags", "notes", "fields", "changed_at"]


@dataclass(slots=True)
class Counts:
    new: int = 0
    changed: int = 0
    same: int = 0
    repeated: int = 0
    bad: int = 0

    @classmethod
    def of(cls, kept: dict) -> "Counts":
        return cls(**kept)

    def kept(self) -> dict:
        return asdict(self)


def compare(account: Account, rows: list[Row], counts: Counts) -> None:
    """Count what writing these rows would do. Their numbers differ."""
    there = _there(account, rows)
    for row in rows:
        _count(counts, there.get(row.number), row)


def _there(account: Account, rows: list[Row]) -> dict[str, Contact]:
    found = Contact.objects.for_account(account).filter(number__in={row.number for row in rows})
    return {contact.number: contact for contact in found}


def _count(counts: Counts, contact: Contact | None, row: Row) -> bool:
    """True when there is something to write."""
    if contact is None:
        counts.new += 1
    elif row.onto(contact):
        counts.changed += 1
    else:
        counts.same += 1
        return False
    return True


def write(job: ContactImport, rows: list[Row], counts: Counts) -> None:
    """Called in the transaction that moves the job's place. Rows of one number follow one another: the lower one wins."""
    there, touched = _there(job.account, rows), {}
    for row in rows:
        contact = there.get(row.number)
        is_touched = _count(counts, contact, row)
        contact = there.setdefault(row.number, contact or Contact(account=job.account, number=row.number))
        if is_touched:
            touched[row.number] = contact
            for name, value in row.onto(contact).items():
                setattr(contact, name, value)
    now = timezone.now()
    for contact in touched.values():
        contact.changed_at = now
    # Somebody may be writing down the same person by hand: an upsert meets both.
    Contact.objects.bulk_create(
        touched.values(), update_conflicts=True, unique_fields=["account", "number"], update_fields=COLUMNS
    )
    _show_names(job.account, touched)
    if job.group_id or Plan.of(job.plan).consent:
        pks = list(Contact.objects.for_account(job.account).filter(number__in=list(there)).values_list("pk", flat=True))
        _put_into_group(job, pks)
        _record_consent(job, pks)


def _show_names(account: Account, touched: dict[str, Contact]) -> None:
    threads = Thread.objects.for_account(account).filter(contact_number__in=list(touched))
    for thread in threads.only("pk", "contact_number", "contact_name"):
        name = touched[thread.contact_number].name
        if thread.contact_name != name:
            Thread.objects.filter(pk=thread.pk).update(contact_name=name, changed_at=timezone.now())


def _put_into_group(job: ContactImport, pks: list[int]) -> None:
    through = ContactGroup.contacts.through
    if job.group_id:
        rows = [through(contactgroup_id=job.group_id, contact_id=pk) for pk in pks]
        through.objects.bulk_create(rows, ignore_conflicts=True)


def _record_consent(job: ContactImport, pks: list[int]) -> None:
    """The consent that the person says all of them gave; recorded once, however often the file is imported."""
    told = Plan.of(job.plan).consent
    if not told:
        return
    values = {"kind": told["kind"], "source": told["source"], "given_on": date.fromisoformat(told["given_on"])}
    have = set(Consent.objects.filter(contact__in=pks, **values).values_list("contact_id", flat=True))
    by = str(job.created_by)[:160] if job.created_by else ""
    Consent.objects.bulk_create([Consent(contact_id=pk, recorded_by=by, **values) for pk in pks if pk not in have])
