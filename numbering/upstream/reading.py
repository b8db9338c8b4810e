"""Reading back after a write: what 911 addresses, their devices and directory entries have in common."""

from collections.abc import Iterator
from contextlib import contextmanager

from providers.clients.base import Client
from providers.clients.errors import Unclear, UpstreamError
from providers.clients.records import EmergencyRecord


@contextmanager
def after_write(done: str) -> Iterator[None]:
    """Once something was written, a failing read must never lead to writing again: it makes the outcome unclear.

    `done` is what became of the write, for staff. Raises `Unclear` in place of any error of the upstream.
    """
    try:
        yield
    except UpstreamError as error:
        raise Unclear(f"{done}, but not read back", call=error.call, code=error.code, words=error.words) from error


def addresses_of(client: Client, number: str) -> list[EmergencyRecord]:
    """The addresses that the upstream has for a number. Raises `Unclear` where one of them could not be read."""
    found = [record for record in client.emergency_addresses(number=number) if record.number == number]
    if client.unread:
        raise Unclear("the address cannot be read", call="emergency_addresses", code="unread")
    return found
