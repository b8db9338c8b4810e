"""STOP, ARRET and their like: heard in any spelling, obeyed at once and by every path, answered once (C15-C17, R27)."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from messaging import consent, segments, services
from messaging.keywords import Wish, heard
from messaging.models import Contact, Message, OptOut
from messaging.services import CannotSend
from messaging.upstream import optouts
from messaging.upstream.records import Owners
from messaging.upstream.storing import store
from providers import outbox
from providers.clients.errors import Cause, Rejected
from providers.clients.records import Direction, MediaRecord, MessageRecord, OptOutRecord, SentMessage, Transmission
from providers.models import Connection, Feed, Operation
from providers.tally import Tally
from tests.factories import ConnectionFactory, MembershipFactory, MessageFactory, NumberFactory, RemoteAccountFactory

CONTACT = "+14385550142"


@pytest.mark.parametrize(
    "text, language",
    [
        ("STOP", "en"), ("stop", "en"), (" Stop. ", "en"), ("«ARRÊT»", "fr"), ("arret", "fr"), ("Arre\u0302t!", "fr"),
        ("STOP\n", "en"), ("STOP ALL", "en"), ("stopall", "en"), ("S\u200bTOP", "en"), ("🛑 STOP 🛑", "en"), ("“Stop”", "en"),
        ("ＳＴＯＰ", "en"), ("ŚTOP", "en"), ("UNSUBSCRIBE", "en"), ("opt-out", "en"), ("Quit", "en"), ("revoke", "en"),
        ("cancel", "en"), ("end", "en"), ("Désabonner", "fr"), ("arrêtez", "fr"), ("FIN", "fr"),
    ],
)  # fmt: skip
def test_a_keyword_is_heard_in_any_spelling(text, language):
    said = heard(text)
    assert (said.wish, said.language) == (Wish.STOP, language)


@pytest.mark.parametrize(
    "text, wish",
    [("start", Wish.START), ("Unstop", Wish.START), ("AIDE", Wish.HELP), ("help!", Wish.HELP), ("Info?", Wish.HELP)],
)
def test_so_are_the_other_wishes(text, wish):
    assert heard(text).wish is wish


@pytest.mark.parametrize(
    "text", ["please stop texting me", "Arrêtez de m'écrire svp", "do not text me again", "Stop it lol"]
)
def test_what_only_sounds_like_it_waits_for_a_person(text):
    assert heard(text).wish is Wish.DOUBT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙂",
        "See you at the bus stop at 5",
        "x" * 5000,
        "Finalement je viens",
        "Le rendez-vous finit à 5 h",
        "yes",
        "\x00",
    ],
)
def test_an_ordinary_text_is_no_wish(text):
    assert heard(text) is None or heard(text).wish is Wish.DOUBT


# --- obeyed -----------------------------------------------------------------------------------------------------------


class Line:
    """A texting number of an account, and what its upstream does."""

    def __init__(self):
        remote = RemoteAccountFactory()
        self.account, self.connection = remote.account, remote.connection
        self.number = NumberFactory(account=self.account, connection=self.connection)
        self.member = MembershipFactory(account=self.account, role="owner")
        self.actor = Actor(user=self.member.user, account=self.account, name="Camille")

    def hear(self, body, *, external_id="", history=False, contact=CONTACT, ago=timedelta(0), **more) -> Message:
        record = MessageRecord(
            external_id=external_id or uuid.uuid4().hex, direction=Direction.INBOUND, source=contact,
            destination=self.number.number, body=body, transmission=Transmission.SENT, sent_at=timezone.now() - ago, **more,
        )  # fmt: skip
        store(self.connection, [record], Owners(self.connection), history=history)
        return Message.objects.filter(external_id=record.external_id).first()

    def queue(self, body="Bonjour", key="") -> Message:
        return services.queue_message(
            self.actor, self.account, self.number.number, CONTACT, body, key=key or uuid.uuid4().hex
        )

    def answers(self) -> list[str]:
        return list(Message.objects.filter(kind="consent").order_by("pk").values_list("body", flat=True))


@pytest.fixture
def line(db):
    return Line()


@pytest.fixture
def handed_over(monkeypatch):
    """What reaches the upstream."""
    sent: list[str] = []

    def send(client, source, destination, body, attachment=None):
        sent.append(body)
        return SentMessage(external_id=uuid.uuid4().hex)

    monkeypatch.setattr(Connection(slug="voicemeup").client_class, "send_message", send)
    return sent


def test_stop_is_obeyed_and_answered_once_in_its_language(line):
    line.hear("ARRÊT")
    assert consent.is_opted_out(line.account.pk, CONTACT)
    assert line.answers() == [line.answers()[0]] and line.account.name[:20] in line.answers()[0]
    line.hear("STOP")
    assert len(line.answers()) == 1
    row = OptOut.objects.get()
    assert (row.source, row.word, row.our_number) == ("keyword", "ARRET", line.number.number)
    assert row.message.body == "ARRÊT"


def test_the_same_delivery_twice_is_one_opt_out_and_one_answer(line):
    line.hear("STOP", external_id="a")
    line.hear("STOP", external_id="a")
    assert OptOut.objects.count() == 1 and len(line.answers()) == 1


def test_history_brought_home_is_obeyed_and_not_answered(line):
    """Who said STOP to the last portal, or to the upstream alone, is not in the first campaign of this one."""
    asked = line.hear("STOP", history=True, ago=timedelta(days=90))
    assert not line.answers()
    assert OptOut.objects.get().at == asked.transmitted_at
    with pytest.raises(CannotSend, match="opted-out"):
        line.queue()
    line.hear("INFO", history=True, ago=timedelta(days=80))
    line.hear("START", history=True, ago=timedelta(days=70))
    assert not consent.is_opted_out(line.account.pk, CONTACT) and not line.answers()


def test_a_start_that_comes_late_does_not_undo_a_newer_stop(line):
    """Webhook and poll bring texts in any order: the last word of the person holds, not the last to arrive."""
    line.hear("STOP", ago=timedelta(minutes=1))
    line.hear("START", ago=timedelta(minutes=5))
    assert consent.is_opted_out(line.account.pk, CONTACT)
    assert len(line.answers()) == 1
    line.hear("Arrêt", ago=timedelta(seconds=20))
    line.hear("START", ago=timedelta(seconds=40))
    assert consent.is_opted_out(line.account.pk, CONTACT), "between two of them, whose second changed nothing"
    line.hear("START")
    assert not consent.is_opted_out(line.account.pk, CONTACT)


def test_nor_does_a_stop_that_comes_late_undo_a_newer_start(line):
    """The past comes newest first, so there it is the rule. What a person lifted answers for what was said before it."""
    line.hear("START", history=True, ago=timedelta(days=20))
    line.hear("STOP", history=True, ago=timedelta(days=30))
    assert not OptOut.objects.exists()
    line.hear("STOP", ago=timedelta(hours=2))
    consent.undo(line.actor, line.account, CONTACT, "said so by phone")
    line.hear("Stop", ago=timedelta(hours=3))
    assert not consent.is_opted_out(line.account.pk, CONTACT)
    line.hear("Stop", ago=timedelta(hours=1))
    assert consent.is_opted_out(line.account.pk, CONTACT), "nobody had seen this one when it was lifted"


def test_stop_and_start_by_turns_are_obeyed_for_ever_and_answered_a_few_times(line):
    """Each answer is a text that the account pays: a handset that never tires must not empty its purse."""
    for turn in range(10):
        line.hear("STOP")
        assert consent.is_opted_out(line.account.pk, CONTACT), turn
        line.hear("START")
        assert not consent.is_opted_out(line.account.pk, CONTACT), turn
    assert len(line.answers()) == consent.MOST_ANSWERS
    line.hear("STOP", contact="+14385550143")
    assert len(line.answers()) == consent.MOST_ANSWERS + 1, "another handset is answered"


def test_the_stop_beside_a_picture_is_heard_when_the_picture_came_first(line, monkeypatch):
    picture = (MediaRecord(url="https://media.example.test/1.jpg", mime_type="image/jpeg"),)
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)  # both halves bear the same moment
    line.hear("", media=picture)
    assert not OptOut.objects.exists()
    line.hear("STOP", wrapper=True)
    assert Message.objects.filter(direction="inbound").count() == 1
    assert consent.is_opted_out(line.account.pk, CONTACT) and len(line.answers()) == 1


def test_start_from_the_handset_lifts_it(line):
    line.hear("STOP")
    line.hear("START")
    assert not consent.is_opted_out(line.account.pk, CONTACT)
    assert OptOut.objects.get().lift_reason == "START"
    assert len(line.answers()) == 2
    line.hear("START")
    assert len(line.answers()) == 2


def test_help_is_answered_once_a_day(line):
    Contact.objects.create(account=line.account, number=CONTACT, language="fr")
    line.hear("INFO")
    line.hear("AIDE")
    assert len(line.answers()) == 1


def test_who_asks_for_help_after_stop_is_answered(line):
    """C16: that STOP was answered today is no answer to HELP, which carriers want answered by itself."""
    line.hear("STOP")
    line.hear("HELP")
    line.hear("HELP")
    assert len(line.answers()) == 2 and "a person answers" in line.answers()[1]


def test_a_name_with_dear_letters_costs_no_second_part(line):
    """C7: ê in the shop's name would make two parts of every answer."""
    line.account.name = "Pépinière de la Forêt-Montmorency inc."
    line.account.save()
    line.hear("ARRÊT")
    (answer,) = line.answers()
    assert segments.count(answer).parts == 1 and "Pépinière de la Foret" in answer


