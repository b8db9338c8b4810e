"""`manage.py add_connection SLUG --account ACCOUNT --name NAME --base-url URL --credential KEY=VALUE ...`"""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.connecting import connect
from accounts.models import Account
from providers.clients.registry import CLIENTS


class Command(BaseCommand):
    help = "Connect an account to an upstream provider. The credentials are encrypted and never shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", choices=sorted(CLIENTS), help="which upstream")
        parser.add_argument(
            "--account", required=True, help="name or id of the portal account; made as a customer if new"
        )
        parser.add_argument("--name", required=True, help="what staff will call this connection")
        parser.add_argument("--base-url", required=True)
        parser.add_argument("--credential", action="append", default=[], metavar="KEY=VALUE", help="repeat for each")
        parser.add_argument(
            "--time-zone", default="", help="zone of the upstream's dates, where it is not its usual one"
        )

    def handle(self, *args, slug, account, name, base_url, credential, time_zone, **options) -> None:
        pairs = [item.partition("=") for item in credential]
        if any(not mark for _, mark, _ in pairs):
            raise CommandError("Write each credential as KEY=VALUE.")
        try:
            connection = connect(
                _account(account),
                slug=slug,
                name=name,
                base_url=base_url,
                credentials={key: value for key, _, value in pairs},
                time_zone=time_zone,
            )
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"Connected {connection} (id {connection.pk}). Bring its data home: manage.py sync '{connection.name}'"
        )


def _account(name_or_id: str) -> Account:
    """By id, else by name; a new name makes a customer, so that the first connection needs no admin."""
    if name_or_id.isdigit() and (found := Account.objects.filter(pk=int(name_or_id)).first()):
        return found
    matches = list(Account.objects.filter(name=name_or_id)[:2])
    if len(matches) > 1:
        raise CommandError(f"More than one account is called {name_or_id}: give its id.")
    return matches[0] if matches else Account.objects.create(name=name_or_id)
