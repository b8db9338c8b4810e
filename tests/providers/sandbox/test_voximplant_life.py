"""What happens at Voximplant's side of the sandbox: texts, money, numbers, reports, and what customers are told of it."""

import gzip
import hashlib
import json
import time
from decimal import Decimal

import pytest

from providers.sandbox import voximplant
from providers.sandbox.voximplant import callbacks, sms_life
from tests.providers.sandbox.caller import wait_for
from tests.providers.sandbox.voximplant_caller import OUTSIDE, Voximplant

DAY = 86400
MIAMI = {"country_code": "US", "phone_category_name": "GEOGRAPHIC", "phone_region_id": 5188}
NEW_YORK = {**MIAMI, "phone_region_id": 5301}


@pytest.fixture
def api(running):
    caller = Voximplant(running)
    caller.do("reset", seed=1)
    return caller


@pytest.fixture
def told(api, listener):
    """`told(type)` waits for a callback of that type; the account calls back to a listener."""
    api.calls_back_to(listener.url)

    def of(kind):
        rows = wait_for(lambda: [r for body in listener.bodies for r in body["callbacks"] if r["type"] == kind])
        assert all(proven(api.account, row) for row in rows)
        return rows[-1][kind]

    return of


def proven(account, row):
    text = f"s4lt-91{account['account_id']}{account['api_key']}{row['callback_id']}"
    return row["hash"] == hashlib.md5(text.encode()).hexdigest()


def text(api, destination=OUTSIDE, body="Hello", **more):
    return api.get("SendSmsMessage", source=api.line, destination=destination, sms_body=body, **more)["message_id"]


def logged(api, number):
    return api.get("GetSmsHistory", message_id=number)["result"][0]


# -- the world


def test_a_seed_is_a_world_and_it_can_be_written_down():
    now = time.time()
    worlds = [voximplant.build(seed, now) for seed in (1, 1, 2)]
    assert worlds[0] == worlds[1] != worlds[2]
    assert json.loads(json.dumps(worlds[0])) == worlds[0]


@pytest.mark.parametrize("key", ["lachance", "fogline"])
def test_the_ledger_adds_up_and_every_call_and_text_is_in_it(api, key):
    account = api.other(key).account
    amounts = {row["transaction_id"]: Decimal(row["amount"]) for row in account["transactions"]}
    assert sum(amounts.values()) == Decimal(account["balance"]) > 0
    charged = [(one["transaction_id"], one["cost"]) for row in account["sessions"] for one in row["calls"]]
    charged += [(row["transaction_id"], row["cost"]) for row in (*account["sms"], *account["a2p"])]
    assert len(charged) > 600 and all(amounts[number] == -Decimal(cost) for number, cost in charged)
    assert list(amounts) == sorted(amounts)


def test_numbers_are_fictional_and_of_this_upstreams_area_codes(api):
    state = api.sandbox.world.slugs["voximplant"]
    numbers = {row["phone_number"] for row in state["stock"]}
    for account in state["accounts"].values():
        numbers |= {row["phone_number"] for row in account["numbers"]}
        numbers |= {row[end] for row in account["sms"] for end in ("source", "destination")}
        numbers |= {call["remote"] for row in account["sessions"] for call in row["calls"]}
    assert {number[:7] for number in numbers} == {"1628555", "1929555", "1786555"}
    assert all("0100" <= number[7:] <= "0198" for number in numbers)


# -- texts


@pytest.mark.parametrize(
    ("body", "parts"),
    [("x" * 160, 1), ("x" * 161, 2), ("x" * 306, 2), ("x" * 307, 3), ("ê" * 70, 1), ("ê" * 71, 2), ("€" * 81, 2)],
)
def test_a_text_has_as_many_parts_as_its_signs_need(body, parts):
    assert sms_life.fragments(body) == parts


