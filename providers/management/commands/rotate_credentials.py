"""`manage.py rotate_credentials`: seal every connection's credentials under the newest key. Safe to repeat and to interrupt."""

from django.core.management.base import BaseCommand, CommandError

from providers import vault
from providers.models import Connection


class Command(BaseCommand):
    help = "After putting a new key first in CREDENTIAL_KEYS: move all credentials to it. Then the old key may go."

    def handle(self, *args, **options) -> None:
        failed = []
        for connection in Connection.objects.exclude(sealed_credentials="").only("pk", "name", "sealed_credentials"):
            try:
                sealed = vault.rotate(connection.sealed_credentials)
            except vault.CannotDecrypt:
                failed.append(connection.name)
                continue
            # Only if nobody gave it new credentials meanwhile.
            same = Connection.objects.filter(pk=connection.pk, sealed_credentials=connection.sealed_credentials)
            same.update(sealed_credentials=sealed)
        if failed:
            raise CommandError(f"No key opens the credentials of: {', '.join(failed)}.")
        self.stdout.write("All credentials are sealed under the newest key.")
