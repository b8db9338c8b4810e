"""VoiceTel: the account, its key, numbers, orders, gateways and look-ups. Every status is one of the description."""

import pytest

from providers.sandbox.voicetel import SERVED
from tests.providers.sandbox.voicetel_caller import CALLS, PACKAGES, STATUSES, VoiceTel  # noqa: F401 - PACKAGES is for the fixture `running`

OPEN = {"accountApiKey", "accountRecover", "accountSignup"}


@pytest.fixture
def api(running):
    caller = VoiceTel(running)
    caller.do("reset", seed=1)
    return caller


@pytest.mark.parametrize("name", CALLS)
def test_every_call_has_its_path_with_its_slash_and_asks_for_a_key(api, name):
    _, path, _ = CALLS[name]
    assert api.raw(name, {}, path=path.rstrip("/"))[0] == 404
    assert api.raw(name, {}, method="PUT")[0] == 405
    if name in OPEN:
        return
    assert api.raw(name, {}) == (
        400,
        {"statusCode": "400", "status": "Error", "message": "Field Required: apikey"},
    )
    status, answer = api.raw(name, {"apikey": "0" * 32})
    assert status == 401 and status in STATUSES[name] and answer["statusCode"] == "401"


def test_the_sandbox_serves_exactly_the_described_calls():
    assert set(SERVED) == set(CALLS) and len(SERVED) == 58


def test_quirks_take_paths_without_slash_and_digits_as_text(api):
    api.do("settings", quirks=["voicetel"])
    assert api.raw("accountInfo", {"apikey": api.account["apikey"]}, path="/v2.1/account/info")[0] == 200
    assert api.call("numbersList", number=api.texting())[0] == 200
    api.do("settings", quirks=[])
    assert api.call("numbersList", number=api.texting())[0] == 400


def test_the_header_wins_over_the_body(api):
    good, bad = api.account["apikey"], "f" * 32
    assert api.raw("aclList", {"apikey": good})[0] == 200
    assert api.raw("aclList", {"apikey": bad}, {"Authorization": f"Bearer {good}"})[0] == 200
    assert api.raw("aclList", {"apikey": good}, {"Authorization": f"Bearer {bad}"})[0] == 401
    assert api.raw("aclList", b"{", {"Authorization": f"Bearer {good}"})[0] == 400


def test_secrets_stay_out_of_the_journal(api):
    account = api.account
    api.raw("accountApiKey", {"username": int(account["username"]), "password": account["password"]})
    api.raw("accountInfo", {"apikey": account["apikey"]})
    text = str(api.see("journal"))
    assert account["password"] not in text and account["apikey"] not in text
    row = api.see("journal?call=accountInfo")[-1]
    assert row["account"] == "lachance" and row["params"]["apikey"] == "***" and row["params"]["ip"] == "127.0.0.1"


def test_the_account_as_its_owner_sees_it(api):
    (row,) = api.good("accountInfo")["account"]
    assert row["name"] == "Plomberie Lachance inc." and row["username"] == api.account["username"]
    assert isinstance(row["cash"], float) and row["cash"] == float(api.account["cash"])
    charges = {name: amount for one in api.good("accountMrc")["mrc"] for name, amount in one.items()}
    assert charges["did"] == 0.75 * 7 and charges["total"] == pytest.approx(sum(charges.values()) / 2)
    assert api.good("accountRegistration")["account"]["uri"].startswith("sip:518")


def test_the_calls_of_a_window_whose_start_is_the_newer_end(api):
    now = int(api.see("clock")["now"])
    rows = api.good("accountCdr", start=now, end=now - 30 * 86400)["cdr"]
    moments = [int(row["key"][1]) for row in rows]
    assert len(rows) > 100 and moments == sorted(moments, reverse=True)
    assert set(rows[0]["value"]) == {"cid", "dst", "ip", "dur", "nr", "ba", "cn"}
    assert all(moment > now - 86400 for moment in (int(r["key"][1]) for r in api.good("accountCdr")["cdr"]))
    api.bad("accountCdr", 400, start=now - 86400, end=now)


