"""Deleting a text (C21): gone from every page and file at once, for good, also after the upstream's log is read again."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from messaging import deleting
from messaging.listing import Listing
from messaging.models import Media, Message
from messaging.searching import Finding, Question
from messaging.upstream.records import Owners
from messaging.upstream.storing import store
from providers.clients.records import Direction, MessageRecord, Transmission
from tests.factories import MessageFactory
from tests.messaging.test_teamwork import World


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World()


def written(world, body: str, **values) -> Message:
    """A text at the end of the conversation."""
    world.thread.refresh_from_db()
    at = world.thread.last_at + timedelta(seconds=10)
    row = MessageFactory(thread=world.thread, connection=world.connection, body=body, at=at, **values)
    line = {"last_at": at, "last_text": body, "last_direction": row.direction, "last_state": row.state}
    unread = world.thread.unread + (row.direction == "inbound")
    type(world.thread).objects.filter(pk=world.thread.pk).update(**line, unread=unread, changed_at=timezone.now())
    return row


def gone(world, row: Message):
    return world.mine.post(reverse("messages:text_delete", args=[row.public_id]))


def test_it_asks_first_and_then_the_text_is_gone_everywhere(world):
    kept, row = written(world, "See you at nine"), written(world, "My card is 4242 zebra")
    media = Media.objects.create(message=row, name="card.png", mime_type="image/png", size=3)
    media.file.save("picture", ContentFile(b"abc"))
    picture = reverse("messages:media", args=[media.public_id])
    url = reverse("messages:text_delete", args=[row.public_id])
    talk = world.mine.get(world.url("thread"))
    assert url in talk.content.decode() and world.mine.get(picture).status_code == 200
    asked = world.mine.get(url).content.decode()
    assert "zebra" in asked and "so does the log of the provider" in asked
    assert Message.objects.shown().filter(pk=row.pk).exists(), "asking deletes nothing"

    gone(world, row)
    assert gone(world, row).status_code == 404 and world.mine.get(picture).status_code == 404
    page = world.mine.get(world.url("thread")).content.decode()
    assert "zebra" not in page and "See you at nine" in page
    assert "zebra" not in world.mine.get(reverse("messages:inbox")).content.decode()
    assert not Finding(world.account, Question.read("zebra")).texts
    world.thread.refresh_from_db()
    assert (world.thread.last_text, world.thread.last_at) == (kept.body, kept.at)
    assert f'id="message-{row.pk}" hx-swap-oob="delete"' in world.poll(world.mine, talk).content.decode()
    entry = AuditEntry.objects.get(action="message.deleted")
    assert "zebra" not in str((entry.subject, entry.before, entry.after))


def test_the_log_brings_nothing_back(world):
    row = written(world, "Not for you", external_id="their-1")
    gone(world, row)
    record = MessageRecord(
        external_id="their-1", direction=Direction.INBOUND, source=row.contact_number, destination=row.our_number,
        body=row.body, transmission=Transmission.SENT, sent_at=row.at,
    )  # fmt: skip
    store(world.connection, [record], Owners(world.connection))
    assert not Message.objects.shown().filter(body="Not for you").exists()


def test_what_is_unread_is_counted_without_it(world):
    type(world.thread).objects.update(unread=0)
    first, second = written(world, "One"), written(world, "Two")
    world.thread.refresh_from_db()
    assert world.thread.unread == 2
    gone(world, first)
    gone(world, second)
    gone(world, world.thread.messages.shown().get())  # read long ago, and the last one
    world.thread.refresh_from_db()
    assert (world.thread.unread, world.thread.last_text) == (0, "") and world.thread.archived_at
    assert world.thread not in Listing(world.account).page()[0]


def test_a_failed_text_that_was_deleted_is_neither_listed_nor_tried_again(world):
    row = written(world, "Lost", direction="outbound", state="failed", external_id=None, subject="s")
    gone(world, row)
    assert not Listing(world.account, folder="failed").page()[0]
    assert world.mine.post(reverse("messages:retry", args=[row.public_id])).status_code == 404


@pytest.mark.parametrize("state", ["queued", "sending", "unknown", "parked"])
def test_what_is_on_its_way_is_not_deleted(world, state):
    row = written(world, "On its way", direction="outbound", state=state, external_id=None, subject="s")
    url = reverse("messages:text_delete", args=[row.public_id])
    page = world.mine.get(world.url("thread")).content.decode()
    assert not re.search(rf'class="bubble-delete" href="{url}"', page)
    assert "still on its way" in world.mine.post(url, follow=True).content.decode()
    with pytest.raises(deleting.NotSettled):
        deleting.delete(None, row)
    assert Message.objects.shown().filter(pk=row.pk).exists()
