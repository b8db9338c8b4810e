"""What the log and the webhook tell becomes rows: reports move forward only, ownership, order, few questions."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import RemoteAccount
from messaging.models import Message, Thread
from messaging.upstream.likeness import same_text, similar_text
from messaging.upstream.records import Owners
from messaging.upstream.storing import store
from providers.clients.records import Direction, MediaRecord, MessageRecord, Transmission
from tests.factories import AccountFactory, ConnectionFactory, MessageFactory, NumberFactory, RemoteAccountFactory

OURS, CONTACT = "+15145550134", "+14385550142"
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


@pytest.fixture
def line(db):
    remote = RemoteAccountFactory()
    return NumberFactory(account=remote.account, connection=remote.connection, number=OURS)


def record(
    external_id: str, *, out: bool = True, transmission=Transmission.SENT, sent_at=NOON, **values
) -> MessageRecord:
    sides = (OURS, CONTACT) if out else (CONTACT, OURS)
    direction = Direction.OUTBOUND if out else Direction.INBOUND
    given = {"body": external_id, "transmission": transmission, "sent_at": sent_at, **values}
    return MessageRecord(external_id=external_id, direction=direction, source=sides[0], destination=sides[1], **given)


def bring(line, *records: MessageRecord, **options):
    return store(line.connection, list(records), Owners(line.connection), **options)


SENT, DELIVERED, FAILED, PENDING = Transmission.SENT, Transmission.DELIVERED, Transmission.FAILED, Transmission.PENDING


@pytest.mark.parametrize(
    "reports, state",
    [
        ([PENDING, SENT, DELIVERED], "delivered"),
        ([DELIVERED, SENT], "delivered"),
        ([DELIVERED, FAILED, PENDING], "delivered"),
        ([SENT, FAILED, SENT], "failed"),
        ([FAILED, DELIVERED], "delivered"),
        ([PENDING], "sent"),
    ],
)
def test_a_late_report_never_moves_a_message_back(line, reports, state):
    """C13; reports come out of order."""
    for transmission in reports:
        bring(line, record("a", transmission=transmission))
    message = Message.objects.get()
    assert message.state == state and message.due_at is None
    assert message.thread.last_state == state
    assert message.error_code == ("not-delivered" if state == "failed" else "")


def test_a_report_never_touches_a_text_that_is_still_ours_to_settle(line):
    message = MessageFactory(
        thread__account=line.account, connection=line.connection, direction="outbound", state="unknown", external_id="a"
    )
    bring(line, record("a", transmission=DELIVERED))
    message.refresh_from_db()
    assert message.state == "unknown"


def test_nothing_between_two_numbers_is_taken_home_while_a_text_of_ours_may_be_in_the_log(line):
    MessageFactory(
        thread__account=line.account, thread__our_number=OURS, thread__contact_number=CONTACT,
        connection=line.connection, direction="outbound", state="sending", external_id=None,
    )  # fmt: skip
    assert bring(line, record("altered on the way"), record("in", out=False)).created == 1
    Message.objects.filter(state="sending").update(state="failed")
    assert bring(line, record("altered on the way")).created == 1


def test_an_unchanged_log_costs_the_same_questions_whatever_its_length(line):
    def questions(count: int) -> int:
        kinds = [SENT, FAILED, DELIVERED]
        records = [record(f"n{n}", out=n % 2 == 0, transmission=kinds[n % 3]) for n in range(count)]
        bring(line, *records)
        with CaptureQueriesContext(database) as queries:
            stored = bring(line, *records)
        assert not stored.created and not stored.changed
        return len(queries)

    assert questions(4) == questions(150) <= 10


def test_messages_go_to_the_account_of_their_sub_account_or_number(line):
    """B.1 9: whose it is, the record's own sub-account tells, else the number."""
    theirs = AccountFactory()
    RemoteAccount.objects.create(connection=line.connection, external_id="55", account=theirs)
    NumberFactory(account=theirs, connection=line.connection, number="+15145550135")
    bring(
        line,
        record("main", out=False),
        record("sub", out=False, subaccount_id="55"),
        record("unclaimed", out=False, subaccount_id="99"),
    )
    bring(line, MessageRecord(external_id="by number", direction=Direction.INBOUND, source=CONTACT,
                              destination="+15145550135", body="x", transmission=SENT, sent_at=NOON))  # fmt: skip
    owners = dict(Message.objects.values_list("external_id", "account_id"))
    main = line.account.pk
    assert owners == {"main": main, "sub": theirs.pk, "unclaimed": main, "by number": theirs.pk}
    assert Thread.objects.filter(account=theirs).count() == 2


def test_one_delivery_twice_in_a_batch_and_a_deleted_one(line):
    assert bring(line, record("a"), record("a"), record("gone", deleted=True)).created == 1


def test_unread_counts_only_what_is_new_and_incoming(line):
    bring(line, record("old", out=False), history=True)
    bring(line, record("new 1", out=False), record("new 2", out=False), record("ours"))
    thread = Thread.objects.get()
    assert thread.unread == 2
    Thread.objects.update(unread=0, archived_at=timezone.now())
    bring(line, record("old", out=False), record("new 1", out=False), record("ours"))
    thread.refresh_from_db()
    assert thread.unread == 0 and thread.archived_at
    bring(line, record("new 3", out=False, sent_at=NOON + timedelta(minutes=1)))
    thread.refresh_from_db()
    assert thread.unread == 1 and thread.archived_at is None and thread.last_text == "new 3"


def test_what_comes_late_does_not_become_the_last_line(line):
    bring(line, record("now", out=False))
    bring(line, record("yesterday", out=False, sent_at=NOON - timedelta(days=1)))
    assert Thread.objects.get().last_text == "now"


def test_several_pictures_of_one_mms_are_one_message(line):
    """C8: the wrapper with the text and each picture share both numbers and the moment of transmission."""
    pictures = [
        record(f"p{n}", out=False, body="", media=(MediaRecord(url=f"http://127.0.0.1/{n}.png"),)) for n in range(2)
    ]
    other = record(
        "q", out=False, body="", media=(MediaRecord(url="http://127.0.0.1/q.png"),), sent_at=NOON + timedelta(seconds=1)
    )
    bring(line, pictures[0], other)
    bring(line, record("w", out=False, body="Two of them", wrapper=True), pictures[1])
    bring(line, *pictures, other)
    both, alone = Message.objects.order_by("transmitted_at")
    assert both.body == "Two of them" and both.media.count() == 2 and alone.media.count() == 1
    assert Thread.objects.get().unread == 2


def test_another_connections_ids_are_not_ours(line):
    other = ConnectionFactory()
    RemoteAccountFactory(connection=other)
    store(other, [record("a")], Owners(other))
    assert bring(line, record("a")).created == 1


@pytest.mark.parametrize(
    "ours, theirs, same, similar",
    [
        ("Ça va", "Ça va ", True, True),
        ("e\u0301te\u0301", "été", True, True),
        ("Ça va", "Ca va", False, True),
        ("Ça va", "CA  VA", False, True),
        ("a" * 200, "a" * 153, False, True),
        ("Yes", "Yes please", False, False),
        ("Yes please", "Yes", False, False),
    ],
)
def test_a_text_is_recognised_in_the_log_even_when_it_was_altered(ours, theirs, same, similar):
    assert (same_text(ours, theirs), similar_text(ours, theirs)) == (same, similar)
