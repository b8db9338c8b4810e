"""New rows from records: messages, their conversations, their pictures; the halves of an MMS become one."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils import timezone

from messaging import consent, segments
from messaging.models import Media, Message, SeenMessage
from messaging.upstream import threading
from messaging.upstream.records import HALF, REPORTS, Owners, contact_of, half_of, ours_of
from providers.clients.records import Direction, MessageRecord
from providers.models import Connection


@dataclass(slots=True)
class Stored:
    created: int = 0
    changed: int = 0
    media: list[int] = field(default_factory=list)


class Batch:
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
        self._find_partners([record for record in records if half_of(record)])
        threads = threading.of_pairs({(self.owners(record), ours_of(record), contact_of(record)) for record in records})
        for record in records:
            if not self._join(record):
                self._add(record, threads[self.owners(record), ours_of(record), contact_of(record)])
        Message.objects.bulk_create(self.new)
        self._keep_halves()
        self._keep_pictures()
        threading.arrived(self.new, history=self.history, now=self.now)
        consent.listen([*self.new, *self._completed_texts()], history=self.history)
        self.stored.created += len(self.new)

    def _completed_texts(self) -> list[Message]:
        """Rows that were only a picture until now: what their text says has not been heard yet."""
        new = {id(row) for row in self.new}
        return [row for row, record in self.joined if half_of(record) == "text" and id(row) not in new]

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
        half = half_of(record)
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
            state=Message.State.RECEIVED if inbound else REPORTS.get(record.transmission, Message.State.SENT),
            due_at=None,
            our_number=ours_of(record),
            contact_number=contact_of(record),
            body=record.body,
            parts=max(1, segments.count(record.body).parts),
            at=threading.place_of(thread, record.sent_at, live=inbound and not self.history),
            transmitted_at=record.sent_at,
            external_id=record.external_id,
            log_id=record.log_id[:32],
            raw={**record.raw, HALF: half_of(record)} if half_of(record) else record.raw,
            changed_at=self.now,
        )
        if message.state == Message.State.FAILED:
            message.error_code, message.error_words = "not-delivered", record.failure
        self.new.append(message)
        if half_of(record):
            self.partners[message.our_number, message.contact_number, record.sent_at].append(message)
        if record.media:
            self.pictures.append((message, record))

    def _keep_halves(self) -> None:
        rows = [
            SeenMessage(connection=self.connection, external_id=record.external_id, message=row)
            for row, record in self.joined
        ]
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
                row = Media(
                    message=message,
                    remote_url=item.url[:500],
                    mime_type=item.mime_type[:60],
                    size=item.size or 0,
                    due_at=due,
                )
                rows[message.pk, row.remote_url] = row
        there = Media.objects.filter(message__in=[message for message, _ in self.pictures]).values_list(
            "message_id", "remote_url"
        )
        for key in there:
            rows.pop(key, None)
        self.stored.media += [row.pk for row in Media.objects.bulk_create(rows.values())]
