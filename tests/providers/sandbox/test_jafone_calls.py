"""JaFone: two phones joined, conference bridges, spoken messages and look-ups."""

import pytest

from tests.providers.sandbox.jafone_caller import OUTSIDE, PACKAGES, JaFone  # noqa: F401


@pytest.fixture
def api(running):
    caller = JaFone(running)
    caller.do("reset", seed=1)
    return caller


def new_effects(api, kind, since):
    return [row["data"] for row in api.see(f"ledger?slug=jafone&since={since}") if row["kind"] == kind]


def mark(api):
    return len(api.see("ledger"))


def test_a_callback_rings_both_phones_then_ends_and_is_billed(api):
    caller, since, spent = api.account["callback_numbers"]["1"], mark(api), api.account["balance"]
    assert api.ask("createCallback", caller=caller, receiver=OUTSIDE) == {"Status": "Success"}
    assert new_effects(api, "call_rang", since) == []
    for _ in range(3):
        api.later(600)
    rang = new_effects(api, "call_rang", since)
    assert [(row["leg"], row["number"]) for row in rang] == [("caller", caller), ("receiver", OUTSIDE[1:])]
    minutes = new_effects(api, "callback_ended", since)[0]["minutes"]
    assert spent - api.account["balance"] == minutes * 1500
    assert api.get("getTransactions")[-1]["Type"] == "2"


def test_a_phone_that_does_not_answer_ends_it_without_a_bill(api):
    caller, since, spent = api.account["callback_numbers"]["1"], mark(api), api.account["balance"]
    api.ask("createCallback", caller=caller, receiver="2635550199")
    for _ in range(3):
        api.later(600)
    assert new_effects(api, "callback_failed", since)[0]["leg"] == "receiver"
    assert api.account["balance"] == spent


def test_only_an_allowed_phone_may_start_a_callback(api):
    assert api.refused("createCallback", caller=OUTSIDE, receiver=OUTSIDE) == "Invalid parameter: caller"
    rows = api.get("setCallBacknumber", id="1", number=OUTSIDE)
    assert [row["Id"] for row in rows] == ["1", "2", "3"] and rows == api.get("getCallBackNumbers")
    assert api.ask("createCallback", caller=OUTSIDE, receiver="3675550111")["Status"] == "Success"
    assert api.refused("setCallBacknumber", id="4", number=OUTSIDE) == "Invalid parameter: id"


def test_a_conference_is_listed_opens_ends_and_is_gone(api):
    since = mark(api)
    made = api.get("scheduleConference", date="20991231", duration="120", isWebCollabEnabled="yes")
    assert len(made) == 1 and made[0]["Duration"] == "120 minutes" and made[0]["WebCollaborationEnabled"] == "yes"
    assert made[0] in api.get("getConferencesInfo")
    soon = api.get("getConferencesInfo")[0]
    assert soon["Date"] < "2099" and len(soon["PublicPin"]) == 6
    api.later(5 * 86400)
    assert soon not in api.get("getConferencesInfo")
    assert new_effects(api, "conference_scheduled", since)


def test_a_conference_of_today_opens_and_ends_by_the_clock(api):
    since = mark(api)
    api.do("clock", set=1_800_000_000)  # 2027-01-15, three in the morning in Montréal
    api.get("scheduleConference", date="20270115", duration="60")
    api.later(7 * 3600)
    assert len(new_effects(api, "conference_open", since)) == 1
    api.later(3600)
    assert len(new_effects(api, "conference_end", since)) == 1
    assert api.refused("scheduleConference", date="20270114", duration="60") == "Invalid parameter: date"


def test_a_spoken_message_is_filled_in_and_answers_its_plan(api):
    values = {"FN": "Patrick", "BL": "100", "cbRetries": "2", "cdInterval": "16", "cbBusyRetries": "3"}
    call = api.get("createTtsCallSvt", msgId="410031", number=OUTSIDE, cbBusyInterval="17", **values)[0]
    assert call == {
        "PreparedMessage": "Hello Patrick, the balance of your account is 100 dollars. Thank you, goodbye.",
        "PhoneNumber": OUTSIDE,
        "CallbackRetries": "2",
        "RetriesInterval": "16",
        "CallbackRetriesWhenBusy": "3",
        "RetriesWhenBusyInterval": "17",
    }
    french = api.get("createTtsCallSvt", msgId="410031", number=OUTSIDE, lang="fr", FN="Léa")[0]
    assert french["PreparedMessage"].startswith("Bonjour Léa, le solde de votre compte est de #BL")


@pytest.mark.parametrize(("ending", "outcome", "attempts"), [("0199", "no_answer", 3), ("0197", "busy", 2)])
def test_a_spoken_message_is_tried_again_as_asked_then_given_up(api, ending, outcome, attempts):
    since, spent = mark(api), api.account["balance"]
    plan = {"cbRetries": "2", "cbInterval": "5", "cbBusyRetries": "1", "cbBusyInterval": "5"}
    api.get("createTtsCallSvt", msgId="410031", number=f"263555{ending}", **plan)
    for _ in range(4):
        api.later(301)
    tried = new_effects(api, "tts_call", since)
    assert [row["outcome"] for row in tried] == [outcome] * attempts
    assert len(new_effects(api, "tts_call_given_up", since)) == 1 and api.account["balance"] == spent


def test_a_spoken_message_that_is_answered_is_billed_once(api):
    since, spent = mark(api), api.account["balance"]
    api.get("createTtsCallSvt", msgId="410031", number=OUTSIDE, cbRetries="2", cbInterval="1")
    api.later(10), api.later(600)
    assert len(new_effects(api, "tts_call", since)) == 1 and spent - api.account["balance"] == 2500
    assert api.refused("createTtsCallSvt", msgId="999999", number=OUTSIDE) == "Invalid parameter: msgId"


def test_a_look_up_drops_the_leading_1_and_knows_its_own_numbers(api):
    own = api.get("getPhoneNumberInfo", number="1" + api.dids[0])[0]
    assert (own["Number"], own["Valid"], own["Linetype"], own["Carrier"]) == (api.dids[0], "true", "voip", "MyOwnTelco")
    montreal = api.get("getPhoneNumberInfo", number="15145550123")[0]
    assert (montreal["Location"], montreal["Country_code"]) == ("Montréal", "CA")
    assert api.get("getPhoneNumberInfo", number="2125550123")[0]["Country"] == "United States"
    assert api.get("getPhoneNumberInfo", number="1145550123")[0]["Valid"] == "false"
    assert api.refused("getPhoneNumberInfo", number="911") == "Invalid parameter: number"
    assert api.get("getTransactions")[-1]["Type"] == "4"
