"""R30: situations in which one guard alone keeps R1 true, so that taking it away shows: each a handful of texts, made to collide."""

import json
import uuid
from collections import Counter
from dataclasses import dataclass

from tests.chaos.campaign import ledger, people
from tests.chaos.world import World
from tests.reliability import texting
from tests.stack import wait_until

QUEUE = """
import json
from accounts.actor import Actor
from accounts.models import User
from messaging import services
user = User.objects.get(email={email!r})
account = user.memberships.order_by("pk").first().account
actor = Actor(user=user, account=account, name="duel")
for turn, (to, body) in enumerate(json.loads({texts!r})):
    services.queue_message(actor, account, {sender!r}, to, body, key="{mark}-%d" % turn)
"""
LOG_LAG = (
    10.0  # what the portal believes of the log: looks come at least so far apart, and a little later on a busy machine
)
LATER = 19.0  # when the log really shows a text: after the first look, before the second


@dataclass(frozen=True)
class Duel:
    """What a world is like, who is texted how often, and the faults that make their texts collide."""

    name: str
    times: int  # the same text to the same person
    options: dict
    faults: tuple[dict, ...]


# The first of two identical texts is long on its way; the second does not go out, and is looked for.
TWINS = Duel(
    "twins", 2, {"deadline": 9.0, "lag": 0.5},
    ({"fault": "delay", "phase": "after", "count": 1, "args": {"seconds": 6}}, {"fault": "close", "phase": "before", "count": 1}),
)  # fmt: skip
# It goes out, the answer is lost, and the log shows it late.
LATE_LOG = Duel("late log", 1, {"deadline": 2.0, "lag": LOG_LAG}, ({"fault": "close", "phase": "after", "count": 1},))
GUARDS = {
    "careless-claim": (TWINS, "the claim is a compare and set"),
    "no-twin-lock": (TWINS, "identical texts go one at a time"),
    "shared-ids": (TWINS, "one id of the upstream is one text"),
    "one-look": (LATE_LOG, "two empty looks before a text counts as absent"),
    "blind-repeat": (LATE_LOG, "an unclear answer is a third outcome"),
}
PAIRS = 4  # fewer failures in a row than open the breaker, which would only make it longer


def fought(duel: Duel, *hooks: str, seconds: float = 150) -> list[str]:
    """What does not hold of R1 after the duel: nothing, unless a guard is missing."""
    with World(workers=1, hooks=hooks, **duel.options) as world:
        world.sandbox.start()
        if "shared-ids" in hooks:
            world.rows("DROP INDEX one_message_per_id")
        wanted, mark = _queue(world, duel)
        world.begin()
        return _verdict(world, wanted, mark, seconds)


def _queue(world: World, duel: Duel) -> tuple[Counter, str]:
    mark = uuid.uuid4().hex[:8]
    to = people(PAIRS)
    texts = [(number, f"Duel {mark}") for number in to for _ in range(duel.times)]
    rules = [
        {"slug": "voicemeup", "call": "queue_sms", "match": {"destination_number": number[1:]}, **rule}
        for number in to
        for rule in duel.faults
    ]
    if duel is LATE_LOG:
        rules.append(
            {"slug": "voicemeup", "call": "get_sms", "fault": "log_lag", "args": {"seconds": LATER, "share": 1}}
        )
    world.sandbox.control("faults", rules)
    script = QUEUE.format(email=texting.OWNER, sender=texting.sender(world), texts=json.dumps(texts), mark=mark)
    world.manage("shell", "-c", script)
    return Counter({(number[-10:], f"Duel {mark}"): duel.times for number in to}), mark


def _verdict(world: World, wanted: Counter, mark: str, seconds: float) -> list[str]:
    def states() -> Counter:
        return Counter(
            dict(
                world.rows(
                    "SELECT state, count(*) FROM messaging_message WHERE body = ? GROUP BY state", f"Duel {mark}"
                )
            )
        )

    def sent() -> Counter:
        return Counter(
            (row["data"]["destination"][-10:], row["data"]["message"])
            for row in ledger(world)
            if mark in row["data"]["message"]
        )

    def decided() -> bool:
        return bool(sent() - wanted) or not set(states()) & {"queued", "sending", "unknown"}

    try:
        wait_until(decided, seconds, every=0.5)
    except AssertionError:
        return [f"still open: {states()}"]
    found = []
    if lost := wanted - sent():
        found.append(f"{lost.total()} texts lost")
    if doubled := sent() - wanted:
        found.append(f"{doubled.total()} texts doubled")
    if open_ones := {state: count for state, count in states().items() if state not in ("sent", "delivered")}:
        found.append(f"not at rest as sent: {open_ones}")
    return found
