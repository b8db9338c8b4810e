"""Calls that are placed by a request, what is told of them, and calls from outside."""

import pytest

from providers.sandbox.voicemeup import call_life
from tests.providers.sandbox.caller import codes, many, status_of, wait_for


def ends(source=("number", "4185550120"), destination=("number", "4185550121")):
    sides = {"sources": source, "destinations": destination}
    return {
        f"{side}[0][{part}]": value
        for side, end in sides.items()
        for part, value in zip(("type", "value"), end, strict=True)
    }


def latest(api, **params):
    return many(api.call("get_calls", latest_hours="2", result_limit="50", **params)["calls"], "call_details")


@pytest.fixture
def quiet(api):
    api.do("settings", call_traffic=False)
    return api


def test_both_legs_are_in_the_history_when_the_call_is_over(quiet):
    before = {row["call_hash"] for row in latest(quiet)}
    placed = quiet.call("dispatch_call", **ends(), meta_data='{"lead": 12}', wait_time="20")
    assert codes(placed) == ["call_dispatched"]
    assert {row["call_hash"] for row in latest(quiet)} == before  # still going on
    quiet.do("clock", advance=200)
    rows = [row for row in latest(quiet, metadata="yes") if row["call_hash"] not in before]
    assert [row["destination"] for row in rows] == ["14185550121", "14185550120"]  # newest first
    assert rows[1]["call_hash"] == placed["call_hash"] and {row["meta_data"] for row in rows} == {'{"lead": 12}'}
    assert all(row["disposition"] == "answered" and int(row["duration"]) >= 20 for row in rows)
    own = quiet.call("get_account_preferences")["account_preferences"]["callerid_number"]
    assert {row["source"] for row in rows} == {own}
    only = many(quiet.call("get_calls", latest_hours="2", metadata="only", result_limit="50")["calls"], "call_details")
    assert {row["call_hash"] for row in only} == {row["call_hash"] for row in rows}
    assert [e["kind"] for e in quiet.see("ledger")][-3:] == ["call_dispatched", "call_ended", "call_ended"]


def test_the_flat_parameters_still_work(quiet):
    flat = {"source_type": "number", "source": "4185550120", "destination_type": "number", "destination": "4185550121"}
    assert codes(quiet.call("dispatch_call", **flat)) == ["call_dispatched"]
    assert codes(quiet.call("dispatch_call", source_type="fax", source="4185550120")) == [
        "source_type_invalid",
        "destination_required",
    ]


def test_a_source_that_does_not_answer_ends_it(quiet):
    quiet.call("dispatch_call", **ends(source=("number", "4185550199")), wait_time="10")
    quiet.do("clock", advance=60)
    rows = latest(quiet, disposition="no_answer")
    assert rows[0]["destination"] == "14185550199" and "14185550121" not in {
        row["destination"] for row in latest(quiet)
    }


def test_the_next_source_is_tried(quiet):
    params = ends(source=("number", "4185550199"))
    params.update(
        {"sources[1][type]": "number", "sources[1][value]": "4185550122", "sources[1][callerid_name]": "SECOND"}
    )
    quiet.call("dispatch_call", **params, wait_time="10")
    quiet.do("clock", advance=300)
    rows = latest(quiet)[:3]
    assert [row["destination"][-4:] for row in rows] == ["0121", "0122", "0199"]
    assert rows[1]["callerid_name"] == "SECOND"


def test_peers_and_addresses_as_ends_and_a_recording(quiet):
    peer = next(p for p in many(quiet.call("get_peers")["peers"], "peer_details") if p["registered"] == "1")
    params = ends(source=("peer", peer["username"]), destination=("uri", "sip:front@desk.example"))
    placed = quiet.call("dispatch_call", **params, enable_recording="1")
    quiet.do("clock", advance=200)
    rows = latest(quiet, routing_type="internal")
    assert {row["client_peer_id"] for row in rows[:2]} == {peer["client_peer_id"], ""}
    recording = quiet.call("get_recordings", call_hash=placed["call_hash"])["recordings"]["recording_details"]
    assert int(recording["duration"]) > 20
    assert "call_recorded" in [e["kind"] for e in quiet.see("ledger")]


def test_refusals_of_placing_a_call(quiet):
    assert codes(quiet.call("dispatch_call")) == ["source_required", "destination_required"]
    wrong = quiet.call("dispatch_call", **ends(("peer", "nobody99"), ("number", "12")))
    assert codes(wrong) == ["source_invalid", "destination_invalid"]
    wrong = quiet.call(
        "dispatch_call",
        **ends(),
        callerid_name="X",
        enable_recording="yes",
        wait_time="61",
        max_retries="x",
        retry_delay="x",
    )
    assert codes(wrong) == [
        "callerid_name_invalid",
        "enable_recording_invalid",
        "wait_time_invalid",
        "max_retries_invalid",
        "retry_delay_invalid",
    ]
    assert codes(
        quiet.call("dispatch_call", **{"sources[0][value]": "4185550120", "destinations[0][type]": "number"})
    ) == [
        "source_type_required",
        "destination_required",
    ]
    notice = quiet.call("dispatch_call", **ends(), callerid_number="8005550101")
    assert status_of(notice) == "success" and "callerid_rejection_notice" in codes(notice)
    quiet.sandbox.world.slugs["voicemeup"]["accounts"]["lachance"]["preferences"]["callerid_name"] = ""
    assert codes(quiet.call("dispatch_call", **ends())) == ["global_callerid_name_undefined"]


