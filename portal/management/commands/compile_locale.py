"""Compile the message catalogues (.po to .mo) in Python, because GNU gettext is not on every machine."""

from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile the message catalogues; needs no GNU gettext."
    requires_system_checks = []

    def handle(self, *args, verbosity=1, **options):
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                if compile_if_older(source) and verbosity:
                    self.stdout.write(f"compiled {source.relative_to(settings.BASE_DIR)}")


def compile_if_older(source: Path) -> bool:
    """Write the .mo beside the .po where it is missing or older; whole or not at all, for others may be reading it."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    fresh = target.with_suffix(".mo.new")
    polib.pofile(str(source)).save_as_mofile(str(fresh))
    fresh.replace(target)
    return True