def test_a_text_costs_waits_and_leaves(api):
    before = Decimal(str(api.balance()))
    number = text(api, body="x" * 161)
    assert logged(api, number)["status_id"] == "3"
    assert before - Decimal(str(api.balance())) == Decimal("0.0158")
    api.later(2)
    row = logged(api, number)
    assert (row["status_id"], row["fragments"], row["cost"], row["direction"]) == ("1", 2, 0.0158, "OUT")
    booked = api.get("GetTransactionHistory", transaction_id=row["transaction_id"])["result"][0]
    assert booked["amount"] == -0.0158 and booked["transaction_type"] == "resource_charge"


def test_a_number_that_cannot_be_reached_is_an_error_in_the_log(api):
    number = text(api, "17865550199")
    api.later(2)
    assert logged(api, number)["status_id"] == "2" and logged(api, number)["error_message"]


def test_a_text_for_another_account_here_arrives_and_is_told(api, told, listener):
    couriers = api.other("fogline")
    couriers.get("SetPhoneNumberInfo", phone_number=couriers.line, incoming_sms_callback_url=f"{listener.url}&own=1")
    couriers.get("SetAccountInfo", callback_salt="s4lt-91")
    text(api, couriers.line, "Where is the parcel?")
    api.later(3)
    row = wait_for(lambda: [r for body in listener.bodies for r in body["callbacks"]])[0]
    assert row["sms_inbound"]["sms_body"] == "Where is the parcel?" and proven(couriers.account, row)
    assert row["sms_inbound"]["source_number"] == api.line
    assert listener.paths[0].endswith("own=1")
    newest = couriers.get("GetSmsHistory", direction="in", count=1)["result"][0]
    assert (newest["source_number"], newest["text"], newest["cost"]) == (api.line, "Where is the parcel?", 0.0045)


def test_texts_go_between_upstreams(api):
    jafone = next(iter(api.sandbox.upstreams["jafone"].state["accounts"].values()))
    other = "1" + next(iter(jafone["dids"]))
    text(api, other, "bonjour")
    api.later(3)
    assert [row for row in jafone["sms"] if row["number"] == api.line and row["message"] == "bonjour"]


def test_somebody_outside_answers(api):
    text(api, OUTSIDE, "See you tomorrow")
    api.later(3)
    api.later(3)
    newest = api.get("GetSmsHistory", direction="IN", count=1)["result"][0]
    assert newest["source_number"] == OUTSIDE and "See you tomorrow" in newest["text"]


def test_words_are_kept_only_when_that_was_wanted(api):
    api.get("SetAccountInfo", store_outbound_sms=False)
    assert "text" not in logged(api, text(api))
    assert logged(api, text(api, store_body=True))["text"] == "Hello"


def test_a_number_without_sms_sends_and_gets_none(api):
    line = api.line
    api.get("ControlSms", phone_number=line, command="disable")
    assert api.refused("SendSmsMessage", source=line, destination=OUTSIDE, sms_body="x") == 386
    assert not api.sandbox.upstreams["voximplant"].takes_texts("+" + line)
    assert api.do("inbound-sms", slug="voximplant", **{"from": OUTSIDE, "to": line, "message": "x"})["sms"] == []
    assert api.refused("SendSmsMessage", source=OUTSIDE, destination=line, sms_body="x") == 422


def test_sender_names_reach_many_and_their_failures_are_told_one_by_one(api):
    params = {"src_number": "LACHANCE", "dst_numbers": [OUTSIDE, "17865550199", "12"], "text": "Hi"}
    answer = api.get("A2PSendSms", **params)
    assert [row["destination_number"] for row in answer["failed"]] == ["12"]
    api.later(2)
    ids = [row["message_id"] for row in answer["result"]]
    rows = api.get("A2PGetSmsHistory", message_id=ids)["result"]
    assert {row["destination_number"]: row["delivery_status"] for row in rows} == {
        OUTSIDE: "DELIVERED",
        "17865550199": "FAILED",
    }
    assert api.refused("A2PSendSms", **{**params, "src_number": "OTHER"}) == 507


def test_without_money_nothing_is_sent(api):
    api.do("account", slug="voximplant", key="lachance", set={"balance": "0.001"})
    sent = {"source": api.line, "destination": OUTSIDE, "sms_body": "x"}
    assert api.refused("SendSmsMessage", **sent) == 127
    assert api.effects("sms_sent") == [] or api.get("GetSmsHistory", count=1)["result"][0]["text"] != "x"


