"""Ports, health pages, and the few lines that greet whoever started the portal."""

import errno
import json
import socket
import urllib.error
import urllib.request
from urllib.parse import urlsplit

PEOPLE = ("owner@demo.test", "agent@demo.test", "reseller@demo.test", "staff@demo.test")
PASSWORD = "demo-portal-2026"  # noqa: S105  of the demo world, and printed on purpose


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def ask(url: str, env: dict[str, str]) -> dict | None:
    """What a health page answers, bad news too; None where there is no answer to be had."""
    # As the proxy in front would ask, so that the page answers instead of redirecting to https.
    site = urlsplit(env["PORTAL_URL"])
    request = urllib.request.Request(url, headers={"Host": site.netloc, "X-Forwarded-Proto": site.scheme})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=2) as response:  # noqa: S310
            return json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return _json(error.read())
    except (OSError, ValueError):
        return None


def _json(body: bytes) -> dict | None:
    try:
        return json.loads(body)
    except ValueError:
        return None


def taken_port(names: list[str], env: dict[str, str]) -> str:
    """A sentence about the first port that is not to be had, or nothing."""
    wanted = (("web", "PORT", env["BIND"]), ("sandbox", "SANDBOX_PORT", "127.0.0.1"))
    sentences = (_taken(name, variable, host, env[variable]) for name, variable, host in wanted if name in names)
    return next(filter(None, sentences), "")


def _taken(name: str, variable: str, host: str, port: str) -> str:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used: {error.strerror}"
            return f"Port {port} {why}, and {name} needs it. Free it, or choose another: {variable}=NUMBER make run"
        except (ValueError, OverflowError):
            return f"{variable}={port} is not a port number."
    return ""


def banner(env: dict[str, str], demo: bool) -> str:
    rows = [f"The portal is running at {env['PORTAL_URL']}"]
    if demo:
        rows += ["", f"Sign in with the password {PASSWORD} as", *(f"    {person}" for person in PEOPLE)]
    rows += ["", "Ctrl-C stops it."]
    width = max(map(len, rows))
    rule = "-" * (width + 2)
    return "\n".join(["", f"+{rule}+", *(f"| {row:<{width}} |" for row in rows), f"+{rule}+", ""])
