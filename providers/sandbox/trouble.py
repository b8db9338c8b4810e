"""What a fault has at hand when it spoils an answer, and what kind of answer it is."""

import dataclasses
import random


@dataclasses.dataclass
class Memory:
    """What was answered before, for the faults that repeat it; each may be None."""

    previous: object = None  # the last answer of this upstream, whatever was asked
    stale: object = None  # the answer to the same call of the same account
    other: object = None  # of another call of the same account
    foreign: object = None  # of the same call of another account

    @classmethod
    def of(cls, answers, account, name, wanted=None):
        """From the answers by (account, call), the newest last; `wanted` names the other call."""
        newest = list(reversed(answers))
        others = [key for key in newest if key[0] == account and key[1] == (wanted or key[1]) != name]
        foreign = [key for key in newest if key[1] == name and key[0] not in (None, account)]
        first = [answers.get(next(iter(keys), None)) for keys in (newest, others, foreign)]
        return cls(first[0], answers.get((account, name)), *first[1:])


@dataclasses.dataclass
class Trouble:
    """A rule that has struck. `dice` fall the same way each time the same rule strikes for the n-th time."""

    rule: object
    request: object = None
    memory: Memory = dataclasses.field(default_factory=Memory)
    now: float = 0.0
    strike: int = 0

    @property
    def name(self):
        return self.rule.fault

    def arg(self, name, default=None):
        value = self.rule.args.get(name)
        return default if value is None else value

    @property
    def seconds(self):
        """How long a delay is: as told, or by chance around a median."""
        if self.arg("median") is None:
            return float(self.arg("seconds", 2))
        return float(self.arg("median")) * self.dice.lognormvariate(0, float(self.arg("spread", 0.6)))

    @property
    def dice(self):
        return random.Random(f"{self.rule.id}/{self.strike}")


def is_json(response):
    """By its beginning: content types lie, some of them by the document."""
    return response.body.lstrip()[:1] in (b"{", b"[")


def is_xml(response):
    start = response.body.lstrip()[:9].lower()
    return start.startswith(b"<") and not start.startswith((b"<!doctype", b"<html"))


def says(function):
    """The first line of a fault's docstring, for the catalogue."""
    return (function.__doc__ or "").strip().split("\n")[0]