@pytest.mark.parametrize("word", ["STOP", "ARRET", "START", "AIDE", "HELP"])
def test_every_answer_is_one_part_of_plain_letters(line, word):
    if word == "START":
        line.hear("STOP")
    line.account.name = "Boutique de l'Été éternel et des très longues soirées d'hiver inc."
    line.account.save()
    line.hear(word)
    assert all(segments.count(answer).parts == 1 and len(answer) <= 160 for answer in line.answers()), line.answers()


def test_an_answer_to_a_keyword_goes_out_although_the_person_opted_out(line, handed_over):
    line.hear("STOP")
    answer = Message.objects.get(kind="consent")
    outbox.run(Message, answer.pk)
    answer.refresh_from_db()
    assert answer.state == "sent" and len(handed_over) == 1


# --- no path leads around it (Done-when 2) ------------------------------------------------------------------------------


def test_the_page_refuses_with_the_reason(line, client):
    line.hear("STOP")
    client.force_login(line.member.user)
    form = {"sender": line.number.number, "to": CONTACT, "body": "Hi", "intent": str(uuid.uuid4())}
    page = client.post(reverse("messages:compose"), form)
    assert page.status_code == 422 and "asked to get no more texts" in page.content.decode()
    thread = Message.objects.filter(direction="inbound").get().thread
    shown = client.get(reverse("messages:thread", args=[thread.pk])).content.decode()
    assert "asked to get no more texts" in shown and 'id="composer"' not in shown
    answer = client.post(reverse("messages:send", args=[thread.pk]), {"body": "Hi", "intent": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert not Message.objects.filter(kind="", direction="outbound").exists()


def test_a_text_that_was_waiting_is_blocked_and_not_sent(line, handed_over):
    message = line.queue()
    line.hear("STOP")
    outbox.run(Message, message.pk)
    message.refresh_from_db()
    assert (message.state, handed_over) == ("blocked", [])
    assert message.thread.last_state in ("blocked", "queued")


def test_a_scheduled_text_is_asked_again_when_its_time_comes(line, handed_over):
    message = line.queue()
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() - timedelta(seconds=1), send_at=timezone.now())
    line.hear("ARRET")
    outbox.sweep(Message)
    outbox.run(Message, message.pk)
    assert not handed_over


def test_a_failed_text_cannot_be_tried_again(line):
    message = line.queue()
    Message.objects.filter(pk=message.pk).update(state="failed", due_at=None)
    line.hear("STOP")
    with pytest.raises(CannotSend, match="opted-out"):
        services.retry_message(line.actor, Message.objects.get(pk=message.pk), key="again")


def test_a_campaign_text_and_any_row_written_past_the_services_is_stopped_by_the_worker(line, handed_over):
    line.hear("STOP")
    thread = Message.objects.filter(direction="inbound").get().thread
    row = MessageFactory(
        thread=thread, connection=line.connection, direction="outbound", state="queued", kind="campaign",
        due_at=timezone.now(), external_id=None,
    )  # fmt: skip
    outbox.run(Message, row.pk)
    row.refresh_from_db()
    assert (row.state, handed_over) == ("blocked", [])


def test_an_upstream_that_knows_of_an_opt_out_teaches_it_to_us(line, monkeypatch):
    def refuse(client, *args, **options):
        raise Rejected("no", code="406", cause=Cause.OPTED_OUT)

    monkeypatch.setattr(line.connection.client_class, "send_message", refuse)
    message = line.queue()
    outbox.run(Message, message.pk)
    message.refresh_from_db()
    assert message.state == "blocked"
    assert OptOut.objects.get().source == "upstream"


# --- one list over all upstreams ---------------------------------------------------------------------------------------


class Lists:
    """A client that keeps a do-not-contact list."""

    def __init__(self, *records):
        self.records, self.unread, self.told = records, [], []

    def opt_outs(self, since, until):
        return iter(self.records)

    def add_opt_out(self, number):
        self.told.append(("add", number))

    def remove_opt_out(self, number):
        self.told.append(("remove", number))


def test_what_upstreams_tell_joins_the_list_and_never_shortens_it(line):
    feed = Feed.objects.create(connection=line.connection, name="opt_outs")
    record = OptOutRecord(
        number=CONTACT, at=timezone.now() - timedelta(days=1), word="STOP", our_number=line.number.number
    )
    tally = Tally()
    optouts.bring_home(Lists(record), feed, tally)
    optouts.bring_home(Lists(record), feed, tally)
    assert (tally.created, OptOut.objects.count()) == (1, 1)
    optouts.bring_home(Lists(), feed, Tally())
    assert consent.is_opted_out(line.account.pk, CONTACT)
    consent.undo(line.actor, line.account, CONTACT, "said so by phone")
    optouts.bring_home(Lists(record), feed, Tally())  # older than what a person decided
    assert not consent.is_opted_out(line.account.pk, CONTACT)


def test_an_opt_out_is_told_to_every_upstream_that_keeps_a_list(line):
    jafone = ConnectionFactory(slug="jafone", credentials={"user_id": "281617", "key": "abcdefghijkl"})
    RemoteAccountFactory(connection=jafone, account=line.account)
    consent.record(line.actor, line.account, CONTACT, "by phone")
    operation = Operation.objects.get(verb=optouts.PUSH)
    assert (operation.connection, operation.arguments) == (jafone, {"number": CONTACT, "wanted": True})
    upstream = Lists()
    optouts.tell(upstream, operation)
    consent.undo(line.actor, line.account, CONTACT, "changed her mind")
    optouts.tell(upstream, Operation.objects.filter(verb=optouts.PUSH).order_by("pk").last())
    assert upstream.told == [("add", CONTACT), ("remove", CONTACT)]


# --- the page -----------------------------------------------------------------------------------------------------------


def test_the_list_says_who_when_and_how_and_takes_another(line, client, django_assert_max_num_queries):
    line.hear("STOP")
    client.force_login(line.member.user)
    url = reverse("messages:opt_outs")
    for n in range(30):
        OptOut.objects.create(account=line.account, number=f"+1438555{n:04}", source="person", recorded_by="Anne")
    with django_assert_max_num_queries(22):
        shown = client.get(url).content.decode()
    assert "Texted STOP" in shown and "Recorded by Anne" in shown
    bad = client.post(url, {"number": "not a number", "reason": "by phone"})
    assert bad.status_code == 422 and "by phone" in bad.content.decode()
    assert client.post(url, {"number": "438 555-0177", "reason": "by phone"}).status_code == 302
    assert consent.is_opted_out(line.account.pk, "+14385550177")


def test_undoing_asks_for_a_reason_and_keeps_it(line, client):
    line.hear("STOP")
    client.force_login(line.member.user)
    row = OptOut.objects.get()
    url = reverse("messages:opt_out_undo", args=[row.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "Signed a form on Nov 20"}).status_code == 302
    row.refresh_from_db()
    assert row.lift_reason == "Signed a form on Nov 20" and row.lifted_by
    assert client.get(url).status_code == 404


def test_what_only_sounds_like_stop_is_put_before_a_person(line, client):
    message = line.hear("Please stop texting me")
    client.force_login(line.member.user)
    shown = client.get(reverse("messages:thread", args=[message.thread_id])).content.decode()
    assert "sounds as if they want no more texts" in shown and 'id="composer"' in shown
    form = client.get(f"{reverse('messages:opt_outs')}?number=%2B14385550142").content.decode()
    assert 'value="+14385550142"' in form
    line.hear("Thank you!")
    assert "sounds as if" not in client.get(reverse("messages:thread", args=[message.thread_id])).content.decode()
