"""Lists of numbers and addresses: caller IDs, the PSTN black list, the SIP white list, who may call the API, storages."""

import ipaddress
import re

from . import checks, wire
from . import values as reading
from .refusals import Refusal
from .spec import reads, writes

MOST = 200
PATTERN = re.compile(r"\+?[\d*?\[\]()|.\\^$-]{3,64}")
CALLERID = "callerid_id:int|callerid_number"
PAGED = "count:int offset:int"

# -- caller IDs; they are made in the control panel


def get_caller_ids(desk):
    rows = desk.matching(desk.account["callerids"], "callerid_id", "callerid_number", "active")
    member = {"caller_number": "callerid_number"}.get(desk.get("order_by"), desk.get("order_by", "callerid_id"))
    return desk.page(sorted(rows, key=lambda row: row.get(member) or ""))


def del_caller_id(desk):
    member = "callerid_id" if "callerid_id" in desk.values else "callerid_number"
    row = desk.one(desk.account["callerids"], member)
    desk.account["callerids"].remove(row)
    desk.effect("callerid_deleted", callerid_number=row["callerid_number"])
    return {"result": 1}


# -- numbers that may not call


def black_phone(desk):
    phone = desk.get("pstn_blacklist_phone")
    if not PATTERN.fullmatch(phone) or not any(c.isdigit() for c in phone):
        raise Refusal(121)
    return phone


def add_pstn_black_list_item(desk):
    phone = black_phone(desk)
    if len(desk.account["blacklist"]) >= MOST:
        raise Refusal(373)
    row = {"pstn_blacklist_id": desk.new_id("blacklist"), "pstn_blacklist_phone": phone}
    desk.account["blacklist"].append(row)
    desk.effect("blacklist_added", **row)
    return {"result": 1, "pstn_blacklist_id": row["pstn_blacklist_id"]}


def set_pstn_black_list_item(desk):
    row = desk.one(desk.account["blacklist"], "pstn_blacklist_id")
    row["pstn_blacklist_phone"] = black_phone(desk)
    desk.effect("blacklist_changed", **row)
    return {"result": 1}


def del_pstn_black_list_item(desk):
    row = desk.one(desk.account["blacklist"], "pstn_blacklist_id")
    desk.account["blacklist"].remove(row)
    desk.effect("blacklist_deleted", **row)
    return {"result": 1}


def get_pstn_black_list(desk):
    return desk.page(desk.matching(desk.account["blacklist"], "pstn_blacklist_id", "pstn_blacklist_phone"))


# -- networks that SIP calls may come from


def add_sip_white_list_item(desk):
    network = checks.network(desk.get("sip_whitelist_network"), 170, "sip_whitelist_network")
    if len(desk.account["whitelist"]) >= MOST:
        raise Refusal(172)
    row = {"sip_whitelist_id": desk.new_id("whitelist"), "sip_whitelist_network": str(network)}
    desk.account["whitelist"].append({**row, "description": desk.get("description", "")})
    desk.effect("whitelist_added", **row)
    return {"result": 1, "sip_whitelist_id": row["sip_whitelist_id"]}


def set_sip_white_list_item(desk):
    row = desk.one(desk.account["whitelist"], "sip_whitelist_id")
    network = checks.network(desk.get("sip_whitelist_network"), 170, "sip_whitelist_network")
    row.update(desk.given("description"), sip_whitelist_network=str(network))
    desk.effect("whitelist_changed", **row)
    return {"result": 1}


def del_sip_white_list_item(desk):
    row = desk.one(desk.account["whitelist"], "sip_whitelist_id")
    desk.account["whitelist"].remove(row)
    desk.effect("whitelist_deleted", **row)
    return {"result": 1}


def get_sip_white_list(desk):
    return desk.page(desk.matching(desk.account["whitelist"], "sip_whitelist_id"))


# -- addresses that may use the API


def add_authorized_account_ip(desk):
    own(desk)
    network = checks.network(desk.get("authorized_ip"), 320, "authorized_ip")
    if len(desk.account["ips"]) >= MOST:
        raise Refusal(323)
    row = {"authorized_ip": shown(network), "allowed": desk.get("allowed", True), "created": int(desk.now)}
    held = [one for one in desk.account["ips"] if one["authorized_ip"] != row["authorized_ip"]]
    desk.account["ips"] = [*held, {**row, "description": desk.get("description", "")}]
    desk.effect("authorized_ip_added", **row)
    return {"result": 1}


