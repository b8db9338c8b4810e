"""The upstream's records become our rows. Log and webhook both come through `store`, so that one message is one row.

It holds the connection's row while it works: two deliveries of one message, or the halves of an MMS, never miss each
other.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from messaging.models import Message, SeenMessage
from messaging.upstream import binding, threading
from messaging.upstream.likeness import TOLERANCE, similar_text
from messaging.upstream.making import Batch, Stored
from messaging.upstream.records import REPORTS, Owners, contact_of
from numbering.models import Number
from providers.clients.records import DeliveryReport, Direction, MessageRecord
from providers.models import Connection

State = Message.State


def store(connection: Connection, records: list[MessageRecord], owners: Owners, *, history: bool = False) -> Stored:
    """Store a batch; what is known already only moves forward. `history` comes in as read. Safe to call twice."""
    stored = Stored()
    with transaction.atomic():
        Connection.objects.hold(connection.pk)
        on_the_way = _on_the_way(connection)  # before what is known: a text bound in between is then known
        known = _known(connection, records)
        halves = _halves(connection, records)
        new = {}
        for record in records:
            if record.external_id in known:
                stored.changed += _report(known[record.external_id], record)
            elif record.external_id not in halves and not record.deleted:
                new[record.external_id] = record
        for external_id, row in binding.bind(connection, list(new.values())).items():
            stored.changed += _report(row, new.pop(external_id))
        strangers = _without_ours(connection, list(new.values()), on_the_way)
        strangers.sort(key=lambda record: (record.sent_at, record.log_id.zfill(20)))
        Batch(connection, owners, history, stored).insert(strangers)
        _prove_texting(connection, strangers)
    return stored


def _prove_texting(connection: Connection, records: list[MessageRecord]) -> None:
    """A text that came in over this connection shows that it carries the texts of that number (B17)."""
    inbound = [record for record in records if record.direction is Direction.INBOUND]
    numbers = {record.destination for record in inbound}
    silent = Number.objects.present().filter(connection=connection, number__in=numbers, texted_at=None)
    if inbound and (found := dict(silent.values_list("number", "pk"))):
        for number, pk in found.items():
            first = min(record.sent_at for record in inbound if record.destination == number)
            Number.objects.filter(pk=pk).update(texted_at=first)


def _known(connection: Connection, records: list[MessageRecord]) -> dict[str, Message]:
    rows = Message.objects.filter(connection=connection, external_id__in=[record.external_id for record in records])
    return {
        row.external_id: row
        for row in rows.only("pk", "external_id", "state", "direction", "thread_id", "at", "log_id")
    }


def _halves(connection: Connection, records: list[MessageRecord]) -> set[str]:
    rows = SeenMessage.objects.filter(connection=connection, external_id__in=[record.external_id for record in records])
    return set(rows.values_list("external_id", flat=True))


# --- reports ----------------------------------------------------------------------------------------------------------


def report(connection: Connection, reports: Iterable[DeliveryReport]) -> int:
    """News of texts that went out. Of a long text every part is reported: one part failing is the text failing.

    A report of a text whose id we do not know yet is kept and read again (`may_be_ours_yet`), and the log tells the same.
    Returns how many moved.
    """
    reports = list(reports)
    moved = 0
    with transaction.atomic():
        rows = Message.objects.filter(connection=connection, external_id__in=[item.external_id for item in reports])
        known = {
            row.external_id: row for row in rows.only("pk", "external_id", "state", "direction", "thread_id", "at")
        }
        for item in reports:
            if item.external_id in known:
                moved += _report(known[item.external_id], item)
    return moved


def may_be_ours_yet(connection: Connection, reports: Iterable[DeliveryReport]) -> bool:
    """Whether one of them may be of a text whose sending has not been answered, so that we do not know its id so far."""
    ids = {item.external_id for item in reports}
    if Message.objects.filter(connection=connection, external_id__in=ids).count() == len(ids):
        return False
    return Message.objects.maybe_upstream().filter(connection=connection).exists()


def _report(row: Message, record: MessageRecord | DeliveryReport) -> bool:
    """A delivery report moves a message forward or not at all. True when it moved."""
    state = REPORTS.get(record.transmission)
    earlier = [name for name in (State.SENT, State.FAILED) if state and Message.ORDER[name] < Message.ORDER[state]]
    if row.direction != Message.Direction.OUTBOUND or row.state not in earlier:
        return False
    now = timezone.now()
    failed = state == State.FAILED
    why = {"error_code": "not-delivered" if failed else "", "error_words": record.failure if failed else ""}
    if not Message.objects.filter(pk=row.pk, state__in=earlier).update(state=state, changed_at=now, **why):
        return False
    threading.touch(row, state, now)
    return True


# --- rows of ours that the log shows before we know their id -------------------------------------------------------


def _on_the_way(connection: Connection) -> set[tuple[str, str]]:
    """Pairs of numbers between which a text of ours may be in the log already: the outbox binds those rows itself."""
    rows = Message.objects.maybe_upstream().filter(connection=connection)
    return set(rows.values_list("our_number", "contact_number"))


def _without_ours(
    connection: Connection, records: list[MessageRecord], on_the_way: set[tuple[str, str]]
) -> list[MessageRecord]:
    strangers = [
        record
        for record in records
        if record.direction is Direction.INBOUND or (record.source, contact_of(record)) not in on_the_way
    ]
    parked = list(
        Message.objects.filter(
            connection=connection, state=State.PARKED, external_id=None, direction="outbound"
        ).order_by("pk")
    )
    return [record for record in strangers if not _settles_one(parked, record)]


def _settles_one(parked: list[Message], record: MessageRecord) -> bool:
    """A text that was put before a person shows up in the log after all: it went out."""
    if record.direction is Direction.INBOUND:
        return False
    sides = (record.source, contact_of(record))
    fitting = [
        row for row in parked if (row.our_number, row.contact_number) == sides and similar_text(row.body, record.body)
    ]
    row = next((row for row in fitting if record.sent_at > row.created_at - TOLERANCE), None)
    if row is None:
        return False
    parked.remove(row)
    now = timezone.now()
    bound = {
        "external_id": record.external_id,
        "state": State.SENT,
        "error_code": "",
        "error_words": "",
        "changed_at": now,
    }
    Message.objects.filter(pk=row.pk, state=State.PARKED).update(**bound)
    threading.touch(row, State.SENT, now)
    return True
