"""Who is asking, and how often: sign-in codes in their order, and the hourly limits."""

import re

BUCKETS = {
    "delete_faxes": 1500,
    "delete_recordings": 1500,
    "delete_voicemails": 1500,
    "dispatch_call": 900,
    "voicemail_broadcast": 900,
    "queue_fax": 600,
    "queue_sms": 600,
}
SHARED = "shared_pool"
HOUR = 3600
DEFAULT_LIMITS = {"per_hour": {**BUCKETS, SHARED: 1200}, "hard_factor": 2, "ban_s": HOUR, "window_s": HOUR}
USERNAME = re.compile(r"[^\s]{3,128}")


def bucket_of(name):
    return name if name in BUCKETS else SHARED


def identify(accounts, params, deprecated):
    """Returns (account or None, code of what is wrong or None). The token is not looked at."""
    if deprecated:
        given, field, shape = params.get("client_account_id", ""), "client_account_id", r"\d{8}"
        codes = ("client_account_id_required", "client_account_id_invalid")
    elif params.get("client_user_id"):
        given, field, shape = params["client_user_id"], "client_user_id", r"\d{4,8}"
        codes = ("auth_username_required", "auth_username_invalid")
    else:
        given, field, shape = params.get("username", ""), "username", USERNAME.pattern
        codes = ("auth_username_required", "auth_username_invalid")
    if not given:
        return None, codes[0]
    if not re.fullmatch(shape, given, re.ASCII):
        return None, codes[1]
    wanted = given.lower() if field == "username" else given
    for account in accounts.values():
        if account[field] == wanted:
            return account, None
    return None, "authentication_failed"


def token_problem(account, params):
    if not params.get("auth_token"):
        return "authentication_token_required"
    if params["auth_token"] != account["auth_token"] or account["status"] != "enabled":
        return "authentication_failed"
    return None


def banned(account, now):
    until = account["limits"].get("banned_until")
    return until is not None and now < until


def count(account, name, now, limits):
    """Enter the request into its bucket. Returns "soft", "hard" or None."""
    bucket = bucket_of(name)
    limit = limits["per_hour"].get(bucket, limits["per_hour"][SHARED])
    recent = account["limits"]["buckets"].setdefault(bucket, [])
    while recent and recent[0] <= now - limits["window_s"]:
        recent.pop(0)
    if len(recent) >= limit * limits["hard_factor"]:
        account["limits"]["banned_until"] = now + limits["ban_s"]
        return "hard"
    recent.append(now)
    return "soft" if len(recent) >= limit else None
