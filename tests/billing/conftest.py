"""An account with money, and the people who look at it."""

import pytest

from accounts.roles import Role
from tests.factories import BalanceFactory, ConnectionFactory, FeedFactory, MembershipFactory, RemoteAccountFactory
from tests.sandboxes import sandbox  # noqa: F401 - a fixture


@pytest.fixture
def membership(db):
    return MembershipFactory(account__name="Lachance", role=Role.OWNER)


@pytest.fixture
def account(membership):
    return membership.account


@pytest.fixture
def connection(account):
    connection = ConnectionFactory(name="VoiceMeUp Lachance")
    RemoteAccountFactory(connection=connection, account=account)
    return connection


@pytest.fixture
def balance(account, connection):
    FeedFactory(connection=connection, name="ledger")
    return BalanceFactory(account=account, connection=connection)


@pytest.fixture
def owner(client, membership):
    """A browser with the owner signed in."""
    client.force_login(membership.user)
    return client
