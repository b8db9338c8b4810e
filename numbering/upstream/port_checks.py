"""Whether numbers could be brought over, asked of the upstream before anybody fills in a form."""

from accounts.roles import May
from providers.clients.base import Client
from providers.clients.errors import Rejected
from providers.models import Operation
from providers.operations import VERBS, Verb
from providers.outbox import Settlement, Sight

CHECK = "port.check"


def register() -> None:
    VERBS[CHECK] = Verb(
        execute=check, settle=settle, changed=_nothing_follows, needs=May.CHANGE_PORTS, even_suspended=True
    )


def check(client: Client, operation: Operation) -> dict:
    """Number to true, false, or null where the upstream knows nothing of it. One bad number does not sink the others."""
    return {"portable": {number: _portable(client, number) for number in operation.arguments["numbers"]}}


def _portable(client: Client, number: str) -> bool | None:
    try:
        return client.portable(number)
    except Rejected:
        return None


def settle(client: Client, operation: Operation) -> Settlement:
    """A question changes nothing: without a clear answer it is asked again."""
    return Settlement(Sight.FOUND, check(client, operation))


def _nothing_follows(operation: Operation) -> None:
    """The page reads the outcome off the operation itself."""