def test_calls_go_on_as_the_hours_pass(api):
    before = len(api.account["cdr"])
    api.do("clock", advance=72 * 3600)  # a working day is among them, whatever today is: nobody calls of a Sunday
    assert len(api.account["cdr"]) > before + 5
    assert float(api.account["cash"]) != 63.4155


def test_the_key_for_username_and_password(api):
    account = api.account
    username = int(account["username"])
    status, answer = api.raw("accountApiKey", {"username": username, "password": account["password"]})
    assert status == 200 and answer["apikey"] == account["apikey"]
    assert api.raw("accountApiKey", {"username": username, "password": "wrong1234"})[0] == 401
    assert api.raw("accountApiKey", {"username": username})[1]["message"] == "Field Required: password"


def test_a_new_password_makes_a_new_key(api):
    old = api.account["apikey"]
    api.bad("authUpdate", 409, password="short", authType=2)
    assert api.account["auth_type"] == 2 and api.account["apikey"] == old
    answer = api.good("authUpdate", password="abc12345")
    assert answer["update"] == [{"password": "updated", "status": "Success"}]
    assert api.raw("accountInfo", {"apikey": old})[0] == 401
    username = int(api.account["username"])
    assert api.raw("accountApiKey", {"username": username, "password": "abc12345"})[1]["apikey"] != old
    shown = api.good("authList", instructions=True, authorizedEndpoints=True)["account"]
    assert shown["authType"] == 2 and len(shown["authorizedEndpoints"]) == 12 and len(shown["instructions"]) == 4


def test_only_an_administrator_adds_accounts(api):
    wanted = {"name": "Lachance Champlain", "username": 5185550001, "email": "champlain@lachance.example"}
    made = api.good("accountAdd", **wanted, masterAccount=int(api.account["username"]))["account"]
    assert made["username"] == 5185550001 and len(made["password"]) == 10
    api.bad("accountAdd", 409, **wanted)
    api.bad("accountAdd", 409, **wanted | {"username": 5185550002}, masterAccount=5185559999)
    api.other("saranac").bad("accountAdd", 401, **wanted | {"username": 5185550003})
    status, answer = api.raw("accountApiKey", {"username": 5185550001, "password": made["password"]})
    assert status == 200 and api.raw("numbersList", {"apikey": answer["apikey"]})[0] == 404


def test_signing_up_and_recovering(api):
    made = api.raw("accountSignup", {"name": "New Café", "email": "me@cafe.example"})[1]["account"]
    assert made["masterAccount"] == made["username"] and len(api.effects("verification_mail")) == 1
    assert api.raw("accountSignup", {"name": "Again", "email": "ME@cafe.example"})[0] == 409
    assert api.raw("accountRecover", {"email": "me@cafe.example"})[0] == 200
    assert api.raw("accountRecover", {"email": "nobody@cafe.example"})[0] == 404
    status, answer = api.raw("accountRecover", {"email": "no address"})
    assert (status, answer["message"], answer["requirement"]) == (400, "Field: email", "Must be valid")


def test_access_list_in_parts(api):
    answer = api.bad(
        "aclAdd",
        409,
        acl=[{"cidr": "192.0.2.0/24"}, {"cidr": "10.0.0.0/8"}, {"cidr": "192.0.2.0/25"}, {"cidr": "192.0.2.0/24"}],
    )
    assert answer["acl_success"] == [{"cidr": "192.0.2.0/24"}]
    assert [row["error"] for row in answer["acl_failed"]] == [
        "CIDR range must be routable",
        "Invalid mask",
        "DB Insert failed",
    ]
    api.good("aclRemove", acl=[{"cidr": "192.0.2.0/24"}])
    assert api.bad("aclRemove", 409, acl=[{"cidr": "192.0.2.0/24"}])["acl_success"] is None
    api.other("saranac").bad("aclList", 404)


