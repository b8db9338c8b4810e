"""The queue of things without a counterpart: opened and closed by what feeds see, set aside by staff (H6)."""

from collections.abc import Callable, Iterable

from django.utils import timezone

from providers.models import Connection, Orphan

State = Orphan.State
# kind -> where staff settle such an orphan; filled by each app's AppConfig.ready
PLACES: dict[str, Callable[[Orphan], str]] = {}


def found(connection: Connection, kind: str, side: str, rows: Iterable[tuple[str, str]]) -> int:
    """Make the open orphans of a kind equal to `rows` of (external id, what it is). Returns how many are open now.

    What is no longer among them has found its counterpart and is settled; what a person set aside stays so.
    """
    now = timezone.now()
    rows = dict(rows)
    mine = Orphan.objects.filter(connection=connection, kind=kind, side=side)
    known = dict(mine.values_list("external_id", "state"))
    new = [
        Orphan(connection=connection, kind=kind, side=side, external_id=external_id, label=label[:160])
        for external_id, label in rows.items()
        if external_id not in known
    ]
    Orphan.objects.bulk_create(new, ignore_conflicts=True)
    seen_again = [external_id for external_id in rows if external_id in known]
    mine.filter(external_id__in=seen_again).update(last_seen_at=now)
    mine.filter(external_id__in=seen_again, state=State.SETTLED).update(state=State.OPEN, first_seen_at=now)
    mine.filter(state=State.OPEN).exclude(external_id__in=list(rows)).update(state=State.SETTLED)
    return mine.filter(state=State.OPEN).count()


def set_aside(rows, who: str) -> int:
    """A person has looked: these may stay without a counterpart."""
    return rows.filter(state=State.OPEN).update(state=State.ASIDE, decided_by=who[:160])


def open_again(rows, who: str) -> int:
    return rows.filter(state=State.ASIDE).update(state=State.OPEN, decided_by=who[:160])


def place_of(orphan: Orphan) -> str:
    """The page on which a person can settle it, "" where there is none."""
    return PLACES[orphan.kind](orphan) if orphan.kind in PLACES else ""
