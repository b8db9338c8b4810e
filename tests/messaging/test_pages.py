"""The inbox as people use it (C1-C8, C13, C14, C18, C21): what pages show, what they ask for, what strangers get."""

import uuid
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags

from accounts.models import AuditEntry, Membership
from accounts.roles import Role
from messaging.models import Draft, Media, Message, TextPrices, Thread
from messaging.tasks import read_text_prices
from providers.clients.errors import Unreachable
from providers.clients.records import PriceRecord
from tests.factories import (
    ConnectionFactory,
    MembershipFactory,
    MessageFactory,
    NumberFactory,
    RemoteAccountFactory,
    ThreadFactory,
    UserFactory,
)
from tests.messaging.pictures import picture, png

OURS, CONTACT = "+15145550134", "+14385550142"


@pytest.fixture
def world(db, client, settings, tmp_path):
    """An owner signed in, one number that can text, one conversation with a text in it."""

    class World:
        pass

    settings.MEDIA_ROOT = tmp_path
    world = World()
    member = MembershipFactory()
    world.account, world.user = member.account, member.user
    world.connection = ConnectionFactory()
    RemoteAccountFactory(connection=world.connection, account=world.account)
    world.number = NumberFactory(account=world.account, connection=world.connection, number=OURS, label="Front desk")
    world.thread = ThreadFactory(
        account=world.account,
        our_number=OURS,
        contact_number=CONTACT,
        contact_name="Anne Roy",
        unread=1,
        last_text="Is it ready?",
    )
    world.message = MessageFactory(
        thread=world.thread, connection=world.connection, body="Is it ready?", at=world.thread.last_at
    )
    client.force_login(world.user)
    return world


def htmx(target: str) -> dict:
    return {"HX-Request": "true", "HX-Target": target}


def outbound(world, **values) -> Message:
    defaults = {
        "direction": "outbound",
        "state": "failed",
        "error_code": "permission_refused",
        "subject": "x",
        "external_id": None,
    }
    return MessageFactory(thread=world.thread, connection=world.connection, **{**defaults, **values})


def a_reply(**values) -> dict:
    return {"body": "Yes, come by", "intent": str(uuid.uuid4()), **values}


def a_text(**values) -> dict:
    return {"sender": OURS, "to": "(438) 555-0177", **a_reply(**values)}


@contextmanager
def one_question():
    """A poll that finds nothing new asks once about messages, besides what every request asks about its person."""
    with CaptureQueriesContext(connection) as queries:
        yield
    assert len([query for query in queries if "messaging_" in query["sql"]]) == 1 and len(queries) < 12


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_inbox_lists_conversations_newest_first_with_what_is_unread(world, client):
    """C1, C2."""
    newer = ThreadFactory(
        account=world.account, contact_number="+14165550199", last_at=timezone.now() + timedelta(minutes=1)
    )
    page = client.get(reverse("messages:inbox")).content.decode()
    assert page.index(f"thread-{newer.pk}") < page.index(f"thread-{world.thread.pk}")
    assert "Anne Roy" in page and "Front desk" in page and "1 unread" in page and "416\u00a0555-0199" in page


def test_the_list_answers_its_poll_with_nothing_until_something_changes(world, client):
    """C3, and the budget: one question for an unchanged list."""
    page = client.get(reverse("messages:inbox"))
    poll = {"v": page.context["mark"]}
    with one_question():
        assert client.get(reverse("messages:inbox"), poll, headers=htmx("threads")).status_code == 204
    Thread.objects.update(changed_at=timezone.now())
    answer = client.get(reverse("messages:inbox"), poll, headers=htmx("threads"))
    assert answer.status_code == 200 and b'id="threads"' in answer.content and b"<html" not in answer.content


def test_any_number_of_conversations_costs_the_same_questions(world, client, django_assert_max_num_queries):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("messages:inbox"))
        return len(queries)

    client.get(reverse("messages:inbox"))
    few = count()
    for n in range(40):
        thread = ThreadFactory(account=world.account, contact_number=f"+1438555{n:04d}")
        MessageFactory.create_batch(2, thread=thread, connection=world.connection)
    assert count() == few
    with django_assert_max_num_queries(20):
        client.get(reverse("messages:inbox"))


