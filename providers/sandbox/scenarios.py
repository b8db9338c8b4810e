"""Named sets of rules: how an upstream is on a bad day. `load` puts one in force in place of all other rules."""

import datetime
from zoneinfo import ZoneInfo

from .rewrites import CONTENT, MIXED_UP
from .schema_faults import SCHEMA

HALF_HOUR = 1800
HOUR = 3600
SHARE = 0.0226  # of each of twelve faults, the first that strikes winning: 24 in a hundred answers are spoilt
LOST = ("refuse", "close", "no_answer", "http_500", "http_503", "delay")
DONE = ("close", "reset_mid_body", "truncated", "no_answer", "http_502", "invalid_json")
TRAPS = {"gzip_bomb", "big_body", "quadratic_blowup", "deep_nesting"}  # slow for the sandbox's machine too
ZONE = ZoneInfo("America/Toronto")


def rule(fault, phase="before", prob=None, **more):
    match = {} if prob is None else {"match": {"prob": prob}}
    return {"fault": fault, "phase": phase, **match, **more}


def calm(options):
    """Nothing is wrong."""
    return []


def a_quarter(options):
    """Twelve faults, before and after the effect, spoil 24 in a hundred answers; the log lags."""
    seconds = {"args": {"seconds": options.get("seconds", 30)}}
    spoilt = [rule(fault, "before", SHARE, **seconds) for fault in LOST]
    spoilt += [rule(fault, "after", SHARE, **seconds) for fault in DONE]
    return [*spoilt, rule("log_lag", args={"seconds": options.get("lag", 1.5)})]


def brownout(options):
    """Half of the answers take more than three seconds, one in ten is 503."""
    return [rule("http_503", prob=0.1), rule("delay", args={"median": options.get("median", 3), "spread": 0.5})]


def dead(options):
    """Every connection is refused for half an hour of the upstream's clock."""
    return [rule("refuse", for_s=options.get("seconds", HALF_HOUR))]


def limit_hit(options):
    """Three notices of the soft limit, then the hard limit for an hour."""
    return [rule("soft_limit", count=options.get("notices", 3)), rule("hard_limit", for_s=HOUR)]


def liar(options):
    """Logs that lag, and show texts and numbers otherwise than they were sent; a share of answers is an old one."""
    everywhere = {"args": {"all": True, "key": "message|text|body"}}
    return [
        rule("stale_answer", prob=0.1),
        rule("text_altered", prob=0.3, **everywhere),
        rule("phone_form", prob=0.3, args={"all": True}),
        rule("duplicate_rows", prob=0.1),
        rule("log_lag", args={"seconds": options.get("lag", 30), "share": 0.7}),
    ]


def garbage(options):
    """Every fault of content and meaning once for each call, one request after the other."""
    names = [name for name in (*CONTENT, *MIXED_UP, *SCHEMA) if name not in TRAPS or options.get("traps")]
    return [rule(name, options.get("phase", "before"), count=1, per_call=True) for name in names]


def webhook_storm(options):
    """Of what the upstream sends by itself hardly anything comes once, in order and as it should."""
    return [
        rule("webhook_drop", prob=0.05),
        rule("webhook_corrupt", prob=0.05),
        rule("webhook_wrong_secret", prob=0.05),
        rule("webhook_delay", prob=0.1, args={"seconds": 20}),
        rule("webhook_reorder", prob=0.3),
        rule("webhook_duplicate", prob=0.6, args={"times": options.get("times", 3)}),
    ]


def credential_revoked(options):
    """The credentials of one account (`account`) are refused all of a sudden."""
    return [rule("authentication_failed")]


def midnight_dst(options):
    """A minute before the clocks of Toronto go back."""
    return []


SCENARIOS = {
    "calm": calm,
    "r1-24pct": a_quarter,
    "brownout": brownout,
    "dead-30min": dead,
    "limit-hit": limit_hit,
    "liar": liar,
    "garbage": garbage,
    "webhook-storm": webhook_storm,
    "midnight-dst": midnight_dst,
    "credential-revoked": credential_revoked,
}


def load(sandbox, body):
    """`name`; maybe slug, call and account that it is about, the dice's seed, and options of the scenario itself."""
    if body.get("name") not in SCENARIOS:
        raise ValueError(f"unknown scenario {body.get('name')!r}; known: {', '.join(SCENARIOS)}")
    about = {name: body[name] for name in ("slug", "call", "account") if body.get(name)}
    rules = [{**about, **one} for one in SCENARIOS[body["name"]](body.get("options") or {})]
    sandbox.faults.clear()
    if body.get("seed") is not None:
        sandbox.faults.reseed(body["seed"])
    if body["name"] == "midnight-dst":
        sandbox.clock.set(next_autumn(sandbox.clock.now()))
    return [made.as_dict() for made in sandbox.faults.add(rules, sandbox.clock.now())]


def next_autumn(now):
    """A minute before the next time that an hour comes twice."""
    moment = datetime.datetime.fromtimestamp(now, datetime.UTC).replace(minute=59, second=0, microsecond=0)
    hour = datetime.timedelta(hours=1)
    while True:
        before, after = moment.astimezone(ZONE), (moment + hour).astimezone(ZONE)
        if after.utcoffset() < before.utcoffset() and moment.timestamp() > now:
            return moment.timestamp()
        moment += hour


def listed():
    return {name: (function.__doc__ or "").strip() for name, function in SCENARIOS.items()}


__all__ = ["SCENARIOS", "listed", "load"]
