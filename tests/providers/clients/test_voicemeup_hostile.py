"""Mutated answers: every method gives records or our errors, never anything else, and never shows the token."""

import copy
import json
import traceback
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.clients.errors import UpstreamError
from providers.clients.http import Answer
from providers.clients.records import EmergencyAddress, PortDraft, ServiceAddress
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
}
ADDRESS = EmergencyAddress(name="Shop", civic_number="1", street="Rue X", city="Laval", region="QC", country="CA")
DRAFT = PortDraft(numbers=("+15145550134",), address=ServiceAddress(country="CA", region="QC"), reference="r")
DAY = date(2026, 7, 15)
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


def ask(name: str, body: bytes) -> str:
    """Run one method against an upstream that always answers `body`; returns everything that could be shown of it."""
    notes = Notes()
    client = VoiceMeUp("http://x.invalid", {"client_user_id": "123456", "auth_token": TOKEN}, observer=notes)
    client.http.send = lambda request: Answer(200, "application/json", body)
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
@settings(max_examples=60, deadline=None)
@given(body=answers())
def test_any_answer_gives_records_or_our_errors_and_hides_the_token(name, body):
    assert TOKEN not in ask(name, body)
