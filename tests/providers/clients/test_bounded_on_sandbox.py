"""R14 against the sandbox: whatever an upstream pours out, a call ends at its deadline and the process stays small."""

import json
import subprocess
import sys

import pytest

from providers.clients.http import BODY_CAP
from providers.clients.registry import CLIENTS
from tests.providers.contract.connecting import credentials_of
from tests.sandboxes import ROOT, sandbox  # noqa: F401 - a fixture

pytestmark = [pytest.mark.slow, pytest.mark.alone]
DEADLINE = 2.0
LATE = 0.5  # seconds beyond it
GROWTH = 20_000_000  # bytes
MEGABYTE = 1_048_576
TIME = {"deadline", "too-large"}
SIZE = {"too-large", "deadline", "encoding", "connection-lost"}
FLOODS = {
    "slow_bytes": ({"interval": 0.3}, TIME),
    "slow_headers": ({"interval": 0.3}, TIME),
    "endless": ({"interval": 0}, SIZE),
    "endless_headers": ({"interval": 0}, SIZE),
    "no_answer": ({"seconds": 30}, TIME),
    "continue_hang": ({"seconds": 30}, TIME),
    "big_body": ({"mb": 10}, SIZE),
    "gzip_bomb": ({"mb": 1024}, SIZE),
    "billion_laughs": ({}, {"content-type", "not-xml", "not-json", "no-json"}),
    "deep_nesting": ({}, {"not-json", "too-deep"}),
    "huge_integer": ({}, {"not-json"}),
}


def in_a_child(sandbox, slug: str, fault: str, args: dict) -> dict:  # noqa: F811
    row = next(iter(sandbox.accounts(slug).values()))
    credentials = credentials_of(row, slug) | {"deadline": str(DEADLINE)}
    rule = {"slug": slug, "fault": fault, "count": 1, "args": args}
    command = [sys.executable, "-m", "tests.providers.clients.bounded", slug, sandbox.url(slug)]
    command += [json.dumps(credentials), sandbox.base_url, json.dumps(rule)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def flooded(sandbox):  # noqa: F811
    sandbox.control("limits", {"slug": "voicetel", "clear": True})
    yield lambda slug, fault: in_a_child(sandbox, slug, fault, FLOODS[fault][0])
    sandbox.control("faults", method="DELETE")


@pytest.mark.parametrize(
    ("slug", "fault"),
    [
        (slug, fault)
        for place, slug in enumerate(CLIENTS)
        for turn, fault in enumerate(FLOODS)
        if not place or (place + turn) % 3 == 0
    ],
)
def test_a_call_ends_in_time_and_the_process_stays_small(flooded, slug, fault):
    """The first upstream meets every flood; the transport is the same for all, so the others meet every third."""
    seen = flooded(slug, fault)
    assert seen["seconds"] <= DEADLINE + LATE
    assert seen["bytes"] <= GROWTH
    print(slug, fault, seen)
    if seen["outcome"] == "deadline":
        assert seen["seconds"] >= DEADLINE - LATE
    assert seen["outcome"] in FLOODS[fault][1]


def test_the_cap_is_two_megabytes_unless_a_call_needs_more():
    assert BODY_CAP <= 2 * MEGABYTE
