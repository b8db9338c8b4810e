"""A text at a time that a person chose (C12): written, shown, changed, cancelled, sent once, also on odd nights (R18)."""

import json
import threading
import uuid
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AuditEntry
from messaging import moments, scheduling, services
from messaging.models import Message
from providers import outbox
from tests.factories import ConnectionFactory, MembershipFactory, NumberFactory, RemoteAccountFactory, ThreadFactory

OURS, CONTACT = "+15145550134", "+14385550142"
TORONTO = ZoneInfo("America/Toronto")


@pytest.fixture
def desk(db, client):
    """An owner signed in, a number that can text, and a conversation."""

    class Desk:
        pass

    desk = Desk()
    member = MembershipFactory()
    desk.account, desk.user = member.account, member.user
    desk.actor = Actor(user=desk.user, account=desk.account, name="test")
    desk.connection = ConnectionFactory()
    RemoteAccountFactory(connection=desk.connection, account=desk.account)
    NumberFactory(account=desk.account, connection=desk.connection, number=OURS, label="Front desk")
    desk.thread = ThreadFactory(account=desk.account, our_number=OURS, contact_number=CONTACT, contact_name="Anne Roy")
    client.force_login(desk.user)
    return desk


def later(desk, body="See you tomorrow", hours=20, **values) -> Message:
    at = timezone.now().replace(microsecond=0) + timedelta(hours=hours)
    options = {"key": str(uuid.uuid4()), "send_at": at, **values}
    return services.queue_message(desk.actor, desk.account, OURS, CONTACT, body, **options)


def form(**values) -> dict:
    day = timezone.localtime(timezone.now() + timedelta(days=1), TORONTO).date()
    return {"body": "See you", "send_on": str(day), "send_time": "09:30", "intent": str(uuid.uuid4()), **values}


# --- moments ----------------------------------------------------------------------------------------------------------


def test_a_plain_night_has_each_time_once():
    found = moments.moment_of(date(2026, 11, 20), time(9, 30), TORONTO)
    assert found == moments.Moment(datetime(2026, 11, 20, 14, 30, tzinfo=UTC))


def test_a_time_that_the_clock_skips_is_refused_and_the_next_one_named():
    with pytest.raises(moments.Skipped) as skipped:
        moments.moment_of(date(2026, 3, 8), time(2, 30), TORONTO)
    assert skipped.value.instead.strftime("%H:%M") == "03:00"


def test_a_time_that_comes_twice_is_the_first_and_said_to_be():
    found = moments.moment_of(date(2026, 11, 1), time(1, 30), TORONTO)
    assert found == moments.Moment(datetime(2026, 11, 1, 5, 30, tzinfo=UTC), twice=True)


# --- writing ----------------------------------------------------------------------------------------------------------


def test_an_answer_with_a_time_waits_in_the_conversation(desk, client, wakes):
    answer = client.post(reverse("messages:send", args=[desk.thread.pk]), form(), follow=True)
    message = Message.objects.get()
    assert message.send_at == message.due_at == message.at > timezone.now()
    assert timezone.localtime(message.send_at, TORONTO).strftime("%H:%M") == "09:30"
    page = answer.content.decode()
    assert "Scheduled" in page and "It goes out: " in page and "Change or cancel" in page
    assert not wakes
    desk.thread.refresh_from_db()
    assert desk.thread.last_text == "Hello"  # not the conversation's last line until it goes out


def test_a_new_text_can_wait_too(desk, client):
    client.post(reverse("messages:compose"), form(sender=OURS, to="438 555-0177"))
    assert Message.objects.get().send_at is not None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"send_time": ""}, "Choose a day and a time, or neither."),
        ({"send_on": ""}, "Choose a day and a time, or neither."),
        ({"send_on": "2020-01-01"}, "This time has passed."),
        ({"send_on": "9999-12-31", "send_time": "23:59"}, "within the next year"),
        ({"send_on": "tomorrow"}, "valid date"),
        ({"send_time": "25:61"}, "valid time"),
    ],
)
def test_a_time_that_cannot_be_is_said_at_its_field_and_nothing_is_lost(desk, client, values, words):
    answer = client.post(reverse("messages:send", args=[desk.thread.pk]), form(**values))
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "See you" in page and not Message.objects.exists()


