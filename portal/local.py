"""Secrets of a machine that was given none: made once, kept in `var/`, readable by their owner only."""

import os
from collections.abc import Callable
from pathlib import Path


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret kept at `path`; made on first use. Safe when several processes start at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_when_written(path)
    with os.fdopen(handle, "w") as file:
        file.write(secret := make())
    return secret


def _read_when_written(path: Path) -> str:
    for _ in range(1000):
        if secret := path.read_text():
            return secret
    raise RuntimeError(f"{path.name} is empty; delete it and start again")
