"""A sandbox for the whole run, and an account of it whose numbers are at home."""

import itertools
import json
import time
import uuid

import pytest
from django.utils import timezone

from accounts.actor import Actor
from messaging import services
from messaging.models import Message
from numbering.models import Number
from providers import inbound, outbox, sync
from providers.models import Feed, WebhookRequest
from tests.factories import ConnectionFactory, MembershipFactory, RemoteAccountFactory
from tests.messaging.people import world  # noqa: F401 - a fixture
from tests.sandboxes import Sandbox


class Texting(Sandbox):
    """The sandbox of these tests: quick, silent, its doors by short names."""

    def ledger(self, kind: str) -> list[dict]:
        return self.control(f"ledger?kind={kind}")

    def fault(self, call: str, fault: str, **rule) -> None:
        self.control("faults", {"call": call, "fault": fault, **rule})

    def clear_faults(self) -> None:
        self.control("faults", method="DELETE")

    def credentials(self, key: str) -> dict:
        account = self.accounts()[key]
        return {"client_user_id": account["client_user_id"], "auth_token": account["auth_token"]}


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory):
    sandbox = Texting(tmp_path_factory.mktemp("sandbox"), "--webhook-delay", "0.05").start()
    sandbox.control("settings", {"auto_answer": False, "sms_processing_s": 0.1, "sms_completed_s": 0.2})
    yield sandbox
    sandbox.stop()


@pytest.fixture
def sandbox(sandbox_process):
    sandbox_process.clear_faults()
    yield sandbox_process
    sandbox_process.clear_faults()


_contacts = itertools.count(int(time.time()) % 50_000)


class Line:
    """One texting number at the sandbox, its account and its owner; and the steps that workers would take."""

    def __init__(self, sandbox: Texting, key: str = "velo"):
        self.sandbox = sandbox
        self.connection = ConnectionFactory(base_url=sandbox.voicemeup, credentials=sandbox.credentials(key))
        member = MembershipFactory()
        self.account, self.user = member.account, member.user
        RemoteAccountFactory(connection=self.connection, account=self.account)
        self.actor = Actor(user=self.user, account=self.account, name="test")
        self.run("numbers")
        self.number = Number.objects.can_text().filter(settings__sms_autoreply="", mms=True).order_by("pk").first()
        self.since = sandbox.now()
        self.contact = f"+157920{next(_contacts):05d}"  # of this test alone: the world and its log are shared

    def run(self, feed: str, **values):
        row, _ = Feed.objects.get_or_create(connection=self.connection, name=feed)
        Feed.objects.filter(pk=row.pk).update(**values)
        run = sync.run_feed(row.pk, force=True)
        assert run.state == "done", run.error
        return run

    def history_is_home(self) -> None:
        """As if the log had been read until now, so that what comes next is new."""
        today = timezone.now().date().isoformat()
        Feed.objects.update_or_create(
            connection=self.connection,
            name="messages",
            defaults={"cursor": {"through": today, "oldest": "2000-01-01", "complete": True}},
        )

    def send(self, body: str = "Hello", to: str = "", **options) -> Message:
        key = options.pop("key", None) or str(uuid.uuid4())
        return services.queue_message(
            self.actor, self.account, self.number.number, to or self.contact, body, key=key, **options
        )

    def work(self, message: Message) -> Message:
        outbox.run(Message, message.pk)
        message.refresh_from_db()
        return message

    def settle(self, message: Message, seconds: float = 10) -> Message:
        """Run the row as the sweep would until it rests."""
        end = time.monotonic() + seconds
        while message.is_open and time.monotonic() < end:
            self.work(message)
            time.sleep(0.02)
        return message

    def messages(self, **filters):
        return Message.objects.filter(contact_number=self.contact, **filters)

    def sent(self) -> list[dict]:
        """The queue_sms requests that arrived since this line was made."""
        return self.sandbox.journal("queue_sms", since=self.since)

    def effects(self, body: str) -> list[dict]:
        """What went out since this line was made: the same words of another test, or of its first try, do not count."""
        rows = self.sandbox.ledger("sms_sent")
        return [row for row in rows if row["data"]["message"] == body and row["journal_id"] > self.since]

    def receive(self, message: str = "Allô", **body) -> list[dict]:
        """Somebody texts the number; returns what the sandbox posts for it."""
        body = {"to": self.number.number, "from": self.contact, "message": message, "automatic": True, **body}
        return self.sandbox.control("inbound-sms", body)["sms"]

    def post(self, payload: dict) -> WebhookRequest:
        """The webhook as our door stores it, read by a worker."""
        row = WebhookRequest.objects.create(
            connection=self.connection, body=json.dumps(payload).encode(), content_type="application/json"
        )
        inbound.read(row.pk)
        row.refresh_from_db()
        assert row.state == "done", row.error
        return row


@pytest.fixture
def line(db, sandbox, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.UPSTREAM_LOG_LAG = 0.05
    settings.UPSTREAM_DEADLINE = 2.0
    return Line(sandbox)


@pytest.fixture
def line_at(sandbox):
    """Make a line inside a test that commits."""
    return lambda: Line(sandbox)
