"""A worker asks for the address of each number of an assignment; what is under way or impossible is told per number."""

import uuid

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from numbering.models import EmergencyAssignment, EmergencyAssignmentRow
from numbering.models.numbers import NO_PLACE, Number
from numbering.services import emergency
from numbering.services.intents import Busy
from providers.clients.base import Capability

AT_ONCE = 20
Refusal = EmergencyAssignmentRow.Refusal


def waiting() -> list[int]:
    """Assignments with numbers that nobody asked for yet."""
    rows = EmergencyAssignment.objects.filter(begun_at=None).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def begin(pk: int) -> None:
    """Ask for each number that is left. Safe to call twice, also at once: a row and its wish are one transaction."""
    assignment = EmergencyAssignment.objects.select_related("account", "user").get(pk=pk)
    actor = Actor(user=assignment.user, account=assignment.account, ip=assignment.ip, name=str(assignment.user))
    left = assignment.rows.filter(change=None, refusal="").values_list("pk", flat=True)
    for row_pk in list(left):
        _ask(assignment, actor, row_pk)
    EmergencyAssignment.objects.filter(pk=pk, begun_at=None).update(begun_at=timezone.now())


@transaction.atomic
def _ask(assignment: EmergencyAssignment, actor: Actor, row_pk: int) -> None:
    rows = EmergencyAssignmentRow.objects.select_for_update(of=("self",)).select_related("number__connection")
    row = rows.get(pk=row_pk)
    if row.change_id or row.refusal:
        return
    if not _can_have_one(assignment, row.number):
        row.refusal = Refusal.NOT_HERE
    else:
        try:
            row.change = emergency.ask_for_address(actor, row.number, assignment.address, _intent(assignment, row))
        except Busy:
            row.refusal = Refusal.BUSY
    row.save(update_fields=["change", "refusal"])


def _intent(assignment: EmergencyAssignment, row: EmergencyAssignmentRow) -> str:
    return str(uuid.uuid5(assignment.public_id, str(row.pk)))


def _can_have_one(assignment: EmergencyAssignment, number: Number) -> bool:
    """A number may have left the account or been released since it was asked."""
    here = number.account_id == assignment.account_id and number.gone_at is None
    possible = number.voice and number.kind not in NO_PLACE and number.status != Number.Status.DELETED
    return here and possible and number.connection.can(Capability.E911)
