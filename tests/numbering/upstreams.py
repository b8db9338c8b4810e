"""A customer whose numbers, ports and addresses are in the sandbox, and a worker that runs by hand."""

from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account, Membership, User
from accounts.roles import Role
from providers import outbox, sync
from providers.clients.registry import client_class
from providers.models import Connection, Operation
from tests.factories import AccountFactory, ConnectionFactory, MembershipFactory, RemoteAccountFactory, UserFactory
from tests.sandboxes import Sandbox

NOT_THEIRS = "+15145550199"  # of no sandbox: a number of the factory's own may be one that a house brings home


@dataclass
class House:
    """An account, its owner, and its connection to one of the sandbox's accounts."""

    account: Account
    owner: User
    connection: Connection
    sandbox: Sandbox
    since: int = 0  # where the journal stood when it was made
    client: Client | None = None  # the owner's browser, where a test visits pages

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
        about = {"slug": self.connection.slug, "call": call, "fault": fault, "count": 1}
        self.sandbox.control("faults", {**about, **rule})

    def received(self, call: str, since: int = 0) -> list[dict]:
        """What the upstream was sent, oldest first."""
        return [row["params"] for row in self.sandbox.journal(call, since or self.since, slug=self.connection.slug)]

    def person(self, role: Role) -> User:
        return MembershipFactory(account=self.account, user=UserFactory(), role=role).user


def make_house(sandbox: Sandbox, key: str = "lachance", slug: str = "voicemeup") -> House:
    row = sandbox.accounts(slug)[key]
    told, client = row | row.get("credentials", {}), client_class(slug)
    names = (*client.credential_fields, *client.open_fields)
    credentials = {name: told[name] for name in names if told.get(name)}
    connection = ConnectionFactory(
        slug=slug, name=f"{client.label} {key}", base_url=sandbox.url(slug), credentials=credentials,
        time_zone=client.time_zone,
    )  # fmt: skip
    account = AccountFactory()
    RemoteAccountFactory(connection=connection, account=account)
    owner = UserFactory()
    Membership.objects.create(user=owner, account=account, role=Role.OWNER)
    return House(account, owner, connection, sandbox, sandbox.now())


def make_home(sandbox: Sandbox, client, *feeds: str, **about) -> House:
    """A house whose owner is signed in, with what these feeds brought home; its pages are visited by `house.client`."""
    house = make_house(sandbox, **about)
    if feeds:
        house.bring_home(*feeds)
    client.force_login(house.owner)
    house.client = client
    return house


@pytest.fixture(scope="module")
def sandbox_of_module(tmp_path_factory):
    """A sandbox of its own, so that its world can be reset without disturbing other modules."""
    running = Sandbox(tmp_path_factory.mktemp("sandbox")).start()
    yield running
    running.stop()


@pytest.fixture
def fresh_sandbox(db, settings, sandbox_of_module) -> Sandbox:
    settings.UPSTREAM_DEADLINE, settings.UPSTREAM_LOG_LAG = 2.0, 0.0
    sandbox_of_module.control("reset", {"seed": 1})
    sandbox_of_module.control("faults", method="DELETE")
    return sandbox_of_module


@pytest.fixture
def house(fresh_sandbox) -> House:
    return make_house(fresh_sandbox)
