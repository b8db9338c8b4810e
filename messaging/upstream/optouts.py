"""Opt-outs between us and the upstreams: theirs come home, ours are told to each that keeps a list of its own (C17)."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.ownership import connections_of, owner_of
from messaging.models import OptOut
from providers import operations, sync
from providers.clients.base import Capability, Client
from providers.clients.records import OptOutRecord
from providers.models import Connection, Feed, Operation
from providers.outbox import Settlement, Sight
from providers.tally import Tally

FEED = "opt_outs"
PUSH = "opt_out.push"
OVERLAP = timedelta(days=2)
FIRST_LOOK = timedelta(days=365)


def register() -> None:
    sync.FEEDS[FEED] = sync.FeedKind(bring_home, timedelta(minutes=5), Capability.OPT_OUTS, order=55)
    operations.VERBS[PUSH] = operations.Verb(execute=tell, settle=settle, changed=told, repeat_when_absent=True)


def bring_home(client: Client, feed: Feed, tally: Tally) -> None:
    """Take over who opted out at the upstream. What it does not list is never lifted by that: the lists only join."""
    today = timezone.localdate()
    through = feed.cursor.get("through")
    since = max(today - FIRST_LOOK, _day(through) - OVERLAP) if through else today - FIRST_LOOK
    account_id = owner_of(feed.connection)("")
    for record in client.opt_outs(since, today):
        tally.seen += 1
        tally.created += _take_over(feed.connection, account_id, record)
    tally.unread += len(client.unread)
    tally.cursor = {"through": today.isoformat()}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _take_over(connection: Connection, account_id: int, record: OptOutRecord) -> bool:
    """True when it is new. One that was lifted here after it was said there stays lifted."""
    rows = OptOut.objects.filter(account_id=account_id, number=record.number)
    moment = record.at or timezone.now()
    if rows.filter(lifted_at=None).exists() or rows.filter(lifted_at__gte=moment).exists():
        return False
    if record.at is None and rows.exists():
        return False  # without a time of its own it cannot be newer than what a person decided
    try:
        with transaction.atomic():
            OptOut.objects.create(
                account_id=account_id, number=record.number, our_number=record.our_number[:16], word=record.word[:40],
                source=OptOut.Source.UPSTREAM, connection=connection, at=moment,
            )  # fmt: skip
    except IntegrityError:
        return False
    return True


def learn(connection: Connection, account_id: int, our_number: str, number: str) -> bool:
    """A text was refused because the person opted out at the upstream: from now on we know it too."""
    return _take_over(connection, account_id, OptOutRecord(number=number, our_number=our_number, at=timezone.now()))


# --- ours to theirs ----------------------------------------------------------------------------------------------------


def push(row: OptOut, *, wanted: bool) -> None:
    """Tell every upstream of the account that keeps a list. An upstream that fails to note it changes nothing here."""
    for connection in connections_of(row.account):
        if connection.can(Capability.OPT_OUT_PUSH):
            key = f"opt-out:{row.pk}:{connection.pk}:{'on' if wanted else 'off'}"
            arguments = {"number": row.number, "wanted": wanted}
            operations.ask(
                connection, PUSH, arguments, key=key, subject=f"opt-out:{row.number}", actor_name="portal", asker=None
            )


def tell(client: Client, operation: Operation) -> dict:
    number = operation.arguments["number"]
    if operation.arguments["wanted"]:
        client.add_opt_out(number)
    else:
        client.remove_opt_out(number)
    return {}


def settle(client: Client, operation: Operation) -> Settlement:
    """Noting it twice is as good as once, so an unclear one is simply told again."""
    return Settlement(Sight.ABSENT)


def told(operation: Operation) -> None:
    """Nothing of ours hangs on it."""
