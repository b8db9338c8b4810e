"""Texts through the outbox towards any upstream, with a fault on the call that sends; nothing runs but what we call."""

import itertools
import time
import uuid
from dataclasses import dataclass

from django.utils import timezone

from accounts.actor import Actor
from messaging import services
from messaging.models import Message, SenderName
from providers import gateway, outbox
from providers.clients.capability import Capability
from providers.models import Connection
from providers.quota import Priority
from tests.factories import ConnectionFactory, MembershipFactory, NumberFactory, RemoteAccountFactory
from tests.providers.contract.connecting import World, credentials_of
from tests.reliability.campaign.plan import PATIENT, SHORT, Blow

CALLS = {
    "voicemeup": "queue_sms",
    "jafone": "sendSMS",
    "voicetel": "sms",
    "jomobile": "send",
    "voximplant": "SendSmsMessage",
}
LAG, LATE = 0.15, 0.8  # what a request still does after we gave it up must be in the log when we look
NAME = "LACHANCE"
RESTING = frozenset((Message.State.SENT, Message.State.DELIVERED, Message.State.FAILED, Message.State.PARKED))
CALM = {"failures": 0, "retry_at": None, "blocked_until": None, "slowed_until": None, "health": "ok"}
_fresh = itertools.count(1)


@dataclass(frozen=True)
class Sent:
    """What became of one text."""

    blow: Blow
    message: Message
    effects: int
    asked: int
    struck: bool

    def __str__(self) -> str:
        row = self.message
        return f"{row.connection.slug} {self.blow}: {row.state} {row.error_code}, {self.effects} sent, asked {self.asked} times"


class Sender:
    """An account of the portal on one upstream of the sandbox, and one number (or name) that texts."""

    def __init__(self, world: World, slug: str, settings):
        self.world, self.slug, self.settings = world, slug, settings
        self.connection = ConnectionFactory(
            slug=slug,
            name=f"{slug} of the campaign",
            base_url=world.sandbox.url(slug),
            credentials=credentials_of(world.account(slug), slug),
        )
        member = MembershipFactory()
        self.actor = Actor(user=member.user, account=member.account, name="test")
        RemoteAccountFactory(connection=self.connection, account=member.account)
        self.number = self._sender()

    def _sender(self) -> str:
        if self.slug == "jomobile":
            return SenderName.objects.create(connection=self.connection, account=self.actor.account, name=NAME).name
        client = gateway.client_for(self.connection, Priority.LIFE)
        if Capability.NUMBERS in client.capabilities:
            number = next(row.number for row in client.numbers() if row.sms and row.settings.get("sms") is not False)
        else:
            number = client.own_numbers()[0]
        return NumberFactory(connection=self.connection, account=self.actor.account, number=number).number

    def send(self, blow: Blow, seconds: float = 30) -> Sent:
        """One text with one blow on its first request, worked on until it rests."""
        turn = next(_fresh)
        body, to = f"Text {turn} to be sent once", f"+1579{2_000_000 + turn}"
        self.world.forget()
        Connection.objects.filter(pk=self.connection.pk).update(**CALM)
        rule = self.world.sandbox.control("faults", blow.rule(self.slug, CALLS[self.slug]))
        message = services.queue_message(self.actor, self.actor.account, self.number, to, body, key=str(uuid.uuid4()))
        self.settings.UPSTREAM_DEADLINE = SHORT if blow.slow else PATIENT
        self.settings.UPSTREAM_LOG_LAG = LATE if blow.slow else LAG
        self._work(message)
        self.world.sandbox.control(f"faults/{rule['id']}", method="DELETE")
        self.settings.UPSTREAM_DEADLINE = PATIENT
        give_up = time.monotonic() + seconds
        while message.state not in RESTING and time.monotonic() < give_up:
            self._work(message)
        effects = [row for row in self.world.effects(self.slug) if body in str(row["data"]) and "sent" in row["kind"]]
        received = self.world.received(self.slug, CALLS[self.slug])
        return Sent(blow, message, len(effects), len(received), any(row["fault"] == blow.fault for row in received))

    def _work(self, message: Message) -> None:
        """As the sweep would, only that nobody waits: what is due later is due now."""
        Connection.objects.filter(pk=self.connection.pk).update(**CALM)
        Message.objects.filter(pk=message.pk).exclude(due_at=None).update(due_at=timezone.now())
        outbox.run(Message, message.pk)
        message.refresh_from_db()
        if message.state == Message.State.UNKNOWN:
            time.sleep(self.settings.UPSTREAM_LOG_LAG)
