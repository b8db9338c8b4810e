"""Credentials from the first refusal to the last feed caught up, at each of the five (H4): a key is changed at the upstream,
the feeds say so, an incident opens, staff give the new one, it is tried and kept, the incident closes and data flows.
"""

from dataclasses import dataclass

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.connecting import connect
from accounts.models import Account
from billing.models import Balance
from providers import outbox, quota, sync
from providers.clients.registry import CLIENTS
from providers.models import Connection, ExchangeLog, Feed, Incident, Operation, SyncRun
from providers.sandbox.sandbox import UPSTREAMS
from tests.factories import AccountFactory, UserFactory
from tests.sandboxes import Near

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Change:
    """`names` are the credentials a connection has, `new` what the upstream changes them to."""

    names: tuple[str, ...]
    new: dict[str, str]


CHANGES = {
    "voicemeup": Change(
        ("client_user_id", "username", "auth_token"), {"auth_token": "f00dfeedf00dfeedf00dfeedf00dfeed"}
    ),
    "jafone": Change(("user_id", "key"), {"key": "fresh0key0fresh0key0fresh0key012"}),
    "voicetel": Change(
        ("username", "password", "apikey"), {"password": "fresh4567", "apikey": "f00dfeedf00dfeedf00dfeedf00dfeed"}
    ),
    "jomobile": Change(("username", "password"), {"password": "fresh-Pass-4567"}),
    "voximplant": Change(("account_id", "api_key"), {"api_key": "f00dfeed-f00d-4eed-8eed-f00dfeedf00d"}),
}


@pytest.fixture(scope="module")
def near():
    """A small world for each upstream, made when it is asked for."""
    running = {}

    def of(slug: str) -> Near:
        if slug not in running:
            running[slug] = Near({slug: UPSTREAMS[slug]})
        running[slug].control("reset", {"seed": 1})
        return running[slug]

    yield of
    for one in running.values():
        one.stop()


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


class Line:
    """A connection of the plumber's account, with one feed that asks for the balance."""

    def __init__(self, near, slug: str, staff):
        self.near, self.slug, self.staff = near(slug), slug, staff
        self.change = CHANGES[slug]
        account = self.near.accounts(slug)["lachance"]
        told = account | account.get("credentials", {})
        self.old = {name: told[name] for name in self.change.names}
        self.connection = connect(
            AccountFactory(), slug=slug, name=slug, base_url=self.near.url(slug), credentials=self.old
        )
        self.feed = Feed.objects.get(connection=self.connection, name="balance")

    def run(self, name: str = "balance") -> SyncRun:
        return sync.run_feed(Feed.objects.get(connection=self.connection, name=name).pk, force=True)

    def change_upstream(self) -> None:
        self.near.control("account", {"slug": self.slug, "key": "lachance", "set": dict(self.change.new)})

    def give(self, credentials: dict, **values):
        """The staff's form."""
        lines = "\n".join(f"{name}={value}" for name, value in credentials.items())
        data = {
            "slug": self.slug, "name": self.slug, "base_url": self.connection.base_url, "is_active": "on",
            "time_zone": self.connection.time_zone, "new_credentials": lines, **values,
        }  # fmt: skip
        return self.staff.post(reverse("admin:providers_connection_change", args=[self.connection.pk]), data)

    def health(self) -> str:
        return Connection.objects.get(pk=self.connection.pk).health


@pytest.fixture(params=CLIENTS)
def line(request, near, staff):
    return Line(near, request.param, staff)


