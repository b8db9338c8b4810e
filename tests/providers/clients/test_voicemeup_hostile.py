"""Mutated answers: every method gives records or our errors, never anything else, and never shows the token."""

import copy
import json
import traceback
from collections.abc import Iterator
from datetime import UTC, date, datetime
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.clients.errors import UpstreamError
from providers.clients.http import Answer
from providers.clients.records import Attachment, EmergencyAddress, PortDraft, ServiceAddress
from providers.clients.voicemeup.client import VoiceMeUp

TOKEN = "deadbeefcafe0123456789abcdef4242"
ROW = {
    "client_did_id": "7",
    "did_id": "7",
    "phone_number": "5145550134",
    "status": "enabled",
    "type": "local",
    "options": "enable_sms",
    "sms_log_id": "900",
    "sms_hash": "h1",
    "direction": "outbound",
    "source_number": "15145550134",
    "destination_number": "5145550135",
    "message": "hello",
    "transmission_status": "completed",
    "datetime": "2026-07-15 23:30:02",
    "attachment": "https://x.example/a.jpg",
    "attachment_size": "3",
    "port_request_id": "7",
    "phone_numbers": "5145550134",
    "country_id": "38",
    "state_id": "9",
    "client_endpoint_id": "7",
    "street": "Rue X",
    "is_default": "1",
    "client_subaccount_id": "7",
    "associated_dids": "7",
    "account_balance": "1.00 CR",
    "funds_left": "1.00 CR",
    "transaction_id": "1",
    "amount": "1.00",
    "date": "2026-01-01",
    "client_account_id": "8",
    "title": "t",
    "metadata": {"raw_metadata": '{"ref":"r"}'},
    "call_hash": "c" * 32,
    "source": "15145550134",
    "destination": "5145550135",
    "disposition": "answered",
    "duration": "82",
    "billed_amount": "0.0241",
    "call_recording_id": "7",
    "call_voicemail_id": "7",
    "call_fax_id": "7",
    "pages": "2",
    "url": "https://x.example/a.mp3",
    "routing_type": "internal",
    "message_type": "sms_inbound",
    "storage_type": "faxes_size",
    "reseller_transaction_id": "7",
    "reseller_invoice_id": "7",
    "date_applied": "2026-01-01",
    "code": "1514",
    "rate": "0.0172",
    "npa": "514",
    "nxx": "555",
    "portability": "1",
    "carrier": "Someone",
    "voice_name": "fr-CA-Standard-A",
    "friendly_name": "Front desk",
    "action": [{"usage_type": "peer", "offset": "0", "duration": "30", "client_peer_id": "3"}],
    "conditions_data": [{"client_callerid_profile_data_id": "3", "callerid_name": "Shop"}],
    "business_hours": {"month4": {"day22": {"start": "00:00:00", "end": "10:30:00", "type": "exception"}}},
    "shift": [{"status": "on", "days": "2"}],
    "button_config": {"1": {"feature": "presence", "label": "Steve"}},
    "agents": {"agent": ["3", "4"]},
    **dict.fromkeys(
        "client_fax_profile_id client_sms_profile_id client_peer_id client_mailbox_id client_extension_id client_queue_id "
        "client_director_profile_id client_queue_agent_id client_callerid_profile_id client_ivr_profile_id plan_id "
        "client_schedule_id client_channel_id client_media_file_id device_id client_device_endpoint_id pbx3cx_server_id "
        "client_411_listing_id call_issue_id issue_type_id ratecenter_id proxy_id".split(),
        "7",
    ),
}
ADDRESS = EmergencyAddress(name="Shop", civic_number="1", street="Rue X", city="Laval", region="QC", country="CA")
DRAFT = PortDraft(numbers=("+15145550134",), address=ServiceAddress(country="CA", region="QC"), reference="r")
DAY = date(2026, 7, 15)
MOMENT = datetime(2026, 7, 15, tzinfo=UTC)
SOUND = Attachment(name="a.wav", content=b"RIFF", mime_type="audio/wav")
RESOURCES = (
    "fax_profile sms_profile peer mailbox extension call_director_profile queue queue_agent callerid_profile ivr_profile "
    "schedule channel device_endpoint threecx_server"
).split()
CALLS = {
    "account": lambda c: c.account(),
    "preferences": lambda c: c.preferences(),
    "balance": lambda c: c.balance(),
    "ledger": lambda c: c.ledger(DAY),
    "numbers": lambda c: c.numbers(),
    "number": lambda c: c.number(external_id="7"),
    "update_number": lambda c: c.update_number("7", {"sms_email": "a@b.example"}),
    "available_numbers": lambda c: c.available_numbers(),
    "activate_number": lambda c: c.activate_number("+15145550134"),
    "messages": lambda c: c.messages(DAY, DAY),
    "message": lambda c: c.message("h1"),
    "send_message": lambda c: c.send_message("+15145550134", "+15145550135", "x"),
    "ports": lambda c: c.ports(),
    "create_port": lambda c: c.create_port(DRAFT, {}, True),
    "update_port": lambda c: c.update_port("7", DRAFT, {}, False),
    "emergency_addresses": lambda c: c.emergency_addresses(),
    "check_emergency_address": lambda c: c.check_emergency_address("+15145550134", ADDRESS),
    "save_emergency_address": lambda c: c.save_emergency_address("+15145550134", ADDRESS),
    "delete_emergency_address": lambda c: c.delete_emergency_address("+15145550134"),
    "subaccounts": lambda c: c.subaccounts(with_numbers=True),
    "update_subaccount": lambda c: c.update_subaccount("7", {"status": "disabled"}),
    "add_subaccount_numbers": lambda c: c.add_subaccount_numbers("7", ["9"]),
    "states": lambda c: c.states("38"),
    "network_status": lambda c: c.network_status(),
    "request_types": lambda c: c.request_types(),
    "invoices": lambda c: c.invoices(DAY),
    "calls": lambda c: c.calls(MOMENT),
    "calls_after": lambda c: c.calls_after("c" * 32),
    "call_issues": lambda c: c.call_issues(),
    "call_issue_types": lambda c: c.call_issue_types(),
    "report_call": lambda c: c.report_call("c" * 32, "1"),
    "call_statistics": lambda c: c.call_statistics(),
    "message_statistics": lambda c: c.message_statistics(),
    "storage_statistics": lambda c: c.storage_statistics(),
    "recordings": lambda c: c.recordings(MOMENT),
    "recording": lambda c: c.recording("7"),
    "delete_recordings": lambda c: c.delete_recordings(["7"]),
    "voicemails": lambda c: c.voicemails(MOMENT),
    "delete_voicemails": lambda c: c.delete_voicemails(["7"]),
    "faxes": lambda c: c.faxes(MOMENT),
    "send_fax": lambda c: c.send_fax("7", "+15145550134", [SOUND]),
    "call_back": lambda c: c.call_back("+15145550134", "+15145550135"),
    "voicemail_broadcast": lambda c: c.voicemail_broadcast("+15145550134", {"client_media_file_id": "3"}),
    "lookup": lambda c: c.lookup("+15145550134"),
    "portable": lambda c: c.portable("+15145550134"),
    "area_codes": lambda c: c.area_codes(),
    "rate_centers": lambda c: c.rate_centers(),
    "order_numbers": lambda c: c.order_numbers({"prefix": "514555", "quantity": 1}),
    "release_number": lambda c: c.release_number("7"),
    "prices": lambda c: c.prices(),
    "plans": lambda c: c.plans(),
    "proxies": lambda c: c.proxies(),
    "media_files": lambda c: c.media_files(),
    "device_models": lambda c: c.device_models(),
    "voices": lambda c: c.voices(),
    "upload_greeting": lambda c: c.upload_greeting("7", SOUND),
    "reseller_transactions": lambda c: c.reseller_transactions(),
    "reseller_invoices": lambda c: c.reseller_invoices(),
    "directory_listings": lambda c: c.directory_listings(),
    "save_directory_listing": lambda c: c.save_directory_listing("+15145550134", {"sort_word": "Shop"}),
    **{f"update_{name}": lambda c, name=name: getattr(c, f"update_{name}")("7", {"status": ""}) for name in RESOURCES},
    **{name: lambda c, name=name: getattr(c, name)() for name in ("queues", "peers", "schedules", "threecx_servers")},
}
LEAVES = ["", None, [], {}, 0, 7, -1, True, False, "0", "teleported", "NaN", "-5.00", "12,34", "0000-00-00", TOKEN]
LEAVES += ["1" * 30, "\u0661", "x" * 3000, "success", "error", "5145550134"]
LEAVES += [["a", "b"], [{}], {"_content": "x"}, {"a": {"b": []}}, [[["x"]]]]


