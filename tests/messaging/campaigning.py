"""A desk from which campaigns are sent: an account, its number, contacts in groups, and the steps of the workers."""

import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from unittest.mock import patch

from accounts.actor import Actor
from messaging import quiet
from messaging.campaigns import checking, handing, running
from messaging.models import Campaign, Contact, ContactGroup, Message
from providers import outbox
from providers.outbox import Settlement, Sight
from tests.factories import ConnectionFactory, MembershipFactory, NumberFactory, RemoteAccountFactory

OURS = "+15145550134"
NOON = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)  # a Wednesday, noon in Montréal
NIGHT = datetime(2026, 11, 18, 7, 0, tzinfo=UTC)


def number(n: int) -> str:
    """A number that may be texted, in Montréal."""
    return f"+1438{2_000_000 + n}"


class Desk:
    def __init__(self, ours: str = OURS, connection=None):
        member = MembershipFactory()
        self.account, self.user = member.account, member.user
        self.actor = Actor(user=self.user, account=self.account, name="test")
        self.connection = connection or ConnectionFactory()
        if connection is None:
            RemoteAccountFactory(connection=self.connection, account=self.account)
        self.number = NumberFactory(account=self.account, connection=self.connection, number=ours, label="Front desk")

    def contacts(self, *numbers: str, **values) -> list[Contact]:
        return [Contact.objects.create(account=self.account, number=one, **values) for one in numbers]

    def group(self, count: int = 3, name: str = "Clients", **values) -> ContactGroup:
        group = ContactGroup.objects.create(account=self.account, name=name)
        rows = [Contact(account=self.account, number=number(n), name=f"Client {n}", **values) for n in range(count)]
        Contact.objects.bulk_create(rows, ignore_conflicts=True)
        group.contacts.set(Contact.objects.filter(account=self.account, number__in=[row.number for row in rows]))
        return group

    def draft(
        self, *groups: ContactGroup, body: str = "Sale on Friday", csv: bytes | None = None, **values
    ) -> Campaign:
        wanted = {
            "name": "Friday", "sender": self.number.number, "body_en": body, "body_fr": "", "starts_at": None,
            "groups": list(groups), "without": [], **values,
        }  # fmt: skip
        if csv is not None:
            wanted |= {"file": BytesIO(csv), "file_name": "people.csv"}
        return running.make(self.actor, self.account, wanted, intent=uuid.uuid4())

    def checked(self, *groups: ContactGroup, **values) -> Campaign:
        campaign = self.draft(*groups, **values)
        checking.check(campaign.pk)
        campaign.refresh_from_db()
        return campaign

    def started(self, *groups: ContactGroup, **values) -> Campaign:
        campaign = self.checked(*groups, **values)
        assert campaign.state == "ready", (campaign.error, campaign.counts)
        return running.start(self.actor, campaign, intent=uuid.uuid4(), seen=campaign.counts["fit"])


def rows(campaign: Campaign) -> list[tuple[str, str, str]]:
    return list(campaign.rows.order_by("position").values_list("number", "state", "reason"))


def states(campaign: Campaign) -> list[str]:
    return sorted(campaign.rows.values_list("state", flat=True))


def texts(campaign: Campaign):
    return Message.objects.filter(campaign_row__campaign=campaign)


@contextmanager
def an_open_hour():
    """Nobody sleeps: for tests that are not about the hour."""
    with patch.object(quiet, "next_window", lambda number, moment, kind="campaign": moment):
        yield


class Taking:
    """Stands for the handler of messages at an upstream: notes what it is given. `does` may raise."""

    def __init__(self, does=None):
        self.real = outbox.HANDLERS[Message]
        self.taken: list[Message] = []
        self.does = does

    def execute(self, client, row) -> dict:
        self.taken.append(row)
        if self.does:
            self.does(row)
        return {"external_id": f"their-{row.pk}"}

    def settle(self, client, row) -> Settlement:
        return Settlement(Sight.ABSENT)

    def __getattr__(self, name):
        return getattr(self.real, name)

    @property
    def numbers(self) -> list[str]:
        return [row.contact_number for row in self.taken]


@contextmanager
def upstream(does=None):
    taking = Taking(does)
    with patch.dict(outbox.HANDLERS, {Message: taking}):
        yield taking


def drain(desk: Desk) -> None:
    """Ticks and lanes until nothing moves."""
    for _ in range(200):
        moved = handing.tick(lambda pk: None) + handing.run_lane(desk.connection.pk, seconds=30)
        if not moved:
            return
