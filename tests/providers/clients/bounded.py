"""One call in a process of its own: how long it took, and by how much the process grew. Prints both as JSON."""

import json
import sys
import time
from pathlib import Path

import requests

from providers.clients.errors import UpstreamError
from providers.clients.registry import CLIENTS


def peak(*, anew: bool = False) -> int:
    """The most memory that this process had (since it was asked for `anew`), in bytes."""
    if anew:
        Path("/proc/self/clear_refs").write_text("5")
    lines = Path("/proc/self/status").read_text().splitlines()
    (kilobytes,) = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(kilobytes) * 1024


def main(slug: str, url: str, credentials: str, control: str, rule: str) -> None:
    client = CLIENTS[slug](url, json.loads(credentials))
    client.probe()
    asked = requests.post(f"{control}/_control/faults", json=json.loads(rule), timeout=10)
    asked.raise_for_status()
    before, started = peak(anew=True), time.monotonic()
    try:
        client.probe()
        outcome = "ok"
    except UpstreamError as error:
        outcome = error.code
    took = time.monotonic() - started
    print(json.dumps({"outcome": outcome, "seconds": took, "bytes": peak() - before}))


if __name__ == "__main__":
    main(*sys.argv[1:])
