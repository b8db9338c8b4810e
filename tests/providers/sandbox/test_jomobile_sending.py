"""Jo Mobile: packages, parts, prices, states by the clock, the search, texts that arrive elsewhere."""

import pytest

from tests.providers.sandbox.jafone_caller import PACKAGES  # noqa: F401
from tests.providers.sandbox.jomobile_caller import OUTSIDE, JoMobile


@pytest.fixture
def api(running):
    caller = JoMobile(running)
    caller.do("reset", seed=1)
    return caller


def mine(api):
    """What is in the log of today's own sending, oldest first."""
    return api.log(phone=[OUTSIDE])[::-1]


def test_a_package_answers_an_id_for_each_part_of_each_number(api):
    data = api.get("send", [api.item(OUTSIDE, "14685550102"), api.item("46701740700", text="a" * 161)])
    assert {number: len(ids) for number, ids in data.items()} == {OUTSIDE: 1, "14685550102": 1, "46701740700": 2}
    assert len({row["id_state"] for ids in data.values() for row in ids}) == 4
    assert len(data[OUTSIDE][0]["id_state"]) == 36


def test_the_other_shape_has_one_id_for_the_sending(api):
    api.quirky()
    details = api.get("send", [api.item(OUTSIDE, "14685550102")])["sending"]["details"]
    assert details["number"] == [OUTSIDE, "14685550102"] and details["senderID"] == "LACHANCE"
    assert isinstance(details["sentID"], int)
    several = api.get("send", [api.item(), api.item("14685550103", senderID="PLOMBIER")])["sending"]["details"]
    assert [one["senderID"] for one in several] == ["LACHANCE", "PLOMBIER"]


def test_ids_are_integers_shared_by_the_parts_in_quirks_mode(api):
    api.quirky()
    api.send(text="a" * 161)
    rows = mine(api)
    assert len(rows) == 2 and isinstance(rows[0]["id_state"], int)
    assert rows[0]["id_state"] == rows[1]["id_state"] and {row["part_no"] for row in rows} == {1, 2}


def test_a_lone_object_is_a_package_of_one(api):
    assert list(api.get("send", api.item())) == [OUTSIDE]
    assert list(api.get("send", api.item() | {"number": OUTSIDE})) == [OUTSIDE]


def test_a_hundred_go_in_one_package_and_not_one_more(api):
    hundred = [api.item("14685550101", text=f"no {number}") for number in range(100)]
    assert len(api.get("send", hundred)[OUTSIDE]) == 100
    assert list(api.refused("send", [*hundred, api.item()])[1]) == ["number"]
    assert list(api.refused("send", [])[1]) == ["number"]
    many = [f"1468555{number:04d}" for number in range(101)]
    assert list(api.refused("send", [api.item(*many)])[1]) == ["number"]


def test_one_bad_message_refuses_the_package_and_every_bad_field_is_told(api):
    before = len(api.effects("sms_sent"))
    status, errors = api.refused(
        "send", [api.item(), {"number": ["+1 468"], "senderID": "FAR TOO LONG NAME", "type": "fax"}]
    )
    assert status == 400 and set(errors) == {"number", "senderID", "text", "type"}
    assert errors["text"] == ["Message 2: This field is required."]
    assert len(api.effects("sms_sent")) == before


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"senderID": "SOMEBODY"}, "not_registr_originator"),
        ({"number": ["5355501234"]}, "no_client_price"),
        ({"number": ["999555012345"]}, "no_client_price"),
        ({"number": ["3545550123"]}, "no_active_aggregator"),
    ],
)
def test_the_known_refusals(api, more, word):
    assert api.refused("send", [api.item() | more]) == (400, word)


def test_money_is_taken_by_part_and_country_and_must_reach(api):
    before = api.get("me")["balance_units"]
    api.send(OUTSIDE, text="a" * 161)
    assert round(before - api.get("me")["balance_units"], 4) == 0.019
    api.do("account", slug="jomobile", key="lachance", set={"balance": "0.005"})
    assert api.refused("send", [api.item()]) == (400, "insufficient_balance")
    api.do("account", slug="jomobile", key="lachance", set={"balance_limit": "1"})
    assert api.send() and api.get("me")["balance_units"] < 0


def test_states_go_on_by_the_clock(api):
    api.do("settings", sms_processing_s=10, sms_completed_s=60)
    api.send()
    assert api.states() == ["ACCEPTD"]
    api.do("clock", advance=11)
    assert api.states() == ["ENROUTE"]
    api.do("clock", advance=60)
    assert api.states() == ["DELIVRD"]


@pytest.mark.parametrize(
    ("number", "seconds", "state"),
    [("14685550199", 60, "UNDELIV"), ("14685550198", 60, "ENROUTE"), ("14685550198", 3700, "EXPIRED")],
)
def test_some_numbers_never_get_their_texts(api, number, seconds, state):
    api.send(number, lifetime=3600)
    api.later(30, times=2)
    api.do("clock", advance=seconds)
    assert api.states(number) == [state]


def test_a_number_on_the_black_list_is_taken_costs_nothing_and_is_rejected(api):
    before = api.get("me")["balance_units"]
    listed = api.account["black_list"][0]
    assert len(api.send(listed)[listed]) == 1
    api.later()
    assert api.states(listed) == ["REJECTD"] and api.get("me")["balance_units"] == before