# -- numbers


def test_a_number_is_rented_paid_and_begins_to_work(api, told):
    before = Decimal(str(api.balance()))
    row = api.get("AttachPhoneNumber", **NEW_YORK, phone_count=1)["phone_numbers"][0]
    shown = api.get("GetPhoneNumbers", phone_id=row["phone_id"])["result"][0]
    assert shown["activation_status"] == "ACTIVATING" and shown["phone_number"] == row["phone_number"]
    assert before - Decimal(str(api.balance())) == Decimal("1.25")
    api.later(4)
    assert told("phone_number_activation_status_changed") == {
        "phone_number_activation_status_changed": {
            "phone_number": row["phone_number"],
            "activation_status": "ACTIVE",
        }
    }
    assert api.refused("AttachPhoneNumber", phone_number=row["phone_number"]) == 335
    assert api.other("fogline").refused("AttachPhoneNumber", phone_number=row["phone_number"]) == 182


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"country_code": "XX"}, 239),
        ({"phone_category_name": "MOBILE"}, 240),
        ({"phone_region_id": 1}, 241),
        ({"country_state": "FL"}, 242),
        ({"phone_count": 0}, 243),
        ({"phone_count": 99}, 332),
        ({"phone_category_name": "TOLLFREE", "phone_region_id": 5402}, 331),
        ({"regulation_address_id": 1}, 531),
    ],
)
def test_what_cannot_be_rented_says_why(api, changes, code):
    assert api.refused("AttachPhoneNumber", **{**NEW_YORK, "phone_count": 1, **changes}) == code


def test_a_regulated_region_wants_a_verified_address(api):
    addresses = {row["status"]: row["regulation_address_id"] for row in api.get("GetRegulationsAddress")["result"]}
    want = {**MIAMI, "phone_count": 1}
    assert api.refused("AttachPhoneNumber", **want) == 485
    assert api.refused("AttachPhoneNumber", **want, regulation_address_id=1) == 424
    assert api.refused("AttachPhoneNumber", **want, regulation_address_id=addresses["IN_PROGRESS"]) == 366
    assert api.get("AttachPhoneNumber", **want, regulation_address_id=addresses["VERIFIED"])["result"] == 1


def test_a_number_that_was_given_up_leaves_with_the_paid_month(api, told):
    line = api.line
    api.get("DeactivatePhoneNumber", phone_number=line)
    assert api.get("GetPhoneNumbers", phone_number=line)["result"][0]["canceled"] is True
    api.later(32 * DAY)
    assert (
        told("subscription_is_detached")["subscriptions"][0]["details"][0]["phone_numbers"][0]["phone_number"] == line
    )
    assert api.get("IsAccountPhoneNumber", phone_number=line)["result"] is False


def test_a_bound_number_says_where_its_calls_go(api):
    app = api.get("AddApplication", application_name="nights")["application_id"]
    rule = api.get("AddRule", application_id=app, rule_name="all", rule_pattern=".*", scenario_id=1)["rule_id"]
    api.get("BindPhoneNumberToApplication", phone_number=api.line, application_name="nights", rule_name="all")
    row = api.get("GetPhoneNumbers", application_id=app)["result"][0]
    assert (row["phone_number"], row["rule_id"]) == (api.line, rule)
    api.get("BindPhoneNumberToApplication", phone_number=api.line, application_id=app, bind=False)
    assert api.get("GetPhoneNumbers", application_id=app)["total_count"] == 0


# -- money


def test_unpaid_numbers_freeze_and_are_renewed_by_hand(api, told):
    api.do("account", slug="voximplant", key="lachance", set={"balance": "0", "autopay": None})
    api.later(32 * DAY)
    assert told("subscription_is_frozen")["subscriptions"]
    frozen = api.get("GetPhoneNumbers", deactivated=True)["result"]
    assert len(frozen) == 5
    due = api.get("GetMoneyAmountToCharge")["result"]
    assert due["amount"] == 7.9 and due["bank_card_amount_usd"] == 10
    assert api.refused("ChargeAccount", phone_number=frozen[0]["phone_number"]) == 127
    api.do("account", slug="voximplant", key="lachance", payment="20")
    answer = api.get("ChargeAccount", phone_number=frozen[0]["phone_number"])["result"]
    assert answer["phones"][0]["is_charged"] is True and answer["charged_amount"] == frozen[0]["phone_price"]
    assert len(api.get("GetPhoneNumbers", deactivated=True)["result"]) == 4


