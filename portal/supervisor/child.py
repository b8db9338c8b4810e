"""One process of the table: how it is started, read, ended, and when it may start again."""

import ctypes
import os
import shlex
import signal
import subprocess
import time
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[2]
FIRST_DELAY, LONGEST_DELAY, SETTLED = 0.5, 5.0, 10.0  # what fails at its start is dead long before it settles
GRACE = 8.0  # seconds from SIGTERM to SIGKILL
PR_SET_PDEATHSIG = 1

try:
    _prctl = ctypes.CDLL(None).prctl
except (OSError, AttributeError):  # not Linux: children of a supervisor that got SIGKILL must be ended by hand
    _prctl = None


def die_with_parent() -> None:
    """Ask for SIGTERM when the process that started this one is no more."""
    if _prctl:
        _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    def __init__(self, name: str, command: str, env: dict[str, str]):
        self.name, self.env = name, env
        self.arguments = shlex.split(Template(command).substitute(env))
        self.process: subprocess.Popen | None = None
        self.started_at = 0.0
        self.start_at: float | None = 0.0  # when to start next; None while it runs
        self.kill_at: float | None = None  # when to lose patience; None until it was asked to stop
        self._delay = FIRST_DELAY
        self._unfinished = b""

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.arguments,
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # A group of its own: Ctrl-C in the terminal reaches the supervisor alone, which then ends the others.
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        os.set_blocking(self.output.fileno(), False)
        self.started_at, self.start_at, self.kill_at = time.monotonic(), None, None

    @property
    def output(self):
        return self.process.stdout

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def lines(self) -> tuple[list[str], bool]:
        """The whole lines that are there by now, and whether that was the end; BlockingIOError where nothing is."""
        data = os.read(self.output.fileno(), 65536)
        *lines, self._unfinished = (self._unfinished + data).split(b"\n")
        if not data and self._unfinished:
            lines, self._unfinished = [self._unfinished], b""
        return [line.decode(errors="replace").rstrip("\r") for line in lines], not data

    def terminate(self) -> None:
        if self.running and self.kill_at is None:
            self.process.terminate()
            self.kill_at = time.monotonic() + GRACE

    def kill_if_late(self) -> None:
        if self.kill_at is not None and time.monotonic() >= self.kill_at:
            self.kill()

    def kill(self) -> None:
        """The whole group, so that nothing that it started keeps a port or our pipe."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # nobody is left in it
        self.process.wait()

    def start_later(self) -> float:
        """Seconds until the next start: few, then ever more while it does not last."""
        now = time.monotonic()
        if now - self.started_at >= SETTLED:
            self._delay = FIRST_DELAY
        delay, self._delay = self._delay, min(self._delay * 2, LONGEST_DELAY)
        self.start_at = now + delay
        return delay
