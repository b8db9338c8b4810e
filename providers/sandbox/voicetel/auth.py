"""How an account signs in by SIP: mode, password, and the addresses it may call from."""

import ipaddress
import re

from . import checks
from .desk import Refusal, settle
from .spec import Spec

MODES = ("Digest", "IP Auth", "Digest || IP Auth", "Digest && IP Auth")
PASSWORD = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9]{6,10}", re.ASCII)
MASKS = (8, 16, 24, 32)
ENDPOINTS = [f"sip{number}.voicetel.example" for number in range(1, 13)]


def listing(desk):
    account, values = desk.account, desk.values
    shown = {
        "username": int(account["username"]),
        "acl": [{"cidr": cidr} for cidr in account["acl"]] or None,
        "authType": account["auth_type"],
    }
    if values.get("authorizedEndpoints"):
        shown["authorizedEndpoints"] = [{"endpoint": one} for one in ENDPOINTS]
    if values.get("instructions"):
        shown["instructions"] = [{"authType": str(i), "Description": word} for i, word in enumerate(MODES)]
    return {"account": shown}


def update(desk):
    """Each field by itself: one may be taken while the other is not."""
    values, done, failed = desk.values, [], []
    if not {"password", "authType"} & set(values):
        raise Refusal(400, "Field Required: password")
    if "password" in values:
        good = bool(PASSWORD.fullmatch(values["password"]))
        row = {"password": "updated", "status": "Success"}
        bad = {
            "password": "error",
            "status": "Error",
            "message": "Must be 6-10 alphanumerics with a letter and a digit",
        }
        (done if good else failed).append(row if good else bad)
    if "authType" in values:
        good = values["authType"] < len(MODES)
        row = {"authType": values["authType"], "status": "Success" if good else "Error"}
        (done if good else failed).append(row if good else {**row, "message": "Invalid authType"})
    apply(desk, done)
    if failed:
        raise Refusal(409, update_error=failed, update=done)
    return {"update": done}


def apply(desk, done):
    """A new password makes a new key, and the old one is dead at once."""
    for row in done:
        if "password" in row:
            desk.account["password"] = desk.values["password"]
            desk.account["apikey"] = desk.digest("apikey")
            desk.upstream.index()
            desk.effect("password_changed")
        else:
            desk.account["auth_type"] = row["authType"]
            desk.effect("auth_type_changed", auth_type=row["authType"])


def acl_add(desk):
    def work(cidr):
        if cidr in desk.account["acl"]:
            return "DB Insert failed"
        desk.account["acl"].append(cidr)
        return desk.effect("acl_added", cidr=cidr) and None

    return acl_work(desk, work, ("ACLs added", "At least one ACL could not be added."))


def acl_remove(desk):
    def work(cidr):
        if cidr not in desk.account["acl"]:
            return "DB delete failed"
        desk.account["acl"].remove(cidr)
        return desk.effect("acl_removed", cidr=cidr) and None

    return acl_work(desk, work, ("ACLs removed", "At least one ACL could not be removed."))


def acl_work(desk, work, messages):
    done, failed = [], []
    for row in desk.values["acl"]:
        unlucky = "DB Insert failed" if desk.unlucky(desk.values["acl"], row) else None
        problem = unlucky or cidr_problem(row["cidr"]) or work(row["cidr"])
        (failed if problem else done).append({"cidr": row["cidr"], **({"error": problem} if problem else {})})
    return settle(done, failed, ("acl", "acl_success", "acl_failed"), messages)


def cidr_problem(cidr):
    try:
        block = ipaddress.IPv4Network(cidr)
    except ValueError:
        return "Invalid mask"
    if block.prefixlen not in MASKS or "/" not in cidr:
        return "Invalid mask"
    return None if checks.routable(cidr) else "CIDR range must be routable"


def acl_list(desk):
    if not desk.account["acl"]:
        raise Refusal(404, "Not Found")
    return {"acl": [{"cidr": cidr} for cidr in desk.account["acl"]]}


ACL = {"acl!": [{"cidr!": checks.text(40)}]}
CALLS = (
    Spec(
        "authList",
        "/v2.1/auth/list/",
        listing,
        {"instructions": checks.boolean, "authorizedEndpoints": checks.boolean},
        read=True,
    ),
    Spec("authUpdate", "/v2.1/auth/update/", update, {"password": checks.text(64), "authType": checks.whole}),
    Spec("aclAdd", "/v2.1/acl/add/", acl_add, ACL),
    Spec("aclList", "/v2.1/acl/list/", acl_list, read=True),
    Spec("aclRemove", "/v2.1/acl/remove/", acl_remove, ACL),
)
