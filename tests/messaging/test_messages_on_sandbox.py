"""Sending, settling, receiving, pictures: asserted on what the upstream received (C2, C8, C13, C22, C23, I4)."""

import threading
import uuid

import pytest
from django.db import connection as database
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from messaging import services
from messaging.models import Media, Message, SeenMessage, Thread
from messaging.upstream import pictures
from numbering.models import Number
from numbering.services.intents import IntentUsed
from providers import outbox
from providers.clients.records import Attachment
from providers.models import Connection, Feed, Operation
from tests.messaging.pictures import png

State = Message.State


def calm(line):
    """Close the breaker that a fault opened."""
    Connection.objects.update(retry_at=None, failures=0)


# --- sending ----------------------------------------------------------------------------------------------------------


def test_a_text_reaches_the_upstream_once_and_is_reported(line):
    line.history_is_home()
    message = line.work(line.send("Bonjour, c’est prêt"))
    assert message.state == State.SENT and message.external_id and message.due_at is None
    assert [call["params"]["message"] for call in line.sent()] == ["Bonjour, c’est prêt"]
    assert len(line.effects("Bonjour, c’est prêt")) == 1
    line.run("messages")
    assert line.messages(direction="outbound").count() == 1, "the log brought it home a second time"


def test_the_same_intent_twenty_times_is_one_text(line):
    key = str(uuid.uuid4())
    messages = {line.send("Once", key=key).pk for _ in range(20)}
    assert len(messages) == 1
    with pytest.raises(IntentUsed):
        line.send("Another", key=key)
    line.work(line.messages().get())
    line.work(line.messages().get())
    assert len(line.sent()) == 1


def test_a_picture_goes_out_as_one_attachment(line):
    message = line.work(line.send("", attachment=Attachment(name="cat.png", content=png(), mime_type="image/png")))
    assert message.state == State.SENT
    sent = line.sent()[0]["params"]["attachments"]
    assert sent == [{"filename": "cat.png", "mime_type": "image/png", "size": len(png())}]


def test_a_dropped_connection_after_the_effect_is_settled_by_looking(line):
    line.sandbox.fault("queue_sms", "close", phase="after", count=1)
    message = line.work(line.send("Settle me"))
    assert message.state == State.UNKNOWN and message.was_unknown
    line.settle(message)
    assert message.state == State.SENT and message.external_id
    assert len(line.sent()) == 1 and len(line.effects("Settle me")) == 1


def test_no_answer_after_the_effect_is_settled_by_looking(line, settings):
    settings.UPSTREAM_DEADLINE = 0.7
    line.sandbox.fault("queue_sms", "no_answer", phase="after", count=1)
    message = line.work(line.send("No answer"))
    assert message.state == State.UNKNOWN
    line.settle(message)
    assert message.state == State.SENT and len(line.sent()) == 1


def test_a_reset_before_the_effect_is_sent_again_after_two_empty_looks(line):
    line.sandbox.fault("queue_sms", "close", phase="before", count=1)
    message = line.work(line.send("Reset before"))
    assert message.state == State.UNKNOWN
    line.settle(message)
    assert message.state == State.SENT and message.looks == 2
    assert len(line.sent()) == 2 and len(line.effects("Reset before")) == 1


def test_a_log_that_lags_behind_and_a_duplicate_refusal_never_make_a_second_text(line):
    line.sandbox.fault("queue_sms", "close", phase="after", count=1)
    line.sandbox.fault("get_sms", "hide_log", args={"seconds": 2})
    message = line.settle(line.send("Late log"), seconds=15)
    assert message.state == State.SENT
    assert len(line.effects("Late log")) == 1


def test_a_log_that_cannot_be_read_keeps_the_text_unclear(line):
    line.sandbox.fault("queue_sms", "close", phase="after", count=1)
    line.sandbox.fault("get_sms", "http_500")
    message = line.work(line.send("Unreadable log"))
    for _ in range(3):
        Message.objects.update(due_at=timezone.now())
        line.work(message)
    assert message.state == State.UNKNOWN and message.looks == 0 and len(line.sent()) == 1
    line.sandbox.clear_faults()
    calm(line)
    Message.objects.update(due_at=timezone.now())
    assert line.work(message).state == State.SENT and len(line.sent()) == 1


