"""`manage.py load_demo [--sandbox URL]`: the demo world, once. Safe to repeat."""

from django.core.management.base import BaseCommand, CommandParser

from portal import demo


class Command(BaseCommand):
    help = "Make the demo accounts and people, connect them to the sandbox and bring its data home."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sandbox", default="http://127.0.0.1:9100")
        parser.add_argument("--again", action="store_true", help="also when the demo people are already there")

    def handle(self, *args, sandbox, again, **options) -> None:
        if demo.is_loaded() and not again:
            self.stdout.write("The demo world is already here.")
            return
        self.stdout.write("Loading the demo world from the sandbox …")
        demo.load(sandbox.rstrip("/"), self.stdout.write)
