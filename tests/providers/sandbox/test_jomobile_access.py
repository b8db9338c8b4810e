"""Jo Mobile: signing in, tokens and their end, the envelope, registering."""

import json

import pytest

from providers.sandbox import jomobile
from tests.providers.sandbox.jafone_caller import PACKAGES  # noqa: F401
from tests.providers.sandbox.jomobile_caller import JoMobile


@pytest.fixture
def api(running):
    caller = JoMobile(running)
    caller.do("reset", seed=1)
    return caller


def test_all_22_calls_are_served_and_the_two_older_ones(api):
    assert len(jomobile.SERVED) == 24
    added = api.good("group-number-add")
    api.get("group-number-add", added)
    for name in jomobile.SERVED[:22]:
        body = api.good(name)
        if name == "accesstoken":
            body = {"authorization_code": api.get("authorize", api.good("authorize"))["authorization_code"]}
        if name not in ("group-delete", "logout"):
            api.get(name, body)
    api.get("group-delete", api.good("group-delete"))
    assert api.get("logout") == []


def test_both_steps_give_a_token_of_30_characters_that_opens(api):
    code = api.get("authorize", api.good("authorize"))
    assert len(code["authorization_code"]) == 32 and isinstance(code["expires_at"], int)
    token = api.get("accesstoken", {"authorization_code": code["authorization_code"], "password": "ignored"})
    assert len(token["access_token"]) == 30
    assert api.with_token(token["access_token"]).get("me")["login"] == "lachance"
    assert api.with_token(api.login()).get("me")["balance_units"] == 86.4


def test_a_bad_login_is_told_at_the_password(api):
    wrong = {"username": "lachance", "password": "nonsense"}
    assert api.refused("authorize", wrong) == (400, {"password": ["Incorrect username or password."]})
    assert api.refused("authorize", {"username": "nobody", "password": "x"})[0] == 400
    status, errors = api.refused("authorize", {})
    assert status == 400 and set(errors) == {"username", "password"}
    api.quirky()
    assert api.refused("authorize", wrong) == (401, "invalid_credentials")


def test_a_code_works_once_and_for_ten_minutes(api):
    code = {"authorization_code": api.get("authorize", api.good("authorize"))["authorization_code"]}
    api.get("accesstoken", code)
    assert api.refused("accesstoken", code)[1].keys() == {"authorization_code"}
    late = {"authorization_code": api.get("authorize", api.good("authorize"))["authorization_code"]}
    api.do("clock", advance=601)
    assert api.refused("accesstoken", late)[0] == 400


def test_a_second_login_ends_the_first_token_and_not_the_permanent_one(api):
    first = api.login()
    second = api.login()
    assert api.with_token(first).refused("me") == (401, "unauthorized")
    assert api.with_token(second).get("me") and api.get("me")


def test_a_token_ends_by_the_clock(api):
    api.do("limits", slug="jomobile", token_life_s=120)
    token = api.login()
    assert api.with_token(token).get("me")
    api.do("clock", advance=121)
    assert api.with_token(token).refused("me") == (401, "unauthorized")
    assert api.with_token(api.login()).get("me")


def test_logging_out_destroys_the_session_only(api):
    token = api.login()
    assert api.with_token(token).get("logout") == []
    assert api.with_token(token).refused("me") == (401, "unauthorized")
    assert api.get("logout") == [] and api.get("me")


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 30])
def test_without_a_good_token_nothing_opens(api, token):
    for name in set(jomobile.SERVED[:22]) - {"authorize", "accesstoken", "register"}:
        assert api.with_token(token).refused(name, api.good(name)) == (401, "unauthorized"), name


def test_a_revoked_permanent_token_and_a_changed_password(api):
    old = api.token
    api.do("account", slug="jomobile", key="lachance", set={"permanent_token": "brand-new", "password": "brand-new"})
    assert api.with_token(old).refused("me") == (401, "unauthorized")
    assert api.get("me") and api.with_token(api.login()).get("me")


def test_a_blocked_account_is_told_so(api):
    api.do("account", slug="jomobile", key="lachance", set={"block": True})
    assert api.refused("me") == (403, "account_blocked")
    assert api.refused("authorize", api.good("authorize")) == (403, "account_blocked")


def test_paths_methods_and_bodies_that_are_none(api):
    assert api.refused("everything") == (404, "not_found")
    assert api.refused("me", method="POST") == (405, "method_not_allowed")
    assert api.refused("send", method="GET") == (405, "method_not_allowed")
    assert api.http("GET", "/jomobile/elsewhere")[0] == 404
    headers = {"X-Access-Token": api.token}
    status, _, body = api.http("POST", "/jomobile/v1/group", b"{not json", headers)
    assert (status, json.loads(body)["errors"]) == (400, "invalid_json")


