"""Faxes and their profiles."""

import datetime
from urllib.parse import urlsplit

import pytest

from tests.providers.sandbox.caller import codes, many, status_of, wait_for

PDF = b"%PDF-1.4\n1 0 obj << /Type /Page >> endobj\n2 0 obj << /Type /Page >> endobj\n%%EOF"
FIELDS = {
    "friendly_name": "Fax du camion",
    "local_ident": "Plomberie",
    "fax_header": "Lachance",
    "callerid_name": "LACHANCE",
    "callerid_number": "5145550101",
    "email": "fax@lachance.example",
    "language": "fr",
    "allowed_senders": "fax@lachance.example,bureau@lachance.example",
    "page_format": "legal",
    "resolution": " super_fine",
    "status": "enabled",
}


@pytest.fixture
def profile(api):
    return api.call("get_fax_profiles")["fax_profiles"]["fax_profile_details"]["client_fax_profile_id"]


def send(api, profile, number="4185550123", name="devis.pdf", data=PDF, **params):
    files = [("attachments", name, "application/pdf", data)]
    return api.upload("queue_fax", files, client_fax_profile_id=profile, destination_number=number, **params)


def fax(api, number):
    return api.call("get_faxes", call_fax_id=number, status="enabled,deleted")["faxes"]["fax_details"]


def test_faxes_of_a_year_with_their_files_and_calls(api):
    rows = many(api.call("get_faxes")["faxes"], "fax_details")
    assert len(rows) == 44 and {row["direction"] for row in rows} == {"inbound", "outbound"}
    good = next(row for row in rows if row["transmission_status"] == "completed")
    status, headers, body = api.http("GET", urlsplit(good["url"]).path)
    assert (status, headers["Content-Type"], len(body)) == (200, "application/pdf", int(good["size"]))
    assert body.startswith(b"%PDF") and body.count(b"/Type /Page /Parent") == int(good["pages"])
    assert api.call("get_faxes", call_hash=good["call_hash"])["faxes"]["fax_details"] == good
    days = {"date_from": good["date"], "date_to": good["date"]}
    calls = many(api.call("get_calls", **days, result_limit="1000")["calls"], "call_details")
    assert good["call_hash"] in {row["call_hash"] for row in calls}
    failed = many(api.call("get_faxes", transmission_status="failed,paused")["faxes"], "fax_details")
    assert {row["transmission_status"] for row in failed} <= {"failed"}
    assert codes(api.call("get_faxes", date_from="2026-01-01")) == ["required_parameter_not_found"]
    assert codes(api.call("get_faxes", client_fax_profile_id="1")) == ["client_fax_profile_id_invalid"]


def test_a_queued_fax_goes_through_its_states(api, profile):
    answer = send(api, profile, unique_id="devis-17", retry_limit="3")
    assert codes(answer) == ["queued_fax_hash"]
    hash_of = answer["response_details"]["response_messages"]["message"]["_content"]
    number = answer["call_fax_id"]
    row = fax(api, number)
    assert (row["transmission_status"], row["pages"], row["unique_id"], row["call_hash"]) == (
        "pending",
        "2",
        "devis-17",
        hash_of,
    )
    assert api.http("GET", urlsplit(row["url"]).path)[2] == PDF
    api.do("clock", advance=1)
    assert fax(api, number)["transmission_status"] == "processing"
    api.do("clock", advance=61)
    row = fax(api, number)
    assert (row["transmission_status"], row["billed_amount"]) == ("completed", "0.0800")
    days = {"date_from": row["date"], "date_to": row["date"]}
    call = next(
        c
        for c in many(api.call("get_calls", **days, result_limit="1000")["calls"], "call_details")
        if c["call_hash"] == hash_of
    )
    assert (call["destination"], call["duration"]) == ("14185550123", "60")
    assert [e["kind"] for e in api.see("ledger")][-2:] == ["fax_queued", "fax_completed"]


def test_a_fax_that_nobody_takes_is_tried_again_and_then_failed(api, profile):
    number = send(api, profile, number="4185550199", retry_limit="2")["call_fax_id"]
    for _ in range(8):
        api.do("clock", advance=65)
    row = fax(api, number)
    assert (row["transmission_status"], row["retry_count"], row["retry_limit"]) == ("failed", "2", "2")


def test_a_scheduled_fax_waits_and_can_be_taken_back(api, profile):
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=2)
    number = send(api, profile, datetime_scheduled=f"{later:%Y-%m-%d %H:%M:%S}")["call_fax_id"]
    api.do("clock", advance=86400)
    row = fax(api, number)
    assert row["transmission_status"] == "pending" and row["datetime_scheduled"] == f"{later:%Y-%m-%d %H:%M:%S}"
    assert codes(api.call("delete_faxes", call_fax_id=number)) == ["faxes_deleted"]
    api.do("clock", advance=3 * 86400)
    row = fax(api, number)
    assert (row["status"], row["transmission_status"], row["url"]) == ("deleted", "cancelled", "")
    assert codes(send(api, profile, datetime_scheduled="2020-01-01 00:00:00")) == ["datetime_scheduled_invalid"]


