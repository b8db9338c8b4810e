"""A real worker on the queue and database of this run: it hears, it writes, and its connections are as few as its threads."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from providers.models import Heartbeat
from providers.tasks import heartbeat

ROOT = Path(__file__).resolve().parents[2]
THREADS = 4
WORKER = [
    "-m",
    "celery",
    "-A",
    "portal",
    "worker",
    "-P",
    "threads",
    "-c",
    str(THREADS),
    "-Q",
    "interactive,sync,celery",
]
pytestmark = [pytest.mark.real_broker, pytest.mark.slow, pytest.mark.alone]


@pytest.fixture
def worker(child_env, tmp_path):
    log = tmp_path / "log"
    with log.open("w") as output:
        process = subprocess.Popen([sys.executable, *WORKER], cwd=ROOT, env=child_env, stdout=output, stderr=output)
        process.log = log
        yield process
        process.terminate()
        process.wait(30)


def wait_for(true, worker, seconds=30):
    give_up = time.monotonic() + seconds
    while not true():
        if worker.poll() is not None or time.monotonic() > give_up:
            pytest.fail(worker.log.read_text()[-3000:])
        time.sleep(0.05)


def database_connections_of(process) -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return cursor.fetchone()[0] - 1
    open_files = (link.readlink() for link in Path(f"/proc/{process.pid}/fd").iterdir() if link.is_symlink())
    return sum(str(path) == str(connection.settings_dict["NAME"]) for path in open_files)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at /proc, which this system does not have")
def test_a_woken_task_runs_and_its_threads_keep_no_connection_too_long(worker):
    """None on SQLite; on PostgreSQL each thread's own, and the one in which this test looks."""
    heartbeat.delay()
    wait_for(Heartbeat.objects.filter(name="worker").exists, worker)
    first = Heartbeat.objects.get(name="worker").seen_at
    for _ in range(40):
        heartbeat.delay()
    wait_for(lambda: Heartbeat.objects.get(name="worker").seen_at > first, worker)
    most = THREADS if connection.vendor == "postgresql" else 0
    wait_for(lambda: database_connections_of(worker) <= most, worker, seconds=10)


def test_a_stopped_worker_ends_well(worker):
    heartbeat.delay()
    wait_for(Heartbeat.objects.filter(name="worker").exists, worker)
    worker.terminate()
    assert worker.wait(30) == 0
