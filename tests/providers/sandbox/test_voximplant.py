"""Voximplant's side of the sandbox: every method, its doors, and who may ask."""

import inspect
import json
from urllib.parse import urlencode

import pytest

from providers.sandbox import voximplant
from providers.sandbox.voximplant.requests import CALLS, DOCUMENT
from providers.sandbox.voximplant.upstream import REFUSALS
from tests.providers.sandbox.voximplant_caller import OUTSIDE, Voximplant
from tests.providers.sandbox.voximplant_examples import EXAMPLES, Things

HOUR = 3600


@pytest.fixture(scope="module")
def settled(running):
    """One world for the tests that leave each other alone; it comes first."""
    caller = Voximplant(running)
    caller.do("reset", seed=1)
    return caller


@pytest.fixture(scope="module")
def things(settled):
    return Things(settled.get)


@pytest.fixture
def api(running):
    caller = Voximplant(running)
    caller.do("reset", seed=1)
    return caller


def args_of(name, things):
    args = EXAMPLES[name].args
    return args(things) if inspect.isfunction(args) else args


def answer_of(api, name, args):
    _, headers, body = api.wire(name, **args)
    if headers["Content-Type"] == "application/octet-stream":
        return {"file_content": body.decode()}
    return json.loads(body)


# -- every method


def test_the_document_and_its_siblings_are_served():
    assert len(DOCUMENT) == 15 and len(voximplant.SERVED) == 108
    assert set(EXAMPLES) == set(voximplant.SERVED)


@pytest.mark.parametrize("name", voximplant.SERVED)
def test_every_method_answers_what_it_should_and_every_write_leaves_an_effect(settled, things, name):
    args = args_of(name, things)
    before = len(settled.see("ledger?slug=voximplant"))
    answer = answer_of(settled, name, args)
    assert "error" not in answer, answer
    assert EXAMPLES[name].check(answer), answer
    effects = settled.see("ledger?slug=voximplant")[before:]
    if name != "ChargeAccount":  # nothing is frozen
        assert bool(effects) != CALLS[name].read


@pytest.mark.parametrize("name", [name for name in voximplant.SERVED if CALLS[name].groups])
def test_nonsense_in_any_parameter_is_an_answer(settled, name):
    """Nothing may raise: the answer is JSON or a file, at 200."""
    for group in CALLS[name].groups:
        for param in group.params:
            status, _, body = settled.wire(name, **{param.name: "\u202e;;-1'%s"})
            assert status == 200, body


# -- doors


@pytest.mark.parametrize("root", ["/voximplant/platform_api", "/platform_api"])
@pytest.mark.parametrize("form", ["/GetAccountInfo", "/GetAccountInfo/", "cmd", "/cmd"])
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_a_method_is_asked_in_each_of_its_forms(settled, root, form, verb):
    params = {"cmd": "GetAccountInfo"} if form.endswith("cmd") else {}
    path = root + form.replace("cmd", "")
    query = f"?{urlencode(params)}" if verb == "GET" else ""
    headers = {**settled.signed(), "Content-Type": "application/x-www-form-urlencoded"}
    status, _, body = settled.http(verb, path + query, urlencode(params) if verb == "POST" else None, headers)
    assert status == 200
    assert json.loads(body)["result"]["account_name"] == "plomberie-lachance"
    assert settled.see("journal?slug=voximplant&call=GetAccountInfo")[-1]["account"] == "lachance"


def test_a_json_body_and_multipart_are_read_too(settled):
    kind = {"Content-Type": "application/json", **settled.signed()}
    body = json.dumps({"phone_number": [settled.line], "count": 1, "canceled": False})
    answer = json.loads(settled.http("POST", "/voximplant/platform_api/GetPhoneNumbers", body, kind)[2])
    assert [row["phone_number"] for row in answer["result"]] == [settled.line]
    parts = f'--X\r\nContent-Disposition: form-data; name="phone_number"\r\n\r\n{settled.line}\r\n--X--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=X", **settled.signed()}
    answer = json.loads(settled.http("POST", "/voximplant/platform_api/IsAccountPhoneNumber", parts, kind)[2])
    assert answer == {"result": True}


def test_other_paths_are_no_methods(settled):
    assert settled.http("GET", "/voximplant/other")[0] == 404
    assert settled.http("DELETE", "/voximplant/platform_api/GetAccountInfo")[0] == 404


@pytest.mark.parametrize(("name", "code"), [("", 102), ("Nothing", 103), ("getaccountinfo", 103)])
def test_unknown_methods_are_refused_names_have_their_case(settled, name, code):
    assert settled.refused(name) == code


