"""Done when 7: docs/adding-a-provider.md lets someone add a sixth. A tiny one is added here, touching nothing of the product.

`sixth/client.py` is registered in CLIENTS and `sixth/sandbox.py` in a sandbox, as the document says; everything below is what
the portal then does by itself. The questions of the contract are asked of it as of the others.
"""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from messaging.models import Message
from numbering.models import Number
from numbering.models.numbers import HERE
from providers import inbound, outbox, sync
from providers.clients.capability import Capability as May
from providers.clients.records import (
    AccountRecord,
    BalanceRecord,
    MessageRecord,
    NumberRecord,
    SentMessage,
)
from providers.clients.registry import CLIENTS
from providers.models import Connection, Feed, Incident, Operation, WebhookRequest
from providers.sandbox import voicemeup
from tests.factories import MembershipFactory
from tests.providers.contract import test_contract, test_contract_texts, test_every_call, test_mutated_answers
from tests.providers.contract.connecting import Notebook, World
from tests.providers.contract.every_example import STAGES, Case
from tests.providers.contract.example import Example, Stage, give, nothing, one, rows
from tests.providers.contract.performing import Performances
from tests.providers.contract.subjects import SUBJECTS, Subject, side
from tests.providers.contract.verbs import READ, VERBS
from tests.providers.sandbox.caller import Listener, wait_for
from tests.providers.sixth import sandbox as tiny
from tests.providers.sixth.client import TinyTel
from tests.sandboxes import Near

SLUG = "tinytel"
OUTSIDE = "+14185550123"
EXAMPLES = (
    Example("getBalance", "account", one(AccountRecord, currency="USD")),
    Example("getBalance", "balance", one(BalanceRecord, currency="USD")),
    Example("listNumbers", "numbers", rows(NumberRecord, 2, sms=True)),
    Example("listTexts", "messages", rows(MessageRecord), lambda s: give(s.client.today() - timedelta(days=3))),
    Example("sendText", "send_message", one(SentMessage), give("+14175550101", OUTSIDE, "Hello")),
    Example("setHook", "update_number", nothing, give("+14175550101", {"sms_webhook": "https://portal.example/x"})),
)
CASES = [
    Case(SLUG, example, next(s for s in TinyTel.spoken() if s.method == example.method), False) for example in EXAMPLES
]
DECLARED = [may for may in READ if may in TinyTel.capabilities]
UNDECLARED = [(may, verb) for may, verbs in VERBS.items() if may not in TinyTel.capabilities for verb in verbs]


@pytest.fixture(scope="module")
def near():
    running = Near({SLUG: tiny, voicemeup.SLUG: voicemeup})
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    """All that the product is told of it: one line in CLIENTS. The contract is told what to ask."""
    monkeypatch.setitem(CLIENTS, SLUG, TinyTel)
    monkeypatch.setitem(STAGES, SLUG, Stage)
    monkeypatch.setitem(SUBJECTS, SLUG, Subject(SLUG, "ozark", wrong=(("token",),)))


@pytest.fixture
def world(near):
    found = World(near)
    found.begin()
    return found


# --- the contract's questions


