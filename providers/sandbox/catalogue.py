"""Every fault by name: its group, the phases it has, what it does, and arguments worth trying."""

import dataclasses

from . import mischief, schema_faults
from .rewrites import CONTENT, MIXED_UP
from .statuses import REASONS, REDIRECTS, RETRY_AFTER, STATUSES
from .trouble import says

BOTH = ("before", "after")
BEFORE = ("before",)


@dataclasses.dataclass(frozen=True)
class Fault:
    """`variants` are arguments under which it is another case, the first being none at all."""

    name: str
    group: str
    phases: tuple
    says: str
    variants: tuple = ({},)
    alone: bool = False  # strikes before the request is known, so only in rules for everything

    def as_dict(self):
        return dataclasses.asdict(self)


TLS = {
    "tls_expired": "A certificate that expired yesterday.",
    "tls_not_yet_valid": "A certificate that is valid from tomorrow.",
    "tls_wrong_host": "A certificate for another host.",
    "tls_unknown_authority": "A certificate of an authority that nobody trusts.",
    "tls_not_spoken": "An answer in plain HTTP where TLS was expected.",
    "tls_hang": "The handshake is never answered (`seconds`).",
}
# Spoil the meaning: the upstream itself answers something else, in its own envelope.
MEANINGS = {
    "soft_limit": "Carried out, with the notice that the soft limit is reached.",
    "hard_limit": "Refused because of too many requests.",
    "authentication_failed": "Refused as if the credentials had been revoked.",
    "token_expired": "Refused because the token's time is over, where there are tokens.",
    "account_disabled": "Refused because the account is closed.",
    "insufficient_funds": "Refused for want of money.",
    "error_code": "Refused with the upstream's own error `code`.",
    "not_found": "What was asked for is not there.",
    "partial_success": "Only a part of a package is carried out, where there are packages.",
    "read_back_differs": "Saved, but what is read afterwards is not what was written.",
    "hostile_text": "Markup and control characters in the free texts (`payload`).",
}
LOGS = {
    "log_lag": "Rows younger than `seconds` are not shown yet (to a `share` of them).",
    "hide_log": "The same under another name; a great many `seconds` for rows that never come.",
}
OTHERS = {
    "clock_skew": "The upstream's clock is off by `seconds` (an hour) while it serves this: stamps, tokens, expiry.",
}
WEBHOOKS = {
    "webhook_drop": "Never sent.",
    "webhook_duplicate": "Sent again at once (`times`).",
    "webhook_delay": "Sent later (`seconds`); three days are 259200.",
    "webhook_reorder": "Sent behind the next one, or after `seconds`.",
    "webhook_corrupt": "The body's end is missing.",
    "webhook_wrong_secret": "The secret in the address or header is another one.",
    "webhook_no_secret": "Neither query nor header.",
    "webhook_altered": "A replay with changed fields (`set`), and the signature of the original.",
    "webhook_get": "As a GET.",
    "webhook_form": "As a form instead of JSON.",
    "webhook_content_type": "Under another content type (`content_type`).",
    "webhook_big": "A megabyte longer (`mb`).",
    "webhook_slow": "Byte by byte (`interval`).",
}
VARIANTS = {
    "wrong_length": ({}, {"delta": -5}),
    "phone_form": ({}, {"form": "10"}, {"form": "11"}, {"form": "e164"}, {"form": "dashes"}),
    "text_altered": ({}, {"how": "trim"}, {"how": "upper"}, {"how": "cut"}),
    "shifted_date": ({}, {"hours": 1}, {"hours": -5}),
    "clock_skew": ({}, {"seconds": -3600}, {"seconds": 300}),
    "latin1": ({}, {"encoding": "windows-1252"}),
    "redirect_loop": ({}, {"status": 307}, {"status": 308}),
    "redirect_other_host": ({}, {"status": 307}),
    "http_500": ({}, {"body": "own"}, {"body": "none"}),
}
AFTERS = tuple({"retry_after": form} for form in RETRY_AFTER if form != "none")
VARIANTS |= {name: ({}, *AFTERS) for name in ("http_429", "http_503")}


def group(name, words, phases=BOTH, alone=False):
    return [Fault(one, name, phases, text, VARIANTS.get(one, ({},)), alone) for one, text in words.items()]


def spoken(functions):
    return {name: says(function) for name, function in functions.items()}


KNOWN = {
    fault.name: fault
    for fault in (
        *group("tls", TLS, BEFORE, alone=True),
        *group("connect", {name: says(getattr(mischief.Wire, name)) for name in mischief.UNREAD}),
        *group("transport", mischief.TRANSPORT),
        *group("status", {name: f"Status {name[5:]} {REASONS[int(name[5:])]}." for name in STATUSES}),
        *group("redirect", spoken(REDIRECTS)),
        *group("content", spoken(CONTENT)),
        *group("mixed up", spoken(MIXED_UP)),
        *group("schema", schema_faults.SAYS),
        *group("business", MEANINGS),
        *group("log", LOGS, BEFORE),
        *group("clock", OTHERS),
        *group("webhook", WEBHOOKS, BEFORE),
    )
}
UNREAD = frozenset(mischief.UNREAD)
WIRE = frozenset(mischief.UNREAD) | set(mischief.TRANSPORT) | set(mischief.REWRITES)
MEANING = frozenset(MEANINGS) | set(LOGS) | set(OTHERS)
WEBHOOK = frozenset(WEBHOOKS)
REPEATING = frozenset(MIXED_UP)


def by_group(slugs):
    """For the control door. `slugs` maps an upstream to the faults of meaning that only it knows."""
    found = {}
    for fault in KNOWN.values():
        found.setdefault(fault.group, []).append(fault.as_dict())
    own = {slug: [Fault(name, "business", BOTH, text).as_dict() for name, text in more.items()] for slug, more in slugs}
    return {**found, **{f"business of {slug}": rows for slug, rows in own.items() if rows}}
