"""JaFone: sending, the log, do-not-contact lists and stops; texts to and from the other upstreams."""

import pytest

from tests.providers.sandbox.caller import wait_for
from tests.providers.sandbox.jafone_caller import OUTSIDE, JaFone


@pytest.fixture
def api(running):
    caller = JaFone(running)
    caller.do("reset", seed=1)
    return caller


def test_a_text_is_in_the_log_billed_and_an_effect(api):
    before = float(api.balance())
    number = api.text("Bonjour, été", journalId="136")
    row = api.log()[-1]
    assert (row["Id"], row["Number"], row["Message"], row["Direction"]) == (number, OUTSIDE, "Bonjour, été", "0")
    assert round(before - float(api.balance()), 2) == 0.01
    assert api.get("getTransactions")[-1]["Value"] == "-1000"
    sent = api.effects("sms_sent")[-1]
    assert (sent["journal_id"], sent["destination"], sent["source"]) == ("136", "2635550102", api.dids[0])


def test_the_same_journal_id_sends_again(api):
    assert api.text("twice", journalId="9") != api.text("twice", journalId="9")


def test_a_long_text_is_billed_by_its_segments(api):
    api.text("a" * 161)
    assert api.effects("sms_sent")[-1]["segments"] == 2
    api.text("ê" * 71)  # not in the GSM alphabet
    assert api.effects("sms_sent")[-1]["segments"] == 2
    assert api.refused("sendSMS", **{**api.good("sendSMS"), "message": "a" * 1600}) == "Invalid parameter: message"


def test_only_an_own_number_sends_and_is_read(api):
    foreign = api.other("clinique").dids[0]
    assert api.refused("sendSMS", **{**api.good("sendSMS"), "didNumber": foreign}) == "Invalid parameter: didNumber"
    assert api.refused("getSMS", didNumber=foreign) == "Invalid parameter: didNumber"


def test_without_money_nothing_is_sent(api):
    api.do("account", slug="jafone", key="lachance", set={"balance": "0"})
    assert api.refused("sendSMS", **api.good("sendSMS")) == "Insufficient balance"
    api.do("settings", charge=False)
    assert api.text()


def test_the_log_is_filtered_limited_and_newest_last(api):
    rows = api.log(limit="9999")
    assert [row["Date"] for row in rows] == sorted(row["Date"] for row in rows)
    assert api.log(limit="5") == rows[-5:] and len(api.log()) == 100 < len(rows)
    assert {row["Direction"] for row in api.log(direction="1")} == {"1"}
    day = rows[10]["Date"]
    stamp = day.replace("-", "").replace(":", "").replace(" ", "T")
    assert api.log(**{"from": stamp, "to": stamp}) == [row for row in rows if row["Date"] == day]
    assert api.refused("getSMS", didNumber=api.dids[0], **{"from": "20260101"}) == "Invalid parameter: from"


def test_a_number_on_a_list_is_not_texted_unless_overridden(api):
    answer = api.get("setDoNotContact", dnclId="2", number=OUTSIDE)
    assert answer == {"PhoneNumber": OUTSIDE, "OptIn": "no"}
    good = api.good("sendSMS")
    for list_id in ("0", "2"):
        assert api.refused("sendSMS", **{**good, "dnclId": list_id}) == "Number is on the do not contact list"
    assert api.text(dnclId="3") and api.text(dnclOverride="yes")
    assert api.get("setDoNotContact", dnclId="0", number=OUTSIDE, optIn="yes")["OptIn"] == "yes"
    assert api.text()


def test_list_0_is_all_lists(api):
    api.get("setDoNotContact", dnclId="0", number=OUTSIDE)
    assert all(OUTSIDE[1:] in numbers for numbers in api.account["dnc"].values())
    assert api.refused("setDoNotContact", dnclId="10", number=OUTSIDE) == "Invalid parameter: dnclId"


@pytest.mark.parametrize("word", ["STOP", "stop", "Arret", "ARRÊT", "arrêt!"])
def test_a_stop_is_listed_and_silences(api, word):
    api.do("inbound-sms", slug="jafone", to=api.dids[0], message=word, **{"from": OUTSIDE})
    assert api.get("getStops")[0]["PhoneNumber"] == OUTSIDE
    assert api.refused("sendSMS", **api.good("sendSMS")) == "Number is on the do not contact list"


@pytest.mark.parametrize("word", ["please stop by", "STOPPED", "arrêtez"])
def test_a_word_that_merely_begins_like_a_stop_is_none(api, word):
    stops = api.get("getStops")
    api.do("inbound-sms", slug="jafone", to=api.dids[0], message=word, **{"from": OUTSIDE})
    assert api.get("getStops") == stops and api.text()


def test_stops_are_filtered_by_day_newest_first(api):
    rows = api.get("getStops")
    assert len(rows) == 3 and [r["Received"] for r in rows] == sorted((r["Received"] for r in rows), reverse=True)
    day = rows[0]["Received"][:10].replace("-", "")
    assert api.get("getStops", **{"from": day, "to": day}) == rows[:1]


def test_somebody_outside_answers_by_the_clock(api):
    api.text("Bonjour, votre rendez-vous est demain")
    assert api.log()[-1]["Direction"] == "0"
    api.later(60), api.later(60)
    answer = wait_for(lambda: next((r for r in api.log(direction="1")[-1:] if "rendez-vous" in r["Message"]), None))
    assert answer["Number"] == OUTSIDE


def test_a_text_arrives_at_a_number_of_another_upstream_and_back(api):
    theirs = next(
        did["phone_number"]
        for did in api.sandbox.world.slugs["voicemeup"]["accounts"]["lachance"]["dids"].values()
        if "enable_sms" in did["options"]
        and did["status"] == "enabled"
        and "enable_sms_autoreply" not in did["options"]
    )
    api.text("entre nous", receiver=theirs)
    api.later(30)
    effects = [row for row in api.see("ledger?kind=sms_received") if row["slug"] == "voicemeup"]
    assert effects[-1]["data"]["message"] == "entre nous"


def test_a_text_between_two_accounts_here_arrives(api):
    clinic = api.other("clinique")
    api.text("du plombier", receiver=clinic.dids[0])
    api.later(30)
    row = clinic.log(direction="1")[-1]
    assert (row["Message"], row["Number"]) == ("du plombier", "1" + api.dids[0])


def test_the_log_lags_when_told(api):
    number = api.text("late")
    api.do("faults", slug="jafone", call="getSMS", fault="log_lag", args={"seconds": 60})
    assert number not in [row["Id"] for row in api.log()]
    api.later(61)
    assert number in [row["Id"] for row in api.log()]