def test_numbers_routed_forwarded_named(api):
    mine, foreign = api.silent(), int(api.other("saranac").texting())
    listed = api.good("numbersList")["numbers"]
    assert len(listed) == 7 and {"number", "route", "ip"} == set(listed[0])
    assert api.bad("numbersList", 404, number=foreign)["numbers"] == "Not Found"
    route = int(next(iter(api.account["gateways"])))
    api.good("numbersRoute", numbers=[{"number": int(mine), "route": route}])
    assert api.good("numbersList", number=int(mine))["numbers"][0]["ip"] == "198.51.100.30:5060"
    answer = api.bad("numbersRoute", 409, numbers=[{"number": int(mine), "route": 77}, {"number": foreign, "route": 1}])
    assert [row["message"] for row in answer["numbers_failed"]] == ["Invalid Route", "Failed"]
    answer = api.good("numbersForwardSet", numbers=[{"number": int(mine), "destination": 6035550101}])
    assert answer["foward"] == [{"number": mine, "destination": "6035550101"}] and answer["message"] == "Foward results"
    answer = api.good("numbersForwardRemove", numbers=[{"number": int(mine)}])
    assert answer["foward"] == [{"number": mine, "destination": "removed"}]
    assert api.bad("numbersForwardRemove", 409, numbers=[{"number": int(mine)}])["foward_success"] is None
    assert api.good("numbersCnam", numbers=[{"number": int(mine), "cnam": True}])["numbers"][0]["cnam"] == "TRUE"
    api.good("numbersLidb", numbers=[{"number": int(mine), "cnam": "LACHANCE"}])
    api.bad("numbersLidb", 409, numbers=[{"number": int(mine), "cnam": "MUCH TOO LONG A NAME"}])
    api.good("numbersTranslations", numbers=[{"number": int(mine), "translation": "100#"}])
    api.bad("numbersTranslations", 400, numbers=[{"number": int(mine), "translation": "abc"}])
    row = api.see(f"did?slug=voicetel&phone_number={mine}")
    assert (row["lidb"], row["translation"], row["cnam"], row["forward"]) == ("LACHANCE", "100#", True, "")


def test_numbers_come_and_go(api):
    first, second = api.for_sale()[:2]
    cash = float(api.account["cash"])
    order = {"tnList": {"tnItem": [{"tn": int(first), "route": 1}]}}
    assert api.good("tnOrder", tnOrder=order)["orderId"].isdigit()
    assert float(api.account["cash"]) == pytest.approx(cash - 0.75)
    api.bad("tnOrder", 409, tnOrder=order)
    assert first not in api.for_sale()
    answer = api.bad("numbersAdd", 409, numbers=[{"number": int(second)}, {"number": int(first)}])
    assert (
        answer["numbers_success"] == [{"number": int(second), "route": 1}] and answer["message"] == "Numbers not added"
    )
    api.good("numbersRemove", numbers=[{"number": int(first)}])
    assert first not in api.for_sale() and first not in api.account["numbers"]
    api.good("numbersAdd", numbers=[{"number": int(first), "route": 1}])
    api.good("numbersDisconnect", numbers=[{"number": int(first)}])
    assert first in api.sandbox.world.slugs["voicetel"]["inventory"]
    assert api.bad("numbersRemove", 409, numbers=[{"number": int(first)}])["numbers_error"][0]["reason"] == "Failed"


def test_no_money_no_number(api):
    api.do("account", slug="voicetel", key="lachance", set={"cash": "0.50"})
    api.bad("numbersAdd", 402, numbers=[{"number": int(api.for_sale()[0])}])
    assert float(api.account["cash"]) == 0.5


