"""Customers of the sandbox's accounts, one on each upstream asked for, for tests that let hours pass (see `day.py`)."""

import time
import uuid
from dataclasses import dataclass

from accounts.actor import Actor
from accounts.connecting import connect
from accounts.models import Account, User
from messaging import services
from messaging.models import Message
from numbering.models import Number
from providers.clients.registry import client_class
from providers.models import Connection
from tests.factories import MembershipFactory
from tests.sandboxes import Sandbox

SETTINGS = {"auto_answer": False, "call_traffic": False, "duplicate_window_s": 0}


@dataclass
class Customer:
    """An account, its owner, and its connection."""

    account: Account
    user: User
    connection: Connection

    @property
    def actor(self) -> Actor:
        return Actor(user=self.user, account=self.account, name="test")

    def write(self, to: str, body: str) -> Message:
        number = Number.objects.can_text().filter(connection=self.connection).order_by("pk").first().number
        return services.queue_message(self.actor, self.account, number, to, body, key=str(uuid.uuid4()))

    def fresh(self) -> Connection:
        return Connection.objects.get(pk=self.connection.pk)


def customer(sandbox: Sandbox, slug: str, key: str = "lachance") -> Customer:
    row, client = sandbox.accounts(slug)[key], client_class(slug)
    told = row | row.get("credentials", {})
    names = (*client.credential_fields, *client.open_fields)
    member = MembershipFactory()
    connection = connect(
        member.account,
        slug=slug,
        name=f"{slug} of {key}",
        base_url=sandbox.url(slug),
        credentials={name: told[name] for name in names if told.get(name)},
    )
    return Customer(member.account, member.user, connection)


def timed(client, path: str) -> tuple[float, str]:
    """Seconds that a page took, and the page."""
    started = time.perf_counter()
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return time.perf_counter() - started, answer.content.decode()


def p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]
