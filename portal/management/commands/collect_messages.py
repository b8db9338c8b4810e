"""`manage.py collect_messages`: bring the French catalogue in step with the code; says what still needs words."""

from django.core.management.base import BaseCommand

from portal import catalogue


class Command(BaseCommand):
    help = "Add new texts to the French catalogue and drop those the code no longer says."

    def handle(self, *args, **options) -> None:
        added, dropped = catalogue.update()
        missing = catalogue.missing()
        self.stdout.write(f"{added} added, {dropped} dropped, {len(missing)} without French")
        for text in missing[:50]:
            self.stdout.write(f"  {text.words!r}")
