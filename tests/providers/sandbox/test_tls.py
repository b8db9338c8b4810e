"""The sandbox over TLS: clients that trust its authority talk to it, and wrong certificates are wrong."""

import socket
import ssl
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
import requests

from providers.sandbox.server import serve_securely
from providers.sandbox.tls import Authority
from tests.providers.sandbox.caller import in_background
from tests.sandboxes import ROOT, Sandbox


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def secured(running, authority, tmp_path_factory):
    """(base address, file of the authority) of the module's sandbox over TLS."""
    path = tmp_path_factory.mktemp("tls") / "ca.pem"
    path.write_bytes(authority.ca_pem)
    with in_background(serve_securely(running, authority)) as server:
        yield server.url, str(path)


@pytest.fixture
def ask(secured, api):
    """A new connection for each question, so that each meets the certificate of the moment."""
    base, ca = secured

    def get(path="/_control/health", host="127.0.0.1", verify=ca, **options):
        address = f"{base.replace('127.0.0.1', host)}{path}"
        return requests.get(address, verify=verify, timeout=5, headers={"Connection": "close"}, **options)

    return get


def why(error):
    return str(error.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_client_that_trusts_the_authority_is_served(ask, host):
    assert ask(host=host).json()["status"] == "ok"


def test_calls_are_served_over_tls_as_over_http(ask, api):
    answer = ask("/voicemeup/api/v1.1/json/get_dids", params=api.auth)
    assert answer.json()["response_details"]["response_status"] == "success"
    assert api.see("journal?call=get_dids")[-1]["account"] == "lachance"


def test_a_client_that_does_not_trust_it_goes_away(ask, api):
    with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        ask(verify=True)
    assert api.see("health")["status"] == "ok"


def test_the_authority_is_handed_out(ask, authority, api):
    assert ask("/_control/ca").content == authority.ca_pem == api.http("GET", "/_control/ca")[2]
    assert api.see("health")["tls_url"].startswith("https://")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("tls_expired", "expired"),
        ("tls_not_yet_valid", "not yet valid"),
        ("tls_wrong_host", "IP address mismatch|not valid for"),
        ("tls_unknown_authority", "unable to get local issuer|self.signed|signature failure"),
        ("tls_not_spoken", "WRONG_VERSION_NUMBER|record layer|wrong version"),
    ],
)
def test_faults_of_tls_are_noticed_by_a_client_that_looks(ask, api, fault, words):
    api.do("faults", fault=fault, count=1)
    with pytest.raises(requests.exceptions.SSLError, match=f"(?i){words}"):
        ask()
    assert ask().ok, "the next one finds the proper certificate"


def test_a_handshake_that_hangs(ask, api):
    api.do("faults", fault="tls_hang", args={"seconds": 0.5}, count=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        ask()
    assert ask().ok


def test_faults_of_tls_are_for_everything_or_not_at_all(api):
    status, answer = api.control("POST", "faults", {"fault": "tls_expired", "slug": "voicemeup"})
    assert status == 400 and "before the request is known" in answer["error"]


def test_faults_of_answers_strike_over_tls_too(ask, api):
    path = "/voicemeup/api/v1.1/json/get_dids"
    api.do("faults", call="get_dids", fault="http_503", count=1, args={"retry_after": 7})
    assert ask(path, params=api.auth).headers["Retry-After"] == "7"
    for fault in ("refuse", "truncated", "reset_mid_body", "chunk_error"):
        api.do("faults", call="get_dids", fault=fault, count=1)
        with pytest.raises(requests.exceptions.RequestException):
            ask(path, params=api.auth)
    assert ask(path, params=api.auth).ok


def test_someone_who_never_shakes_hands_holds_up_nobody(secured, ask):
    where = urlsplit(secured[0])
    with socket.create_connection((where.hostname, where.port)):
        assert ask().ok


def test_old_versions_of_tls_are_refused(secured):
    where = urlsplit(secured[0])
    context = ssl.create_default_context(cafile=secured[1])
    with socket.create_connection((where.hostname, where.port)) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as connection:
            assert connection.version() in ("TLSv1.2", "TLSv1.3")


def test_the_process_serves_both_doors(tmp_path):
    """The file with the authority stands beside the state, for SDKs that take a bundle's path."""
    process = Sandbox(tmp_path, tls=True).start()
    try:
        assert process.ca_file.read_bytes() == requests.get(f"{process.base_url}/_control/ca", timeout=5).content
        answer = requests.get(f"{process.tls_url}/_control/health", verify=str(process.ca_file), timeout=5)
        assert answer.json()["tls_url"] == f"https://127.0.0.1:{process.tls_port}"
        assert process.url("voicemeup", tls=True) == f"{process.tls_url}/voicemeup"
        assert process.accounts("voicemeup")["lachance"]["auth_token"]
    finally:
        process.stop()


def test_a_port_that_is_taken_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "providers.sandbox", "--port", "0", "--tls-port", port]
        command += ["--state", str(tmp_path / "world.json")]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and f"cannot listen on 127.0.0.1:{port}" in done.stderr
