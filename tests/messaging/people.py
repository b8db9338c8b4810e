"""What the tests of contacts, groups, templates and imports stand on: an owner signed in, and a few people."""

import pytest

from messaging.models import Contact
from tests.factories import ConnectionFactory, MembershipFactory, NumberFactory, RemoteAccountFactory, ThreadFactory

OURS = "+15145550134"


class World:
    """An account with a number that can text, and what a test adds to it."""

    def __init__(self, client):
        member = MembershipFactory()
        self.client, self.account, self.user, self.membership = client, member.account, member.user, member
        self.connection = ConnectionFactory()
        RemoteAccountFactory(connection=self.connection, account=self.account)
        self.number = NumberFactory(account=self.account, connection=self.connection, number=OURS, label="Front desk")
        client.force_login(self.user)

    def contact(self, number: str = "+14385550142", **values) -> Contact:
        values.setdefault("name", "Anne Roy")
        return Contact.objects.create(account=self.account, number=number, **values)

    def thread(self, contact: str = "+14385550142", **values):
        return ThreadFactory(account=self.account, our_number=OURS, contact_number=contact, **values)


@pytest.fixture
def world(db, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return World(client)


def htmx(target: str) -> dict:
    return {"HX-Request": "true", "HX-Target": target}
