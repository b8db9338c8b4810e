"""Port requests: drafts, submission, the script, rejections."""

import datetime

from tests.providers.sandbox.caller import codes, many

FULL = {
    "mode": "create",
    "send_to_staff": "1",
    "phone_number_type": "local",
    "phone_numbers": "4504440161,4504440162",
    "capacity": "2-5",
    "organization": "Plomberie Lachance inc.",
    "organization_type": "business",
    "current_provider": "Nordet Telecom",
    "civic_number": "1250",
    "street": "Rue Sherbrooke Ouest",
    "city": "Montréal",
    "country_id": "38",
    "state_id": "11",
    "postal_code": "H3G 1H6",
    "features": "sms,mms",
}


def ports(api, **params):
    return many(api.call("get_port_requests", **params)["port_requests"], "port_request_details")


def file(api, **changes):
    values = {**FULL, "notification_client_user_id": api.account["client_user_id"], **changes}
    return api.call("update_port_request", **{name: value for name, value in values.items() if value is not None})


def test_a_draft_may_be_incomplete(api):
    answer = api.call("update_port_request", mode="create", friendly_name="Brouillon")
    assert codes(answer) == ["port_request_saved"] and answer["status"] == "not_ready"
    assert answer["pon"] == f"PON{int(answer['port_request_id']):08d}"
    row = ports(api, port_request_id=answer["pon"])[0]
    assert row["friendly_name"] == "Brouillon" and row["phone_numbers"] == ""
    assert api.see("ledger")[-1]["kind"] == "port_saved"


def test_a_submission_may_not(api):
    answer = api.call("update_port_request", mode="create", send_to_staff="1", country_id="38")
    assert codes(answer) == [
        f"{name}_required"
        for name in (
            "phone_number_type",
            "phone_numbers",
            "capacity",
            "organization",
            "organization_type",
            "current_provider",
            "civic_number",
            "street",
            "city",
            "state_id",
            "postal_code",
            "notification_client_user_id",
        )
    ]
    assert "state_other_required" in codes(file(api, country_id="73", state_id=None))
    assert codes(file(api, country_id="223")) == ["state_id_invalid"]
    assert api.see("ledger?kind=port_filed") == [] or api.see("ledger")[-1]["kind"] != "port_filed"


def test_the_firm_date_is_three_to_fifteen_business_days_ahead(api):
    today = datetime.date.today()
    assert codes(file(api, requested_firm_date=(today + datetime.timedelta(days=1)).isoformat())) == [
        "requested_firm_date_invalid"
    ]
    assert codes(file(api, requested_firm_date=(today + datetime.timedelta(days=40)).isoformat())) == [
        "requested_firm_date_invalid"
    ]
    day = today + datetime.timedelta(days=10)
    day += datetime.timedelta(days=max(0, 7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
    assert codes(file(api, requested_firm_date=day.isoformat())) == ["port_request_sent"]


def test_the_way_to_completion(api):
    api.do("clock", rate=0)
    number = file(api, raw_metadata='{"key":"k1"}')["port_request_id"]
    seen = [ports(api, port_request_id=number)[0]["status"]]
    for _ in range(5):
        api.do("clock", advance=46)
        row = ports(api, port_request_id=number)[0]
        seen.append(row["status"])
    assert seen == [
        "sent_to_staff",
        "approved_by_staff",
        "sent_to_provider",
        "tentative_confirm",
        "firm_confirm",
        "completed",
    ]
    assert row["firm_date"] == row["tentative_date"] > "2000"
    assert row["metadata"] == {"raw_metadata": '{"key":"k1"}'}
    assert len(api.dids(phone_number="4504440161")) == 1
    assert [e["kind"] for e in api.see("ledger")][-2:] == ["did_ported", "did_ported"]
    assert codes(api.call("update_port_request", port_request_id=number, friendly_name="Encore")) == ["status_invalid"]


def test_a_rejection_names_the_field_and_can_be_repaired(api):
    api.do("clock", rate=0)
    number = file(api, organization="Plomberie REJECT BTN")["port_request_id"]
    api.do("clock", advance=46)
    api.do("clock", advance=46)
    api.do("clock", advance=46)
    row = ports(api, port_request_id=number)[0]
    assert row["status"] == "rejected_by_provider" and "BTN wrong" in row["rejection_reason"]
    assert codes(file(api, mode="update", port_request_id=number)) == ["port_request_sent"]
    row = ports(api, port_request_id=number)[0]
    assert row["status"] == "sent_to_staff" and row["rejection_reason"] == ""
    assert row["current_owner"] == FULL["organization"]


def test_an_update_resets_what_it_leaves_out(api):
    number = api.call("update_port_request", mode="create", friendly_name="Un", street="Rue Masson")["port_request_id"]
    api.call("update_port_request", port_request_id=number, friendly_name="Deux")
    row = ports(api, port_request_id=number)[0]
    assert row["friendly_name"] == "Deux" and row["street"] == ""


def test_files_are_kept_and_shown_in_the_journal(api):
    values = {**FULL, "notification_client_user_id": api.account["client_user_id"]}
    api.upload("update_port_request", [("loa", "loa.pdf", "application/pdf", b"%PDF-1.4 x")], **values)
    assert api.see("ledger?kind=port_filed")[-1]["data"]["files"]["loa"]["size"] == 10
    assert api.see("journal?call=update_port_request")[-1]["params"]["loa"][0]["filename"] == "loa.pdf"
    assert codes(api.upload("update_port_request", [("loa", "loa.pdf", "application/pdf", b"")], **values)) == [
        "loa_invalid"
    ]


def test_filters(api):
    assert {p["status"] for p in ports(api, status="not_ready,completed")} == {"not_ready", "completed"}
    assert ports(api, current_owner="PLOMBERIE lachânce")
    one = ports(api, status="firm_confirm")[0]
    assert ports(api, phone_number=one["phone_numbers"].split(",")[0]) == [one]
    assert {p["firm_date"] for p in ports(api, date_from=one["firm_date"])} == {one["firm_date"]}
    assert codes(api.call("get_port_requests", status="teleported")) == ["status_invalid"]
    assert codes(api.call("update_port_request", friendly_name="Nul")) == ["port_request_id_required"]
    assert codes(api.call("update_port_request", port_request_id="1", friendly_name="Nul")) == [
        "port_request_id_invalid"
    ]


def test_moving_by_hand(api):
    one = ports(api, status="sent_to_provider")[0]
    moved = api.do("port-request", pon=one["pon"], status="firm_confirm", firm_date="2030-01-15")
    assert moved["firm_date"] == "2030-01-15"
    assert ports(api, port_request_id=one["port_request_id"])[0]["status"] == "firm_confirm"
    api.do(
        "port-request",
        port_request_id=one["port_request_id"],
        status="rejected_by_provider",
        rejection_reason="PIN missing",
    )
    assert ports(api, port_request_id=one["port_request_id"])[0]["rejection_reason"] == "PIN missing"
    assert api.control("POST", "port-request", {"pon": one["pon"], "status": "teleported"})[0] == 400