def shown(network):
    return str(network.network_address if network.prefixlen == 32 else network)


def own(desk):
    """Children use the addresses of their parent when it has any."""
    parent = desk.upstream.account(desk.account["parent"])
    if parent and parent["ips"]:
        raise Refusal(536)


def del_authorized_account_ip(desk):
    own(desk)
    rows = selected(desk)
    if not rows:
        raise Refusal(321)
    desk.account["ips"] = [row for row in desk.account["ips"] if row not in rows]
    desk.effect("authorized_ip_deleted", authorized_ip=[row["authorized_ip"] for row in rows])
    return {"result": 1}


def selected(desk):
    rows = desk.matching(desk.account["ips"], "allowed")
    wanted, inside = desk.get("authorized_ip"), desk.get("contains_ip")
    if wanted not in (None, reading.ALL):
        name = shown(checks.network(wanted, 320, "authorized_ip"))
        rows = [row for row in rows if row["authorized_ip"] == name]
    if inside is not None:
        address = checks.network(inside, 322, "contains_ip").network_address
        rows = [row for row in rows if address in ipaddress.IPv4Network(row["authorized_ip"])]
    return rows


def get_authorized_account_ips(desk):
    rows = [row for row in selected(desk) if desk.get("description", "") in row["description"]]
    return desk.page([{**row, "created": wire.moment(row["created"])} for row in rows])


def check_authorized_account_ip(desk):
    """Black networks forbid; when there are white ones, only those are allowed."""
    network = checks.network(desk.get("authorized_ip"), 320, "authorized_ip")
    held = [(ipaddress.IPv4Network(row["authorized_ip"]), row["allowed"]) for row in desk.account["ips"]]
    inside = [allowed for one, allowed in held if network.subnet_of(one)]
    white = any(allowed for _, allowed in held)
    return {"result": all(inside) and (bool(inside) or not white), "authorized_ip": shown(network)}


# -- where recordings are kept


def get_record_storages(desk):
    rows = desk.matching(desk.account["storages"], "record_storage_id", "record_storage_name")
    return {"result": desk.alone(rows)}


CALLS = {
    "DelCallerID": writes(f"{CALLERID}!", del_caller_id),
    "GetCallerIDs": reads(
        f"callerid_id:int callerid_number active:bool order_by=caller_number,verified_until {PAGED}", get_caller_ids
    ),
    "AddAuthorizedAccountIP": writes("authorized_ip! allowed:bool description", add_authorized_account_ip),
    "DelAuthorizedAccountIP": writes("authorized_ip|contains_ip! allowed:bool", del_authorized_account_ip),
    "GetAuthorizedAccountIPs": reads(
        f"authorized_ip allowed:bool contains_ip {PAGED} description", get_authorized_account_ips
    ),
    "CheckAuthorizedAccountIP": reads("authorized_ip!", check_authorized_account_ip),
    "AddPstnBlackListItem": writes("pstn_blacklist_phone!", add_pstn_black_list_item),
    "SetPstnBlackListItem": writes("pstn_blacklist_id:int! pstn_blacklist_phone!", set_pstn_black_list_item),
    "DelPstnBlackListItem": writes("pstn_blacklist_id:int!", del_pstn_black_list_item),
    "GetPstnBlackList": reads(f"pstn_blacklist_id:int pstn_blacklist_phone {PAGED}", get_pstn_black_list),
    "AddSipWhiteListItem": writes("sip_whitelist_network! description", add_sip_white_list_item),
    "DelSipWhiteListItem": writes("sip_whitelist_id:int!", del_sip_white_list_item),
    "SetSipWhiteListItem": writes("sip_whitelist_id:int! sip_whitelist_network! description", set_sip_white_list_item),
    "GetSipWhiteList": reads(f"sip_whitelist_id:int {PAGED}", get_sip_white_list),
    "GetRecordStorages": reads("record_storage_id:ints|record_storage_name:words", get_record_storages),
}
