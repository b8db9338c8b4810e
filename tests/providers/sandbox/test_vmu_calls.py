"""The call history and its totals, recordings, voicemails and their files."""

import datetime
import decimal
import struct
from urllib.parse import urlsplit

import pytest

from tests.providers.sandbox.caller import codes, many


def calls(api, **params):
    return many(api.call("get_calls", **params)["calls"], "call_details")


def days_ago(days):
    return (datetime.date.today() - datetime.timedelta(days=days)).isoformat()


@pytest.fixture
def year():
    return {"date_from": days_ago(360), "date_to": days_ago(0)}


def test_a_year_of_calls_is_paged_newest_first(api, year):
    first = calls(api, **year)
    assert len(first) == 25
    seen = []
    while len(seen) % 1000 == 0:
        seen += calls(api, **year, result_limit="1000", result_offset=str(len(seen)))
    assert len(seen) > 2000 and len({row["call_hash"] for row in seen}) == len(seen)
    assert [row["call_time"] for row in seen] == sorted((row["call_time"] for row in seen), reverse=True)
    assert seen[:25] == first and days_ago(360) <= seen[-1]["date"]


def test_a_row_has_its_ends_place_and_price(api, year):
    row = calls(api, **year, direction="outbound", disposition="answered", routing_type="local_termination")[0]
    assert len(row["call_hash"]) == 32 and row["unique_id"] == row["call_hash"]
    assert len(row["source"]) == 10 and len(row["destination"]) == 11 and row["destination"].startswith("1")
    billed, rate = int(row["billed_duration"]), decimal.Decimal(row["current_rate"])
    assert billed % 6 == 0 and 0 <= billed - int(row["duration"]) < 6
    assert abs(decimal.Decimal(row["billed_amount"]) - rate * billed / 60) < decimal.Decimal("0.0001")
    assert (row["status"], row["country"]) == ("answered", "Canada") and row["state"] == row["region"]


def test_filters(api, year):
    assert {row["direction"] for row in calls(api, **year, direction="inbound")} == {"inbound"}
    rows = calls(api, **year, disposition="busy,no_answer", result_limit="500")
    assert {row["disposition"] for row in rows} == {"busy", "no_answer"} and {row["duration"] for row in rows} == {"0"}
    abroad = calls(api, **year, routing_type="international_termination", result_limit="100")
    assert abroad and {row["country_id"] for row in abroad} <= {"73", "222"}
    boreal = api.other("boreal")
    sub = next(iter(boreal.account["subaccounts"]))
    assert {row["client_subaccount_id"] for row in calls(boreal, **year, client_subaccount_id=sub)} == {sub}
    assert codes(boreal.call("get_calls", **year, client_subaccount_id="9")) == ["client_subaccount_id_invalid"]


def test_polling_after_a_call_gives_the_later_ones_oldest_first(api, year):
    newest = calls(api, **year, result_limit="4")
    after = calls(api, call_hash=newest[3]["call_hash"], result_limit="10")
    assert {row["call_hash"] for row in after} >= {row["call_hash"] for row in newest[:3]}
    assert [row["call_time"] for row in after] == sorted(row["call_time"] for row in after)
    assert len(calls(api, call_hash=newest[3]["call_hash"])) == 1  # the manual's trap: one row by default
    assert len(calls(api, unique_id=newest[3]["call_hash"], result_limit="10")) == len(after)
    assert codes(api.call("get_calls", call_hash="0" * 32)) == ["call_hash_invalid"]


def test_refusals_of_the_history(api):
    assert codes(api.call("get_calls")) == ["required_parameter_not_found"]
    assert codes(api.call("get_calls", date_from="2026-01-01")) == ["required_parameter_not_found"]
    assert codes(api.call("get_calls", date_from="2026-02-01", date_to="2026-01-01")) == ["date_to_invalid"]
    wrong = api.call(
        "get_calls", date_from="x", latest_hours="0", direction="up", disposition="gone", result_limit="1001"
    )
    assert codes(wrong) == [
        "date_from_invalid",
        "latest_hours_invalid",
        "direction_invalid",
        "disposition_invalid",
        "result_limit_invalid",
    ]


def test_extras_metadata_and_details_are_given_when_asked_for(api, year):
    row = calls(api, **year, result_limit="1")[0]
    assert not {"sip_response_code", "meta_data", "routing_details"} & set(row)
    row = calls(api, **year, result_limit="1", extras="yes", metadata="all", routing_details="yes")[0]
    assert row["sip_response_code"] and row["meta_data"] == "" and row["routing_details"]["destination_type"]
    assert calls(api, **year, metadata="only") == []


