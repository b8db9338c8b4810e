"""One address for many numbers: the act is written at once, a worker asks for each number (E6)."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery

from accounts.actor import Actor, audit
from accounts.models import Account
from numbering import tasks
from numbering.models import (
    EmergencyAssignment,
    EmergencyAssignmentRow,
    EmergencyChange,
    EmergencyPlace,
    Number,
    NumberQuerySet,
)
from numbering.services import coverage, emergency_book
from numbering.services.emergency_terms import TERMS_VERSION
from numbering.services.intents import IntentUsed, fingerprint
from providers import waking

MOST = 500  # numbers in one act


class NoNumbers(Exception):
    """None of the numbers can have an address here."""


def eligible(account: Account) -> NumberQuerySet:
    """Numbers that an address can be given to here."""
    return coverage.callable_numbers(account).with_911_kept()


def without_address(account: Account) -> NumberQuerySet:
    return eligible(account).annotate(has_address=coverage.in_force()).filter(has_address=False)


def earlier(actor: Actor, intent: str) -> EmergencyAssignment | None:
    """What this form already asked for."""
    return EmergencyAssignment.objects.for_account(actor.account).filter(intent=f"{actor.user.pk}:{intent}").first()


@transaction.atomic
def assign(
    actor: Actor, numbers: list[Number], address: dict, intent: str, *, place: EmergencyPlace | None = None
) -> EmergencyAssignment:
    """Ask for one address for many numbers. Raises `NoNumbers`, and `IntentUsed` when this form asked for another thing."""
    pks = sorted(number.pk for number in numbers)
    key, seal = f"{actor.user.pk}:{intent}", fingerprint(pks, address)
    if before := EmergencyAssignment.objects.filter(intent=key).first():
        if before.fingerprint != seal:
            raise IntentUsed
        return before
    if not pks:
        raise NoNumbers
    assignment = EmergencyAssignment.objects.create(
        account=actor.account, place=place, address=address, intent=key, fingerprint=seal, terms_version=TERMS_VERSION,
        user=actor.user, ip=actor.ip,
    )  # fmt: skip
    EmergencyAssignmentRow.objects.bulk_create(
        [EmergencyAssignmentRow(assignment=assignment, number=number) for number in numbers]
    )
    audit(actor, "e911.many_asked", str(len(pks)), after=address)
    waking.wake_on_commit(tasks.begin_assignment.delay, assignment.pk)
    return assignment


@transaction.atomic
def accept(
    actor: Actor, row: EmergencyAssignment, numbers: list[Number], asked: EmergencyChange, choice: int, intent: str
) -> EmergencyAssignment:
    """Ask again for these numbers with the words that a person picked; the book takes them too."""
    picked = asked.alternates[choice]
    emergency_book.learn(actor, asked.wanted, picked)
    return assign(actor, numbers, picked, intent, place=row.place)


def rows_of(row: EmergencyAssignment):
    """Its numbers, each with the newest wish there is for it: another one may have followed."""
    newest = EmergencyChange.objects.filter(number=OuterRef("number")).order_by("-id").values("pk")[:1]
    return row.rows.select_related("number__connection", "change__operation").annotate(newest=Subquery(newest))


@dataclass(frozen=True, slots=True)
class Progress:
    """How many numbers of an assignment are where."""

    total: int
    active: int
    under_way: int
    attention: int

    @property
    def percent(self) -> int:
        return (self.total - self.under_way) * 100 // self.total if self.total else 100


def progress_of(assignment: EmergencyAssignment) -> Progress:
    State = EmergencyChange.State
    waits = Q(change=None, refusal="") | Q(change__state=State.CHECKING)
    waits |= Q(change__state=State.UNKNOWN, change__operation__state__in=["queued", "sending", "unknown"])
    told = assignment.rows.aggregate(
        total=Count("pk"),
        active=Count("pk", filter=Q(change__state=State.PROVISIONED)),
        under_way=Count("pk", filter=waits),
    )
    return Progress(**told, attention=told["total"] - told["active"] - told["under_way"])
