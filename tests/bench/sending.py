"""Sending beside the broker's own rate, on a PostgreSQL and a Redis of our own: python -m tests.bench.sending [TEXTS]. Prints a line of JSON.

The same two workers drain a queue of tasks that do nothing and a queue of texts, each of which is a row that is claimed, an
HTTP call to the sandbox in its own process, and a status. The workers stand still while a queue is filled.
"""

import json
import os
import signal
import sys
import time
from contextlib import contextmanager

import redis

from tests.chaos.campaign import people
from tests.chaos.world import Servers, World
from tests.reliability import texting
from tests.stack import wait_until

QUEUES = ("interactive", "sync", "celery")
HELD = "unacked"  # what a worker has taken and not finished, as kombu keeps it
DO_NOTHING = """
from tests.hooks.tasks import nothing
for _ in range({count}):
    nothing.delay()
"""
WRITE = """
from accounts.actor import Actor
from accounts.models import User
from messaging import services
user = User.objects.get(email={email!r})
account = user.memberships.order_by("pk").first().account
actor = Actor(user=user, account=account, name="bench")
for place, number in enumerate({people!r}):
    services.queue_message(actor, account, {sender!r}, number, f"Your order {{place}} is ready", key=f"bench-{mark}-{{place}}")
"""


@contextmanager
def standing_still(pids: list[int]):
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    yield
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


class Line:
    """One world with its workers, and how fast they get through what waits."""

    def __init__(self, world: World):
        self.world = world
        self.queue = redis.Redis.from_url(world.env["CELERY_BROKER_URL"])

    def waiting(self) -> int:
        return sum(self.queue.llen(name) for name in QUEUES) + self.queue.hlen(HELD)

    def nothing(self, count: int) -> float:
        """Tasks a second."""
        with standing_still(self.world.worker_pids()):
            self.world.manage("shell", "-c", DO_NOTHING.format(count=count))
        return count / self._until(lambda: self.waiting() < 3)

    def texts(self, mark: int, to: list[str]) -> float:
        """Texts a second, each with its row, its call and its status."""
        code = WRITE.format(email=texting.OWNER, sender=texting.sender(self.world), people=to, mark=mark)
        with standing_still(self.world.worker_pids()):
            self.world.manage("shell", "-c", code)
        before, wanted = self._sent() if mark else 0, len(to)
        return wanted / self._until(lambda: self._sent() - before >= wanted)

    def _sent(self) -> int:
        return self.world.value(
            "SELECT count(*) FROM messaging_message WHERE idempotency_key LIKE 'bench-%' AND external_id IS NOT NULL"
        )

    def _until(self, true) -> float:
        started = time.perf_counter()
        wait_until(true, 600, "the end of the queue", every=0.05)
        return time.perf_counter() - started


def main(texts: int) -> None:
    with Servers(), World() as world:
        (world.hooks / "wake-twice").unlink()
        world.begin()
        wait_until(lambda: len(world.worker_pids()) == world.workers, 30, "the workers")
        line, to = Line(world), people(texts * 2)
        line.nothing(texts)  # both warm
        rates = {"nothing": [], "texts": []}
        for turn in range(2):
            rates["nothing"].append(line.nothing(texts))
            rates["texts"].append(line.texts(turn, to[turn * texts : (turn + 1) * texts]))
        went_out = len(
            {
                row["data"]["destination"]
                for row in world.sandbox.ledger("sms_sent")
                if "Your order" in row["data"]["message"]
            }
        )
        best = {name: max(found) for name, found in rates.items()}
        print(json.dumps({**best, "went_out": went_out, "ratio": best["nothing"] / best["texts"]}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1500)
