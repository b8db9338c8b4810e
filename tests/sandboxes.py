"""The sandbox as its own process, for tests that want to see what an upstream received."""

import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Sandbox:
    """`python -m providers.sandbox` on a port of its own. `base_url` is the process, `voicemeup` one upstream in it."""

    def __init__(self, folder: Path, *arguments: str):
        self.folder = folder
        self.arguments = arguments
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def voicemeup(self) -> str:
        return f"{self.base_url}/voicemeup"

    def start(self) -> "Sandbox":
        command = [sys.executable, "-m", "tests.leash", sys.executable, "-m", "providers.sandbox", "--port", str(self.port)]
        command += ["--state", str(self.folder / "world.json"), *self.arguments]
        with (self.folder / "sandbox.log").open("a") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("the sandbox did not start:\n" + (self.folder / "sandbox.log").read_text()[-2000:])
            time.sleep(0.1)
        return self

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=10)

    def control(self, door: str, body=None, method: str = ""):
        """Ask a control door: GET without a body, POST with one. Returns its JSON."""
        method = method or ("GET" if body is None else "POST")
        answer = requests.request(method, f"{self.base_url}/_control/{door}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def accounts(self) -> dict[str, dict]:
        """The world's accounts with their credentials, by key."""
        return {row["key"]: row for row in self.control("accounts")}

    def journal(self, call: str = "", since: int = 0) -> list[dict]:
        """Every request as received, oldest first; only of one call when named."""
        rows = self.control(f"journal?since={since}")
        return [row for row in rows if not call or row["call"] == call]

    def now(self) -> int:
        """Where the journal stands, to ask later for what came after."""
        rows = self.control("journal")
        return max((row["id"] for row in rows), default=0)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.base_url}/_control/health", timeout=2).ok
        except requests.ConnectionError:
            return False


@pytest.fixture(scope="session")
def sandbox():
    """One sandbox for the session's tests; each test works in accounts or numbers of its own."""
    with tempfile.TemporaryDirectory(prefix="sandbox-") as folder:
        running = Sandbox(Path(folder)).start()
        yield running
        running.stop()
