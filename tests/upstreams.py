"""Makes docs/upstreams.md from the code: every call of every upstream, who makes it, who serves it, what tests it.

    python -m tests.upstreams           writes it
    python -m tests.upstreams --check   fails when the file is out of date

Both fail, naming them, when a call has no client method, no sandbox or no test.
"""

import argparse
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from providers.clients.base import Client
from providers.clients.capability import Capability
from providers.clients.registry import CLIENTS
from tests.providers.contract import test_every_call
from tests.providers.contract.every_example import CASES, Case, served_by

TARGET = Path(__file__).resolve().parent.parent / "docs" / "upstreams.md"
TESTS = "tests/providers/contract/test_every_call.py"
TEST = test_every_call.test_a_call_is_made_as_marked_and_answered_as_promised.__name__
TABLES = {"voicemeup": "REQUESTS", "jafone": "ACTIONS"}  # of a sandbox's requests.py; CALLS for the others
# What a sandbox serves and no client makes, and why.
UNSPOKEN = {"TransferMoneyToChildAccount": "withdrawn: of the public libraries, only old ones have it"}
HEAD = f"""# The upstreams, call by call

Made by `make upstreams` from the code, and checked by `make lint`: not to be edited by hand.

Each table lists the calls of one upstream in the order of its document. A call is made by a method of the client, named with its
module below `providers/clients/<slug>/`, and served by a function of the sandbox, named with its module below
`providers/sandbox/<slug>/`. *Repeat* says what may be done when the outcome of a call is unclear: a `read` changes nothing, a `safe`
write may simply be sent again, a `never` write costs or reaches somebody twice and is settled first, as the same column says.

The test of a row is `{TEST}[...]` of
`{TESTS}`, with what the last column has in the brackets. It makes the call
over a real socket and finds it in the sandbox's journal. The same examples, with their answers spoilt, are `test_mutated_answers.py` beside it.
"""


class Missing(Exception):
    """A call that somebody forgot; the text says which and what."""


def page() -> str:
    """The whole document. Raises `Missing`."""
    missing = [line for slug in CLIENTS for line in forgotten(slug)]
    if missing:
        raise Missing("\n".join(missing))
    parts = [HEAD, *matrix(), *buckets()]
    for slug in CLIENTS:
        parts += section(slug)
    return "\n".join(parts).rstrip() + "\n"


def forgotten(slug: str) -> Iterator[str]:
    client, served = CLIENTS[slug], set(served_by(slug))
    spoken = {mark.call for mark in client.spoken()}
    tested = {(case.example.call, case.example.method) for case in CASES if case.slug == slug}
    for call in (*client.document, *client.siblings):
        if call not in spoken:
            yield f"{slug}: {call} has no client method"
        if call not in served:
            yield f"{slug}: {call} is not served by the sandbox"
    for mark in client.spoken():
        if (mark.call, mark.method) not in tested:
            yield f"{slug}: {mark.call} by {mark.method} has no test"
    for call in sorted(spoken - {*client.document, *client.siblings}):
        yield f"{slug}: {call} is spoken, and is neither in document nor in siblings"
    for call in sorted(served - spoken - UNSPOKEN.keys()):
        yield f"{slug}: {call} is served, and nobody makes it or says why not"


# --- what each can do


def matrix() -> Iterator[str]:
    yield "## What each can do\n"
    yield from table(
        ["", *(client.label for client in CLIENTS.values())],
        (
            [f"`{may}`", *("yes" if may in client.capabilities else "" for client in CLIENTS.values())]
            for may in Capability
        ),
    )


def buckets() -> Iterator[str]:
    yield "## What each allows\n"
    yield "Requests an hour, by the upstream's bucket. Where it states no number, none is assumed and its refusals are heeded.\n"
    yield from table(
        ["Upstream", "Bucket", "An hour", "Counted by", "Feeds that live by it"],
        (row for client in CLIENTS.values() for row in bucket_rows(client)),
    )


def bucket_rows(client: type[Client]) -> Iterator[list[str]]:
    for bucket, number in client.buckets.items():
        counted = "address, over all connections" if bucket in client.address_buckets else "connection"
        feeds = ", ".join(f"`{may}`" for may in Capability if client.bucket_of.get(may) == bucket)
        yield [client.label, f"`{bucket}`", str(number or "not stated"), counted, feeds]


# --- one upstream


def section(slug: str) -> Iterator[str]:
    client = CLIENTS[slug]
    yield f"## {client.label}\n"
    yield from calls_table(slug, client.document)
    if client.siblings:
        yield "### Calls of its other public documents\n"
        yield from calls_table(slug, client.siblings)
    for call in served_by(slug):
        if call in UNSPOKEN:
            yield f"The sandbox also serves `{call}`, which the client does not make ({UNSPOKEN[call]}).\n"


def calls_table(slug: str, calls: tuple[str, ...]) -> Iterator[str]:
    served = servers(slug)
    cases = {call: [case for case in CASES if (case.slug, case.example.call) == (slug, call)] for call in calls}
    yield f"{len(calls)} calls.\n"
    yield from table(
        ["Call", "Client", "Repeat", "Sandbox", "Test"],
        (row(case, served) for call in calls for case in sorted(cases[call], key=lambda case: case.spoken.method)),
    )


def row(case: Case, served: dict[str, str]) -> list[str]:
    mark = case.spoken
    module = inspect.unwrap(getattr(CLIENTS[case.slug], mark.method)).__module__.rpartition(".")[2]
    repeat = f"{mark.repeat}: {mark.settle}" if mark.settle else str(mark.repeat)
    return [f"`{mark.call}`", f"`{module}.{mark.method}`", repeat, f"`{served[mark.call]}`", f"`{case}`"]


def servers(slug: str) -> dict[str, str]:
    """The function behind each call, with its module."""
    requests = importlib.import_module(f"providers.sandbox.{slug}.requests")
    names = global_names(slug)
    specs = getattr(requests, TABLES.get(slug, "CALLS"))
    return {call: name_of(getattr(spec, "function", None) or spec.serve, names) for call, spec in specs.items()}


def global_names(slug: str) -> dict[Callable, str]:
    """The functions of a sandbox's modules by the name they have there, also those that another function made."""
    package = importlib.import_module(f"providers.sandbox.{slug}")
    found = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        for name, value in vars(module).items():
            if inspect.isfunction(value) and (value not in found or value.__module__ == module.__name__):
                found[value] = f"{info.name}.{name}"
    return found


def name_of(function: Callable, names: dict[Callable, str]) -> str:
    """A function without a name of its own is called after the one that it wraps, or else the one that made it."""
    if function in names:
        return names[function]
    within = [cell.cell_contents for cell in function.__closure__ or () if cell.cell_contents in names]
    if within:
        return names[within[0]]
    maker = function.__qualname__.split(".<locals>")[0]
    module = function.__module__.rpartition(".")[2]
    return module if maker == "<lambda>" else f"{module}.{maker}"


def table(head: list[str], rows) -> Iterator[str]:
    """A Markdown table, and a blank line."""
    yield "| " + " | ".join(head) + " |"
    yield "| " + " | ".join("---" for _ in head) + " |"
    for cells in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""


def main() -> int:
    """The exit code of the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.upstreams", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is out of date")
    check = parser.parse_args().check
    try:
        wanted = page()
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    if not check:
        TARGET.write_text(wanted, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == wanted:
        return 0
    print("docs/upstreams.md is out of date: run make upstreams", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
