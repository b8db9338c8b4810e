"""JaFone's quirks mode: what its document prints, letter by letter, and no more than that."""

import json

import pytest

from providers.sandbox import jafone
from tests.providers.sandbox.jafone_caller import OUTSIDE, PACKAGES, JaFone  # noqa: F401

SPOILT = {
    "getCallForwardingInfo": '"Enabled": yes,',
    "setCallForwarding": '"Enabled": yes,',
    "getCallRoutingType": '"RoutingType": "1" # 0 = standard, 1= premium',
    "setDoNotContact": '"PhoneNumber": "2635550198"\n"OptIn": "no"',
    "createTtsCallSvt": '"RetriesInterval": "15"\n"CallbackRetriesWhenBusy": "0"',
}


@pytest.fixture
def api(running):
    caller = JaFone(running)
    caller.do("reset", seed=1)
    caller.account["forwarding"]["enabled"] = True
    return caller


def test_strict_answers_are_json_all_of_them(api):
    for action in jafone.SERVED:
        _, headers, body = api.wire(action, **api.good(action))
        assert headers["Content-Type"] == "application/json" and json.loads(body), action


@pytest.mark.parametrize("action", sorted(SPOILT))
def test_five_answers_are_not_json_exactly_as_printed(api, action):
    api.quirky()
    _, headers, body = api.wire(action, **api.good(action))
    assert SPOILT[action] in body.decode() and headers["Content-Type"].startswith("text/html")
    with pytest.raises(ValueError):
        json.loads(body)


def test_the_other_answers_stay_json(api):
    api.quirky()
    for action in set(jafone.SERVED) - set(SPOILT):
        json.loads(api.wire(action, **api.good(action))[2])


def test_a_refusal_is_json_in_both_modes(api):
    api.quirky()
    assert api.refused("setCallForwarding", isEnabled="perhaps") == "Invalid parameter: isEnabled"


def test_a_text_that_looks_like_a_spoilt_line_is_left_alone(api):
    api.quirky()
    api.text('"Enabled": "yes"')
    api.text("one\ntwo # three")
    assert [row["Message"] for row in api.log()[-2:]] == ['"Enabled": "yes"', "one\ntwo # three"]


def test_the_document_s_own_urls_work(api):
    api.quirky()
    user, key = api.auth["userId"], api.auth["key"]
    start = f"/jafone/v3/rest.php?userId={user}&key={key}"
    status, _, body = api.http("GET", f"{start}&from=20191002&to=20991005action=getTransactions")
    assert status == 200 and json.loads(body)["Transactions"]
    status, _, body = api.http("GET", f"{start}&&id=3&number={OUTSIDE}&action=setCallbackNumber")
    assert json.loads(body)["CallbackNumbers"][2] == {"Id": "3", "PhoneNumber": "2635550102"}


def test_the_missing_ampersand_is_a_missing_action_in_strict_mode(api):
    user, key = api.auth["userId"], api.auth["key"]
    query = f"userId={user}&key={key}&from=20191002&to=20191005action=getTransactions"
    body = api.http("GET", f"/jafone/v3/rest.php?{query}")[2]
    assert json.loads(body)["Message"] == "Missing action"


def test_a_posted_form_is_taken_too(api):
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    user, key = api.auth["userId"], api.auth["key"]
    body = api.http("POST", "/jafone/v3/rest.php", f"userId={user}&key={key}&action=getBalance", kind)[2]
    assert json.loads(body)["Status"] == "Success"
