"""Fault rules: which request is to be disturbed, how, and before or after its effect."""

import random
import threading

from .catalogue import KNOWN, MEANING, UNREAD, WEBHOOK, WIRE
from .catalogue import TLS as TLS_FAULTS

TLS = frozenset(TLS_FAULTS)
REQUESTS = WIRE | MEANING


def digits_of(value):
    text = "".join(c for c in str(value) if c.isdigit())
    return text[1:] if len(text) == 11 and text[0] == "1" else text


def same(wanted, given):
    if isinstance(wanted, list):
        return any(same(one, given) for one in wanted)
    if str(wanted) == str(given):
        return True
    return len(digits_of(wanted)) >= 7 and digits_of(wanted) == digits_of(given)


def as_list(value):
    return value if isinstance(value, list) else [value]


class Rule:
    COUNTING = ("nth", "every", "prob")

    def __init__(self, number, spec, now):
        self.id = number
        self.slug = spec.get("slug") or "*"
        self.calls = as_list(spec.get("call") or "*")
        self.accounts = as_list(spec.get("account") or "*")
        self.fault = spec.get("fault")
        self.phase = spec.get("phase") or "before"
        self.match = dict(spec.get("match") or {})
        self.count = spec.get("count")
        self.per_call = bool(spec.get("per_call"))  # the count is of each call by itself
        self.until = now + float(spec["for_s"]) if spec.get("for_s") is not None else None
        self.args = dict(spec.get("args") or {})
        self.seen = self.served = 0
        self._served_by = {}

    @property
    def for_everything(self):
        named = [name for name in self.match if name not in self.COUNTING]
        return self.slug == "*" and self.calls == ["*"] and self.accounts == ["*"] and not named

    @property
    def wide(self):
        """Strikes without knowing the request, so that nothing need be read of it."""
        return self.fault in UNREAD | TLS and self.for_everything

    def check(self, known):
        """Raises ValueError for what cannot be."""
        if self.fault not in known:
            raise ValueError(f"unknown fault {self.fault!r}; known: {', '.join(sorted(known))}")
        if self.phase not in ("before", "after"):
            raise ValueError("phase must be before or after")
        if self.fault in TLS and not self.for_everything:
            raise ValueError(f"{self.fault} strikes before the request is known: without slug, call, account and match")

    def concerns(self, slug, call, params, account=None):
        if self.slug not in ("*", slug) or not ("*" in self.calls or call in self.calls):
            return False
        if not ("*" in self.accounts or account in self.accounts):
            return False
        named = {k: v for k, v in self.match.items() if k not in self.COUNTING}
        return all(same(wanted, params.get(name, "")) for name, wanted in named.items())

    def spent(self, now, key=None):
        late = self.until is not None and now > self.until
        served = self._served_by.get(key, 0) if self.per_call else self.served
        return late or (self.count is not None and served >= self.count)

    def serve(self, key=None):
        self.served += 1
        self._served_by[key] = self._served_by.get(key, 0) + 1

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
            "account": self.accounts,
            "fault": self.fault,
            "phase": self.phase,
            "match": self.match,
            "count": self.count,
            "per_call": self.per_call,
            "until": self.until,
            "args": self.args,
            "seen": self.seen,
            "served": self.served,
        }


class Faults:
    """The rules in force. `more` are the faults of meaning that single upstreams know beside the catalogue's."""

    def __init__(self, seed=1, more=()):
        self._lock = threading.Lock()
        self._dice = random.Random(seed)
        self._next = 1
        self.rules = []
        self.own = frozenset(more)
        self.meaning = MEANING | self.own

    def add(self, specs, now):
        with self._lock:
            made = [Rule(self._next + i, spec, now) for i, spec in enumerate(specs)]
            for rule in made:
                rule.check(KNOWN.keys() | self.own)
            self._next += len(made)
            self.rules += made
            return made

    def clear(self):
        with self._lock:
            self.rules = []

    def reseed(self, seed):
        with self._lock:
            self._dice = random.Random(seed)

    def remove(self, number):
        with self._lock:
            before = len(self.rules)
            self.rules = [rule for rule in self.rules if rule.id != number]
            return len(self.rules) < before

    def pick(self, slug, call, params, now, among=None, account=None):
        """The first rule that strikes (of webhooks with `among`), or None."""
        among, key = among or REQUESTS | self.own, (slug, call)
        with self._lock:
            for rule in self.rules:
                if rule.fault not in among or rule.wide or rule.spent(now, key):
                    continue
                if not rule.concerns(slug, call, params, account):
                    continue
                if rule.strikes(self._dice):
                    rule.serve(key)
                    return rule
        return None

    def pick_unread(self, now, among=UNREAD):
        """A rule for everything strikes before the request is read; narrower ones must know it first."""
        with self._lock:
            for rule in self.rules:
                if rule.fault in among and rule.wide and not rule.spent(now) and rule.strikes(self._dice):
                    rule.serve()
                    return rule
        return None


__all__ = ["MEANING", "TLS", "UNREAD", "WEBHOOK", "WIRE", "Faults", "Rule"]
