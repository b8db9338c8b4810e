"""Contacts as pages show them: the rows of the list, the consents, and what can be merged."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.presenting import day, phone, when
from accounts.states import State, Tone, state
from messaging.models import Consent, Contact, OptOut, Thread
from messaging.people import MERGED
from messaging.presenters.opt_outs import how

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PersonRow:
    pk: int
    url: str
    name: str
    number: str
    language: str
    tags: list[str]
    state: State | None


@dataclass(frozen=True, slots=True)
class ConsentRow:
    state: State
    kind: str
    source: str
    given: str
    ends: str
    by: str


@dataclass(frozen=True, slots=True)
class OptOutShown:
    state: State
    how: str
    since: str
    undo_url: str


@dataclass(frozen=True, slots=True)
class Talk:
    url: str
    line: str
    text: str
    when: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One field of two contacts that are to become one."""

    name: str
    label: str
    mine: str
    theirs: str
    takes_theirs: bool


def person_rows(contacts: list[Contact], account: Account) -> list[PersonRow]:
    numbers = [contact.number for contact in contacts]
    opted_out = OptOut.objects.for_account(account).in_force().filter(number__in=numbers)
    left_alone = set(opted_out.values_list("number", flat=True))
    return [_row(contact, account, contact.number in left_alone) for contact in contacts]


def _row(contact: Contact, account: Account, opted_out: bool) -> PersonRow:
    number = phone(contact.number, account.country)
    return PersonRow(
        pk=contact.pk,
        url=reverse("messages:contact", args=[contact.pk]),
        name=contact.name or number,
        number=number,
        language=str(Contact.Language(contact.language).label) if contact.language else "",
        tags=[tag for tag in contact.tags.split(", ") if tag],
        state=state_of(contact, opted_out),
    )


def state_of(contact: Contact, opted_out: bool) -> State | None:
    if opted_out:
        return state(Tone.HELD, _("No texts"))
    return state(Tone.STALE, _("Blocked")) if contact.blocked_at else None


def consent_row(consent: Consent) -> ConsentRow:
    return ConsentRow(
        state=_consent_state(consent),
        kind=str(consent.get_kind_display()),
        source=consent.source,
        given=day(consent.given_on),
        ends=day(consent.expires_on),
        by=_recorded(consent),
    )


def _recorded(consent: Consent) -> str:
    """What came with a file or from an upstream was recorded by nobody in particular."""
    words = _("recorded by %(who)s, %(time)s") if consent.recorded_by else _("recorded %(time)s")
    return words % {"who": consent.recorded_by, "time": when(consent.recorded_at)}


def _consent_state(consent: Consent) -> State:
    today = timezone.localdate()
    if consent.expires_on and consent.expires_on < today:
        return state(Tone.STALE, _("Ended"))
    if consent.expires_on and consent.expires_on - today <= SOON:
        return state(Tone.WAITING, _("Ends soon"))
    return state(Tone.FINE, _("In force"))


def opt_out_shown(row: OptOut | None) -> OptOutShown | None:
    if row is None:
        return None
    return OptOutShown(
        state=state(Tone.HELD, _("No texts")),
        how=how(row),
        since=when(row.at),
        undo_url=reverse("messages:opt_out_undo", args=[row.pk]),
    )


def talks(threads: list[Thread], labels: dict[str, str], account: Account) -> list[Talk]:
    return [
        Talk(
            url=reverse("messages:thread", args=[thread.pk]),
            line=labels.get(thread.our_number) or phone(thread.our_number, account.country),
            text=" ".join(thread.last_text.split()),
            when=when(thread.last_at),
        )
        for thread in threads
    ]


def choices(mine: Contact, theirs: Contact, account: Account) -> list[Choice]:
    """Fields in which the two differ; what only one of them has is taken from it."""
    found = []
    for name in MERGED:
        ours, others = getattr(mine, name), getattr(theirs, name)
        if ours != others and name != "tags":  # tags of both are kept
            label = str(Contact._meta.get_field(name).verbose_name).capitalize()
            shown = [_shown(name, value, account) for value in (ours, others)]
            found.append(Choice(name, label, *shown, takes_theirs=not ours and bool(others)))
    return found


def _shown(name: str, value, account: Account) -> str:
    if name == "number":
        return phone(value, account.country)
    if name == "language":
        return str(Contact.Language(value).label)
    if name == "blocked_at":
        return _("Blocked") if value else _("Not blocked")
    if isinstance(value, datetime):
        return when(value)
    return day(value) if name == "birthday" else str(value or "")
