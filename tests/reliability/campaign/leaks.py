"""Looks for credentials where people or files may see them: logs, errors, exchanges, raw rows, the client itself."""

import base64
import json
import logging
import threading
import traceback
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from providers.clients.wired import Wired

SHORTEST = 5  # shorter ones are found in anything
_pieces = threading.local()


class Ear(logging.Handler):
    """Hears every logger at every level; what a thread logs is kept for that thread."""

    def __init__(self):
        super().__init__(level=logging.NOTSET)

    def emit(self, record: logging.LogRecord) -> None:
        heard = getattr(_pieces, "heard", None)
        if heard is None:
            heard = _pieces.heard = []
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        heard.append(f"{record.name}: {record.getMessage()}{trace}")

    def __enter__(self) -> "Ear":
        """Listen to all loggers there are, also those that keep to themselves, from DEBUG on."""
        every = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
        self._before = [(logger, logger.level) for logger in every]
        for logger in every:
            logger.setLevel(logging.DEBUG)
            if logger is logging.root or not logger.propagate:
                logger.addHandler(self)
        return self

    def __exit__(self, *_) -> None:
        for logger, level in self._before:
            logger.setLevel(level)
            logger.removeHandler(self)


def heard() -> list[str]:
    """What this thread logged since it was last asked."""
    found, _pieces.heard = getattr(_pieces, "heard", None) or [], []
    return found


def needles(client: Wired, bearers: Iterable[str]) -> set[str]:
    """Every credential of the client, given or learned on the way, in every form in which it could be written."""
    learned = [value for name, value in client.learned.items() if "expires" not in name]
    secrets = [*client.secrets(), *learned, *bearers]
    return {form for secret in secrets for form in _forms(str(secret)) if len(form) >= SHORTEST}


def _forms(secret: str) -> Iterator[str]:
    yield from (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1])
    yield base64.b64encode(secret.encode()).decode().rstrip("=")
    if "PRIVATE KEY" in secret:
        yield from (line for line in secret.splitlines() if line and "PRIVATE KEY" not in line)
    if secret.count(".") == 2 and secret.startswith("eyJ"):
        yield from secret.split(".")[1:]  # the first part says only which key it was signed with


def of_error(error: BaseException | None) -> Iterator[str]:
    """Everything an error says, and the errors behind it."""
    while error is not None:
        yield from (str(error), repr(error), repr(error.args), repr(vars(error)))
        error = error.__cause__ or error.__context__


def found_in(places: Iterable[str], wanted: set[str]) -> list[str]:
    """The places, shortened, in which one of the wanted stands."""
    return [_around(place, needle) for place in places for needle in wanted if needle in place]


def _around(place: str, needle: str) -> str:
    at = place.index(needle)
    return place[max(0, at - 80) : at + len(needle) + 20]