def test_older_conversations_follow_by_key(world, client):
    for n in range(45):
        ThreadFactory(
            account=world.account, contact_number=f"+1438556{n:04d}", last_at=timezone.now() - timedelta(hours=n + 1)
        )
    page = client.get(reverse("messages:inbox"))
    older = client.get(reverse("messages:inbox") + page.context["older_query"], headers=htmx("older"))
    shown = {thread.pk for thread in page.context["rows"].threads} | {
        thread.pk for thread in older.context["rows"].threads
    }
    assert len(shown) == 46 and older.context["older_query"] == "" and b"<html" not in older.content
    assert client.get(reverse("messages:inbox"), {"before": "rubbish"}).status_code == 200


def test_folders_are_queries(world, client):
    """Unread, failed, archived."""

    def listed(folder: str) -> set[int]:
        return {
            thread.pk for thread in client.get(reverse("messages:inbox"), {"folder": folder}).context["rows"].threads
        }

    failed = ThreadFactory(account=world.account, contact_number="+14165550101")
    archived = ThreadFactory(account=world.account, contact_number="+14165550102", archived_at=timezone.now())
    lost = MessageFactory(thread=failed, connection=world.connection, direction="outbound", state="failed")
    assert listed("inbox") == {world.thread.pk, failed.pk}
    assert listed("unread") == {world.thread.pk}
    assert listed("failed") == {failed.pk}
    assert listed("archived") == {archived.pk}
    MessageFactory(thread=failed, connection=world.connection, direction="outbound", state="sent", retry_of=lost)
    assert listed("failed") == set(), "tried again, so it no longer waits for a person"


@pytest.mark.parametrize(
    "search", ["ready", "READY", "anne", "438 555 0142", "(438) 555-0142", "+14385550142", "0142", "514-555-0134"]
)
def test_search_finds_text_name_and_number_in_any_notation(world, client, search):
    """C18."""
    stranger = ThreadFactory(contact_name="Anne ready 0142")
    ThreadFactory(account=world.account, contact_number="+14165550199", our_number="+15145550135", last_text="x")
    page = client.get(reverse("messages:inbox"), {"q": search})
    assert [thread.pk for thread in page.context["rows"].threads] == [world.thread.pk]
    assert f"thread-{stranger.pk}" not in page.content.decode()


def test_what_was_found_is_marked_and_nothing_else_is_markup(world, client):
    MessageFactory(thread=world.thread, connection=world.connection, body="<b>big</b> sale & more")
    page = client.get(reverse("messages:inbox"), {"q": "<b>big"}).content.decode()
    assert "<mark>&lt;b&gt;big</mark>" in page and "<b>big" not in page


def test_the_bell_counts_and_stays_silent_when_nothing_changed(world, client):
    """C3."""
    bell = client.get(reverse("messages:unread"))
    page = bell.content.decode()
    assert 'data-unread="1"' in page and "1 unread conversation" in page
    with one_question():
        assert client.get(reverse("messages:unread"), {"v": bell.context["mark"]}).status_code == 204


# --- a conversation ---------------------------------------------------------------------------------------------------


def test_a_conversation_shows_both_sides_and_states_with_reasons(world, client):
    """C13."""
    outbound(world, body="Sent one", state="sent", external_id="h1", error_code="")
    outbound(world, body="Refused one")
    outbound(world, body="Unclear one", state="unknown", was_unknown=True)
    outbound(world, body="Held one", state="queued", error_code="breaker_open")
    page = client.get(reverse("messages:thread", args=[world.thread.pk])).content.decode()
    for words in (
        "Anne Roy",
        OURS,
        CONTACT,
        "Front desk",
        "Is it ready?",
        "Sent",
        "Not sent",
        "may not send texts",
        "Being checked",
    ):
        assert words in page
    assert "Do not send it again" in page and "waits until VoiceMeUp is back" in page
    assert page.index("Is it ready?") < page.index("Refused one")


