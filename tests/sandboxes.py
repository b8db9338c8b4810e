"""The sandbox as its own process, for tests that want to see what an upstream received."""

import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
import requests

from providers.sandbox.sandbox import Sandbox as Kernel
from providers.sandbox.server import serve

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Sandbox:
    """`python -m providers.sandbox` on a port of its own. `base_url` is the process, `voicemeup` one upstream in it."""

    def __init__(self, folder: Path, *arguments: str, tls: bool = False):
        """With `tls` it is served over TLS too, at `tls_url`; clients have to trust `ca_file`."""
        self.folder = folder
        self.arguments = arguments
        self.port = free_port()
        self.tls_port = free_port() if tls else None
        self.process: subprocess.Popen | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"https://localhost:{self.tls_port}"

    @property
    def ca_file(self) -> Path:
        """What a client of `tls_url` trusts: requests(verify=...), or REQUESTS_CA_BUNDLE."""
        return self.folder / "world.json.ca.pem"

    def url(self, slug: str, *, tls: bool = False) -> str:
        """The base of one upstream in the process."""
        return f"{self.tls_url if tls else self.base_url}/{slug}"

    @property
    def voicemeup(self) -> str:
        return self.url("voicemeup")

    def start(self) -> "Sandbox":
        command = [
            sys.executable,
            "-m",
            "tests.leash",
            sys.executable,
            "-m",
            "providers.sandbox",
            "--port",
            str(self.port),
        ]
        command += ["--state", str(self.folder / "world.json"), *self.arguments]
        command += ["--tls-port", str(self.tls_port)] if self.tls_port else []
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

    def accounts(self, slug: str = "voicemeup") -> dict[str, dict]:
        """One upstream's accounts with their credentials, by key."""
        return {row["key"]: row for row in self.control(f"accounts?slug={slug}")}

    def journal(self, call: str = "", since: int = 0, slug: str = "") -> list[dict]:
        """Every request as received, oldest first; only of one call or upstream when named."""
        rows = self.control(f"journal?since={since}&slug={slug}")
        return [row for row in rows if not call or row["call"] == call]

    def ledger(self, kind: str = "", since: int = 0, slug: str = "") -> list[dict]:
        """Every effect in the world, oldest first; only of one kind or upstream when named."""
        return self.control(f"ledger?since={since}&kind={kind}&slug={slug}")

    def disturb(self, fault: str, slug: str = "", call: str = "*", **rule) -> dict:
        """Put a fault rule in force; returns it with its id."""
        return self.control("faults", {"fault": fault, "slug": slug, "call": call, **rule})

    def scenario(self, name: str, **about) -> list[dict]:
        """A named set of rules in place of all others; "calm" for none."""
        return self.control("scenario", {"name": name, **about})

    def faults(self) -> dict[str, list[dict]]:
        """All faults there are, by group, with their phases and variants."""
        return self.control("faults?known=1")

    def now(self) -> int:
        """Where the journal stands, to ask later for what came after."""
        rows = self.control("journal")
        return max((row["id"] for row in rows), default=0)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.base_url}/_control/health", timeout=2).ok
        except (requests.ConnectionError, requests.Timeout):
            return False


class Near(Sandbox):
    """The sandbox in this process: quicker to start, with the upstreams of `packages` or all of them."""

    def __init__(self, packages=None):
        self.kernel = Kernel(packages=packages)
        self.server = serve(self.kernel)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def base_url(self) -> str:
        return self.kernel.base_url

    def stop(self) -> None:
        self.kernel.stop()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="session")
def sandbox():
    """One sandbox for the session's tests, over TLS too; each test works in accounts or numbers of its own."""
    with tempfile.TemporaryDirectory(prefix="sandbox-") as folder:
        running = Sandbox(Path(folder), tls=True).start()
        yield running
        running.stop()
