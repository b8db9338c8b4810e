"""What is posted to the callback address of an account, with the hash that proves the sender."""

import hashlib
import json

from . import wire
from .desk import exact


def digest(account, number):
    text = f"{account['profile']['callback_salt']}{account['account_id']}{account['api_key']}{number}"
    return hashlib.md5(text.encode()).hexdigest()


def envelope(upstream, account, kind, payload):
    number, profile = upstream.new_id("callback"), account["profile"]
    return {
        "callback_id": number,
        "type": kind,
        "account_id": account["account_id"],
        "hash": digest(account, number),
        "account_name": account["account_name"],
        "account_email": account["account_email"],
        "language_code": profile["language_code"],
        "account_first_name": profile["account_first_name"],
        "account_last_name": profile["account_last_name"],
        "balance": exact(account["balance"]),
        "currency": account["currency"],
        kind: payload,
    }


def send(upstream, account, kind, payload, at, url=None):
    """To the address of the account, or the one given. Without any, nobody is told. Returns the callback or None."""
    url = url or account["profile"]["callback_url"]
    if not url:
        return None
    one = envelope(upstream, account, kind, payload)
    body = json.loads(json.dumps({"callbacks": [one]}, default=wire.number))
    job = {"slug": upstream.slug, "event": kind, "url": url, "payload": body}
    delay = float(upstream.sandbox.settings["webhook_delay_s"])
    upstream.sandbox.schedule(at + delay, upstream.slug, "_webhook", job)
    return body["callbacks"][0]


def sms(upstream, source, destination, text, at):
    """The three shapes that are known of an incoming text; only with quirks others than the flat one are sent."""
    flat = {"source_number": source, "destination_number": destination, "sms_body": text}
    if not upstream.quirks:
        return {**flat, "receival_date": wire.moment(at)}
    shapes = (flat, {"sms_inbound": flat}, [flat])
    return shapes[upstream.state["ids"]["callback"] % len(shapes)]


def by_hand(upstream, account, kind, payload):
    """The control door sends any type, with believable members where none are given."""
    if kind not in SAMPLES:
        raise ValueError(f"unknown callback {kind!r}; known: {', '.join(sorted(SAMPLES))}")
    return send(upstream, account, kind, SAMPLES[kind] if payload is None else payload, upstream.sandbox.clock.now())


MOMENT = "2026-02-20 08:00:00"
DAY = "2026-09-01"
DOCUMENT = {"account_document_id": 71, "verification_name": "US", "legal_status": "LEGAL_ENTITY"}
REPORT = {"history_report_id": 40071, "success": True, "order_date": MOMENT}
PAYMENT = {"transaction_id": 660021948, "amount": 50}
ADDRESS = {"regulation_address_id": 14, "is_individual": False, "regulation_address_name": "Office"}
PHONES = [{"type": "PHONE", "phone_numbers": [{"phone_id": 730114, "phone_number": "16285550100"}]}]
SUBSCRIPTION = {"type": "PHONE_NUM", "name": "Phone US", "details": PHONES}
CERTIFICATE = {"push_credential_id": 12, "cert_file_name": "push.p12", "expiration_date": DAY, "applications": ["app"]}
SAMPLES = {
    "account_document_uploaded": {**DOCUMENT, "uploaded": MOMENT},
    "batch_task_cancelling_completed": {
        "batch_id": "5b1e7c52-22a1-4a7d-8f13-0d2c4b6a9e71",
        "cancelled_tasks_number": 3,
    },
    "regulation_address_uploaded": {**ADDRESS, "uploaded": MOMENT},
    "account_document_verified": {**DOCUMENT, "account_document_status": "VERIFIED", "uploaded": MOMENT},
    "account_is_frozen": {},
    "account_is_unfrozen": {},
    "activate_successful": {},
    "call_history_report": REPORT,
    "card_expired": {},
    "card_expires_in_month": {},
    "card_payment": {**PAYMENT, "transaction_type": "card_payment"},
    "card_payment_failed": {},
    "robokassa_payment": {**PAYMENT, "transaction_type": "robokassa_payment"},
    "wire_transfer": {**PAYMENT, "transaction_type": "wire_transfer"},
    "js_fail": {},
    "min_balance": {"is_min_credit": False, "is_repeated": False},
    "regulation_address_verified": {**ADDRESS, "regulation_address_status": "VERIFIED", "uploaded": MOMENT},
    "renewed_subscriptions": {"subscriptions": [{**SUBSCRIPTION, "cost": 1.25, "next_renewal": DAY}]},
    "reset_account_password_request": {},
    "sip_registration_fail": {
        "sip_registrations": [{"sip_registration_id": 1407, "status_code": "503", "error_message": "no answer"}]
    },
    "sip_registration_recovered": {"sip_registrations": [{"sip_registration_id": 1407}]},
    "subscription_is_frozen": {"subscriptions": [{**SUBSCRIPTION, "cost": 1.25}]},
    "subscription_is_detached": {"subscriptions": [SUBSCRIPTION]},
    "transaction_history_report": REPORT,
    "unverified_subscription_detached": {"subscriptions": [SUBSCRIPTION]},
    "expiring_callerid": {"callerids": ["16285550100"], "expiration_date": DAY},
    "transcription_complete": {
        "transcription_complete": {
            "record_url": "https://records.example/9.mp3",
            "transcription_url": "https://records.example/9.txt",
            "call_session_history_id": 310447712,
            "transcription_cost": 0.02,
        }
    },
    "sms_inbound": {"source_number": "19295550101", "destination_number": "16285550100", "sms_body": "Hello"},
    "phone_number_activation_status_changed": {
        "phone_number_activation_status_changed": {"phone_number": "16285550100", "activation_status": "ACTIVE"}
    },
    "expiring_agreement": {"expiration_date": DAY, "until_expiration": 30},
    "expired_agreement": {"document_ids": [71, 72]},
    "restored_agreement_status": {"document_id": 71, "expiration_date": DAY},
    "next_charge_alert": {"required_money": 24.5, "insufficient_funds_amount": 4.25},
    "certificate_expired": {},
    "expired_certificates": {"certificates": [CERTIFICATE]},
    "expiring_certificates": {"certificates": [CERTIFICATE]},
    "account_document_status_updated": {
        "account_document_id": 71,
        "previous_account_document_status": "AWAITING_VERIFICATION",
        "account_document_status": "VERIFIED",
        "update_time": MOMENT,
        "legal_status": "LEGAL_ENTITY",
    },
    "a2p_sms_activated": {"a2p_enabled": True},
    "regulation_address_documents_requested": {
        **ADDRESS,
        "regulation_address_status": "PENDING",
        "update_time": MOMENT,
    },
    "invoice_received": {
        "invoice_id": 8812,
        "invoice_date": MOMENT,
        "receival_date": MOMENT,
        "amount": "26.40",
        "tax_amount": "1.90",
        "currency": "USD",
    },
}