def test_reasons_are_told_in_french_without_losing_the_code(world, client):
    outbound(world, error_code="something_new")
    with translation.override("fr"):
        page = client.get(
            reverse("messages:thread", args=[world.thread.pk]), headers={"Accept-Language": "fr"}
        ).content.decode()
    assert "something_new" in page and 'lang="fr"' in page


def test_any_number_of_texts_costs_the_same_questions(world, client, django_assert_max_num_queries):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("messages:thread", args=[world.thread.pk]))
        return len(queries)

    outbound(world)
    Media.objects.create(message=world.message, file=ContentFile(b"x", "x"), mime_type="image/png")
    count()
    few = count()
    for n in range(30):
        message = outbound(world, body=f"No {n}")
        Media.objects.create(message=message, file=ContentFile(b"x", "x"), mime_type="image/png")
    assert count() == few
    with django_assert_max_num_queries(25):
        client.get(reverse("messages:thread", args=[world.thread.pk]))


def test_earlier_texts_follow_by_key(world, client):
    for n in range(60):
        MessageFactory(
            thread=world.thread,
            connection=world.connection,
            body=f"Old {n}",
            at=timezone.now() - timedelta(days=1, minutes=n),
        )
    page = client.get(reverse("messages:thread", args=[world.thread.pk]))
    assert len(page.context["bubbles"]) == 50
    earlier = client.get(
        reverse("messages:thread", args=[world.thread.pk]), {"before": page.context["earlier"]}, headers=htmx("earlier")
    )
    assert len(earlier.context["bubbles"]) == 11 and not earlier.context["earlier"] and b"<html" not in earlier.content
    plain = client.get(reverse("messages:thread", args=[world.thread.pk]), {"before": page.context["earlier"]})
    assert b"<html" in plain.content and b"Go to the newest texts" in plain.content


def test_what_arrives_is_appended_and_states_are_refreshed(world, client):
    """C3, C13: an open conversation, without reload."""
    sending = outbound(world, body="On its way", state="sending", error_code="")
    page = client.get(reverse("messages:thread", args=[world.thread.pk]))
    poll = {"after": page.context["after"], "v": page.context["talk_mark"]}
    url = reverse("messages:since", args=[world.thread.pk])
    with one_question():
        assert client.get(url, poll, headers=htmx("since")).status_code == 204
    later = timezone.now() + timedelta(seconds=1)
    new = MessageFactory(thread=world.thread, connection=world.connection, body="And now?", at=later)
    Message.objects.filter(pk=sending.pk).update(state="delivered", changed_at=later)
    Thread.objects.update(changed_at=later, unread=1)
    answer = client.get(url, poll, headers=htmx("since")).content.decode()
    assert "And now?" in answer and f'id="message-{sending.pk}" class="talk-item" hx-swap-oob="true"' in answer
    assert "Delivered" in answer and "Is it ready?" not in answer.split("hx-swap-oob")[0]
    assert f"after={new.pk}" in answer and reverse("messages:read", args=[world.thread.pk]) in answer


def test_opening_a_conversation_changes_nothing_until_the_page_says_it_was_seen(world, client):
    """GET changes nothing; the read mark is a request of its own."""
    client.get(reverse("messages:thread", args=[world.thread.pk]))
    world.thread.refresh_from_db()
    assert world.thread.unread == 1
    assert client.post(reverse("messages:read", args=[world.thread.pk]), headers=htmx("since")).status_code == 204
    world.thread.refresh_from_db()
    assert world.thread.unread == 0 and world.thread.read_at
    assert AuditEntry.objects.get(action="thread.read").user == world.user


