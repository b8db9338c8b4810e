"""Is this still right? Confirming the addresses in force, and the report that shows it (E9)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.models import Account
from numbering.models import EmergencyConfirmation, EmergencyEndpoint, Number
from numbering.services import coverage
from numbering.services.coverage import COVERED, Line
from numbering.services.emergency import endpoint_of
from numbering.services.intents import fingerprint
from numbering.upstream.places import agree

GOOD_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A number with its address in force, and the latest word of a person that it is right."""

    line: Line
    confirmation: EmergencyConfirmation | None

    @property
    def is_confirmed(self) -> bool:
        """Said within a year, about this very address."""
        said, endpoint = self.confirmation, self.line.endpoint
        return bool(
            said
            and endpoint
            and said.confirmed_at > timezone.now() - GOOD_FOR
            and agree(said.address, endpoint.address)
        )

    @property
    def seen(self) -> str:
        """What the person sees while they say so: the number, and a mark of its address."""
        return f"{self.line.number.pk}:{fingerprint(self.line.endpoint.address)}"


def page(account: Account, after: str) -> tuple[list[Reviewed], str]:
    """Numbers with an address in force, fifty at a time."""
    lines, next_one = coverage.page(account, only=COVERED, after=after)
    return reviewed(lines), next_one


def reviewed(lines: list[Line]) -> list[Reviewed]:
    mine = EmergencyConfirmation.objects.filter(number=OuterRef("number"), account=OuterRef("number__account"))
    newest = mine.order_by("-id").values("pk")[:1]
    rows = EmergencyConfirmation.objects.filter(number__in=[line.number for line in lines], pk=Subquery(newest))
    said = {row.number_id: row for row in rows.select_related("user")}
    return [Reviewed(line, said.get(line.number.pk)) for line in lines]


@transaction.atomic
def confirm(actor: Actor, seen: Iterable[str]) -> tuple[int, int]:
    """Keep the person's word for each address that is still the one they saw. Returns how many were kept, and how many
    had changed meanwhile."""
    marks = {int(pk): mark for pk, _colon, mark in (one.partition(":") for one in seen) if _is_id(pk)}
    kept = changed = 0
    for number in Number.objects.for_account(actor.account).present().filter(pk__in=list(marks)):
        endpoint = endpoint_of(number)
        if not _is_what_was_seen(endpoint, marks[number.pk]):
            changed += 1
            continue
        EmergencyConfirmation.objects.create(
            account=actor.account, number=number, address=endpoint.address, user=actor.user, ip=actor.ip
        )
        audit(actor, "e911.confirmed", number.number, after=endpoint.address)
        kept += 1
    return kept, changed


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


def _is_what_was_seen(endpoint: EmergencyEndpoint | None, mark: str) -> bool:
    return bool(endpoint) and endpoint.provisioned and fingerprint(endpoint.address) == mark


def everything(account: Account) -> Iterator[Reviewed]:
    """Every number that can call, page by page, so that a report of any length costs the same memory."""
    after = ""
    while True:
        lines, after = coverage.page(account, after=after)
        yield from reviewed(lines)
        if not after:
            return