def test_a_payment_and_a_low_balance_are_told(api, told):
    api.do("account", slug="voximplant", key="lachance", payment="20", kind="wire_transfer")
    payment = told("wire_transfer")
    assert payment["amount"] == 20 and payment["transaction_type"] == "wire_transfer"
    api.do("account", slug="voximplant", key="lachance", set={"balance": "9", "autopay": None})
    assert told("min_balance") == {"is_min_credit": False, "is_repeated": False}
    api.later(DAY)
    wait_for(lambda: told("min_balance")["is_repeated"])


def test_money_moves_between_parent_and_child(api):
    child = api.other("lachance-laval").account["account_id"]
    moved = {"child_account_id": child, "amount": "2.50", "payment_reference": "r-1"}
    before = Decimal(str(api.balance()))
    assert Decimal(str(api.get("TransferMoneyToChildAccount", **moved)["balance"])) == before - Decimal("2.5")
    assert api.get("GetAccountInfo", api.signed(iss=child))["result"]["balance"] == 15
    again = {**moved, "check_duplicate_reference_from": "2020-01-01 00:00:00"}
    assert api.refused("TransferMoneyToChildAccount", **again) == 303
    assert api.refused("TransferMoneyToChildAccount", **{**moved, "amount": "-999"}) == 127


def test_a_plan_is_changed_only_upwards(api):
    assert api.get("ChangeAccountPlan", plan_type="IM")["account_info"]["balance"] > 0
    assert api.get("GetAccountPlans", plan_type="IM")["result"][0]["plan_subscription_template_id"] == 2102
    assert api.refused("ChangeAccountPlan", plan_subscription_template_id=2101) == 379
    assert api.refused("ChangeAccountPlan") == 485


# -- accounts


def test_a_new_child_signs_in_and_its_name_is_taken(api):
    new = {"account_name": "lachance-nord", "account_email": "n@lachance.example", "account_password": "Tr0mbone-91"}
    made = api.get("AddAccount", **new, active=True, location="America/Toronto")
    assert api.get("GetAccountInfo", api.signed(iss=made["account_id"]))["result"]["location"] == "America/Toronto"
    for changes, code in (
        ({}, 106),
        ({"account_name": "other-one"}, 128),
        ({"account_name": "abc"}, 113),
        ({"account_name": "1abcde"}, 114),
        ({"account_name": "other-one", "account_email": "x"}, 136),
        ({"account_name": "other-one", "account_email": "x@y.example", "account_password": "weak"}, 464),
        ({"account_name": "other-one", "account_email": "x@y.example", "account_password": "Has Blank-1"}, 524),
        ({"account_name": "other-one", "account_email": "x@y.example", "language_code": "xx"}, 202),
    ):
        assert api.refused("AddAccount", **{**new, **changes}) == code, changes


def test_the_parents_older_credentials_add_a_child_too(api):
    parent = {"parent_account_id": api.account["account_id"], "parent_account_api_key": api.account["api_key"]}
    new = {"account_name": "lachance-sud", "account_email": "s@lachance.example", "account_password": "Tr0mbone-91"}
    kind = {"Content-Type": "application/json"}
    answer = json.loads(api.http("POST", "/platform_api/AddAccount", json.dumps({**parent, **new}), kind)[2])
    assert answer["result"] == 1 and answer["api_key"]


def test_an_email_is_changed_only_with_the_password(api):
    assert api.refused("SetAccountInfo", new_account_email="new@lachance.example") == 537
    signed = {"account_id": api.account["account_id"], "account_password": api.account["account_password"]}
    form = {**signed, "new_account_email": "new@lachance.example"}
    assert json.loads(api.post("/platform_api/SetAccountInfo", form)[2]) == {"result": 1}
    assert api.get("GetAccountInfo")["result"]["account_email"] == "new@lachance.example"


