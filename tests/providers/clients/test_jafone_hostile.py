"""Mutated answers of JaFone: every method gives records or our errors, never anything else, and shows no secret."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.clients.jafone.client import JaFone
from tests.providers.clients.mutations import Notes, mutated, seen_of

KEY, USER = "k3yk3yk3yk3y", "482915"
OURS, THEIRS, DAY = "+12635550134", "+13545550177", date(2026, 7, 15)
BRIDGE = {"ConferenceNumber": "041877", "PublicPin": "660214", "AdminPin": "118930", "Date": "2026-07-15"}
TREE = {
    "Status": "Success",
    "Message": f"no {KEY}",
    "getApiVersion": {"Version": "3"},
    "AccountInfo": {"Balance": "1.00", "Firstname": "Lea", "Lastname": "Gagnon"},
    "Balance": {"Amount": "1.00"},
    "SMS": {"Id": "7"},
    "SMSes": [
        {"Id": "1", "Date": "2026-07-15 09:00:00", "Number": "13545550177", "Message": KEY, "Direction": "0"},
        {"Id": "2", "Date": "2026-07-15 09:00:01", "Number": "13545550177", "Message": "x", "Direction": "1"},
    ],
    "PhoneNumberInfo": [{"Valid": "true", "Number": "3545550177", "Carrier": "x"}],
    "DoNotContact": {"PhoneNumber": "1", "OptIn": "no"},
    "Stops": [{"Received": "2026-07-15 09:00:00", "PhoneNumber": "13545550177"}],
    "CallbackNumbers": [{"Id": "1", "PhoneNumber": "3545550177"}],
    "CallForwardingInfo": {"Enabled": "yes", "PhoneNumber": "3545550177"},
    "Transactions": [
        {
            "Date": "2026-07-15 09:00:00",
            "Description": "DID (2635550134)",
            "Value": "-149500",
            "Subaccount": USER,
            "Type": "6",
            "PaymemtId": None,
        }
    ],
    "CallRoutingType": [{"RoutingType": "1"}],
    "LowBalanceAlertInfo": {"Enabled": "true", "Amount": "5.00"},
    "VoicemailEmails": {"Emails": ["a@x.example"]},
    "ConferencesInfo": [BRIDGE | {"Duration": "60 minutes", "WebCollaborationEnabled": "no"}],
    "Contacts": [{"SpeedDial": "1", "Prefix": "1", "PhoneNumber": "3545550177", "Name": "x"}],
    "TtsCall": [{"PreparedMessage": "x", "PhoneNumber": "13545550177"}],
}
CALLS = {
    "api_version": lambda c: c.api_version(),
    "account": lambda c: c.account(),
    "balance": lambda c: c.balance(),
    "ledger": lambda c: c.ledger(DAY, DAY),
    "forwarding": lambda c: c.forwarding(),
    "set_forwarding": lambda c: c.set_forwarding(True, THEIRS),
    "stop_forwarding": lambda c: c.set_forwarding(False),
    "routing": lambda c: c.routing(),
    "set_routing": lambda c: c.set_routing(True),
    "low_balance_alert": lambda c: c.low_balance_alert(),
    "set_low_balance_alert": lambda c: c.set_low_balance_alert(True, Decimal(5)),
    "voicemail_emails": lambda c: c.voicemail_emails(),
    "set_voicemail_emails": lambda c: c.set_voicemail_emails(["a@x.example"]),
    "numbers": lambda c: c.numbers(),
    "number": lambda c: c.number(number=OURS),
    "lookup": lambda c: c.lookup(THEIRS),
    "messages": lambda c: c.messages(DAY, DAY),
    "cut_messages": lambda c: c.messages(DAY, DAY, limit=2),
    "settled_messages": lambda c: c.messages(DAY, DAY, "outbound", OURS, THEIRS),
    "send_message": lambda c: c.send_message(OURS, THEIRS, "x"),
    "opt_outs": lambda c: c.opt_outs(DAY, DAY),
    "add_opt_out": lambda c: c.add_opt_out(THEIRS),
    "call_back": lambda c: c.call_back(OURS, THEIRS),
    "callback_numbers": lambda c: c.callback_numbers(),
    "set_callback_number": lambda c: c.set_callback_number(1, THEIRS),
    "call_with_message": lambda c: c.call_with_message("7", THEIRS, placeholders={"FN": "x"}),
    "conferences": lambda c: c.conferences(),
    "schedule_conference": lambda c: c.schedule_conference(DAY, 60),
    "contacts": lambda c: c.contacts(),
}


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=20, deadline=None)
@given(body=mutated(TREE, KEY, USER), status=st.sampled_from([200, 200, 200, 400, 500]))
def test_an_answer_gives_records_or_our_errors_and_never_a_secret(name, body, status):
    client = JaFone("http://x.invalid", {"user_id": USER, "key": KEY}, observer=Notes())
    client.today = lambda: DAY
    seen = seen_of(client, CALLS[name], status, body)
    assert KEY not in seen and USER not in seen
