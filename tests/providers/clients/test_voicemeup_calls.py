"""What each method of the VoiceMeUp client sends, and what it makes of the rows."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from providers.clients.base import Capability
from providers.clients.errors import NotFound, Rejected, Unclear, Unreadable
from providers.clients.records import (
    Attachment,
    Direction,
    EmergencyAddress,
    NumberStatus,
    PortDraft,
    PortStatus,
    ServiceAddress,
    Transmission,
)
from providers.clients.registry import client_class
from providers.clients.voicemeup.client import VoiceMeUp

TOKEN = "deadbeefcafe0123456789abcdef4242"
DID = {
    "client_did_id": "7",
    "phone_number": "5145550134",
    "status": "enabled",
    "type": "local",
    "district": "Montreal",
    "state": "Quebec",
    "sms_support": "1",
    "mms_support": "0",
    "date_activated": "2024-05-06",
    "friendly_name": "Front desk",
    "forward_number": "5145550199",
    "forward_timeout": "20",
    "peer_to_rings": "3,4",
    "peer_timeout": "15",
    "sms_notify_email": "a@b.example",
    "sms_callback_url": "https://portal.example/webhooks/voicemeup/tok/",
    "client_subaccount_id": "0",
    "a_new_field": "kept",
    "international_nip": "123456",
    "options": "enable_forwarding,enable_sms,enable_sms_email_notify,a_new_option",
    "metadata": {"raw_metadata": 'a:1:{s:1:"a";s:1:"b";}', "metadata_attributes": {"attribute_count": "1", "a": "b"}},
}


def dids(success, *rows):
    return success(dids={"did_details": list(rows)})


def test_the_registry_has_it_and_its_contract_is_whole():
    assert client_class("voicemeup") is VoiceMeUp
    assert Capability.E911 in VoiceMeUp.capabilities
    assert VoiceMeUp.buckets["queue_sms"] == 600 and VoiceMeUp.buckets["shared_pool"] == 1200


@pytest.mark.parametrize("credentials", ({}, {"username": "me"}, {"auth_token": TOKEN}))
def test_it_needs_a_user_and_a_token(credentials):
    with pytest.raises(ValueError):
        VoiceMeUp("http://x.invalid", credentials)


def test_the_user_id_is_preferred_to_the_name(client, success):
    both = client(success(), credentials={"username": "me"})
    both.delete_message("1")
    assert both.sent[0]["client_user_id"] == "123456" and "username" not in both.sent[0]
    named = client(success(), credentials={"username": "me", "client_user_id": ""})
    named.delete_message("1")
    assert named.sent[0]["username"] == "me"


@pytest.mark.parametrize("format", ("json", "xml"))
def test_requests_are_posted_to_their_name_in_the_chosen_format(client, success, format):
    xml = b"<response><response_details><response_status>success</response_status></response_details></response>"
    asked = client(success() if format == "json" else xml, format=format)
    asked.delete_message("1")
    request = asked.requests[0]
    assert (request.method, request.url) == ("POST", f"http://sandbox.invalid/api/v1.1/{format}/delete_sms")
    assert (request.write, request.bucket) == (True, "shared_pool")


def test_the_language_never_reaches_update_e911(client, success):
    french = client(success(), language="fr")
    french.delete_message("1")
    french.save_emergency_address("+15145550134", EmergencyAddress(name="Shop", country="CA", language="en"))
    assert [sent.get("language") for sent in french.sent] == ["fr", None]
    assert french.sent[1]["e911_language"] == "en"


def test_a_number_is_read(client, success):
    number = client(dids(success, DID)).number(external_id="7")
    assert (number.number, number.status, number.kind) == ("+15145550134", NumberStatus.ACTIVE, "local")
    assert (number.sms, number.mms, number.subaccount_id) == (True, False, "")
    assert number.activated_on == date(2024, 5, 6)
    assert number.settings == {
        "label": "Front desk",
        "forwarding": True,
        "forward_to": "+15145550199",
        "forward_after": 20,
        "voicemail": False,
        "caller_id_name": "",
        "sms": True,
        "sms_email": "a@b.example",
        "sms_forward_to": "",
        "sms_webhook": "",  # its option is off
        "sms_webhook_retry": False,
        "sms_autoreply": "",
        "comments": "",
    }
    assert number.raw["a_new_field"] == "kept" and number.raw["international_nip"] == "***"


def test_a_number_that_is_not_there_is_not_found(client, success):
    for answer in (dids(success), dids(success, DID | {"client_did_id": "8"})):
        with pytest.raises(NotFound):
            client(answer).number(external_id="7")


def test_bad_rows_do_not_sink_the_listing(client, success):
    bad = [DID | {"status": "teleported"}, DID | {"phone_number": "x"}, DID | {"client_did_id": ""}, "text", 7]
    asked = client(dids(success, *bad, DID))
    assert [number.external_id for number in asked.numbers()] == ["7"]
    assert len(asked.unread) == 5
    reason, row = asked.unread[0]
    assert "status" in reason and row["international_nip"] == "***"


def test_an_update_sends_everything_and_changes_only_what_was_asked(client, success):
    asked = client(lambda sent: dids(success, DID) if sent["call"] == "get_dids" else success())
    asked.update_number(
        "7", {"label": "Sales", "sms_email": "", "voicemail": True, "sms_webhook": "https://p.example/h"}
    )
    sent = asked.sent[1]
    assert sent["preserve_missing_data"] == "1" and sent["client_did_id"] == "7"
    assert sent["friendly_name"] == "Sales" and sent["sms_notify_email"] == ""
    assert sent["options"] == "enable_forwarding,enable_sms,a_new_option,enable_voicemail,enable_sms_callback"
    for key in (
        "forward_number",
        "forward_timeout",
        "peer_timeout",
        "type",
        "status",
        "a_new_field",
        "international_nip",
    ):
        assert sent[key] == DID[key]
    assert sent["client_peer_ids"] == "3,4"
    assert sent["serialized_metadata"] == DID["metadata"]["raw_metadata"]
    assert not {"phone_number", "district", "state", "date_activated", "metadata"} & set(sent)


def test_an_update_of_nothing_sends_the_row_back(client, success):
    asked = client(lambda sent: dids(success, DID) if sent["call"] == "get_dids" else success())
    asked.update_number("7", {})
    assert asked.sent[1]["options"] == DID["options"]


def test_options_that_a_row_does_not_tell_are_never_cleared(client, success):
    row = {key: value for key, value in DID.items() if key != "options"}
    asked = client(lambda sent: dids(success, row) if sent["call"] == "get_dids" else success())
    asked.update_number("7", {"label": "Sales"})
    assert asked.sent[1]["friendly_name"] == "Sales" and "options" not in asked.sent[1]
    with pytest.raises(Rejected):
        asked.update_number("7", {"voicemail": True})
    assert [sent["call"] for sent in asked.sent].count("update_did") == 1


def test_options_may_be_flags_of_their_own(client, success):
    row = {key: value for key, value in DID.items() if key != "options"} | {"enable_sms": "1", "enable_ivr": "1"}
    asked = client(lambda sent: dids(success, row) if sent["call"] == "get_dids" else success())
    asked.update_number("7", {"voicemail": True})
    assert asked.sent[1]["options"] == "enable_ivr,enable_sms,enable_voicemail"


@pytest.mark.parametrize("changes", ({"forward_after": 7}, {"colour": "red"}, {"forward_to": "12"}))
def test_a_setting_that_cannot_be_is_refused_before_sending(client, success, changes):
    asked = client(dids(success, DID))
    with pytest.raises(Rejected) as caught:
        asked.update_number("7", changes)
    assert caught.value.problems[0].field == next(iter(changes))
    assert [sent["call"] for sent in asked.sent] == ["get_dids"]


def test_the_inventory_is_searched(client, success):
    row = {"did_id": "55", "phone_number": "5145550150", "sms_support": "1", "monthly_fee": "1.75", "district": "Laval"}
    states = success(states={"state_details": [{"state_id": "9", "state": "Quebec", "state_code": "QC"}]})
    asked = client(lambda sent: states if sent["call"] == "get_states" else dids(success, row))
    found = asked.available_numbers(area_code="514", region="QC", pattern="triple", kind="local", sms=True)
    assert (found[0].number, found[0].monthly_fee, found[0].setup_fee) == ("+15145550150", Decimal("1.75"), None)
    sent = asked.sent[-1]
    assert (sent["npa"], sent["state_id"], sent["included_patterns"]) == ("514", "9", "pattern_tripple_digits")
    assert (sent["type"], sent["sms_support"]) == ("local", "1")


def test_an_activated_number_is_found_again_when_the_answer_names_no_id(client, success):
    assert client(success(client_did_id="7")).activate_number("+15145550134") == "7"
    asked = client(lambda sent: dids(success, DID) if sent["call"] == "get_dids" else success())
    assert asked.activate_number("+15145550134") == "7"


SMS = {
    "sms_log_id": "900",
    "sms_hash": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "direction": "outbound",
    "source_number": "15145550134",
    "destination_number": "5145550135",
    "message": "hello",
    "status": "enabled",
    "transmission_status": "completed",
    "datetime": "2026-07-15 23:30:02",
    "datetime_transmission": "2026-07-15 23:30:00",
}


def log(success, *rows):
    return success(sms={"sms_details": list(rows)})


def test_a_message_is_read(client, success):
    message = client(log(success, SMS)).message(SMS["sms_hash"])
    assert (message.source, message.destination) == ("+15145550134", "+15145550135")
    assert (message.direction, message.transmission) == (Direction.OUTBOUND, Transmission.SENT)
    assert message.sent_at == datetime(2026, 7, 16, 3, 30, tzinfo=UTC)
    assert (message.log_id, message.deleted, message.media, message.wrapper) == ("900", False, (), False)


def test_a_pending_message_is_dated_by_its_row(client, success):
    row = SMS | {"transmission_status": "pending", "datetime_transmission": "0000-00-00 00:00:00"}
    message = client(log(success, row)).message("900")
    assert message.transmission is Transmission.PENDING and message.sent_at.second == 2


def test_a_message_of_a_short_code_is_not_lost(client, success):
    row = SMS | {"direction": "inbound", "source_number": "12345"}
    message = next(client(log(success, row)).messages(date(2026, 7, 15)))
    assert (message.source, message.transmission) == ("12345", Transmission.DELIVERED)


def test_an_odd_price_or_size_does_not_hide_a_message(client, success):
    row = SMS | {"billed_amount": "-?", "attachment": "https://x.example/a.jpg", "attachment_size": "big"}
    message = client(log(success, row)).message("900")
    assert (message.price, message.media[0].size) == (None, None)


def test_a_number_that_forwards_to_an_extension_is_not_hidden(client, success):
    number = client(dids(success, DID | {"forward_number": "201"})).number(external_id="7")
    assert number.settings["forward_to"] == "201"


def test_the_message_asked_for_is_the_one_returned(client, success):
    with pytest.raises(NotFound):
        client(log(success, SMS | {"sms_hash": "another"})).message(SMS["sms_hash"])


def full_log(success, rows):
    """An upstream that filters as documented and cuts at result_limit."""

    def answer(sent):
        def fits(row):
            return (
                all(
                    row[key] in sent.get(key, row[key]).split(",")
                    for key in ("direction", "transmission_status", "status")
                )
                and sent["date_from"] <= row["datetime"][:10] <= sent["date_to"]
            )

        return log(success, *[row for row in rows if fits(row)][: int(sent["result_limit"])])

    return answer


def messages(days, each, **fields):
    return [
        SMS | {"sms_hash": f"h{day}-{n}", "sms_log_id": f"{day}{n:03}", "datetime": f"2026-07-{day:02} 10:00:00"}
        | {"datetime_transmission": ""} | {key: value[n % len(value)] for key, value in fields.items()}
        for day in days for n in range(each)
    ]  # fmt: skip


def test_a_log_longer_than_one_answer_is_read_whole(client, success):
    rows = messages(range(1, 9), 7, direction=("inbound", "outbound"), transmission_status=("completed", "failed"))
    asked = client(full_log(success, rows))
    found = list(asked.messages(date(2026, 7, 1), date(2026, 7, 8), limit=5))
    assert sorted(message.external_id for message in found) == sorted(row["sms_hash"] for row in rows)
    assert [message.sent_at for message in found[:3]] == sorted(message.sent_at for message in found)[:3]
    assert all(sent["result_limit"] == "5" for sent in asked.sent)


def test_a_log_that_cannot_be_read_whole_gives_what_it_has_and_says_so(client, success):
    found = []
    with pytest.raises(Unclear) as caught:
        for message in client(full_log(success, messages([1], 9))).messages(
            date(2026, 7, 1), date(2026, 7, 1), limit=5
        ):
            found.append(message)
    assert caught.value.code == "truncated" and len(found) == 5


def test_the_log_is_filtered_by_numbers_as_the_wire_writes_them(client, success):
    asked = client(log(success))
    list(asked.messages(date(2026, 7, 1), date(2026, 7, 2), "inbound", source="12345", destination="+15145550134"))
    sent = asked.sent[0]
    assert (sent["source_number"], sent["destination_number"], sent["direction"]) == ("12345", "5145550134", "inbound")
    assert (sent["date_from"], sent["date_to"], sent["result_limit"]) == ("2026-07-01", "2026-07-02", "1000")


def test_a_message_is_sent(client, success):
    picture = Attachment(name="a.jpg", content=b"jpeg", mime_type="image/jpeg")
    asked = client(success(messages=[("queued_sms_hash", "h1")]))
    assert asked.send_message("+15145550134", "+15145550135", "hello", picture).external_id == "h1"
    request = asked.requests[0]
    assert (request.bucket, request.write, request.files) == ("queue_sms", True, (("attachments", picture),))
    sent = asked.sent[0]
    assert (sent["source_number"], sent["destination_number"], sent["message"]) == ("5145550134", "5145550135", "hello")


@pytest.mark.parametrize(
    ("arguments", "field"),
    (
        (("+442079460018", "+15145550135", "x"), "source"),
        (("+15145550134", "+442079460018", "x"), "destination"),
        (("+15145550134", "12345", "x"), "destination"),
        (("+15145550134", "+15145550135", ""), "body"),
        (("+15145550134", "+15145550135", "😀" * 501), "body"),
    ),
)
def test_what_would_be_refused_is_not_sent(client, success, arguments, field):
    asked = client(success())
    with pytest.raises(Rejected) as caught:
        asked.send_message(*arguments)
    assert caught.value.problems[0].field == field and asked.requests == []


PORT = {
    "port_request_id": "31",
    "pon": "PON00000031",
    "status": "rejected_by_provider",
    "friendly_name": "Shop",
    "phone_number_type": "local",
    "phone_numbers": "5145550134,5145550135",
    "features": "sms",
    "civic_number": "12",
    "street": "Rue X",
    "city": "Montreal",
    "country_id": "38",
    "state_id": "9",
    "postal_code": "H2X 1Y4",
    "box_number": "B7",
    "comments": "old",
    "notification_client_user_id": "77",
    "client_subaccount_id": "5",
    "rejection_reason": "name mismatch",
    "requested_firm_date": "2026-08-03",
    "firm_date": "0000-00-00",
    "metadata": {"raw_metadata": '{"ref":"ours"}'},
}
STATES = [{"state_id": "9", "state": "Quebec", "state_code": "QC"}]
DRAFT = PortDraft(
    title="Shop",
    numbers=("+15145550134",),
    wanted_on=date(2026, 8, 4),
    address=ServiceAddress(civic_number="12", street="Rue X", city="Montreal", region="QC", country="CA"),
    reference="ours",
)


@pytest.fixture
def port_client(client, success):
    def answer(sent):
        bodies = {
            "get_port_requests": {"port_requests": {"port_request_details": PORT}},
            "get_states": {"states": {"state_details": STATES}},
            "update_port_request": {"port_request_id": "31"},
        }
        return success(**bodies[sent["call"]])

    return client(answer)


def test_a_port_request_is_read(port_client):
    port = port_client.port("PON00000031")
    assert (port.external_id, port.status, port.reference) == ("31", PortStatus.REJECTED_BY_PROVIDER, "ours")
    assert (port.rejection, port.firm_on, port.draft.wanted_on) == ("name mismatch", None, date(2026, 8, 3))
    assert port.draft.numbers == ("+15145550134", "+15145550135")
    assert (port.draft.address.region, port.draft.address.country) == ("QC", "CA")


def test_a_port_request_is_created_with_our_reference(port_client):
    letter = Attachment(name="loa.pdf", content=b"%PDF", mime_type="application/pdf")
    assert port_client.create_port(DRAFT, {"loa": letter}, submit=True) == "31"
    sent = port_client.sent[-1]
    assert (sent["mode"], sent["send_to_staff"], sent["raw_metadata"]) == ("create", "1", '{"ref":"ours"}')
    assert (sent["phone_numbers"], sent["country_id"], sent["state_id"]) == ("5145550134", "38", "9")
    assert (sent["requested_firm_date"], sent["notification_client_user_id"]) == ("2026-08-04", "123456")
    assert port_client.requests[-1].files == (("loa", letter),)


def test_a_port_request_is_replaced_whole_and_keeps_what_a_draft_does_not_know(port_client):
    port_client.update_port("31", DRAFT, {}, submit=False)
    sent = port_client.sent[-1]
    assert (sent["mode"], sent["port_request_id"], sent["send_to_staff"]) == ("update", "31", "0")
    assert (sent["box_number"], sent["notification_client_user_id"]) == ("B7", "77")
    assert [sent[key] for key in ("comments", "features", "postal_code", "client_subaccount_id")] == ["", "", "", ""]
    assert not {"status", "pon", "rejection_reason", "firm_date", "metadata"} & set(sent)


def test_a_created_port_request_without_id_is_found_by_reference_or_unclear(client, success):
    rows = success(port_requests={"port_request_details": [PORT | {"country_id": "", "state_id": ""}]})
    answer = lambda sent: rows if sent["call"] == "get_port_requests" else success()  # noqa: E731
    draft = PortDraft(title="Shop", numbers=("+15145550134",), reference="ours")
    assert client(answer).create_port(draft, {}, submit=False) == "31"
    with pytest.raises(Unclear):
        client(answer).create_port(PortDraft(title="Shop", reference="other"), {}, submit=False)


def test_an_unknown_status_is_never_a_known_one(client, success):
    asked = client(success(port_requests={"port_request_details": [PORT | {"status": "ported"}]}))
    assert list(asked.ports()) == [] and len(asked.unread) == 1


ENDPOINT = {
    "client_endpoint_id": "4",
    "phone_number": "5145550134",
    "full_name": "Shop",
    "civic_number": "12",
    "street": "Rue X",
    "city": "Montreal",
    "state_code": "QC",
    "country_code": "CA",
    "postal_code": "H2X 1Y4",
    "e911_language": "fr",
    "address_type": "suite",
    "address_type_number": "3",
    "client_peer_ids": "1,2",
    "is_default": "1",
    "status": "enabled",
}


def test_911_endpoints_are_read_page_by_page(client, success):
    def answer(sent):
        first = int(sent.get("result_offset", 0))
        rows = [ENDPOINT | {"client_endpoint_id": str(n)} for n in range(first, min(first + 1000, 1500))]
        return success(e911_endpoints={"e911_details": rows})

    asked = client(answer)
    found = list(asked.emergency_addresses())
    assert len({record.external_id for record in found}) == len(found) == 1500
    assert [sent.get("result_offset") for sent in asked.sent] == [None, "1000"]
    assert found[0].peer_ids == ("1", "2") and found[0].is_default and found[0].provisioned
    assert (found[0].address.unit_type, found[0].address.unit, found[0].address.language) == ("suite", "3", "fr")


def test_an_upstream_that_ignores_the_offset_is_not_asked_for_ever(client, success):
    rows = [ENDPOINT | {"client_endpoint_id": str(n)} for n in range(1000)]
    asked = client(success(e911_endpoints={"e911_details": rows}))
    assert len(list(asked.emergency_addresses())) == 1000 and len(asked.requests) == 2


def test_no_endpoint_is_an_empty_listing(client, error):
    assert list(client(error("no_e911_endpoint_found")).emergency_addresses(number="+15145550134")) == []


def test_an_endpoint_in_an_unknown_state_is_not_called_active(client, success):
    asked = client(success(e911_details=[ENDPOINT | {"status": "half"}, ENDPOINT | {"provision_status": "pending"}]))
    assert [record.provisioned for record in asked.emergency_addresses()] == [False]
    assert len(asked.unread) == 1


SUBACCOUNT = {
    "client_subaccount_id": "5",
    "friendly_name": "Shop",
    "status": "enabled",
    "multi_tenancy_mode": "self",
    "international_nip": "123456",
    "call_limit": "10",
    "options": ["enable_billing_module", "disable_411_access"],
    "associated_dids": "7,8",
    "associated_peers": "1",
    "metadata": {"raw_metadata": '{"ref":"r5"}'},
}


@pytest.fixture
def subaccount_client(client, success):
    rows = success(subaccounts={"subaccount_details": SUBACCOUNT})
    return client(lambda sent: rows if sent["call"] == "get_subaccounts" else success(client_subaccount_id="6"))


def test_subaccounts_are_read(subaccount_client):
    without = next(subaccount_client.subaccounts())
    assert (without.name, without.status, without.number_ids, without.reference) == ("Shop", "enabled", None, "r5")
    assert next(subaccount_client.subaccounts(with_numbers=True)).number_ids == ("7", "8")
    assert "get_associations" not in subaccount_client.sent[0] and subaccount_client.sent[1]["get_associations"] == "1"


def test_a_subaccount_is_created(subaccount_client):
    assert subaccount_client.create_subaccount("New", organization="Org", language="fr", reference="r6") == "6"
    sent = subaccount_client.sent[0]
    assert (sent["mode"], sent["friendly_name"], sent["status"], sent["multi_tenancy_mode"]) == (
        "create", "New", "enabled", "disabled")  # fmt: skip
    assert (sent["voice_language"], sent["notification_language"], sent["raw_metadata"]) == ("fr", "fr", '{"ref":"r6"}')


def test_a_subaccount_is_disabled_and_keeps_everything_else(subaccount_client):
    subaccount_client.update_subaccount("5", {"status": "disabled"})
    sent = subaccount_client.sent[1]
    assert (sent["mode"], sent["client_subaccount_id"], sent["status"]) == ("update", "5", "disabled")
    for key in ("friendly_name", "multi_tenancy_mode", "international_nip", "call_limit"):
        assert sent[key] == SUBACCOUNT[key]
    assert (sent["options"], sent["raw_metadata"]) == ("enable_billing_module,disable_411_access", '{"ref":"r5"}')
    assert "associated_dids" not in sent


def test_numbers_are_added_to_those_a_subaccount_has(subaccount_client):
    subaccount_client.add_subaccount_numbers("5", ["8", "9"])
    assert subaccount_client.sent[1]["associated_dids"] == "7,8,9"
    assert "associated_peers" not in subaccount_client.sent[1], "a list that is not sent stays"


def test_numbers_are_not_added_to_a_list_that_is_not_told(client, success):
    row = {key: value for key, value in SUBACCOUNT.items() if key != "associated_dids"}
    asked = client(success(subaccounts={"subaccount_details": row}))
    with pytest.raises(Unreadable):
        asked.add_subaccount_numbers("5", ["9"])
    assert [sent["call"] for sent in asked.sent] == ["get_subaccounts"]


def test_the_balance_is_negative_when_owed(client, success):
    owed = client(success(funding_details={"account_balance": "12.34", "funds_left": "87.66 CR", "currency": "CAD"}))
    assert (owed.balance().balance, owed.balance().available) == (Decimal("-12.34"), Decimal("87.66"))
    for missing in ("", None, "-5.00"):
        with pytest.raises(Unreadable):
            client(success(funding_details={"account_balance": missing, "currency": "CAD"})).balance()


def test_the_ledger_is_read_with_both_dates(client, success):
    rows = [
        {"transaction_id": "1", "type": "payment", "date": "2026-01-02", "amount": "50.00 CR", "balance": "10.00 CR"},
        {"transaction_id": "2", "type": "invoice", "date": "2026-01-03", "amount": "20.00", "balance": "10.00"},
        {"transaction_id": "3", "type": "gift", "date": "2026-01-03", "amount": "20.00"},
    ]
    asked = client(success(billing_activity={"transaction_details": rows}))
    found = list(asked.ledger(since=date(2026, 1, 1)))
    assert [(line.kind, line.amount, line.balance_after) for line in found] == [
        ("payment", Decimal("50.00"), Decimal("10.00")), ("invoice", Decimal("-20.00"), Decimal("-10.00"))]  # fmt: skip
    assert len(asked.unread) == 1
    assert asked.sent[0]["date_from"] == "2026-01-01" and asked.sent[0]["date_to"] == asked.today().isoformat()
    list(asked.ledger())
    assert "date_from" not in asked.sent[1]


def test_the_rest_of_the_account(client, success):
    account = client(success(account_details={"client_account_id": "80012345", "organization": "Org"})).account()
    assert (account.external_id, account.organization) == ("80012345", "Org")
    preferences = success(account_preferences={"time_zone_id": "1", "callerid_name": "ORG"})
    assert client(preferences).preferences()["callerid_name"] == "ORG"
    events = success(
        network_status={"network_status_details": {"title": "Outage", "datetime_start": "2026-01-15 12:00:00"}}
    )
    assert client(events).network_status()[0].at == datetime(2026, 1, 15, 17, tzinfo=UTC)
    countries = success(
        countries={"country_details": [{"country_id": "38", "country": "Canada", "country_code": "CA"}]}
    )
    assert [(place.external_id, place.code) for place in client(countries).countries()] == [("38", "CA")]