def envelope(status: str, code: str, rows) -> dict:
    messages = {"message": {"code": code, "_content": f"said {TOKEN}"}}
    details = {"response_status": status, "response_messages": messages}
    return {"response_details": details, "things": {"thing_details": rows}}


def places(tree, path=()) -> Iterator[tuple]:
    """The path of every value of a tree."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


@st.composite
def answers(draw) -> bytes:
    status = draw(st.sampled_from(["success", "success", "success", "error", "failed"]))
    codes = [
        "",
        "queued_sms_hash",
        "authentication_failed",
        "alternate_address_provided",
        "street_not_found",
        "odd",
        TOKEN,
    ]
    tree = envelope(status, draw(st.sampled_from(codes)), [copy.deepcopy(ROW), copy.deepcopy(ROW)])
    for _ in range(draw(st.integers(0, 4))):
        known = list(places(tree))
        *path, last = draw(st.sampled_from(known))
        holder = tree
        for key in path:
            holder = holder[key]
        if draw(st.booleans()):
            holder[last] = copy.deepcopy(draw(st.sampled_from(LEAVES)))
        elif isinstance(holder, dict):
            holder.pop(last)
        if not isinstance(tree.get("response_details"), dict):
            break
    body = json.dumps(tree).encode()
    return body[: draw(st.integers(0, len(body)))] if draw(st.integers(0, 9)) == 0 else body


class Notes:
    def __init__(self):
        self.exchanges = []

    def before(self, call, bucket): ...

    def after(self, exchange):
        self.exchanges.append(exchange)

    def limited(self, bucket, *, hard, until=None): ...


def as_xml(body: bytes) -> bytes:
    """The same answer as VoiceMeUp's XML would say it; what is no JSON any more stays as it is."""
    try:
        tree = json.loads(body)
    except ValueError:
        return body
    return f"<response>{elements(tree)}</response>".encode()


