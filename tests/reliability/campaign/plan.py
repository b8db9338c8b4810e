"""Which call meets which fault: everything, or a sample in which each call meets some and each upstream all of them."""

import random
from dataclasses import dataclass, field
from math import ceil

from tests.providers.contract.every_example import Case, cases

LEAST = 6  # faults that every call meets, whatever the sample
SHORT = 0.5  # seconds a call may take where the fault is slowness
PATIENT = 10.0  # and where it is not: a busy machine must not look like a fault
HANGING = {"seconds": 2 * SHORT}
TRICKLING = {"max_s": 2 * SHORT}
# Heavy and slow faults, as small as they still tell something.
ARGS = {
    "no_answer": HANGING,
    "hang_unread": HANGING,
    "continue_hang": HANGING,
    "delay": HANGING,
    "tls_hang": HANGING,
    "slow_bytes": TRICKLING,
    "slow_headers": TRICKLING,
    "endless": TRICKLING,
    "endless_headers": TRICKLING,
    "gzip_bomb": {"mb": 64},
    "big_body": {"mb": 3},
    "deep_nesting": {"depth": 20_000},
    "many_continues": {"count": 200},
}
SLOW = frozenset(name for name, args in ARGS.items() if args in (HANGING, TRICKLING))
NOT_OF_CALLS = ("webhook",)  # what an upstream sends by itself


@dataclass(frozen=True)
class Blow:
    """A fault with its phase and arguments."""

    fault: str
    group: str
    phase: str
    args: dict = field(default_factory=dict)
    alone: bool = False  # strikes before the request is known, over TLS

    @property
    def slow(self) -> bool:
        return self.fault in SLOW

    def rule(self, slug: str, call: str) -> dict:
        aim = {} if self.alone else {"slug": slug, "call": call}
        return {
            **aim,
            "fault": self.fault,
            "phase": self.phase,
            "count": 1,
            "args": {**ARGS.get(self.fault, {}), **self.args},
        }

    def __str__(self) -> str:
        words = [self.fault, self.phase, *(f"{name}={value}" for name, value in self.args.items())]
        return " ".join(words)


@dataclass(frozen=True)
class Shot:
    """One blow on one call."""

    case: Case
    blow: Blow

    def __str__(self) -> str:
        return f"{self.case}: {self.blow}"


def blows(known: dict[str, list[dict]], slug: str) -> list[Blow]:
    """Every fault that a call of this upstream can meet, in each phase and variant."""
    found = []
    for group, faults in known.items():
        if group in NOT_OF_CALLS or (group.startswith("business of ") and group != f"business of {slug}"):
            continue
        for fault in faults:
            for phase in fault["phases"]:
                found += [Blow(fault["name"], group, phase, args, fault["alone"]) for args in fault["variants"]]
    return found


def everything(known: dict, slug: str) -> list[Shot]:
    """The whole product. A read is answered alike in either phase, so one is enough for it."""
    return [
        Shot(case, blow)
        for case in cases(slug)
        for blow in blows(known, slug)
        if case.spoken.writes or blow.phase == "before"
    ]


def sample(known: dict, slug: str, turn: int = 0) -> list[Shot]:
    """Each call with the next few of the shuffled blows; another `turn` gives each call others."""
    calls, choice = cases(slug), blows(known, slug)
    random.Random(slug).shuffle(choice)
    each = max(LEAST, ceil(len(choice) / max(1, len(calls))))
    return [
        Shot(case, choice[((turn + nth) * each + step) % len(choice)])
        for nth, case in enumerate(calls)
        for step in range(each)
    ]
