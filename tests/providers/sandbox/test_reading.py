"""What the read requests show of the demo world, in both formats and both URL forms."""

import json
import xml.etree.ElementTree as ET
from urllib.parse import urlencode

from tests.providers.sandbox.caller import codes, many, status_of


def test_health_and_accounts(api):
    health = api.see("health")
    counts = health["counts"]["voicemeup"]
    assert health["status"] == "ok" and counts["dids"] > 240 and counts["sms"] > 3800
    accounts = api.see("accounts")
    assert [a["key"] for a in accounts] == ["lachance", "boreal", "velo", "harbour"]
    for account in accounts:
        assert len(account["client_account_id"]) == 8 and len(account["auth_token"]) == 32
        assert account["auth_token"] == account["auth_token"].lower()


def test_balance_in_the_manner_of_the_manual(api):
    funding = api.call("get_funding_details")["funding_details"]
    assert funding["account_balance"] == "18.42 CR" and funding["currency"] == "CAD"
    owing = api.other("harbour").call("get_funding_details")["funding_details"]
    assert owing["account_balance"] == "37.15" and owing["funds_left"] == "162.85 CR"
    rich = api.other("boreal").call("get_funding_details")["funding_details"]
    assert rich["account_balance"] == "1,284.77 CR"
    dollars = api.call("get_funding_details", currency="USD")["funding_details"]
    assert dollars["account_balance"] == "13.45 CR" and dollars["currency"] == "USD"
    assert codes(api.call("get_funding_details", currency="XYZ")) == ["currency_invalid"]


def test_the_ledger_ends_at_the_balance(api):
    lines = many(api.call("get_billing_activity")["billing_activity"], "transaction_details")
    assert lines[0]["balance"] == "18.42 CR"
    assert {line["type"] for line in lines} == {"invoice", "payment", "credit", "refund"}
    assert all(line["amount"].endswith(" CR") == (line["type"] != "invoice") for line in lines)
    day = lines[10]["date"][:10]
    some = many(api.call("get_billing_activity", date_from=day, date_to=day)["billing_activity"], "transaction_details")
    assert some and all(line["date"].startswith(day) for line in some)


def test_every_day_ends_with_a_bill(api):
    before = many(api.call("get_billing_activity")["billing_activity"], "transaction_details")
    api.do("clock", advance=3 * 86400)
    after = many(api.call("get_billing_activity")["billing_activity"], "transaction_details")
    new = after[: len(after) - len(before)]
    assert sum(line["description"].startswith("Usage ") for line in new) == 3
    balance = api.call("get_funding_details")["funding_details"]["account_balance"]
    assert after[0]["balance"] == balance != "18.42 CR"


def test_dids_and_their_filters(api):
    dids = api.dids()
    assert len(dids) == 12
    assert {d["npa"] for d in dids if d["type"] == "local"} == {"514", "450", "438"}
    assert sum(d["type"] == "tollfree" for d in dids) == 1
    one = dids[0]
    assert api.dids(phone_number=one["phone_number"]) == [one] == api.dids(client_did_id=one["client_did_id"])
    assert api.dids(phone_number="1" + one["phone_number"]) == [one]
    assert {d["npa"] for d in api.dids(npa="450")} == {"450"}
    assert all("enable_voicemail" in d["options"] for d in api.dids(options="enable_voicemail,enable_peer"))
    assert api.dids(**{"options[0]": "enable_forwarding", "options[1]": "enable_recording"})
    assert {d["status"] for d in api.dids(status="disabled")} == {"disabled"}
    assert codes(api.call("get_dids", npa="51", options="nonsense")) == ["npa_invalid", "options_invalid"]
    peer = one["peer_to_rings"].split(",")[0]
    assert one["client_did_id"] in {d["client_did_id"] for d in api.dids(client_peer_id=peer)}


def test_an_empty_result_is_an_empty_wrapper(api):
    answer = api.call("get_dids", npa="999")
    assert status_of(answer) == "success" and answer["dids"] == "" and codes(answer) == []


