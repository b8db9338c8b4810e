"""Faults of meaning as this upstream says them: each with a status that the call's description lists."""

from .desk import Refusal

FUNDS = {"numbersAdd", "sms", "mms"}  # these know 402
NOWHERE = {
    "accountRecover",
    "accountRegistration",
    "aclList",
    "numbersList",
    "mdr-mms",
    "mdr-sms",
    "e911QueryAll",
}  # these know 404
ONE_OBJECT = {
    "accountApiKey",
    "accountCdr",
    "accountInfo",
    "accountMrc",
    "authList",
    "gatewaysList",
    "campaigns",
    "dlr",
    "sms",
    "mms",
    "infoCnam",
    "infoLrn",
    "infoRespOrg",
}  # these know no 409: what is not theirs is 401
WORDS = {
    "hard_limit": "Too Many Requests",
    "authentication_failed": "Unauthorized",
    "token_expired": "Unauthorized",
    "account_disabled": "Account disabled",
    "insufficient_funds": "Insufficient balance",
    "not_found": "Not Found",
    "error_code": "Conflict",
}
EARLY = ("authentication_failed", "token_expired", "account_disabled", "insufficient_funds", "not_found", "error_code")


def status_of(fault, name):
    if fault == "hard_limit":
        return 429
    if fault == "insufficient_funds":
        return 402 if name in FUNDS else 409
    if fault == "not_found" and name in NOWHERE:
        return 404
    if fault in ("not_found", "error_code") and name not in ONE_OBJECT | NOWHERE:
        return 409
    return 401


def by_rule(call, phase, *faults):
    """Refuse as a fault rule says, before the effect or although it happened; `status`, `message`, `body` may be given."""
    for fault in faults:
        args = call.fault(fault)
        if args is not None and call.rule.phase == phase:
            status = int(args.get("status") or args.get("code") or status_of(fault, call.name))
            raise Refusal(status, args.get("message", WORDS[fault]), **(args.get("body") or {}))