def test_what_its_document_says_is_spoken_served_and_has_an_example():
    spoken = {(one.call, one.method) for one in TinyTel.spoken()}
    assert {call for call, _method in spoken} == set(TinyTel.document) == set(tiny.SERVED)
    assert sorted(spoken) == sorted((example.call, example.method) for example in EXAMPLES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_call_is_made_as_marked(case, world):
    test_every_call.test_a_call_is_made_as_marked_and_answered_as_promised(case, Performances(world))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_spoilt_answers_give_records_or_our_errors_and_no_secret(case, world):
    test_mutated_answers.test_spoilt_answers_give_records_or_our_errors_and_no_secret(case, {}, Performances(world))


@pytest.mark.parametrize("may", DECLARED)
def test_what_it_declares_is_answered_with_sound_records(world, may):
    test_contract.test_what_is_declared_is_answered_with_sound_records(world, SLUG, may)


@pytest.mark.parametrize(("may", "verb"), UNDECLARED)
def test_what_it_does_not_declare_is_refused_in_one_place(world, may, verb):
    test_contract.test_what_is_not_declared_is_refused_and_nothing_is_sent(world, SLUG, may, verb)


def test_its_credentials_are_named_refused_and_told_nowhere(world):
    test_contract.test_a_credential_that_is_missing_is_named_and_none_is_told(world, SLUG)
    test_contract.test_wrong_credentials_are_refused_and_told_nowhere(world, Notebook(), SLUG, ("token",))


@pytest.mark.parametrize("fault", ["close", "http_500", "http_503", "html_page", "truncated", "empty"])
def test_a_read_that_fails_is_one_of_our_errors(world, fault):
    test_contract.test_a_read_that_fails_is_one_of_our_errors_and_is_not_repeated(side(world, SLUG), fault)


@pytest.mark.parametrize(("giver", "taker"), [(SLUG, "voicemeup"), ("voicemeup", SLUG), (SLUG, SLUG)])
def test_its_texts_cross_the_network_in_both_directions(world, giver, taker):
    test_contract_texts.test_a_text_arrives_at_any_other_upstream(world, giver, taker)


# --- the portal


@pytest.fixture
def home(db, world, client, settings, wakes):
    """Connected by the command, everything brought home by the command, its owner signed in."""
    listener = Listener()
    settings.PORTAL_URL = listener.url.partition("/hook")[0]
    member = MembershipFactory(account__name="Plomberie Lachance")
    given = {"account": "Plomberie Lachance", "name": "Tiny", "base_url": world.sandbox.url(SLUG)}
    call_command("add_connection", SLUG, **given, credential=[f"token={world.account(SLUG)['token']}"])
    call_command("sync", "Tiny")
    client.force_login(member.user)
    yield Home(world, client, listener)
    listener.server.shutdown()
    listener.server.server_close()


class Home:
    def __init__(self, world, client, listener):
        self.world, self.client, self.listener = world, client, listener
        self.connection = Connection.objects.get()
        self.number = Number.objects.order_by("number").first()

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.content.decode()

    def work(self) -> None:
        """What is open goes out, as the sweeps would have it."""
        for model in (Operation, Message):
            for row in model.objects.filter(state__in=["queued", "unknown"]):
                outbox.run(model, row.pk)

    def write(self, body: str, to: str = OUTSIDE) -> Message:
        form = {"sender": self.number.number, "to": to, "body": body, "intent": str(uuid.uuid4())}
        assert self.client.post(reverse("messages:compose"), form).status_code == 302
        self.work()
        return Message.objects.get(body=body)


def test_every_feed_it_can_fill_comes_by_itself(home):
    feeds = set(Feed.objects.exclude(last_ok_at=None).values_list("name", flat=True))
    assert feeds == {"balance", "numbers", "messages", "webhooks"} == set(sync.feeds_of(home.connection))


def test_its_balance_numbers_and_texts_are_on_the_pages(home):
    assert "25.00" in home.page("/billing/") and "from TinyTel" in home.page("/billing/")
    assert "417" in home.page("/numbers/") and "Springfield" in home.page("/numbers/")
    assert "Do you open on Sunday?" in home.page("/messages/")
    assert "Tiny" in home.page("/")


def test_a_text_goes_out_once_and_stands_in_its_log(home):
    sent = home.write("Yes, from ten")
    assert (sent.state, sent.connection.slug, bool(sent.external_id)) == ("sent", SLUG, True)
    assert [row["params"]["text"] for row in home.world.received(SLUG, "sendText")] == ["Yes, from ten"]
    assert sync.run_feed(Feed.objects.get(name="messages").pk, force=True).created == 0


def test_an_unclear_text_is_settled_from_its_log_and_not_sent_again(home, settings):
    settings.UPSTREAM_LOG_LAG = 0
    home.world.sandbox.disturb("close", slug=SLUG, call="sendText", phase="after", count=1)
    sent = home.write("Did it go out?")
    assert sent.state == "unknown"
    home.work()
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert len(home.world.received(SLUG, "sendText")) == 1


def test_a_text_that_comes_in_is_posted_to_us_and_stored_once(home):
    home.work()  # our address on its numbers
    for feed in ("numbers", "webhooks"):
        sync.run_feed(Feed.objects.get(name=feed).pk, force=True)
    home.number.refresh_from_db()
    assert home.number.settings["sms_webhook"] == HERE
    said = {"from": OUTSIDE, "to": home.number.number, "message": "Posted, not polled"}
    home.world.sandbox.control("inbound-sms", said | {"slug": SLUG})
    body = wait_for(lambda: home.listener.bodies)[0]
    answer = home.client.post(home.listener.paths[0], json.dumps(body), content_type="application/json")
    assert answer.status_code == 200
    assert inbound.read(WebhookRequest.objects.get().pk)
    came = Message.objects.get(body="Posted, not polled")
    assert (came.direction, came.our_number, came.contact_number) == ("inbound", home.number.number, OUTSIDE)
    assert sync.run_feed(Feed.objects.get(name="messages").pk, force=True).created == 0
    assert "Posted, not polled" in home.page("/messages/")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (3, "There is not enough money on the account at TinyTel. Top it up, then try again."),
        (5, "This recipient cannot be reached. Check the number."),
    ],
)
def test_a_refusal_is_explained_by_its_cause_and_its_own_words_are_for_staff(home, admin_client, code, said):
    home.world.sandbox.disturb("error_code", slug=SLUG, call="sendText", args={"code": code}, count=1)
    refused = home.write("Too bad")
    page = home.page(reverse("messages:thread", args=[refused.thread_id]))
    assert refused.state == "failed" and said in page
    assert tiny.WORDS[code] == refused.error_words and tiny.WORDS[code] not in page
    shown = admin_client.get(reverse("admin:messaging_message_change", args=[refused.pk])).content.decode()
    assert tiny.WORDS[code] in shown


def test_what_it_cannot_do_is_not_offered(home):
    number = home.page(reverse("numbers:detail", args=[home.number.pk]))
    for words in ("Forward", "Voicemail", "Automatic reply"):
        assert words not in number
    assert May.SEND_MMS not in TinyTel.capabilities
    assert 'type="file"' not in home.page(reverse("messages:compose"))
    assert reverse("numbers:port_new") not in home.page("/numbers/ports/")
    assert "TinyTel keeps no 911 addresses here" in home.page("/numbers/e911/")
    assert 'name="street_name"' not in home.page(reverse("numbers:e911_number", args=[home.number.pk]))


def test_staff_see_its_limit_test_it_and_are_told_when_its_token_is_refused(home, admin_client):
    board = reverse("admin:providers_connection_changelist")
    assert "all 5" in admin_client.get(board).content.decode()
    chosen = {"action": "test", "_selected_action": [home.connection.pk]}
    assert "accepts our credentials" in admin_client.post(board, chosen, follow=True).content.decode()
    home.world.sandbox.control("account", {"slug": SLUG, "key": "lachance", "set": {"token": "another"}})
    run = sync.run_feed(Feed.objects.get(name="balance").pk, force=True)
    assert (run.state, run.error_code) == ("failed", "bad-token")
    assert Incident.objects.get(ended_at=None).kind == "refused"