def test_mark_unread_archive_restore_and_rename(world, client):
    """C2, C21; each is on the record."""
    thread, url = world.thread, lambda name: reverse(f"messages:{name}", args=[world.thread.pk])
    Thread.objects.update(unread=0)
    assert client.post(url("mark_unread")).status_code == 302
    assert client.post(url("archive")).status_code == 302
    assert client.post(url("rename"), {"name": "  Anne\u202e  Roy-Côté "}).status_code == 302
    thread.refresh_from_db()
    assert thread.unread == 1 and thread.archived_at and thread.contact_name == "Anne Roy-Côté"
    client.post(url("restore"))
    thread.refresh_from_db()
    assert thread.archived_at is None
    client.post(url("rename"), {"name": "x" * 81})
    thread.refresh_from_db()
    assert thread.contact_name == "Anne Roy-Côté"
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "thread.marked_unread",
        "thread.archived",
        "contact.created",
        "thread.restored",
    }


# --- answering --------------------------------------------------------------------------------------------------------


def test_an_answer_is_a_row_a_wake_up_and_an_audit_entry(world, client, wakes, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("messages:send", args=[world.thread.pk]), a_reply())
    assert answer.status_code == 302 and answer["Location"] == reverse("messages:thread", args=[world.thread.pk])
    message = Message.objects.get(direction="outbound")
    assert (message.state, message.body, message.sent_by, message.contact_number) == (
        "queued",
        "Yes, come by",
        world.user,
        CONTACT,
    )
    assert ("messaging.tasks.deliver_message", (message.pk,)) in [(wake.task, wake.args) for wake in wakes]
    entry = AuditEntry.objects.get(action="message.sent")
    assert "Yes, come by" not in str(entry.after) and entry.after["message"] == str(message.public_id)


def test_an_answer_by_htmx_brings_an_empty_composer_and_calls_the_poll(world, client):
    answer = client.post(reverse("messages:send", args=[world.thread.pk]), a_reply(), headers=htmx("composer"))
    assert answer.status_code == 200 and answer["HX-Trigger"] == "sent"
    assert b'id="composer"' in answer.content and b"Yes, come by" not in answer.content


def test_a_double_click_is_one_text_and_another_text_on_the_same_form_is_refused(world, client):
    """C23, R8: same intent and body, one row; same intent, other body, 409 with what was typed."""
    url, form = reverse("messages:send", args=[world.thread.pk]), a_reply()
    for _ in range(20):
        assert client.post(url, form).status_code == 302
    assert Message.objects.filter(direction="outbound").count() == 1
    other = client.post(url, {**form, "body": "Something else"})
    assert other.status_code == 409 and b"Something else" in other.content
    assert form["intent"] not in other.content.decode()
    assert Message.objects.filter(direction="outbound").count() == 1


@pytest.mark.parametrize(
    "form, words",
    [
        ({"body": "   "}, "Write a text or add a picture"),
        ({"body": "a" * 1001}, "at most 1,000 characters"),
        ({"body": "😀" * 501}, "at most 1,000 characters"),
    ],
)
def test_an_answer_that_cannot_go_out_says_why_and_keeps_what_was_typed(world, client, form, words):
    url = reverse("messages:send", args=[world.thread.pk])
    for headers in ({}, htmx("composer")):
        answer = client.post(url, a_reply(**form), headers=headers)
        assert answer.status_code == 422 and words in answer.content.decode()
        assert form["body"].strip() in answer.content.decode()
    assert not Message.objects.filter(direction="outbound").exists()


def test_a_number_that_lost_its_texting_cannot_answer(world, client):
    world.number.sms_enabled = False
    world.number.save()
    page = client.get(reverse("messages:thread", args=[world.thread.pk])).content.decode()
    assert 'id="composer"' not in page and "can no longer send texts" in page
    answer = client.post(reverse("messages:send", args=[world.thread.pk]), a_reply())
    assert answer.status_code == 422 and not Message.objects.filter(direction="outbound").exists()


def test_a_suspended_account_sends_nothing(world, client):
    world.account.status = "suspended"
    world.account.save()
    answer = client.post(reverse("messages:send", args=[world.thread.pk]), a_reply())
    assert answer.status_code == 422 and "suspended" in answer.content.decode()