def test_a_changed_key_is_noticed_and_a_new_one_sets_everything_going(line):
    assert line.run().state == "done" and line.health() == "ok"
    before = Balance.objects.get(connection=line.connection).read_at
    line.change_upstream()

    refused = line.run()
    assert (refused.state, line.health()) == ("failed", "refused")
    incident = Incident.objects.get(ended_at=None)
    assert (incident.kind, incident.connection) == ("refused", line.connection)
    waiting = Feed.objects.filter(connection=line.connection).order_by("due_at").first()
    assert waiting.due_at > timezone.now() + sync.REFUSED_REST * 0.9  # all of them, so that nobody is shut out

    wrong = {name: value[:-3] + "000" for name, value in line.change.new.items()}
    page = line.give(wrong)
    assert page.status_code == 200 and "does not accept our sign-in" in page.content.decode()
    assert Connection.objects.get(pk=line.connection.pk).credentials.items() >= line.old.items()
    assert Incident.objects.filter(ended_at=None).exists()

    assert line.give(line.change.new).status_code == 302
    kept = Connection.objects.get(pk=line.connection.pk).credentials
    assert kept.items() >= (line.old | line.change.new).items()
    assert not Incident.objects.filter(ended_at=None).exists()  # what tried them was a good answer
    assert line.feed.pk in sync.due_feeds()

    assert line.run().state == "done" and line.health() == "ok"
    assert Balance.objects.get(connection=line.connection).read_at > before
    shown = "".join(f"{row.url}{row.request}{row.response}" for row in ExchangeLog.objects.all())
    client = CLIENTS[line.slug]
    secrets = {secret for values in (line.old, kept, line.old | wrong) for secret in client("", values).secrets()}
    assert len(secrets) >= 3 and not [secret for secret in secrets if secret in shown]


def test_the_same_key_accepted_again_needs_nobody(line):
    line.run()
    rule = line.near.disturb("authentication_failed", slug=line.slug)
    assert line.run().state == "failed" and line.health() == "refused"
    line.near.control(f"faults/{rule['id']}", method="DELETE")
    assert line.run().state == "done"
    assert line.health() == "ok" and not Incident.objects.filter(ended_at=None).exists()
    late = Feed.objects.filter(connection=line.connection, due_at__gt=timezone.now()).exclude(pk=line.feed.pk)
    assert not late.exists()


def test_staff_try_what_is_kept_without_a_feed(line):
    board = reverse("admin:providers_connection_changelist")
    chosen = {"action": "test", "_selected_action": [line.connection.pk]}
    assert "accepts our credentials" in line.staff.post(board, chosen, follow=True).content.decode()
    line.change_upstream()
    assert "does not accept our sign-in" in line.staff.post(board, chosen, follow=True).content.decode()


def test_what_was_learned_for_old_credentials_never_passes_wrong_new_ones(near, staff):
    """A password that is wrong while the token of the old one is still good."""
    line = Line(near, "jomobile", staff)
    line.run()
    assert Connection.objects.get().credentials["access_token"]
    assert line.give({"password": "mistyped-Pass-1"}).status_code == 200
    assert Connection.objects.get().credentials["password"] == line.old["password"]
    assert line.give({"deadline": "15"}).status_code == 302  # an option leaves the token as it is
    assert Connection.objects.get().credentials["access_token"]


def test_a_key_that_is_had_for_the_password_is_fetched_anew_once_for_all(near, staff):
    line = Line(near, "voicetel", staff)
    line.run()
    line.near.control("account", {"slug": "voicetel", "key": "lachance", "set": {"apikey": "0badf00d" * 4}})
    assert line.run("numbers").state == "done" and line.run("ports").state == "done"
    assert Connection.objects.get().credentials["apikey"] == "0badf00d" * 4
    assert quota.used(line.connection, "apikey") == 1
    assert not Incident.objects.exists()


def test_changes_that_waited_for_credentials_go_at_once(near, staff):
    line = Line(near, "voicemeup", staff)
    values = {"verb": "number.update", "error_code": "credentials", "due_at": timezone.now() + sync.REFUSED_REST}
    row = Operation.objects.create(connection=line.connection, idempotency_key="x", **values)
    line.give({"auth_token": line.old["auth_token"]})
    row.refresh_from_db()
    assert row.due_at <= timezone.now()
    assert Operation in outbox.HANDLERS


def test_the_command_renews_a_connection_too(near, staff):
    line = Line(near, "jafone", staff)
    line.change_upstream()
    line.run()
    given = {"account": Account.objects.get().name, "name": "jafone", "base_url": line.connection.base_url}
    renewed = line.old | line.change.new
    call_command("add_connection", "jafone", **given, credential=[f"{name}={value}" for name, value in renewed.items()])
    assert Connection.objects.get().credentials == renewed
    assert line.feed.pk in sync.due_feeds()
    assert line.run().state == "done" and not Incident.objects.filter(ended_at=None).exists()
