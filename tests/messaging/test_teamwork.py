"""Several people at one inbox (C2, C14, C20, C21): assigning, notes, drafts and who is replying, blocking, many rows at once."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Membership
from accounts.roles import Role
from messaging import again, bulk, people, teamwork
from messaging.models import Contact, Draft, Message, Note, OptOut, Thread
from messaging.upstream import threading
from tests.factories import (
    ConnectionFactory,
    MembershipFactory,
    MessageFactory,
    NumberFactory,
    RemoteAccountFactory,
    ThreadFactory,
)

OURS = "+15145550134"


class World:
    """An account with an owner and Anne, one number, one conversation."""

    def __init__(self):
        member = MembershipFactory()
        self.account, self.user = member.account, member.user
        self.connection = ConnectionFactory()
        RemoteAccountFactory(connection=self.connection, account=self.account)
        NumberFactory(account=self.account, connection=self.connection, number=OURS)
        self.anne = get_user_model().objects.create(email="anne@example.test", name="Anne Tremblay")
        Membership.objects.create(user=self.anne, account=self.account, role=Role.AGENT)
        self.thread = self.conversation(1, contact_name="Marc Roy")
        self.mine, self.hers = self.browser(self.user), self.browser(self.anne)

    def browser(self, person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    def conversation(self, n: int, **values) -> Thread:
        values = {"account": self.account, "our_number": OURS, "contact_number": f"+1438555{n:04d}", **values}
        thread = ThreadFactory(**values)
        MessageFactory(thread=thread, connection=self.connection, at=thread.last_at)
        return thread

    def url(self, name: str, pk: int = 0) -> str:
        return reverse(f"messages:{name}", args=[pk or self.thread.pk])

    def poll(self, client: Client, page=None, **query):
        """What an open page asks every few seconds; `page` is the answer it stands on."""
        page = page or client.get(self.url("thread"))
        seen = page.context
        asked = {
            "after": seen["after"],
            "note": seen["after_note"],
            "v": seen["talk_mark"],
            "by": seen["thread"].replying or 0,
        }
        return client.get(self.url("since"), asked | query, headers={"HX-Request": "true", "HX-Target": "since"})


@pytest.fixture
def world(db) -> World:
    return World()


# --- assigning --------------------------------------------------------------------------------------------------------


def test_a_conversation_is_given_to_a_colleague_who_finds_it_among_theirs(world):
    assert b"Anne Tremblay" in world.mine.get(world.url("thread")).content
    world.mine.post(world.url("assign"), {"person": world.anne.pk})
    world.thread.refresh_from_db()
    assert world.thread.assigned_to == world.anne
    assert b"Assigned to you" in world.hers.get(reverse("messages:inbox"), {"folder": "mine"}).content
    assert b"Marc Roy" not in world.mine.get(reverse("messages:inbox"), {"folder": "mine"}).content
    entry = AuditEntry.objects.get(action="thread.assigned")
    assert (entry.before, entry.after) == ({"person": ""}, {"person": "Anne Tremblay"})
    world.mine.post(world.url("assign"), {"person": ""})
    world.thread.refresh_from_db()
    assert world.thread.assigned_to is None


def test_nobody_gets_a_conversation_who_may_not_read_it(world):
    bookkeeper = Membership.objects.create(user=MembershipFactory().user, account=world.account, role=Role.BILLING).user
    stranger = MembershipFactory().user
    invited = get_user_model().objects.create(email="new@example.test", name="Not here yet")
    Membership.objects.create(user=invited, account=world.account, role=Role.AGENT)
    for person in (bookkeeper.pk, stranger.pk, invited.pk, "x", "9" * 30):
        answer = world.mine.post(world.url("assign"), {"person": person}, follow=True)
        assert b"cannot read messages here" in answer.content
    world.thread.refresh_from_db()
    assert world.thread.assigned_to is None and b"Not here yet" not in answer.content


# --- notes ------------------------------------------------------------------------------------------------------------


def test_a_note_stands_between_the_texts_and_reaches_a_colleagues_open_page(world):
    page = world.hers.get(world.url("thread"))
    answer = world.mine.post(world.url("note_add"), {"note": "He pays <cash>"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and answer["HX-Trigger"] == "sent" and b"He pays" not in answer.content
    news = world.poll(world.hers, page).content.decode()
    assert "He pays &lt;cash&gt;" in news and "never sent" in news and "Delete note" not in news
    assert "Delete note" in world.mine.get(world.url("thread")).content.decode()
    assert not Message.objects.filter(direction="outbound").exists()
    assert AuditEntry.objects.get(action="note.added").after == {"note": Note.objects.get().pk}


def test_an_empty_or_long_note_is_refused_at_its_field_with_what_was_typed(world):
    for typed, said in (("  ", "Write the note first."), ("x" * 2001, "at most 2,000 characters")):
        for headers in ({}, {"HX-Request": "true"}):
            answer = world.mine.post(world.url("note_add"), {"note": typed}, headers=headers)
            assert answer.status_code == 422 and said in answer.content.decode() and typed in answer.content.decode()
    assert not Note.objects.exists()


def test_a_note_is_taken_back_by_its_author_only_and_vanishes_from_open_pages(world):
    note = Note.objects.create(thread=world.thread, author=world.user, body="Wrong")
    page = world.hers.get(world.url("thread"))
    assert world.hers.post(world.url("note_delete", note.pk)).status_code == 404
    assert world.mine.post(world.url("note_delete", note.pk), headers={"HX-Request": "true"}).status_code == 200
    note.refresh_from_db()
    assert note.deleted_at and note.body == ""
    news = world.poll(world.hers, page).content.decode()
    assert f'<div id="note-{note.pk}" hx-swap-oob="delete"></div>' in news
    assert world.mine.post(world.url("note_delete", note.pk)).status_code == 404


def test_notes_and_texts_share_one_line_of_time_on_every_page_of_a_conversation(world):
    start = timezone.now() - timedelta(days=3)
    for n in range(120):
        MessageFactory(
            thread=world.thread, connection=world.connection, body=f"Text {n}.", at=start + timedelta(minutes=n)
        )
    Note.objects.create(
        thread=world.thread, author=world.user, body="Early note", at=start + timedelta(minutes=10, seconds=30)
    )
    Note.objects.create(
        thread=world.thread, author=world.user, body="Late note", at=start + timedelta(minutes=110, seconds=30)
    )
    page = world.mine.get(world.url("thread"))
    text = page.content.decode()
    assert text.index("Text 110.") < text.index("Late note") < text.index("Text 111.") and "Early note" not in text
    before = world.mine.get(world.url("thread"), {"before": page.context["earlier"]})
    earliest = world.mine.get(world.url("thread"), {"before": before.context["earlier"]}).content.decode()
    assert "Early note" not in before.content.decode() and "Late note" not in before.content.decode()
    assert earliest.index("Text 10.") < earliest.index("Early note") < earliest.index("Text 11.")


def test_notes_cost_no_more_questions_the_more_there_are(world):
    def questions() -> int:
        with CaptureQueriesContext(connection) as queries:
            world.mine.get(world.url("thread"))
        return len(queries)

    Note.objects.create(thread=world.thread, author=world.anne, body="One")
    questions()
    few = questions()
    Note.objects.bulk_create(Note(thread=world.thread, author=world.anne, body=f"Note {n}") for n in range(30))
    assert questions() == few <= 27


# --- drafts -----------------------------------------------------------------------------------------------------------


def type_in(world, client, body: str, **values) -> int:
    return client.post(world.url("draft"), {"body": body, **values}, headers={"HX-Request": "true"}).status_code


def test_a_draft_is_there_again_for_its_writer_and_nobody_else(world):
    assert type_in(world, world.hers, "I will be there at") == 204
    assert b"I will be there at" in world.hers.get(world.url("thread")).content
    assert b"I will be there at" not in world.mine.get(world.url("thread")).content
    type_in(world, world.hers, "   ")
    assert not Draft.objects.exists()


def test_a_colleague_sees_who_is_replying_while_they_type(world):
    page = world.mine.get(world.url("thread"))
    assert world.poll(world.mine, page).status_code == 204
    type_in(world, world.hers, "Just a")
    news = world.poll(world.mine, page)
    assert b"Anne is replying" in news.content and f"by={world.anne.pk}" in news.content.decode()
    assert world.poll(world.mine, page, by=world.anne.pk).status_code == 204, "unchanged, it answers nothing"
    assert b"is replying" not in world.hers.get(world.url("thread")).content
    Draft.objects.update(changed_at=timezone.now() - teamwork.REPLYING - timedelta(seconds=1))
    gone = world.poll(world.mine, page, by=world.anne.pk)
    assert gone.status_code == 200 and b"is replying" not in gone.content
    assert b"Just a" in world.hers.get(world.url("thread")).content, "the draft itself stays"


def test_sending_clears_the_draft_whichever_request_comes_first(world):
    intent = str(uuid.uuid4())
    type_in(world, world.hers, "On my way", intent=intent)
    world.hers.post(world.url("send"), {"body": "On my way", "intent": intent})
    assert not Draft.objects.exists()
    type_in(world, world.hers, "On my way", intent=intent)  # was on its way while the text was sent
    assert not Draft.objects.exists()
    type_in(world, world.hers, "The next one", intent=str(uuid.uuid4()))
    assert Draft.objects.get().body == "The next one"


# --- blocked ----------------------------------------------------------------------------------------------------------


def text_arrives(world, thread: Thread) -> None:
    row = MessageFactory(thread=thread, connection=world.connection, at=timezone.now())
    threading.arrived([row], history=False, now=timezone.now())


def test_a_blocked_sender_makes_no_noise_until_unblocked(world):
    Thread.objects.update(unread=3)
    assert world.mine.post(world.url("block")).status_code == 302
    contact = Contact.objects.get()
    assert contact.blocked_at and contact.name == "Marc Roy"
    text_arrives(world, world.thread)
    world.thread.refresh_from_db()
    assert world.thread.unread == 0
    assert b'data-unread="0"' in world.hers.get(reverse("messages:unread")).content
    assert b"Marc Roy" not in world.hers.get(reverse("messages:inbox")).content
    assert b"Marc Roy" in world.hers.get(reverse("messages:inbox"), {"folder": "blocked"}).content
    page = world.hers.get(world.url("thread")).content
    assert b"This contact is blocked" in page and b'id="composer"' not in page
    world.mine.post(world.url("unblock"))
    text_arrives(world, world.thread)
    world.thread.refresh_from_db()
    assert world.thread.unread == 1
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"contact.blocked", "contact.unblocked"}


def test_a_blocked_contact_stays_in_the_archive_when_they_write(world):
    Thread.objects.update(archived_at=timezone.now())
    people.block(teamwork.Actor(user=world.user, account=world.account), Contact.objects.create(account=world.account, number=world.thread.contact_number), True)  # fmt: skip
    text_arrives(world, world.thread)
    world.thread.refresh_from_db()
    assert world.thread.archived_at


# --- several at once --------------------------------------------------------------------------------------------------


def test_checked_rows_are_archived_restored_read_unread_and_assigned_at_once(world):
    others = [world.conversation(n, unread=2) for n in range(2, 5)]
    chosen = [thread.pk for thread in others]

    def do(act: str, **values):
        answer = world.mine.post(
            reverse("messages:bulk"), {"thread": chosen, "act": act, "back": "?folder=unread&q=x", **values}
        )
        assert answer["Location"] == "/messages/?folder=unread&q=x"
        return Thread.objects.filter(pk__in=chosen)

    assert all(row.unread == 0 for row in do("read"))
    assert all(row.unread == 1 for row in do("unread"))
    assert all(row.archived_at for row in do("archive"))
    assert not any(row.archived_at for row in do("restore"))
    assert all(row.assigned_to == world.anne for row in do("assign", person=world.anne.pk))
    assert all(row.assigned_to is None for row in do("assign", person=""))
    do("block")
    assert Contact.objects.filter(blocked_at__isnull=False).count() == 3
    do("unblock")
    assert not Contact.objects.filter(blocked_at__isnull=False).exists()
    world.thread.refresh_from_db()
    assert world.thread.archived_at is None and world.thread.assigned_to is None
    entry = AuditEntry.objects.get(action="threads.archived")
    assert entry.after == {"threads": sorted(chosen)}


def test_many_rows_cost_as_many_questions_as_few(world):
    def questions(pks: list[int]) -> int:
        with CaptureQueriesContext(connection) as queries:
            bulk.act(teamwork.Actor(user=world.user, account=world.account), world.account, pks, "archive")
        return len(queries)

    few = questions([world.thread.pk])
    assert questions([world.conversation(n).pk for n in range(2, 30)]) == few


def test_rows_of_another_account_and_nonsense_change_nothing(world):
    stranger = ThreadFactory()
    world.mine.post(reverse("messages:bulk"), {"thread": [stranger.pk, "x", "9" * 40], "act": "archive"})
    for values in (
        {"thread": [world.thread.pk], "act": "explode"},
        {"act": "archive"},
        {"thread": [world.thread.pk], "act": "assign", "person": MembershipFactory().user.pk},
    ):
        assert world.mine.post(reverse("messages:bulk"), values).status_code == 302
    stranger.refresh_from_db()
    world.thread.refresh_from_db()
    assert stranger.archived_at is None and world.thread.archived_at is None and world.thread.assigned_to is None
    assert not AuditEntry.objects.exclude(action__startswith="thread.").filter(account=stranger.account).exists()
    bad = world.mine.post(
        reverse("messages:bulk"), {"thread": [world.thread.pk], "act": "read", "back": "https://elsewhere.test/"}
    )
    assert bad["Location"] == "/messages/"


def test_who_may_only_read_changes_nothing(world):
    reader = Membership.objects.create(user=MembershipFactory().user, account=world.account, role=Role.READER).user
    note = Note.objects.create(thread=world.thread, author=reader, body="x")
    client = world.browser(reader)
    client.post(reverse("accounts:switch"), {"account": world.account.pk})
    for name in ("assign", "block", "unblock", "note_add", "draft"):
        assert client.post(world.url(name), {"note": "x", "body": "x"}).status_code == 403, name
    assert client.post(world.url("note_delete", note.pk)).status_code == 403
    assert client.post(reverse("messages:bulk"), {"thread": [world.thread.pk], "act": "archive"}).status_code == 403
    assert client.get(reverse("messages:retry_failed")).status_code == 403
    page = client.get(world.url("thread")).content.decode()
    assert 'id="note-form"' not in page and 'id="bulk"' not in page and 'name="thread"' not in page


# --- all failed ones again ----------------------------------------------------------------------------------------------


def failed(world, n: int, **values) -> Message:
    values = {
        "state": "failed",
        "direction": "outbound",
        "external_id": None,
        "subject": f"s{n}",
        "body": f"Lost {n}",
        **values,
    }
    return MessageFactory(thread=world.conversation(100 + n), connection=world.connection, **values)


@pytest.fixture
def lost(world) -> dict[str, Message]:
    now = timezone.now()
    return {
        "sure": failed(world, 1, at=now - timedelta(days=1)),
        "old": failed(world, 2, at=now - timedelta(days=40)),
        "unsure": failed(world, 3, at=now, state="parked", was_unknown=True),
        "opted_out": failed(world, 4, at=now),
    }


def test_failed_texts_of_some_days_are_counted_first_and_then_sent_once_each(world, lost):
    OptOut.objects.create(account=world.account, number=lost["opted_out"].contact_number, source="person")
    page = world.mine.get(reverse("messages:retry_failed"))
    assert (page.context["sure"], page.context["unsure"]) == (2, 1)
    form = page.context["form"].cleaned_data
    days = {"since": form["since"].isoformat(), "until": form["until"].isoformat()}
    assert not Message.objects.filter(state="queued").exists(), "counting sends nothing"
    for _ in range(2):
        answer = world.mine.post(reverse("messages:retry_failed"), {**days, "confirmed": "1"}, follow=True)
    assert [row.retry_of for row in Message.objects.filter(state="queued")] == [lost["sure"]]
    assert "cannot go out" in answer.content.decode()
    world.mine.post(reverse("messages:retry_failed"), {**days, "confirmed": "1", "unsure": "on"})
    assert {row.retry_of for row in Message.objects.filter(state="queued")} == {lost["sure"], lost["unsure"]}


def test_so_many_failed_texts_that_one_request_does_not_do(world, lost, monkeypatch):
    monkeypatch.setattr(again, "AT_ONCE", 1)
    days = again.Days(timezone.localdate() - timedelta(days=60), timezone.localdate())
    actor = teamwork.Actor(user=world.user, account=world.account)
    first = again.retry(actor, world.account, days)
    assert (first.sent, first.left) == (1, 2)
    while again.retry(actor, world.account, days).left:
        pass
    assert Message.objects.filter(state="queued").count() == 3


def test_days_that_make_no_sense_are_told_at_their_field(world):
    for since, until, said in (
        ("2026-11-20", "2026-11-19", "before the first"),
        ("2020-01-01", "2026-11-19", "At most a year"),
        ("x", "2026-11-19", "valid date"),
    ):
        answer = world.mine.get(reverse("messages:retry_failed"), {"since": since, "until": until})
        assert (
            answer.status_code == 422
            and said in answer.content.decode()
            and f'value="{until}"' in answer.content.decode()
        )


# --- hits -------------------------------------------------------------------------------------------------------------


def test_a_hit_is_opened_where_it_stands_and_marked(world):
    start = timezone.now() - timedelta(days=3)
    rows = [MessageFactory(thread=world.thread, connection=world.connection, body=f"Text {n}.", at=start + timedelta(minutes=n)) for n in range(150)]  # fmt: skip
    hit = rows[40]
    Message.objects.filter(pk=hit.pk).update(body="The red valve leaks")
    listed = world.mine.get(reverse("messages:inbox"), {"q": "VALVE"}).content.decode()
    assert f"?q=VALVE&amp;hit={hit.pk}#hit" in listed and "<mark>valve</mark>" in listed
    page = world.mine.get(world.url("thread"), {"q": "VALVE", "hit": hit.pk}).content.decode()
    assert 'id="hit"' in page and "The red <mark>valve</mark> leaks" in page
    assert "Text 41." in page and "Text 39." in page and "Text 100." not in page and "data-scroll-end" not in page
    newest = world.mine.get(world.url("thread"), {"q": "149", "hit": rows[149].pk}).content.decode()
    assert "<mark>149</mark>" in newest and 'id="since"' in newest
    for strange in ("x", "0", "99999999", MessageFactory().pk):
        assert world.mine.get(world.url("thread"), {"hit": strange}).status_code == 200