def test_a_short_code_cannot_be_answered(world, client):
    thread = ThreadFactory(account=world.account, our_number=OURS, contact_number="55555")
    page = client.get(reverse("messages:thread", args=[thread.pk])).content.decode()
    assert 'id="composer"' not in page and "short code" in page


# --- again ------------------------------------------------------------------------------------------------------------


def test_a_refused_text_is_sent_again_as_a_row_of_its_own(world, client):
    """C14."""
    failed = outbound(world, body="Again please")
    assert client.post(reverse("messages:retry", args=[failed.public_id])).status_code == 302
    again = Message.objects.get(retry_of=failed)
    assert (again.state, again.body) == ("queued", "Again please")
    client.post(reverse("messages:retry", args=[failed.public_id]))
    assert Message.objects.filter(retry_of=failed).count() == 1
    page = client.get(reverse("messages:thread", args=[world.thread.pk])).content.decode()
    assert reverse("messages:retry", args=[failed.public_id]) not in page and "It was sent again" in page


def test_a_text_that_may_have_gone_out_asks_before_a_second_one(world, client):
    """A.4 rule 7."""
    parked = outbound(world, state="parked", error_code="absent", was_unknown=True)
    url = reverse("messages:retry", args=[parked.public_id])
    asked = client.post(url)
    assert asked.status_code == 200 and b"Send a second one?" in asked.content
    assert not Message.objects.filter(retry_of=parked).exists()
    client.post(url, {"confirmed": "1"})
    assert Message.objects.filter(retry_of=parked).count() == 1
    assert AuditEntry.objects.filter(action="message.resent").count() == 1


@pytest.mark.parametrize("state", ["queued", "sending", "unknown", "sent", "delivered"])
def test_a_text_that_is_on_its_way_or_went_out_is_never_sent_again(world, client, state):
    message = outbound(world, state=state)
    client.post(reverse("messages:retry", args=[message.public_id]), {"confirmed": "1"})
    assert not Message.objects.filter(retry_of=message).exists()


# --- composing --------------------------------------------------------------------------------------------------------


def test_compose_offers_only_numbers_that_can_text_and_remembers_the_last(world, client):
    """C5."""
    other = NumberFactory(account=world.account, connection=world.connection, number="+15145550135", label="Sales")
    NumberFactory(account=world.account, connection=world.connection, number="+15145550136", sms_enabled=False)
    NumberFactory(number="+15145550137")
    form = client.get(reverse("messages:compose")).context["form"]
    assert {value for value, _ in form.fields["sender"].choices} == {OURS, other.number}
    answer = client.post(reverse("messages:compose"), a_text(sender=other.number))
    thread = Thread.objects.get(contact_number="+14385550177")
    assert answer.status_code == 302 and answer["Location"] == reverse("messages:thread", args=[thread.pk])
    assert client.get(reverse("messages:compose")).context["form"]["sender"].value() == other.number


@pytest.mark.parametrize(
    "to, words",
    [
        ("911", "short numbers"),
        ("555-0142", "too few"),
        ("+15145550134", "cannot text itself"),
        ("1-900-555-0142", "premium"),
        ("+33 6 12 34 56 78", "Canada, the United States"),
        ("438 555 0142 ext 5", "extension"),
        ("438 555 0142, 438 555 0143", "One number"),
        ("CALL-ME-NOW", "digits only"),
        ("411 555 0142", "area code"),
        ("514 911 0142", "three digits"),
        ("", "required"),
        ("<script>alert(1)</script>", "One number"),
    ],
)
def test_a_wrong_recipient_is_refused_at_the_field(world, client, to, words):
    answer = client.post(reverse("messages:compose"), a_text(to=to))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert "<script>alert" not in answer.content.decode() and "Yes, come by" in answer.content.decode()
    assert not Message.objects.filter(direction="outbound").exists()


def test_somebody_elses_number_cannot_be_the_sender(world, client):
    stranger = NumberFactory(number="+16135550134")
    answer = client.post(reverse("messages:compose"), a_text(sender=stranger.number))
    assert answer.status_code == 422 and not Message.objects.filter(direction="outbound").exists()