def test_a_planned_message_waits_for_its_moment(api):
    api.do("clock", set=1_800_000_000)  # 2027-01-15 08:00 UTC
    api.send(beginDate="2027-01-15", beginTime="10:30")
    api.do("clock", advance=7200)
    assert api.states() == ["ACCEPTD"]
    api.do("clock", advance=1900), api.do("clock", advance=60)
    assert api.states() == ["DELIVRD"]
    assert "beginDate" in api.refused("send", [api.item(beginDate="15.01.2027")])[1]
    assert api.send(beginTime="08:00:30") and api.send(beginDate="2026-01-01")


def test_look_ups_reach_nobody(api):
    api.send(type="HLR"), api.send(type="mnp")
    api.later()
    assert {row["type_sms"] for row in mine(api)} == {"hlr", "mnp"}
    assert {row["state"] for row in mine(api)} == {"DELIVRD"}
    assert [row["type"] for row in api.effects("number_looked_up")[-2:]] == ["hlr", "mnp"]


def test_a_text_arrives_at_a_number_of_another_upstream_under_the_sender_s_name(api):
    theirs = next(iter(api.sandbox.world.slugs["jafone"]["accounts"]["lachance"]["dids"]))
    api.send("1" + theirs, text="De la part de LACHANCE")
    api.later()
    received = [row["data"] for row in api.see("ledger?slug=jafone&kind=sms_received")]
    assert received[-1]["source"] == "LACHANCE" and received[-1]["message"] == "De la part de LACHANCE"


def test_the_search_is_by_every_parameter_and_pages_by_offset(api):
    rows = api.log(limit=10_000)
    assert [row["time"][:7] for row in rows[:1]] and len(rows) > 100 == len(api.log())
    assert api.log(limit=10, offset=1) == rows[10:20] and api.log(limit=None) == rows[:100]
    phone = rows[0]["phone"]
    assert {row["phone"] for row in api.log(phone=[phone])} == {phone}
    assert {row["originator"] for row in api.log(sender="LACHANCE")} == {"LACHANCE"} and api.log(sender="NOBODY") == []
    assert {row["state"] for row in api.log(state=["UNDELIV", "EXPIRED"], limit=10_000)} <= {"UNDELIV", "EXPIRED"}
    assert {row["phone"][:2] for row in api.log(MCC=240)} == {"46"} and api.log(MCC=208) == []
    assert api.log(MCC=302, MNC=220, limit=10_000) != api.log(MCC=302, limit=10_000)
    assert api.log(type_sms="hlr") == [] and api.log(type_sms="sms") == rows[:100]


def test_the_search_takes_a_period_and_groups(api):
    group = int(list(api.account["groups"])[0])
    of_group = api.log(id_base=[group], limit=10_000)
    assert 0 < len(of_group) < len(api.log(limit=10_000)) and api.log(id_base=[999_999]) == []
    api.do("clock", set=1_800_000_000)  # 2027-01-15 08:00 UTC
    api.send()
    assert len(api.log(time_period="2027-01-15 08:00:00 - 2027-01-15 08:59:59", phone=[OUTSIDE])) == 1
    assert api.log(time_period="2027-01-14 00:00:00 - 2027-01-14 23:59:59") == []
    assert "time_period" in api.refused("sms-full-data", {"time_period": "yesterday"})[1]
    assert "phone" in api.refused("sms-full-data", {"phone": ["+1468"]})[1]


def test_only_the_last_days_are_searched(api):
    week = len(api.log(limit=10_000))
    api.do("limits", slug="jomobile", log_days=30)
    assert len(api.log(limit=10_000)) > week


def test_the_log_lags_when_told(api):
    api.send()
    api.do("faults", slug="jomobile", call="sms-full-data", fault="log_lag", args={"seconds": 60})
    assert api.states() == []
    api.do("clock", advance=61)
    assert len(api.states()) == 1


def test_a_part_of_a_package_may_be_all_that_is_taken(api):
    api.do("faults", slug="jomobile", call="send", fault="partial_success")
    assert list(api.send(OUTSIDE, "14685550102", "14685550103", "14685550104")) == [OUTSIDE, "14685550102"]


def test_hostile_texts_are_in_the_log(api):
    api.do("faults", slug="jomobile", call="sms-full-data", fault="hostile_text", args={"payload": "<b>"})
    assert {row["text_sms"] for row in api.log()} == {"<b>"}


def test_rules_rewrite_what_is_sent_and_can_be_looked_at_before(api):
    item = {"number": ["0014685550101", 14685550102], "senderID": "LACHANCE INC", "text": "½ price"}
    rows = api.get("replacement", [item])
    assert rows == [
        {"number": OUTSIDE, "senderID": "LACHANCE", "text": "1/2 price"},
        {"number": "14685550102", "senderID": "LACHANCE", "text": "1/2 price"},
    ]
    assert api.get("replacement", item) == rows
    assert list(api.send("0014685550101", text="½ price")) == [OUTSIDE]
    assert mine(api)[-1]["text_sms"] == "1/2 price"


def test_the_older_way_in_has_its_token_in_the_query(api):
    query = f"token={api.token}&phone={OUTSIDE}&senderID=LACHANCE&text=hi&type=sms!&lifetime=600&delivery=FALSE"
    assert list(api.get(f"send?{query}", method="GET", path="/jomobile/")) == [OUTSIDE]
    assert mine(api)[-1]["text_sms"] == "hi"
    assert api.get(f"replacement?{query}", method="GET", path="/jomobile/")[0]["text"] == "hi"
    row = api.see("journal?slug=jomobile&call=legacy-get-send")[-1]
    assert row["params"]["token"] == "***"
    wrong = JoMobile(api.sandbox, token="").refused(f"send?token=x&phone={OUTSIDE}", method="GET", path="/jomobile/")
    assert wrong == (401, "unauthorized")
