"""Mutated answers of VoiceTel: every method gives records or our errors, never anything else, and shows no secret."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.clients.errors import Unreadable
from providers.clients.records import EmergencyAddress, PortDraft, ServiceAddress
from providers.clients.voicetel.client import VoiceTel
from providers.clients.voicetel.refusals import STATUSES
from providers.clients.voicetel.webhooks import parse_inbound
from tests.providers.clients.mutations import Notes, mutated, seen_of

KEY, USER, PASSWORD = "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "5185550142", "k7m2p9x4qa"
OURS, THEIRS, ID = "+15185550142", "+16035550188", "5185550142"
PIN = "4821"
DAY, THEN, EPOCH = date(2026, 7, 14), datetime(2026, 7, 14, tzinfo=UTC), 1783987200
ENTRY = {
    "city": "ALBANY",
    "address2": "STE 5",
    "dn": "1" + ID,
    "zip": "12207",
    "state": "NY",
    "address1": "100 MAIN ST",
}
ENTRY |= {"addressid": 7, "callername": "SHOP"}
ADDRESS = EmergencyAddress(
    name="Shop", civic_number="100", street="Main St", city="Albany", region="NY", postal_code="12207"
)
TREE = {
    "statusCode": "200",
    "status": "Success",
    "message": {"transaction": {"transactionGUID": "7d1f", "destination": "1"}, "reason": KEY, "detail": "x"},
    "apikey": KEY,
    "account": {
        "username": USER,
        "password": PASSWORD,
        "cash": 41.275,
        "name": "Shop",
        "uri": f"sip:{USER}@198.51.100.1",
        "agent": "x",
        "authType": 1,
    },
    "cdr": [
        {
            "id": "1",
            "key": [USER, str(EPOCH)],
            "value": {"cid": "6035550188", "dst": ID, "dur": "6", "ba": "0.1", "cn": "A"},
        }
    ],
    "mrc": [{"did": 7.5}, {"total": 7.5}],
    "numbers": [{"number": ID, "route": "1", "ip": "x", "status": "Enabled", "error": KEY}],
    "numbers_success": [{"number": ID}],
    "numbers_failed": [{"number": ID, "message": f"Failed {KEY}"}],
    "numbers_enabled": {"1" + ID: [1]},
    "foward": [{"number": ID, "destination": "1"}],
    "translation": [{"number": ID}],
    "update": [{"password": "updated", "authType": 1}],
    "acl": [{"cidr": "198.51.100.0/24"}],
    "gateways": [{"gateway": "x", "IP": "x", "route": "1"}],
    "routes": [{"route": 1}],
    "tnResult": [{"telephoneNumber": ID, "city": "ALBANY", "province": "NY", "rateCenter": "ALBANY", "lata": 1}],
    "tnInventoryCoverageList": [{"npa": "518", "nxx": "555", "count": 3}],
    "orderId": EPOCH,
    "campaign_numbers": {"C": ["1" + ID]},
    "campaign_event_status": {"C": "DONE"},
    "portStatusSummary": [
        {"id": "c", "key": ["6035550188", str(EPOCH)], "value": {"pid": "k", "status": "Pending", "foc": "20260810"}}
    ],
    "serviceAvailable": [{"telephoneNumber": ID, "isPortable": "true"}],
    "portOutPin": {"tnList": {"tnItem": [{"tn": 5185550142, "portOutPin": PIN}]}},
    "mdr": [
        {
            "id": "9",
            "key": ["1", EPOCH],
            "value": {"direction": "out", "message": PASSWORD, "number": 6035550188, "rate": "0.1"},
        }
    ],
    "dlr": [{"id": "9", "key": ["1", "2", EPOCH], "value": {"sourceNumber": ID, "destinationNumber": "6035550188"}}],
    "entry_all": [ENTRY],
    "entry_query": ENTRY,
    "entry_added": ENTRY,
    "entry_valid": ENTRY,
    "entry_removed": ENTRY,
    "cnam": "SHOP",
    "lrn": {"LRN": "16035550000", "LEC": "x"},
    "RespOrg": {"8005550142": "ABC01"},
}
DRAFT = PortDraft(
    numbers=(OURS,),
    wanted_on=DAY,
    organization="Shop",
    account_number="A",
    address=ServiceAddress(civic_number="1", street="Main St", city="Albany", region="NY", postal_code="12207"),
)
CALLS = {
    "api_key": lambda c: c.api_key(),
    "account": lambda c: c.account(),
    "balance": lambda c: c.balance(),
    "probe": lambda c: c.probe(),
    "charges": lambda c: c.charges(),
    "calls": lambda c: c.calls(THEN, THEN),
    "registrations": lambda c: c.registrations(),
    "add_account": lambda c: c.add_account("Shop", "5185550199", "a@x.example"),
    "sign_up": lambda c: c.sign_up("Shop", "a@x.example"),
    "recover_account": lambda c: c.recover_account("a@x.example"),
    "authentication": lambda c: c.authentication(),
    "update_authentication": lambda c: c.update_authentication(1, "n3wpassw"),
    "acl": lambda c: c.acl(),
    "add_acl": lambda c: c.add_acl(["198.51.100.0/24"]),
    "remove_acl": lambda c: c.remove_acl(["198.51.100.0/24"]),
    "gateways": lambda c: c.gateways(),
    "add_gateways": lambda c: c.add_gateways(["x.example"]),
    "update_gateways": lambda c: c.update_gateways({"1": "x.example"}),
    "remove_gateways": lambda c: c.remove_gateways(["1"]),
    "numbers": lambda c: c.numbers(),
    "number": lambda c: c.number(number=OURS),
    "update_number": lambda c: c.update_number(ID, {"sms": True, "forward_to": THEIRS, "caller_id_name": "X"}),
    "add_numbers": lambda c: c.add_numbers([OURS]),
    "release_number": lambda c: c.release_number(ID),
    "remove_numbers": lambda c: c.remove_numbers([ID]),
    "move_numbers": lambda c: c.move_numbers([ID], "5185550199", "1"),
    "route_numbers": lambda c: c.route_numbers({ID: "1"}),
    "translate_numbers": lambda c: c.translate_numbers({ID: "1"}),
    "set_caller_name_lookup": lambda c: c.set_caller_name_lookup({ID: True}),
    "available_numbers": lambda c: c.available_numbers("518"),
    "coverage": lambda c: c.coverage(),
    "activate_number": lambda c: c.activate_number(OURS),
    "add_brand": lambda c: c.add_brand("B", "b", "b"),
    "add_campaign": lambda c: c.add_campaign("C", "B", "c"),
    "assign_campaign": lambda c: c.assign_campaign({ID: "C"}),
    "campaigns": lambda c: c.campaigns(),
    "ports": lambda c: c.ports(),
    "port_by_number": lambda c: c.ports(number=THEIRS),
    "portable": lambda c: c.portable(OURS),
    "create_port": lambda c: c.create_port(DRAFT, {}, True),
    "set_port_out_pins": lambda c: [str(c.set_port_out_pins({ID: PIN}))][:0],
    "messages": lambda c: c.messages(DAY, DAY),
    "settled": lambda c: c.messages(DAY, DAY, "outbound", OURS, THEIRS),
    "delivery_receipts": lambda c: c.delivery_receipts(OURS, THEN),
    "send_message": lambda c: c.send_message(OURS, THEIRS, "x"),
    "send_mms": lambda c: c.send_mms(OURS, THEIRS, "x", "https://x.example/a.png"),
    "route_messages_in": lambda c: c.route_messages_in({ID: "1"}),
    "route_messages_out": lambda c: c.route_messages_out({ID: "1"}),
    "emergency_addresses": lambda c: c.emergency_addresses(),
    "emergency_address": lambda c: c.emergency_address(OURS),
    "check_emergency_address": lambda c: c.check_emergency_address(OURS, ADDRESS),
    "save_emergency_address": lambda c: c.save_emergency_address(OURS, ADDRESS),
    "provision_address": lambda c: c.provision_address(OURS, 7, "Shop"),
    "delete_emergency_address": lambda c: c.delete_emergency_address(OURS),
    "lookup": lambda c: c.lookup(THEIRS),
    "toll_free": lambda c: c.lookup("+18005550142"),
}


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=20, deadline=None)
@given(body=mutated(TREE, KEY, PASSWORD), status=st.sampled_from([200] * 12 + [409] * 3 + [429, 500, *STATUSES]))
def test_an_answer_gives_records_or_our_errors_and_never_a_secret(name, body, status):
    credentials = {"username": USER, "password": PASSWORD, "apikey": KEY}
    client = VoiceTel("http://x.invalid", credentials, observer=Notes())
    seen = seen_of(client, CALLS[name], status, body)
    assert KEY not in seen and PASSWORD not in seen
    assert not {f'"{PIN}"', f"'{PIN}'"} & set(re.findall(r"""["']\d+["']""", seen))  # alone, for a moment may hold it


@given(st.binary(max_size=300), st.sampled_from(["application/json", "text/plain", ""]))
def test_a_delivery_is_read_or_refused(body, kind):
    with pytest.raises(Unreadable):
        parse_inbound(body, kind, {})


@given(mutated({"from": "6035550188", "to": ID, "message": "x", "timestamp": EPOCH, "id": "a"}))
def test_a_mutated_delivery_is_read_or_refused(body):
    try:
        parse_inbound(body, "application/json", {})
    except Unreadable:
        pass
