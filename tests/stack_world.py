"""The demo world, brought home once and copied for every stack: the sandbox's state, the database, the static files."""

import atexit
import functools
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.sandboxes import Sandbox

ROOT = Path(__file__).resolve().parent.parent
SECRETS = {
    "SECRET_KEY": "only-for-stacks-of-the-tests",
    "CREDENTIAL_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
}
# What a run of the suite sets for itself and a stack chooses anew.
NOT_OURS = {
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "CACHE_URL",
    "DJANGO_SETTINGS_MODULE",
    "PORTAL_TEST_DIR",
    "PORTAL_URL",
    "VAR_DIR",
    "PYTHONDONTWRITEBYTECODE",  # what is killed and started again finds its byte code, as an installation does
}
# What the feeds ask for while they run first, such as our address on the numbers, is done before the copy is taken.
FINISH = """
from providers import outbox
from providers.models import Operation, QuotaMinute
for pk in Operation.objects.order_by("pk").values_list("pk", flat=True):
    outbox.run(Operation, pk)
QuotaMinute.objects.all().delete()
"""


def server() -> str:
    """The PostgreSQL server of this run as a URL, or nothing: then databases are SQLite files."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    kept["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    return kept | SECRETS | {"PYTHONUNBUFFERED": "1", "NO_PROXY": "*"} | more


class Database:
    """A database of a stack's own, of the same kind as the run's."""

    def __init__(self, folder: Path, name: str):
        self.name = name
        self.path = folder / f"{name}.sqlite3"

    @property
    def url(self) -> str:
        if not server():
            return f"sqlite:///{self.path}"
        return urlsplit(server())._replace(path=f"/{self.name}").geturl()

    def create(self, template: "Database | None" = None) -> None:
        if server():
            source = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template.name)) if template else sql.SQL("")
            self._at_server(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name)) + source)
        elif template:
            with sqlite3.connect(template.path) as source, sqlite3.connect(self.path) as target:
                source.backup(target)
            source.close()
            target.close()

    def drop(self) -> None:
        if server():
            with suppress(psycopg.OperationalError):  # a server of the run's own may be gone already, and all with it
                self._at_server(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))
        else:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def rows(self, statement: str, *values) -> list[tuple]:
        """Run one statement, written with ? for values; committed when this returns."""
        if server():
            with psycopg.connect(self.url) as connection:
                cursor = connection.execute(statement.replace("%", "%%").replace("?", "%s"), values)
                return cursor.fetchall() if cursor.description else []
        connection = sqlite3.connect(self.path, timeout=20)
        try:
            with connection:
                return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    @staticmethod
    def moment(value: datetime) -> datetime | str:
        """A moment as the database compares it."""
        return value if server() else value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")

    def dump(self) -> str:
        """Everything that is stored, as text, for tests that look for what must not be."""
        of_server, of_file = "pg_tables WHERE schemaname = 'public'", "sqlite_master WHERE type = 'table'"
        tables = self.rows(f"SELECT tablename FROM {of_server}" if server() else f"SELECT name FROM {of_file}")
        return "\n".join(str(row) for (table,) in tables for row in self.rows(f'SELECT * FROM "{table}"'))

    def _at_server(self, statement) -> None:
        with psycopg.connect(server(), autocommit=True) as connection:
            connection.execute(statement)


@dataclass(frozen=True)
class World:
    """What was prepared: take copies, never use it itself."""

    folder: Path
    database: Database
    sandbox_url: str

    @property
    def static(self) -> Path:
        return self.folder / "var" / "static"

    def copy_sandbox(self, folder: Path) -> None:
        shutil.copy(self.folder / "world.json", folder / "world.json")
        if (media := self.folder / "world.json.media").exists():
            shutil.copytree(media, folder / "world.json.media", dirs_exist_ok=True)

    def move_addresses(self, database: Database, sandbox_url: str) -> None:
        """The copy's sandbox listens elsewhere."""
        database.rows(
            "UPDATE providers_connection SET base_url = replace(base_url, ?, ?)", self.sandbox_url, sandbox_url
        )


PORTAL_PLACEHOLDER = "http://127.0.0.1:9"  # where the prepared numbers post to; a copy replaces it


@functools.cache
def prepared() -> World:
    """Made on first use, forgotten with the process."""
    folder = Path(tempfile.mkdtemp(prefix="portal-world-"))
    database = Database(folder, f"portal_world_{os.getpid()}")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(database.drop)
    database.create()
    sandbox = Sandbox(folder).start()
    try:
        env = environment(
            DATABASE_URL=database.url, VAR_DIR=str(folder / "var"), PORTAL_URL=PORTAL_PLACEHOLDER, LOG_LEVEL="ERROR"
        )
        manage(env, "prepare", "--verbosity", "0")
        manage(env, "load_demo", "--sandbox", sandbox.base_url)
        manage(env, "shell", "--verbosity", "0", "-c", FINISH)
        sandbox.control("limits", {"clear": True})
    finally:
        sandbox.stop()
    return World(folder, database, sandbox.base_url)


def manage(env: dict[str, str], *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, text=True, capture_output=True, timeout=120
    )
    if check and done.returncode:
        raise AssertionError(
            f"manage.py {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        )
    return done
