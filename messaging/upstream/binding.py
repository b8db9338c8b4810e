"""Where the log shows a text under another id than sending it returned (`Client.sent_ids_in_log`), both are one text.

Sides, words and time tell so. A row of ours that has found its place in the log has a `log_id`; it keeps the log's id from
then on, so that the next reading knows it.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from messaging.models import Message
from messaging.upstream.likeness import TOLERANCE, same_text, similar_text
from messaging.upstream.records import contact_of
from providers.clients.records import Direction, MessageRecord
from providers.models import Connection

Sides = tuple[str, str]


def log_id_of(record: MessageRecord) -> str:
    """What says that a row has its place in the log, also where the log has no numbers of its own."""
    return (record.log_id or record.external_id)[:32]


def bind_sent(connection: Connection, records: Iterable[MessageRecord]) -> None:
    """Bind what is in the log and not known yet, outside of `store`."""
    if connection.client_class.sent_ids_in_log:
        return
    with transaction.atomic():
        Connection.objects.hold(connection.pk)
        records = list(records)
        rows = Message.objects.filter(connection=connection, external_id__in=[record.external_id for record in records])
        known = set(rows.values_list("external_id", flat=True))
        bind(connection, [record for record in records if record.external_id not in known])


def bind(connection: Connection, records: list[MessageRecord]) -> dict[str, Message]:
    """Give rows of ours that were sent the ids under which these records, none of them known yet, show them.

    Returns the bound rows by the record's id. Called while the connection's row is held.
    """
    if connection.client_class.sent_ids_in_log:
        return {}
    sent = sorted((one for one in records if one.direction is Direction.OUTBOUND), key=lambda one: one.sent_at)
    waiting = _waiting(connection, sent)
    bound = {}
    for record in sent:
        candidates = waiting[record.source, contact_of(record)]
        row = _nearest(candidates, record)
        if row is None:
            continue
        candidates.remove(row)
        if row.external_id:  # else it is still under way, and the outbox looks for it itself
            row.external_id, row.log_id, row.transmitted_at = record.external_id, log_id_of(record), record.sent_at
            row.save(update_fields=["external_id", "log_id", "transmitted_at"])
            bound[record.external_id] = row
    return bound


def _waiting(connection: Connection, records: list[MessageRecord]) -> dict[Sides, list[Message]]:
    """Texts from here that have no place in the log yet: those that were sent, and those that may be there already."""
    found: dict[Sides, list[Message]] = defaultdict(list)
    rows = Message.objects.filter(
        connection=connection,
        direction=Message.Direction.OUTBOUND,
        contact_number__in={contact_of(record) for record in records},
        transmitted_at=None,
        log_id="",
    )
    for row in rows.filter(Q(external_id__isnull=False) | Q(pk__in=rows.maybe_upstream())).order_by("pk"):
        found[row.our_number, row.contact_number].append(row)
    return found


def _nearest(rows: list[Message], record: MessageRecord) -> Message | None:
    """The one nearest in time; one with the exact text before one that was altered on the way."""
    near = [row for row in rows if abs(record.sent_at - _sent_at(row)) < TOLERANCE]
    for same in (same_text, similar_text):
        if fitting := [row for row in near if same(row.body, record.body)]:
            return min(fitting, key=lambda row: abs(record.sent_at - _sent_at(row)))
    return None


def _sent_at(row: Message):
    return row.claimed_at or row.created_at
