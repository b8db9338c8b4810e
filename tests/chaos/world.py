"""A stack with several supervised workers whose processes can be killed, and servers of our own that can be taken away."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import redis

from tests.services import _another_user, free_port, postgres_programs
from tests.stack import PROCFILE, Stack, wait_until

ROOM = ("wake-twice", "no-limits", "any-hour")  # what every world here has: see tests/hooks
GRACE_S = 3


class World(Stack):
    """`workers` of them share the queues; `hooks` are names of tests/hooks beside those of ROOM."""

    def __init__(
        self,
        *,
        workers: int = 2,
        hooks: tuple[str, ...] = (),
        lag: float = 1.0,
        deadline: float = 2.0,
        pace: float = 2.0,
        **env: str,
    ):
        self.hooks = Path(tempfile.mkdtemp(prefix="portal-hooks-"))
        for name in (*ROOM, *hooks):
            (self.hooks / name).touch()
        (self.hooks / "grace").write_text(str(GRACE_S))
        self.workers = workers
        hooked = {"DJANGO_SETTINGS_MODULE": "tests.hooks.settings", "STACK_HOOKS": str(self.hooks)}
        paced = {"CAMPAIGN_OPEN": "400", "CAMPAIGN_LANES": "12", "LOG_LEVEL": "ERROR"}
        super().__init__(deadline=deadline, log_lag=lag, pace=pace, **hooked, **paced, **env)

    def begin(self) -> "World":
        """The sandbox, and under one supervisor web, beat and the workers."""
        self.sandbox.start()
        names = [f"worker{number}" for number in range(1, self.workers + 1)]
        table = {"web": PROCFILE["web"], "beat": PROCFILE["beat"], **dict.fromkeys(names, PROCFILE["worker"])}
        file = self.folder / "Procfile"
        file.write_text("".join(f"{name}: {command}\n" for name, command in table.items()))
        command = [sys.executable, "-m", "portal.supervisor", "--procfile", str(file)]
        self.processes["supervisor"] = self._spawn("supervisor", command)
        self.wait_for_web()
        self.sandbox.control(
            "settings", {"auto_answer": False, "duplicate_window_s": 0, "sms_completed_s": 3600, "sms_processing_s": 1}
        )
        self.sandbox.control("limits", {"per_hour": {"queue_sms": 10_000_000, "shared_pool": 10_000_000}})
        # A campaign that its account cannot pay for is paused, and rightly so.
        self.sandbox.control("account", {"slug": "voicemeup", "key": "lachance", "set": {"balance": "5000.00"}})
        return self

    def worker_pids(self) -> list[int]:
        """The workers that run now."""
        parent = self.processes["supervisor"].pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return [int(pid) for pid in children if " worker " in _command(pid)]

    def close(self) -> None:
        super().close()
        shutil.rmtree(self.hooks, ignore_errors=True)

    @property
    def broker(self) -> "Broker":
        return Broker(self)


def _command(pid: str) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


class Broker:
    """Whatever carries the wake-ups of a world: losing it loses all of them."""

    def __init__(self, world: World):
        self.url = world.env["CELERY_BROKER_URL"]
        self.path = world.folder / "queue.sqlite3"

    def lose(self) -> str:
        """Everything that is queued is gone. Returns what was done."""
        if self.url.startswith("redis"):
            redis.Redis.from_url(self.url).flushall()
            return "FLUSHALL"
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        return "queue file removed"

    def kill(self, servers: "Servers | None") -> str:
        """SIGKILL to the server and another in its place; an embedded queue has none, so its file goes."""
        if servers is None:
            return self.lose()
        servers.kill_redis()
        return "redis-server killed"


class Servers:
    """A PostgreSQL and a Redis of our own, started again on the ports and data they had."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="portal-chaos-", dir="/tmp"))  # short, for sockets have short names
        self.pg_port, self.redis_port = free_port(), free_port()
        self.programs, self.user = postgres_programs(), _another_user(self.folder)
        self.pg = self.redis = None

    def __enter__(self) -> "Servers":
        initdb = [
            str(self.programs / "initdb"),
            "-D",
            f"{self.folder}/data",
            "-U",
            "portal",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        subprocess.run(
            [*self.user, *initdb, "--no-sync", "--locale=C.UTF-8"], check=True, capture_output=True, text=True
        )
        self.start_postgres()
        self.start_redis()
        os.environ |= {
            "DATABASE_URL": self.database_url,
            "CELERY_BROKER_URL": f"{self.redis_url}/0",
            "CACHE_URL": f"{self.redis_url}/1",
        }
        return self

    def __exit__(self, *_) -> None:
        for process in (self.pg, self.redis):
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def database_url(self) -> str:
        return f"postgres://portal@127.0.0.1:{self.pg_port}/postgres"

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.redis_port}"

    def start_postgres(self) -> None:
        options = {
            "port": self.pg_port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "max_connections": 200,
        }
        flags = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        command = [*self.user, str(self.programs / "postgres"), "-D", f"{self.folder}/data", *flags]
        self.pg = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        wait_until(lambda: _connects(self.database_url), 40, "PostgreSQL", every=0.1)

    def restart_postgres(self, away: float = 1.0) -> None:
        """Every connection is cut; what was committed is there again after `away` seconds."""
        self.pg.send_signal(signal.SIGINT)
        self.pg.wait(20)
        time.sleep(away)
        self.start_postgres()

    def start_redis(self) -> None:
        flags = [
            "--port",
            str(self.redis_port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(self.folder),
        ]
        self.redis = subprocess.Popen(["redis-server", *flags], stdout=subprocess.DEVNULL, start_new_session=True)
        wait_until(self._redis_answers, 20, "Redis", every=0.1)

    def _redis_answers(self) -> bool:
        with suppress(redis.RedisError):
            return redis.Redis.from_url(self.redis_url).ping()
        return False

    def kill_redis(self, away: float = 1.0) -> None:
        self.redis.kill()
        self.redis.wait()
        time.sleep(away)
        self.start_redis()


def _connects(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def every(times: int, seconds: float) -> list[float]:
    """So many moments, spread over so many seconds."""
    return list(itertools.accumulate([seconds / (times + 1)] * times))
