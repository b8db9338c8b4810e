"""Greetings on birthdays, as groups have them: once a year, on the day, in the contact's language, by their own clock."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.suspension import is_suspended
from messaging import consent, quiet, segments, senders, templating
from messaging.campaigns import making
from messaging.campaigns.making import Wanted
from messaging.models import Contact, ContactGroup, Message

BATCH = 200


def greet(now: datetime | None = None) -> int:
    """Write what is due. Run every few minutes: who sleeps still is met by a later run of the same day."""
    now = now or timezone.now()
    groups = ContactGroup.objects.exclude(greeting_from="").exclude(greeting_en="", greeting_fr="")
    return sum(_of_group(group, now) for group in groups.select_related("account").order_by("account_id", "name", "pk"))


def _of_group(group: ContactGroup, now: datetime) -> int:
    sender = senders.sender(group.account, group.greeting_from)
    if sender is None or is_suspended(group.account):
        return 0
    today = now.astimezone(ZoneInfo(group.account.time_zone)).date()
    count = 0
    for contacts in _batches(group, today):
        with transaction.atomic():
            # Two workers at once: the second waits here, and then finds the texts of the first.
            ContactGroup.objects.select_for_update().get(pk=group.pk)
            wanted = _fresh(list(_wanted(group, contacts, today, now, sender.longest)))
            making.write(group.account, sender, wanted, now)
            count += len(wanted)
    return count


def _batches(group: ContactGroup, today: date) -> Iterator[list[Contact]]:
    rows, last = group.contacts.filter(_born_on(today), blocked_at=None).order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _born_on(today: date) -> Q:
    """Who was born on a 29th of February has the 28th in other years."""
    born = Q(birthday__month=today.month, birthday__day=today.day)
    is_leap = today.year % 4 == 0 and (today.year % 100 != 0 or today.year % 400 == 0)
    if (today.month, today.day) == (2, 28) and not is_leap:
        born |= Q(birthday__month=2, birthday__day=29)
    return born


def _wanted(group: ContactGroup, contacts: list[Contact], today: date, now: datetime, longest: int) -> Iterator[Wanted]:
    opted_out = consent.opted_out_among(group.account_id, [contact.number for contact in contacts])
    for contact in contacts:
        if contact.number in opted_out or quiet.is_quiet(contact.number, now, Message.Kind.CAMPAIGN):
            continue
        if body := _body(group, contact, longest):
            # Of the contact and the year: who is in two groups is greeted once.
            yield Wanted(f"birthday:{contact.pk}:{today.year}", contact.number, body)


def _fresh(wanted: list[Wanted]) -> list[Wanted]:
    there = Message.objects.filter(idempotency_key__in=[one.key for one in wanted])
    known = set(there.values_list("idempotency_key", flat=True))
    return [one for one in wanted if one.key not in known]


def _body(group: ContactGroup, contact: Contact, longest: int) -> str:
    """ "" where the greeting needs what the contact does not tell."""
    bodies = {"en": group.greeting_en, "fr": group.greeting_fr}
    text = bodies.get(contact.language) or bodies.get(group.account.language) or group.greeting_en or group.greeting_fr
    try:
        body = segments.clean(templating.render(text, templating.values_of(contact.name, contact.fields)))
    except (templating.Missing, templating.BracesOpen):
        return ""
    return "" if segments.count(body).longer_than(longest) else body
