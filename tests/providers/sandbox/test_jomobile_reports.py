"""Jo Mobile: delivery reports, in lists, to whom they belong, until they are acknowledged."""

import pytest

from tests.providers.sandbox.caller import start, wait_for
from tests.providers.sandbox.jafone_caller import PACKAGES
from tests.providers.sandbox.jomobile_caller import OUTSIDE, JoMobile, Receiver

FIELDS = {"id_state", "originator", "phone", "type_sms", "text_sms", "num_parts", "part_no", "state", "time"}


@pytest.fixture
def api(running):
    caller = JoMobile(running)
    caller.do("reset", seed=1)
    return caller


@pytest.fixture
def receiver(api):
    made = Receiver()
    made.since = len(api.see("deliveries"))  # the journal outlives a reset
    yield made
    made.close()


def cabinet(api, **settings):
    api.do("account", slug="jomobile", key="lachance", set=settings)


def tried(api, receiver):
    return api.see(f"deliveries?slug=jomobile&since={receiver.since}")


def deliveries(api, receiver, count):
    return wait_for(lambda: (rows := tried(api, receiver)) and len(rows) >= count and rows)


def test_a_report_goes_to_the_address_of_the_cabinet_when_the_message_has_ended(api, receiver):
    cabinet(api, dlr_url=receiver.url)
    sent = api.send(text="Code 4821")[OUTSIDE][0]["id_state"]
    api.later()
    row = wait_for(lambda: receiver.rows)[0]
    assert set(row) == FIELDS and row["id_state"] == sent
    assert (row["state"], row["text_sms"], row["phone"], row["num_parts"]) == ("DELIVRD", "Code 4821", OUTSIDE, 1)
    assert row["time"] == api.log(phone=[OUTSIDE])[0]["time"]
    assert receiver.posts[0][0] == "/dlr/kept-secret"


def test_a_message_s_own_address_wins_and_delivery_false_wants_none(api, receiver):
    other = Receiver()
    cabinet(api, dlr_url=other.url)
    api.get("send", [api.item(callback_url=receiver.url), api.item("14685550102", delivery=False)])
    api.later()
    assert wait_for(lambda: receiver.rows)[0]["phone"] == OUTSIDE
    api.later()
    assert other.rows == []
    other.close()
    assert "callback_url" in api.refused("send", [api.item(callback_url="ftp://x")])[1]


def test_reports_of_one_moment_come_in_one_list_a_row_for_each_part(api, receiver):
    cabinet(api, dlr_url=receiver.url)
    api.do("settings", sms_processing_s=5, sms_completed_s=5)
    sent = api.send(OUTSIDE, "14685550102", "14685550103", text="a" * 161)
    api.do("clock", advance=20), api.do("clock", advance=20), api.do("clock", advance=20)
    wait_for(lambda: len(receiver.rows) >= 6)
    assert len(receiver.posts) == 1
    assert {row["id_state"] for row in receiver.rows} == {one["id_state"] for ids in sent.values() for one in ids}
    assert sorted((row["part_no"], row["num_parts"]) for row in receiver.rows) == [(1, 2)] * 3 + [(2, 2)] * 3


def test_what_is_not_acknowledged_comes_again_and_only_that(api, receiver):
    cabinet(api, dlr_url=receiver.url)
    receiver.answer = lambda rows: [row["id_state"] for row in rows if row["phone"] == OUTSIDE]
    api.do("settings", sms_processing_s=5, sms_completed_s=5)
    api.send(OUTSIDE, "14685550102")
    api.do("clock", advance=20), api.do("clock", advance=20), api.do("clock", advance=20)
    row = deliveries(api, receiver, 1)[-1]
    assert (row["error"], row["status"], len(row["payload"])) == ("not acknowledged", 200, 2)
    receiver.answer = lambda rows: [str(row["id_state"]) for row in rows]
    api.do("clock", advance=301)
    row = deliveries(api, receiver, 2)[-1]
    assert row["error"] is None and [one["phone"] for one in row["payload"]] == ["14685550102"]
    api.do("clock", advance=301)
    assert len(tried(api, receiver)) == 2


@pytest.mark.parametrize("answer", [lambda rows: [], lambda rows: "ok", lambda rows: {"id": 1}, lambda rows: ["7"]])
def test_an_answer_that_is_no_list_of_the_ids_acknowledges_nothing(api, receiver, answer):
    receiver.answer = answer
    api.send(callback_url=receiver.url)
    api.later()
    assert deliveries(api, receiver, 1)[-1]["error"] == "not acknowledged"
    api.do("clock", advance=301)
    assert len(deliveries(api, receiver, 2)[-1]["payload"]) == 1


def test_a_receiver_in_trouble_gets_it_later(api, receiver):
    receiver.status = 503
    api.send(callback_url=receiver.url)
    api.later()
    assert deliveries(api, receiver, 1)[-1]["status"] == 503
    receiver.status = 200
    api.do("clock", advance=301)
    assert deliveries(api, receiver, 2)[-1]["error"] is None


def test_in_quirks_mode_one_integer_acknowledges_all_parts(api, receiver):
    api.quirky()
    api.send(text="a" * 161, callback_url=receiver.url)
    api.later()
    rows = wait_for(lambda: receiver.rows)
    assert len(rows) == 2 and len({row["id_state"] for row in rows}) == 1 and isinstance(rows[0]["id_state"], int)
    assert deliveries(api, receiver, 1)[-1]["error"] is None


def test_the_older_reports_are_a_get_for_each_part_and_the_answer_is_the_id(api, receiver):
    cabinet(api, dlr_url=receiver.url, dlr_style="get")
    receiver.get_answer = lambda path: path.split("id_state=")[1].split("&")[0]
    sent = api.send()[OUTSIDE][0]["id_state"]
    api.later()
    path = wait_for(lambda: receiver.gets)[0]
    assert f"id_state={sent}" in path and "state=DELIVRD" in path and "time=20" in path
    assert deliveries(api, receiver, 1)[-1]["error"] is None


def test_faults_of_webhooks_strike_reports_by_their_fields(api, receiver):
    api.do("faults", slug="jomobile", call="webhook:dlr", fault="webhook_duplicate", match={"phone": OUTSIDE}, count=1)
    api.send(callback_url=receiver.url)
    api.later()
    wait_for(lambda: len(receiver.posts) == 2)
    assert receiver.posts[0] == receiver.posts[1]


def test_a_message_under_way_goes_on_after_a_restart(tmp_path):
    first, server = start(str(tmp_path / "world.json"), packages=PACKAGES)
    number = JoMobile(first).send()[OUTSIDE][0]["id_state"]
    first.stop(), server.shutdown(), server.server_close()
    second, server = start(str(tmp_path / "world.json"), packages=PACKAGES)
    api = JoMobile(second)
    api.later()
    row = api.log(phone=[OUTSIDE])[0]
    second.stop(), server.shutdown(), server.server_close()
    assert (row["id_state"], row["state"]) == (number, "DELIVRD")