def test_children_are_selected_and_unknown_ones_are_not(api):
    assert api.refused("GetChildrenAccounts") == 485
    assert api.refused("GetChildrenAccounts", child_account_id="1") == 194
    assert api.get("GetChildrenAccounts", child_account_id="1", ignore_invalid_accounts=True)["result"] == []
    assert api.get("GetChildrenAccounts", child_account_id="all", brief_output=True)["result"] == [
        {"account_id": api.other("lachance-laval").account["account_id"]}
    ]


# -- histories and reports


def test_a_history_is_paged_ordered_and_in_the_accounts_zone(api):
    pages = [api.get("GetCallHistory", count=10, offset=at, desc_order=True) for at in (0, 10)]
    starts = [row["start_date"] for page in pages for row in page["result"]]
    assert starts == sorted(starts, reverse=True) and len(set(starts)) == 20
    assert pages[0]["total_count"] == pages[1]["total_count"] > 20
    assert "total_count" not in api.get("GetCallHistory", with_total_count=False)
    assert api.get("GetTransactionHistory")["timezone"] == "America/Toronto"


def test_calls_are_found_by_their_numbers(api):
    row = api.get("GetCallHistory", with_calls=True, count=1)["result"][0]
    remote = row["calls"][0]["remote_number"]
    found = api.get("GetCallHistory", with_calls=True, remote_number=remote, count=1000)["result"]
    assert found and all(one["calls"][0]["remote_number"] == remote for one in found)
    by_json = api.get("GetCallHistory", remote_number_list=json.dumps([remote]), remote_number="1", count=1000)
    assert by_json["count"] == len(found)


def test_a_report_takes_a_moment_and_is_told(api, told):
    number = api.get("GetTransactionHistoryAsync", transaction_type="phone_number_charge", with_header=True)
    number = number["history_report_id"]
    assert api.refused("DownloadHistoryReport", history_report_id=number) == 356
    api.later(6)
    assert told("transaction_history_report")["history_report_id"] == number
    _, headers, body = api.wire("DownloadHistoryReport", history_report_id=number)
    assert headers["Content-Type"] == "application/octet-stream"
    lines = body.decode().splitlines()
    assert lines[0].startswith("transaction_id,") and all("phone_number_charge" in line for line in lines[1:])


def test_commands_are_in_the_audit_log_without_secrets(api):
    api.get("SetAccountInfo", callback_salt="s4lt-91", callback_url="https://portal.example/x")
    row = api.get("GetAuditLog", filtered_cmd="SetAccountInfo")["result"][0]
    assert "https://portal.example/x" in row["cmd_args"] and "s4lt" not in row["cmd_args"]


# -- SIP


def test_a_registration_fails_and_recovers(api, told):
    made = api.get("CreateSipRegistration", sip_username="night", proxy="invalid.example")["sip_registration_id"]
    assert "status_code" not in api.get("GetSipRegistrations", sip_registration_id=made)["result"][0]
    api.later(3)
    assert told("sip_registration_fail")["sip_registrations"][0]["sip_registration_id"] == made
    api.get("UpdateSipRegistration", sip_registration_id=made, proxy="sip.good.example")
    api.later(3)
    assert told("sip_registration_recovered")["sip_registrations"] == [{"sip_registration_id": made}]
    assert api.get("GetSipRegistrations", status_code="200")["count"] == 2


# -- callbacks


def test_the_hash_is_that_of_the_document():
    account = {
        "account_id": 4470123,
        "api_key": "3f6c1b5e-70a4-4c8e-9b1d-2a7e5f904d11",
        "profile": {"callback_salt": "s4lt-91"},
    }
    assert callbacks.digest(account, 1001) == "de50a4c3b12b3160615d1f4f6c5b670e"


