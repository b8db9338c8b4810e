"""What a stored message does to its conversation: the line in the list, the unread count, its place in time."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from messaging.models import Contact, Message, Thread

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # a conversation without a message yet
CHANGED = ["changed_at", "unread", "archived_at", "last_at", "last_text", "last_direction", "last_state"]
PAIR = ["account", "our_number", "contact_number"]
CLOSE = timedelta(seconds=30)  # how far the clocks of two machines, and whole seconds, put a question after its answer


def of_pairs(wanted: set[tuple[int, str, str]]) -> dict[tuple[int, str, str], Thread]:
    """The conversations of (account, our number, contact), made where there is none yet."""
    found = _of(wanted)
    if missing := wanted - found.keys():
        names = _names_of({(account, contact) for account, _, contact in missing})
        new = [
            Thread(
                account_id=account, our_number=ours, contact_number=contact, last_at=LONG_AGO,
                contact_name=names.get((account, contact), ""),
            )
            for account, ours, contact in sorted(missing)
        ]  # fmt: skip
        Thread.objects.bulk_create(new, ignore_conflicts=True)  # a person may be writing the first text meanwhile
        found |= {key: row for key, row in _of(missing).items() if key in missing}
    return found


def _of(wanted: set[tuple[int, str, str]]) -> dict[tuple[int, str, str], Thread]:
    rows = Thread.objects.filter(
        account__in={account for account, _, _ in wanted},
        our_number__in={ours for _, ours, _ in wanted},
        contact_number__in={contact for _, _, contact in wanted},
    )
    return {(row.account_id, row.our_number, row.contact_number): row for row in rows}


def _names_of(people: set[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """What the contacts of (account, number) are called."""
    rows = Contact.objects.filter(
        account__in={account for account, _ in people}, number__in={number for _, number in people}
    )
    return {(account, number): name for account, number, name in rows.values_list("account_id", "number", "name")}


def name_of(account: int, number: str) -> str:
    return _names_of({(account, number)}).get((account, number), "")


def place_of(thread: Thread, sent_at: datetime, *, live: bool) -> datetime:
    """An answer that just arrived stands after the text it answers, even where their clock is a little behind ours."""
    last = thread.last_at
    ours = thread.last_direction == Message.Direction.OUTBOUND
    if live and ours and sent_at <= last < sent_at + CLOSE:
        return last + timedelta(milliseconds=1)
    return sent_at


def arrived(messages: list[Message], *, history: bool, now: datetime) -> None:
    """Bring the conversations of new messages up to date: last line, unread count, out of the archive."""
    by_thread: dict[int, list[Message]] = defaultdict(list)
    for message in messages:
        by_thread[message.thread_id].append(message)
    threads = list(Thread.objects.select_for_update(no_key=True).filter(pk__in=by_thread).order_by("pk"))
    blocked = _blocked(threads)
    for thread in threads:
        silent = history or (thread.account_id, thread.contact_number) in blocked
        _take_in(thread, by_thread[thread.pk], silent, now)
    # An upsert of rows that are there: `bulk_update` spends ten times as long on writing its statement.
    Thread.objects.bulk_create(threads, update_conflicts=True, unique_fields=PAIR, update_fields=CHANGED)


def _blocked(threads: list[Thread]) -> set[tuple[int, str]]:
    """Which of their contacts are blocked: what these write is kept, and makes no noise."""
    rows = Contact.objects.filter(account__in={row.account_id for row in threads}, blocked_at__isnull=False)
    return set(rows.filter(number__in={row.contact_number for row in threads}).values_list("account_id", "number"))


def _take_in(thread: Thread, rows: list[Message], silent: bool, now: datetime) -> None:
    newest = max(rows, key=lambda row: row.at)
    thread.changed_at = now
    if unread := 0 if silent else sum(row.direction == Message.Direction.INBOUND for row in rows):
        thread.unread += unread
        thread.archived_at = None
    if thread.last_at <= newest.at:
        for name, value in _line(newest).items():
            setattr(thread, name, value)


def touch(row: Message, state: str, now: datetime) -> None:
    """A message of the conversation took another state."""
    threads = Thread.objects.filter(pk=row.thread_id)
    threads.update(changed_at=now)
    threads.filter(last_at=row.at).update(last_state=state)


def came_due(row: Message, now: datetime) -> None:
    """A text that waited for its time went out: only now is it the conversation's last line."""
    Thread.objects.filter(pk=row.thread_id, last_at__lt=row.at).update(**_line(row), changed_at=now, archived_at=None)


def completed(row: Message, now: datetime) -> None:
    """The other half of an MMS came: its text may be the conversation's last line."""
    threads = Thread.objects.filter(pk=row.thread_id)
    threads.update(changed_at=now)
    threads.filter(last_at=row.at).update(**_line(row))


def _line(row: Message) -> dict:
    return {"last_at": row.at, "last_text": row.body[:160], "last_direction": row.direction, "last_state": row.state}
