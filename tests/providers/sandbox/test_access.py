"""Signing in, unknown requests, and the hourly limits."""

import pytest

from tests.providers.sandbox.caller import codes, status_of


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"client_user_id": ""}, "auth_username_required"),
        ({"client_user_id": "12"}, "auth_username_invalid"),
        ({"client_user_id": "99999999"}, "authentication_failed"),
        ({"auth_token": ""}, "authentication_token_required"),
        ({"auth_token": "0" * 32}, "authentication_failed"),
    ],
)
def test_sign_in_codes(api, changes, wanted):
    answer = api.call("get_dids", **changes)
    assert status_of(answer) == "error" and codes(answer) == [wanted]


def test_the_token_is_lower_case(api):
    assert codes(api.call("get_dids", auth_token=api.account["auth_token"].upper())) == ["authentication_failed"]


def test_user_name_instead_of_number(api):
    assert status_of(api.call("get_dids", client_user_id="", username=api.account["username"])) == "success"


def test_the_request_type_is_looked_at_first(api):
    assert codes(api.call("make_coffee", auth_token="")) == ["request_type_invalid"]
    assert codes(api.call("get_calls", auth_token="")) == ["authentication_token_required"]
    assert codes(api.call("", auth_token="")) == ["request_type_required"]


def test_texts_in_two_languages(api):
    def message(**params):
        return api.call("get_dids", auth_token="x", **params)["response_details"]["response_messages"]["message"]

    assert message()["_content"] == "Authentication failed."
    assert message(language="fr") == {"code": "authentication_failed", "_content": "L'authentification a échoué."}


def test_outside_the_two_forms(api):
    assert api.http("GET", "/voicemeup/nowhere")[0] == 404
    assert api.http("GET", "/elsewhere/api/v1.1/json/get_dids")[0] == 404


def test_a_lone_message_may_be_a_list(api):
    api.do("settings", single_message="list")
    answer = api.call("get_dids", auth_token="x")
    assert isinstance(answer["response_details"]["response_messages"]["message"], list)


def test_soft_then_hard_limit(api):
    api.do("limits", per_hour={"shared_pool": 3})
    seen = [codes(api.call("get_account_details")) for _ in range(7)]
    assert seen == [[], [], ["requests_soft_limit_reached"]] + [["requests_soft_limit_reached"]] * 3 + [
        ["requests_hard_limit_exceeded"]
    ]
    assert codes(api.call("queue_sms")) == ["requests_hard_limit_exceeded"]  # the ban is the whole account's
    assert codes(api.other("boreal").call("get_account_details")) == []
    api.do("clock", advance=3599)
    assert codes(api.call("get_account_details")) == ["requests_hard_limit_exceeded"]
    api.do("clock", advance=2)
    assert codes(api.call("get_account_details")) == []


def test_texts_have_their_own_bucket(api):
    api.do("limits", per_hour={"queue_sms": 1})
    assert codes(api.call("get_account_details")) == []
    answer = api.call(
        "queue_sms", source_number=api.texting_did()["phone_number"], destination_number="5145550199", message="Bonjour"
    )
    assert codes(answer) == ["queued_sms_hash", "requests_soft_limit_reached"]


def test_a_failed_sign_in_does_not_count(api):
    api.do("limits", per_hour={"shared_pool": 2})
    for _ in range(5):
        api.call("get_dids", auth_token="0" * 32)
    assert codes(api.call("get_account_details")) == []


def test_a_new_token_ends_the_old_one(api):
    auth = dict(api.auth)
    api.do("account", key="lachance", set={"auth_token": "f" * 32})
    assert codes(api.call("get_dids", **auth)) == ["authentication_failed"]
    assert status_of(api.call("get_dids", auth_token="f" * 32)) == "success"


def test_credentials_stay_out_of_the_journal(api):
    api.call("get_dids", npa="514")
    entry = api.see("journal?call=get_dids")[-1]
    assert entry["params"]["auth_token"] == "***" and entry["params"]["npa"] == "514"
    assert entry["status"] == 200 and entry["fault"] is None and entry["account"] == "lachance"