def test_a_socket_error_is_a_fault_that_can_be_asked_for(quiet):
    before = quiet.see("ledger")
    quiet.do(
        "faults", slug="voicemeup", call="dispatch_call", fault="error_code", args={"code": "socket_error"}, count=1
    )
    assert codes(quiet.call("dispatch_call", **ends())) == ["socket_error"]
    assert quiet.see("ledger") == before


def test_a_number_that_wants_notices_gets_each_of_a_call(quiet, listener):
    """The call goes to a number of another customer: it is in that customer's history too."""
    inn = quiet.other("harbour")
    did = inn.dids(status="enabled")[0]
    wants = {"options": "enable_notify_callback", "notify_callback_triggers": "on_create,on_ring,on_answer,on_hangup"}
    changed = inn.call(
        "update_did",
        client_did_id=did["client_did_id"],
        preserve_missing_data="1",
        notify_callback_url=listener.url,
        **wants,
    )
    assert codes(changed) == ["did_updated"]
    quiet.call("dispatch_call", **ends(destination=("number", did["phone_number"])), callerid_name="LACHANCE")
    for _ in range(4):
        quiet.do("clock", advance=60)
    wait_for(lambda: len(listener.bodies) == 5)
    told = {body["trigger"]: body for body in listener.bodies}
    assert set(told) == {"on_test", "on_create", "on_ring", "on_answer", "on_hangup"}
    over = told["on_hangup"]
    assert (over["direction"], over["callerid_name"], over["disposition"]) == ("inbound", "LACHANCE", "answered")
    row = next(row for row in latest(inn) if row["call_hash"] == over["call_hash"])
    assert (row["client_did_id"], row["duration"], row["direction"]) == (
        did["client_did_id"],
        over["duration"],
        "inbound",
    )
    assert all(isinstance(value, str) for body in listener.bodies for value in body.values())


def test_a_broadcast_leaves_its_message_and_tells_of_both_calls(quiet, listener):
    boxes = many(quiet.call("get_mailboxes")["mailboxes"], "mailbox_details")
    did = next(d for d in quiet.dids() if d["client_mailbox_id"] == boxes[0]["client_mailbox_id"])
    media = many(quiet.call("get_media_files")["media_files"], "media_file_details")[0]
    inn = quiet.other("harbour")
    file = many(inn.call("get_media_files")["media_files"], "media_file_details")[0]
    notify = {"notify_callback_url": listener.url, "notify_callback_triggers": "on_hangup"}
    sent = inn.call(
        "voicemail_broadcast",
        destination_number=did["phone_number"],
        client_media_file_id=file["client_media_file_id"],
        **notify,
    )
    assert codes(sent) == ["voicemail_broadcast_queued"]
    before = many(quiet.call("get_voicemails")["voicemails"], "voicemail_details")
    quiet.do("clock", advance=120)
    quiet.do("clock", advance=5)
    wait_for(lambda: len(listener.bodies) == 2)
    assert {body["disposition"] for body in listener.bodies} == {"answered", "cancelled"}
    after = many(quiet.call("get_voicemails")["voicemails"], "voicemail_details")
    assert len(after) == len(before) + 1 and after[0]["duration"] == file["duration"]
    foreign = inn.call(
        "voicemail_broadcast",
        destination_number=did["phone_number"],
        client_media_file_id=media["client_media_file_id"],
    )
    assert codes(foreign) == ["client_media_file_id_invalid"]


def test_refusals_of_a_broadcast(quiet):
    assert codes(quiet.call("voicemail_broadcast")) == ["destination_number_required", "client_media_file_id_required"]
    wrong = quiet.call(
        "voicemail_broadcast",
        destination_number="4185550120",
        media_url="https://media.example/a.wav",
        callerid_number="8885550101",
        notify_callback_triggers="on_test",
        dtmf_duration="50",
        pre_dtmf="x",
    )
    assert codes(wrong) == [
        "callerid_number_invalid",
        "pre_dtmf_invalid",
        "dtmf_duration_invalid",
        "notify_callback_triggers_invalid",
    ]
    half = {"destination_number": "4185550120", "media_url": "https://media.example/a.wav"}
    assert codes(quiet.call("voicemail_broadcast", **half, notify_callback_triggers="on_hangup")) == [
        "notify_callback_url_required"
    ]
    assert codes(quiet.call("voicemail_broadcast", **half, notify_callback_url="http://127.0.0.1:9/")) == [
        "notify_callback_triggers_required"
    ]


def test_a_call_from_outside_that_nobody_answers_leaves_a_message(quiet):
    did = next(d for d in quiet.dids() if "enable_voicemail" in d["options"])
    upstream = quiet.sandbox.upstreams["voicemeup"]
    with quiet.sandbox.world.lock:
        made = call_life.from_outside(
            upstream, {"from": "+14185550120", "to": did["phone_number"], "seconds": 0, "name": "ROY M"}
        )
    quiet.do("clock", advance=30)
    row = latest(quiet)[0]
    assert (row["call_hash"], row["disposition"], row["callerid_name"]) == (made["call_hash"], "no_answer", "ROY M")
    message = many(quiet.call("get_voicemails")["voicemails"], "voicemail_details")[0]
    assert (message["callerid_number"], message["client_mailbox_id"]) == ("4185550120", did["client_mailbox_id"])