def test_compose_twice_with_one_intent_is_one_text(world, client):
    form = a_text()
    for _ in range(2):
        assert client.post(reverse("messages:compose"), form).status_code == 302
    other = client.post(reverse("messages:compose"), {**form, "body": "Other"})
    assert other.status_code == 409 and b"Other" in other.content
    assert client.post(reverse("messages:compose"), {**form, "intent": "rubbish"}).status_code == 422
    assert Message.objects.filter(direction="outbound").count() == 1


@pytest.mark.parametrize(
    "kind, ending, mime", [("PNG", "png", "image/png"), ("JPEG", "jpg", "image/jpeg"), ("GIF", "gif", "image/gif")]
)
def test_a_picture_goes_with_the_text(world, client, kind, ending, mime):
    """C8. What the browser says about the file counts for nothing."""
    upload = SimpleUploadedFile("../..//My Photo.exe", picture(kind), "application/x-msdownload")
    assert client.post(reverse("messages:compose"), a_text(body="", picture=upload)).status_code == 302
    media = Media.objects.get()
    assert (media.mime_type, media.name) == (mime, f"My-Photo.{ending}") and media.file.read() == picture(kind)
    assert "Photo" not in media.file.name


def test_what_a_picture_shows_is_asked_kept_and_read_out(world, client):
    """C8: alt text. A refusal keeps what was written."""
    words = 'The "leak" under the sink'
    upload = SimpleUploadedFile("leak.png", png(), "image/png")
    refused = client.post(reverse("messages:compose"), a_text(to="911", picture=upload, picture_alt=words))
    assert refused.status_code == 422 and "The &quot;leak&quot; under the sink" in refused.content.decode()
    upload = SimpleUploadedFile("leak.png", png(), "image/png")
    form = a_reply(picture=upload, picture_alt=f"  {words}\x07 ")
    assert client.post(reverse("messages:send", args=[world.thread.pk]), form).status_code == 302
    assert Media.objects.get().alt == words
    page = client.get(reverse("messages:thread", args=[world.thread.pk])).content.decode()
    assert 'alt="The &quot;leak&quot; under the sink"' in page and "What the picture shows" in page


@pytest.mark.parametrize(
    "content, words",
    [
        (b"%PDF-1.4 nothing", "not a JPEG, PNG or GIF"),
        (png()[:40], "not a JPEG, PNG or GIF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a JPEG, PNG or GIF"),
        (png() + b"\0" * 1_048_577, "larger than 1 MB"),
        (b"", "empty"),
    ],
    ids=["pdf", "torn", "svg", "large", "empty"],
)
def test_a_file_that_is_no_picture_is_refused_at_the_field(world, client, content, words):
    answer = client.post(
        reverse("messages:compose"), a_text(picture=SimpleUploadedFile("cat.png", content, "image/png"))
    )
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Message.objects.filter(direction="outbound").exists()


def test_a_number_without_mms_refuses_a_picture(world, client):
    world.number.mms = False
    world.number.save()
    answer = client.post(reverse("messages:compose"), a_text(picture=SimpleUploadedFile("cat.png", png(), "image/png")))
    assert answer.status_code == 422 and "cannot send pictures" in answer.content.decode()


def test_the_length_is_told_while_typing_with_the_letter_that_costs(world, client):
    """C6, C7."""
    url = reverse("messages:count")
    assert "1 part · 150 characters left" in strip_tags(client.post(url, {"body": "a" * 10}).content.decode())
    dear = client.post(url, {"body": "Reçu à l’hôtel 😀"}).content.decode()
    assert "because of ç ’ ô 😀" in dear and "Recu à l&#x27;hotel" in dear
    assert "too long: at most 1,000" in client.post(url, {"body": "a" * 1001}).content.decode()
    assert "Use plain letters" not in client.post(url, {"body": "éèà"}).content.decode()


