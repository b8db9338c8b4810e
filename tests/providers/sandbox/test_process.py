"""The real process: start, keep-alive, speed, kill, restart with the same world."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest

from providers.sandbox import __main__ as command

ROOT = Path(__file__).resolve().parents[3]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    def __init__(self, state, port, *more):
        self.port = port
        self.child = subprocess.Popen(
            [sys.executable, "-m", "providers.sandbox", "--port", str(port), "--state", str(state), *more],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert "sandbox:" in self.child.stdout.readline()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def get(self, path):
        self.connection.request("GET", path)
        return json.loads(self.connection.getresponse().read())

    def call(self, name, account, **params):
        query = {"client_user_id": account["client_user_id"], "auth_token": account["auth_token"], **params}
        return self.get(f"/voicemeup/api/v1.1/json/{name}?{urlencode(query)}")

    def end(self, how=signal.SIGTERM):
        self.connection.close()
        start = time.monotonic()
        self.child.send_signal(how)
        status = self.child.wait(5)
        self.child.stdout.close()
        return status, time.monotonic() - start


def test_restart_with_the_same_world(tmp_path):
    state, port = tmp_path / "state.json", free_port()
    process = Process(state, port, "--webhook-delay", "0.1")
    account = process.get("/_control/accounts")[0]
    did = process.call("get_dids", account, npa="514")["dids"]["did_details"][0]
    process.call(
        "update_did", account, client_did_id=did["client_did_id"], preserve_missing_data="1", friendly_name="Gardé"
    )
    status, seconds = process.end()
    assert status == 0 and seconds < 5

    process = Process(state, port)
    assert process.get("/_control/accounts")[0] == account
    assert (
        process.call("get_dids", account, client_did_id=did["client_did_id"])["dids"]["did_details"]["friendly_name"]
        == "Gardé"
    )
    assert [e["kind"] for e in process.get("/_control/ledger")] == ["did_updated"]
    assert [e["call"] for e in process.get("/_control/journal")][:2] == ["get_dids", "update_did"]
    process.call(
        "update_did", account, client_did_id=did["client_did_id"], preserve_missing_data="1", friendly_name="Aussi"
    )
    end = time.monotonic() + 20  # writes are spaced by what they cost, which is much on a busy machine
    while '"Aussi"' not in state.read_text(encoding="utf-8") and time.monotonic() < end:
        time.sleep(0.1)
    process.end(signal.SIGKILL)  # what was saved by itself is there again

    process = Process(state, port)
    try:
        assert (
            process.call("get_dids", account, client_did_id=did["client_did_id"])["dids"]["did_details"][
                "friendly_name"
            ]
            == "Aussi"
        )
        start = time.monotonic()
        for _ in range(100):
            process.call("get_sms", account, result_limit="25")
        assert time.monotonic() - start < 5  # kept alive; on an idle machine a fraction of that
    finally:
        process.end()


def test_strangers_are_kept_out(tmp_path, monkeypatch):
    monkeypatch.setenv("SANDBOX_HOST", "0.0.0.0")
    with pytest.raises(SystemExit, match="refusing to listen"):
        command.main(["--state", str(tmp_path / "x"), "--port", "0"])
