"""What is wrong with a deployment although its settings are valid."""

from django.conf import settings
from django.core.checks import Tags, Warning, register

from portal import sqlite


@register(Tags.database)
def sqlite_is_sound(app_configs, **_) -> list[Warning]:
    """W001: the customer's data lies in a file that this version of SQLite may destroy."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if not engine.endswith("sqlite3") or sqlite.is_sound():
        return []
    return [
        Warning(
            f"SQLite {sqlite.sqlite3.sqlite_version} has a fault that can destroy the file when several processes write to it.",
            hint="Use PostgreSQL (DATABASE_URL), or a system with SQLite 3.51.3 or newer.",
            id="portal.W001",
        )
    ]