def elements(tree) -> str:
    if isinstance(tree, list):
        return "".join(map(elements, tree))
    if not isinstance(tree, dict):
        return escape("" if tree is None else str(tree))
    parts = []
    for key, value in tree.items():
        tag = key if key[:1].isalpha() else f"x{key}"
        if key == "_content":
            parts.append(elements(value))
            continue
        parts.extend(f"<{tag}>{elements(item)}</{tag}>" for item in (value if isinstance(value, list) else [value]))
    return "".join(parts)


def ask(name: str, body: bytes, format: str = "json") -> str:
    """Run one method against an upstream that always answers `body`; returns everything that could be shown of it."""
    notes = Notes()
    credentials = {"client_user_id": "123456", "auth_token": TOKEN, "format": format}
    client = VoiceMeUp("http://x.invalid", credentials, observer=notes)
    client.http.send = lambda request: Answer(200, f"application/{format}", body)
    shown = ""
    try:
        found = CALLS[name](client)
        list(found) if isinstance(found, Iterator) else found
    except UpstreamError as failure:
        shown = repr(failure) + repr(vars(failure)) + traceback.format_exc()
    return shown + repr(notes.exchanges) + repr(client.unread)


@pytest.mark.parametrize("name", CALLS)
def test_the_row_itself_is_good_enough_to_reach_every_method(name):
    ask(name, json.dumps(envelope("success", "queued_sms_hash", [ROW])).encode())


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=25, deadline=None)
@given(body=answers())
def test_any_answer_gives_records_or_our_errors_and_hides_the_token(name, body):
    assert TOKEN not in ask(name, body)


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=12, deadline=None)
@given(body=answers())
def test_any_answer_in_xml_gives_records_or_our_errors_too(name, body):
    assert TOKEN not in ask(name, as_xml(body), "xml")
