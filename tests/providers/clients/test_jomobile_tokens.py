"""Jo Mobile's token: never one per call, kept, shared between processes, renewed once, and shown to nobody."""

import json
import traceback
from datetime import UTC, datetime

import pytest

from providers.clients.errors import Cause, CredentialsRefused, Unclear, Unreadable, UpstreamError
from providers.clients.http import Answer
from providers.clients.jomobile.client import JoMobile
from providers.clients.jomobile.sending import OutgoingText

USER, PASSWORD = "northwind", "n0rthw1nd-pass"
PROFILE = {"login": USER, "currency": "EUR", "balance_units": 1.5}
HOUR = 3600


def now():
    return int(datetime.now(UTC).timestamp())


class Server:
    """Hands out tokens and knows which are good; a new one ends the older when `jealous`."""

    def __init__(self, *, jealous=True, lifetime=HOUR):
        self.jealous, self.lifetime = jealous, lifetime
        self.good, self.codes, self.calls, self.made = set(), set(), [], 0
        self.denial = (401, b'{"status":false,"error_code":401,"errors":"unauthorized"}')

    def client(self, observer=None, **credentials):
        credentials = credentials or {"username": USER, "password": PASSWORD}
        client = JoMobile("http://sandbox.invalid", credentials, observer=observer)
        client.http.send = self.answer
        return client

    def answer(self, request):
        self.calls.append(request.call)
        status, body = self.reply(request)
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Answer(status, "application/json", body)

    def reply(self, request):
        if request.call == "authorize":
            if request.json != {"username": USER, "password": PASSWORD}:
                return 400, {
                    "status": False,
                    "error_code": 400,
                    "errors": {"password": ["Incorrect username or password."]},
                }
            self.codes.add("c0de" + "0" * 28)
            return 200, {"status": True, "data": {"authorization_code": "c0de" + "0" * 28, "expires_at": now() + 60}}
        if request.call == "accesstoken":
            assert set(request.json) == {"authorization_code"} and request.json["authorization_code"] in self.codes
            return 200, {"status": True, "data": self.token()}
        token = request.headers.get("X-Access-Token") or dict(request.query).get("token")
        if token not in self.good:
            return self.denial
        if request.call == "logout":
            self.good.discard(token)
            return 200, {"status": True, "data": []}
        return 200, {"status": True, "data": PROFILE if request.call == "me" else {"40755501234": [{"id_state": 7}]}}

    def token(self):
        self.made += 1
        token = f"t0ken-{self.made:024d}"
        self.good = {token} if self.jealous else {*self.good, token}
        return {"access_token": token, "expires_at": now() + self.lifetime}


@pytest.fixture
def server():
    return Server()


def test_the_first_call_signs_in_and_the_others_use_the_token(server):
    client = server.client()
    for _ in range(3):
        client.balance()
    assert server.calls == ["authorize", "accesstoken", "me", "me", "me"]
    assert client.learned["access_token"] in server.good and int(client.learned["access_token_expires"]) > now()


def test_a_token_of_the_credentials_is_used_as_it_is(server):
    token = server.token()["access_token"]
    for credentials in ({"access_token": token}, {"username": USER, "password": PASSWORD, "access_token": token}):
        server.client(**credentials).balance()
    assert server.calls == ["me", "me"]


def test_what_was_learned_serves_the_next_process(server):
    first = server.client()
    first.balance()
    server.client(username=USER, password=PASSWORD, **first.learned).balance()
    assert server.made == 1


def test_a_token_about_to_end_is_renewed_before(server):
    token = server.token()["access_token"]
    client = server.client(username=USER, password=PASSWORD, access_token=token, access_token_expires=str(now() + 30))
    client.balance()
    assert server.calls == ["authorize", "accesstoken", "me"]


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "body", [b'{"status":false,"error_code":401,"errors":"unauthorized"}', b"<html>no</html>", b""]
)
def test_a_refused_token_is_renewed_once_and_the_call_repeated(server, status, body):
    server.denial = (status, body)
    client = server.client(username=USER, password=PASSWORD, access_token="old-token-old-token")
    client.balance()
    assert server.calls == ["me", "authorize", "accesstoken", "me"]


OWN_WORDS = b'{"status":false,"error_code":401,"errors":"unauthorized"}'


def test_a_text_is_sent_again_only_where_they_themselves_refused_the_token(server):
    server.denial = (401, OWN_WORDS)
    client = server.client(username=USER, password=PASSWORD, access_token="old-token-old-token")
    assert client.send_message("N", "+40755501234", "x").external_id == "7"
    assert server.calls == ["send", "authorize", "accesstoken", "send"]


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("body", [b"<html>no</html>", b""])
def test_a_text_that_somebody_else_refused_may_have_been_sent_and_is_not_sent_again(server, status, body):
    """A gateway's page says nothing about what was done behind it; the next call begins with another token."""
    server.denial = (status, body)
    client = server.client(username=USER, password=PASSWORD, access_token="old-token-old-token")
    with pytest.raises(Unclear) as unclear:
        client.send_message("N", "+40755501234", "x")
    assert (unclear.value.call, unclear.value.code) == ("send", f"http-{status}")
    assert server.calls == ["send"]
    client.balance()
    assert server.calls == ["send", "authorize", "accesstoken", "me"]