def test_encoding_and_price_are_told_while_typing(world, client, django_assert_max_num_queries):
    """C6: of all parts, by the country it goes to, as the upstream last told; nothing where it told nothing."""
    url, text = reverse("messages:count"), {"body": "a" * 161, "sender": OURS, "to": CONTACT}
    assert "GSM-7" in client.post(url, text).content.decode()
    assert "$" not in client.post(url, text).content.decode()
    rows = [["CA", "0.0075", "CAD"], ["US", "0.02", "USD"]]
    TextPrices.objects.create(connection=world.connection, rows=rows, read_at=timezone.now())
    with django_assert_max_num_queries(9):
        page = client.post(url, text).content.decode()
    assert "2 parts" in page and "$0.015\xa0CAD" in page
    assert "Unicode" in client.post(url, {**text, "body": "ê"}).content.decode()
    assert "$0.04\xa0USD" in client.post(url, {**text, "to": "212 555-0134"}).content.decode()
    assert "$0.015\xa0CAD" in client.post(url, {**text, "to": ""}).content.decode()
    assert "$" not in client.post(url, {**text, "to": "+1 876 555 0100"}).content.decode()
    Draft.objects.create(thread=world.thread, user=world.user, body="a" * 10)
    assert "$0.0075\xa0CAD" in client.get(reverse("messages:thread", args=[world.thread.pk])).content.decode()


def test_prices_are_read_once_a_day_and_what_is_not_told_leaves_what_was_known(world, monkeypatch):
    told = [
        PriceRecord(service="sms", destination="CA", amount=Decimal("0.01"), currency="CAD"),
        PriceRecord(service="voice", destination="CA", amount=Decimal(1), currency="CAD", unit="minute"),
    ]
    monkeypatch.setattr(world.connection.client_class, "prices", lambda client: iter(told))
    assert (read_text_prices(), read_text_prices()) == (1, 0)
    row = TextPrices.objects.get()
    assert row.rows == [["CA", "0.01", "CAD"]] and row.read_at

    def silent(client):
        raise Unreachable("no answer")

    monkeypatch.setattr(world.connection.client_class, "prices", silent)
    long_ago = timezone.now() - timedelta(days=2)
    TextPrices.objects.update(read_at=long_ago, tried_at=long_ago)
    assert (read_text_prices(), read_text_prices()) == (1, 0)
    assert TextPrices.objects.get().rows == row.rows


def test_without_a_number_that_can_text_compose_says_what_to_do(world, client):
    world.number.delete()
    assert b"No number can send texts" in client.get(reverse("messages:compose")).content


# --- pictures ---------------------------------------------------------------------------------------------------------


def test_a_picture_is_served_in_a_cage(world, client):
    """B.1 34."""
    media = Media.objects.create(
        message=world.message, name="x.png", mime_type="image/png", file=ContentFile(png(), "x")
    )
    answer = client.get(reverse("messages:media", args=[media.public_id]))
    assert answer.status_code == 200 and answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("attachment") and "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Cache-Control"] == "no-store"
    page = client.get(reverse("messages:thread", args=[world.thread.pk])).content.decode()
    assert f'src="{reverse("messages:media", args=[media.public_id])}" alt="Picture you received"' in page


def test_a_file_that_is_no_picture_is_only_ever_a_download(world, client):
    media = Media.objects.create(message=world.message, mime_type="text/html", file=ContentFile(b"<script>", "x"))
    assert client.get(reverse("messages:media", args=[media.public_id]))["Content-Type"] == "application/octet-stream"
    gone = Media.objects.create(message=world.message, remote_url="http://127.0.0.1/x")
    assert client.get(reverse("messages:media", args=[gone.public_id])).status_code == 404


# --- who --------------------------------------------------------------------------------------------------------------


POSTS = ["send", "read", "mark_unread", "archive", "restore", "rename"]


