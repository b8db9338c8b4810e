"""Who asks: signed tokens of a service account, the older key, and none of it in anything that is shown."""

import base64
import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from providers.clients.errors import CredentialsRefused, Unreadable
from providers.clients.voximplant.client import Voximplant
from providers.clients.voximplant.signing import Signer
from tests.providers.clients.voximplant_made import ACCOUNT, API_KEY, BASE, KEY, OLD, PEM, SIGNED, client, error


def part(token, place):
    piece = token.split(".")[place]
    return base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4))


def bearer(request):
    scheme, _, token = request.headers["Authorization"].partition(" ")
    assert scheme == "Bearer"
    return token


class Clock:
    def __init__(self, now=1_790_000_000.0):
        self.now = now

    def __call__(self):
        return self.now


def test_a_token_is_signed_by_the_key_and_names_key_and_account():
    asked = client({"result": ACCOUNT}, credentials=SIGNED)
    asked.account()
    token = bearer(asked.requests[0])
    signed = token.rpartition(".")[0].encode()
    KEY.public_key().verify(part(token, 2), signed, padding.PKCS1v15(), hashes.SHA256())
    assert json.loads(part(token, 0)) == {"typ": "JWT", "alg": "RS256", "kid": SIGNED["key_id"]}
    assert json.loads(part(token, 1))["iss"] == "4400901"
    assert "=" not in token


def test_a_token_allows_clocks_to_be_minutes_apart_and_lives_under_an_hour():
    clock = Clock()
    claims = json.loads(part(Signer("1", "k", PEM, clock).token(), 1))
    assert claims["iat"] <= clock.now - 120
    assert claims["exp"] >= clock.now + 120
    assert claims["exp"] - claims["iat"] <= 3600


def test_a_token_is_kept_and_renewed_before_it_is_over():
    clock = Clock()
    signer = Signer("1", "k", PEM, clock)
    first = signer.token()
    over = json.loads(part(first, 1))["exp"]
    clock.now += 300
    assert signer.token() == first
    clock.now = over - 120
    assert signer.token() != first


def test_a_clock_set_back_does_not_keep_a_token_of_the_future():
    clock = Clock()
    signer = Signer("1", "k", PEM, clock)
    first = signer.token()
    clock.now -= 4000
    assert signer.token() != first


@pytest.mark.parametrize("code", (447, 454, 455, 456))
def test_a_token_that_was_not_liked_is_signed_anew(code):
    asked = client(error(code, "The token has expired."), {"result": ACCOUNT}, credentials=SIGNED)
    asked.signer._clock = clock = Clock()
    with pytest.raises(CredentialsRefused):
        asked.account()
    clock.now += 1
    asked.account()
    assert bearer(asked.requests[0]) != bearer(asked.requests[1])


def test_signed_requests_carry_no_key_and_the_older_ones_do():
    signed, old = client({"result": ACCOUNT}, credentials=SIGNED | OLD), client({"result": ACCOUNT})
    signed.account(), old.account()
    assert signed.requests[0].fields == ()
    assert dict(old.requests[0].fields) == OLD
    assert old.requests[0].headers == {}
    assert old.requests[0].method == "POST"


@pytest.mark.parametrize("who", ("account_email", "account_name"))
def test_the_older_key_also_goes_with_an_address_or_a_name(who):
    asked = client({"result": ACCOUNT}, credentials={who: "lachance", "api_key": API_KEY})
    asked.account()
    assert dict(asked.requests[0].fields) == {who: "lachance", "api_key": API_KEY}


@pytest.mark.parametrize(
    ("given", "missing"),
    (
        ({}, ["account_id", "api_key"]),
        ({"account_id": "1"}, ["api_key"]),
        ({"api_key": "k"}, ["account_id"]),
        ({"account_id": "1", "api_key": "k"}, []),
        ({"account_name": "n", "api_key": "k"}, []),
        ({"account_id": "1", "key_id": "k"}, ["private_key"]),
        ({"key_id": "k", "private_key": "p"}, ["account_id"]),
        ({"account_id": "1", "key_id": "k", "private_key": "p"}, []),
        ({"account_id": "1", "api_key": "k", "key_id": ""}, []),
    ),
)
def test_which_credentials_are_missing(given, missing):
    assert Voximplant.missing_credentials(given) == missing


def test_a_key_pasted_from_the_file_with_its_line_ends_escaped_is_read():
    assert Signer("1", "k", PEM.replace("\n", "\\n")).token()


@pytest.mark.parametrize("pem", ("", "no key", PEM[:200], PEM.replace("A", "B", 40)))
def test_a_key_that_is_none_is_refused_without_a_word_of_it(pem):
    with pytest.raises(ValueError) as caught:
        Signer("1", "k", pem)
    assert len(pem) < 60 or pem[28:60] not in str(caught.value)
    assert caught.value.__context__ is None and caught.value.__cause__ is None


def test_nothing_secret_is_in_exchanges_errors_or_the_client(notebook):
    """The upstream repeats all it knows: the key, the token, and the header it came in."""

    def parrot(request):
        said = f"bad {API_KEY} {request.headers} {PEM} {json.dumps(PEM)}"
        return {"error": {"code": 101, "msg": said, "details": {"api_key": API_KEY, "token": said}}}

    asked = client(parrot, credentials=SIGNED | OLD, observer=notebook)
    with pytest.raises(Exception) as caught:
        asked.update_account(
            {"webhook_salt": "canary-salt", "password": "Canary-Pa55!", "webhook": "https://x.example"}
        )
    token = bearer(asked.requests[0])
    shown = repr(notebook.exchanges) + repr(caught.value) + repr(vars(caught.value)) + repr(asked.signer)
    for secret in (API_KEY, token, token.split(".")[2], PEM[40:90], "canary-salt", "Canary-Pa55!"):
        assert secret not in shown
    assert "https://x.example" in shown


def test_a_row_that_repeats_secrets_is_kept_without_them():
    asked = client(lambda request: {"result": ACCOUNT | {"api_key": API_KEY, "note": f"x {API_KEY} {request.headers}"}})
    raw = repr(asked.account().raw)
    assert API_KEY not in raw and "eyJ" not in raw
    signed = client(lambda request: {"result": ACCOUNT | {"note": str(request.headers)}}, credentials=SIGNED)
    assert "eyJ" not in repr(signed.account().raw)


def test_secrets_that_are_made_are_in_no_repr():
    answer = {"result": {"account_id": 4400901, "key_id": "k-1", "private_key": PEM, "account_email": "x@y.example"}}
    made = client(answer).create_key(["Accountant"], name="portal")
    assert PEM[40:90] not in repr(made)
    assert Voximplant(BASE, made.credentials()).signer is not None


def test_an_answer_that_is_a_page_is_no_refusal_of_credentials():
    with pytest.raises(Unreadable):
        client(b"<html>502</html>", credentials=SIGNED).account()
