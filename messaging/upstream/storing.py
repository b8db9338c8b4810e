"""The upstream's records become our rows. Log and webhook both come through `store`, so that one message is one row.

It holds the connection's row while it works: two deliveries of one message, or the two halves of an MMS, never miss each other.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from accounts.ownership import owner_of
from messaging import segments
from messaging.models import Media, Message, SeenMessage
from messaging.upstream import threading
from messaging.upstream.outgoing import TOLERANCE, similar_text
from numbering.models import Number
from providers.clients.records import Direction, MessageRecord, Transmission
from providers.models import Connection

State = Message.State
REPORTS = {
    Transmission.SENT: State.SENT,
    Transmission.DELIVERED: State.DELIVERED,
    Transmission.FAILED: State.FAILED,
    Transmission.CANCELLED: State.FAILED,
}
HALF = "_half"  # in `raw`: which half of an MMS a row was made of


@dataclass(slots=True)
class Stored:
    created: int = 0
    changed: int = 0
    media: list[int] = field(default_factory=list)


class Owners:
    """Whose a message is: the sub-account that the record names, else the account that has the number."""

    def __init__(self, connection: Connection):
        self.by_subaccount = owner_of(connection)
        numbers = Number.objects.present().filter(connection=connection)
        self.by_number = dict(numbers.values_list("number", "account_id"))

    def __call__(self, record: MessageRecord) -> int:
        if record.subaccount_id:
            return self.by_subaccount(record.subaccount_id)
        return self.by_number.get(ours_of(record)) or self.by_subaccount("")


def ours_of(record: MessageRecord) -> str:
    return record.destination if record.direction is Direction.INBOUND else record.source


def contact_of(record: MessageRecord) -> str:
    return (record.source if record.direction is Direction.INBOUND else record.destination)[:16]


def store(connection: Connection, records: list[MessageRecord], owners: Owners, *, history: bool = False) -> Stored:
    """Store a batch; what is known already only moves forward. `history` comes in as read. Safe to call twice."""
    stored = Stored()
    with transaction.atomic():
        Connection.objects.select_for_update().only("pk").get(pk=connection.pk)
        on_the_way = _on_the_way(connection)  # before what is known: a text bound in between is then known
        known = _known(connection, records)
        halves = _halves(connection, records)
        new = {}
        for record in records:
            if record.external_id in known:
                stored.changed += _report(known[record.external_id], record)
            elif record.external_id not in halves and not record.deleted:
                new[record.external_id] = record
        strangers = _without_ours(connection, list(new.values()), on_the_way)
        strangers.sort(key=lambda record: (record.sent_at, record.log_id.zfill(20)))
        _Batch(connection, owners, history, stored).insert(strangers)
    return stored


def _known(connection: Connection, records: list[MessageRecord]) -> dict[str, Message]:
    rows = Message.objects.filter(connection=connection, external_id__in=[record.external_id for record in records])
    return {row.external_id: row for row in rows.only("pk", "external_id", "state", "direction", "thread_id", "at", "log_id")}


def _halves(connection: Connection, records: list[MessageRecord]) -> set[str]:
    rows = SeenMessage.objects.filter(connection=connection, external_id__in=[record.external_id for record in records])
    return set(rows.values_list("external_id", flat=True))


# --- reports ----------------------------------------------------------------------------------------------------------


def _report(row: Message, record: MessageRecord) -> bool:
    """A delivery report moves a message forward or not at all. True when it moved."""
    state = REPORTS.get(record.transmission)
    if row.direction != Message.Direction.OUTBOUND or state is None:
        return False
    earlier = [name for name, rank in Message.ORDER.items() if rank < Message.ORDER[state] and name in (State.SENT, State.FAILED)]
    now = timezone.now()
    failed = state == State.FAILED
    values = {"state": state, "changed_at": now, "error_code": "not-delivered" if failed else "", "error_words": record.failure if failed else ""}
    if not Message.objects.filter(pk=row.pk, state__in=earlier).update(**values):
        return False
    threading.touch(row, state, now)
    return True


# --- rows of ours that the log shows before we know their id -------------------------------------------------------------


def _on_the_way(connection: Connection) -> set[tuple[str, str]]:
    """Pairs of numbers between which a text of ours may be in the log already: the outbox binds those rows itself."""
    rows = Message.objects.maybe_upstream().filter(connection=connection)
    return set(rows.values_list("our_number", "contact_number"))


def _without_ours(connection: Connection, records: list[MessageRecord], on_the_way: set[tuple[str, str]]) -> list[MessageRecord]:
    strangers = [record for record in records if record.direction is Direction.INBOUND or (record.source, contact_of(record)) not in on_the_way]
    parked = list(Message.objects.filter(connection=connection, state=State.PARKED, external_id=None, direction="outbound").order_by("pk"))
    return [record for record in strangers if not _settles_one(parked, record)]


def _settles_one(parked: list[Message], record: MessageRecord) -> bool:
    """A text that was put before a person shows up in the log after all: it went out."""
    if record.direction is Direction.INBOUND:
        return False
    sides = (record.source, contact_of(record))
    fitting = [row for row in parked if (row.our_number, row.contact_number) == sides and similar_text(row.body, record.body)]
    row = next((row for row in fitting if record.sent_at > row.created_at - TOLERANCE), None)
    if row is None:
        return False
    parked.remove(row)
    now = timezone.now()
    bound = {"external_id": record.external_id, "state": State.SENT, "error_code": "", "error_words": "", "changed_at": now}
    Message.objects.filter(pk=row.pk, state=State.PARKED).update(**bound)
    threading.touch(row, State.SENT, now)
    return True


# --- new rows ---------------------------------------------------------------------------------------------------------


class _Batch:
    """Makes the rows of a batch: messages, their conversations, their pictures; the halves of an MMS become one."""

    def __init__(self, connection: Connection, owners: Owners, history: bool, stored: Stored):
        self.connection, self.owners, self.history, self.stored = connection, owners, history, stored
        self.now = timezone.now()
        self.new: list[Message] = []
        self.partners: dict[tuple, list[Message]] = defaultdict(list)
        self.pictures: list[tuple[Message, MessageRecord]] = []
        self.joined: list[tuple[Message, MessageRecord]] = []

    def insert(self, records: list[MessageRecord]) -> None:
        if not records:
            return
        self._find_partners([record for record in records if _half_of(record)])
        threads = threading.of_pairs({(self.owners(record), ours_of(record), contact_of(record)) for record in records})
        for record in records:
            if not self._join(record):
                self._add(record, threads[self.owners(record), ours_of(record), contact_of(record)])
        Message.objects.bulk_create(self.new)
        self._keep_halves()
        self._keep_pictures()
        threading.arrived(self.new, history=self.history, now=self.now)
        self.stored.created += len(self.new)

    def _find_partners(self, records: list[MessageRecord]) -> None:
        """Messages that are already half an MMS and may wait for the other half."""
        if not records:
            return
        rows = Message.objects.filter(
            connection=self.connection,
            contact_number__in={contact_of(record) for record in records},
            transmitted_at__in={record.sent_at for record in records},
            direction=Message.Direction.INBOUND,
        )
        for row in rows.order_by("pk"):
            if row.raw.get(HALF):
                self.partners[row.our_number, row.contact_number, row.transmitted_at].append(row)

    def _join(self, record: MessageRecord) -> bool:
        """Put one half of an MMS to the other, whichever came first. False when it stands alone so far."""
        half = _half_of(record)
        waiting = self.partners.get((record.destination, contact_of(record), record.sent_at), []) if half else []
        # Two texts never join, and pictures may be several.
        fitting = [row for row in waiting if half == "media" or row.raw[HALF] == "media"]
        if not fitting:
            return False
        partner = fitting[-1]
        if half == "text":
            partner.body, partner.parts = record.body, max(1, segments.count(record.body).parts)
        partner.raw = {**partner.raw, HALF: "both"}
        self.joined.append((partner, record))
        if half == "media":
            self.pictures.append((partner, record))
        return True

    def _add(self, record: MessageRecord, thread) -> None:
        inbound = record.direction is Direction.INBOUND
        message = Message(
            connection=self.connection,
            account_id=thread.account_id,
            thread=thread,
            direction=record.direction.value,
            state=State.RECEIVED if inbound else REPORTS.get(record.transmission, State.SENT),
            due_at=None,
            our_number=ours_of(record),
            contact_number=contact_of(record),
            body=record.body,
            parts=max(1, segments.count(record.body).parts),
            at=threading.place_of(thread, record.sent_at, live=inbound and not self.history),
            transmitted_at=record.sent_at,
            external_id=record.external_id,
            log_id=record.log_id[:32],
            raw={**record.raw, HALF: _half_of(record)} if _half_of(record) else record.raw,
            changed_at=self.now,
        )
        if message.state == State.FAILED:
            message.error_code, message.error_words = "not-delivered", record.failure
        self.new.append(message)
        if _half_of(record):
            self.partners[message.our_number, message.contact_number, record.sent_at].append(message)
        if record.media:
            self.pictures.append((message, record))

    def _keep_halves(self) -> None:
        rows = [SeenMessage(connection=self.connection, external_id=record.external_id, message=row) for row, record in self.joined]
        SeenMessage.objects.bulk_create(rows)
        new = {row.pk for row in self.new}
        for row in {row.pk: row for row, _ in self.joined}.values():
            Message.objects.filter(pk=row.pk).update(body=row.body, parts=row.parts, raw=row.raw, changed_at=self.now)
            if row.pk not in new:
                threading.completed(row, self.now)

    def _keep_pictures(self) -> None:
        due = self.now
        rows = {}
        for message, record in self.pictures:
            for item in record.media:
                row = Media(message=message, remote_url=item.url[:500], mime_type=item.mime_type[:60], size=item.size or 0, due_at=due)
                rows[message.pk, row.remote_url] = row
        there = Media.objects.filter(message__in=[message for message, _ in self.pictures]).values_list("message_id", "remote_url")
        for key in there:
            rows.pop(key, None)
        self.stored.media += [row.pk for row in Media.objects.bulk_create(rows.values())]


def _half_of(record: MessageRecord) -> str:
    """An MMS comes as its text (the wrapper) and its picture without text, each a message of its own."""
    if record.direction is not Direction.INBOUND:
        return ""
    if record.wrapper:
        return "text"
    return "media" if record.media and not record.body else ""
