"""Texts: sending, their way through time, answers, webhooks, pictures."""

import json

import pytest

from tests.providers.sandbox.caller import codes, wait_for

CONTACT = "5145550155"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


def send(api, text="Bonjour, le plombier arrive dans 20 minutes.", to=CONTACT, **params):
    did = params.pop("did", None) or api.texting_did()
    return api.call("queue_sms", client_did_id=did["client_did_id"], destination_number=to, message=text, **params)


def hash_of(answer):
    message = answer["response_details"]["response_messages"]["message"]
    assert message["code"] == "queued_sms_hash" and len(message["_content"]) == 36
    return message["_content"]


def state(api, answer):
    return api.sms(sms_hash=hash_of(answer))[0]["transmission_status"]


def hook(api, did, listener, options="enable_sms,enable_sms_callback"):
    api.call(
        "update_did",
        client_did_id=did["client_did_id"],
        preserve_missing_data="1",
        options=options,
        sms_callback_url=listener.url,
    )


def test_the_states_of_a_text(api):
    api.do("clock", rate=0)
    answer = send(api)
    assert state(api, answer) == "pending"
    api.do("clock", advance=0.5)
    assert state(api, answer) == "processing"
    api.do("clock", advance=1)
    row = api.sms(sms_hash=hash_of(answer))[0]
    assert row["transmission_status"] == "completed" and row["source_number"].startswith("1")
    effect = api.see("ledger?kind=sms_sent")[-1]
    assert effect["data"]["message"].startswith("Bonjour") and effect["journal_id"]
    assert api.see("journal?call=queue_sms")[-1]["effect_id"] == effect["id"]


def test_a_number_that_never_gets_its_texts(api):
    api.do("clock", rate=0)
    answer = send(api, to="5145550199", retry_limit="2")
    for _ in range(12):
        api.do("clock", advance=1)
    row = api.sms(sms_hash=hash_of(answer))[0]
    assert row["transmission_status"] == "failed" and row["retry_count"] == "2"
    assert api.sms(source_number="5145550199", date_from="2000-01-01") == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Hello, your appointment is on Monday at 9.", "Monday at 9"),
        ("Bonjour, votre rendez-vous est lundi à 9 h.", "lundi à 9 h"),
    ],
)
def test_people_answer_in_their_language(api, listener, text, wanted):
    did = api.texting_did()
    hook(api, did, listener)
    api.do("settings", webhook_delay_s=0)
    api.do("clock", rate=20)
    send(api, text, did=did)
    body = wait_for(lambda: listener.bodies and listener.bodies[0])
    assert wanted in body["message"] and ("«" in body["message"]) == text.startswith("Bonjour")
    assert body["source_number"] == "1" + CONTACT and body["destination_number"] == "1" + did["phone_number"]
    assert body["direction"] == "inbound" and "attachment" not in body
    assert all(isinstance(value, str) for value in body.values())
    assert listener.paths == ["/hook/?key=secret"]
    row = api.sms(sms_log_id=body["sms_log_id"])[0]
    assert {name: row[name] for name in body} == body


def test_what_is_refused(api):
    did = api.texting_did()
    mute = api.dids(sms_support="0")[0]
    assert codes(send(api, to="123")) == ["destination_number_invalid"]
    assert codes(send(api, to="")) == ["destination_number_required"]
    assert codes(send(api, text="")) == ["message_required"]
    assert codes(send(api, text="x" * 1001, retry_limit="9")) == ["message_invalid", "retry_limit_invalid"]
    assert codes(send(api, did=mute)) == ["permission_refused"]
    assert codes(send(api, did=api.other("boreal").dids()[0])) == ["client_did_id_invalid"]
    answer = api.call("queue_sms", source_number="6045550100", destination_number=CONTACT, message="x")
    assert codes(answer) == ["permission_refused"]
    assert codes(api.call("queue_sms", destination_number=CONTACT, message="x")) == ["required_parameter_not_found"]
    assert codes(send(api, did=did)) == ["queued_sms_hash"]
    assert codes(send(api, did=did)) == ["duplicate_entry"]
    api.do("clock", advance=61)
    assert codes(send(api, did=did)) == ["queued_sms_hash"]


def test_eleven_digits_are_as_good_as_ten(api):
    did = api.texting_did()
    answer = api.call(
        "queue_sms", source_number="1" + did["phone_number"], destination_number="1" + CONTACT, message="Salut"
    )
    assert codes(answer) == ["queued_sms_hash"]


def test_texts_inside_the_world_arrive_there(api):
    mine, other = api.texting_did(), api.other("velo")
    theirs = other.texting_did()
    api.do("clock", rate=20)
    send(api, "Êtes-vous ouverts?", to=theirs["phone_number"], did=mine)
    row = wait_for(lambda: other.sms(source_number=mine["phone_number"], direction="inbound"))[0]
    assert row["message"] == "Êtes-vous ouverts?" and row["client_did_id"] == theirs["client_did_id"]


def test_a_picture_out(api):
    did = api.texting_did()
    answer = api.upload(
        "queue_sms",
        [("attachments", "photo.png", "image/png", PNG)],
        client_did_id=did["client_did_id"],
        destination_number=CONTACT,
        message="Voici",
    )
    row = api.sms(sms_hash=hash_of(answer))[0]
    assert row["attachment_mime_type"] == "image/png" and row["attachment_size"] == str(len(PNG))
    status, headers, body = api.http("GET", row["attachment"].split(api.host)[1])
    assert (status, headers["Content-Type"], body) == (200, "image/png", PNG)
    two = [("attachments", "a.png", "image/png", PNG), ("attachments", "b.png", "image/png", PNG)]
    assert codes(api.upload("queue_sms", two, client_did_id=did["client_did_id"], destination_number=CONTACT)) == [
        "attachments_invalid"
    ]