def test_a_success_that_says_unauthorized_renews_it_too(server):
    server.denial = (200, b'{"status":false,"errors":"unauthorized"}')
    server.client(username=USER, password=PASSWORD, access_token="old-token-old-token").balance()
    assert server.made == 1


def test_a_token_that_another_process_has_learned_is_taken_first(server):
    fresh = {"access_token": server.token()["access_token"], "access_token_expires": str(now() + HOUR)}
    client = server.client(username=USER, password=PASSWORD, access_token="old-token-old-token")
    client.latest = lambda: fresh
    client.balance()
    assert server.calls == ["me", "me"]
    expired = server.client(username=USER, password=PASSWORD, access_token="old", access_token_expires=str(now() - 1))
    expired.latest = lambda: fresh
    expired.balance()
    assert server.calls == ["me", "me", "me"] and server.made == 1


def test_a_stored_token_that_is_dead_as_well_is_followed_by_signing_in(server):
    client = server.client(username=USER, password=PASSWORD, access_token="old-token-old-token")
    client.latest = lambda: {"access_token": "stored-and-dead"}
    client.balance()
    assert server.calls == ["me", "me", "authorize", "accesstoken", "me"]


def test_two_processes_that_end_each_others_tokens_both_get_through(server):
    store = {}
    one, two = (server.client(username=USER, password=PASSWORD) for _ in range(2))

    def keep(client):
        store.update(client.learned)
        client.learned = {}

    for client in (one, two):
        client.latest = lambda: dict(store)
    for client in (one, two, one, two, one, two):
        client.balance()
        keep(client)
    assert server.made == 1


def test_a_token_ended_while_ours_was_made_is_replaced_by_theirs(server):
    client = server.client(username=USER, password=PASSWORD)
    theirs = {}

    def steal(request):
        answer = server.answer(request)
        if request.call == "accesstoken" and not theirs:
            theirs.update(server.token())  # another process signs in right after us
        return answer

    client.http.send = steal
    client.latest = lambda: dict(theirs)
    client.balance()
    assert server.calls == ["authorize", "accesstoken", "me", "me"]


def test_credentials_that_are_refused(server):
    with pytest.raises(CredentialsRefused) as refused:
        server.client(username=USER, password="wrong-pass").balance()
    assert refused.value.call == "authorize" and refused.value.words == ("Incorrect username or password.",)
    with pytest.raises(CredentialsRefused) as refused:
        server.client(access_token="old-token-old-token").balance()
    assert refused.value.code == "unauthorized" or refused.value.code == "http-401"
    assert server.calls == ["authorize", "me"]


def test_it_does_not_ask_for_tokens_for_ever(server):
    server.lifetime = HOUR
    server.reply = lambda request, reply=server.reply: reply(request) if "a" == request.call[0] else (403, b"")
    with pytest.raises(CredentialsRefused) as refused:
        server.client().balance()
    assert server.calls == ["authorize", "accesstoken", "me"] and refused.value.cause is Cause.PERMISSION


def test_a_broken_answer_is_no_reason_to_sign_in_again(server):
    token = server.token()["access_token"]
    client = server.client(username=USER, password=PASSWORD, access_token=token)
    server.reply = lambda request: (500, b"<html>")
    with pytest.raises(Unclear):
        client.send_message("N", "+40755501234", "x")
    assert server.calls == ["send"]


@pytest.mark.parametrize(
    "data", [None, [], {}, {"access_token": True}, {"access_token": "two words"}, {"access_token": "é"}]
)
def test_a_token_that_is_none(server, data):
    server.reply = lambda request, reply=server.reply: (
        (200, {"status": True, "data": data}) if request.call == "accesstoken" else reply(request)
    )
    with pytest.raises(Unreadable):
        server.client().balance()


def test_logging_out_ends_the_token_and_says_so(server):
    client = server.client()
    client.balance()
    client.logout()
    assert client.learned == {"access_token": "", "access_token_expires": ""} and server.good == set()
    client.logout()
    assert server.calls.count("logout") == 1
    client.balance()
    assert server.made == 2


def test_missing_credentials():
    assert JoMobile.missing_credentials({}) == ["username", "password"]
    assert JoMobile.missing_credentials({"username": USER}) == ["password"]
    assert JoMobile.missing_credentials({"access_token": "x"}) == []


def test_no_secret_is_shown_anywhere(server, notebook):
    """Canaries: password, code and token, in requests, answers, errors, and addresses of the old API."""
    client = server.client(notebook)
    client.balance()
    client.legacy_send(OutgoingText(numbers=("+40755501234",), sender="N", body="x"))
    token, code = client.learned["access_token"], "c0de" + "0" * 28

    def echo(request):
        body = {"status": False, "errors": {"text": [f"{token} {code} {PASSWORD} is wrong"]}}
        return Answer(400, "application/json", json.dumps(body).encode())

    client.http.send = echo
    with pytest.raises(UpstreamError) as raised:
        client.send_message("N", "+40755501234", "x")
    shown = repr(notebook.exchanges) + repr(raised.value.__dict__) + "".join(traceback.format_exception(raised.value))
    shown += repr(client.raw({"note": f"{token}", "X-Access-Token": "another"}))
    for secret in (token, code, PASSWORD, "another"):
        assert secret not in shown
    assert [one.call for one in notebook.exchanges][:3] == ["authorize", "accesstoken", "me"]