def test_the_totals_are_those_of_the_calls(api, year):
    span = {"date_from": days_ago(30), "date_to": days_ago(0)}
    rows = calls(api, **span, result_limit="1000")
    answer = api.call("get_calls_stats", **span)["calls_stats"]
    totals = {row["routing_type"]: row for row in many(answer["whole_account"], "calls_stats_details")}
    assert int(totals["total"]["calls"]) == len(rows)
    assert decimal.Decimal(totals["total"]["billed_amount"]) == sum(
        decimal.Decimal(row["billed_amount"]) for row in rows
    )
    assert int(totals["local_origination"]["calls"]) == sum(row["routing_type"] == "local_origination" for row in rows)
    assert answer["main_account"] == answer["whole_account"]  # no subaccounts here
    boreal = api.other("boreal")
    subs = list(boreal.account["subaccounts"])[:2]
    blocks = boreal.call("get_calls_stats", **span, client_subaccount_ids=",".join(subs), routing_types="total")[
        "calls_stats"
    ]
    assert [block["client_subaccount_id"] for block in blocks["subaccount"]] == subs
    assert codes(api.call("get_calls_stats", date_from="2024-01-01", date_to="2026-01-01")) == ["date_from_invalid"]
    many_ids = ",".join(str(number) for number in range(1, 12))
    assert codes(api.call("get_calls_stats", client_subaccount_ids=many_ids)) == ["client_subaccount_ids_invalid"]


def test_text_and_storage_totals(api):
    span = {"date_from": days_ago(100), "date_to": days_ago(0)}
    stats = many(api.call("get_sms_stats", **span)["sms_stats"]["whole_account"], "sms_stats_details")
    sums = {row["message_type"]: int(row["quantity"]) for row in stats}
    assert sums["total"] == sum(sums.values()) - sums["total"] and sums["sms_inbound"] > 100
    stored = many(api.call("get_storage_stats")["storage_stats"]["whole_account"], "storage_stats_details")
    sizes = {row["storage_type"]: int(row["size"]) for row in stored}
    recordings = many(
        api.call("get_recordings", latest_hours="9999", result_limit="1000")["recordings"], "recording_details"
    )
    assert sizes["recordings_size"] == sum(int(row["size"]) for row in recordings) > 0
    assert sizes["total"] == sum(sizes.values()) - sizes["total"]
    one = api.call("get_storage_stats", storage_types="faxes_size")["storage_stats"]["main_account"][
        "storage_stats_details"
    ]
    assert one == {"storage_type": "faxes_size", "size": str(sizes["faxes_size"])}


# -- recordings and voicemails


def fetch(api, url):
    status, headers, body = api.http("GET", urlsplit(url).path)
    assert status == 200
    return headers["Content-Type"], body


def test_a_recording_belongs_to_a_call_and_has_its_file(api):
    rows = many(api.call("get_recordings")["recordings"], "recording_details")
    assert len(rows) == 25
    row = rows[0]
    assert len(row["recording_hash"]) == 36 and row["status"] == "verified"
    of_call = api.call("get_recordings", call_hash=row["call_hash"])["recordings"]["recording_details"]
    assert of_call == row
    kind, body = fetch(api, row["url"])
    assert kind in ("audio/x-wav", "audio/wav") and len(body) == int(row["size"])
    assert body[:4] == b"RIFF" and struct.unpack("<I", body[40:44])[0] == 8000 * int(row["duration"])


def test_recordings_are_deleted_by_id_by_call_or_before_a_date(api):
    rows = many(api.call("get_recordings", result_limit="1000")["recordings"], "recording_details")
    gone = api.call(
        "delete_recordings",
        call_recording_id=f"{rows[0]['call_recording_id']},{rows[1]['call_recording_id']}",
        comments="vie privée",
    )
    assert codes(gone) == ["recordings_deleted"] and gone["deleted_count"] == "2"
    assert (
        api.call("delete_recordings", call_hash=rows[2]["call_hash"])["call_recording_id"]
        == rows[2]["call_recording_id"]
    )
    assert codes(api.call("delete_recordings", call_recording_id=rows[0]["call_recording_id"])) == [
        "call_recording_id_invalid"
    ]
    assert codes(api.call("delete_recordings", comments="nothing")) == ["required_parameter_not_found"]
    deleted = many(api.call("get_recordings", status="deleted")["recordings"], "recording_details")
    assert {row["comments"] for row in deleted} == {"vie privée", ""} and {row["url"] for row in deleted} == {""}
    cut = rows[10]["date"]
    api.call("delete_recordings", date=cut)
    left = many(api.call("get_recordings", result_limit="1000")["recordings"], "recording_details")
    assert left and min(row["date"] for row in left) >= cut
    assert [e["kind"] for e in api.see("ledger")][-3:] == ["recordings_deleted"] * 3


