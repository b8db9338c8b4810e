"""Many customers at one address: plain accounts for a simulated day."""

import hashlib
import random

from ..demo import people as names
from .people import blank, generated, number_row
from .places import place_of
from .seed_calls import call

TRADES = ("Plumbing", "Dental", "Realty", "Movers", "Bakery", "Garage", "Law Office", "Veterinary")
FIRST_USERNAME = 9_000_000_000


def make(upstream, count):
    """So many accounts, each with money, a few calls of the last hours, and a number while there are any."""
    state, now = upstream.state, upstream.sandbox.clock.now()
    made = []
    for _ in range(count):
        state["ids"]["crowd"] = state["ids"].get("crowd", 0) + 1
        account = one(state["ids"]["crowd"], now, state["left"])
        state["accounts"][account["key"]] = account
        made.append(account)
    upstream.index()
    upstream.sandbox.world.touch()
    return made


def one(index, now, left):
    dice = random.Random(f"voicetel/crowd/{index}")
    digest = hashlib.md5(f"crowd/{index}".encode()).hexdigest()
    key, username = f"crowd-{index:04d}", str(FIRST_USERNAME + index)
    name = f"{names.last(dice, 'en')} {dice.choice(TRADES)} {index}"
    account = blank(key, username, name, f"{key}@crowd.example", now - 86400 * dice.randrange(30, 900),
                    generated(digest, 10), digest)  # fmt: skip
    account["cash"] = f"{dice.uniform(5, 250):.6f}"
    if left:
        number = left.pop()
        account["numbers"][number] = number_row(number, place_of(number), account["created"])
    ours = next(iter(account["numbers"]), username)
    moments = sorted(now - dice.randrange(60, 80_000) for _ in range(3))
    account["cdr"] = [call(dice, account, ours, f"2075550{dice.randrange(100, 199)}", int(at)) for at in moments]
    return account
