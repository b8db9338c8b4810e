"""The log of texts: a few days are kept, one row for each part, read page by page."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from providers.clients.jomobile import mapping, values
from providers.clients.jomobile.wire import Wire
from providers.clients.records import Direction, MessageRecord
from providers.clients.speaking import speaks

PAGE = 500  # rows
KEPT = timedelta(days=31)  # the log holds "the last few days": what is older is asked for in one piece
_DAY = timedelta(days=1)


class Messages(Wire):
    @speaks("sms-full-data")
    def messages(
        self,
        since: date,
        until: date | None = None,
        direction: Direction | str | None = None,
        source: str | None = None,
        destination: str | None = None,
        limit: int = PAGE,
    ) -> Iterator[MessageRecord]:
        """Texts sent from day `since` to day `until` (today), both inclusive, days of the account's zone, oldest day first.

        Only a few days back are kept, and only what was sent: there are no incoming texts. The parts of a long text are
        one record, whose id is that of its first part. Bad rows go to `unread`. (jomobile.yaml: sms-full-data)
        """
        if direction is not None and Direction(direction) is Direction.INBOUND:
            return
        asked = {
            "sender": values.sender_id(source) if source else None,
            "phone": [values.digits(destination)] if destination else None,
        }
        for first, last in self._periods(since, max(since, until or self.today())):
            body = {**asked, "time_period": f"{first.strftime(values.STAMP)} - {last.strftime(values.STAMP)}"}
            rows = self._pages({key: value for key, value in body.items() if value}, limit)
            texts = Parts()
            for record in self.listing(rows, self._text):
                if record is not None:
                    texts.add(record)
            yield from texts.whole()

    def _periods(self, since: date, until: date) -> Iterator[tuple[datetime, datetime]]:
        """Pairs of moments (GMT), a day each; the days before the last month together."""
        day = since
        while day <= until:
            last = max(day, min(until, self.today() - KEPT))
            yield self._gmt(day), self._gmt(last + _DAY) - timedelta(seconds=1)
            day = last + _DAY

    def _gmt(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def _pages(self, asked: dict, limit: int) -> Iterator:
        """Rows of all pages. `offset` counts pages. A page that brings nothing new ends it, short or not."""
        seen: set[tuple] = set()
        page, fresh = 0, True
        while fresh:
            rows = values.rows(self.ask("sms-full-data", {**asked, "limit": limit, "offset": page}), "list")
            fresh = False
            for row in rows:
                key = _key(row)
                if key is None or key not in seen:
                    fresh = fresh or key is not None
                    seen.update(() if key is None else (key,))
                    yield row
            page += 1
            fresh = fresh and len(rows) >= limit

    def _text(self, row: dict) -> MessageRecord | None:
        """None for a look-up, which is no text."""
        if values.text(row, "type_sms").lower() in mapping.LOOK_UPS:
            return None
        return mapping.message(row, {**self.raw(row), "parts": None})


def _key(row) -> tuple | None:
    return (str(row.get("id_state")), str(row.get("part_no"))) if isinstance(row, dict) else None


class Parts:
    """Puts the parts of long texts together. They share sender, recipient, text and count; their ids may differ."""

    def __init__(self):
        self._texts: dict[tuple, dict[int, MessageRecord]] = {}

    def add(self, record: MessageRecord) -> None:
        """A part that is there already begins another text of the same words."""
        count = values.whole(record.raw, "num_parts", 1) or 1
        number = values.whole(record.raw, "part_no", 1) or 1
        turn, kind = 0, (record.source, record.destination, record.body, count)
        if count == 1:
            kind = (record.external_id,)
        while number in self._texts.setdefault((*kind, turn), {}):
            turn += 1
        self._texts[(*kind, turn)][number] = record

    def whole(self) -> Iterator[MessageRecord]:
        """The texts, oldest first."""
        texts = [joined([parts[number] for number in sorted(parts)]) for parts in self._texts.values()]
        yield from sorted(texts, key=lambda record: (record.sent_at, record.external_id))


def joined(parts: list[MessageRecord]) -> MessageRecord:
    """One record of a text's parts; while some are missing it is not delivered."""
    states = [part.transmission for part in parts]
    count = values.whole(parts[0].raw, "num_parts", 1) or 1
    state = mapping.together(states)
    if len(parts) < count and state is mapping.Transmission.DELIVERED:
        state = mapping.Transmission.SENT
    failure = next((part.failure for part in parts if part.failure), "")
    raw = {**parts[0].raw, "parts": [part.raw for part in parts[1:]]}
    return replace(parts[0], transmission=state, failure=failure, raw=raw)