def test_xml_and_json_say_the_same(api):
    status, headers, body = api.raw("get_sms", output="xml", result_limit=1)
    assert headers["Content-Type"] == "text/xml; charset=utf-8" and b" ]]>" in body
    row = ET.fromstring(body).find("sms/sms_details")
    shown = api.call("get_sms", result_limit=1)["sms"]["sms_details"]
    assert {child.tag: (child.text or "").strip() for child in row} == shown
    assert row.get("sms_log_id") == shown["sms_log_id"]


def test_the_deprecated_form(api):
    params = {
        "client_account_id": api.account["client_account_id"],
        "auth_token": api.account["auth_token"],
        "request_type": "get_account_details",
    }
    path = "/voicemeup/xml_engine/xml_engine.php?"
    root = ET.fromstring(api.http("GET", path + urlencode(params))[2])
    assert root.find("account_details/organization").text.strip() == "Plomberie Lachance inc."
    body = json.loads(api.http("GET", path + urlencode({**params, "output_format": "JSON"}))[2])
    assert body["account_details"]["client_account_id"] == api.account["client_account_id"]


def test_get_and_post_are_the_same(api):
    assert json.loads(api.raw("get_account_preferences", method="GET")[2]) == api.call("get_account_preferences")


def test_the_reseller_and_its_customers(api):
    boreal = api.other("boreal")
    dids = boreal.dids()
    subs = many(boreal.call("get_subaccounts", get_associations="1")["subaccounts"], "subaccount_details")
    assert len(subs) == 9 and 220 <= len(dids) <= 260
    held = [d for sub in subs for d in sub["associated_dids"].split(",")]
    assert len(held) == len(set(held)) and any(d["client_subaccount_id"] == "0" for d in dids)
    states = set()
    for key in ("lachance", "boreal", "velo", "harbour"):
        ports = many(api.other(key).call("get_port_requests")["port_requests"], "port_request_details")
        states |= {port["status"] for port in ports}
    assert len(states) == 13


def test_numbers_and_names_keep_the_rules(api):
    taken = [d["phone_number"] for key in ("lachance", "boreal", "velo", "harbour") for d in api.other(key).dids()]
    assert len(taken) == len(set(taken))
    for key in ("lachance", "boreal"):
        for did in api.other(key).dids():
            assert did["phone_number"][3:7] == "5550" and 2 <= len(did["friendly_name"]) <= 32


def test_covered_numbers(api):
    entries = many(api.call("get_e911")["e911_endpoints"], "e911_details")
    assert len(entries) == 9 and [e["is_default"] for e in entries].count("1") == 1


def test_reference_lists(api):
    countries = many(api.call("get_countries")["countries"], "country_details")
    assert {"38": "Canada", "223": "United States"}.items() <= {
        c["country_id"]: c["country"] for c in countries
    }.items()
    states = many(api.call("get_states", country_id="38")["states"], "state_details")
    assert (
        len(states) == 13
        and {"state_id": "2", "state": "British Columbia", "state_code": "BC", "country_id": "38"} in states
    )
    assert codes(api.call("get_states")) == ["country_id_required"]
    assert codes(api.call("get_states", country_id="9999")) == ["country_id_invalid"]
    assert codes(api.call("get_rates")) == ["search_parameters_required"]
    assert many(api.call("get_rates", code="336")["rates"], "rate_details")[-1]["description"] == "France - Mobile"
    notices = many(api.call("get_network_status", mode="unresolved")["network_status"], "network_status_details")
    assert len(notices) == 1 and notices[0]["datetime_end"] == "0000-00-00 00:00:00"
    names = api.call("get_request_types")["request_types"]["request_type"]
    assert len(names) == 97 and "queue_sms" in names


def test_another_seed_is_another_world(api):
    before = api.see("accounts")
    api.do("reset", seed=2)
    after = api.see("accounts")
    assert [a["key"] for a in after] == [a["key"] for a in before]
    for old, new in zip(before, after, strict=True):
        assert all(old[name] != new[name] for name in old if name != "key")
    api.do("reset", seed=1)
    assert api.see("accounts") == before
