"""The whole portal as real processes on ports of its own: sandbox, web, worker and beat, on a copy of the demo world.

    with Stack() as stack:
        stack.start()
        page = stack.session("owner@demo.test").get("/")
        stack.kill9("worker")

Web, worker and beat run by the very lines of the Procfile; `supervise` runs them under the supervisor. Nothing here needs
pytest. Works on what the run works on: SQLite and the embedded queue, or DATABASE_URL's PostgreSQL and CELERY_BROKER_URL's
Redis. No child outlives the stack, nor the process that made it.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from string import Template

import redis
import requests

from portal.supervisor.__main__ import read_procfile
from tests.sandboxes import Sandbox, free_port
from tests.stack_world import PORTAL_PLACEHOLDER, ROOT, Database, environment, manage, prepared
from tests.visitor import Visitor

LEASH = [sys.executable, "-m", "tests.leash"]
PROCFILE = read_procfile(ROOT / "Procfile")
ALL = ("sandbox", "web", "worker", "beat")
GRACE = 12.0
_free_redis = list(range(2, 16))  # 0 and 1 are the run's own; a stack's two are its own as long as it lives


def wait_until(true: Callable[[], object], seconds: float = 20, what: str = "", every: float = 0.05):
    """What `true` gives, once that is something."""
    give_up = time.monotonic() + seconds
    while not (found := true()):
        if time.monotonic() > give_up:
            raise AssertionError(f"{what or 'it'} did not happen within {seconds:.0f} s")
        time.sleep(every)
    return found


class Stack:
    """`deadline`, `log_lag` and `pace` are the seconds of one upstream call, of the upstream's log, and the feeds' beat."""

    def __init__(self, *, deadline: float = 3.0, log_lag: float = 1.0, pace: float = 0.2, **env: str):
        self.folder = Path(tempfile.mkdtemp(prefix="portal-stack-"))
        self.logs = self.folder / "logs"
        self.logs.mkdir()
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.sandbox = Sandbox(self.folder)
        self.database = Database(self.folder, f"portal_stack_{uuid.uuid4().hex[:12]}")
        self.processes: dict[str, subprocess.Popen] = {}
        self.redis_numbers: list[int] = []
        self._visitors: dict[str, Visitor] = {}
        self.env = environment(
            DATABASE_URL=self.database.url,
            VAR_DIR=str(self.folder / "var"),
            PORTAL_URL=self.base_url,
            BIND="127.0.0.1",
            PORT=str(self.port),
            SANDBOX_PORT=str(self.sandbox.port),
            UPSTREAM_DEADLINE=str(deadline),
            UPSTREAM_LOG_LAG=str(log_lag),
            FEED_PACE=str(pace),
            **self._queue(),
        )
        self.env |= env
        self._prepare()

    def __enter__(self) -> "Stack":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _queue(self) -> dict[str, str]:
        broker = os.environ.get("CELERY_BROKER_URL", "")
        if not broker.startswith("redis"):
            return {"CELERY_BROKER_URL": f"portal-sqlite:///{self.folder / 'queue.sqlite3'}"}
        base = broker.rpartition("/")[0]
        self.redis_numbers = [_free_redis.pop(0) for _ in range(2)]
        urls = [f"{base}/{number}" for number in self.redis_numbers]
        for url in urls:
            redis.Redis.from_url(url).flushdb()
        return {"CELERY_BROKER_URL": urls[0], "CACHE_URL": urls[1]}

    def _prepare(self) -> None:
        world = prepared()
        self.database.create(world.database)
        world.copy_sandbox(self.folder)
        state = self.folder / "world.json"
        state.write_text(state.read_text().replace(f"{PORTAL_PLACEHOLDER}/", f"{self.base_url}/"))
        world.move_addresses(self.database, self.sandbox.base_url)
        self.database.rows("UPDATE providers_feed SET due_at = ?", self.database.moment(datetime.now(UTC)))
        (self.folder / "var").mkdir()
        (self.folder / "var" / "static").symlink_to(world.static)

    # --- processes ---
    def start(self, *names: str) -> "Stack":
        """Start these (all, if none is named), and wait until sandbox and web answer."""
        for name in names or ALL:
            if name == "sandbox":
                self.sandbox.start()
            elif not self.is_running(name):
                command = Template(PROCFILE[name]).substitute(self.env)
                self.processes[name] = self._spawn(name, shlex.split(command))
        if "web" in (names or ALL):
            self.wait_for_web()
        return self

    def supervise(self, *names: str) -> "Stack":
        """Run these under the supervisor, which starts again what dies."""
        only = ",".join(names or ("web", "worker", "beat"))
        command = [sys.executable, "-m", "portal.supervisor", "--only", only]
        self.processes["supervisor"] = self._spawn("supervisor", command)
        if "web" in only:
            self.wait_for_web()
        return self

    def _spawn(self, name: str, command: list[str]) -> subprocess.Popen:
        with self.log_of(name).open("a") as log:
            return subprocess.Popen(
                [*LEASH, *command],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_for_web(self) -> None:
        wait_until(self._web_answers, 30, f"an answer of the web process ({self.tail('web')})")

    def _web_answers(self) -> bool:
        try:
            return requests.get(f"{self.base_url}/health/live", timeout=2).ok
        except requests.RequestException:
            return False

    def is_running(self, name: str) -> bool:
        return name in self.processes and self.processes[name].poll() is None

    def stop(self, *names: str) -> None:
        """Ask them to end, as the supervisor does."""
        mine = [name for name in names if name != "sandbox" and self.is_running(name)]
        for name in mine:
            self.processes[name].terminate()
        for name in mine:
            try:
                self.processes[name].wait(GRACE)
            except subprocess.TimeoutExpired:
                self.kill9(name)
        if "sandbox" in names:
            self.sandbox.stop()

    def kill9(self, name: str) -> None:
        """SIGKILL to the process and all that it started. Under the supervisor only that child of it."""
        if name == "sandbox":
            self.sandbox.process.kill()
            self.sandbox.process.wait()
        elif name in self.processes:
            _kill_group(self.processes[name].pid)
            self.processes[name].wait()
        else:
            _kill_group(self.pid_of(name))

    def restart(self, *names: str) -> None:
        self.stop(*names)
        self.start(*names)

    def pid_of(self, name: str) -> int:
        """The process id of a supervised child; waits for it where it is just being started again."""
        word = {"web": "gunicorn", "worker": " worker ", "beat": " beat "}[name]
        return wait_until(lambda: self._child_with(word), 20, f"the supervisor's {name}")

    def _child_with(self, word: str) -> int | None:
        parent = self.processes["supervisor"].pid
        for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            try:
                command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            if word in command:
                return int(pid)
        return None

    def close(self) -> None:
        self.stop("supervisor", *[name for name in self.processes if name != "supervisor"], "sandbox")
        for process in self.processes.values():
            _kill_group(process.pid)
        self.database.drop()
        _free_redis.extend(self.redis_numbers)
        self.redis_numbers = []
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- looking in ---
    def log_of(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def tail(self, name: str, characters: int = 1500) -> str:
        path = self.log_of(name)
        return path.read_text()[-characters:] if path.exists() else ""

    def rows(self, statement: str, *values) -> list[tuple]:
        """Read (or change) the database behind the portal's back."""
        return self.database.rows(statement, *values)

    def value(self, statement: str, *values):
        rows = self.rows(statement, *values)
        return rows[0][0] if rows else None

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        return manage(self.env, *arguments, check=check)

    def session(self, email: str = "owner@demo.test") -> Visitor:
        """Somebody signed in; the same browser when asked for again."""
        if email not in self._visitors:
            self._visitors[email] = Visitor(self.base_url).sign_in(email)
        return self._visitors[email]


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
