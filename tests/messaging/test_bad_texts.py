"""Bad input of issue 4: texts with emoji, right-to-left, invisible and NUL letters, 10,000 characters; images that lie."""

import io
import json
import struct
import uuid
import zlib
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from messaging import segments
from messaging.models import Message
from messaging.upstream.records import Owners
from messaging.upstream.storing import store
from providers.clients.records import Delivery
from tests.factories import MembershipFactory, MessageFactory, NumberFactory, RemoteAccountFactory, ThreadFactory
from tests.messaging.pictures import png

pytestmark = pytest.mark.django_db
OURS, CONTACT = "+15145550134", "+14385550142"
TEXTS = {
    "emoji": "😀🎉",
    "family": "👨‍👩‍👧‍👦 👍🏽 🇨🇦 ❤️",
    "hebrew": "שלום, מה שלומך?",
    "arabic": "مرحبا (1) كيف الحال",
    "override": "Pay \u202e$001\u202c now \u2066x\u2069",
    "zero width": "a\u200bb\u200cc\u200dd\ufeffe\u2060f\u00ad",
    "combining": "Z" + "\u0301\u0316" * 60 + " e\u0301",
    "beyond": "𝒜𝒷 𠜎 \U000e0041",
    "signs": "<script>alert(1)</script> {{ 7|add:1 }} %s %(x)s {0} '\"`; DROP TABLE--",
    "controls": "a\x01b\x08c\x1bd\x7fe\x85f",
    "ends": "a\r\nb\rc\n\u2028d\u2029e",
    "blanks": "\u00a0 x \u3000",
    "noncharacters": "\ufffe\uffff\ufffd",
    "a thousand": "x" * 1000,
}