def test_every_callback_can_be_sent_by_hand_and_proves_itself(api, listener):
    api.calls_back_to(listener.url)
    assert len(callbacks.SAMPLES) == 40
    for kind in callbacks.SAMPLES:
        api.do("account", slug="voximplant", key="lachance", callback={"type": kind})
    api.later(1)
    rows = wait_for(
        lambda: len(listener.bodies) == 40 and [row for body in listener.bodies for row in body["callbacks"]]
    )
    assert {row["type"] for row in rows} == set(callbacks.SAMPLES)
    assert all(proven(api.account, row) and row["type"] in row for row in rows)
    assert len({row["callback_id"] for row in rows}) == 40


def test_a_receiver_that_fails_is_told_again_with_the_same_number(api, listener):
    listener.answers = [500, 200]
    api.calls_back_to(listener.url)
    api.do("account", slug="voximplant", key="lachance", callback={"type": "js_fail"})
    api.later(1)
    wait_for(lambda: api.see("deliveries?slug=voximplant"))
    api.later(61)
    first, second = wait_for(lambda: len(listener.bodies) == 2 and listener.bodies)
    assert first == second


# -- quirks


def test_with_quirks_moments_of_texts_are_days_and_reports_are_packed(api):
    assert len(api.get("GetSmsHistory", count=1)["result"][0]["processed_date"]) == 19
    report = api.get("GetHistoryReports")["result"][0]["history_report_id"]
    api.quirky()
    assert len(api.get("GetSmsHistory", count=1)["result"][0]["processed_date"]) == 10
    body = api.wire("DownloadHistoryReport", history_report_id=report)[2]
    assert gzip.decompress(body).startswith(b"call_session_history_id")


def test_with_quirks_a_lone_row_is_no_list_and_users_are_rules(api):
    api.quirky()
    assert api.get("GetAccountInvoices", count=1)["result"]["invoice_number"]
    assert api.get("GetRecordStorages")["result"]["record_storage_name"] == "default"
    child = api.other("lachance-laval").account
    api.get("AddApplication", api.signed(iss=child["account_id"]), application_name="hours")
    app = api.get("GetApplications", api.signed(iss=child["account_id"]))["result"][0]["application_id"]
    rule = {"application_id": app, "rule_name": "all", "rule_pattern": ".*", "scenario_id": 1}
    api.get("AddRule", api.signed(iss=child["account_id"]), **rule)
    new = {"new_account_name": "lachance-est", "new_account_email": "e@lachance.example"}
    answer = api.get("CloneAccount", account_id=child["account_id"], **new, new_account_password="Tr0mbone-91")
    copied = answer["result"]["applications"][0]
    assert copied["users"] == copied["rules"] and copied["rules"][0]["rule_name"] == "all"


def test_with_quirks_a_repeated_text_is_taken_for_a_resend(api):
    sent = {"source": api.line, "destination": OUTSIDE, "sms_body": "once"}
    assert api.get("SendSmsMessage", **sent) and api.get("SendSmsMessage", **sent)
    api.quirky()
    api.get("SendSmsMessage", **sent)
    assert api.refused("SendSmsMessage", **sent) == 484
    api.later(11)
    assert api.get("SendSmsMessage", **sent)


def test_with_quirks_an_inbound_text_has_one_of_three_shapes(api, listener):
    api.calls_back_to(listener.url)
    api.quirky()
    for number in range(3):
        message = {"from": OUTSIDE, "to": api.line, "message": f"text {number}"}
        api.do("inbound-sms", slug="voximplant", **message)
    api.later(1)
    rows = wait_for(
        lambda: len(listener.bodies) == 3 and [body["callbacks"][0]["sms_inbound"] for body in listener.bodies]
    )
    shapes = {"list" if isinstance(row, list) else "nested" if "sms_inbound" in row else "flat" for row in rows}
    assert shapes == {"list", "nested", "flat"}


# -- logs that are late


@pytest.mark.parametrize("fault", ["log_lag", "hide_log"])
def test_a_log_may_be_late(api, fault):
    number = text(api)
    api.do("faults", slug="voximplant", call="GetSmsHistory", fault=fault, args={"seconds": 60})
    assert api.get("GetSmsHistory", message_id=number)["result"] == []
    api.later(61)
    assert logged(api, number)["message_id"] == number
