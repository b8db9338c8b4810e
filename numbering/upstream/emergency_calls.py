"""Calls to 911 and 933 among the calls that are new in an upstream's log (E11).

Only upstreams that tell what came after the last call that was read are asked: the log of a busy day is never read twice.
"""

import re
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.ownership import owner_of
from numbering.models import EmergencyCall, Number
from providers.clients.base import Capability, Client
from providers.clients.records import CallRecord, Direction
from providers.models import Connection, Feed
from providers.sync import FEEDS, FeedKind
from providers.tally import Tally

FEED = "emergency_calls"
FIRST = timedelta(days=1)  # how far back the first run looks
OVERLAP = timedelta(hours=1)  # a call is logged when it is over
LATE = timedelta(days=1)  # a call of before is kept, and no longer news
DIALLED = {"911": False, "1911": False, "933": True, "1933": True}  # whether it is a test


def register() -> None:
    FEEDS[FEED] = FeedKind(run=bring_home, every=timedelta(minutes=5), capability=Capability.NEW_CALLS, order=80)


def bring_home(client: Client, feed: Feed, tally: Tally) -> None:
    """Read what is new, keep calls to 911 and 933, and remember the newest call as the place to go on from."""
    newest: CallRecord | None = None
    found: list[CallRecord] = []
    for record in client.new_calls(feed.cursor.get("after", ""), _since(feed)):
        tally.seen += 1
        if newest is None or record.started_at >= newest.started_at:
            newest = record
        if is_emergency(record):
            found.append(record)
    tally.unread += len(client.unread)
    tally.created += _keep(feed.connection, found)
    if newest is not None:
        tally.cursor = {"after": newest.external_id, "at": newest.started_at.isoformat()}


def _since(feed: Feed) -> datetime:
    at = feed.cursor.get("at")
    return datetime.fromisoformat(at) - OVERLAP if at else timezone.now() - FIRST


def is_emergency(record: CallRecord) -> bool:
    return record.direction == Direction.OUTBOUND and _dialled(record) in DIALLED


def _dialled(record: CallRecord) -> str:
    return re.sub(r"\D", "", record.destination) if len(record.destination) <= 8 else ""


def _keep(connection: Connection, records: list[CallRecord]) -> int:
    """Each call once, whoever reads the log again. Returns how many are new."""
    if not records:
        return 0
    owner = owner_of(connection)
    numbers = Number.objects.present().filter(connection=connection, number__in={one.source for one in records})
    ours = {number.number: number for number in numbers}
    known = EmergencyCall.objects.filter(connection=connection, external_id__in=[one.external_id for one in records])
    there = set(known.values_list("external_id", flat=True))
    rows = {
        one.external_id: _row(connection, one, ours.get(one.source), owner)
        for one in records
        if one.external_id not in there
    }
    EmergencyCall.objects.bulk_create(rows.values(), ignore_conflicts=True)
    return len(rows)


def _row(connection: Connection, record: CallRecord, number: Number | None, owner) -> EmergencyCall:
    now = timezone.now()
    return EmergencyCall(
        connection=connection,
        account_id=number.account_id if number else owner(record.subaccount_id),
        external_id=record.external_id[:64],
        number=number,
        source=record.source[:64],
        is_test=DIALLED[_dialled(record)],
        answered=record.answered,
        seconds=record.seconds,
        called_at=record.started_at,
        found_at=now,
        told_at=now if record.started_at < now - LATE else None,
    )