def test_doubled_slashes_are_taken_for_one(api):
    assert api.ask("me", path="/jomobile//v1/")[0] == 200
    assert api.ask("country-by-continent", method="GET")[1] == api.ask("country-by-continent", [])[1]


def test_registering_makes_an_account_that_cannot_send_yet(api):
    body = api.good("register") | {"company_name": "New Shop", "skype": "newshop"}
    assert api.get("register", body) == {"login": "newshop"}
    assert api.refused("register", body) == (400, {"login": ["This login is taken."]})
    made = next(row for row in api.see("accounts?slug=jomobile") if row["username"] == "newshop")
    fresh = JoMobile(api.sandbox, made["key"])
    fresh = fresh.with_token(fresh.login())
    me = fresh.get("me")
    assert (me["confirmed"], me["can_send_restapi"], me["balance_units"], me["company_name"]) == (
        0,
        False,
        0,
        "New Shop",
    )
    assert fresh.refused("send", [{"number": ["14685550101"], "senderID": "X1", "text": "x"}]) == (
        403,
        "account_blocked",
    )
    assert set(api.refused("register", {})[1]) == {"login", "password", "name", "phone", "email"}


def test_me_has_every_field(api):
    me = api.get("me")
    assert isinstance(me["phone"], int) and me["currency"] == "EUR" and me["can_send_restapi"] is True
    assert set(me) == {
        *("login", "name", "company_name", "e_mail", "phone", "currency", "balance_units", "balance_limit", "finance"),
        *("balance_daily_block", "block", "confirmed", "can_send_bulk", "can_send_restapi", "id_subparent"),
    }


def test_the_journal_and_the_ledger_have_no_secrets(api):
    token = api.login()
    api.with_token(token).send()
    text = json.dumps([api.see("journal?slug=jomobile"), api.see("ledger?slug=jomobile")])
    for secret in (token, api.account["password"], api.account["permanent_token"]):
        assert secret not in text
    row = api.see("journal?slug=jomobile&call=send")[-1]
    assert row["account"] == "lachance" and row["params"]["items"][0]["text"] == "hello" and row["effect_id"]


@pytest.mark.parametrize(
    ("fault", "args", "answer"),
    [
        ("hard_limit", {}, (429, "too_many_requests")),
        ("authentication_failed", {}, (401, "unauthorized")),
        ("token_expired", {}, (401, "unauthorized")),
        ("account_disabled", {}, (403, "account_blocked")),
        ("insufficient_funds", {}, (400, "insufficient_balance")),
        ("not_found", {}, (404, "not_found")),
        ("error_code", {"code": "no_active_aggregator"}, (400, "no_active_aggregator")),
        ("error_code", {"code": "conflict", "status": 409}, (409, "conflict")),
    ],
)
@pytest.mark.parametrize("phase", ["before", "after"])
def test_faults_of_meaning_come_in_the_envelope_and_after_means_it_happened(api, fault, args, answer, phase):
    sent = len(api.effects("sms_sent"))
    api.do("faults", slug="jomobile", call="send", fault=fault, args=args, phase=phase)
    assert api.refused("send", [api.item()]) == answer
    assert len(api.effects("sms_sent")) - sent == (phase == "after")


def test_a_bad_login_as_a_fault_looks_like_one(api):
    api.do("faults", slug="jomobile", call="authorize", fault="authentication_failed")
    assert api.refused("authorize", api.good("authorize"))[1] == {"password": ["Incorrect username or password."]}


def test_a_fault_finds_its_message_by_what_is_in_the_package(api):
    api.do("faults", slug="jomobile", call="send", fault="error_code", match={"number": "14685550103"})
    assert api.send("14685550101")
    assert api.refused("send", [api.item("14685550103")])[1] == "internal_error"


@pytest.mark.parametrize("name", [name for name in jomobile.SERVED[3:18] if name not in ("logout", "replacement")])
def test_what_a_fault_stole_still_answers_in_its_shape(api, name):
    body = api.good(name)
    before = len(api.see("ledger?slug=jomobile"))
    api.do("faults", slug="jomobile", call=name, fault="byte_order_mark", phase="before", count=1)
    stolen = json.loads(api.wire(name, body)[2].decode("utf-8-sig"))
    assert stolen["status"] is True and len(api.see("ledger?slug=jomobile")) == before
    assert type(stolen["data"]) is type(api.get(name, body))


def test_a_crowd_is_made_at_once(api):
    rows = api.do("crowd", slug="jomobile", count=20)
    last = JoMobile(api.sandbox, rows[-1]["key"])
    assert len(rows) == 20 and last.get("me")["can_send_restapi"] and last.send()
