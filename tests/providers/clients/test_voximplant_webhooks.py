"""Account callbacks: proved by their hash, read into typed events; a forged or broken one is refused."""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.clients.errors import Unreadable
from providers.clients.records import Delivery, Direction, EventRecord, Transmission
from providers.clients.voximplant.client import Voximplant
from providers.clients.voximplant.happenings import PAYLOADS, TYPES
from providers.clients.voximplant.structures import STRUCTURES
from providers.clients.voximplant.webhooks import expected_hash, parse_callbacks

SALT, ACCOUNT, KEY = "s4lt-91", "4470123", "3f6c1b5e-70a4-4c8e-9b1d-2a7e5f904d11"
NOW = datetime(2026, 7, 2, 12, tzinfo=UTC)
DETAILS = [{"type": "PHONE", "phone_numbers": [{"phone_id": 7301, "phone_number": "16285550134"}]}]
REGULATION = {"regulation_address_id": 14, "regulation_address_name": "HQ", "is_individual": False}
CERTIFICATE = {
    "push_credential_id": 1,
    "cert_file_name": "a.p12",
    "expiration_date": "2026-08-01",
    "applications": ["a"],
}
PAYMENT = {"transaction_id": 66, "transaction_type": "card_payment", "amount": 50.5}
REPORT = {"history_report_id": 40071, "success": True, "order_date": "2026-07-02 09:00:00"}
DOCUMENT = {"account_document_id": 71, "legal_status": "LEGAL_ENTITY"}
TRANSCRIPT = {"record_url": "https://x.example/9", "call_session_history_id": 3104, "transcription_cost": 0.05}
# One payload of each type of the reference, as it stands in a delivery.
CARRIED = {
    "account_document_uploaded": DOCUMENT | {"uploaded": "2026-07-02 09:00:00", "verification_name": "US"},
    "batch_task_cancelling_completed": {"batch_id": "5b1e7c52", "cancelled_tasks_number": 3},
    "regulation_address_uploaded": REGULATION | {"uploaded": "2026-07-02 09:00:00"},
    "account_document_verified": DOCUMENT | {"account_document_status": "VERIFIED", "comment": "ok"},
    "account_is_frozen": {},
    "account_is_unfrozen": {},
    "activate_successful": {},
    "call_history_report": REPORT,
    "card_expired": {},
    "card_expires_in_month": {},
    "card_payment": PAYMENT,
    "card_payment_failed": {},
    "robokassa_payment": PAYMENT,
    "wire_transfer": PAYMENT,
    "js_fail": {},
    "min_balance": {"is_min_credit": False, "is_repeated": True},
    "regulation_address_verified": REGULATION | {"regulation_address_status": "VERIFIED"},
    "renewed_subscriptions": {
        "subscriptions": [
            {"type": "PHONE_NUM", "name": "x", "cost": 1.25, "next_renewal": "2026-08-02", "details": DETAILS}
        ]
    },
    "reset_account_password_request": {},
    "sip_registration_fail": {"sip_registrations": [{"sip_registration_id": 1407, "status_code": "403"}]},
    "sip_registration_recovered": {"sip_registrations": [{"sip_registration_id": 1407}]},
    "subscription_is_frozen": {"subscriptions": [{"type": "PHONE_NUM", "name": "x", "cost": 1.25, "details": DETAILS}]},
    "subscription_is_detached": {"subscriptions": [{"type": "PHONE_NUM", "name": "x", "details": DETAILS}]},
    "transaction_history_report": REPORT,
    "unverified_subscription_detached": {"subscriptions": [{"type": "PHONE_NUM", "name": "x", "details": DETAILS}]},
    "expiring_callerid": {"callerids": ["16285550134"], "expiration_date": "2026-08-01"},
    "transcription_complete": {"transcription_complete": TRANSCRIPT},
    "sms_inbound": {"source_number": "19295550177", "destination_number": "16285550134", "sms_body": "STOP"},
    "phone_number_activation_status_changed": {
        "phone_number_activation_status_changed": {"phone_number": "16285550134", "activation_status": "ACTIVE"}
    },
    "expiring_agreement": {"expiration_date": "2026-08-01", "until_expiration": 30},
    "expired_agreement": {"document_ids": [1, 2]},
    "restored_agreement_status": {"document_id": 1, "expiration_date": "2026-08-01"},
    "next_charge_alert": {"required_money": 24.5, "insufficient_funds_amount": 4.25},
    "certificate_expired": {},
    "expired_certificates": {"certificates": [CERTIFICATE]},
    "expiring_certificates": {"certificates": [CERTIFICATE]},
    "account_document_status_updated": DOCUMENT
    | {"previous_account_document_status": "AWAITING_VERIFICATION", "update_time": "2026-07-02 09:00:00"},
    "a2p_sms_activated": {"a2p_enabled": True},
    "regulation_address_documents_requested": REGULATION | {"update_time": "2026-07-02 09:00:00"},
    "invoice_received": {"invoice_id": 8812, "amount": "26.40", "tax_amount": "1.90", "currency": "USD"},
}