@time_machine.travel("2026-03-01T12:00:00Z", tick=False)
def test_a_skipped_time_is_explained(desk, client):
    values = form(send_on="2026-03-08", send_time="02:30")
    page = client.post(reverse("messages:send", args=[desk.thread.pk]), values).content.decode()
    assert "put forward" in page and "03:00" in page and not Message.objects.exists()


def test_the_same_form_twice_is_one_text_and_another_time_a_conflict(desk, client):
    """C23, R8."""
    first = form()
    for _ in range(2):
        client.post(reverse("messages:send", args=[desk.thread.pk]), first)
    assert Message.objects.count() == 1
    answer = client.post(reverse("messages:send", args=[desk.thread.pk]), first | {"send_time": "10:30"})
    assert answer.status_code == 409 and Message.objects.count() == 1


def test_a_waiting_text_does_not_hold_up_the_same_text_sent_now(desk, monkeypatch):
    """The two have one fingerprint; the one that waits is not ahead of the other."""
    later(desk, "On my way")
    now = services.queue_message(desk.actor, desk.account, OURS, CONTACT, "On my way", key="now")
    assert outbox.claim(now)


# --- changing -----------------------------------------------------------------------------------------------------------


def test_the_list_has_what_waits_the_next_one_first(desk, client):
    second, first = later(desk, "Second", hours=30), later(desk, "First", hours=3)
    services.queue_message(desk.actor, desk.account, OURS, CONTACT, "At once", key="now")
    page = client.get(reverse("messages:scheduled")).content.decode()
    assert page.index("First") < page.index("Second") and "At once" not in page and "Anne Roy" in page
    assert reverse("messages:scheduled_edit", args=[first.public_id]) in page and second.pk


def test_the_list_costs_the_same_for_any_number_of_texts(desk, client):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("messages:scheduled"))
        return len(queries)

    later(desk)
    count()
    few = count()
    for n in range(30):
        later(desk, f"Text {n}")
    assert count() == few <= 16


def test_other_words_and_another_time(desk, client):
    message = later(desk)
    url = reverse("messages:scheduled_edit", args=[message.public_id])
    assert "See you tomorrow" in client.get(url).content.decode()
    answer = client.post(url, form(body="See you Friday", send_time="16:45"), follow=True)
    changed = Message.objects.get()
    assert changed.body == "See you Friday" and changed.due_at == changed.send_at == changed.at
    assert timezone.localtime(changed.send_at, TORONTO).strftime("%H:%M") == "16:45"
    assert "It goes out: " in answer.content.decode()
    assert AuditEntry.objects.filter(action="message.rescheduled").exists()


def test_a_waiting_text_is_counted_while_it_is_changed(desk, client):
    """C6, C12: as where it was written; Enter begins a line there, and the page says nothing else."""
    message = later(desk)
    page = client.get(reverse("messages:scheduled_edit", args=[message.public_id]))
    field, count = page.content.decode().split('id="count"')
    assert "1 part" in count and "Enter sends" not in count
    asked = json.loads(page.context["form"].fields["body"].widget.attrs["hx-vals"])
    assert asked["sender"] == message.our_number and asked["to"] == message.contact_number and "hx-post" in field
    told = client.post(reverse("messages:count"), asked | {"body": "Œuvre " * 20}).content.decode()
    assert "2 parts" in told and "Unicode" in told
    assert "Enter sends" not in client.post(reverse("messages:count"), asked | {"body": ""}).content.decode()


def test_a_refused_change_keeps_what_was_typed(desk, client):
    message = later(desk)
    url = reverse("messages:scheduled_edit", args=[message.public_id])
    answer = client.post(url, form(body="Other words", send_on="2020-01-01"))
    assert answer.status_code == 422 and "Other words" in answer.content.decode()
    message.refresh_from_db()
    assert message.body == "See you tomorrow"


def test_two_people_at_one_waiting_text_do_not_overwrite_each_other_unseen(desk, client):
    """C12, C20: the second reads what the first wrote, keeps what they typed, and may still put it in its place."""
    message = later(desk)
    url = reverse("messages:scheduled_edit", args=[message.public_id])
    seen = client.get(url).context["form"]["seen"].value()
    client.post(url, form(body="Anne's words", seen=seen))
    answer = client.post(url, form(body="My words", seen=seen))
    page = answer.content.decode()
    assert answer.status_code == 409 and "Anne&#x27;s words" in page and "My words" in page
    assert Message.objects.get().body == "Anne's words"
    client.post(url, form(body="My words", seen=answer.context["form"]["seen"].value()))
    assert Message.objects.get().body == "My words"