def test_the_journal_shows_parameters_without_their_secrets(settled):
    settled.ask("AddAccount", account_name="child-one", account_email="a@b.example", account_password="Tr0mbone-91")
    settled.post("/voximplant/platform_api/GetAccountInfo/", settled.api_key)
    text = json.dumps(settled.see("journal?slug=voximplant"))
    assert "child-one" in text
    assert "Tr0mbone" not in text and settled.account["api_key"] not in text and "eyJ" not in text


# -- parameters


@pytest.mark.parametrize(
    ("name", "params", "code"),
    [
        ("SendSmsMessage", {"source": "1", "destination": OUTSIDE}, 485),
        ("SendSmsMessage", {"source": "", "destination": OUTSIDE, "sms_body": "x"}, 134),
        ("GetPhoneNumbers", {"phone_id": "a"}, 181),
        ("GetPhoneNumbers", {"canceled": "perhaps"}, 496),
        ("GetPhoneNumbers", {"order_by": "colour"}, 496),
        ("GetPhoneNumbers", {"from_phone_purchase_date": "2026-02-30"}, 111),
        ("GetPhoneNumbers", {"from_phone_next_renewal": "2026-03-02", "to_phone_next_renewal": "2026-03-01"}, 258),
        ("GetPhoneNumbers", {"application_id": 1, "application_name": "x"}, 458),
        ("GetPhoneNumbers", {"count": -1}, 496),
        ("DeactivatePhoneNumber", {}, 485),
        ("DeactivatePhoneNumber", {"phone_id": 1}, 181),
        ("GetCallHistory", {"from_date": "2026-03-02 00:00:00", "to_date": "2026-03-01 00:00:00"}, 123),
        ("GetCallHistory", {"from_date": "2020-03-02 00:00:00"}, 569),
        ("GetCallHistory", {"count": 1001}, 496),
        ("GetCallHistory", {"is_async": True}, 105),
        ("GetTransactionHistory", {"transaction_type": "theft"}, 209),
        ("GetCurrencyRate", {"currency": "CAD"}, 210),
        ("GetCurrencyRate", {"currency": "USD", "date": "2999-01-01"}, 233),
        ("GetSmsHistory", {"direction": "UP"}, 470),
        ("GetSmsHistory", {"output": "pdf"}, 105),
        ("DownloadHistoryReport", {"history_report_id": 1}, 355),
        ("DownloadInvoice", {"invoice_id": 1}, 501),
        ("GetHistoryReports", {"history_type": "gossip"}, 371),
        ("AddRule", {"rule_name": "x", "rule_pattern": "(", "application_id": 1, "scenario_id": 1}, 116),
        ("CreateKey", {"role_name": "Emperor"}, 441),
        ("DelPstnBlackListItem", {"pstn_blacklist_id": 1}, 400),
        ("AddAuthorizedAccountIP", {"authorized_ip": "999.1.1.1"}, 320),
    ],
)
def test_wrong_parameters_have_their_codes(settled, name, params, code):
    assert settled.refused(name, **params) == code


# -- who may ask


def plain(api, path="GetAccountInfo", **params):
    return json.loads(api.post(f"/voximplant/platform_api/{path}/", params)[2])


def test_a_token_is_enough_and_hides_the_api_key(settled):
    assert "api_key" not in settled.get("GetAccountInfo")["result"]


@pytest.mark.parametrize("name", ["account_id", "account_name", "account_email"])
@pytest.mark.parametrize("secret", ["api_key", "account_password"])
def test_the_older_credentials_are_a_name_and_a_secret(settled, name, secret):
    good = {name: settled.account[name], secret: settled.account[secret]}
    assert plain(settled, **good)["result"]["api_key"] == settled.account["api_key"]
    assert plain(settled, **{**good, secret: "wrong"})["error"]["code"] == 100
    assert plain(settled, **{name: settled.account[name]})["error"]["code"] == 100


def test_there_is_no_session_to_sign_in_with(settled):
    assert plain(settled, account_id=settled.account["account_id"], session_id="x")["error"]["code"] == 137


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"exp": lambda now: now + HOUR + 1}, 454),
        ({"iat": lambda now: now + 60, "exp": lambda now: now + 90}, 455),
        ({"iat": lambda now: now - 90, "exp": lambda now: now - 1}, 456),
        ({"exp": lambda now: "soon"}, 447),
        ({"iss": lambda now: "1"}, 100),
        ({"iss": lambda now: "4470203"}, 100),
    ],
)
def test_the_claims_of_a_token_are_looked_at(settled, claims, code):
    now = int(settled.sandbox.clock.now())
    headers = settled.signed(**{name: claim(now) for name, claim in claims.items()})
    assert settled.refused("GetAccountInfo", headers) == code