def test_moving_to_another_account(api):
    mine, other = api.silent(), api.other("saranac")
    target = int(other.account["username"])
    answer = api.bad("numbersMove", 409, numbers=[{"number": int(mine), "route": 1001, "account": target}])
    assert answer["numbers_failed"][0]["message"] == "Invalid Route"
    api.good("numbersMove", numbers=[{"number": int(mine), "route": 1, "account": target}])
    assert mine in other.account["numbers"] and mine not in api.account["numbers"]
    back = {"number": int(mine), "route": 1, "account": int(api.account["username"])}
    assert other.bad("numbersMove", 409, numbers=[back])["numbers_failed"][0]["message"] == "Failed"


def test_what_is_for_sale(api):
    rows = api.good("tnInventory", quantity=3, tnMask="413555xxxx")["tnResult"]
    assert len(rows) == 3 and {row["province"] for row in rows} == {"MA"} and rows[0]["lata"] == 126
    assert api.good("tnInventory", quantity=3, tnMask="212xxxxxxx")["tnResult"] == []
    api.bad("tnInventory", 400, quantity=3, tnMask="413")
    counts = api.good("tnInventoryCoverage", countBy="state")["tnInventoryCoverageList"]
    assert sum(row["count"] for row in counts) == 120 and {row["npa"] for row in counts} == {""}
    (row,) = api.good("tnInventoryCoverage", npa="207")["tnInventoryCoverageList"]
    assert row == {"locState": "ME", "rcAbbre": "PORTLAND", "lata": "120", "npa": "207", "nxx": "555", "count": 24}


def test_brands_and_campaigns(api):
    brand = {"messagingBrandDescription": "Repairs", "messagingBrandName": "North", "messagingBrandId": "BN1"}
    api.good("addMessagingBrand", **brand)
    api.bad("addMessagingBrand", 470, **brand | {"messagingBrandId": "BN2"})
    api.bad("addMessagingBrand", 409, **brand | {"messagingBrandName": "South"})
    api.bad("addMessagingBrand", 414, messagingBrandName="X")
    campaign = {"externalCampaignId": "CN1", "campaignDescription": "Reminders", "messagingBrandId": "BN1"}
    api.good("addMessagingCampaign", **campaign)
    api.bad("addMessagingCampaign", 430, **campaign | {"messagingBrandId": "NONE"})

    def item(number, name="CN1"):
        return {"tnList": {"tnItem": [{"tn": number, "tnFeature": {"messaging": {"tnCampaign": name}}}]}}

    mine = api.texting()
    assert isinstance(api.good("tnMessagingCampaign", tnCampaign=item(mine))["orderId"], int)
    api.bad("tnMessagingCampaign", 432, tnCampaign=item(api.other("saranac").texting()))
    api.bad("tnMessagingCampaign", 414, tnCampaign={})
    found = api.good("campaigns", campaignIDs=[{"campaignID": "CN1"}])
    assert found["campaign_numbers"] == {"CN1": ["1" + mine]}
    assert api.good("campaigns")["campaign_event_status"]["CLACH01"] == "CAMPAIGN_DCA_COMPLETE"


def test_gateways(api):
    (row,) = api.good("gatewaysAdd", gateways=[{"gateway": "203.0.113.9"}])["gateways"]
    assert row["IP"] == "203.0.113.9" and int(row["route"]) > 1000
    answer = api.bad("gatewaysAdd", 409, gateways=[{"gateway": "10.0.0.1"}, {"gateway": "sip.example:5061"}])
    assert answer["added_failed"] == ["10.0.0.1"] and answer["added_success"] == ["sip.example:5061"]
    assert {"gateway": "USER", "route": "1"} in api.good("gatewaysList")["gateways"]
    route = int(row["route"])
    api.good("gatewaysUpdate", gateways=[{"route": route, "gateway": "sip2.example"}])
    answer = api.bad(
        "gatewaysUpdate", 409, gateways=[{"route": 9, "gateway": "a.example"}, {"route": route, "gateway": "?"}]
    )
    assert [one["message"][:7] for one in answer["update_failed"]] == ["Invalid", "Gateway"]
    used = next(one["route"] for one in api.account["numbers"].values() if one["route"] > 1000)
    answer = api.bad("gatewaysRemove", 409, routes=[{"route": used}, {"route": route}])
    assert answer["removed_failed"] == [{"route": used}] and answer["removed_success"] == [{"route": route}]


