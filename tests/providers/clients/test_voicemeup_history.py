"""Calls and what they leave behind, prices, look-ups, and calls that are placed for us (FEATURES F1, F2)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from providers.clients.capability import Capability
from providers.clients.errors import Cause, NotFound, Rejected, Unreadable
from providers.clients.records import Attachment, Direction
from providers.clients.voicemeup.client import VoiceMeUp
from providers.clients.voicemeup.dispatch import CallEnd

SINCE = datetime(2010, 8, 4, 4, 0, tzinfo=UTC)
UNTIL = datetime(2010, 8, 5, 4, 0, tzinfo=UTC)
# The one row that is public, of 2010.
CALL = {
    "unique_id": "0a" * 16,
    "date": "2010-08-04",
    "time": "12:39:47",
    "direction": "inbound",
    "source": "5145550134",
    "destination": "15145550135",
    "client_peer_id": "3",
    "duration": "82",
    "callerid_name": "SHOP",
    "callerid_number": "5145550134",
    "bindings": "",
    "status": "answered",
    "billed_amount": "0.0241",
    "current_rate": "0.0172",
}
PDF = Attachment(name="order.pdf", content=b"%PDF-1.7", mime_type="application/pdf")


def calls(success, *rows):
    return success(calls={"call_details": list(rows)})


def test_the_public_row_of_2010_is_read(client, success):
    asked = client(calls(success, CALL))
    (record,) = asked.calls(SINCE, UNTIL)
    assert (record.external_id, record.direction) == ("0a" * 16, Direction.INBOUND)
    assert (record.source, record.destination) == ("+15145550134", "+15145550135")
    assert record.started_at == datetime(2010, 8, 4, 16, 39, 47, tzinfo=UTC)
    assert (record.seconds, record.billed_seconds, record.cost) == (82, None, Decimal("0.0241"))
    assert (record.answered, record.outcome, record.caller_name) == (True, "answered", "SHOP")
    sent = asked.sent[0]
    assert (sent["date_from"], sent["date_to"], sent["result_limit"]) == ("2010-08-04", "2010-08-05", "1000")


def test_calls_outside_the_two_moments_are_left_out(client, success):
    late = CALL | {"unique_id": "b", "date": "2010-08-05", "time": "00:00:01"}
    assert [record.external_id for record in client(calls(success, late, CALL)).calls(SINCE, UNTIL)] == ["0a" * 16]


def test_who_has_no_number_stays_as_written_and_a_strange_word_is_not_guessed(client, success):
    rows = [
        CALL | {"unique_id": "1", "source": "anonymous", "destination": "1001"},
        CALL | {"unique_id": "2", "source": "", "destination": "sip:a@b.example"},
        CALL | {"unique_id": "3", "status": "teleported"},
        CALL | {"unique_id": "4", "status": "enabled", "disposition": "no_answer"},
    ]
    asked = client(calls(success, *rows))
    found = {record.external_id: record for record in asked.calls(SINCE, UNTIL)}
    assert (found["1"].source, found["1"].destination) == ("anonymous", "1001")
    assert (found["2"].source, found["2"].destination) == ("", "sip:a@b.example")
    assert (found["4"].answered, found["4"].outcome) == (False, "no_answer")
    assert "3" not in found and len(asked.unread) == 1


def test_calls_are_read_page_by_page_and_told_once(client, success):
    def page(sent):
        start = int(sent.get("result_offset", 0))
        # A new call came meanwhile and pushed one over to the next page.
        numbers = range(start - 1 if start else 0, min(start + 999 if start else 1000, 1500))
        return calls(success, *(CALL | {"unique_id": str(number)} for number in numbers))

    asked = client(page)
    found = [record.external_id for record in asked.calls(SINCE, UNTIL)]
    assert found == [str(number) for number in range(1500)]
    assert [sent.get("result_offset") for sent in asked.sent] == [None, "1000"]


def test_a_listing_whose_offset_is_not_heeded_ends(client, success):
    asked = client(calls(success, *(CALL | {"unique_id": str(number)} for number in range(1000))))
    assert len(list(asked.calls(SINCE, UNTIL))) == 1000 and len(asked.sent) == 2


def test_polling_asks_for_the_calls_after_one(client, success, error):
    asked = client(calls(success, CALL))
    assert len(list(asked.calls_after("c" * 32))) == 1
    assert (asked.sent[0]["call_hash"], asked.sent[0]["result_limit"]) == ("c" * 32, "1000")
    with pytest.raises(NotFound):
        list(client(error("call_hash_invalid")).calls_after("nope"))


def test_recordings_voicemails_and_faxes_are_records_of_one_kind(client, success):
    recording = CALL | {"call_recording_id": "5", "url": "https://x.example/5.mp3", "status": "verified"}
    (found,) = client(success(recordings={"recording_details": recording})).recordings(SINCE, UNTIL)
    assert (found.kind, found.external_id, found.seconds, found.state) == ("recording", "5", 82, "verified")
    voicemail = CALL | {"call_voicemail_id": "6", "client_mailbox_id": "9"}
    (found,) = client(success(voicemails={"voicemail_details": voicemail})).voicemails(SINCE, UNTIL)
    assert (found.kind, found.external_id, found.mailbox, found.source) == ("voicemail", "6", "9", "+15145550134")
    fax = CALL | {"call_fax_id": "7", "pages": "2", "source_number": "5145550134", "transmission_status": "completed"}
    (found,) = client(success(faxes={"fax_details": fax | {"direction": "outbound"}})).faxes(SINCE, UNTIL)
    assert (found.kind, found.pages, found.direction, found.state) == ("fax", 2, Direction.OUTBOUND, "completed")


def test_an_address_of_a_file_that_is_none_hides_only_its_row(client, success):
    row = CALL | {"call_recording_id": "5", "url": "javascript:alert(1)", "status": "verified"}
    asked = client(success(recordings={"recording_details": row}))
    assert list(asked.recordings(SINCE, UNTIL)) == [] and len(asked.unread) == 1


@pytest.mark.parametrize(
    ("method", "call", "key"),
    (
        ("delete_recordings", "delete_recordings", "call_recording_id"),
        ("delete_call_recordings", "delete_recordings", "call_hash"),
        ("delete_voicemails", "delete_voicemails", "call_voicemail_id"),
        ("delete_faxes", "delete_faxes", "call_fax_id"),
    ),
)
def test_deleting_names_each_thing_and_an_empty_list_deletes_nothing(client, success, method, call, key):
    asked = client(success())
    getattr(asked, method)(["5", "6", "5"], comments="done")
    assert (asked.sent[0]["call"], asked.sent[0][key], asked.sent[0]["comments"]) == (call, "5,6", "done")
    assert "date" not in asked.sent[0] and asked.requests[0].bucket == call
    for nothing in ([], [""], ["5,6"]):
        with pytest.raises(Rejected):
            getattr(asked, method)(nothing)
    assert len(asked.sent) == 1


def test_deleting_many_is_several_requests(client, success):
    asked = client(success())
    asked.delete_faxes(str(number) for number in range(450))
    assert [len(sent["call_fax_id"].split(",")) for sent in asked.sent] == [200, 200, 50]


@pytest.mark.parametrize("method", ("delete_recordings_before", "delete_voicemails_before", "delete_faxes_of"))
def test_deleting_by_day_names_only_the_day(client, success, method):
    asked = client(success())
    getattr(asked, method)(date(2026, 1, 2))
    ours = {"call", "client_user_id", "auth_token"}
    assert {key: value for key, value in asked.sent[0].items() if key not in ours} == {"date": "2026-01-02"}


def test_a_fax_is_sent_with_our_mark_and_known_by_their_id(client, success):
    asked = client(success(messages=[("queued_fax_hash", "f1")]))
    later = datetime(2026, 7, 16, 3, 30, tzinfo=UTC)
    sent = asked.send_fax("7", "+15145550134", [PDF, PDF], {"unique_id": "mark", "datetime_scheduled": later})
    assert sent.external_id == "f1"
    assert [name for name, _ in asked.requests[0].files] == ["attachments[0]", "attachments[1]"]
    fields = asked.sent[0]
    assert (fields["unique_id"], fields["destination_number"]) == ("mark", "5145550134")
    assert (fields["datetime_scheduled"], asked.requests[0].bucket) == ("2026-07-15 23:30:00", "queue_fax")


def test_a_fax_whose_answer_names_no_id_is_known_by_our_mark(client, success):
    asked = client(success())
    sent = asked.send_fax("7", "+15145550134", [PDF])
    assert sent.external_id == asked.sent[0]["unique_id"] and len(sent.external_id) == 36
    assert [name for name, _ in asked.requests[0].files] == ["attachments"]


def test_a_fax_without_a_document_or_with_a_wrong_setting_is_not_sent(client, success):
    asked = client(success())
    for documents, settings in (([], {}), ([PDF], {"resolution": "color"}), ([PDF], {"retry_limit": 0})):
        with pytest.raises(Rejected):
            asked.send_fax("7", "+15145550134", documents, settings)
    assert asked.sent == []


def test_two_people_are_called_in_order(client, success):
    asked = client(success(call_hash="c1"))
    asked.call_back("+15145550134", "+442079460123")
    sent = asked.sent[0]
    assert (sent["sources[0][type]"], sent["sources[0][value]"]) == ("number", "5145550134")
    assert (sent["destinations[0][type]"], sent["destinations[0][value]"]) == ("number", "442079460123")
    assert asked.requests[0].bucket == "dispatch_call"


def test_a_placed_call_may_have_several_ends_and_settings(client, success):
    asked = client(success(call_hash="c1"))
    ends = [CallEnd(value="front-desk", type="peer", confirm_required=True), CallEnd(value="+15145550135", retries=2)]
    found = asked.dispatch_call(
        ends, [CallEnd(value="sip:a@b.example", type="uri")], {"meta_data": "r", "wait_time": 20}
    )
    sent = asked.sent[0]
    assert found == "c1"
    assert (sent["sources[0][confirm_required]"], sent["sources[1][retries]"], sent["wait_time"]) == ("1", "2", "20")
    assert (sent["destinations[0][value]"], sent["meta_data"]) == ("sip:a@b.example", "r")


@pytest.mark.parametrize(
    "ask",
    (
        lambda c: c.call_back("911", "+15145550134"),
        lambda c: c.dispatch_call([], [CallEnd(value="+15145550134")]),
        lambda c: c.dispatch_call([CallEnd(value="a", type="pigeon")], [CallEnd(value="+15145550134")]),
        lambda c: c.dispatch_call([CallEnd(value="+15145550134")], [CallEnd(value="+15145550134")], {"wait_time": 90}),
        lambda c: c.voicemail_broadcast("+15145550134", {}),
        lambda c: c.voicemail_broadcast("+15145550134", {"media_url": "ftp://x"}),
        lambda c: c.voicemail_broadcast("+15145550134", {"client_media_file_id": 3, "callerid_number": "+18005550134"}),
        lambda c: c.voicemail_broadcast("+15145550134", {"client_media_file_id": 3, "privacy": True}),
    ),
)
def test_a_call_that_would_be_refused_is_not_placed(client, success, ask):
    asked = client(success())
    with pytest.raises(Rejected):
        ask(asked)
    assert asked.sent == []


def test_statistics_are_read_in_both_of_the_shapes_they_may_have(client, success):
    rows = {"main_account": {"routing_types": [{"routing_type": "internal", "calls": "3"}]}}
    named = {"whole_account": {"internal": {"calls": "5"}, "total": "9"}}
    found = client(success(calls_stats=rows | named)).call_statistics(date(2026, 1, 1), date(2026, 1, 31))
    assert [(record.external_id, record.name, record.fields) for record in found] == [
        ("main_account", "internal", {"routing_type": "internal", "calls": "3"}),
        ("whole_account", "internal", {"calls": "5"}),
        ("whole_account", "total", {"_content": "9"}),
    ]
    by_account = [{"client_subaccount_id": "7", "totals": {"message_type": "sms_inbound", "quantity": "1"}}]
    (record,) = client(success(sms_stats={"subaccount": by_account})).message_statistics(subaccount_ids=["7"])
    assert (record.external_id, record.name) == ("7", "sms_inbound")
    with pytest.raises(Unreadable):
        client(success(storage_stats={"strange": "1"})).storage_statistics()


def test_statistics_that_would_be_refused_are_not_asked_for(client, success):
    asked = client(success())
    for wrong in (
        {"since": date(2024, 1, 1), "until": date(2026, 1, 1)},
        {"types": ["teleport"]},
        {"subaccount_ids": map(str, range(11))},
    ):
        with pytest.raises(Rejected):
            asked.call_statistics(**wrong)
    assert asked.sent == []


def test_prices_are_those_of_canada_and_the_us(client, success):
    row = {"code": "1514", "description": "Canada - Montreal", "rate": "0.0172", "currency": "CAD"}
    asked = client(success(rates={"rate_details": row}))
    found = list(asked.prices())
    assert [sent["country_id"] for sent in asked.sent] == ["38", "223"]
    assert (found[0].destination, found[0].amount, found[0].unit) == (
        "1514 Canada - Montreal",
        Decimal("0.0172"),
        "minute",
    )
    with pytest.raises(Rejected):
        list(asked.rates())


def test_invoices_are_the_invoices_of_the_ledger(client, success):
    lines = [
        {"transaction_id": "1", "type": "invoice", "date": "2026-01-01", "amount": "12.50", "invoice_number": "A1"},
        {"transaction_id": "2", "type": "payment", "date": "2026-01-02", "amount": "12.50"},
    ]
    (found,) = client(success(billing={"transaction_details": lines})).invoices()
    assert (found.external_id, found.total, found.issued_on) == ("A1", Decimal("12.50"), date(2026, 1, 1))


def test_what_resellers_bill_has_its_sign_and_no_key_of_its_page(client, success):
    row = {"reseller_transaction_id": "1", "type": "payment", "amount": "5.00", "date_applied": "2026-01-02 03:04:05"}
    (line,) = client(success(resellers_transactions={"reseller_transaction_details": row})).reseller_transactions()
    assert (line.amount, line.occurred_on) == (Decimal("5.00"), date(2026, 1, 2))
    row = {
        "reseller_invoice_id": "2",
        "amount": "9.00",
        "date_applied": "2026-01-02",
        "web_key": "k3y-k3y",
        "status": "paid",
    }
    (invoice,) = client(success(resellers_invoices={"reseller_invoice_details": row})).reseller_invoices()
    assert (invoice.total, invoice.paid) == (Decimal("9.00"), True)
    assert "k3y-k3y" not in repr(invoice)


def test_a_look_up_is_of_the_number_that_was_asked_for(client, success):
    row = {"phone_number": "5145550134", "carrier": "Someone", "type": "wireless", "state_code": "QC"}
    found = client(success(did={"did_details": row})).lookup("+15145550134")
    assert (found.number, found.carrier, found.line_type, found.region) == ("+15145550134", "Someone", "wireless", "QC")
    with pytest.raises(Unreadable):
        client(success(did={"did_details": row})).lookup("+15145550135")


def test_a_number_is_portable_where_its_exchange_is(client, success):
    row = {"npa": "514", "nxx": "555", "portability": "1", "ratecenter": "Montreal"}
    asked = client(success(exchanges={"exchange_details": [row, row | {"nxx": "556", "portability": "0"}]}))
    assert asked.portable("+15145550134") and not asked.portable("+15145560134")
    assert (asked.sent[0]["npa"], asked.sent[0]["nxx"]) == ("514", "555")
    assert not asked.portable("+15145570134")
    with pytest.raises(Rejected):
        asked.portable("+18005550134")


def test_ordering_numbers_needs_a_place_and_how_many(client, success):
    asked = client(success())
    asked.order_numbers({"prefix": "514555", "quantity": 5, "capacity": "50+", "sms_support": True})
    assert (asked.sent[0]["capacity"], asked.sent[0]["sms_support"]) == ("50+", "1")
    for wrong in (
        {"quantity": 5},
        {"prefix": "514555"},
        {"prefix": "514555", "quantity": 1000},
        {"ratecenter_id": "123456", "quantity": 1, "prefix_preference": "prefix_only"},
    ):
        with pytest.raises(Rejected):
            asked.order_numbers(wrong)
    assert len(asked.sent) == 1


def test_a_number_is_released_by_its_id(client, success):
    asked = client(success())
    asked.release_number("7")
    assert (asked.sent[0]["call"], asked.sent[0]["client_did_id"]) == ("delete_did", "7")


def test_a_411_listing_is_changed_and_not_replaced(client, success):
    row = {
        "client_411_listing_id": "3",
        "client_did_id": "7",
        "provision_status": "activated",
        "status": "enabled",
        "phone_number": "5145550134",
        "type": "business",
        "sort_word": "Plomberie",
        "sub_word": "Lachance",
        "civic_number": "12",
        "street": "Rue X",
        "city": "Laval",
        "state_code": "QC",
        "state_id": "9",
        "country_code": "CA",
        "country_id": "38",
        "postal_code": "H7X 1X1",
        "address_type": "",
        "address_type_number": "",
    }
    asked = client(success(whitepages={"whitepage_details": row}))
    asked.save_directory_listing("+15145550134", {"state_code": "ON"})
    sent = asked.sent[-1]
    assert (sent["call"], sent["state_code"], sent["sub_word"]) == ("update_whitepages", "ON", "Lachance")
    assert not {"state_id", "mode", "status", "provision_status", "client_did_id"} & sent.keys()


def test_a_first_411_listing_needs_everything_and_its_errors_name_our_fields(client, success, error):
    asked = client(success(whitepages=""))
    with pytest.raises(Rejected) as caught:
        asked.save_directory_listing("+15145550134", {"type": "business"})
    assert caught.value.cause is Cause.MISSING and len(asked.sent) == 1
    settings = {"type": "business", "sort_word": "A1", "sub_word": "B2", "civic_number": 1, "street": "X", "city": "Y"}
    settings |= {"state_code": "QC", "country_code": "CA", "postal_code": "H0H 0H0"}
    refusing = client(success(whitepages=""), error("first_name_invalid"))
    with pytest.raises(Rejected) as caught:
        refusing.save_directory_listing("+15145550134", settings)
    assert caught.value.problems[0].field == "sort_word"


def test_a_subaccount_s_address_is_sent_whole(client, success):
    asked = client(success(client_address_id="4"))
    whole = {
        "civic_number": 1,
        "street": "X",
        "unit_number": 2,
        "city": "Y",
        "country_id": 38,
        "postal_code": "H0H 0H0",
    }
    with pytest.raises(Rejected) as caught:
        asked.save_subaccount_address("7", whole)
    assert [problem.field for problem in caught.value.problems] == ["state_id"]
    assert asked.save_subaccount_address("7", whole | {"state_id": 9}) == "4"
    asked.save_subaccount_address("7", whole | {"country_id": 75, "state_other": "Bretagne"}, "4")
    assert [(sent["mode"], sent.get("client_address_id")) for sent in asked.sent] == [("create", None), ("update", "4")]


def test_a_greeting_is_spoken_chosen_or_uploaded(client, success):
    asked = client(success())
    asked.speak_greeting("7", "Bonjour", "fr-CA-Standard-A")
    asked.set_greeting("7", "9", name="Summer")
    asked.upload_greeting("7", Attachment(name="a.wav", content=b"RIFF", mime_type="audio/wav"))
    assert [sent["mode"] for sent in asked.sent] == ["text_to_speech", "existing_file", "post_file"]
    assert [len(request.files) for request in asked.requests] == [0, 0, 1]
    with pytest.raises(Rejected):
        asked.speak_greeting("7", "")


def test_names_of_voices_and_requests_are_read_alone_or_in_structures(client, success):
    assert client(success(request_types={"request_type": ["get_dids", "queue_sms"]})).request_types() == [
        "get_dids",
        "queue_sms",
    ]
    assert client(success(request_types={"request_type": "get_dids"})).request_types() == ["get_dids"]
    voices = [{"voice_name": "fr-CA-Standard-A", "language": "fr"}, "en-CA-Standard-B"]
    found = list(client(success(voices={"voice_name": voices})).voices())
    assert [record.name for record in found] == ["fr-CA-Standard-A", "en-CA-Standard-B"]
    assert found[0].fields["language"] == "fr"


def test_reporting_a_call_names_the_report(client, success):
    asked = client(success(call_issue_id="5"))
    assert asked.report_call("c" * 32, "2", comments="echo", ticket="ABC-123-12345") == "5"
    assert asked.sent[0]["kayako_ticket_id"] == "ABC-123-12345"


def test_every_capability_that_is_declared_has_its_verb():
    verbs = {
        Capability.CALLS: "calls",
        Capability.RECORDINGS: "recordings",
        Capability.VOICEMAIL: "voicemails",
        Capability.FAX: "faxes",
        Capability.INVOICES: "invoices",
        Capability.PRICES: "prices",
        Capability.NUMBER_RELEASE: "release_number",
        Capability.LOOKUP: "lookup",
        Capability.PORT_CHECK: "portable",
        Capability.CALLBACKS: "call_back",
    }
    for capability, verb in verbs.items():
        assert capability in VoiceMeUp.capabilities
        assert getattr(VoiceMeUp, verb).__module__.startswith("providers.clients.voicemeup.")
