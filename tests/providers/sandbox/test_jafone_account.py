"""JaFone: who may ask, the account's money and its settings."""

import json
from decimal import ROUND_HALF_UP, Decimal

import pytest

from providers.sandbox import jafone
from tests.providers.sandbox.jafone_caller import OUTSIDE, PACKAGES, JaFone  # noqa: F401


@pytest.fixture
def api(running):
    caller = JaFone(running)
    caller.do("reset", seed=1)
    return caller


def test_all_24_actions_are_served_and_the_others_are_unknown(api):
    assert len(jafone.SERVED) == 24
    for action in jafone.SERVED:
        assert api.ask(action, **api.good(action))["Status"] == "Success", action
    assert api.refused("getEverything") == "Unknown action"
    assert api.refused("") == "Missing action"


def test_an_action_matches_whatever_its_case_and_the_usage_line_s_spelling_too(api):
    assert api.get("getbalance")["Amount"]
    assert api.get("setCallbackNumber", id="2", number=OUTSIDE)[1] == {"Id": "2", "PhoneNumber": "2635550102"}
    assert api.see("journal?slug=jafone")[-1]["call"] == "setCallBacknumber"


@pytest.mark.parametrize("wrong", [{"key": "nonsense"}, {"userId": "999999"}, {"key": ""}, {"userId": ""}])
def test_wrong_credentials_are_refused_in_the_envelope_with_http_200(api, wrong):
    assert api.refused("getBalance", **wrong) == "Invalid credentials"


def test_a_revoked_key_no_longer_opens(api):
    old = api.auth
    api.do("account", slug="jafone", key="lachance", set={"key": "brandnewkey1"})
    assert api.refused("getBalance", **old) == "Invalid credentials"
    assert api.balance()


def test_the_journal_has_what_was_asked_without_the_credentials(api):
    api.text("bonjour")
    row = api.see("journal?slug=jafone&call=sendSMS")[-1]
    assert (row["params"]["message"], row["params"]["key"], row["params"]["userId"]) == ("bonjour", "***", "***")
    assert row["account"] == "lachance" and row["effect_id"]
    assert api.account["api_key"] not in json.dumps(api.see("journal?slug=jafone"))


def test_accounts_are_listed_with_their_credentials(api):
    rows = {row["key"]: row for row in api.see("accounts?slug=jafone")}
    assert set(rows) == {"lachance", "clinique"}
    assert rows["lachance"]["credentials"] == {"user_id": api.account["user_id"], "key": api.account["api_key"]}


def test_a_path_beside_the_script_is_not_found(api):
    assert api.http("GET", "/jafone/v3/other.php")[0] == 404
    assert api.http("GET", "/jafone//v3/rest.php?action=getBalance")[0] == 200


def test_version_and_account(api):
    assert api.get("getApiVersion")["Version"] == "3.0.4 Build 20191006"
    info = api.get("getAccountInfo")
    assert info["AccountType"] == "JaFone" and info["Balance"] == api.balance() and info["Quality"] == "1"


def test_the_ledger_adds_up_to_the_balance_in_units_of_a_hundred_thousandth(api):
    rows = api.get("getTransactions")
    exact = Decimal(sum(int(row["Value"]) for row in rows)) / 100_000
    assert str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP)) == api.balance()
    fees = [row for row in rows if row["Type"] == "6"]
    assert {row["Value"] for row in fees} == {"-149500"} and all(
        "Frais mensuel: DID (" in r["Description"] for r in fees
    )
    payments = [row for row in rows if row["Type"] == "1"]
    assert payments and all(row["PaymemtId"] for row in payments)
    assert all(set(row) == {"Date", "Description", "Value", "Subaccount", "Type", "PaymemtId"} for row in rows)


