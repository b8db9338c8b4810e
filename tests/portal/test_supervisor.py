"""The supervisor with real processes: it restarts what dies, passes on what is said, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from portal.supervisor.__main__ import environment, read_procfile
from portal.supervisor.child import Child
from portal.supervisor.health import ask, banner, taken_port
from portal.supervisor.loop import Supervisor

ROOT = Path(__file__).resolve().parents[2]
STUBBORN = """bash -c "trap '' TERM; echo pid $$; while true; do sleep 0.2; done" """.replace("$$", "$$$$")
PATIENT = "bash -c 'echo pid $$$$; exec sleep 600'"


class Run:
    """A supervisor as a process, and what it printed."""

    def __init__(self, folder: Path, table: dict[str, str], *arguments, **env):
        procfile = folder / "Procfile"
        procfile.write_text("# a comment\n" + "".join(f"{name}: {command}\n" for name, command in table.items()))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal.supervisor", "--procfile", str(procfile), *arguments],
            cwd=ROOT,
            env=os.environ | env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.lines: list[str] = []
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True)
        self.reader.start()

    def wait_for(self, text: str, count: int = 1, seconds: float = 20) -> list[str]:
        give_up = time.monotonic() + seconds
        while len(found := [line for line in self.lines if text in line]) < count:
            if time.monotonic() > give_up:
                pytest.fail(f"{text!r} did not appear {count} times in:\n{''.join(self.lines)}")
            time.sleep(0.02)
        return found

    def pid_of(self, name: str, nth: int = 0) -> int:
        lines = self.wait_for("| pid", count=1)
        return [int(line.split()[-1]) for line in lines if line.startswith(name)][nth]

    def end(self, number=signal.SIGINT, seconds: float = 15) -> int:
        self.process.send_signal(number)
        status = self.process.wait(seconds)
        self.reader.join(5)
        return status


@pytest.fixture
def start(tmp_path):
    runs = []

    def start(table, *arguments, **env):
        runs.append(Run(tmp_path, table, *arguments, **env))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.process.terminate()
            run.process.wait(15)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone(pid: int, seconds: float = 5) -> bool:
    give_up = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < give_up:
        time.sleep(0.05)
    return not alive(pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stops_everything_and_says_so(start, number):
    run = start({"one": PATIENT, "two": PATIENT})
    run.wait_for("| pid", count=2)
    pids = [run.pid_of("one"), run.pid_of("two")]
    assert run.end(number) == 0
    assert all(gone(pid) for pid in pids)
    assert "stopping one, two" in "".join(run.lines)


def test_a_process_that_will_not_stop_is_killed_within_ten_seconds(start):
    run = start({"one": STUBBORN})
    pid = run.pid_of("one")
    began = time.monotonic()
    assert run.end() == 0
    assert gone(pid) and 7 < time.monotonic() - began < 14


def test_asked_twice_it_does_not_wait(start):
    run = start({"one": STUBBORN})
    run.pid_of("one")
    run.process.send_signal(signal.SIGINT)
    run.wait_for("stopping one")
    began = time.monotonic()
    assert run.end() == 0
    assert time.monotonic() - began < 5


def test_what_is_killed_comes_back_and_the_others_stay(start):
    run = start({"one": PATIENT, "two": PATIENT})
    run.wait_for("| pid", count=2)
    first, other = run.pid_of("one"), run.pid_of("two")
    os.kill(first, signal.SIGKILL)
    run.wait_for("ended with status -9; starts again in 0.5 s")
    run.wait_for("| pid", count=3)
    assert run.pid_of("one", 1) != first and alive(other)
    assert run.end() == 0


def test_what_dies_at_once_is_started_ever_more_slowly(start):
    run = start({"one": "bash -c 'printf last-words; exit 3'"})
    run.wait_for("starts again", count=4, seconds=20)
    waits = [line.split()[-2] for line in run.lines if "starts again" in line]
    assert waits[:4] == ["0.5", "1.0", "2.0", "4.0"]
    assert any(line.endswith("| last-words\n") for line in run.lines), "a line without an end is passed on too"
    assert run.end() == 0


def test_back_off_has_a_limit_and_is_forgotten_by_what_lasts():
    child = Child("one", "true", {})
    child.started_at = time.monotonic()
    assert [child.start_later() for _ in range(6)] == [0.5, 1, 2, 4, 5, 5]
    child.started_at = time.monotonic() - 11
    assert child.start_later() == 0.5


def test_what_a_dead_process_left_behind_is_ended(start):
    run = start({"one": "bash -c 'sleep 600 & echo pid $$!; wait'"})
    leftover = run.pid_of("one")
    master = int(subprocess.check_output(["ps", "-o", "ppid=", "-p", str(leftover)]))
    os.kill(master, signal.SIGKILL)
    run.wait_for("starts again")
    assert gone(leftover)
    assert run.end() == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells children of their parent's death")
def test_children_end_when_the_supervisor_is_killed(start):
    run = start({"one": PATIENT})
    pid = run.pid_of("one")
    run.process.kill()
    run.process.wait()
    assert gone(pid)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_stops_when_make_alone_is_told_to(tmp_path, number):
    (tmp_path / "Procfile").write_text(f"one: {PATIENT}\n")
    line = f"@{sys.executable} -m portal.supervisor --with-parent --procfile {tmp_path}/Procfile"
    (tmp_path / "Makefile").write_text(f"run:\n\t{line}\n")
    command = ["make", "--no-print-directory", "-f", tmp_path / "Makefile"]
    make = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in a shell's background ignores it
    )
    pid = int(make.stdout.readline().split()[-1])
    make.send_signal(number)
    make.wait(60)
    assert gone(pid)
    make.stdout.close()


def test_only_some_and_no_sandbox(start):
    run = start({"release": "false", "one": PATIENT, "sandbox": PATIENT}, "--no-sandbox")
    run.wait_for("| pid")
    assert run.end() == 0
    assert all(line.startswith(("one", "portal")) for line in run.lines)
    run = start({"one": PATIENT, "two": PATIENT}, "--only", "two")
    run.wait_for("| pid")
    assert run.end() == 0
    assert all(line.startswith(("two", "portal")) for line in run.lines)


def test_an_unknown_name_is_refused(start):
    run = start({"one": PATIENT}, "--only", "ona")
    assert run.process.wait(15) == 1
    run.wait_for("Not in the Procfile: ona. Known: one.")


@pytest.mark.parametrize(("name", "variable"), [("web", "PORT"), ("sandbox", "SANDBOX_PORT")])
def test_a_taken_port_is_said_before_anything_starts(start, name, variable):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        run = start({"one": PATIENT, name: PATIENT}, **{variable: port})
        assert run.process.wait(15) == 1
        run.reader.join(5)
    assert run.lines == [
        f"Port {port} is in use, and {name} needs it. Free it, or choose another: {variable}=NUMBER make run\n"
    ]


def test_a_port_that_is_none():
    assert taken_port(["web"], environment() | {"PORT": "eighty"}) == "PORT=eighty is not a port number."
    assert taken_port(["worker"], environment() | {"PORT": "eighty"}) == ""


# --- health ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def health():
    """A health page whose answer the test sets."""

    class Page(BaseHTTPRequestHandler):
        status, body = 200, b"{}"
        seen = {}

        def do_GET(self):  # noqa: N802
            Page.seen = dict(self.headers)
            self.send_response(Page.status)
            self.end_headers()
            self.wfile.write(Page.body)

        def log_message(self, *args): ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    Page.url = f"http://127.0.0.1:{server.server_port}/health/ready"
    yield Page
    server.shutdown()
    server.server_close()


def test_bad_news_is_read_and_nonsense_is_no_news(health):
    env = environment() | {"PORTAL_URL": "https://portal.example.com"}
    health.status, health.body = 503, b'{"checks": {"workers": false}}'
    assert ask(health.url, env) == {"checks": {"workers": False}}
    assert (health.seen["Host"], health.seen["X-Forwarded-Proto"]) == ("portal.example.com", "https")
    health.status, health.body = 502, b"<h1>Bad gateway</h1>"
    assert ask(health.url, env) is None
    assert ask("http://127.0.0.1:9/health/ready", env) is None


@pytest.mark.parametrize(
    ("answer", "age", "restarted"),
    [
        ({"checks": {"database": True, "workers": False}}, 91, True),
        ({"checks": {"database": True, "workers": False}}, 60, False),
        ({"checks": {"database": True, "workers": True}}, 91, False),
        ({"checks": {"database": False, "workers": False}}, 91, False),
        (None, 91, False),
    ],
)
def test_a_worker_that_is_silent_for_long_is_stopped(answer, age, restarted):
    supervisor = Supervisor({"worker": "sleep 600"}, ["worker"], environment(), demo=False)
    worker = supervisor.children["worker"]
    supervisor.start(worker)
    worker.started_at -= age
    supervisor.restart_silent_worker(time.monotonic(), answer)
    assert (worker.kill_at is not None) == restarted
    worker.kill()
    supervisor.bury(worker)


def test_the_banner_names_address_and_people():
    text = banner(environment() | {"PORTAL_URL": "http://127.0.0.1:8000"}, demo=True)
    for word in ("http://127.0.0.1:8000", "owner@demo.test", "staff@demo.test", "demo-portal-2026"):
        assert word in text
    assert "demo" not in banner(environment(), demo=False)


def test_the_procfile_lists_the_portals_processes():
    assert list(read_procfile(ROOT / "Procfile")) == ["sandbox", "web", "worker", "beat"]
