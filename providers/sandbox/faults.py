"""Fault rules: which request is to be disturbed, how, and before or after its effect."""

import random
import threading

HTTP_CODES = (400, 401, 403, 404, 405, 408, 409, 413, 429, 500, 501, 502, 503, 504)

# Spoil the wire: the answer is lost or damaged whatever was in it.
WIRE = {
    "refuse",
    "no_answer",
    "close",
    "reset_mid_body",
    "truncated",
    "slow_bytes",
    "endless",
    "invalid_json",
    "invalid_xml",
    "wrong_content_type",
    "html_page",
    "empty",
    "big_body",
    "byte_order_mark",
    "invalid_utf8",
    "duplicate_of_previous",
    "stale_answer",
    "delay",
} | {f"http_{code}" for code in HTTP_CODES}
# Spoil the meaning: the upstream itself answers something else, in its own envelope.
MEANING = {
    "soft_limit",
    "hard_limit",
    "authentication_failed",
    "error_code",
    "log_lag",
    "hide_log",
    "read_back_differs",
    "hostile_text",
}
# Spoil what the upstream sends by itself.
WEBHOOK = {"webhook_drop", "webhook_duplicate", "webhook_delay", "webhook_corrupt"}
FAULTS = WIRE | MEANING | WEBHOOK


def digits_of(value):
    text = "".join(c for c in str(value) if c.isdigit())
    return text[1:] if len(text) == 11 and text[0] == "1" else text


def same(wanted, given):
    if isinstance(wanted, list):
        return any(same(one, given) for one in wanted)
    if str(wanted) == str(given):
        return True
    return len(digits_of(wanted)) >= 7 and digits_of(wanted) == digits_of(given)


class Rule:
    COUNTING = ("nth", "every", "prob")

    def __init__(self, number, spec, now):
        self.id = number
        self.slug = spec.get("slug") or "*"
        calls = spec.get("call") or "*"
        self.calls = calls if isinstance(calls, list) else [calls]
        self.fault = spec.get("fault")
        self.phase = spec.get("phase") or "before"
        self.match = dict(spec.get("match") or {})
        self.count = spec.get("count")
        self.until = now + float(spec["for_s"]) if spec.get("for_s") is not None else None
        self.args = dict(spec.get("args") or {})
        self.seen = self.served = 0
        if self.fault not in FAULTS:
            raise ValueError(f"unknown fault {self.fault!r}; known: {', '.join(sorted(FAULTS))}")
        if self.phase not in ("before", "after"):
            raise ValueError("phase must be before or after")

    @property
    def wide(self):
        """Refuses everything, so that nothing need be read to know whether it strikes."""
        narrow = [name for name in self.match if name not in self.COUNTING]
        return self.fault == "refuse" and self.slug == "*" and self.calls == ["*"] and not narrow

    def concerns(self, slug, call, params):
        if self.slug not in ("*", slug) or not ("*" in self.calls or call in self.calls):
            return False
        named = {k: v for k, v in self.match.items() if k not in self.COUNTING}
        return all(same(wanted, params.get(name, "")) for name, wanted in named.items())

    def spent(self, now):
        late = self.until is not None and now > self.until
        return late or (self.count is not None and self.served >= self.count)

    def strikes(self, dice):
        """Called once for each request the rule concerns."""
        self.seen += 1
        if "nth" in self.match and self.seen != int(self.match["nth"]):
            return False
        if "every" in self.match and self.seen % int(self.match["every"]):
            return False
        return "prob" not in self.match or dice.random() < float(self.match["prob"])

    def as_dict(self):
        return {
            "id": self.id,
            "slug": self.slug,
            "call": self.calls,
            "fault": self.fault,
            "phase": self.phase,
            "match": self.match,
            "count": self.count,
            "until": self.until,
            "args": self.args,
            "seen": self.seen,
            "served": self.served,
        }


class Faults:
    def __init__(self, seed=1):
        self._lock = threading.Lock()
        self._dice = random.Random(seed)
        self._next = 1
        self.rules = []

    def add(self, specs, now):
        with self._lock:
            made = [Rule(self._next + i, spec, now) for i, spec in enumerate(specs)]
            self._next += len(made)
            self.rules += made
            return made

    def clear(self):
        with self._lock:
            self.rules = []

    def remove(self, number):
        with self._lock:
            before = len(self.rules)
            self.rules = [rule for rule in self.rules if rule.id != number]
            return len(self.rules) < before

    def pick(self, slug, call, params, now, among=WIRE | MEANING):
        """The first rule that strikes, or None."""
        with self._lock:
            for rule in self.rules:
                if rule.fault not in among or rule.wide or rule.spent(now):
                    continue
                if not rule.concerns(slug, call, params):
                    continue
                if rule.strikes(self._dice):
                    rule.served += 1
                    return rule
        return None

    def refuse_unread(self, now):
        """A refusal of everything strikes before the request is read; narrower ones must know it first."""
        with self._lock:
            for rule in self.rules:
                if rule.wide and not rule.spent(now) and rule.strikes(self._dice):
                    rule.served += 1
                    return rule
        return None
