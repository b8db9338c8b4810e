"""Run the measurements: python -m tests.bench [--rows 100000] [--only sqlite|postgres].

Prints ratios beside their budgets and exits with 1 where one is missed. Absolute times are of this machine and this moment.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.services import Missing, postgres

FEW = 10  # the same with a tenth of the rows tells whether memory grows
BUDGETS = {"unchanged": 1.5, "first": 3.0, "memory": 1.15, "row": 1.5, "page": 1.2, "sending": 4.0}


def environment(database: str) -> dict[str, str]:
    """That of the tests, on a database of our own."""
    secrets = {"SECRET_KEY": "only-for-the-bench", "CREDENTIAL_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="}
    return os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings", **secrets}


def measure(name: str, rows: int, database: str) -> dict:
    env = environment(database)
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.work", name, str(rows)], env=env, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def empty(database: str) -> None:
    """A database with tables and no rows."""
    env = environment(database)
    for command in (["migrate", "--verbosity", "0"], ["flush", "--no-input", "--verbosity", "0"]):
        subprocess.run([sys.executable, "-m", "django", *command], env=env, check=True)


def of_kind(kind: str, rows: int, database: str) -> list[tuple[str, str, float, float]]:
    """(database, what, ratio, budget) for numbers or messages."""
    empty(database)
    bare_first = measure(f"bare_{kind}", rows, database)
    bare = measure(f"bare_{kind}", rows, database)
    empty(database)
    first = measure(f"sync_{kind}", rows, database)
    again = measure(f"sync_{kind}", rows, database)
    few = measure(f"sync_{kind}", rows // FEW, database) if kind == "messages" else _few_numbers(rows, database)
    for figure in (bare_first, bare, first, again, few):
        print(
            f"  {figure['name']:16} {figure['rows']:>8} rows {figure['seconds']:>8} s {figure['peak_mb']:>8} MB peak",
            flush=True,
        )
    return [
        (
            f"{kind}: sync of unchanged rows / bare bulk upsert",
            again["seconds"] / bare["seconds"],
            BUDGETS["unchanged"],
        ),
        (f"{kind}: first sync / bare bulk upsert", first["seconds"] / bare_first["seconds"], BUDGETS["first"]),
        (f"{kind}: peak memory, all rows / a tenth of them", again["peak_mb"] / few["peak_mb"], BUDGETS["memory"]),
    ]


def of_file(name: str, what: str, rows: int, database: str) -> list[tuple[str, float, float]]:
    """The work on a file holds no rows: neither its memory nor its time for one row grows with their number."""
    empty(database)
    measure(name, 1, database)
    few, all_of_them = (measure(name, count, database) for count in (rows // FEW, rows))
    for figure in (few, all_of_them):
        print(
            f"  {figure['name']:16} {figure['rows']:>8} rows {figure['seconds']:>8} s {figure['peak_mb']:>8} MB peak",
            flush=True,
        )
    return [
        (
            f"{what}: peak memory, all rows / a tenth of them",
            all_of_them["peak_mb"] / few["peak_mb"],
            BUDGETS["memory"],
        ),
        (
            f"{what}: time for a row, all / a tenth of them",
            all_of_them["seconds"] / few["seconds"] / FEW,
            BUDGETS["row"],
        ),
    ]


def _few_numbers(rows: int, database: str) -> dict:
    empty(database)
    measure("sync_numbers", rows // FEW, database)
    return measure("sync_numbers", rows // FEW, database)


def pages(module: str, what: str, database: str, rows: int) -> list[tuple[str, float, float]]:
    """Pages over so many rows beside the same pages over a thousand."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{module}", str(rows)],
        env=environment(database),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{module}: {done.stderr}")
    figures = json.loads(done.stdout.splitlines()[-1])
    for page, figure in figures.items():
        print(f"  {page:32} {figure['few_ms']:>8.1f} ms {figure['many_ms']:>8.1f} ms", flush=True)
    return [(f"{page}: {rows:,} {what} / 1,000", figure["ratio"], BUDGETS["page"]) for page, figure in figures.items()]


def sending(texts: int) -> bool:
    """Texts beside tasks that do nothing, through the same workers; on servers of its own."""
    command = [sys.executable, "-m", "tests.bench.sending", str(texts)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"sending failed:\n{done.stderr[-3000:]}")
    figure = json.loads(done.stdout.splitlines()[-1])
    good = figure["ratio"] <= BUDGETS["sending"]
    print("PostgreSQL and Redis, sending:")
    print(f"  {figure['nothing']:.0f} tasks that do nothing a second, {figure['texts']:.0f} texts a second")
    print(
        f"  {'ok  ' if good else 'OVER'} tasks that do nothing / texts: {figure['ratio']:.2f} (budget {BUDGETS['sending']})",
        flush=True,
    )
    return good


def bench(name: str, database: str, rows: int, texts: int) -> bool:
    good = True
    for module, kind in (("inbox", "texts"), ("inventory", "numbers")):
        print(f"{name}, {module}:")
        for what, ratio, budget in pages(module, kind, database, texts):
            good &= ratio <= budget
            print(f"  {'ok  ' if ratio <= budget else 'OVER'} {what}: {ratio:.2f} (budget {budget})", flush=True)
    for work, kind in (("check_campaign", "campaign"), ("import_numbers", "import of numbers")):
        print(f"{name}, {kind}:")
        for what, ratio, budget in of_file(work, kind, rows, database):
            good &= ratio <= budget
            print(f"  {'ok  ' if ratio <= budget else 'OVER'} {what}: {ratio:.2f} (budget {budget})", flush=True)
    for kind in ("numbers", "messages"):
        print(f"{name}, {kind}:")
        for what, ratio, budget in of_kind(kind, rows, database):
            good &= ratio <= budget
            print(f"  {'ok  ' if ratio <= budget else 'OVER'} {what}: {ratio:.2f} (budget {budget})", flush=True)
    return good


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--texts", type=int, default=1_000_000, help="texts in the inbox, numbers in the inventory")
    parser.add_argument("--sent", type=int, default=1500, help="texts that are really sent, to the sandbox")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    chosen = parser.parse_args()
    good = True
    if chosen.only != "postgres":
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
            good &= bench("SQLite", f"sqlite:///{Path(folder) / 'bench.sqlite3'}", chosen.rows, chosen.texts)
    if chosen.only != "sqlite":
        try:
            with postgres() as database:
                good &= bench("PostgreSQL", database, chosen.rows, chosen.texts)
            good &= sending(chosen.sent)
        except Missing as reason:
            print(f"PostgreSQL: not measured. {reason}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