def callback(kind="min_balance", callback_id=1001, **changes):
    row = {
        "callback_id": callback_id,
        "type": kind,
        "account_id": int(ACCOUNT),
        "hash": expected_hash(SALT, ACCOUNT, KEY, str(callback_id)),
        "account_name": "lachance",
        "balance": 4.2,
        "currency": "USD",
        kind: CARRIED.get(kind, {}),
    }
    return row | changes


def body(*rows):
    return json.dumps({"callbacks": list(rows)}).encode()


def parse(content, content_type="application/json; charset=utf-8", salt=SALT, keys=None):
    keys = {ACCOUNT: KEY} if keys is None else keys
    return parse_callbacks(
        content, content_type, {}, key_of=lambda account: keys.get(account, ""), salt=salt, received_at=NOW
    )


@pytest.mark.parametrize(
    ("salt", "callback_id", "hexadecimal"),
    (
        ("s4lt-91", "1001", "de50a4c3b12b3160615d1f4f6c5b670e"),
        ("s4lt-91", "1002", "c7f0c3c87942a8eb1c7d13aa071cfab4"),
        ("s4lt-91", "1003", "7b11a2e5de044fee53fe20d3dc05a6bc"),
    ),
)
def test_hashes_are_those_of_the_reference(salt, callback_id, hexadecimal):
    assert expected_hash(salt, ACCOUNT, KEY, callback_id) == hexadecimal
    assert hashlib.md5(f"{salt}{ACCOUNT}{KEY}{callback_id}".encode()).hexdigest() == hexadecimal


def test_every_type_of_the_reference_is_known():
    assert set(CARRIED) == set(TYPES)
    assert len(TYPES) == 40
    assert {structure for structure in TYPES.values() if structure} <= set(PAYLOADS)
    assert not set(PAYLOADS) & set(STRUCTURES)


@pytest.mark.parametrize("kind", CARRIED)
def test_each_type_is_an_event_with_what_it_carries(kind):
    (event,) = parse(body(callback(kind)))
    assert isinstance(event, EventRecord)
    assert (event.external_id, event.kind, event.account_id) == ("1001", kind, ACCOUNT)
    assert (event.balance, event.currency, event.at) == (Decimal("4.2"), "USD", NOW)
    if kind != "sms_inbound":
        assert set(event.details) == set(CARRIED[kind])
    assert event.raw["account_name"] == "lachance" and event.raw["hash"] == "***"


def test_details_are_python_values():
    (report,) = parse(body(callback("call_history_report")))
    assert report.details == {
        "history_report_id": 40071,
        "success": True,
        "order_date": datetime(2026, 7, 2, 9, tzinfo=UTC),
    }
    (alert,) = parse(body(callback("next_charge_alert")))
    assert alert.details["insufficient_funds_amount"] == Decimal("4.25")
    (renewed,) = parse(body(callback("renewed_subscriptions")))
    subscription = renewed.details["subscriptions"][0]
    assert subscription["next_renewal"] == date(2026, 8, 2)
    assert subscription["details"][0]["phone_numbers"][0]["phone_id"] == 7301
    (invoice,) = parse(body(callback("invoice_received")))
    assert invoice.details["amount"] == Decimal("26.40")


@pytest.mark.parametrize("wrapped", (True, False))
@pytest.mark.parametrize("kind", ("transcription_complete", "phone_number_activation_status_changed"))
def test_types_that_are_wrapped_twice_may_be_wrapped_once(kind, wrapped):
    carried = CARRIED[kind] if wrapped else CARRIED[kind][kind]
    (event,) = parse(body(callback(kind, **{kind: carried})))
    assert event.details[kind]


@pytest.mark.parametrize(
    "shape",
    (
        lambda item: item,
        lambda item: {"sms_inbound": item},
        lambda item: [item],
        lambda item: {"sms_inbound": [item]},
    ),
)
def test_a_text_comes_flat_nested_or_in_a_list(shape):
    item = CARRIED["sms_inbound"] | {"receival_date": "2026-07-02 11:59:58"}
    (event,) = parse(body(callback("sms_inbound", 1002, sms_inbound=shape(item))))
    (text,) = event.messages
    assert (text.source, text.destination, text.body) == ("+19295550177", "+16285550134", "STOP")
    assert (text.direction, text.transmission) == (Direction.INBOUND, Transmission.DELIVERED)
    assert text.external_id == "callback-1002"
    assert text.sent_at == datetime(2026, 7, 2, 11, 59, 58, tzinfo=UTC)


