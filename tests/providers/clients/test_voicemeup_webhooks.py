"""Deliveries of incoming messages, good and bad."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.clients.errors import Unreadable
from providers.clients.records import Delivery, Direction, Transmission
from providers.clients.voicemeup.client import VoiceMeUp
from providers.clients.voicemeup.webhooks import parse_inbound

SMS = {
    "sms_log_id": "901",
    "sms_hash": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "datetime": "2026-07-15 23:30:02",
    "date": "2026-07-15",
    "time": "23:30:00",
    "direction": "inbound",
    "source_number": "15145550199",
    "destination_number": "15145550134",
    "client_did_id": "7",
    "message": "bonjour",
    "status": "enabled",
    "transmission_status": "completed",
    "datetime_transmission": "2026-07-15 23:30:00",
}
WRAPPER = SMS | {
    "attachment": "https://clients.example/file/a.mms.html",
    "attachment_size": "300",
    "attachment_mime_type": "text/html",
}
MEDIA = WRAPPER | {
    "sms_hash": "1f8fad5b-d9cb-469f-a165-70867728950e",
    "sms_log_id": "902",
    "message": "",
    "attachment": "https://clients.example/file/a.mms.jpg",
    "attachment_size": "41000",
    "attachment_mime_type": "image/jpeg",
}


def deliver(row, content_type="application/json"):
    return parse_inbound(json.dumps(row).encode(), content_type, {})


def test_a_plain_message():
    (message,) = deliver(SMS, "application/json; charset=utf-8")
    assert (message.direction, message.transmission) == (Direction.INBOUND, Transmission.DELIVERED)
    assert (message.source, message.destination, message.body) == ("+15145550199", "+15145550134", "bonjour")
    assert message.sent_at == datetime(2026, 7, 16, 3, 30, tzinfo=UTC)
    assert not message.wrapper and message.media == () and message.raw["client_did_id"] == "7"


def test_the_two_halves_of_an_mms():
    text, media = deliver(WRAPPER) + deliver(MEDIA)
    assert text.wrapper and text.media == () and text.body == "bonjour"
    assert not media.wrapper and media.body == "" and media.media[0].size == 41000
    assert media.media[0].mime_type == "image/jpeg" and media.media[0].url.endswith(".jpg")
    assert (text.source, text.destination, text.sent_at) == (media.source, media.destination, media.sent_at)
    assert text.external_id != media.external_id


def test_older_names_of_an_attachment():
    old = SMS | {"attachment_url": "https://clients.example/file/b.jpg", "attachment_type": "image/jpeg"}
    assert deliver(old)[0].media[0].mime_type == "image/jpeg"


def test_a_list_and_a_form_are_read_too():
    assert [message.log_id for message in deliver([SMS, MEDIA])] == ["901", "902"]
    form = b"sms_hash=h&direction=inbound&source_number=15145550199&destination_number=15145550134&message=a%20b" \
           b"&transmission_status=completed&datetime=2026-07-15+23:30:02"  # fmt: skip
    assert parse_inbound(form, "application/x-www-form-urlencoded", {})[0].body == "a b"


@pytest.mark.parametrize(
    ("body", "content_type"),
    (
        (b"", "application/json"),
        (b"{}", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b"[1]", "application/json"),
        (json.dumps(SMS).encode()[:-5], "application/json"),
        (json.dumps(SMS).encode(), "text/plain"),
        (json.dumps(SMS).encode(), ""),
        (json.dumps(SMS | {"direction": "outbound"}).encode(), "application/json"),
        (json.dumps(SMS | {"transmission_status": "teleported"}).encode(), "application/json"),
        (json.dumps(SMS | {"sms_hash": "", "sms_log_id": ""}).encode(), "application/json"),
        (json.dumps(SMS | {"source_number": ""}).encode(), "application/json"),
        (json.dumps(SMS | {"attachment": "javascript:alert(1)"}).encode(), "application/json"),
        (json.dumps(SMS | {"message": "x" * 300_000}).encode(), "application/json"),
        (b"direction=inbound&direction=inbound", "application/x-www-form-urlencoded"),
        (b"\xff=\xff", "application/x-www-form-urlencoded"),
    ),
)
def test_anything_else_is_unreadable(body, content_type):
    with pytest.raises(Unreadable):
        parse_inbound(body, content_type, {})


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.lists(st.text(max_size=5), max_size=2)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(MEDIA)), VALUES | st.dictionaries(st.text(max_size=5), VALUES, max_size=2))
)
def test_any_delivery_is_read_or_unreadable(changes):
    try:
        deliver(MEDIA | changes)
    except Unreadable:
        pass


def test_the_client_class_reads_a_delivery_in_the_account_s_zone():
    delivery = Delivery(body=json.dumps(SMS).encode(), content_type="application/json")
    news = VoiceMeUp.read_webhook(delivery, {}, "America/Vancouver")
    assert [record.body for record in news.messages] == ["bonjour"] and not news.reports
    assert news.messages[0].sent_at == datetime(2026, 7, 16, 6, 30, tzinfo=UTC)
    with pytest.raises(Unreadable):
        VoiceMeUp.read_webhook(Delivery(body=b"{}", content_type="text/html"), {}, "")