def test_transactions_of_some_days_both_included(api):
    rows = api.get("getTransactions")
    day = rows[len(rows) // 2]["Date"][:10]
    plain = day.replace("-", "")
    found = api.get("getTransactions", **{"from": plain, "to": plain})
    assert found == [row for row in rows if row["Date"].startswith(day)]
    assert api.refused("getTransactions", **{"from": "2026-01-01"}) == "Invalid parameter: from"


def test_forwarding_accepts_both_spellings_and_keeps_its_number_when_switched_off(api):
    assert api.get("setCallForwarding", IsEnabled="yes", number="3675550111") == {
        "Enabled": "yes",
        "PhoneNumber": "3675550111",
    }
    assert api.get("setCallForwarding", isEnabled="no")["Enabled"] == "no"
    assert api.get("getCallForwardingInfo") == {"Enabled": "no", "PhoneNumber": "3675550111"}
    assert api.refused("setCallForwarding", isEnabled="yes") == "Invalid parameter: number"


def test_routing_type_is_a_list_of_one(api):
    assert api.get("setCallRoutingType", type="0") == [{"RoutingType": "0"}] == api.get("getCallRoutingType")
    assert api.refused("setCallRoutingType", type="2") == "Invalid parameter: type"


def test_leaving_is_enabled_out_switches_the_alert_off(api):
    assert api.get("setLowBalanceAlert", isEnabled="yes", amount="5.00") == {"Enabled": "true", "Amount": "5.00"}
    assert api.get("setLowBalanceAlert", amount="6") == {"Enabled": "false", "Amount": "6.00"}
    assert api.get("getLowBalanceAlertInfo")["Enabled"] == "false"


def test_a_low_balance_is_told_once(api):
    api.do("account", slug="jafone", key="lachance", set={"balance": "5.005"})
    api.get("setLowBalanceAlert", isEnabled="yes", amount="5.00")
    before = len(api.effects("low_balance_alert"))
    api.text("one"), api.text("two")
    assert len(api.effects("low_balance_alert")) - before == 1


def test_voicemail_addresses_are_replaced_whole(api):
    assert api.get("setVoicemailEmails", emails="a@x.example, b@x.example") == {
        "Emails": ["a@x.example", "b@x.example"]
    }
    assert api.get("getVoicemailEmails")["Emails"] == ["a@x.example", "b@x.example"]
    assert api.refused("setVoicemailEmails", emails="nonsense") == "Invalid parameter: emails"


def test_contacts_have_their_prefix_apart(api):
    contact = api.get("getContacts")[0]
    assert contact["Prefix"] == "1" and len(contact["PhoneNumber"]) == 10 and contact["Name"]


def test_fees_are_booked_on_the_first_of_the_month(api):
    fees = sum(row["Type"] == "6" for row in api.get("getTransactions"))
    api.later(32 * 86400)
    assert sum(row["Type"] == "6" for row in api.get("getTransactions")) >= fees + len(api.dids)


def test_a_pace_can_be_set(api):
    api.do("limits", slug="jafone", per_second=1)
    answers = [api.ask("getBalance") for _ in range(4)]
    assert {"Status": "Error", "Message": "Too many requests"} in answers
    api.do("limits", slug="jafone", per_second=0)
    assert api.balance()


@pytest.mark.parametrize(
    ("fault", "args", "words"),
    [
        ("hard_limit", {}, "Too many requests"),
        ("authentication_failed", {}, "Invalid credentials"),
        ("account_disabled", {}, "Invalid credentials"),
        ("insufficient_funds", {}, "Insufficient balance"),
        ("not_found", {}, "Invalid parameter: journalId"),
        ("error_code", {"code": "Number not in service"}, "Number not in service"),
    ],
)
@pytest.mark.parametrize("phase", ["before", "after"])
def test_faults_of_meaning_come_in_the_envelope_and_after_means_it_happened(api, fault, args, words, phase):
    sent = len(api.log(limit="9999"))
    api.do("faults", slug="jafone", call="sendSMS", fault=fault, args=args, phase=phase)
    assert api.refused("sendSMS", **api.good("sendSMS")) == words
    assert len(api.log(limit="9999")) - sent == (phase == "after")


def test_a_change_may_be_confirmed_and_not_be_there_afterwards(api):
    before = api.get("getVoicemailEmails")
    api.do("faults", slug="jafone", call="setVoicemailEmails", fault="read_back_differs", count=1)
    assert api.get("setVoicemailEmails", emails="new@x.example")["Emails"] == ["new@x.example"]
    assert api.get("getVoicemailEmails") == before
    assert api.text()  # the account is whole


def test_hostile_texts_reach_every_free_text(api):
    api.do("faults", slug="jafone", call="*", fault="hostile_text", args={"payload": "<script>"})
    assert {row["Message"] for row in api.log()} == {"<script>"}
    assert api.get("getContacts")[0]["Name"] == "<script>" and api.get("getContacts")[0]["Prefix"] == "1"


@pytest.mark.parametrize("action", [name for name in jafone.SERVED if name[:3] in ("set", "sen", "sch", "cre")])
def test_a_write_that_a_fault_stole_still_answers_in_its_shape(api, action):
    real = api.ask(action, **api.good(action))
    before = len(api.see("ledger?slug=jafone"))
    api.do("faults", slug="jafone", call=action, fault="byte_order_mark", phase="before", count=1)
    stolen = json.loads(api.wire(action, **api.good(action))[2].decode("utf-8-sig"))
    assert set(stolen) == set(real) and len(api.see("ledger?slug=jafone")) == before


def test_a_crowd_is_made_at_once(api):
    rows = api.do("crowd", slug="jafone", count=30)
    assert len(rows) == 30
    assert JaFone(api.sandbox, rows[-1]["key"]).balance()
    assert len({row["user_id"] for row in rows}) == 30