def test_a_refusal_fails_with_its_reason_and_can_be_tried_again(line):
    line.sandbox.fault("queue_sms", "error_code", count=1, args={"code": "permission_refused"})
    message = line.work(line.send("Refused"))
    assert (message.state, message.error_code) == (State.FAILED, "permission_refused")
    again = line.work(services.retry_message(line.actor, message, key=str(uuid.uuid4())))
    assert again.state == State.SENT and again.retry_of == message and again.pk != message.pk
    assert services.retry_message(line.actor, message, key=str(uuid.uuid4())) == again


def test_an_unreachable_upstream_keeps_the_text_waiting(line):
    Connection.objects.update(base_url="http://127.0.0.1:9/voicemeup")
    message = line.work(line.send("Wait for it"))
    assert message.state == State.QUEUED and message.due_at > timezone.now() and not message.was_unknown


def test_the_worker_checks_again_that_the_number_is_still_theirs(line):
    message = line.send("Too late")
    line.number.sms_enabled = False
    line.number.save()
    line.work(message)
    assert (message.state, message.error_code) == (State.FAILED, "number-gone") and not line.sent()


def test_the_worker_checks_again_that_the_account_is_not_suspended(line):
    message = line.send("Too late")
    line.account.status = "suspended"
    line.account.save()
    line.work(message)
    assert (message.state, message.error_code) == (State.FAILED, "account-suspended") and not line.sent()


@pytest.mark.parametrize("what", ["sent away", "may only read", "switched off"])
def test_the_worker_checks_again_that_the_person_may_send(line, what):
    """B.1 7: a text may wait for hours before an upstream that is away."""
    message = line.send("Too late")
    if what == "sent away":
        line.user.memberships.all().delete()
    elif what == "may only read":
        line.user.memberships.update(role=Role.READER)
    else:
        User.objects.filter(pk=line.user.pk).update(is_active=False)
    line.work(message)
    assert (message.state, message.error_code) == (State.FAILED, "not-allowed") and not line.sent()


def test_a_text_whose_own_log_row_came_home_first_is_one_row(line):
    """The log is read between their effect and our commit, and the text was altered on the way."""
    line.history_is_home()
    message = line.send("Racing")
    handler = outbox.HANDLERS[Message]
    outbox.claim(message)
    result = handler.execute(outbox.gateway.client_for(line.connection, handler.priority(message)), message)
    line.run("messages")
    assert line.messages(direction="outbound").count() == 1
    outbox._succeed(message, handler, result)
    line.run("messages")
    assert line.messages(direction="outbound").count() == 1