def test_a_picture_in_is_two_posts(api, listener):
    did = api.texting_did()
    hook(api, did, listener)
    api.do("inbound-sms", **{"from": "5145550156", "to": did["phone_number"], "message": "Regardez", "media": True})
    api.do("clock", advance=3)
    wait_for(lambda: len(listener.bodies) == 2)
    first, second = sorted(listener.bodies, key=lambda body: int(body["sms_log_id"]))
    assert first["attachment_mime_type"] == "text/html" and first["message"] == "Regardez"
    assert second["attachment_mime_type"] == "image/png" and second["message"] == ""
    for name in ("source_number", "destination_number", "datetime_transmission"):
        assert first[name] == second[name]
    assert int(second["sms_log_id"]) == int(first["sms_log_id"]) + 1
    assert first["sms_hash"] != second["sms_hash"]
    for body in (first, second):
        status, headers, data = api.http("GET", body["attachment"].split(api.host)[1])
        assert status == 200 and headers["Content-Type"] == body["attachment_mime_type"]
        assert len(data) == int(body["attachment_size"])


def test_webhooks_are_tried_three_times(api, listener):
    did = api.texting_did()
    hook(api, did, listener, "enable_sms,enable_sms_callback,enable_sms_callback_retry")
    listener.answers = [500]
    api.do("inbound-sms", **{"from": "5145550156", "to": did["phone_number"], "message": "Allô"})
    for count in (1, 2, 3):
        api.do("clock", advance=61)
        wait_for(lambda count=count: len(listener.bodies) == count)
    api.do("clock", advance=61)
    api.do("clock", advance=61)
    assert len(listener.bodies) == 3
    assert [d["attempt"] for d in api.see("deliveries?kind=inbound_sms")][-3:] == [1, 2, 3]


def test_webhooks_stay_on_this_machine(api):
    did = api.texting_did()
    api.do(
        "did",
        phone_number=did["phone_number"],
        set={"options": ["enable_sms", "enable_sms_callback"], "sms_callback_url": "http://192.0.2.7/x"},
    )
    api.do("inbound-sms", **{"from": "5145550156", "to": did["phone_number"], "message": "Allô"})
    api.do("clock", advance=2)
    row = wait_for(lambda: [d for d in api.see("deliveries") if d["url"] == "http://192.0.2.7/x"])[0]
    assert row["status"] is None and "refused" in row["error"]


def test_faults_of_webhooks(api, listener):
    did = api.texting_did()
    hook(api, did, listener)
    api.do("faults", call="webhook:inbound_sms", fault="webhook_drop", count=1)
    api.do("faults", call="webhook:inbound_sms", fault="webhook_duplicate", count=1)
    for text in ("un", "deux"):
        api.do("inbound-sms", **{"from": "5145550156", "to": did["phone_number"], "message": text})
        api.do("clock", advance=1)
    wait_for(lambda: len(listener.bodies) == 2)
    assert [body["message"] for body in listener.bodies] == ["deux", "deux"]


def test_an_automatic_reply_of_the_number(api):
    did = next(d for d in api.dids() if "enable_sms_autoreply" in d["options"])
    api.do("inbound-sms", **{"from": "5145550157", "to": did["phone_number"], "message": "Allô?"})
    row = api.sms(destination_number="5145550157")[0]
    assert row["direction"] == "outbound" and row["message"] == did["sms_autoreply_message"]


def test_the_log_and_its_filters(api):
    assert len(api.sms()) == 25 and len(api.sms(result_limit=1000)) == 1000
    day = api.sms(result_limit=200)[-1]["datetime"][:10]
    rows = api.sms(date_from=day, date_to=day, result_limit=1000)
    assert rows and {row["datetime"][:10] for row in rows} == {day}
    assert all(row["direction"] == "outbound" for row in api.sms(direction="outbound"))
    newest = [row["datetime"] for row in api.sms(result_limit=100)]
    assert newest == sorted(newest, reverse=True)
    assert codes(api.call("get_sms", date_from="2026-02-30", result_limit="0")) == [
        "date_from_invalid",
        "result_limit_invalid",
    ]
    other = rows[0]["source_number"]
    assert {row["source_number"] for row in api.sms(source_number=other[1:])} == {other}


def test_deleting(api):
    row = api.sms(result_limit=1)[0]
    assert codes(api.call("delete_sms", sms_log_id=row["sms_log_id"])) == ["sms_deleted"]
    assert api.sms(sms_log_id=row["sms_log_id"]) == []
    assert api.sms(sms_log_id=row["sms_log_id"], status="deleted")[0]["status"] == "deleted"
    assert codes(api.call("delete_sms", sms_log_id=row["sms_log_id"])) == ["sms_log_id_invalid"]


def test_hostile_texts_survive_both_formats(api):
    did = api.texting_did()
    text = "<b>&amp; ]]> \"q\" 'é' 🚰 \x0b end"
    answer = send(api, text, did=did)
    assert api.sms(sms_hash=hash_of(answer))[0]["message"] == text
    body = api.raw("get_sms", output="xml", sms_hash=hash_of(answer))[2].decode()
    assert "]]]]><![CDATA[>" in body and "\x0b" not in body
    assert json.dumps(text)[1:8] in api.raw("get_sms", sms_hash=hash_of(answer))[2].decode()
