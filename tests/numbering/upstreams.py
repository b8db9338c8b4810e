"""A customer whose numbers, ports and addresses are in the sandbox, and a worker that runs by hand."""

from dataclasses import dataclass

import pytest
from django.utils import timezone

from accounts.models import Account, Membership, User
from accounts.roles import Role
from providers import outbox, sync
from providers.models import Connection, Operation
from tests.factories import AccountFactory, ConnectionFactory, MembershipFactory, RemoteAccountFactory, UserFactory
from tests.sandboxes import Sandbox


@dataclass
class House:
    """An account, its owner, and its connection to one of the sandbox's accounts."""

    account: Account
    owner: User
    connection: Connection
    sandbox: Sandbox

    def bring_home(self, *feeds: str) -> None:
        sync.ensure_feeds(self.connection)
        for name in feeds:
            run = sync.run_feed(self.connection.feeds.get(name=name).pk, trigger="test", force=True)
            assert run.state == "done", f"{name}: {run.error}"

    def bring_home_held(self, feed: str) -> None:
        run = sync.run_feed(self.connection.feeds.get(name=feed).pk, trigger="test", force=True)
        assert run.state == "held", run.error

    def work(self) -> None:
        """What workers and sweeps do until nothing is due any more."""
        for _step in range(12):
            due = Operation.objects.filter(connection=self.connection, state__in=["queued", "unknown"])
            due.update(due_at=timezone.now())
            if not [pk for pk in due.values_list("pk", flat=True) if outbox.run(Operation, pk)]:
                return

    def step(self) -> None:
        """One step of the oldest operation that is open."""
        operation = Operation.objects.filter(connection=self.connection, state__in=["queued", "unknown"]).earliest("id")
        Operation.objects.filter(pk=operation.pk).update(due_at=timezone.now())
        outbox.run(Operation, operation.pk)

    def disturb(self, call: str, fault: str, **rule) -> None:
        self.sandbox.control("faults", {"slug": "voicemeup", "call": call, "fault": fault, "count": 1, **rule})

    def person(self, role: Role) -> User:
        return MembershipFactory(account=self.account, user=UserFactory(), role=role).user


def make_house(sandbox: Sandbox, key: str = "lachance") -> House:
    known = sandbox.accounts()[key]
    credentials = {"client_user_id": known["client_user_id"], "auth_token": known["auth_token"]}
    connection = ConnectionFactory(base_url=sandbox.voicemeup, credentials=credentials)
    account = AccountFactory()
    RemoteAccountFactory(connection=connection, account=account)
    owner = UserFactory()
    Membership.objects.create(user=owner, account=account, role=Role.OWNER)
    return House(account, owner, connection, sandbox)


@pytest.fixture(scope="module")
def sandbox_of_module(tmp_path_factory):
    """A sandbox of its own, so that its world can be reset without disturbing other modules."""
    running = Sandbox(tmp_path_factory.mktemp("sandbox")).start()
    yield running
    running.stop()


@pytest.fixture
def house(db, settings, sandbox_of_module) -> House:
    settings.UPSTREAM_DEADLINE, settings.UPSTREAM_LOG_LAG = 2.0, 0.0
    sandbox_of_module.control("reset", {"seed": 1})
    sandbox_of_module.control("faults", method="DELETE")
    return make_house(sandbox_of_module)