@pytest.fixture
def desk(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    remote = RemoteAccountFactory()
    number = NumberFactory(account=remote.account, connection=remote.connection, number=OURS, mms=True)
    client.force_login(MembershipFactory(account=remote.account).user)
    return number


def write(client, body: str, **more):
    form = {"sender": OURS, "to": CONTACT, "body": body, "intent": str(uuid.uuid4()), **more}
    return client.post(reverse("messages:compose"), form)


@pytest.mark.parametrize("name", TEXTS)
def test_a_strange_text_goes_out_as_it_was_written_and_stands_in_the_conversation(client, desk, name):
    body = TEXTS[name]
    answer = write(client, body)
    assert answer.status_code == 302, answer.content.decode()[:800]
    message = Message.objects.get()
    assert message.body == segments.clean(body) and message.parts == segments.count(message.body).parts
    page = client.get(answer["Location"]).content.decode()
    assert message.body in unescape(page) and "<script>alert" not in page
    assert client.get(reverse("messages:inbox"), {"q": body[:60]}).status_code == 200
    assert client.post(reverse("messages:count"), {"body": body}).status_code == 200


@pytest.mark.parametrize("name", TEXTS)
def test_a_strange_text_that_comes_in_is_kept_and_shown(client, desk, name):
    """By the webhook, as VoiceMeUp posts it."""
    body = TEXTS[name]
    row = {
        "sms_hash": uuid.uuid4().hex, "direction": "inbound", "source_number": CONTACT[1:], "destination_number": OURS[1:], "message": body,
        "datetime": "2026-11-20 12:00:00", "datetime_transmission": "2026-11-20 12:00:00", "transmission_status": "completed", "status": "enabled",
    }  # fmt: skip
    delivery = Delivery(body=json.dumps(row).encode(), content_type="application/json")
    news = desk.connection.client_class.read_webhook(delivery, desk.connection.credentials, "America/Toronto")
    store(desk.connection, list(news.messages), Owners(desk.connection))
    message = Message.objects.get()
    page = client.get(reverse("messages:thread", args=[message.thread_id])).content.decode()
    assert message.body in unescape(page) and "<script>alert" not in page


def test_nul_is_left_out_everywhere(client, desk):
    """The middleware refuses it or the form drops it: it never reaches a database that could not hold it."""
    answer = write(client, "a\0b")
    assert answer.status_code in (302, 400, 422)
    assert not any("\0" in body for body in Message.objects.values_list("body", flat=True))
    assert segments.clean("a\0b") == "ab"


@pytest.mark.parametrize("body", ["x" * 10_000, "😀" * 2_500, "é" * 1001, "\u202e" * 5_000])
def test_a_text_that_is_too_long_is_refused_with_all_that_was_typed(client, desk, body):
    answer = write(client, body)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Message.objects.exists()
    assert body in unescape(page), "nothing typed is lost"
    assert client.post(reverse("messages:count"), {"body": body}).status_code == 200


@pytest.mark.parametrize("body", ["", " ", "\n\t", "\u3000\u00a0"])
def test_a_text_of_nothing_is_refused_at_its_field(client, desk, body):
    answer = write(client, body)
    assert answer.status_code == 422 and 'id="id_body_error"' in answer.content.decode()
    assert not Message.objects.exists()


def test_a_text_in_another_direction_keeps_to_its_own_bubble(client, desk):
    """Neither a Hebrew text nor a letter that turns the writing round touches the time and state beside it."""
    thread = ThreadFactory(account=desk.account, our_number=OURS, contact_number=CONTACT)
    MessageFactory(thread=thread, connection=desk.connection, body=TEXTS["override"])
    page = client.get(reverse("messages:thread", args=[thread.pk])).content.decode()
    assert '<span class="bubble-body" dir="auto">' in page


@pytest.mark.parametrize("name", ["\u202eevil", "a\u200bb", "x" * 200, "<b>x</b>", "\x01\x02", "a\r\nBcc: x"])
def test_a_contact_s_name_is_one_line_of_what_can_be_seen(client, desk, name):
    thread = ThreadFactory(account=desk.account, our_number=OURS, contact_number=CONTACT)
    assert client.post(reverse("messages:rename", args=[thread.pk]), {"name": name}).status_code in (302, 422)
    thread.refresh_from_db()
    assert thread.contact_name.isprintable() and "\n" not in thread.contact_name and len(thread.contact_name) <= 80


# --- images that lie --------------------------------------------------------------------------------------------------


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def huge_png() -> bytes:
    """Kilobytes that say they are 60,000 by 60,000."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def other(kind: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8)).save(content, kind)
    return content.getvalue()


LIES = {
    "a page": b"<html><script>alert(1)</script></html>",
    "a drawing that runs": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a document": b"%PDF-1.7\n1 0 obj <</S/JavaScript>> endobj",
    "an archive": b"PK\x03\x04" + b"\0" * 60,
    "a program": b"\x7fELF" + b"\0" * 60,
    "its first bytes only": b"\x89PNG\r\n\x1a\n",
    "its first bytes and a page": b"\xff\xd8\xff\xe0<script>alert(1)</script>",
    "the half of one": png()[: len(png()) // 2],
    "the start of a GIF": b"GIF89a<script>alert(1)</script>",
    "a bomb": huge_png(),
    "another kind": other("BMP"),
    "yet another kind": other("TIFF"),
    "nothing": b"",
}


@pytest.mark.parametrize("name", LIES)
@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_a_file_that_lies_is_refused_at_its_field_and_the_text_is_kept(client, desk, name, ending):
    upload = SimpleUploadedFile(f"holiday.{ending}", LIES[name], f"image/{ending}")
    answer = write(client, "With a picture", picture=upload)
    page = answer.content.decode()
    assert answer.status_code == 422 and "With a picture" in page and 'id="id_picture_error"' in page
    assert not Message.objects.exists()


def test_what_is_behind_a_real_picture_never_runs(client, desk):
    """A PNG with a page behind it is a PNG: it goes out under its real type, and is served here in a cage."""
    upload = SimpleUploadedFile("x.html", png() + b"<script>alert(1)</script>", "text/html")
    assert write(client, "", picture=upload).status_code == 302
    media = Message.objects.get().media.get()
    assert (media.mime_type, media.name) == ("image/png", "x.png")
    answer = client.get(reverse("messages:media", args=[media.public_id]))
    assert answer["Content-Type"] == "image/png" and "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.png",
        "a\r\nX: y.png",
        "x" * 300 + ".png",
        "\u202egnp.exe",
        ".png",
        "caf\u00e9 \u05e9.png",
        "a\0b.png",
    ],
)
def test_a_file_s_name_is_letters_digits_and_dashes_when_it_leaves(client, desk, name):
    upload = SimpleUploadedFile("x.png", png(), "image/png")
    upload._name = name
    answer = write(client, "", picture=upload)
    if answer.status_code == 302:
        stem, _, ending = Message.objects.get().media.get().name.rpartition(".")
        assert ending == "png" and stem.replace("-", "").isalnum() and stem.isascii() and len(stem) <= 60
