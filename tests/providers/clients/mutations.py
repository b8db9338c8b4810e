"""Answers with a few values spoilt, and all that a client lets be seen of one call."""

import copy
import json
import traceback
from collections.abc import Iterator

from hypothesis import strategies as st

from providers.clients.errors import UpstreamError
from providers.clients.http import Answer

LEAVES = ["", None, [], {}, 0, 7, -1, True, False, "0", "teleported", "NaN", "-5.00", "12,34", "0000-00-00", 1e300]
LEAVES += [
    "1" * 30,
    "\u0661",
    "x" * 3000,
    "Success",
    "Error",
    "5145550134",
    "\x00",
    ["a", "b"],
    [{}],
    [[["x"]]],
    {"a": []},
]


def places(tree, path=()) -> Iterator[tuple]:
    """The path of every value of a tree."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


@st.composite
def mutated(draw, tree: dict, *extra) -> bytes:
    """`tree` with up to four values replaced or left out, now and then cut short."""
    tree = copy.deepcopy(tree)
    for _ in range(draw(st.integers(0, 4))):
        known = list(places(tree))
        if not known:
            break
        *path, last = draw(st.sampled_from(known))
        holder = tree
        for key in path:
            holder = holder[key]
        if draw(st.booleans()):
            holder[last] = copy.deepcopy(draw(st.sampled_from([*LEAVES, *extra])))
        elif isinstance(holder, dict):
            holder.pop(last)
    body = json.dumps(tree).encode()
    return body[: draw(st.integers(0, len(body)))] if draw(st.integers(0, 9)) == 0 else body


class Notes:
    """An observer that keeps the exchanges."""

    def __init__(self):
        self.exchanges = []

    def before(self, call, bucket): ...

    def after(self, exchange):
        self.exchanges.append(exchange)

    def limited(self, bucket, *, hard, until=None): ...


def seen_of(client, method, status: int, body: bytes) -> str:
    """Run one method against an upstream that always answers this; anything but a record or our error escapes."""
    client.http.send = lambda request: Answer(status, "application/json", body)
    shown = ""
    try:
        found = method(client)
        rows = list(found) if isinstance(found, (Iterator, list, tuple)) else [found]
        shown = str([getattr(row, "raw", "") for row in rows])
    except UpstreamError as failure:
        shown = f"{''.join(traceback.format_exception(failure))} {failure.words} {getattr(failure, 'problems', '')}"
    return f"{shown} {client.observer.exchanges} {client.unread}"