def test_a_gap_of_a_template_does_not_go_out_by_way_of_a_change(desk, client):
    """C9."""
    message = later(desk)
    answer = client.post(
        reverse("messages:scheduled_edit", args=[message.public_id]), form(body="Dear {{first_name}}, see you")
    )
    assert answer.status_code == 422 and "Put something in place of {{first_name}}" in answer.content.decode()
    assert Message.objects.get().body == "See you tomorrow"


def test_cancelled_it_never_goes_out(desk, client, wakes):
    message = later(desk)
    answer = client.post(reverse("messages:scheduled_cancel", args=[message.public_id]), follow=True)
    message.refresh_from_db()
    assert message.state == "cancelled" and message.due_at is None and "It will not go out" in answer.content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert outbox.sweep(Message) == 0 and not outbox.run(Message, message.pk)
    assert "Cancelled" in client.get(reverse("messages:thread", args=[desk.thread.pk])).content.decode()


def test_sent_early_it_is_woken(desk, client, wakes, django_capture_on_commit_callbacks):
    message = later(desk)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("messages:scheduled_now", args=[message.public_id]))
    message.refresh_from_db()
    assert message.due_at <= timezone.now() and [wake.args for wake in wakes] == [(message.pk,)]


@pytest.mark.parametrize("name", ["scheduled_cancel", "scheduled_now", "scheduled_edit"])
def test_too_late_is_said_and_changes_nothing(desk, client, name):
    message = later(desk)
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
    message.refresh_from_db()
    assert outbox.claim(message)
    answer = client.post(reverse(f"messages:{name}", args=[message.public_id]), form(), follow=True)
    message.refresh_from_db()
    assert message.state == "sending" and message.body == "See you tomorrow"
    assert "Too late" in answer.content.decode()


def test_a_claim_in_the_middle_of_a_change_wins(desk):
    """The row that the person's page knows is old: the update finds nothing to change."""
    message = later(desk)
    Message.objects.filter(pk=message.pk).update(state="sending")
    for act in (
        lambda: scheduling.cancel(desk.actor, message),
        lambda: scheduling.change(desk.actor, message, "x", timezone.now()),
        lambda: scheduling.send_now(desk.actor, message),
    ):
        with pytest.raises(scheduling.TooLate):
            act()
    assert not AuditEntry.objects.filter(action__in=["message.cancelled", "message.rescheduled"]).exists()


@pytest.mark.django_db(transaction=True)
def test_of_a_cancel_and_a_claim_at_once_exactly_one_wins(desk):
    for _ in range(8):
        message = later(desk, f"Text {uuid.uuid4()}")
        Message.objects.filter(pk=message.pk).update(due_at=timezone.now() - timedelta(seconds=1))
        won = race(partial(claimed, message.pk), partial(cancelled, desk, message))
        message.refresh_from_db()
        assert sorted(won) == [False, True] and message.state in ("sending", "cancelled")
        Message.objects.filter(pk=message.pk).update(state="sent", due_at=None)


def claimed(pk: int) -> bool:
    return outbox.claim(Message.objects.get(pk=pk))


def cancelled(desk, message) -> bool:
    try:
        scheduling.cancel(desk.actor, message)
    except scheduling.TooLate:
        return False
    return True


def race(*acts) -> list[bool]:
    won, ready = [], threading.Barrier(len(acts))

    def run(act):
        ready.wait()
        try:
            won.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return won


# --- at the upstream ----------------------------------------------------------------------------------------------------


def test_it_goes_out_once_when_its_time_has_come(line):
    message = line.send("Later", send_at=timezone.now() + timedelta(hours=1))
    line.work(message)
    assert message.state == "queued" and not line.sent()
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now())
    for _ in range(3):
        line.work(message)
    assert message.state == "sent" and len(line.sent()) == 1
    message.thread.refresh_from_db()
    assert message.thread.last_text == "Later" and message.thread.last_at == message.at


# --- who may ------------------------------------------------------------------------------------------------------------


def test_who_may_only_read_sees_the_list_and_no_buttons(desk, client):
    message = later(desk)
    desk.user.memberships.update(role="reader")
    page = client.get(reverse("messages:scheduled")).content.decode()
    assert "See you tomorrow" in page and "Cancel" not in page
    for name in ("scheduled_edit", "scheduled_cancel", "scheduled_now"):
        assert client.post(reverse(f"messages:{name}", args=[message.public_id])).status_code == 403
