"""What an upstream knows of any number in the world. It is billed, so it is asked once and never quietly again."""

from accounts.roles import May
from providers.clients.base import Client
from providers.models import Operation
from providers.operations import VERBS, Verb
from providers.outbox import Settlement, Sight

LOOKUP = "number.lookup"
TOLD = (
    "number", "valid", "carrier", "line_type", "caller_name", "city", "region", "country", "routing_number",
)  # fmt: skip


def register() -> None:
    VERBS[LOOKUP] = Verb(execute=look_up, settle=settle, changed=_nothing_follows, needs=May.CHANGE_NUMBERS)


def look_up(client: Client, operation: Operation) -> dict:
    record = client.lookup(operation.arguments["number"])
    return {"told": {name: getattr(record, name) for name in TOLD}}


def settle(client: Client, operation: Operation) -> Settlement:
    """No record tells whether it was answered, and asking again is charged again: a person decides."""
    return Settlement(Sight.FOUND, {"told": None})


def _nothing_follows(operation: Operation) -> None:
    """The page reads the answer off the operation itself."""
