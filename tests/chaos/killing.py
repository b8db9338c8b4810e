"""What befalls the processes while texts go out, each in a thread of its own that ends by itself."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from tests.chaos.world import World
from tests.stack import wait_until

NEWBORN_S = 120


class WorkerKiller(threading.Thread):
    """SIGKILLs one worker after the other in the middle of calls, evenly over the campaign: by what share of it has rested."""

    def __init__(self, world: World, kills: int, seed: int, share: Callable[[], float]):
        super().__init__(daemon=True)
        self.world, self.kills, self.dice, self.share = world, kills, random.Random(seed), share
        self.open_when_killed: list[int] = []
        self.stop = threading.Event()

    def run(self) -> None:
        killed: set[int] = set()
        for turn in range(self.kills):
            self._wait_for(turn / (self.kills + 1))
            if self.stop.is_set():
                return
            alive = wait_until(
                lambda: [pid for pid in self.world.worker_pids() if pid not in killed], NEWBORN_S, "a worker"
            )
            with suppress(AssertionError):  # the middle of calls, where there is one
                wait_until(lambda: self._busy() >= 2, 4, every=0.1)
            pid = self.dice.choice(alive)
            self.open_when_killed.append(self._busy())
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            killed.add(pid)

    def _wait_for(self, share: float) -> None:
        """Until so much has come to rest, but not for ever: where nothing moves, the next one dies too."""
        patience = time.monotonic() + 15
        while self.share() < share and time.monotonic() < patience and not self.stop.is_set():
            time.sleep(0.2)

    def _busy(self) -> int:
        with suppress(Exception):  # the database may be away, on purpose
            return self.world.value("SELECT count(*) FROM messaging_message WHERE state = 'sending'")
        return 0


class Blows(threading.Thread):
    """Does one thing after the other when so much of the campaign has come to rest; keeps when, and what was said."""

    def __init__(self, blows: list[tuple[float, Callable[[], object]]], share: Callable[[], float]):
        super().__init__(daemon=True)
        self.blows, self.share = blows, share
        self.struck: list[tuple[float, object]] = []
        self.stop = threading.Event()

    def run(self) -> None:
        for share, blow in self.blows:
            while self.share() < share and not self.stop.is_set():
                time.sleep(0.2)
            if self.stop.is_set():
                return
            self.struck.append((time.monotonic(), blow()))