def test_a_stranger_finds_nothing(world, client):
    media = Media.objects.create(message=world.message, mime_type="image/png", file=ContentFile(png(), "x"))
    failed = outbound(world)
    client.force_login(MembershipFactory().user)
    for name in ("thread", "since"):
        assert client.get(reverse(f"messages:{name}", args=[world.thread.pk])).status_code == 404
    for name in POSTS:
        assert client.post(reverse(f"messages:{name}", args=[world.thread.pk]), a_reply()).status_code == 404
    assert client.get(reverse("messages:media", args=[media.public_id])).status_code == 404
    assert client.post(reverse("messages:retry", args=[failed.public_id])).status_code == 404
    assert "Anne Roy" not in client.get(reverse("messages:inbox"), {"q": "ready"}).content.decode()
    assert 'data-unread="0"' in client.get(reverse("messages:unread")).content.decode()


def test_who_may_only_read_is_offered_nothing_and_allowed_nothing(world, client):
    reader = UserFactory()
    Membership.objects.create(user=reader, account=world.account, role=Role.READER)
    failed = outbound(world)
    client.force_login(reader)
    page = client.get(reverse("messages:thread", args=[world.thread.pk])).content.decode()
    assert 'id="composer"' not in page and reverse("messages:read", args=[world.thread.pk]) not in page
    assert reverse("messages:compose") not in page and reverse("messages:retry", args=[failed.public_id]) not in page
    for name in POSTS:
        assert client.post(reverse(f"messages:{name}", args=[world.thread.pk]), a_reply()).status_code == 403
    assert client.get(reverse("messages:compose")).status_code == 403
    assert client.post(reverse("messages:retry", args=[failed.public_id])).status_code == 403


def test_billing_may_not_read_messages(world, client):
    person = UserFactory()
    Membership.objects.create(user=person, account=world.account, role=Role.BILLING)
    client.force_login(person)
    for url in (
        reverse("messages:inbox"),
        reverse("messages:unread"),
        reverse("messages:thread", args=[world.thread.pk]),
    ):
        assert client.get(url).status_code == 403


def test_hostile_texts_and_names_are_only_text(world, client):
    """B.1 31."""
    attack = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>"
    Thread.objects.update(contact_name=attack[:80], last_text=attack)
    MessageFactory(thread=world.thread, connection=world.connection, body=attack)
    for url in (reverse("messages:inbox"), reverse("messages:thread", args=[world.thread.pk])):
        page = client.get(url).content.decode()
        assert "<img src=x" not in page and "<script>alert" not in page


def test_strange_values_in_the_query_are_no_error(world, client):
    for query in (
        {"folder": "x"},
        {"q": "\0"},
        {"before": "1-"},
        {"before": "9" * 40 + "-1"},
        {"open": "x"},
        {"q": "%_"},
    ):
        assert client.get(reverse("messages:inbox"), query).status_code == 200
    url = reverse("messages:since", args=[world.thread.pk])
    for query in ({"after": "x", "v": "-1"}, {"v": "9" * 17}, {}):
        assert client.get(url, query).status_code in (200, 204)


# --- staff ------------------------------------------------------------------------------------------------------------


def test_staff_see_messages_and_send_again_what_was_refused(world, admin_client):
    failed, parked = outbound(world), outbound(world, state="parked", was_unknown=True)
    for url in (
        reverse("admin:messaging_message_changelist"),
        reverse("admin:messaging_message_change", args=[failed.pk]),
        reverse("admin:messaging_thread_changelist"),
        reverse("admin:messaging_thread_change", args=[world.thread.pk]),
        reverse("admin:messaging_media_changelist"),
    ):
        assert admin_client.get(url).status_code == 200, url
    chosen = {"action": "send_again", "_selected_action": [failed.pk, parked.pk]}
    admin_client.post(reverse("admin:messaging_message_changelist"), chosen)
    assert Message.objects.get(retry_of=failed).state == "queued"
    assert not Message.objects.filter(retry_of=parked).exists(), "it may have gone out: a person decides"
    page = admin_client.get(reverse("admin:messaging_message_change", args=[failed.pk])).content.decode()
    link = page.split('href="/admin/providers/exchangelog/?')[1].split('"')[0].replace("&amp;", "&")
    assert admin_client.get(f"/admin/providers/exchangelog/?{link}").status_code == 200
