"""The command line: `python -m tests.chaos [R1 R4] [--services] [--texts N] [--kills N] [--seed N]`."""

import argparse
import sys
import time
from contextlib import nullcontext

from tests.chaos.checks import CHECKS, Options
from tests.chaos.world import Servers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument(
        "checks", nargs="*", default=list(CHECKS), help=f"of {', '.join(CHECKS)}; all of them unless named"
    )
    parser.add_argument("--texts", type=int, default=5000, help="of R1; the others have a share of it")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--services", action="store_true", help="on a PostgreSQL and a Redis of their own")
    chosen = parser.parse_args()
    if unknown := set(chosen.checks) - set(CHECKS):
        parser.error(f"no such check: {', '.join(sorted(unknown))}")
    good = True
    with Servers() if chosen.services else nullcontext() as servers:
        options = Options(chosen.texts, chosen.kills, chosen.seed, chosen.workers, servers)
        print(
            f"seed {options.seed}, {'PostgreSQL and Redis' if servers else 'SQLite and the embedded queue'}", flush=True
        )
        for name in chosen.checks:
            good &= one(name, options)
    return 0 if good else 1


def one(name: str, options: Options) -> bool:
    started = time.monotonic()
    report = CHECKS[name](options)
    word = "skipped" if report.skipped else "FAILED" if report.faults else "passed"
    print(f"{name:<4} {word} in {time.monotonic() - started:.0f} s. {report.skipped or report.figures}", flush=True)
    for fault in report.faults:
        print(f"     {fault}", flush=True)
    return not report.faults


if __name__ == "__main__":
    sys.exit(main())
