"""`manage.py sync CONNECTION [--feed FEED]`: bring data home now. Exit status 1 where a feed failed."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from providers import sync
from providers.models import Connection, Feed, SyncRun


class Command(BaseCommand):
    help = "Run the feeds of a connection now, in the order in which they build on each other."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("connection", help="name or id")
        parser.add_argument("--feed", action="append", help="only this feed; may be repeated")

    def handle(self, *args, connection, feed, **options) -> None:
        row = _connection(connection)
        sync.ensure_feeds(row)
        known = sync.feeds_of(row)
        wanted = feed or known
        if unknown := set(wanted) - set(known):
            raise CommandError(f"{row.label} has no feed {', '.join(sorted(unknown))}; it has {', '.join(known)}.")
        runs = [self._run(row, name) for name in known if name in wanted]
        if any(run is None or run.state != SyncRun.State.DONE for run in runs):
            raise CommandError("Not every feed came home.", returncode=1)

    def _run(self, connection: Connection, name: str) -> SyncRun | None:
        feed = Feed.objects.get(connection=connection, name=name)
        run = sync.run_feed(feed.pk, trigger="command", force=True)
        if run is None:
            self.stderr.write(f"{name}: already running elsewhere")
        elif run.state == SyncRun.State.DONE:
            self.stdout.write(
                f"{name}: {run.seen} read, {run.created} new, {run.changed} changed, {run.gone} gone, {run.unread} not understood"
            )
        else:
            self.stderr.write(f"{name}: {run.get_state_display()} ({run.error_code}) {run.error}")
        return run


def _connection(name_or_id: str) -> Connection:
    rows = (
        Connection.objects.filter(pk=int(name_or_id))
        if name_or_id.isdigit()
        else Connection.objects.filter(name=name_or_id)
    )
    found = list(rows[:2])
    if len(found) != 1:
        raise CommandError(f"There is {'no' if not found else 'more than one'} connection {name_or_id}.")
    return found[0]
