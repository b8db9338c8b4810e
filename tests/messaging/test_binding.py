"""Where the log names a text otherwise than sending it did, it is one text all the same (C23)."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from messaging.models import Message, Thread
from messaging.upstream import binding, outgoing
from messaging.upstream.records import Owners
from messaging.upstream.storing import store
from providers.clients.records import Direction, MessageRecord, Transmission
from providers.outbox import Sight
from tests.factories import AccountFactory, ThreadFactory
from tests.many import connect_to, number_at

pytestmark = pytest.mark.django_db
CONTACT = "+14135550168"
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def line():
    account = AccountFactory()
    connection = connect_to(account, "voicetel")["voicetel"]
    return number_at(connection, account)


def ours(line, body="On arrive.", ago=0, **values) -> Message:
    """A text that was sent from here: the answer named it by an id that the log does not know."""
    values = {"state": "sent", "external_id": str(uuid.uuid4()), "due_at": None, **values}
    thread = Thread.objects.get_or_create(account=line.account, our_number=line.number, contact_number=CONTACT)[0]
    row = Message.objects.create(
        connection=line.connection, account=line.account, thread=thread, direction="outbound", body=body,
        our_number=line.number, contact_number=CONTACT, idempotency_key=str(uuid.uuid4()), **values,
    )  # fmt: skip
    moment = NOW - timedelta(minutes=ago)
    Message.objects.filter(pk=row.pk).update(created_at=moment, claimed_at=moment)
    row.refresh_from_db()
    return row


def logged(line, key: str, body="On arrive.", ago=0, **values) -> MessageRecord:
    record = {
        "direction": Direction.OUTBOUND, "source": line.number, "destination": CONTACT, "body": body,
        "transmission": Transmission.SENT, "sent_at": NOW - timedelta(minutes=ago), "external_id": key,
    }  # fmt: skip
    return MessageRecord(**record | values)


def read(line, *records: MessageRecord):
    return store(line.connection, list(records), Owners(line.connection))


def test_a_text_of_ours_that_the_log_shows_is_there_once(line):
    row = ours(line)
    assert read(line, logged(line, "mdr-1")).created == 0
    row.refresh_from_db()
    assert (Message.objects.count(), row.external_id, row.log_id, row.state) == (1, "mdr-1", "mdr-1", "sent")
    assert row.transmitted_at == NOW


def test_the_next_reading_knows_it(line):
    ours(line)
    for _again in range(3):
        read(line, logged(line, "mdr-1"))
    assert Message.objects.count() == 1


def test_a_text_sent_elsewhere_is_a_text_of_its_own(line):
    ours(line)
    assert read(line, logged(line, "mdr-1"), logged(line, "mdr-2", body="Written in their own portal")).created == 1
    assert read(line, logged(line, "mdr-3")).created == 1  # the same words again, and ours has its place already


def test_two_of_the_same_words_each_find_the_one_nearest_in_time(line):
    early, late = ours(line, ago=9), ours(line, ago=2)
    read(line, logged(line, "mdr-late", ago=2), logged(line, "mdr-early", ago=9))
    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.external_id, late.external_id) == ("mdr-early", "mdr-late") and Message.objects.count() == 2


def test_a_clock_that_is_hours_off_makes_no_double(line):
    ours(line)
    read(line, logged(line, "mdr-1", ago=5 * 60))
    assert Message.objects.count() == 1


def test_words_that_were_altered_on_the_way_are_recognized_after_exact_ones(line):
    altered, exact = ours(line, body="Reçu à l’hôtel", ago=1), ours(line, body="Recu a l’hotel", ago=3)
    read(line, logged(line, "mdr-1", body="Recu a l’hotel", ago=1))
    exact.refresh_from_db()
    assert exact.external_id == "mdr-1"
    read(line, logged(line, "mdr-2", body="Recu a l’hotel", ago=1))
    altered.refresh_from_db()
    assert altered.external_id == "mdr-2" and Message.objects.count() == 2


def test_a_text_of_last_week_is_not_taken_for_one_of_today(line):
    ours(line)
    assert read(line, logged(line, "mdr-1", ago=7 * 24 * 60)).created == 1


def test_one_that_is_still_on_its_way_is_left_to_the_outbox(line):
    """What the log shows may be the unclear one; taking it for the earlier one would have the unclear one sent again."""
    early = ours(line, ago=9)
    unclear = ours(line, ago=1, state="unknown", external_id=None)
    read(line, logged(line, "mdr-1", ago=1))
    early.refresh_from_db()
    assert early.log_id == "" and Message.objects.count() == 2
    assert outgoing._the_one(unclear, [logged(line, "mdr-1", ago=1)]).external_id == "mdr-1"


class Log:
    """An upstream whose log is these records."""

    def __init__(self, *records):
        self.records = records

    def messages(self, *args, **kwargs):
        return iter(self.records)


def test_an_unclear_text_is_not_found_in_the_place_of_another(line):
    """Before the unclear one is looked for, those that surely went out take their places."""
    early = ours(line, ago=9)
    unclear = ours(line, ago=1, state="unknown", external_id=None)
    handler = outgoing.MessageHandler(lambda pk: None)
    assert handler.settle(Log(logged(line, "mdr-1", ago=9)), unclear).sight is Sight.ABSENT
    early.refresh_from_db()
    assert early.external_id == "mdr-1"
    found = handler.settle(Log(logged(line, "mdr-1", ago=9), logged(line, "mdr-2", ago=1)), unclear)
    assert (found.sight, found.result) == (Sight.FOUND, {"external_id": "mdr-2", "log_id": "mdr-2"})


def test_where_the_log_has_the_ids_that_sending_told_nothing_is_guessed(line):
    account = AccountFactory()
    other = number_at(connect_to(account, "jafone")["jafone"], account)
    row = ours(other)
    record = logged(other, "8123")
    assert binding.bind(other.connection, [record]) == {}
    row.refresh_from_db()
    assert row.log_id == "" and read(other, record).created == 1


def test_a_batch_costs_as_many_questions_however_many_texts_it_has(line, django_assert_max_num_queries):
    for n in range(8):
        ours(line, body=f"No {n}", ago=n)
    ThreadFactory(account=line.account, our_number=line.number)
    with django_assert_max_num_queries(14 + 8):  # one write for each that is bound
        read(line, *(logged(line, f"mdr-{n}", body=f"No {n}", ago=n) for n in range(8)))
    assert Message.objects.count() == 8