def test_look_ups(api):
    mine = int(api.texting())
    found = api.good("infoLrn", cid=mine, dst=6035550101)["lrn"]
    assert found["STATE"] == "NH" and found["JURISDICTION"] == "INTERSTATE" and found["LOCAL"] == "N"
    assert api.good("infoLrn", cid=6035550102, dst=mine)["lrn"]["LEC"] == "VOICETEL"
    assert api.good("infoCnam", cid=mine)["cnam"] == "LACHANCE PLUMB"
    assert list(api.good("infoRespOrg", tn=8005550142)["RespOrg"]) == ["8005550142"]
    api.bad("infoRespOrg", 400, tn=mine)
    api.other("saranac").bad("infoLrn", 401, cid=mine, dst=mine)


def test_faults_of_meaning_speak_this_upstreams_way(api):
    def rule(call, fault, **more):
        api.do("faults", slug="voicetel", call=call, fault=fault, count=1, **more)

    rule("accountInfo", "hard_limit")
    api.bad("accountInfo", 429)
    rule("accountInfo", "authentication_failed")
    api.bad("accountInfo", 401)
    rule("portInAvailability", "error_code", args={"status": 431, "message": "Temporarily impossible"})
    assert api.bad("portInAvailability", 431, tnList={"tnItem": [{"tn": 6035550101}]})["message"].startswith("Temp")
    rule("numbersLidb", "error_code", phase="after")
    api.bad("numbersLidb", 409, numbers=[{"number": int(api.silent()), "cnam": "AFTER"}])
    assert api.account["numbers"][api.silent()]["lidb"] == "AFTER"
    rule("accountInfo", "hostile_text", args={"payload": "<b>"})
    assert api.good("accountInfo")["account"][0]["name"] == "<b>"


FAULTS = ("hard_limit", "authentication_failed", "token_expired", "account_disabled", "insufficient_funds", "not_found",
          "error_code")  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(CALLS) - OPEN))
def test_every_fault_of_meaning_has_a_status_of_the_description(api, name):
    """Some have none that fits (no money for a list): there it is 409."""
    for fault in FAULTS:
        api.do("faults", slug="voicetel", call=name, fault=fault, count=1)
        status, answer = api.raw(name, {"apikey": api.account["apikey"]})
        assert answer["status"] == "Error" and answer["statusCode"] == str(status)
        if not (fault == "hard_limit" and 429 not in STATUSES[name]) and fault != "insufficient_funds":
            assert status in STATUSES[name], fault


def test_only_a_part_is_carried_out(api):
    first, second = list(api.account["numbers"])[:2]
    api.do("faults", slug="voicetel", call="numbersCnam", fault="partial_success", count=1)
    rows = [{"number": int(number), "cnam": True} for number in (first, second)]
    answer = api.bad("numbersCnam", 409, numbers=rows)
    assert [one["number"] for one in answer["numbers_success"]] == [first]
    assert answer["numbers_failed"] == [{"number": second, "cnam": "TRUE", "message": "Failed"}]


def test_a_stolen_write_answers_alike_and_does_nothing(api):
    number = api.for_sale()[0]
    order = {"tnList": {"tnItem": [{"tn": int(number)}]}}
    api.do("faults", slug="voicetel", call="tnOrder", fault="slow_bytes", args={"interval": 0}, count=1)
    assert api.good("tnOrder", tnOrder=order)["orderId"]
    assert number not in api.account["numbers"] and api.effects("number_assigned") == []
    assert number in api.for_sale()
    assert api.good("tnOrder", tnOrder=order) and number in api.account["numbers"]