def test_a_text_put_before_a_person_is_settled_when_it_shows_up_in_the_log(line):
    line.history_is_home()
    line.sandbox.fault("queue_sms", "close", phase="after", count=1)
    message = line.work(line.send("Parked"))
    Message.objects.update(state=State.PARKED, due_at=None)
    line.run("messages")
    message.refresh_from_db()
    assert message.state == State.SENT and message.external_id
    assert line.messages(direction="outbound").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_from_twenty_threads_is_one_text(line_at, settings, tmp_path):
    """R7, at the service: 20 identical submits side by side."""
    settings.MEDIA_ROOT = tmp_path
    line, key, found, errors = line_at(), str(uuid.uuid4()), [], []

    def click():
        try:
            found.append(line.send("Twenty", key=key).pk)
        except Exception as error:
            errors.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=click) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors and len(set(found)) == 1 and len(found) == 20
    workers = [threading.Thread(target=lambda: (outbox.run(Message, found[0]), database.close())) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(line.sent()) == 1 and len(line.effects("Twenty")) == 1


# --- receiving --------------------------------------------------------------------------------------------------------


def test_webhook_repeats_and_the_poll_make_one_row(line):
    """C23, I4."""
    line.history_is_home()
    payload = line.receive("Un seul")[0]
    for _ in range(3):
        line.post(payload)
    line.run("messages")
    line.run("messages")
    message = line.messages().get()
    assert (message.state, message.contact_number, message.account) == (State.RECEIVED, line.contact, line.account)
    assert message.thread.unread == 1 and message.due_at is None


def test_the_poll_finds_what_the_webhook_never_told(line):
    line.history_is_home()
    line.receive("Missed")
    line.run("messages")
    assert line.messages().get().thread.unread == 1


def test_unread_survives_a_re_sync(line):
    """C2: messages never come back as unread."""
    line.history_is_home()
    line.post(line.receive("Read me")[0])
    thread = Thread.objects.get(contact_number=line.contact)
    services.mark_read(line.actor, thread)
    line.run("messages")
    line.run("messages", cursor={})
    thread.refresh_from_db()
    assert thread.unread == 0


def test_the_first_import_comes_in_as_read_and_goes_back_half_a_year(line):
    run = line.run("messages")
    cursor = Feed.objects.get(connection=line.connection, name="messages").cursor
    assert run.created > 10 and cursor["complete"]
    assert Thread.objects.exists() and not Thread.objects.filter(unread__gt=0).exists()
    assert not Message.objects.exclude(due_at=None).exists(), "an imported text must never be sent"
    assert not Thread.objects.filter(last_at__year=1970).exists()
    assert line.run("messages").created == 0


def test_a_text_for_a_number_that_is_not_ours_makes_no_row(line):
    payload = {**line.receive("Forged")[0], "destination_number": "15145550199"}
    line.post(payload)
    assert not line.messages().exists()


@pytest.mark.parametrize("order", [1, -1], ids=["wrapper first", "picture first"])
def test_the_two_posts_of_an_mms_are_one_message(line, order):
    """C8: text and picture come as two posts with two ids, in either order, and again by the poll."""
    line.history_is_home()
    payloads = line.receive("Regarde", media=True)
    assert len(payloads) == 2
    for payload in payloads[::order]:
        line.post(payload)
        line.post(payload)
    line.run("messages")
    message = line.messages().get()
    media = message.media.get()
    assert media.remote_url.startswith(line.sandbox.base_url)
    assert message.thread.unread == 1 and message.thread.last_text == "Regarde"
    assert SeenMessage.objects.filter(message=message).count() == 1


def test_the_picture_is_copied_into_our_store(line, wakes):
    line.history_is_home()
    for payload in line.receive("Photo", media=True):
        line.post(payload)
    media = Media.objects.get(message__contact_number=line.contact)
    assert ("messaging.tasks.fetch_media", (media.pk,)) in [(wake.task, wake.args) for wake in wakes]
    assert pictures.fetch(media.pk) and not pictures.fetch(media.pk)
    media.refresh_from_db()
    assert media.mime_type == "image/png" and media.size and media.file.read(4) == b"\x89PNG" and media.due_at is None


def test_an_answer_stands_after_the_text_it_answers(line):
    """Their clock writes whole seconds and the moment of transmission, both before ours."""
    line.history_is_home()
    question = line.work(line.send("Question?"))
    line.post(line.receive("Answer")[0])
    assert list(question.thread.messages.order_by("at", "pk").values_list("body", flat=True)) == ["Question?", "Answer"]


# --- the webhook on the numbers ---------------------------------------------------------------------------------------


def test_numbers_without_an_address_get_ours_and_a_customers_own_is_left(line, settings):
    settings.PORTAL_URL = "http://127.0.0.1:8765"
    own = Number.objects.can_text().exclude(pk=line.number.pk).order_by("pk").first()
    line.sandbox.control(
        "did",
        {
            "phone_number": own.number,
            "set": {"sms_callback_url": "https://crm.example/in", "options": ["enable_sms", "enable_sms_callback"]},
        },
    )
    line.run("numbers")
    line.run("webhooks")
    asked = set(Operation.objects.filter(verb="number.update").values_list("subject", flat=True))
    assert f"did:{line.number.external_id}" in asked and f"did:{own.external_id}" not in asked
    outbox.run(Operation, Operation.objects.get(subject=f"did:{line.number.external_id}").pk)
    upstream = line.sandbox.control(f"did?phone_number={line.number.number[1:]}")
    assert upstream["sms_callback_url"] == f"http://127.0.0.1:8765/webhooks/voicemeup/{line.connection.webhook_token}/"
    assert "enable_sms_callback_retry" in upstream["options"]
    line.number.refresh_from_db()
    assert line.number.settings["sms_webhook"] == "portal"
    count = Operation.objects.count()
    line.run("webhooks")
    assert Operation.objects.count() == count