def test_time_is_that_of_the_virtual_clock(api):
    headers = api.signed()
    assert api.get("GetAccountInfo", headers)
    api.later(61)
    assert api.refused("GetAccountInfo", headers) == 456


@pytest.mark.parametrize("token", ["", "Basic x", "Bearer", "Bearer a.b", "Bearer a.b.c", "Bearer é.b.c"])
def test_what_is_no_token_has_a_bad_format(settled, token):
    headers = {"Authorization": token.encode("utf-8")} if token else {"Authorization": " "}
    assert settled.refused("GetAccountInfo", headers) == (447 if token else 100)


def test_a_token_that_was_signed_otherwise_is_refused(settled):
    token = settled.token()
    head, body, signature = token.split(".")
    other = settled.other("fogline").token().split(".")[2]
    for wrong in (f"{head}.{body}.{other}", f"{head}.{body}.", f"{head}.{body}.{signature[:-8]}AAAAAAAA"):
        assert settled.refused("GetAccountInfo", {"Authorization": f"Bearer {wrong}"}) == 100
    assert settled.refused("GetAccountInfo", settled.signed(alg="none")) == 447


def test_a_parents_key_acts_for_its_child_and_for_no_stranger(settled):
    child = settled.other("lachance-laval").account
    headers = settled.signed(iss=child["account_id"])
    assert settled.get("GetAccountInfo", headers)["result"]["account_name"] == child["account_name"]


def test_a_key_without_the_role_may_not(settled):
    headers = settled.signed(key=1)
    assert settled.refused("SendSmsMessage", headers, source=settled.line, destination=OUTSIDE, sms_body="x") == 104
    assert settled.get("GetAccountDocuments", headers)["result"]


def test_a_deleted_key_signs_no_more(api):
    headers = api.signed(key=1)
    api.get("DeleteKey", key_id=api.account["keys"][1]["key_id"])
    assert api.refused("GetAccountInfo", headers) == 100


def test_a_key_that_was_made_signs(api):
    api.get("CreateKey", key_name="second", role_name="Owner")
    assert api.get("GetAccountInfo", api.signed(key=2))


def test_a_closed_account_is_refused(api):
    api.do("account", slug="voximplant", key="lachance", set={"active": False})
    assert api.refused("GetAccountInfo") == 131


def test_calls_an_hour_can_be_limited(api):
    api.do("limits", slug="voximplant", per_hour={"all": 3}, clear=True)
    assert [api.ask("GetRoles").get("error", {}).get("code") for _ in range(4)] == [None, None, None, 340]
    api.later(HOUR + 1)
    assert api.get("GetRoles")


# -- faults of meaning


@pytest.mark.parametrize("fault", sorted(REFUSALS))
def test_faults_of_meaning_speak_in_the_upstreams_envelope(api, fault):
    api.do("faults", slug="voximplant", call="DeactivatePhoneNumber", fault=fault, args={"code": 515})
    wanted = {"not_found": 181, "error_code": 515}.get(fault, REFUSALS[fault])
    assert api.refused("DeactivatePhoneNumber", phone_number=api.line) == wanted
    assert "error" in api.ask("DeactivatePhoneNumber", phone_number=api.line)
    assert api.see(f"did?slug=voximplant&phone_number={api.line}")["canceled"] is False


def test_a_refusal_after_the_fact_leaves_the_effect(api):
    api.do("faults", slug="voximplant", call="AddApplication", fault="error_code", phase="after", args={"code": 2})
    before = len(api.effects("application_added"))
    assert api.refused("AddApplication", application_name="app-one") == 2
    assert len(api.effects("application_added")) == before + 1


def test_texts_of_others_may_be_hostile(api):
    api.do("faults", slug="voximplant", call="GetTransactionHistory", fault="hostile_text", args={"payload": "<b>x"})
    assert api.get("GetTransactionHistory")["result"][0]["transaction_description"] == "<b>x"


def test_what_is_read_back_may_differ(api):
    api.do("faults", slug="voximplant", call="GetPhoneNumbers", fault="read_back_differs")
    row = api.get("GetPhoneNumbers", phone_number=api.line)["result"][0]
    assert row["is_sms_enabled"] is False and row["phone_number"] == api.line


def test_the_doors_of_the_control_know_this_upstream(api):
    assert set(api.see("accounts?slug=voximplant")[0]) >= {"key", "account_id", "api_key", "key_id", "private_key"}
    assert api.see("assumptions")["voximplant"]["http_status"]
    assert api.see("health")["counts"]["voximplant"]["sms"] > 500
    made = api.do("crowd", slug="voximplant", count=3)
    assert len({row["account_id"] for row in made}) == 3
    crowd = api.other(made[0]["key"])
    assert crowd.balance() == 40 and crowd.line