def test_refusals_of_sending(api, profile):
    assert codes(api.call("queue_fax")) == [
        "destination_number_required",
        "client_fax_profile_id_required",
        "attachments_required",
    ]
    assert codes(send(api, "1")) == ["client_fax_profile_id_invalid"]
    assert codes(send(api, profile, name="virus.exe")) == ["attachments_invalid"]
    assert codes(send(api, profile, data=b"")) == ["attachments_invalid"]
    wrong = send(
        api, profile, number="911", page_format="a3", resolution="color", retry_limit="10", datetime_scheduled="soon"
    )
    assert codes(wrong) == [
        f"{name}_invalid"
        for name in ("destination_number", "page_format", "resolution", "retry_limit", "datetime_scheduled")
    ]
    assert codes(send(api, profile, unique_id="once")) == ["queued_fax_hash"]
    assert codes(send(api, profile, unique_id="once")) == ["unique_id_invalid"]


def test_a_fax_to_another_customer_arrives_there(api, profile):
    inn = api.other("harbour")
    to = inn.call("get_fax_profiles")["fax_profiles"]["fax_profile_details"]["callerid_number"]
    send(api, profile, number=to)
    for _ in range(2):
        api.do("clock", advance=70)
    row = many(inn.call("get_faxes")["faxes"], "fax_details")[0]
    assert (row["direction"], row["destination_number"], row["pages"]) == ("inbound", "1" + to, "2")
    assert api.http("GET", urlsplit(row["url"]).path)[2] == PDF
    number = api.dids()[2]["phone_number"]  # one that takes no faxes
    refused = send(api, profile, number=number, retry_limit="1")["call_fax_id"]
    for _ in range(4):
        api.do("clock", advance=65)
    assert fax(api, refused)["transmission_status"] == "failed"


def test_faxes_of_one_day_are_deleted(api):
    rows = many(api.call("get_faxes")["faxes"], "fax_details")
    gone = api.call("delete_faxes", date=rows[5]["date"])
    same = [row for row in rows if row["date"] == rows[5]["date"]]
    assert gone["deleted_count"] == str(len(same))
    assert len(many(api.call("get_faxes")["faxes"], "fax_details")) == len(rows) - len(same)
    assert codes(api.call("delete_faxes", call_hash=same[0]["call_hash"])) == ["call_hash_invalid"]


def test_a_profile_is_created_replaced_and_deleted(api):
    made = api.call("update_fax_profile", mode="create", **FIELDS, comments="Nouveau", options="enable_cover_page")
    assert codes(made) == ["fax_profile_updated"]
    number = {"client_fax_profile_id": made["client_fax_profile_id"]}
    row = api.call("get_fax_profiles", **number)["fax_profiles"]["fax_profile_details"]
    assert (row["resolution"], row["retry_limit"], row["options"], row["comments"]) == (
        "super_fine",
        "2",
        "enable_cover_page",
        "Nouveau",
    )
    assert row["allowed_senders"] == FIELDS["allowed_senders"] and row["metadata"] == ""
    api.call("update_fax_profile", **number, **{**FIELDS, "friendly_name": "Autre"})
    row = api.call("get_fax_profiles", **number)["fax_profiles"]["fax_profile_details"]
    assert (row["friendly_name"], row["options"], row["comments"]) == ("Autre", "", "")  # what was left out is reset
    assert codes(api.call("delete_fax_profile", **number)) == ["fax_profile_deleted"]
    assert codes(api.call("delete_fax_profile", **number)) == ["client_fax_profile_id_invalid"]
    assert [e["kind"] for e in api.see("ledger")][-3:] == [
        "fax_profile_created",
        "fax_profile_updated",
        "fax_profile_deleted",
    ]


def test_wrong_values_of_a_profile(api):
    wrong = api.call(
        "update_fax_profile",
        mode="create",
        **{**FIELDS, "callerid_name": "X", "resolution": "great"},
        options="enable_callback",
    )
    assert codes(wrong) == ["callerid_name_invalid", "resolution_invalid", "callback_url_required"]
    notice = api.call("update_fax_profile", mode="create", **{**FIELDS, "callerid_number": "8005550101"})
    assert status_of(notice) == "success" and codes(notice) == ["fax_profile_updated", "callerid_rejection_notice"]


def test_the_callback_and_its_second_address(api, listener):
    listener.answers = [500, 200]
    options = {"options": "enable_callback", "callback_url": listener.url, "backup_url": f"{listener.url}&second=1"}
    made = api.call("update_fax_profile", mode="create", **FIELDS, **options)["client_fax_profile_id"]
    number = send(api, made)["call_fax_id"]
    api.do("clock", advance=70)
    api.do("clock", advance=2)

    def both():
        api.do("clock", advance=1)
        return len(listener.bodies) == 2

    wait_for(both)
    assert listener.paths == ["/hook/?key=secret", "/hook/?key=secret&second=1"]
    assert listener.bodies[1]["call_fax_id"] == number and listener.bodies[1]["transmission_status"] == "completed"
    assert all(isinstance(value, str) for value in listener.bodies[0].values())
