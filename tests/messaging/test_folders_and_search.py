"""Folders as named questions, and the search by its index (C18, C20, C21): what they find, what they never read."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Count, Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from messaging import fulltext
from messaging.listing import FOLDERS, Listing
from messaging.models import Contact, Message, Thread
from messaging.searching import Question
from tests.factories import ConnectionFactory, MembershipFactory, MessageFactory, ThreadFactory

OURS = "+15145550134"


@pytest.fixture
def member(db, client) -> Membership:
    member = MembershipFactory()
    client.force_login(member.user)
    return member


@pytest.fixture
def upstream(member):
    return ConnectionFactory()


def conversation(member, n: int, **values) -> Thread:
    return ThreadFactory(account=member.account, our_number=OURS, contact_number=f"+1438555{n:04d}", **values)


def said(thread: Thread, upstream, body: str, **values) -> Message:
    return MessageFactory(thread=thread, connection=upstream, body=body, **values)


def listed(member, folder: str) -> list[int]:
    return [thread.pk for thread in Listing(member.account, member.user, folder).page()[0]]


def found(member, typed: str, **days) -> set[int]:
    question = Question.read(typed, **days)
    return {thread.pk for thread in Listing(member.account, member.user, question=question).page()[0]}


# --- folders ----------------------------------------------------------------------------------------------------------


def test_each_folder_lists_what_its_name_says(member, upstream):
    mine, nobodys = conversation(member, 1, assigned_to=member.user), conversation(member, 2)
    hers = conversation(member, 3, assigned_to=get_user_model().objects.create(email="anne@example.test"))
    unread = conversation(member, 4, unread=2, assigned_to=hers.assigned_to)
    archived = conversation(member, 5, archived_at=timezone.now())
    blocked = conversation(member, 6)
    Contact.objects.create(account=member.account, number=blocked.contact_number, blocked_at=timezone.now())
    later, past = (
        conversation(member, 7, assigned_to=hers.assigned_to),
        conversation(member, 8, assigned_to=hers.assigned_to),
    )
    out = {"direction": "outbound", "external_id": None}
    said(later, upstream, "Later", state="queued", send_at=timezone.now() + timedelta(hours=1), **out)
    said(past, upstream, "Not waiting any more", state="queued", send_at=timezone.now() - timedelta(hours=1), **out)
    said(hers, upstream, "Lost", state="failed", **out)
    assert set(listed(member, "inbox")) == {row.pk for row in (mine, nobodys, hers, unread, later, past)}
    assert listed(member, "mine") == [mine.pk]
    assert listed(member, "unassigned") == [nobodys.pk]
    assert listed(member, "unread") == [unread.pk]
    assert listed(member, "scheduled") == [later.pk]
    assert listed(member, "failed") == [hers.pk]
    assert listed(member, "archived") == [archived.pk]
    assert listed(member, "blocked") == [blocked.pk]


def test_another_accounts_blocked_contact_hides_nothing_here(member):
    here = conversation(member, 1)
    Contact.objects.create(account=MembershipFactory().account, number=here.contact_number, blocked_at=timezone.now())
    assert listed(member, "inbox") == [here.pk]


@pytest.mark.parametrize("folder", ["inbox", "mine", "unread", "unassigned", "failed"])
def test_every_folder_asks_the_same_few_questions_however_full_it_is(member, upstream, client, folder):
    def questions() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("messages:inbox"), {"folder": folder}).status_code == 200
        return len(queries)

    questions()
    conversation(member, 50)
    one = conversation(member, 1, unread=1, assigned_to=member.user)
    said(one, upstream, "x", state="failed", direction="outbound", external_id=None)
    few = questions()
    for n in range(2, 12):
        more = conversation(member, n, unread=1, assigned_to=member.user if n % 2 else None)
        said(more, upstream, "x", state="failed", direction="outbound", external_id=None)
    assert questions() == few < 18


# --- search -----------------------------------------------------------------------------------------------------------


def test_all_words_stand_in_one_text_in_any_order_and_case(member, upstream):
    both, one = conversation(member, 1), conversation(member, 2)
    said(both, upstream, "Votre FACTURE pour la pompe à eau")
    said(one, upstream, "La facture")
    said(one, upstream, "La pompe")
    assert found(member, "pompe facture") == {both.pk}
    assert found(member, "FACTURE") == {both.pk, one.pk}
    assert found(member, "éà") == set()


@pytest.mark.parametrize("typed", ['"', "50%", "_x_", "a*b", "NEAR(", 'say "hi', "body:", "-", "été", "l'é", "100 %"])
def test_nothing_typed_is_a_command(member, upstream, typed):
    here, other = conversation(member, 1), conversation(member, 2)
    said(here, upstream, f"x {typed} y")
    said(other, upstream, "plain words")
    assert found(member, typed) == {here.pk}


def test_letters_beyond_ascii_are_found_in_either_case(member, upstream):
    here = conversation(member, 1, contact_name="Élodie Côté")
    said(here, upstream, "Déjà réglé")
    for typed in ("DÉJÀ", "déjà réglé", "éLODIE", "côté"):
        assert found(member, typed) == {here.pk}, typed


def test_a_text_is_found_as_it_is_now(member, upstream):
    here = conversation(member, 1)
    row = said(here, upstream, "Before")
    Message.objects.filter(pk=row.pk).update(body="Afterwards")
    assert found(member, "before") == set() and found(member, "afterw") == {here.pk}
    row.delete()
    assert found(member, "afterw") == set()
    Thread.objects.filter(pk=here.pk).update(contact_name="Zoé")
    assert found(member, "zoé") == {here.pk}
    Message.objects.bulk_create([Message(account=member.account, thread=here, connection=upstream, body="In bulk", direction="inbound", state="received")])  # fmt: skip
    assert found(member, "in bulk") == {here.pk}


def test_days_are_typed_or_picked(member, upstream):
    now = timezone.now().replace(year=2026, month=11, day=20, hour=15)
    old, new = conversation(member, 1, contact_name="Anne"), conversation(member, 2, contact_name="Anne")
    said(old, upstream, "Hello there", at=now - timedelta(days=10))
    said(new, upstream, "Hello again", at=now)
    assert found(member, "2026-11-20") == {new.pk}
    assert found(member, "hello from:2026-11-11") == {new.pk}
    assert found(member, "hello to:2026-11-19") == {old.pk}
    assert found(member, "hello du:2026-11-01 au:2026-11-12") == {old.pk}
    assert found(member, "2026-11") == {old.pk, new.pk} and found(member, "2026-10") == set()
    assert found(member, "hello", since="2026-11-11") == {new.pk}
    assert found(member, "", until="2026-11-19") == {old.pk}
    assert found(member, "anne", since="2026-11-11") == {new.pk}
    assert found(member, "hello", since="not a day") == {old.pk, new.pk}
    assert found(member, "2026-13-40") == set()


def test_a_search_looks_at_the_newest_places_only_and_says_so(member, upstream, client, monkeypatch):
    monkeypatch.setattr("messaging.searching.NEWEST", 5)
    for n in range(8):
        said(conversation(member, n, last_at=timezone.now() + timedelta(minutes=n)), upstream, f"Hello {n}")
    assert len(found(member, "hello")) == 5
    assert b"Only the newest" in client.get(reverse("messages:inbox"), {"q": "hello"}).content
    assert b"Only the newest" not in client.get(reverse("messages:inbox"), {"q": "hello 7"}).content


def test_nothing_of_another_account_is_found(member, upstream):
    stranger = ThreadFactory(contact_name="Secret person", contact_number="+14165550177")
    said(stranger, upstream, "Secret words")
    for typed in ("secret", "words", "416555", "se"):
        assert found(member, typed) == set()


def test_without_an_index_the_same_is_found(member, upstream, monkeypatch):
    monkeypatch.setattr(fulltext, "has_index", lambda using: False)
    here = conversation(member, 1, contact_name="Anne Roy")
    said(here, upstream, "A long sentence about pumps")
    for typed in ("pumps sentence", "anne", "438 555-0001", "ab"):
        assert found(member, typed) == {here.pk}, typed


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own index")
def test_an_index_that_a_rebuilt_table_lost_is_made_again(member, upstream):
    """Django makes a changed table anew on SQLite, which drops its triggers; `migrate` puts them back."""
    here = conversation(member, 1)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER messaging_message_words_on_insert")
    said(here, upstream, "Came while nobody kept the index")
    assert found(member, "nobody kept") == set()
    fulltext.prepare()
    assert found(member, "nobody kept") == {here.pk}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own plan")
@pytest.mark.parametrize("folder", FOLDERS)
def test_no_folder_reads_the_whole_table(member, folder):
    rows = Listing(member.account, member.user, folder)._threads().order_by("-last_at", "-pk")[:31]
    statement, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        plan = "\n".join(row[3] for row in cursor.fetchall())
    assert "SCAN messaging" not in plan and "SEARCH messaging_thread USING" in plan, plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own plan")
def test_the_unread_are_counted_from_an_index_alone(member):
    """Every page does it: the number of the unread must not be felt."""
    rows = Thread.objects.for_account(member.account).unread()
    with CaptureQueriesContext(connection) as asked:
        rows.aggregate(threads=Count("pk"), texts=Sum("unread"))
        rows.count()
    for query in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = "\n".join(row[3] for row in cursor.fetchall())
        assert "COVERING INDEX threads_unread_counted" in plan, plan