def test_texts_of_one_callback_have_names_of_their_own_and_the_time_of_arrival():
    (event,) = parse(body(callback("sms_inbound", sms_inbound=[CARRIED["sms_inbound"]] * 2)))
    assert [text.external_id for text in event.messages] == ["callback-1001", "callback-1001-1"]
    assert {text.sent_at for text in event.messages} == {NOW}


def test_several_callbacks_come_at_once():
    events = parse(body(callback("min_balance", 1001), callback("sms_inbound", 1002)))
    assert [event.external_id for event in events] == ["1001", "1002"]


def test_a_type_that_nobody_documented_is_an_event_all_the_same():
    (event,) = parse(body(callback("moon_phase", moon_phase={"full": True})))
    assert (event.kind, event.details) == ("moon_phase", {})
    assert event.raw["moon_phase"] == {"full": True}


@pytest.mark.parametrize(
    "changes",
    (
        {"hash": "0" * 32},
        {"hash": ""},
        {"hash": None},
        {"hash": expected_hash("other", ACCOUNT, KEY, "1001")},
        {"hash": expected_hash(SALT, ACCOUNT, "other", "1001")},
        {"callback_id": 1002},
        {"account_id": 4470124},
        {"account_id": 4470124, "hash": expected_hash(SALT, "4470124", "", "1001")},
        {"hash": "é" * 32},
    ),
)
def test_a_forged_callback_is_refused_and_with_it_its_delivery(changes):
    with pytest.raises(Unreadable):
        parse(body(callback("sms_inbound", 1009), callback() | changes))


def test_a_hash_in_capitals_counts():
    assert parse(body(callback(hash=expected_hash(SALT, ACCOUNT, KEY, "1001").upper())))


def test_without_a_salt_or_a_key_nothing_is_proved():
    with pytest.raises(Unreadable):
        parse(body(callback(hash=expected_hash("", ACCOUNT, KEY, "1001"))), salt="")
    with pytest.raises(Unreadable):
        parse(body(callback(hash=expected_hash(SALT, ACCOUNT, "", "1001"))), keys={})


@pytest.mark.parametrize(
    ("content", "content_type"),
    (
        (b"", "application/json"),
        (b"[]", "application/json"),
        (b"{}", "application/json"),
        (b'{"callbacks":[]}', "application/json"),
        (b'{"callbacks":[7]}', "application/json"),
        (b'{"callbacks":{}}', "application/json"),
        (b'{"callbacks":[' + b"{}," * 600 + b"{}]}", "application/json"),
        (b" " * 300_000, "application/json"),
        (body(callback()), "text/plain"),
        (body(callback(type="")), "application/json"),
        (body(callback(min_balance=7)), "application/json"),
        (body(callback("sms_inbound", sms_inbound="hello")), "application/json"),
        (body(callback("sms_inbound", sms_inbound=[])), "application/json"),
        (
            body(callback("sms_inbound", sms_inbound={"source_number": "", "destination_number": "1"})),
            "application/json",
        ),
    ),
)
def test_what_is_no_delivery_is_refused(content, content_type):
    with pytest.raises(Unreadable):
        parse(content, content_type)


def test_the_portal_hears_which_feeds_are_due():
    credentials = {"account_id": ACCOUNT, "api_key": KEY, "callback_salt": SALT}
    content = body(callback("sms_inbound", 1002), callback("min_balance"), callback("js_fail", 1003))
    news = Voximplant.read_webhook(Delivery(body=content, content_type="application/json"), credentials, "UTC")
    assert news.feeds == ("messages", "balance", "ledger")
    assert news.messages == (), "they come with the log, which has their ids"
    for lacking in ("api_key", "callback_salt"):
        with pytest.raises(Unreadable):
            Voximplant.read_webhook(
                Delivery(body=content, content_type="application/json"), credentials | {lacking: ""}, "UTC"
            )


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats()
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(CARRIED)), st.data())
@settings(max_examples=150, deadline=None)
def test_a_spoilt_callback_is_an_event_or_is_refused(kind, data):
    row = callback(kind)
    for _ in range(data.draw(st.integers(1, 3))):
        holder = row[kind] if isinstance(row.get(kind), dict) and row[kind] and data.draw(st.booleans()) else row
        holder = dict(holder) if holder is not row else row
        holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(TREES)
        if holder is not row:
            row[kind] = holder
    try:
        events = parse(json.dumps({"callbacks": [row]}).encode())
    except Unreadable:
        return
    assert all(isinstance(event, EventRecord) for event in events)
