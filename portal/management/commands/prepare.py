"""What has to be done once per release, before web and workers start: checks, catalogues, database, static files."""

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Check the settings, compile the catalogues, migrate the database and collect the static files."
    requires_system_checks = []

    def handle(self, *args, verbosity=1, **options):
        self.check()  # once, here: a worker that starts again after a crash should not have to (portal/celery.py)
        call_command("compile_locale", verbosity=verbosity)
        call_command("migrate", interactive=False, verbosity=verbosity)
        call_command("collectstatic", interactive=False, verbosity=0)
