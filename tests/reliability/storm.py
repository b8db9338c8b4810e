"""Many texts while answers are lost and workers are killed, and the reckoning with what the upstream really sent."""

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.reliability import texting
from tests.stack import Stack, wait_until

# Thirteen ways to spoil an answer, 2.1 % each: 24 % of all. Before: nothing went out. After: it did.
BEFORE = ("close", "http_502", "http_500", "reset_mid_body")
AFTER = (
    "close",
    "reset_mid_body",
    "truncated",
    "no_answer",
    "http_500",
    "http_503",
    "invalid_json",
    "html_page",
    "empty",
)
SHARE = 0.021
TERMINAL = {"sent", "delivered"}


@dataclass
class Wanted:
    """What the customer wrote: (to, text), and how often."""

    texts: Counter = field(default_factory=Counter)
    refused: list = field(default_factory=list)


def spoil_answers(stack: Stack, *, slow: float = 0.6, lag: float = 1.0) -> None:
    """A quarter of the answers; every other one takes its time; the log shows a text only after a while."""
    spoilt = [_rule(fault, "before") for fault in BEFORE] + [_rule(fault, "after") for fault in AFTER]
    pause = {"call": "queue_sms", "fault": "delay", "args": {"seconds": slow}}
    late = {"call": "get_sms", "fault": "log_lag", "args": {"seconds": lag, "share": 1}}
    stack.sandbox.control(
        "settings", {"auto_answer": False, "duplicate_window_s": 0}
    )  # a second one must show, not be refused
    stack.sandbox.control("limits", {"per_hour": {"queue_sms": 100_000, "shared_pool": 100_000}})
    stack.sandbox.control("faults", [*spoilt, pause, late])


def _rule(fault: str, phase: str) -> dict:
    return {"call": "queue_sms", "fault": fault, "phase": phase, "match": {"prob": SHARE}, "args": {"seconds": 30}}


def write_texts(stack: Stack, number: int, seed: int, *, over: float) -> Wanted:
    """So many texts through the page, spread over so many seconds; one in ten is meant twice."""
    dice, wanted = random.Random(seed), Wanted()
    senders, browser = texting.senders(stack), stack.session()
    plan = [(dice.choice(senders), texting.contact(), f"Text {turn} of {seed}") for turn in range(round(number / 1.1))]
    plan += dice.sample(plan, number - len(plan))
    started = time.monotonic()

    def one(turn_and_text) -> None:
        turn, (sender, to, body) = turn_and_text
        time.sleep(max(0, started + over * turn / number - time.monotonic()))
        answer = texting.write(browser.twin(), sender, to, body)
        if answer.status_code == 302:
            wanted.texts[to[2:], body] += 1
        else:
            wanted.refused.append(answer)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, enumerate(plan)))
    return wanted


class Killer(threading.Thread):
    """SIGKILLs the supervised worker again and again, each time in the middle of calls."""

    def __init__(self, stack: Stack, kills: int, seed: int):
        super().__init__(daemon=True)
        self.stack, self.kills, self.dice = stack, kills, random.Random(seed)
        self.killed: list[int] = []
        self.open_when_killed: list[int] = []

    def run(self) -> None:
        for _ in range(self.kills):
            pid = wait_until(self._newborn, 60, "another worker")
            self._wait_for_work()
            self.open_when_killed.append(self._busy())
            self.stack.kill9("worker")
            self.killed.append(pid)

    def _wait_for_work(self) -> None:
        """The middle of several calls, where there are so many."""
        try:
            wait_until(lambda: self._busy() >= 3, 3, every=0.02)
        except AssertionError:
            wait_until(self._busy, 60, "work", every=0.02)

    def _newborn(self) -> int | None:
        pid = self.stack.pid_of("worker")
        return pid if pid not in self.killed else None

    def _busy(self) -> int:
        return self.stack.value("SELECT count(*) FROM messaging_message WHERE state = 'sending'")


def settle(stack: Stack, number: int, seconds: float) -> None:
    """Wait until nothing moves any more."""

    def all_terminal() -> bool:
        states = texting.states(stack)
        return sum(states.values()) == number and set(states) <= TERMINAL

    wait_until(all_terminal, seconds, "the end of every text", every=0.5)


def sent(stack: Stack) -> Counter:
    """What really went out, by the upstreams' ledger; some write a number with its country code."""
    return Counter((row["destination"][-10:], row["message"]) for row in texting.effects(stack))