def test_unknown_recordings_are_refused(api):
    other = many(api.other("boreal").call("get_recordings")["recordings"], "recording_details")[0]
    assert codes(api.call("get_recordings", call_recording_id="1")) == ["call_recording_id_invalid"]
    assert codes(api.call("get_recordings", recording_hash=other["recording_hash"])) == ["recording_hash_invalid"]
    assert codes(api.call("get_recordings", call_hash=other["call_hash"])) == ["call_hash_invalid"]
    assert codes(api.call("get_recordings", date_to="2026-01-01")) == ["date_from_invalid"]


def test_voicemails_are_listed_heard_and_deleted(api):
    rows = many(api.call("get_voicemails")["voicemails"], "voicemail_details")
    boxes = {row["client_mailbox_id"] for row in many(api.call("get_mailboxes")["mailboxes"], "mailbox_details")}
    assert len(rows) > 3 and {row["client_mailbox_id"] for row in rows} <= boxes
    assert len(fetch(api, rows[0]["url"])[1]) == int(rows[0]["size"])
    assert (
        len(many(api.call("get_voicemails", result_limit="2", result_offset="1")["voicemails"], "voicemail_details"))
        == 2
    )
    assert (
        api.call("get_voicemails", voicemail_hash=rows[1]["voicemail_hash"])["voicemails"]["voicemail_details"]
        == rows[1]
    )
    assert codes(api.call("delete_voicemails", voicemail_hash=rows[1]["voicemail_hash"])) == ["voicemails_deleted"]
    assert codes(api.call("get_voicemails", call_voicemail_id=rows[1]["call_voicemail_id"])) == [
        "call_voicemail_id_invalid"
    ]
    api.call("delete_voicemails", date=rows[0]["date"])
    left = many(api.call("get_voicemails")["voicemails"], "voicemail_details")
    assert left and {row["date"] for row in left} == {rows[0]["date"]}


def test_a_reported_problem_is_listed(api, year):
    row = calls(api, **year, result_limit="1")[0]
    types = many(api.call("get_issues_types", language="fr")["issues_types"], "issue_type_details")
    assert types[0]["issue"] == "Audio à sens unique"
    made = api.call(
        "report_call_issue",
        call_hash=row["call_hash"],
        issue_type_id="4",
        kayako_ticket_id="ABC-123-45678",
        comments="écho",
    )
    assert codes(made) == ["call_issue_reported"]
    issue = api.call("get_call_issues", call_hash=row["call_hash"])["call_issues"]["call_issue_details"]
    assert (issue["call_issue_id"], issue["issue"], issue["comments"]) == (made["call_issue_id"], "Echo", "écho")
    assert codes(api.call("report_call_issue", call_hash="0" * 32, issue_type_id="4")) == ["call_hash_invalid"]
    assert codes(api.call("report_call_issue", call_hash=row["call_hash"], issue_type_id="99")) == [
        "issue_type_id_invalid"
    ]
    wrong = api.call("report_call_issue", call_hash=row["call_hash"], issue_type_id="4", kayako_ticket_id="ABC-1-4")
    assert codes(wrong) == ["kayako_ticket_id_invalid"]
    assert codes(api.call("get_call_issues", call_issue_id="1")) == ["call_issue_id_invalid"]


def test_calls_go_on_as_the_clock_runs(api, year):
    """A working day brings about as many calls as the days before, and they are never more than half done."""
    before = calls(api, **year, result_limit="1")[0]["call_hash"]
    api.do("clock", advance=3 * 86400)
    fresh = calls(api, call_hash=before, result_limit="1000")
    assert 3 < len(fresh) < 80 and fresh[0]["call_time"] > fresh[0]["date"]
    api.do("settings", call_traffic=False)
    api.do("clock", advance=86400)
    assert len(calls(api, call_hash=before, result_limit="1000")) == len(fresh)


def test_faults_of_the_log_and_of_what_was_saved(api, year):
    newest = calls(api, **year, result_limit="1")[0]["call_hash"]
    api.do(
        "faults", slug="voicemeup", call=["get_calls", "get_recordings"], fault="log_lag", args={"seconds": 400 * 86400}
    )
    assert calls(api, **year) == [] and api.call("get_recordings")["recordings"] == ""
    api.control("DELETE", "faults")
    assert calls(api, **year, result_limit="1")[0]["call_hash"] == newest
    api.do("faults", slug="voicemeup", call="update_queue", fault="read_back_differs")
    made = api.call("update_queue", mode="create", friendly_name="Soutien")["client_queue_id"]
    assert api.call("get_queues", client_queue_id=made)["queues"]["queue_details"]["friendly_name"] == "SOUTIEN"


def test_hostile_texts_reach_the_new_rows(api):
    api.do("faults", slug="voicemeup", call="get_peers", fault="hostile_text", args={"payload": "<script>x</script>"})
    assert {row["friendly_name"] for row in many(api.call("get_peers")["peers"], "peer_details")} == {
        "<script>x</script>"
    }
