"""Telephones that fetch their configuration by themselves."""

import json

from . import checks
from .checks import P
from .things import Kind, deleting, listing, saving, shelf, updating

DEFAULTS = {
    "client_subaccount_id": "0",
    "friendly_name": "",
    "device_id": "",
    "device_name": "",
    "client_peer_ids": [],
    "client_extension_id": "",
    "client_mailbox_id": "",
    "device_mac": "",
    "serial_number": "",
    "timezone_id": "",
    "admin_password": "",
    "phone_password": "",
    "language": "",
    "is_time_format24h": "0",
    "is_vlan_enabled": "0",
    "vlan": "",
    "call_waiting": "active",
    "call_forwarding": "allow",
    "button_config": "",
    "status": "enabled",
    "comments": "",
}


def peer_with_label(value):
    """An id, perhaps with | and a label for the telephone's display."""
    number, _, label = value.partition("|")
    return f"{checks.integer(1)(number.strip())}" + (f"|{label.strip()}" if label.strip() else "")


def mac(value):
    """Kept in upper case without colons."""
    return checks.mac(value).replace(":", "").upper()


def buttons(value):
    """{"1": {"feature": ..., "label": ..., "line": ..., "feature_value": ...}}"""
    found = checks.structure(value)
    good = isinstance(found, dict) and all(k.isdigit() and isinstance(v, dict) for k, v in found.items())
    if not good:
        raise checks.Bad
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False)


def has_vlan(values, params):
    return values.get("is_vlan_enabled") == "1"


GET_ENDPOINTS = (
    P("client_device_endpoint_id", checks.integer(1)),
    P("client_subaccount_id", checks.integer(0)),
    P("device_mac", mac),
    P("device_id", checks.integer(1)),
)
DELETE_ENDPOINT = (P("client_device_endpoint_id", checks.integer(1), required=True),)
UPDATE_ENDPOINT = (
    P("mode", checks.enum("update", "create")),
    P("client_device_endpoint_id", checks.integer(1), need=updating),
    P("client_subaccount_id", checks.integer(0)),
    P("friendly_name", checks.alphanumeric(2, 32)),
    P("device_id", checks.integer(1), required=True),
    P("device_name", checks.text(64)),
    P("client_peer_ids", peer_with_label, many=True),
    P("client_extension_id", checks.integer(0)),
    P("client_mailbox_id", checks.integer(0)),
    P("device_mac", mac),
    P("serial_number", checks.text(64)),
    P("timezone_id", checks.text(64)),
    P("admin_password", checks.text(64)),
    P("phone_password", checks.text(64)),
    P("language", checks.enum("fr", "en")),
    P("is_time_format24h", checks.flag),
    P("is_vlan_enabled", checks.enum("0", "1", "allow", "disallow")),
    P("vlan", checks.integer(1, 4094), need=has_vlan),
    P("call_waiting", checks.enum("active", "inactive")),
    P("call_forwarding", checks.enum("allow", "disallow")),
    P("button_config", buttons),
    P("status", checks.enum("enabled", "disabled", "deleted")),
    P("comments", checks.text()),
)


def check(desk, wanted, old):
    """A telephone is set up once only."""
    others = [one for one in shelf(desk.account, "device_endpoints") if one is not old]
    taken = wanted["device_mac"] and any(one.get("device_mac") == wanted["device_mac"] for one in others)
    return ["device_mac_invalid"] if taken else []


ENDPOINTS = Kind(
    store="device_endpoints",
    thing="device_endpoint",
    id_field="client_device_endpoint_id",
    wrapper="device_endpoints",
    defaults=DEFAULTS,
    stays=("status", "admin_password", "phone_password"),
    check=check,
)
get_device_endpoints, update_device_endpoint = listing(ENDPOINTS), saving(ENDPOINTS)
delete_device_endpoint = deleting(ENDPOINTS)
