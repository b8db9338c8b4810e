"""The command line of the supervisor."""

import argparse
import os
import sys
from pathlib import Path

from portal.supervisor.child import ROOT
from portal.supervisor.health import taken_port
from portal.supervisor.loop import Supervisor
from portal.supervisor.parent import Parent

DEFAULTS = {"BIND": "127.0.0.1", "PORT": "8000", "SANDBOX_PORT": "9100", "VAR_DIR": str(ROOT / "var")}


def read_procfile(path: Path) -> dict[str, str]:
    lines = (line.partition(":") for line in path.read_text().splitlines() if line.strip() and not line.startswith("#"))
    return {name.strip(): command.strip() for name, _colon, command in lines if name.strip() != "release"}


def environment() -> dict[str, str]:
    """What the children see: our environment, the ports told, and this interpreter's programs first."""
    env = DEFAULTS | os.environ
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", os.defpath)])
    env.setdefault("PORTAL_URL", f"http://127.0.0.1:{env['PORT']}")
    env.setdefault("SANDBOX_URL", f"http://127.0.0.1:{env['SANDBOX_PORT']}")
    env["PYTHONUNBUFFERED"] = "1"
    return env


def options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m portal.supervisor", description="Run the portal's processes.")
    parser.add_argument("--only", metavar="NAME,...", help="just these processes of the Procfile")
    parser.add_argument("--no-sandbox", action="store_true", help="real upstreams: no sandbox and no demo world")
    parser.add_argument("--with-parent", action="store_true", help="stop when the process that started this one stops")
    parser.add_argument("--procfile", type=Path, default=ROOT / "Procfile", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    chosen = options(arguments)
    table = read_procfile(chosen.procfile)
    names = chosen.only.split(",") if chosen.only else list(table)
    if unknown := [name for name in names if name not in table]:
        print(f"Not in the Procfile: {', '.join(unknown)}. Known: {', '.join(table)}.", file=sys.stderr)
        return 1
    names = [name for name in names if not (chosen.no_sandbox and name == "sandbox")]
    env = environment()
    if sentence := taken_port(names, env):
        print(sentence, file=sys.stderr)
        return 1
    parent = Parent() if chosen.with_parent else None
    return Supervisor(table, names, env, {"sandbox", "web"} <= set(names), parent).run()


if __name__ == "__main__":
    sys.exit(main())
