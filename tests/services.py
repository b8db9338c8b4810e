"""Throwaway servers for tests: PostgreSQL, Redis, Chromium, and the environment of children that a test starts.

Each is looked for in this order: the URL that the environment gives; programs on PATH; Debian's folder of PostgreSQL
programs. What cannot be had raises `Missing` with the reason, and its tests are skipped by that name; where
REQUIRE_SERVICES is set, as .ci/run does, they fail instead.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from portal.celery import app

START_SECONDS = 30
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


class Missing(Exception):
    """A server that this machine does not have, and what would help."""


def skip_or_fail(reason: Missing):
    if os.environ.get("REQUIRE_SERVICES"):
        pytest.fail(str(reason))
    pytest.skip(str(reason))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def running(arguments: list[str], port: int, name: str) -> Iterator[subprocess.Popen]:
    """The server as a child until the end of the block; it is up when its port answers."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(arguments, stdout=output, stderr=output, start_new_session=True)
        try:
            _wait_until_up(process, port, name, output)
            yield process
        finally:
            _end(process)


def _wait_until_up(process, port, name, output) -> None:
    give_up = time.monotonic() + START_SECONDS
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None or time.monotonic() > give_up:
            output.seek(0)
            raise RuntimeError(f"{name} did not start:\n{output.read()[-2000:]}")
        time.sleep(0.05)


def _end(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGINT)  # PostgreSQL: fast shutdown, without waiting for clients
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


# --- PostgreSQL -----------------------------------------------------------------------------------------------------
def postgres_programs() -> Path:
    """The folder of initdb and postgres."""
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    on_path = [Path(found).parent] if (found := shutil.which("initdb")) else []
    for folder in [*on_path, *newest_first]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Missing("PostgreSQL is missing: no initdb on PATH or in /usr/lib/postgresql (Debian: apt install postgresql)")


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database of a server of our own, or of the one that DATABASE_URL names."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        yield os.environ["DATABASE_URL"]
        return
    programs, port = postgres_programs(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-", dir="/tmp"))  # short, for sockets have short names
    try:
        user = _another_user(folder)
        initdb = [str(programs / "initdb"), "-D", f"{folder}/data", "-U", "portal", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*user, *initdb, "--no-sync", "--locale=C.UTF-8"], check=True, capture_output=True, text=True)
        options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder, "fsync": "off"}
        options |= {"synchronous_commit": "off", "full_page_writes": "off", "max_connections": 100}
        flags = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with running([*user, str(programs / "postgres"), "-D", f"{folder}/data", *flags], port, "PostgreSQL"):
            yield f"postgres://portal@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _another_user(folder: Path) -> list[str]:
    """How to become somebody else, for PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "nobody")
    if setpriv := shutil.which("setpriv"):
        return [setpriv, "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]
    if runuser := shutil.which("runuser"):
        return [runuser, "-u", "nobody", "--"]
    raise Missing("PostgreSQL does not run as root, and neither setpriv nor runuser is here to become nobody")


# --- Redis ----------------------------------------------------------------------------------------------------------
@contextmanager
def redis() -> Iterator[str]:
    """The URL of a Redis of our own, without a database number."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if not program:
        raise Missing("Redis is missing: no redis-server on PATH (Debian: apt install redis-server)")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="portal-redis-") as folder:
        flags = ["--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"]
        with running([program, *flags, "--maxmemory-policy", "noeviction"], port, "Redis"):
            yield f"redis://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def postgres_url():
    try:
        with postgres() as url:
            yield url
    except Missing as reason:
        skip_or_fail(reason)


@pytest.fixture
def redis_url():
    """A fresh one for each test: some of them kill it."""
    try:
        with redis() as url:
            yield url
    except Missing as reason:
        skip_or_fail(reason)


# --- Chromium -------------------------------------------------------------------------------------------------------
def chromium() -> str:
    """The path of a Chromium: CHROMIUM, or the first on PATH."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else CHROMIUM_NAMES
    if found := next(filter(None, map(shutil.which, names)), None):
        return found
    raise Missing(f"Chromium is missing: none of {', '.join(names)} on PATH (Debian: apt install chromium)")


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """For pytest-playwright: the Chromium of this machine, which cannot reach any other."""
    try:
        program = chromium()
    except Missing as reason:
        skip_or_fail(reason)
    flags = ["--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"]
    flags += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
    flags += ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's own sandbox does not start for root
    return {"executable_path": program, "args": flags, "headless": True}


# --- children -------------------------------------------------------------------------------------------------------
def database_url() -> str:
    """The URL of the database that the test uses now."""
    now = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{now['NAME']}"
    password = f":{now['PASSWORD']}" if now["PASSWORD"] else ""
    return f"postgres://{now['USER']}{password}@{now['HOST']}:{now['PORT']}/{now['NAME']}"


@pytest.fixture
def child_env(transactional_db) -> dict[str, str]:
    """The environment of a worker, web or beat process that shares this test's database and its emptied queue.

    `subprocess.Popen([sys.executable, "-m", "celery", "-A", "portal", "worker", ...], env=child_env)`
    """
    with app.connection_for_write() as broker:
        for queue in ("interactive", "sync", "celery"):
            app.amqp.queues[queue].bind(broker.default_channel).purge()
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
        "PYTHONUNBUFFERED": "1",
    }
